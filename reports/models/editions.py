from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from common.storage import random_name
from reports.choices import EditionState
from reports.querysets import CaseQuerySet, EditionQuerySet
from stations.models import Area, Station


class Edition(models.Model):
    """One version of the report of a place and a period.

    Figures and text are kept as they were made; a draft can be made anew, what is published never
    changes. A correction is a version of its own that says what it changes and why.
    """

    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="editions", verbose_name="区划"
    )
    station = models.ForeignKey(
        Station, models.PROTECT, null=True, blank=True, related_name="editions",
        verbose_name="联络站",
    )  # fmt: skip
    first = models.DateField("从")
    last = models.DateField("到")
    number = models.PositiveSmallIntegerField("第几版", default=1)
    state = models.CharField(
        "状态", max_length=10, choices=EditionState, default=EditionState.DRAFT, editable=False
    )
    title = models.CharField("标题", max_length=120)
    figures = models.JSONField("数字", default=dict, encoder=DjangoJSONEncoder)
    # {part: {"text": as it stands, "drafted": as the figures would have it}}
    text = models.JSONField("文字", default=dict)
    made_at = models.DateTimeField("取数时间")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="起草人"
    )
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="发布人"
    )
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="correction",
        verbose_name="更正",
    )  # fmt: skip
    reason = models.CharField("更正原因", max_length=300, blank=True)
    changes = models.JSONField("改动", default=list, encoder=DjangoJSONEncoder)
    # Why it was published though a check did not add up.
    explained = models.CharField("核对说明", max_length=300, blank=True)
    # Who signed, by the names of that day: areas are renamed, accounts too.
    organ = models.CharField("落款", max_length=200, blank=True, editable=False)
    maker = models.CharField("制表人", max_length=200, blank=True, editable=False)
    workbook = models.FileField("Excel", upload_to=random_name, max_length=200, blank=True)
    document = models.FileField("Word", upload_to=random_name, max_length=200, blank=True)
    version = models.PositiveIntegerField("修改次数", default=1, editable=False)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = "报告"
        verbose_name_plural = "报告"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="edition_of_one_place",
                condition=models.Q(area__isnull=False, station__isnull=True)
                | models.Q(area__isnull=True, station__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["area", "first", "last", "number"],
                condition=~models.Q(state=EditionState.DROPPED),
                name="edition_once_of_an_area",
            ),
            models.UniqueConstraint(
                fields=["station", "first", "last", "number"],
                condition=~models.Q(state=EditionState.DROPPED),
                name="edition_once_of_a_station",
            ),
            *[
                models.UniqueConstraint(
                    fields=[place, "first", "last"],
                    condition=models.Q(state=state),
                    name=f"edition_one_{state}_of_{place}",
                )
                for place in ("area", "station")
                for state in (EditionState.DRAFT.value, EditionState.PUBLISHED.value)
            ],
        ]

    def __str__(self):
        return f"{self.title}（第 {self.number} 版）"

    @property
    def place(self) -> Area | Station:
        return self.area or self.station

    @property
    def is_draft(self) -> bool:
        return self.state == EditionState.DRAFT


class Case(models.Model):
    """典型案例: an entry that was chosen to be told in the report of its year (T17)."""

    station = models.ForeignKey(
        Station, models.PROTECT, related_name="cases", verbose_name="联络站"
    )
    on = models.DateField("日期")
    title = models.CharField("标题", max_length=80)
    text = models.TextField("正文")
    # Where it comes from: 接待 2025-108, 闭会第011号建议, and the address of its page.
    source = models.CharField("来源", max_length=60, blank=True)
    source_url = models.CharField("来源地址", max_length=200, blank=True)
    dropped_at = models.DateTimeField("撤下时间", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="推荐人"
    )
    created_at = models.DateTimeField("推荐时间", auto_now_add=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = "典型案例"
        verbose_name_plural = "典型案例"
        ordering = ["on", "pk"]

    def __str__(self):
        return self.title
