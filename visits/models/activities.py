from __future__ import annotations

from django.db import models

from deputies.models import Deputy, DutyDay, Group
from stations.models import Station
from visits.choices import ActivityKind, Presence, Register
from visits.models.register import EntryDeputy, RegisterEntry
from visits.querysets import ActivityQuerySet


class Activity(RegisterEntry):
    """One line of 簿三 代表活动情况登记簿: a meeting, an inspection, a training, a duty day."""

    register = Register.ACTIVITY

    station = models.ForeignKey(
        Station, models.PROTECT, related_name="activities", verbose_name="联络站"
    )
    held_on = models.DateField("活动日期")
    until = models.DateField("至", null=True, blank=True, help_text="跨几天的填最后一天")
    date_approximate = models.BooleanField("日期为约数", default=False)
    place = models.CharField("活动地点", max_length=100, blank=True)
    kind = models.CharField("活动形式", max_length=14, choices=ActivityKind, blank=True)
    topic = models.CharField("活动主题", max_length=200)
    organiser = models.CharField("组织单位", max_length=100, blank=True)
    convener = models.CharField("召集人", max_length=50, blank=True)
    group = models.ForeignKey(
        Group,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name="代表小组",
        help_text="应到按小组算；不选按本站在任代表算",
    )
    # Of the deputies; a sheet may give the figures without the names.
    due_count = models.PositiveSmallIntegerField("应到人数", default=0)
    present_count = models.PositiveSmallIntegerField("实到人数", default=0)
    leave_count = models.PositiveSmallIntegerField("请假人数", default=0)
    absent_count = models.PositiveSmallIntegerField("缺席人数", default=0)
    deputies = models.ManyToManyField(
        Deputy, through="ActivityDeputy", related_name="activities", verbose_name="代表"
    )
    deputy_names = models.CharField("参加代表", max_length=2000, blank=True)
    guests = models.CharField("列席人员", max_length=500, blank=True)
    minutes = models.TextField("活动纪要", blank=True)
    opinion_count = models.PositiveSmallIntegerField("形成意见建议（条）", default=0)
    follow_up = models.TextField("落实情况", blank=True)
    recorder = models.CharField("记录人", max_length=50, blank=True)
    # 满意度测评 of the activity, as counted; all blank when none was held.
    rated_satisfied = models.PositiveSmallIntegerField("满意票", null=True, blank=True)
    rated_mostly = models.PositiveSmallIntegerField("基本满意票", null=True, blank=True)
    rated_unsatisfied = models.PositiveSmallIntegerField("不满意票", null=True, blank=True)
    duty_day = models.OneToOneField(
        DutyDay,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="activity",
        verbose_name="接待日",
        help_text="办结接待日时自动登记",
    )

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = "活动"
        verbose_name_plural = "活动"
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["station", "year", "number"], name="activity_number_once"
            )
        ]
        indexes = [
            models.Index(fields=["-held_on", "-id"], name="activity_by_day"),
            models.Index(fields=["station", "-held_on", "-id"], name="activity_by_station_day"),
        ]

    @property
    def day(self):
        return self.held_on

    @property
    def is_rated(self) -> bool:
        return any(
            count is not None
            for count in (self.rated_satisfied, self.rated_mostly, self.rated_unsatisfied)
        )

    @property
    def shown_note(self) -> str:
        return self.note


class ActivityDeputy(EntryDeputy):
    """A deputy who was to come, and whether they did."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="attendance")
    deputy = models.ForeignKey(Deputy, models.PROTECT, related_name="attended")
    presence = models.CharField("出席", max_length=8, choices=Presence, default=Presence.PRESENT)

    class Meta(EntryDeputy.Meta):
        constraints = [
            models.UniqueConstraint(fields=["activity", "deputy"], name="attendance_once")
        ]
