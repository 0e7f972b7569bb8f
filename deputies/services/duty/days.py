"""The verbs of one duty day: add, move, drop, change its hours and who comes."""

from __future__ import annotations

from datetime import date, time

from django.db import IntegrityError, transaction
from django.utils import timezone

from common import audit
from common.errors import RuleViolation
from deputies.choices import Answer, DayState, PlanState
from deputies.models import Assignment, Deputy, DutyDay, DutyPlan
from deputies.rules import duty as rules
from deputies.services.duty import tell
from deputies.services.duty.arrangement import arrangement_of
from deputies.services.duty.rows import (
    locked_day,
    locked_days,
    locked_row,
    locked_station,
    require_manager,
    settle,
    touch,
    withdraw_requests,
)
from stations.models import Station


@transaction.atomic
def add_day(
    station: Station, on: date, *, actor, reason: str = "", plan: DutyPlan | None = None
) -> DutyDay:
    """Add a day: to a draft plan, or announced at once when there is none.

    Refuses who may not manage duty there, the past, a date that has a day already, and a plan
    that is a draft no more.
    """
    station = locked_station(station, actor)
    rules.check_plannable(station)
    if plan is not None:
        _check_draft(plan)
    rules.check_date(station, on, today=timezone.localdate())
    arranged = arrangement_of(station)
    day = DutyDay(
        station=station,
        plan=plan,
        date=on,
        planned_on=on,
        reason=reason.strip() or "临时增加",
        starts_at=arranged.starts_at,
        ends_at=arranged.ends_at,
        place=arranged.place,
        state=DayState.DRAFT if plan else DayState.PUBLISHED,
    )
    _save(day)
    audit.record(audit.Action.CREATE, day, actor=actor, note=day.reason)
    return day


@transaction.atomic
def move_day(day: DutyDay, to: date, *, actor, reason: str = "") -> DutyDay:
    """Move a day; who was expected is told, and is asked again for the new date.

    Refuses who may not manage duty there, a day on which somebody signed in or that is closed,
    the past, and a date that has a day already.
    """
    day = locked_day(day)
    require_manager(day, actor)
    rules.check_changeable(day)
    if to == day.date:
        return day
    rules.check_date(day.station, to, today=timezone.localdate(), except_for=day)
    old = day.date
    day.date = to
    day.reason = reason.strip() or f"原定{_short(day.planned_on)}，改期"
    day.notice_posted_on = None
    try:
        with transaction.atomic():
            touch(day, "date", "reason", "notice_posted_on")
    except IntegrityError:
        raise _taken(day.station, to) from None
    changes = {"接待日期": (f"{old:%Y-%m-%d}", f"{to:%Y-%m-%d}")}
    audit.record(audit.Action.CHANGE, day, actor=actor, changes=changes, note=day.reason)
    if day.state == DayState.PUBLISHED:
        void = [swap for row in day.expected for swap in withdraw_requests(row)]
        _ask_again(day, actor)
        tell.moved(day, old)
        tell.swaps_void(void)
    return day


def _ask_again(day: DutyDay, actor) -> None:
    """Who had said yes said it to another date."""
    for row in day.expected:
        if row.answer != Answer.WAITING:
            row.day = day
            settle(row, Answer.WAITING, actor=actor, note="改期，重新确认")


@transaction.atomic
def drop_day(day: DutyDay, *, actor, reason: str = "") -> None:
    """Take a day out of a draft, or cancel an announced one with the reason and tell everybody.

    Refuses who may not manage duty there, a day on which somebody signed in or that is closed,
    and an announced day without a reason.
    """
    day = locked_day(day)
    require_manager(day, actor)
    rules.check_changeable(day)
    if day.state == DayState.DRAFT:
        audit.record(audit.Action.VOID, day, actor=actor, note="从草稿中去掉")
        day.delete()
        return
    if not reason.strip():
        raise RuleViolation("请填写取消的原因，代表会收到。")
    day.state, day.closing_note = DayState.CANCELLED, reason.strip()
    touch(day, "state", "closing_note")
    audit.record(audit.Action.VOID, day, actor=actor, note=reason.strip())
    void = [swap for row in day.expected for swap in withdraw_requests(row)]
    tell.cancelled(day)
    tell.swaps_void(swap for swap in void if swap.given.day_id != day.pk)


@transaction.atomic
def change_hours(day: DutyDay, *, actor, starts_at: time, ends_at: time, place: str) -> DutyDay:
    """Change hours and place of one day; who is expected on an announced day is told."""
    day = locked_day(day)
    require_manager(day, actor)
    rules.check_changeable(day)
    rules.check_hours(starts_at, ends_at)
    old = _hours(day)
    day.starts_at, day.ends_at, day.place = starts_at, ends_at, place.strip()
    changes = audit.changes_between(old, _hours(day))
    if not changes:
        return day
    touch(day, "starts_at", "ends_at", "place")
    audit.record(audit.Action.CHANGE, day, actor=actor, changes=changes)
    if day.state == DayState.PUBLISHED:
        tell.changed(day)
    return day


@transaction.atomic
def assign_deputy(
    day: DutyDay, deputy: Deputy, *, actor, leaving: Assignment | None = None
) -> Assignment:
    """Put a deputy on a day, and take `leaving` off that day or another: both or neither.

    Refuses who is there already, not in office or of another township, a closed or past day, and
    who may not manage duty at the station; of `leaving` what `release_deputy` refuses.
    """
    if leaving is not None:
        locked_days([day.pk, leaving.day_id])
    day = locked_day(day)
    require_manager(day, actor)
    _check_people_may_change(day)
    rules.check_may_come(deputy, day.station)
    rules.check_not_twice(day, deputy)
    if leaving is not None:
        release_deputy(leaving, actor=actor)
        day = locked_day(day)
    row = Assignment.objects.create(day=day, deputy=deputy, position=_next_position(day))
    day.version += 1
    day.save(update_fields=["version"])
    changes = {str(deputy): ("", "排班")}
    audit.record(audit.Action.CHANGE, day, actor=actor, changes=changes)
    if day.state == DayState.PUBLISHED:
        tell.assigned([row])
    return row


@transaction.atomic
def release_deputy(row: Assignment, *, actor, note: str = "") -> None:
    """Take a deputy off a day. On a plan not yet announced nothing remains of it; on an announced
    day the row stays as 已调整 and the deputy is told. Refuses who has signed in."""
    row = locked_row(row)
    require_manager(row.day, actor)
    _check_people_may_change(row.day)
    rules.check_open_for_change(row)
    if row.day.state == DayState.DRAFT:
        changes = {str(row.deputy): ("排班", "")}
        audit.record(audit.Action.CHANGE, row.day, actor=actor, changes=changes)
        row.delete()
        return
    settle(row, Answer.DROPPED, actor=actor, note=note)
    tell.released(row)


def _check_draft(plan: DutyPlan) -> None:
    drafts = DutyPlan.objects.select_for_update().filter(state=PlanState.DRAFT)
    if not drafts.filter(pk=plan.pk).exists():
        raise RuleViolation("这份草稿已公布或删除，请刷新页面。")


def _check_people_may_change(day: DutyDay) -> None:
    if day.state not in (DayState.DRAFT, DayState.PUBLISHED):
        raise RuleViolation(f"这个接待日{day.get_state_display()}，不能再调整代表。")
    if day.date < timezone.localdate():
        raise RuleViolation("这个接待日已经过去，来过的代表请用“代签”登记。")


def _next_position(day: DutyDay) -> int:
    return max((row.position for row in day.assignments.all()), default=-1) + 1


def _save(day: DutyDay) -> None:
    try:
        with transaction.atomic():
            day.save()
    except IntegrityError:
        raise _taken(day.station, day.date) from None


def _taken(station: Station, on: date) -> RuleViolation:
    return RuleViolation(f"{station}{_short(on)}已有接待日，请另选一天。")


def _hours(day: DutyDay) -> dict[str, str]:
    return {"时间": f"{day.starts_at:%H:%M}–{day.ends_at:%H:%M}", "接待地点": day.place}


def _short(on: date) -> str:
    return f"{on.month}月{on.day}日"
