"""What came of a day. The verb that looks at the register belongs to visits; here it is stored."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from common import audit
from common.errors import RuleViolation
from deputies.choices import CLOSED_DAYS, Attendance, DayState
from deputies.models import DutyDay
from deputies.services.duty.rows import locked_day, require_manager, touch


@transaction.atomic
def store_closing(day: DutyDay, state: DayState, *, actor, note: str = "") -> DutyDay:
    """Close a day as held, without a visit or not held; who did not come counts as 缺席.

    Refuses who may not manage duty there, a day to come, and one that is closed already.
    """
    day = locked_day(day)
    require_manager(day, actor)
    if state not in CLOSED_DAYS:
        raise ValueError(state)
    if day.state != DayState.PUBLISHED:
        raise RuleViolation(f"这个接待日{day.get_state_display()}，不用再办结。")
    if day.date > timezone.localdate():
        raise RuleViolation("还没到的接待日不能办结。")
    day.state, day.closing_note, day.closed_at = state, note.strip()[:500], timezone.now()
    touch(day, "state", "closing_note", "closed_at")
    for row in day.expected:
        if row.attendance == Attendance.OPEN and state != DayState.NOT_HELD:
            row.attendance = Attendance.ABSENT
            row.save(update_fields=["attendance"])
    changes = {"状态": ("已公布", day.get_state_display())}
    audit.record(audit.Action.CHANGE, day, actor=actor, changes=changes, note=day.closing_note)
    return day


@transaction.atomic
def reopen_as_held(day: DutyDay, *, actor) -> DutyDay:
    """A visit of that day was entered later: 无来访 is true no longer.

    Called by the verb that enters it, which has checked the right to do so.
    """
    day = locked_day(day)
    if day.state not in (DayState.NO_VISIT, DayState.NOT_HELD):
        return day
    old = day.get_state_display()
    day.state = DayState.HELD
    touch(day, "state")
    changes = {"状态": (old, day.get_state_display())}
    audit.record(audit.Action.CHANGE, day, actor=actor, changes=changes, note="补录了接待")
    return day


@transaction.atomic
def post_notice(day: DutyDay, on: date, *, actor) -> DutyDay:
    """The 接待公告 hangs at the station since `on`. Refuses a day to come, and a notice after
    the duty day itself."""
    day = locked_day(day)
    require_manager(day, actor)
    if on > min(timezone.localdate(), day.date):
        raise RuleViolation("张贴日期不能在今天或接待日之后。")
    if day.state != DayState.PUBLISHED:
        raise RuleViolation(f"这个接待日{day.get_state_display()}，不用张贴公告。")
    old = f"{day.notice_posted_on:%Y-%m-%d}" if day.notice_posted_on else ""
    day.notice_posted_on = on
    touch(day, "notice_posted_on")
    changes = {"公告张贴": (old, f"{on:%Y-%m-%d}")}
    audit.record(audit.Action.CHANGE, day, actor=actor, changes=changes)
    return day
