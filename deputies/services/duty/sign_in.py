"""签到: by the deputy in person from the station's screen, or 代签 by staff with the reason."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from common import audit
from common.errors import RuleViolation
from deputies.choices import EXPECTED, Answer, Attendance, DayState, SignedBy
from deputies.models import Assignment, Deputy, DutyDay, SignIn
from deputies.models.duty import random_key
from deputies.rules import duty as rules
from deputies.services.duty import tell
from deputies.services.duty.rows import (
    locked_day,
    locked_row,
    record,
    require_manager,
    settle,
    touch,
    withdraw_requests,
)

# What is noted of a deputy whose sign-in answered whether they come.
ON_SITE = "已到站"


@transaction.atomic
def sign_in(day: DutyDay, *, actor) -> SignIn:
    """The deputy who scanned the station's code is here. A second scan finds the first sign-in.

    Refuses another day than today's, a closed one, and who is not expected that day.
    """
    day = locked_day(day)
    if day.state != DayState.PUBLISHED or day.date != timezone.localdate():
        raise RuleViolation("只能在接待日当天、办结之前签到。")
    row = next((row for row in day.expected if rules.is_own(actor, row.deputy)), None)
    if row is None:
        raise RuleViolation("今天这里没有您的班。来替班的，请让工作人员登记。")
    return _sign(row, by=SignedBy.SELF, actor=actor)


@transaction.atomic
def sign_in_for(row: Assignment, *, actor, reason: str, at: time | None = None) -> SignIn:
    """代签 for a deputy without a phone or who signed on paper; later also for a past day.

    Refuses who may not manage duty there, no reason, a day to come, and a closed one.
    """
    row = locked_row(row)
    require_manager(row.day, actor)
    if row.day.state != DayState.PUBLISHED or row.day.date > timezone.localdate():
        raise RuleViolation("只能在接待日当天或以后、办结之前代签。")
    if row.answer not in EXPECTED:
        raise RuleViolation(f"{row.deputy}这一天{row.get_answer_display()}，不能代签。")
    if not reason.strip():
        raise RuleViolation("请写明代签的原因，如：没带手机，已在纸上签名。")
    return _sign(row, by=SignedBy.STAFF, actor=actor, reason=reason.strip()[:200], at=at)


@transaction.atomic
def withdraw_sign_in(row: Assignment, *, actor, note: str) -> Assignment:
    """A 代签 was wrong: the deputy has not signed in. What it was stays in the day's history.

    Refuses who may not manage duty there, a closed day, who has not signed in, a sign-in by the
    deputy in person, and no reason.
    """
    row = locked_row(row)
    require_manager(row.day, actor)
    if row.day.state != DayState.PUBLISHED:
        raise RuleViolation(f"这个接待日{row.day.get_state_display()}，不能再改。")
    if not rules.has_signed(row):
        raise RuleViolation(f"{row.deputy}还没有签到。")
    if row.sign_in.by != SignedBy.STAFF:
        raise RuleViolation(f"{row.deputy}是本人扫码签到的，不能撤回。")
    if not note.strip():
        raise RuleViolation("请写明撤回代签的原因，如：签错了人。")
    at = timezone.localtime(row.sign_in.at)
    old = f"{row.sign_in.get_by_display()} {at:%H:%M}，{row.get_attendance_display()}"
    row.sign_in.delete()
    row.attendance, row.left_at = Attendance.OPEN, None
    row.save(update_fields=["attendance", "left_at"])
    record(row, {"签到": (old, "")}, actor=actor, note=note.strip()[:200])
    if row.answer_note == ON_SITE:  # being there was the answer
        settle(row, Answer.WAITING, actor=actor, note="代签已撤回")
    row.refresh_from_db()
    return row


@transaction.atomic
def stand_in(row: Assignment, deputy: Deputy, *, actor) -> Assignment:
    """替班: `deputy` has come in place of the row's deputy, who counts as 替班.

    Also for somebody on leave, who stays on leave. Refuses who may not manage duty there, another
    day than today or before, who has signed in, and a deputy who is on that day already.
    """
    row = locked_row(row)
    day = row.day
    require_manager(day, actor)
    if day.state != DayState.PUBLISHED or day.date > timezone.localdate():
        raise RuleViolation("替班在接待日当天登记；还没到的日子请用换班或调整排班。")
    if rules.has_signed(row):
        raise RuleViolation(f"{row.deputy}已经签到，不用替班。")
    if any(other.stands_in_for_id == row.pk for other in day.assignments.all()):
        raise RuleViolation(f"已有人替{row.deputy}的班。")
    rules.check_may_come(deputy, day.station)
    rules.check_not_twice(day, deputy)
    tell.forget(row)
    if row.answer in EXPECTED:
        row.attendance = Attendance.SUBSTITUTED
        row.save(update_fields=["attendance"])
        settle(row, Answer.SWAPPED, actor=actor, note=f"{deputy}替班")
    else:
        record(row, {"替班": ("", str(deputy))}, actor=actor)
    return Assignment.objects.create(
        day=day,
        deputy=deputy,
        position=row.position,
        answer=Answer.CONFIRMED,
        answered_at=timezone.now(),
        answer_note=f"替{row.deputy}",
        stands_in_for=row,
    )


@transaction.atomic
def leave_early(row: Assignment, *, actor, at: time) -> Assignment:
    """早退: who signed in left before the end. Refuses who may not manage duty there, who has
    not signed in, a time outside the hours, and a closed day."""
    row = locked_row(row)
    require_manager(row.day, actor)
    if row.day.state != DayState.PUBLISHED:
        raise RuleViolation(f"这个接待日{row.day.get_state_display()}，不能再改。")
    if not rules.has_signed(row):
        raise RuleViolation(f"{row.deputy}还没有签到。")
    if not row.day.starts_at <= at < row.day.ends_at:
        raise RuleViolation("离开时间应在接待时间之内。")
    left = timezone.make_aware(datetime.combine(row.day.date, at))
    if not row.sign_in.at <= left <= timezone.now():
        raise RuleViolation("离开时间应在签到之后、现在之前。")
    old = row.get_attendance_display()
    row.attendance, row.left_at = Attendance.LEFT_EARLY, at
    row.save(update_fields=["attendance", "left_at"])
    record(row, {"出勤": (old, f"早退（{at:%H:%M}）")}, actor=actor)
    return row


@transaction.atomic
def renew_screen(day: DutyDay, *, actor) -> DutyDay:
    """Give the sign-in screen a new address: the old one shows nothing any more."""
    day = locked_day(day)
    require_manager(day, actor)
    day.screen_key = random_key()
    touch(day, "screen_key")
    audit.record(audit.Action.CHANGE, day, actor=actor, note="更换签到屏地址")
    return day


def _sign(row: Assignment, *, by: SignedBy, actor, reason: str = "", at: time | None = None):
    if rules.has_signed(row):
        return row.sign_in
    moment = _moment(row.day, at)
    if by == SignedBy.SELF and actor.pk is None:
        raise PermissionDenied
    signed = SignIn.objects.create(
        assignment=row, at=moment, by=by, recorded_by_id=actor.pk, reason=reason
    )
    row.attendance = Attendance.LATE if _is_late(row.day, moment) else Attendance.PRESENT
    row.save(update_fields=["attendance"])
    words = f"{signed.get_by_display()}，{row.get_attendance_display()}"
    record(row, {"签到": ("", words)}, actor=actor, note=reason)
    tell.forget(row)  # nobody is asked to come who is here
    if row.answer != Answer.CONFIRMED:
        settle(row, Answer.CONFIRMED, actor=actor, note=ON_SITE)
    else:
        withdraw_requests(row)
    return signed


def _moment(day: DutyDay, at: time | None) -> datetime:
    """Now, or the hour that the paper says; never later than now."""
    now = timezone.now()
    if at is None:
        at = timezone.localtime(now).time() if day.date == timezone.localdate() else day.starts_at
    written = timezone.make_aware(datetime.combine(day.date, at))
    if written > now:
        raise RuleViolation("签到时间不能在现在之后。")
    return written


def _is_late(day: DutyDay, moment: datetime) -> bool:
    begins = timezone.make_aware(datetime.combine(day.date, day.starts_at))
    return moment > begins + timedelta(minutes=settings.DUTY_LATE_MINUTES)
