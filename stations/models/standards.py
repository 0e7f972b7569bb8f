from django.conf import settings
from django.db import models

from common.storage import random_name
from stations.choices import AssessmentState, Source, StandardKind, Star
from stations.models.places import Station
from stations.querysets import (
    AssessmentQuerySet,
    CriterionQuerySet,
    FindingQuerySet,
    StandardQuerySet,
)


class Standard(models.Model):
    """One edition of a check-list (八有) or a score sheet (星级) that stations are held against.

    Editions of the same name are one standard in the course of time; one of them is in use.
    """

    name = models.CharField("名称", max_length=30, help_text="如：八有")
    kind = models.CharField(
        "形式", max_length=10, choices=StandardKind, default=StandardKind.CHECKLIST
    )
    edition = models.CharField("版本", max_length=20, help_text="如：2026年版")
    valid_from = models.DateField("施行日期", null=True, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    three_stars_from = models.PositiveSmallIntegerField("三星不低于", null=True, blank=True)
    four_stars_from = models.PositiveSmallIntegerField("四星不低于", null=True, blank=True)
    five_stars_from = models.PositiveSmallIntegerField("五星不低于", null=True, blank=True)
    in_use = models.BooleanField("在用", default=False)

    objects = StandardQuerySet.as_manager()

    class Meta:
        verbose_name = "建设标准"
        verbose_name_plural = "建设标准"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["name", "edition"], name="standard_once_an_edition"),
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(in_use=True), name="standard_in_use_once"
            ),
        ]

    def __str__(self):
        return f"{self.name}（{self.edition}）"

    @property
    def is_score(self) -> bool:
        return self.kind == StandardKind.SCORE

    @property
    def rates(self) -> bool:
        """Whether its points earn stars."""
        return self.is_score and bool(self.thresholds)

    @property
    def thresholds_in_words(self) -> str:
        lowest_first = reversed(self.thresholds.items())
        return "，".join(f"{Star(star).label} {points} 分起" for star, points in lowest_first)

    @property
    def thresholds(self) -> dict[int, int]:
        """From how many points on a station has which star, the highest first."""
        found = {
            Star.FIVE: self.five_stars_from,
            Star.FOUR: self.four_stars_from,
            Star.THREE: self.three_stars_from,
        }
        return {star: points for star, points in found.items() if points is not None}


class Criterion(models.Model):
    """One item of a standard: something that is there or not, or that earns points."""

    standard = models.ForeignKey(
        Standard, models.CASCADE, related_name="criteria", verbose_name="建设标准"
    )
    group = models.CharField("分组", max_length=20, blank=True, help_text="如：室外；可不填")
    words = models.CharField("内容", max_length=200)
    points = models.PositiveSmallIntegerField("满分", default=0)
    source = models.CharField(
        "参照的记录",
        max_length=20,
        choices=Source,
        blank=True,
        help_text="自评时把系统里已有的记录摆在旁边",
    )
    position = models.PositiveSmallIntegerField("顺序", default=0)

    objects = CriterionQuerySet.as_manager()

    class Meta:
        verbose_name = "标准条目"
        verbose_name_plural = "标准条目"
        ordering = ["position", "pk"]

    def __str__(self):
        return self.words


class Assessment(models.Model):
    """How a station stands by one standard in one year: it says so itself, the district reviews."""

    station = models.ForeignKey(
        Station, models.PROTECT, related_name="assessments", verbose_name="联络站"
    )
    standard = models.ForeignKey(
        Standard, models.PROTECT, related_name="assessments", verbose_name="建设标准"
    )
    year = models.PositiveSmallIntegerField("年度")
    state = models.CharField(
        "状态", max_length=10, choices=AssessmentState, default=AssessmentState.DRAFT
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="自评人"
    )
    submitted_at = models.DateTimeField("提交时间", null=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="审核人"
    )
    reviewed_at = models.DateTimeField("审核时间", null=True)
    opinion = models.CharField("审核意见", max_length=300, blank=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = "达标自评"
        verbose_name_plural = "达标自评"
        ordering = ["-year", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["station", "standard", "year"], name="assessment_once_a_year"
            )
        ]

    def __str__(self):
        return f"{self.station} {self.year}年 {self.standard}"

    @property
    def is_reviewed(self) -> bool:
        return self.state == AssessmentState.REVIEWED


class Finding(models.Model):
    """What an assessment says on one item: the station's word, and the district's."""

    assessment = models.ForeignKey(
        Assessment, models.CASCADE, related_name="findings", verbose_name="达标自评"
    )
    criterion = models.ForeignKey(
        Criterion, models.PROTECT, related_name="findings", verbose_name="标准条目"
    )
    met = models.BooleanField("自评达到", null=True)
    points = models.PositiveSmallIntegerField("自评得分", null=True)
    evidence = models.CharField("说明", max_length=200, blank=True)
    # What the portal's own records said on the day this was written, for who reviews it later.
    recorded = models.CharField("系统里的记录", max_length=200, blank=True)
    file = models.FileField("照片或文件", upload_to=random_name, max_length=200, blank=True)
    file_name = models.CharField("文件名", max_length=120, blank=True)
    reviewed_met = models.BooleanField("审核达到", null=True)
    reviewed_points = models.PositiveSmallIntegerField("审核得分", null=True)
    review_note = models.CharField("审核说明", max_length=200, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = "条目自评"
        verbose_name_plural = "条目自评"
        ordering = ["criterion__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "criterion"], name="finding_once_a_criterion"
            )
        ]

    def __str__(self):
        return f"{self.assessment} {self.criterion}"

    @property
    def is_answered(self) -> bool:
        value = self.points if self.criterion.standard.is_score else self.met
        return value is not None
