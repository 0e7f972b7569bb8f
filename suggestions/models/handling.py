from __future__ import annotations

from django.conf import settings
from django.db import models

from common.storage import random_name
from stations.models import Unit
from suggestions.choices import Asked, Contact, Duty, Limit, Part, ResultClass, Source
from suggestions.models.suggestions import Suggestion
from suggestions.querysets import DeadlineQuerySet, HandlingQuerySet, PromiseQuerySet
from visits.choices import Satisfaction


class Handling(models.Model):
    """承办: one unit's share of a suggestion in one round."""

    suggestion = models.ForeignKey(Suggestion, models.PROTECT, related_name="handlings")
    round = models.PositiveSmallIntegerField("轮次", default=1)
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="handlings", verbose_name="承办单位"
    )
    duty = models.CharField("分工", max_length=10, choices=Duty)
    position = models.PositiveSmallIntegerField("顺序", default=0)
    state = models.CharField(
        "状态", max_length=16, choices=Part, default=Part.WAITING, editable=False
    )
    assigned_on = models.DateField("交办日期", null=True, blank=True)
    signed_on = models.DateField("签收日期", null=True, blank=True)
    clerk = models.CharField("经办人", max_length=50, blank=True)
    # 退办: the reason, and who should have it instead
    return_reason = models.TextField("退办理由", blank=True)
    proposed_unit = models.CharField("建议改由", max_length=60, blank=True)
    left_on = models.DateField("退出日期", null=True, blank=True)
    # 分办: it has left, and its part waits for another unit
    vacant = models.BooleanField("待另派", default=False, editable=False)
    # 协办
    opinion = models.TextField("协办意见", blank=True)
    opined_on = models.DateField("提出意见日期", null=True, blank=True)
    countersigned_on = models.DateField("会签日期", null=True, blank=True)
    waived = models.BooleanField("免予会签", default=False)
    # 主办: the letter went round to the assisting units
    circulated_on = models.DateField("送会签日期", null=True, blank=True)

    objects = HandlingQuerySet.as_manager()

    class Meta:
        verbose_name = "承办"
        verbose_name_plural = "承办"
        ordering = ["round", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["suggestion", "round", "unit"],
                condition=~models.Q(state=Part.LEFT),
                name="unit_once_in_a_round",
            )
        ]
        indexes = [models.Index(fields=["unit", "state"], name="handling_by_unit")]

    def __str__(self):
        return f"{self.get_duty_display()} {self.unit}"

    @property
    def answers(self) -> bool:
        """独办, 主办 or 分办: it writes to the deputy."""
        return self.duty in Duty.answering()

    @property
    def has_left(self) -> bool:
        return self.state == Part.LEFT


class Extension(models.Model):
    """延期: asked by the unit, granted or refused by the office."""

    handling = models.ForeignKey(Handling, models.PROTECT, related_name="extensions")
    asked_on = models.DateField("申请日期")
    until = models.DateField("延至")
    reason = models.TextField("理由")
    outcome = models.CharField("审批", max_length=10, choices=Asked, default=Asked.OPEN)
    decided_on = models.DateField("审批日期", null=True, blank=True)

    class Meta:
        verbose_name = "延期申请"
        verbose_name_plural = "延期申请"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["handling"], condition=models.Q(outcome=Asked.OPEN), name="one_open_request"
            )
        ]

    def __str__(self):
        return f"延至 {self.until}"


class FaceToFace(models.Model):
    """面商: the unit met the deputies, or spoke with them."""

    handling = models.ForeignKey(Handling, models.PROTECT, related_name="contacts")
    on = models.DateField("日期")
    how = models.CharField("方式", max_length=10, choices=Contact)
    who = models.CharField("参加人", max_length=200, blank=True)
    said = models.TextField("情况", blank=True)

    class Meta:
        verbose_name = "面商"
        verbose_name_plural = "面商"
        ordering = ["on", "pk"]

    def __str__(self):
        return f"{self.get_how_display()} {self.on}"


class Reply(models.Model):
    """答复函 of one answering unit in one round: drafted, countersigned, sent, released."""

    handling = models.OneToOneField(Handling, models.PROTECT, related_name="reply")
    document_no = models.CharField("答复文号", max_length=60, blank=True)
    written_on = models.DateField("答复日期", null=True, blank=True)
    result_class = models.CharField("结果类别", max_length=1, choices=ResultClass, blank=True)
    class_words = models.CharField("类别含义", max_length=60, blank=True)
    unit_class = models.CharField("单位所报类别", max_length=1, choices=ResultClass, blank=True)
    text = models.TextField("答复内容", blank=True)
    contact = models.CharField("联系人和电话", max_length=80, blank=True)
    file = models.FileField("答复函", upload_to=random_name, max_length=200, blank=True)
    file_name = models.CharField("文件名", max_length=200, blank=True)
    released_on = models.DateField("答复代表日期", null=True, blank=True)

    class Meta:
        verbose_name = "答复"
        verbose_name_plural = "答复"

    def __str__(self):
        return self.document_no or f"答复 {self.pk}"


class Rating(models.Model):
    """评价: what the deputy says of the work and of the result; silence is 未评价."""

    reply = models.OneToOneField(Reply, models.PROTECT, related_name="rating")
    attitude = models.CharField("对办理工作", max_length=12, choices=Satisfaction)
    outcome = models.CharField("对办理结果", max_length=12, choices=Satisfaction)
    comment = models.TextField("代表意见", blank=True)
    rated_on = models.DateField("评价日期", null=True, blank=True)
    source = models.CharField("来源", max_length=10, choices=Source, default=Source.SELF)
    keyed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="录入人"
    )

    class Meta:
        verbose_name = "评价"
        verbose_name_plural = "评价"

    def __str__(self):
        return f"{self.get_attitude_display()}／{self.get_outcome_display()}"


class Promise(models.Model):
    """续办: what an answer of class B or C promises, and what came of it."""

    reply = models.OneToOneField(Reply, models.PROTECT, related_name="promise")
    words = models.TextField("承诺事项", blank=True)
    due_on = models.DateField("承诺办结日期")
    answered_on = models.DateField("续办答复日期", null=True, blank=True)
    answer = models.TextField("续办情况", blank=True)
    result_class = models.CharField("续办后类别", max_length=1, choices=ResultClass, blank=True)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        verbose_name = "续办"
        verbose_name_plural = "续办"
        ordering = ["due_on", "pk"]

    def __str__(self):
        return self.words[:30]


class Deadline(models.Model):
    """A clock: until when somebody is to do something, with how that day was reckoned.

    Open while `met_on` and `ended_on` are blank; `ended_on` is the day on which nobody waited for
    it any more. `first_due_on` is the day before it was extended.
    """

    suggestion = models.ForeignKey(Suggestion, models.PROTECT, related_name="deadlines")
    handling = models.ForeignKey(
        Handling, models.PROTECT, null=True, blank=True, related_name="deadlines"
    )
    limit = models.CharField("期限", max_length=12, choices=Limit)
    round = models.PositiveSmallIntegerField("轮次", default=1)
    starts_on = models.DateField("起算")
    began = models.CharField("起算事由", max_length=30, blank=True)
    due_on = models.DateField("期限")
    first_due_on = models.DateField("原期限", null=True, blank=True)
    explanation = models.TextField("怎么算的", blank=True)
    by_sheet = models.BooleanField("据表", default=False)
    met_on = models.DateField("完成日期", null=True, blank=True)
    ended_on = models.DateField("终止日期", null=True, blank=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = "期限"
        verbose_name_plural = "期限"
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["suggestion", "limit"],
                condition=models.Q(met_on=None, ended_on=None, handling=None),
                name="one_clock_of_a_suggestion",
            ),
            models.UniqueConstraint(
                fields=["handling", "limit"],
                condition=models.Q(met_on=None, ended_on=None),
                name="one_clock_of_a_unit",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                name="deadline_open",
                condition=models.Q(met_on=None, ended_on=None),
            )
        ]

    def __str__(self):
        return f"{self.get_limit_display()} {self.due_on}"

    @property
    def is_open(self) -> bool:
        return self.met_on is None and self.ended_on is None
