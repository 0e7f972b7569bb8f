from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from common.querysets import AppendOnlyQuerySet
from stations.models import Category, Station, Unit
from visits.choices import (
    Act,
    DeclineReason,
    Disposal,
    OpinionState,
    Resolution,
    Satisfaction,
)
from visits.models.activities import Activity
from visits.models.receptions import Reception
from visits.querysets import OpinionQuerySet


class Opinion(models.Model):
    """One 意见 (一事一条), followed until visitor and deputy are told.

    It was raised on a visit, or formed at an activity (视察, 调研, 座谈). `state` follows from
    the facts beside it (`rules.opinions.state_of`); services write both, and every move leaves an
    `OpinionStep`.
    """

    reception = models.ForeignKey(
        Reception,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="opinions",
        verbose_name="接待",
    )
    activity = models.ForeignKey(
        Activity,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="opinions",
        verbose_name="活动",
    )
    # Of the entry it belongs to, kept here so that lists and worklists walk one index.
    station = models.ForeignKey(Station, models.PROTECT, related_name="+", verbose_name="联络站")
    raised_on = models.DateField("提出日期")
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
    where_to = models.CharField("告知去处", max_length=200, blank=True)
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="opinions",
        verbose_name="承办单位",
    )
    state = models.CharField(
        "状态", max_length=10, choices=OpinionState, default=OpinionState.RECORDED, editable=False
    )
    round = models.PositiveSmallIntegerField("轮次", default=1, editable=False)
    handed_over_on = models.DateField("交办日期", null=True, blank=True)
    accept_by = models.DateField("接收期限", null=True, blank=True)
    accepted_on = models.DateField("接收日期", null=True, blank=True)
    due_on = models.DateField("反馈期限", null=True, blank=True)
    first_due_on = models.DateField("原反馈期限", null=True, blank=True)
    result = models.TextField("办理结果", blank=True)
    resolution = models.CharField("解决程度", max_length=10, choices=Resolution, blank=True)
    feedback_on = models.DateField("反馈日期", null=True, blank=True)
    feedback_method = models.CharField("反馈方式", max_length=30, blank=True)
    feedback_by = models.CharField("反馈人", max_length=50, blank=True)
    feedback_said = models.TextField("反馈内容", blank=True)
    satisfaction = models.CharField(
        "满意度", max_length=12, choices=Satisfaction, default=Satisfaction.UNRATED
    )
    deputies_told_on = models.DateField("告知代表日期", null=True, blank=True)
    deputies_told_how = models.CharField("告知代表方式", max_length=30, blank=True)
    closed_on = models.DateField("办结日期", null=True, blank=True)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name="并入",
    )

    objects = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name = "意见"
        verbose_name_plural = "意见"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["reception", "position"], name="opinion_position_once"),
            models.UniqueConstraint(
                fields=["activity", "position"], name="opinion_position_once_in_activity"
            ),
            models.CheckConstraint(
                name="opinion_has_one_source",
                condition=models.Q(reception__isnull=False, activity__isnull=True)
                | models.Q(reception__isnull=True, activity__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["-raised_on", "-id"], name="opinion_by_day"),
            models.Index(fields=["station", "-raised_on", "-id"], name="opinion_by_station_day"),
            models.Index(
                fields=["station", "due_on", "id"],
                name="opinion_open_by_due",
                condition=~models.Q(state="closed"),
            ),
            models.Index(
                fields=["state", "due_on", "id"],
                name="opinion_open_by_state",
                condition=~models.Q(state="closed"),
            ),
            # Nearly always empty: without it all that was answered is read to find nothing.
            models.Index(
                fields=["station", "id"],
                name="opinion_to_close",
                condition=models.Q(state="answered", deputies_told_on__isnull=False),
            ),
        ]

    def __str__(self):
        return self.summary or self.statement[:30]

    @property
    def source(self) -> Reception | Activity:
        """The entry of the register it stands in."""
        return self.reception if self.reception_id else self.activity

    @property
    def code(self) -> str:
        """What a slip is called by: 2026-042-1; formed at an activity, 活动2026-003-1."""
        return f"{'' if self.reception_id else '活动'}{self.source.code}-{self.position}"

    @property
    def has_visitor(self) -> bool:
        """Whether there is somebody to tell; what deputies found themselves has nobody else."""
        # A visit that is not saved yet has no key.
        return self.reception_id is not None or self.reception is not None

    @property
    def is_fed_back(self) -> bool:
        return bool(self.feedback_on or self.feedback_method)

    @property
    def shown_result(self) -> str:
        """What came of it, in short: the result, or what was answered at once."""
        return self.result or (self.on_site_reply if self.is_closed else "")

    @property
    def is_closed(self) -> bool:
        return self.state == OpinionState.CLOSED

    @property
    def progress(self) -> Progress:
        """How far the matter has come today, in the words of a badge."""
        return progress_of(self, timezone.localdate())


class OpinionStep(models.Model):
    """One move of an opinion: what was done, by whom, from which state to which. Append-only."""

    opinion = models.ForeignKey(Opinion, models.PROTECT, related_name="steps")
    act = models.CharField("动作", max_length=14, choices=Act)
    from_state = models.CharField("原状态", max_length=10, choices=OpinionState)
    to_state = models.CharField("新状态", max_length=10, choices=OpinionState)
    round = models.PositiveSmallIntegerField("轮次", default=1)
    on = models.DateField("日期")
    note = models.CharField("说明", max_length=500, blank=True)
    facts = models.JSONField("内容", default=dict, encoder=DjangoJSONEncoder)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="操作人"
    )
    actor_name = models.CharField("操作人", max_length=150)
    at = models.DateTimeField("时间", auto_now_add=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "意见办理过程"
        verbose_name_plural = "意见办理过程"
        ordering = ["pk"]

    def __str__(self):
        return f"{self.get_act_display()} {self.on}"


class Progress(NamedTuple):
    """A badge: its tone (ok, wait, go, late or none) and its words."""

    tone: str
    words: str


def progress_of(opinion: Opinion, today: date) -> Progress:
    if opinion.is_closed:
        return _closed(opinion)
    if opinion.state == OpinionState.RECORDED:
        return Progress("wait", "待处理")
    if opinion.is_fed_back or (not opinion.has_visitor and opinion.deputies_told_on):
        return Progress("go", "待告知代表" if not opinion.deputies_told_on else "待办结")
    return _waiting(opinion, today)


def _closed(opinion: Opinion) -> Progress:
    if opinion.disposal == Disposal.DECLINED:
        return Progress("", "不予受理")
    if opinion.disposal == Disposal.PETITION:
        return Progress("", "已引导")
    return Progress(
        "ok", "当场办结" if opinion.disposal in Disposal.answered_at_once() else "已办结"
    )


def _waiting(opinion: Opinion, today: date) -> Progress:
    """With a unit, or answered by it: the visitor has not been told yet."""
    days = (opinion.due_on - today).days if opinion.due_on else None
    if days is not None and days < 0:
        return Progress("late", f"反馈超期 {-days} 天")
    if days == 0:
        return Progress("wait", "今天到期")
    if opinion.state == OpinionState.ANSWERED:
        return Progress("wait", "待反馈")
    return Progress("go", "待接收" if opinion.state == OpinionState.ASSIGNED else "办理中")
