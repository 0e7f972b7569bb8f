"""How a rule of duty days is read: in words, and as the days it makes of a year."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import cast

from common.workdays import Workdays
from deputies.recurrence import Shifted, Unreadable, parse, shift
from deputies.recurrence.rules import MonthEnd

COMING = 6  # days that show whether a rule was understood


@dataclass(frozen=True)
class Reading:
    """`trouble` says what of the rule was not understood; then there are no days."""

    year: int
    words: str = ""
    trouble: str = ""
    days: list[Shifted] = field(default_factory=list)
    dropped: list[Shifted] = field(default_factory=list)
    coming: list[Shifted] = field(default_factory=list)
    is_known: bool = True


def read_rule(
    text: str, policy: str, month_end: str, calendar: Workdays, *, year: int, today: date
) -> Reading:
    """Read a rule and apply it to `year`; `coming` are the next days, in this year or the next."""
    try:
        rule = parse(text)
    except Unreadable as refusal:
        return Reading(year, trouble=str(refusal))

    def days_of(wanted: int) -> list[Shifted]:
        return shift(rule.planned(wanted, month_end=cast(MonthEnd, month_end)), calendar, policy)

    days = days_of(year)
    both = [*days_of(today.year), *days_of(today.year + 1)]
    return Reading(
        year=year,
        words=rule.words,
        days=_standing(days),
        dropped=[day for day in days if day.date is None],
        coming=[day for day in _standing(both) if day.date and day.date >= today][:COMING],
        is_known=calendar.knows(year),
    )


def _standing(days: list[Shifted]) -> list[Shifted]:
    return sorted((day for day in days if day.date), key=lambda day: day.date or day.planned)
