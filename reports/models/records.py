"""What the district settles and does about the years of its deputies."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models

from deputies.models import Deputy
from reports.choices import DONE, RecordClass, Step
from reports.querysets import AdmonitionQuerySet, DistrictQuerySet, ScoreRuleQuerySet

_POINTS = {
    "max_digits": 5,
    "decimal_places": 1,
    "default": Decimal(0),
    "validators": [MinValueValidator(Decimal(0))],
}


class RecordSetting(models.Model):
    """The one row of the district's settings: whether years are scored, and from how many
    absences without leave on something is done."""

    scoring = models.BooleanField("计算履职积分", default=False)
    remind_from = models.PositiveSmallIntegerField("提醒：缺席满（次）", default=1)
    talk_from = models.PositiveSmallIntegerField("约谈：缺席满（次）", default=2)
    advise_from = models.PositiveSmallIntegerField("劝辞：缺席满（次）", default=3)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = DistrictQuerySet.as_manager()

    class Meta:
        verbose_name = "履职设置"
        verbose_name_plural = "履职设置"
        constraints = [
            models.CheckConstraint(name="record_setting_once", condition=models.Q(pk=1)),
            models.CheckConstraint(
                name="ladder_rises",
                condition=models.Q(
                    remind_from__gte=1,
                    talk_from__gt=models.F("remind_from"),
                    advise_from__gt=models.F("talk_from"),
                ),
            ),
        ]

    def __str__(self):
        return "履职设置"

    @classmethod
    def current(cls) -> RecordSetting:
        """The settings as they stand; those that every district begins with if none were made."""
        return cls.objects.filter(pk=1).first() or cls(pk=1, version=0)

    @property
    def ladder(self) -> dict[Step, int]:
        """From how many absences on each step is due."""
        steps = (self.remind_from, self.talk_from, self.advise_from)
        return dict(zip(Step, steps, strict=True))


class ScoreRule(models.Model):
    """How one class of record scores: min(cap, base + extra × (n − 1)) for n of them.

    The rules of all classes that begin with one year are one edition; a year is scored by the last
    edition that had begun, so that new rules never change the score of an old year.
    """

    record = models.CharField("项目", max_length=14, choices=RecordClass)
    valid_from = models.PositiveSmallIntegerField("起用年度")
    base = models.DecimalField("第一次", **_POINTS)
    extra = models.DecimalField("以后每次", **_POINTS)
    cap = models.DecimalField("最多", **_POINTS)

    objects = ScoreRuleQuerySet.as_manager()

    class Meta:
        verbose_name = "积分办法"
        verbose_name_plural = "积分办法"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["record", "valid_from"], name="score_rule_once_a_year")
        ]

    def __str__(self):
        return f"{self.get_record_display()}（{self.valid_from}年起）"


class Admonition(models.Model):
    """提醒、约谈、劝辞: what was done about a deputy's absences of a year; the district's alone."""

    deputy = models.ForeignKey(
        Deputy, models.PROTECT, related_name="admonitions", verbose_name="代表"
    )
    year = models.PositiveSmallIntegerField("年度")
    step = models.CharField("做了什么", max_length=10, choices=Step)
    on = models.DateField("日期")
    note = models.CharField("情况", max_length=300, blank=True)
    # How many absences stood in the records on that day: they may be put right later.
    absences = models.PositiveSmallIntegerField("当时缺席（次）", default=0, editable=False)
    voided_at = models.DateTimeField("作废时间", null=True, blank=True, editable=False)
    void_reason = models.CharField("作废原因", max_length=200, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = AdmonitionQuerySet.as_manager()

    class Meta:
        verbose_name = "出勤提醒"
        verbose_name_plural = "出勤提醒"
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["deputy", "year", "step"],
                condition=models.Q(voided_at=None),
                name="admonition_once_a_step",
            )
        ]

    def __str__(self):
        return f"{self.deputy} {self.year}年{self.get_step_display()}"

    @property
    def done(self) -> str:
        return DONE[Step(self.step)]
