"""What came of a day. The verb that looks at the register belongs to visits; here it is stored."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from common import audit
from common.errors import RuleViolation
from deputies.choices import CLOSED_DAYS, Attendance, DayState
from deputies.models import DutyDay
from deputies.services.duty.rows import locked_day, require_manager, touch, withdraw_requests


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
    if day.date == timezone.localdate() and timezone.localtime().time() < day.starts_at:
        raise RuleViolation(f"接待 {day.starts_at:%H:%M} 才开始，还不能办结。")
    day.state, day.closing_note, day.closed_at = state, note.strip()[:500], timezone.now()
    touch(day, "state", "closing_note", "closed_at")
    for row in day.expected:
        withdraw_requests(row)
        if row.attendance == Attendance.OPEN and state != DayState.NOT_HELD:
            row.attendance = Attendance.ABSENT
            row.save(update_fields=["attendance"])
    changes = {"状态": ("已公布", day.get_state_display())}
    audit.record(audit.Action.CHANGE, day, actor=actor, changes=changes, note=day.closing_note)
    return day


@transaction.atomic
def store_reopening(day: DutyDay, *, actor, note: str) -> DutyDay:
    """撤销办结: the day is as it was before closing, to be put right and closed anew.

    Who was counted absent is open again; sign-ins, leave and stand-ins stay. Refuses who may not
    manage duty there, a day that is not closed, and no reason.
    """
    day = locked_day(day)
    require_manager(day, actor)
    if not day.is_closed:
        raise RuleViolation(f"这个接待日{day.get_state_display()}，不用撤销办结。")
    if not note.strip():
        raise RuleViolation("请写明撤销办结的原因，如：漏记签到。")
    old = day.get_state_display()
    _open_again(day)
    changes = {"状态": (old, day.get_state_display())}
    note = f"撤销办结：{note.strip()[:500]}"
    audit.record(audit.Action.CHANGE, day, actor=actor, changes=changes, note=note)
    return day


def _open_again(day: DutyDay) -> None:
    day.state, day.closing_note, day.closed_at = DayState.PUBLISHED, "", None
    touch(day, "state", "closing_note", "closed_at")
    for row in day.assignments.all():
        if row.attendance == Attendance.ABSENT:  # only closing says so
            row.attendance = Attendance.OPEN
            row.save(update_fields=["attendance"])


@transaction.atomic
def follow_register(day: DutyDay, *, has_visits: bool, actor) -> DutyDay:
    """The register of a closed day has changed since: what closing said may be true no longer.

    无来访 with a visit was held after all; what was held without any visit left, or not held
    with one, is closed anew by staff. Called by the verbs of the register, which have checked the
    right to change it.
    """
    day = locked_day(day)
    now = _outcomes(has_visits).get(day.state)
    if now is None:
        return day
    old = day.get_state_display()
    if now == DayState.PUBLISHED:
        _open_again(day)
    else:
        day.state = now
        touch(day, "state")
    note = "补录了接待" if has_visits else "接待已作废或改期"
    changes = {"状态": (old, day.get_state_display())}
    audit.record(audit.Action.CHANGE, day, actor=actor, changes=changes, note=note)
    return day


def _outcomes(has_visits: bool) -> dict[str, DayState]:
    if has_visits:
        return {DayState.NO_VISIT: DayState.HELD, DayState.NOT_HELD: DayState.PUBLISHED}
    return {DayState.HELD: DayState.PUBLISHED}


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
