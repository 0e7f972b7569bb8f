"""The verbs of 簿三 代表活动: log, change, void."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction

from common import audit
from common.errors import RuleViolation
from common.words import words_of
from visits import rules
from visits.choices import Presence
from visits.models import Activity, ActivityDeputy, Opinion
from visits.rules import Attended
from visits.services.describe import describe_opinions
from visits.services.entries import (
    as_of_the_day,
    complete_opinions,
    differing,
    locked_for_change,
    names_of,
    number_opinions,
    require_logger,
    same_or_refuse,
    take_number,
    void_entry,
    write_deputies,
    write_opinions,
)

_FIELDS = (
    "held_on", "until", "place", "kind", "topic", "organiser", "convener", "group", "due_count",
    "present_count", "leave_count", "absent_count", "deputy_names", "guests", "minutes",
    "opinion_count", "follow_up", "recorder", "rated_satisfied", "rated_mostly",
    "rated_unsatisfied", "note",
)  # fmt: skip

_COUNTS = ("due_count", "present_count", "leave_count", "absent_count")


@transaction.atomic
def log_activity(
    activity: Activity,
    *,
    actor,
    attendance: Sequence[Attended],
    opinions: Sequence[Opinion] = (),
) -> Activity:
    """Enter an activity with who came and the opinions formed, and give it the next number.

    `attendance` are pairs of deputy and `Presence`, in the order of the register; where names are
    given, the four figures are theirs. Opinions begin their own way (交办, 反馈) here. The same
    submission sent again makes no second row and returns the first one; with other content it
    raises `AlreadyLogged`. Refuses who may not log at the station, and what
    `rules.check_activity` refuses.
    """
    require_logger(actor, activity.station)
    follow_names(activity, attendance, opinions)
    rules.check_activity(activity, attendance, opinions)
    number_opinions(opinions)
    before = take_number(activity, actor=actor)
    if before is not None:
        complete_opinions(activity, opinions)
        return same_or_refuse(
            before, describe_stored(before), describe_activity(activity, attendance, opinions)
        )
    _write(activity, attendance, opinions, actor)
    audit.record(audit.Action.CREATE, activity, actor=actor)
    return activity


@transaction.atomic
def change_activity(
    activity: Activity,
    *,
    actor,
    version: int,
    attendance: Sequence[Attended],
    opinions: Sequence[Opinion] = (),
    figures_stand: bool = False,
) -> Activity:
    """Change an activity, who came and its opinions; opinions left out are taken away, unless
    work on them has begun. With `figures_stand` (a sheet that comes back) the four figures are
    not those of the names, but as given. Who came to a duty day stands with that day: here it
    cannot be changed.

    `version` is the one the user saw: if somebody changed the row since, nothing is written and
    `StaleVersion` carries the row as it is. Refuses void rows, another year, and who may not log
    at the station.
    """
    follow_names(activity, attendance, opinions, figures_stand=figures_stand)
    stored = locked_for_change(activity, actor=actor, version=version)
    if stored.duty_day_id:
        activity.held_on = stored.held_on  # the day is that of the duty plan
        _check_same_attendance(stored, activity, attendance)
    rules.check_activity(activity, attendance, opinions, figures_stand=figures_stand)
    old = describe_stored(stored)
    number_opinions(opinions)
    _write(activity, attendance, opinions, actor)
    changes = audit.changes_between(old, describe_activity(activity, attendance, opinions))
    audit.record(audit.Action.CHANGE, activity, actor=actor, changes=changes)
    return activity


def _check_same_attendance(
    stored: Activity, typed: Activity, attendance: Sequence[Attended]
) -> None:
    now = {deputy.pk: presence for deputy, presence in attendance_on_file(stored)}
    same_names = {deputy.pk: presence for deputy, presence in attendance} == now
    if not same_names or any(getattr(stored, name) != getattr(typed, name) for name in _COUNTS):
        raise RuleViolation(
            "这是接待日的活动，出席以接待日的签到为准，不能在这里改。"
            "签到有误的，请到接待日撤销办结，改好签到再办结。"
        )


@transaction.atomic
def void_activity(activity: Activity, *, actor, reason: str) -> Activity:
    """作废: the row stays and keeps its number, but counts nowhere, nor do its opinions.

    Refuses without a reason. One that a duty day made stays void when that day is closed anew.
    """
    return void_entry(activity, actor=actor, reason=reason)


def follow_names(
    activity: Activity,
    attendance: Sequence[Attended],
    opinions: Sequence[Opinion],
    *,
    figures_stand: bool = False,
) -> None:
    """The figures are those of the names, and of the opinions, where they are written out;
    with `figures_stand` those of the names are left as they are."""
    if attendance:
        if not figures_stand:
            for name, count in rules.counts_of(attendance).items():
                setattr(activity, name, count)
        present = [deputy for deputy, presence in attendance if presence == Presence.PRESENT]
        activity.deputy_names = names_of(present)
    if opinions:
        activity.opinion_count = len(opinions)


def describe_activity(
    activity: Activity, attendance: Sequence[Attended], opinions: Iterable[Opinion]
) -> dict[str, str]:
    """Every field that a person fills in, as it reads on the page."""
    away = {
        label: names_of(deputy for deputy, presence in attendance if presence == wanted)
        for label, wanted in (("请假代表", Presence.LEAVE), ("缺席代表", Presence.ABSENT))
    }
    return words_of(activity, _FIELDS) | away | describe_opinions(opinions)


def describe_stored(activity: Activity) -> dict[str, str]:
    opinions = activity.opinions.select_related("category", "unit")
    return describe_activity(activity, attendance_on_file(activity), opinions)


def attendance_on_file(activity: Activity) -> list[Attended]:
    rows = activity.attendance.select_related("deputy")
    return [(row.deputy, row.presence) for row in rows]


def compare_activity(
    typed: Activity,
    attendance: Sequence[Attended],
    opinions: Sequence[Opinion],
    current: Activity,
) -> list[tuple]:
    """What two versions say differently: (label, as typed, as it stands)."""
    follow_names(typed, attendance, opinions)
    return differing(describe_activity(typed, attendance, opinions), describe_stored(current))


def activity_search_text(activity: Activity, opinions: Sequence[Opinion]) -> str:
    parts = [
        activity.code, activity.topic, activity.place, activity.organiser, activity.deputy_names,
        activity.guests, activity.minutes, activity.follow_up,
        *(opinion.statement for opinion in opinions),
    ]  # fmt: skip
    return "\n".join(part for part in parts if part)


def attended_row(
    activity: Activity, attended: Attended, position: int, known: ActivityDeputy | None = None
) -> ActivityDeputy:
    deputy, presence = attended
    return ActivityDeputy(
        activity=activity,
        deputy=deputy,
        presence=presence,
        position=position,
        **as_of_the_day(deputy, known),
    )


def write_attendance(activity: Activity, attendance: Sequence[Attended]) -> None:
    write_deputies(
        activity.attendance,
        lambda known: [
            attended_row(activity, attended, position, known.get(attended[0].pk))
            for position, attended in enumerate(attendance, start=1)
        ],
    )


def _write(
    activity: Activity, attendance: Sequence[Attended], opinions: Sequence[Opinion], actor
) -> None:
    activity.search_text = activity_search_text(activity, opinions)
    activity.save()
    write_attendance(activity, attendance)
    write_opinions(activity, opinions, actor=actor)
