"""The duty year: how a station arranges it, its days, who comes, and what came of it."""

import secrets
from datetime import time

from django.conf import settings
from django.db import models

from deputies.choices import (
    CLOSED_DAYS,
    EXPECTED,
    Answer,
    Attendance,
    DayState,
    HolidayPolicy,
    MonthEnd,
    PlanState,
    Request,
    SignedBy,
)
from deputies.models.people import Deputy
from deputies.querysets.duty import AssignmentQuerySet, DutyDayQuerySet
from stations.models import Station


def random_key() -> str:
    """What nobody guesses: part of an address that works without a log-in."""
    return secrets.token_urlsafe(16)


class Arrangement(models.Model):
    """How a station arranges its duty days; the rule itself is `Station.reception_days`."""

    station = models.OneToOneField(
        Station, models.CASCADE, related_name="arrangement", verbose_name="联络站"
    )
    policy = models.CharField(
        "遇节假日",
        max_length=20,
        choices=HolidayPolicy,
        default=HolidayPolicy.NEXT_WORKDAY,
    )
    month_end = models.CharField(
        "当月没有这一天", max_length=10, choices=MonthEnd, default=MonthEnd.LAST_DAY
    )
    starts_at = models.TimeField("开始时间", default=time(9))
    ends_at = models.TimeField("结束时间", default=time(11, 30))
    place = models.CharField("接待地点", max_length=100, blank=True)
    per_day = models.PositiveSmallIntegerField("每次代表人数", default=2)
    minimum = models.PositiveSmallIntegerField("每位代表每年至少（次）", default=2)
    accepts = models.CharField(
        "受理范围", max_length=500, blank=True, help_text="写在接待公告上，如：意见建议、政策咨询"
    )

    class Meta:
        verbose_name = "接待安排"
        verbose_name_plural = "接待安排"

    def __str__(self):
        return f"{self.station}的接待安排"


class DutyPlan(models.Model):
    """One planning of a station's year: previewed, published, perhaps undone as a whole."""

    station = models.ForeignKey(
        Station, models.CASCADE, related_name="duty_plans", verbose_name="联络站"
    )
    year = models.PositiveSmallIntegerField("年度")
    state = models.CharField("状态", max_length=10, choices=PlanState, default=PlanState.DRAFT)
    notes = models.JSONField("排班说明", default=list)
    created_at = models.DateTimeField("编制时间", auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="编制人"
    )
    published_at = models.DateTimeField("公布时间", null=True, blank=True)

    class Meta:
        verbose_name = "年度接待计划"
        verbose_name_plural = "年度接待计划"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["station", "year"],
                condition=models.Q(state=PlanState.DRAFT),
                name="duty_plan_one_draft_a_year",
            )
        ]

    def __str__(self):
        return f"{self.station}{self.year}年接待计划"


class DutyDay(models.Model):
    """One 接待日 of a station: the day on which it takes place, and where it was moved from."""

    station = models.ForeignKey(
        Station, models.PROTECT, related_name="duty_days", verbose_name="联络站"
    )
    plan = models.ForeignKey(
        DutyPlan, models.SET_NULL, null=True, related_name="days", verbose_name="计划"
    )
    date = models.DateField("接待日期")
    planned_on = models.DateField("原定日期")
    reason = models.CharField("说明", max_length=200, blank=True)
    starts_at = models.TimeField("开始时间")
    ends_at = models.TimeField("结束时间")
    place = models.CharField("接待地点", max_length=100, blank=True)
    state = models.CharField("状态", max_length=10, choices=DayState, default=DayState.DRAFT)
    notice_posted_on = models.DateField("公告张贴日期", null=True, blank=True)
    closing_note = models.CharField("办结说明", max_length=500, blank=True)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)
    # The address of the sign-in screen; a new one revokes the old.
    screen_key = models.CharField(max_length=32, default=random_key, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = DutyDayQuerySet.as_manager()

    class Meta:
        verbose_name = "接待日"
        verbose_name_plural = "接待日"
        ordering = ["date", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["station", "date"],
                condition=~models.Q(state=DayState.CANCELLED),
                name="duty_day_once_a_date",
            ),
            models.CheckConstraint(
                name="duty_day_ends_after_it_starts",
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                violation_error_message="结束时间应晚于开始时间。",
            ),
        ]
        indexes = [models.Index(fields=["date", "state"], name="duty_day_date_state")]

    def __str__(self):
        return f"{self.station}{self.date.year}年{self.date.month}月{self.date.day}日接待日"

    @property
    def is_closed(self) -> bool:
        return self.state in CLOSED_DAYS

    @property
    def expected(self) -> list["Assignment"]:
        """Who is to come, in order; reads what `with_people` fetched."""
        return [row for row in self.assignments.all() if row.answer in EXPECTED]


class Assignment(models.Model):
    """One deputy on one duty day. Whoever leaves it keeps the row: it is the history."""

    day = models.ForeignKey(
        DutyDay, models.CASCADE, related_name="assignments", verbose_name="接待日"
    )
    deputy = models.ForeignKey(
        Deputy, models.PROTECT, related_name="assignments", verbose_name="代表"
    )
    position = models.PositiveSmallIntegerField("顺序", default=0)
    answer = models.CharField("答复", max_length=12, choices=Answer, default=Answer.WAITING)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    answer_note = models.CharField("说明", max_length=200, blank=True)
    attendance = models.CharField(
        "出勤", max_length=12, choices=Attendance, default=Attendance.OPEN, blank=True
    )
    stands_in_for = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="stand_ins",
        verbose_name="替谁",
    )
    left_at = models.TimeField("离开时间", null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "排班"
        verbose_name_plural = "排班"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "deputy"],
                condition=models.Q(answer__in=EXPECTED),
                name="assignment_once_a_day",
            )
        ]

    def __str__(self):
        return f"{self.deputy} {self.day}"


class SignIn(models.Model):
    """签到 of one assignment: in person from the station's screen, or 代签 with the reason."""

    assignment = models.OneToOneField(
        Assignment, models.PROTECT, related_name="sign_in", verbose_name="排班"
    )
    at = models.DateTimeField("签到时间")
    by = models.CharField("方式", max_length=10, choices=SignedBy)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="经手人"
    )
    reason = models.CharField("代签原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "签到"
        verbose_name_plural = "签到"

    def __str__(self):
        return f"{self.assignment} {self.get_by_display()}"


class LeaveRequest(models.Model):
    """请假: asked by the deputy (or staff for them), decided by the 站长."""

    assignment = models.ForeignKey(
        Assignment, models.CASCADE, related_name="leave_requests", verbose_name="排班"
    )
    reason = models.CharField("原因", max_length=200)
    state = models.CharField("状态", max_length=10, choices=Request, default=Request.ASKED)
    asked_at = models.DateTimeField("提出时间", auto_now_add=True)
    decided_at = models.DateTimeField("答复时间", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="答复人"
    )
    decision_note = models.CharField("答复说明", max_length=200, blank=True)

    class Meta:
        verbose_name = "请假"
        verbose_name_plural = "请假"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"],
                condition=models.Q(state=Request.ASKED),
                name="leave_asked_once",
            )
        ]

    def __str__(self):
        return f"{self.assignment}请假"


class SwapRequest(models.Model):
    """换班: `given` goes to the other deputy, who gives `taken` for it (or nothing: 代班)."""

    given = models.ForeignKey(
        Assignment, models.CASCADE, related_name="swaps_asked", verbose_name="换出"
    )
    other = models.ForeignKey(
        Deputy, models.CASCADE, related_name="swaps_received", verbose_name="对方"
    )
    taken = models.ForeignKey(
        Assignment,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="swaps_offered",
        verbose_name="换入",
    )
    note = models.CharField("留言", max_length=200, blank=True)
    state = models.CharField("状态", max_length=10, choices=Request, default=Request.ASKED)
    asked_at = models.DateTimeField("提出时间", auto_now_add=True)
    decided_at = models.DateTimeField("答复时间", null=True, blank=True)

    class Meta:
        verbose_name = "换班"
        verbose_name_plural = "换班"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["given"],
                condition=models.Q(state=Request.ASKED),
                name="swap_asked_once",
            )
        ]

    def __str__(self):
        return f"{self.given}换班"


class Unavailability(models.Model):
    """Days on which a deputy cannot come: the roster leaves them free."""

    deputy = models.ForeignKey(
        Deputy, models.CASCADE, related_name="unavailabilities", verbose_name="代表"
    )
    from_day = models.DateField("从")
    to_day = models.DateField("到")
    note = models.CharField("说明", max_length=100, blank=True)

    class Meta:
        verbose_name = "不便日期"
        verbose_name_plural = "不便日期"
        ordering = ["from_day"]
        constraints = [
            models.CheckConstraint(
                name="unavailable_until_after_from",
                condition=models.Q(to_day__gte=models.F("from_day")),
                violation_error_message="结束日期不能早于开始日期。",
            )
        ]

    def __str__(self):
        return f"{self.deputy} {self.from_day} – {self.to_day}"


class Feed(models.Model):
    """The private address under which a deputy's phone subscribes to the duty days."""

    deputy = models.OneToOneField(Deputy, models.CASCADE, related_name="feed", verbose_name="代表")
    key = models.CharField(max_length=32, unique=True, default=random_key)

    class Meta:
        verbose_name = "日历订阅"
        verbose_name_plural = "日历订阅"

    def __str__(self):
        return f"{self.deputy}的日历"
