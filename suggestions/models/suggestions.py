from __future__ import annotations

import uuid

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from common.models import ImportBatch
from common.querysets import AppendOnlyQuerySet
from deputies.models import Deputy
from stations.models import Category, Station
from suggestions.choices import NUMBERED, Act, Consent, Kind, Occasion, State
from suggestions.models.settings import Session
from suggestions.querysets import SuggestionQuerySet
from visits.models import Opinion


class Suggestion(models.Model):
    """One 代表建议 (一事一议), from the deputy's draft to an answer that satisfies.

    `state` is written by `services.moves` alone. Name, title and station of the lead are those
    of the day it was submitted.
    """

    session = models.ForeignKey(
        Session, models.PROTECT, related_name="suggestions", verbose_name="届次"
    )
    occasion = models.CharField("提出时间", max_length=10, choices=Occasion)
    kind = models.CharField("种类", max_length=10, choices=Kind, default=Kind.SUGGESTION)
    number = models.PositiveIntegerField("编号", null=True, blank=True, editable=False)
    title = models.CharField("标题", max_length=100)
    content = models.TextField("内容")
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="suggestions",
        verbose_name="类别",
    )  # fmt: skip
    lead = models.ForeignKey(
        Deputy, models.PROTECT, related_name="led_suggestions", verbose_name="领衔代表"
    )
    lead_name = models.CharField("领衔代表姓名", max_length=50)
    lead_title = models.CharField("层级和选区", max_length=80, blank=True)
    station = models.ForeignKey(
        Station, models.PROTECT, related_name="suggestions", verbose_name="联络站"
    )
    state = models.CharField(
        "状态", max_length=12, choices=State, default=State.DRAFT, editable=False
    )
    round = models.PositiveSmallIntegerField("轮次", default=1, editable=False)
    submitted_on = models.DateField("提出日期", null=True, blank=True)
    accepted_on = models.DateField("接收日期", null=True, blank=True)
    assigned_on = models.DateField("交办日期", null=True, blank=True)
    replied_on = models.DateField("答复日期", null=True, blank=True)
    closed_on = models.DateField("办结日期", null=True, blank=True)
    is_key = models.BooleanField("重点督办", default=False)
    key_leader = models.CharField("督办领导", max_length=50, blank=True)
    is_excellent = models.BooleanField("优秀", default=False)
    is_public = models.BooleanField("公开", default=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name="并入"
    )
    note = models.TextField("备注", blank=True)
    batch = models.ForeignKey(
        ImportBatch, models.PROTECT, null=True, blank=True, related_name="suggestions",
        verbose_name="导入批次",
    )  # fmt: skip
    submission_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="录入人"
    )
    created_at = models.DateTimeField("录入时间", auto_now_add=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = "代表建议"
        verbose_name_plural = "代表建议"
        ordering = ["-pk"]
        constraints = [
            # Only on acceptance, never used again.
            models.UniqueConstraint(
                fields=["session", "occasion", "number"], name="suggestion_number_once"
            ),
        ]
        indexes = [
            models.Index(fields=["station", "-submitted_on"], name="suggestion_by_station"),
            models.Index(fields=["-submitted_on", "-id"], name="suggestion_by_day"),
            models.Index(fields=["state"], name="suggestion_by_state"),
        ]

    def __str__(self):
        return f"{self.code} {self.title}"

    @property
    def code(self) -> str:
        """第003号, 闭会第003号; before it is accepted a number for the time being."""
        if self.number is None:
            return f"临{self.pk:05d}" if self.pk else "新建议"
        return f"{'闭会' if self.occasion == Occasion.BETWEEN else ''}第{self.number:03d}号"

    @property
    def is_numbered(self) -> bool:
        return self.state in NUMBERED

    @property
    def deputies_words(self) -> str:
        """石刚; 石刚等代表 where others signed."""
        return f"{self.lead_name}等" if self.joint else self.lead_name

    @property
    def joint(self) -> list[Signature]:
        """Who signed beside the lead, in their order."""
        return [one for one in self.signatures.all() if one.consent == Consent.AGREED]


class Signature(models.Model):
    """附议: a deputy who was asked to sign, and what they said."""

    suggestion = models.ForeignKey(Suggestion, models.CASCADE, related_name="signatures")
    deputy = models.ForeignKey(
        Deputy, models.PROTECT, related_name="signatures", verbose_name="附议代表"
    )
    name = models.CharField("姓名", max_length=50)
    position = models.PositiveSmallIntegerField("顺序")
    consent = models.CharField("答复", max_length=10, choices=Consent, default=Consent.ASKED)
    asked_on = models.DateField("邀请日期", null=True, blank=True)
    answered_on = models.DateField("答复日期", null=True, blank=True)
    on_paper = models.BooleanField("书面附议", default=False)

    class Meta:
        verbose_name = "附议"
        verbose_name_plural = "附议"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["suggestion", "deputy"], name="signature_once")
        ]

    def __str__(self):
        return self.name


class OpinionLink(models.Model):
    """An opinion of the registers that became part of a suggestion; it counts once per table."""

    suggestion = models.ForeignKey(Suggestion, models.CASCADE, related_name="links")
    opinion = models.ForeignKey(
        Opinion, models.PROTECT, related_name="suggestion_links", verbose_name="意见"
    )
    # A suggestion that was not taken on lets its opinions go; they may stand in another one.
    ended_on = models.DateField("解除日期", null=True, blank=True)

    class Meta:
        verbose_name = "建议的来源"
        verbose_name_plural = "建议的来源"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["opinion"],
                condition=models.Q(ended_on=None),
                name="opinion_in_one_suggestion",
            )
        ]

    def __str__(self):
        return f"{self.opinion} → {self.suggestion}"


class Step(models.Model):
    """One move of a suggestion, or of one unit's share of it. Append-only."""

    suggestion = models.ForeignKey(Suggestion, models.PROTECT, related_name="steps")
    unit_name = models.CharField("单位", max_length=60, blank=True)
    act = models.CharField("动作", max_length=20, choices=Act)
    from_state = models.CharField("原状态", max_length=16)
    to_state = models.CharField("新状态", max_length=16)
    round = models.PositiveSmallIntegerField("轮次", default=1)
    on = models.DateField("日期")
    note = models.TextField("说明", blank=True)
    facts = models.JSONField("内容", default=dict, encoder=DjangoJSONEncoder)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="操作人"
    )
    actor_name = models.CharField("操作人", max_length=150)
    actor_role = models.CharField("身份", max_length=60, blank=True)
    at = models.DateTimeField("时间", auto_now_add=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "建议办理过程"
        verbose_name_plural = "建议办理过程"
        ordering = ["pk"]

    def __str__(self):
        return f"{self.get_act_display()} {self.on}"
