"""A duty day as a line of 簿三: what closing it enters, and what becomes of that line later.

A day closed as 已接待 or 无来访 is one activity 进站接待, entered once (its `duty_day` is unique);
未开展 is none. Its opinions count in 簿一, where the visits are: here 形成意见 stays 0, or the
figures of the two registers would count them twice. While the day stays closed the line follows
the register, and its attendance is the day's. A day that opens again voids its line with
`REOPENED`; the next closing takes that back, on the same number. A line that somebody voided by
hand, with a reason, stays void.
"""

from __future__ import annotations

from collections.abc import Sequence

from common import audit
from deputies.choices import CAME, Answer, Attendance, DayState
from deputies.models import Assignment, DutyDay
from visits.choices import ActivityKind, Channel, Presence
from visits.models import Activity, Reception
from visits.rules import Attended
from visits.services.activities import (
    activity_search_text,
    describe_activity,
    describe_stored,
    follow_names,
    write_attendance,
)
from visits.services.entries import locked_entry, mark_void, take_number

REOPENED = "接待日重新打开"
_MADE_HERE = ("接待群众", "代表到站值守")


def keep_activity(day: DutyDay, *, actor) -> Activity | None:
    """Make 簿三 say what came of a `day` that is locked and read `with_people`.

    Its callers have checked the right to close the day or to change the register.
    """
    took_place = day.state in (DayState.HELD, DayState.NO_VISIT)
    found = Activity.objects.filter(duty_day=day).first()
    if found is None:
        return _enter(day, actor) if took_place else None
    activity = locked_entry(found)
    if not took_place:
        if not activity.is_void:
            mark_void(activity, REOPENED, actor=actor)
        return activity
    if activity.is_void and activity.void_reason != REOPENED:
        return activity
    return _follow(activity, day, actor)


def attendance_of(day: DutyDay) -> list[Attended]:
    """Who was to come, stand-ins among them, and whether they did; each deputy once.

    Who gave the day away (换班, 替班, 已调整) was not to come any more.
    """
    best: dict[int, Attended] = {}
    rank = list(Presence.values)
    for row in day.assignments.all():
        presence = _presence(row)
        if presence is None:
            continue
        known = best.get(row.deputy_id)
        if known is None or rank.index(presence) < rank.index(known[1]):
            best[row.deputy_id] = (row.deputy, presence)
    return list(best.values())


def _presence(row: Assignment) -> str | None:
    if row.attendance in CAME:
        return Presence.PRESENT
    if row.answer == Answer.LEAVE or row.attendance == Attendance.LEAVE:
        return Presence.LEAVE
    if row.answer in (Answer.SWAPPED, Answer.DROPPED):
        return None
    return Presence.ABSENT


def minutes_of(day: DutyDay) -> str:
    """What came of the day in one sentence. Letters (来信、网上、意见箱) of that date are left out:
    they bear the date on which a box was opened, and nobody came with them; 簿一 counts them."""
    visits = Reception.objects.valid().filter(station=day.station_id, received_on=day.date)
    sums = visits.exclude(channel__in=Channel.letters()).totals(exactly=True)
    if not sums["visits"]:
        return "代表到站值守，没有群众来访。"
    return f"接待群众 {sums['visits']} 批 {sums['heads']} 人次，意见 {sums['opinions']} 条。"


def _enter(day: DutyDay, actor) -> Activity:
    activity = Activity(
        station=day.station,
        duty_day=day,
        held_on=day.date,
        place=day.place or f"{day.station.name}接待室",
        kind=ActivityKind.DUTY,
        topic="代表接待日",
        organiser=day.station.name,
        minutes=minutes_of(day),
        recorder=str(actor),
    )
    attendance = attendance_of(day)
    follow_names(activity, attendance, ())
    take_number(activity, actor=actor)
    _store(activity, attendance)
    audit.record(audit.Action.CREATE, activity, actor=actor, note="办结接待日")
    return activity


def _follow(activity: Activity, day: DutyDay, actor) -> Activity:
    """The same line, as day and register stand now; what people wrote into it stays."""
    came_back = activity.is_void
    before = describe_stored(activity) | {"作废原因": activity.void_reason}
    attendance = attendance_of(day)
    opinions = list(activity.opinions.select_related("category", "unit"))
    activity.voided_at, activity.void_reason = None, ""
    activity.minutes = _renewed(activity.minutes, minutes_of(day))
    follow_names(activity, attendance, opinions)
    after = describe_activity(activity, attendance, opinions) | {"作废原因": ""}
    changes = audit.changes_between(before, after)
    if changes:
        activity.version += 1
        _store(activity, attendance)
        note = "再次办结接待日" if came_back else "登记簿有变动"
        audit.record(audit.Action.CHANGE, activity, actor=actor, changes=changes, note=note)
    return activity


def _renewed(written: str, sums: str) -> str:
    """The minutes with the sums of today in their first line; what follows it was added by
    people, and minutes that begin otherwise are theirs altogether."""
    first, *rest = written.split("\n")
    if first and not first.startswith(_MADE_HERE):
        return written
    return "\n".join([sums, *rest])


def _store(activity: Activity, attendance: Sequence[Attended]) -> None:
    opinions = list(activity.opinions.all()) if activity.pk else []
    activity.search_text = activity_search_text(activity, opinions)
    activity.save()
    write_attendance(activity, attendance)
