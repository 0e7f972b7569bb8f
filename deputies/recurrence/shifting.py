"""What becomes of planned days that are days off."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from common.workdays import ONE_DAY, Workdays
from deputies.recurrence.rules import WEEKDAYS

WEEK = timedelta(days=7)
# A station that receives every workday has no free day left: beyond this, days merge.
FARTHEST = timedelta(days=31)


@dataclass(frozen=True)
class Shifted:
    """A planned day and the day on which it takes place; None where it does not."""

    date: datetime.date | None
    planned: datetime.date
    reason: str = ""


# Where a day off goes, given the workdays that are taken; the answer may be a taken one.
Move = Callable[[date, Workdays, set[date]], date | None]


def shift(planned: Sequence[date], calendar: Workdays, policy: str) -> list[Shifted]:
    """Move the days off among `planned` by the station's policy; workdays stay.

    Policies: next_workday 顺延 (to the first workday that no other day takes), next_week
    顺延一周 (a day that lands on a taken one merges with it), skip 不安排, keep 照常. No two
    days share a date; some may end in January of the next year.
    """
    if policy not in _POLICIES:
        raise ValueError(f"unknown holiday policy {policy!r}")
    days = sorted(set(planned))
    move = _POLICIES[policy]
    if move is None:
        return [Shifted(day, day) for day in days]
    taken = {day for day in days if calendar.is_workday(day)}
    return [
        Shifted(day, day) if calendar.is_workday(day) else _moved(day, move, calendar, taken)
        for day in days
    ]


def _moved(day: date, move: Move, calendar: Workdays, taken: set[date]) -> Shifted:
    """Find the new date of a day off and add it to `taken`."""
    name = f"{_short(day)}（{calendar.name_of(day) or '周' + WEEKDAYS[day.weekday()]}）"
    target = move(day, calendar, taken)
    if target is None:
        return Shifted(None, day, f"{name}不安排")
    if target in taken:
        return Shifted(None, day, f"{name}并入{_short(target)}")
    taken.add(target)
    return Shifted(target, day, f"原定{name}顺延")


def _to_free_workday(day: date, calendar: Workdays, taken: set[date]) -> date | None:
    first = target = calendar.next_workday(day)
    while target in taken:
        target = calendar.next_workday(target + ONE_DAY)
    return target if target - day <= FARTHEST else first


def _to_next_week(day: date, calendar: Workdays, taken: set[date]) -> date | None:
    return calendar.next_workday(day + WEEK)


def _to_nowhere(day: date, calendar: Workdays, taken: set[date]) -> date | None:
    return None


def _short(day: date) -> str:
    return f"{day.month}月{day.day}日"


_POLICIES: dict[str, Move | None] = {
    "next_workday": _to_free_workday,
    "next_week": _to_next_week,
    "skip": _to_nowhere,
    "keep": None,
}
