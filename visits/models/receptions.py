from __future__ import annotations

from django.db import models

from common.masking import mask_name, mask_numbers, mask_phone
from deputies.choices import Gender
from deputies.models import Deputy
from stations.models import MailboxOpening, Station
from visits.choices import Channel, Register
from visits.models.register import EntryDeputy, RegisterEntry
from visits.querysets import ReceptionQuerySet


class Reception(RegisterEntry):
    """One line of 簿一 代表来访接待登记簿: a visit, with one or more opinions."""

    register = Register.RECEPTION

    station = models.ForeignKey(
        Station, models.PROTECT, related_name="receptions", verbose_name="联络站"
    )
    received_on = models.DateField("接待日期")
    until = models.DateField("至", null=True, blank=True, help_text="跨几天的接待填最后一天")
    date_approximate = models.BooleanField("日期为约数", default=False)
    started_at = models.TimeField("开始", null=True, blank=True)
    ended_at = models.TimeField("结束", null=True, blank=True)
    place = models.CharField("接待地点", max_length=100, blank=True)
    deputies = models.ManyToManyField(
        Deputy, through="ReceptionDeputy", related_name="receptions", verbose_name="接待代表"
    )
    deputy_names = models.CharField("接待代表", max_length=500, help_text="当日的姓名，保留不变")
    recorder = models.CharField("记录人", max_length=50, blank=True)
    channel = models.CharField("来访形式", max_length=12, choices=Channel, default=Channel.VISIT)
    visitor_name = models.CharField("来访人姓名", max_length=50, blank=True)
    gender = models.CharField("性别", max_length=10, choices=Gender, blank=True)
    age = models.PositiveSmallIntegerField("年龄", null=True, blank=True)
    address = models.CharField("住址", max_length=200, blank=True)
    employer = models.CharField("工作单位", max_length=100, blank=True)
    phone = models.CharField("联系电话", max_length=60, blank=True)
    headcount = models.PositiveIntegerField("来访人数", default=1)
    headcount_approximate = models.BooleanField("人数为约数", default=False)
    headcount_text = models.CharField("人数原文", max_length=50, blank=True)
    opinion_count = models.PositiveSmallIntegerField("意见条数", default=0, editable=False)
    confidential = models.BooleanField("保密", default=False, help_text="只限本站查看")
    opening = models.ForeignKey(
        MailboxOpening,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name="开箱记录",
        help_text="来信出自哪一次开箱",
    )
    # Given with the first 回执: what the visitor asks for progress with.
    receipt_code = models.CharField("回执码", max_length=12, null=True, blank=True, unique=True)

    objects = ReceptionQuerySet.as_manager()

    class Meta:
        verbose_name = "接待"
        verbose_name_plural = "接待"
        ordering = ["-received_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["station", "year", "number"], name="reception_number_once"
            ),
            models.CheckConstraint(
                name="reception_has_heads", condition=models.Q(headcount__gte=1)
            ),
        ]
        indexes = [
            models.Index(fields=["-received_on", "-id"], name="reception_by_day"),
            models.Index(
                fields=["station", "-received_on", "-id"], name="reception_by_station_day"
            ),
        ]

    @property
    def day(self):
        return self.received_on

    @property
    def shown_name(self) -> str:
        if not self.visitor_name:
            return "匿名"
        return mask_name(self.visitor_name) if self.masked else self.visitor_name

    @property
    def shown_phone(self) -> str:
        return mask_phone(self.phone) if self.masked else self.phone

    @property
    def shown_note(self) -> str:
        """备注 holds what a sheet had no place for, sometimes numbers."""
        return mask_numbers(self.note) if self.masked else self.note

    @property
    def first_opinion(self):
        """The opinion a line of the list shows, from the rows already read."""
        return next(iter(self.opinions.all()), None)


class ReceptionDeputy(EntryDeputy):
    """A deputy who received, in the order of the register."""

    reception = models.ForeignKey(Reception, models.CASCADE, related_name="receivers")
    deputy = models.ForeignKey(Deputy, models.PROTECT, related_name="received")

    class Meta(EntryDeputy.Meta):
        constraints = [
            models.UniqueConstraint(fields=["reception", "deputy"], name="receiver_once")
        ]
