from __future__ import annotations

from django.conf import settings
from django.db import models

from deputies.models import Deputy
from stations.models import Station
from visits.models.activities import Activity
from visits.querysets import VoterReportQuerySet


class VoterReport(models.Model):
    """向选民述职: one deputy's report to the voters in one year, planned in a batch, and what the
    voters said of it by ballot. Station and name are those of the day it was planned."""

    deputy = models.ForeignKey(
        Deputy, models.PROTECT, related_name="voter_reports", verbose_name="述职代表"
    )
    deputy_name = models.CharField("姓名", max_length=50)
    station = models.ForeignKey(
        Station, models.PROTECT, related_name="voter_reports", verbose_name="联络站"
    )
    year = models.PositiveSmallIntegerField("年度")
    batch = models.PositiveSmallIntegerField("批次", default=1)
    planned_on = models.DateField("计划日期", null=True, blank=True)
    held_on = models.DateField("述职日期", null=True, blank=True)
    place = models.CharField("地点", max_length=100, blank=True)
    activity = models.ForeignKey(
        Activity, models.SET_NULL, null=True, blank=True, related_name="voter_reports",
        verbose_name="活动登记", help_text="簿三里这次述职的登记",
    )  # fmt: skip
    # All blank where nobody voted.
    ballots_sent = models.PositiveSmallIntegerField("发出测评票", null=True, blank=True)
    ballots_returned = models.PositiveSmallIntegerField("收回测评票", null=True, blank=True)
    satisfied = models.PositiveSmallIntegerField("满意", null=True, blank=True)
    mostly = models.PositiveSmallIntegerField("基本满意", null=True, blank=True)
    unsatisfied = models.PositiveSmallIntegerField("不满意", null=True, blank=True)
    note = models.CharField("备注", max_length=300, blank=True)
    dropped_at = models.DateTimeField("取消时间", null=True, blank=True)
    dropped_why = models.CharField("取消原因", max_length=200, blank=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="安排人"
    )
    created_at = models.DateTimeField("安排时间", auto_now_add=True)

    objects = VoterReportQuerySet.as_manager()

    class Meta:
        verbose_name = "述职"
        verbose_name_plural = "述职"
        ordering = ["year", "batch", "planned_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["deputy", "year"],
                condition=models.Q(dropped_at=None),
                name="voter_report_once_a_year",
            )
        ]
        indexes = [models.Index(fields=["station", "year"], name="voter_report_by_station")]

    def __str__(self):
        return f"{self.deputy_name}{self.year}年述职"

    @property
    def is_held(self) -> bool:
        return self.held_on is not None

    @property
    def is_rated(self) -> bool:
        return self.ballots_returned is not None
