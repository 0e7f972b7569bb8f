from __future__ import annotations

import uuid
from datetime import date
from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.utils import timezone

from common.masking import mask_name, mask_numbers, mask_phone
from deputies.choices import Gender, Level
from deputies.models import Deputy
from stations.models import Category, Station, Unit
from visits.choices import (
    Channel,
    DeclineReason,
    Disposal,
    Register,
    Resolution,
    Satisfaction,
)
from visits.querysets import OpinionQuerySet, ReceptionQuerySet


class NumberSeries(models.Model):
    """The last number given in one register of one station and year; locked while one is given."""

    station = models.ForeignKey(Station, models.PROTECT, related_name="+")
    register = models.CharField(max_length=10, choices=Register)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "register", "year"], name="series_once")
        ]

    def __str__(self):
        return f"{self.station} {self.year} {self.last}"


class Reception(models.Model):
    """One line of 簿一 代表来访接待登记簿: a visit, with one or more opinions."""

    station = models.ForeignKey(
        Station, models.PROTECT, related_name="receptions", verbose_name="联络站"
    )
    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveIntegerField("编号")
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
    note = models.TextField("备注", blank=True)
    late_entry = models.BooleanField("补录", default=False)
    search_text = models.TextField(editable=False, default="")
    voided_at = models.DateTimeField("作废时间", null=True, blank=True)
    void_reason = models.CharField("作废原因", max_length=200, blank=True)
    batch = models.ForeignKey(
        "common.ImportBatch",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="导入批次",
    )
    submission_key = models.UUIDField("提交标识", unique=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

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

    def __str__(self):
        return f"{self.station.name} {self.code}"

    @property
    def code(self) -> str:
        """The printed number, like 2026-042."""
        return f"{self.year}-{self.number:03d}" if self.number else "未编号"

    masked = True  # until `rules.open_contacts` says that the reader needs to know

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
    def deputy_name_list(self) -> list[str]:
        return self.deputy_names.split("、")

    @property
    def first_opinion(self):
        """The opinion a line of the list shows, from the rows already read."""
        return next(iter(self.opinions.all()), None)

    @property
    def is_void(self) -> bool:
        return self.voided_at is not None


class ReceptionDeputy(models.Model):
    """A deputy who received, in the order of the register, with name and level of that day."""

    reception = models.ForeignKey(Reception, models.CASCADE, related_name="receivers")
    deputy = models.ForeignKey(Deputy, models.PROTECT, related_name="received")
    position = models.PositiveSmallIntegerField("顺序")
    name = models.CharField("姓名", max_length=50)
    level = models.CharField("代表层级", max_length=10, choices=Level, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["reception", "deputy"], name="receiver_once")
        ]

    def __str__(self):
        return self.name


class Opinion(models.Model):
    """One 意见 of a visit (一事一条), followed until visitor and deputy are told."""

    reception = models.ForeignKey(
        Reception, models.PROTECT, related_name="opinions", verbose_name="接待"
    )
    position = models.PositiveSmallIntegerField("序号")
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="opinions",
        verbose_name="问题类别",
    )
    statement = models.TextField("反映内容", help_text="原话，怎么说就怎么记")
    summary = models.CharField("摘要", max_length=200, blank=True)
    on_site_reply = models.TextField("当场答复", blank=True)
    disposal = models.CharField("处理方式", max_length=12, choices=Disposal, blank=True)
    decline_reason = models.CharField(
        "不予受理原因", max_length=12, choices=DeclineReason, blank=True
    )
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="opinions",
        verbose_name="承办单位",
    )
    due_on = models.DateField("反馈期限", null=True, blank=True)
    result = models.TextField("办理结果", blank=True)
    resolution = models.CharField("解决程度", max_length=10, choices=Resolution, blank=True)
    feedback_on = models.DateField("反馈日期", null=True, blank=True)
    feedback_method = models.CharField("反馈方式", max_length=30, blank=True)
    feedback_by = models.CharField("反馈人", max_length=50, blank=True)
    satisfaction = models.CharField(
        "满意度", max_length=12, choices=Satisfaction, default=Satisfaction.UNRATED
    )

    objects = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name = "意见"
        verbose_name_plural = "意见"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["reception", "position"], name="opinion_position_once")
        ]

    def __str__(self):
        return self.summary or self.statement[:30]

    @property
    def is_fed_back(self) -> bool:
        return bool(self.feedback_on or self.feedback_method)

    @property
    def progress(self) -> Progress:
        """How far the matter has come today, in the words of a badge."""
        return progress_of(self, timezone.localdate())


class Progress(NamedTuple):
    """A badge: its tone (ok, wait, go, late or none) and its words."""

    tone: str
    words: str


def progress_of(opinion: Opinion, today: date) -> Progress:
    if opinion.disposal == Disposal.DECLINED:
        return Progress("", "不予受理")
    if opinion.disposal in Disposal.answered_at_once():
        return Progress("ok", "当场办结")
    if opinion.is_fed_back:
        return Progress("ok", "已反馈")
    if opinion.disposal == Disposal.PETITION:
        return Progress("", "已引导")
    if not opinion.disposal:
        return Progress("wait", "待处理")
    return _waiting(opinion, today)


def _waiting(opinion: Opinion, today: date) -> Progress:
    """Handed over, and the visitor has not been told yet."""
    days = (opinion.due_on - today).days if opinion.due_on else None
    if days is not None and days < 0:
        return Progress("late", f"反馈超期 {-days} 天")
    if days == 0:
        return Progress("wait", "今天到期")
    if opinion.resolution in Resolution.final():
        return Progress("wait", "待反馈")
    return Progress("go", "办理中")
