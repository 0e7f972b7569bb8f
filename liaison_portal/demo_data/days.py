"""On which days a station receives: its rule, moved off weekends and holidays."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from functools import cache

# 春节、清明、端午、中秋 move; the first days of 5 and 10 and New Year are off in every year.
_MOVING = (
    ("2024-02-10", 8), ("2024-04-04", 3), ("2024-06-10", 1), ("2024-09-15", 3),
    ("2025-01-28", 8), ("2025-04-04", 3), ("2025-05-31", 3),
    ("2026-02-15", 9), ("2026-04-04", 3), ("2026-06-19", 3), ("2026-09-25", 3),
)  # fmt: skip
_OFF = frozenset(
    date.fromisoformat(first) + timedelta(days=n) for first, count in _MOVING for n in range(count)
)
WEEKDAYS = "一二三四五六日"


def is_workday(day: date) -> bool:
    fixed = (day.month == 1 and day.day == 1) or (
        (day.month == 5 and day.day <= 5) or (day.month == 10 and day.day <= 7)
    )
    return day.weekday() < 5 and not fixed and day not in _OFF


def next_workday(day: date) -> date:
    while not is_workday(day):
        day += timedelta(days=1)
    return day


def workday_until(day: date, last: date) -> date | None:
    """`day` or the next workday; None when that is after `last`."""
    moved = next_workday(day)
    return moved if moved <= last else None


@cache
def workdays(year: int, month: int) -> tuple[date, ...]:
    count = calendar.monthrange(year, month)[1]
    days = (date(year, month, number) for number in range(1, count + 1))
    return tuple(day for day in days if is_workday(day))


@cache
def reception_days(rule: str, year: int, month: int) -> tuple[date, ...]:
    """每周三 and 每月15日 in one month; a day that falls on a day off moves to the next workday."""
    weekly = re.search(r"周([一二三四五六日])", rule)
    if weekly:
        wanted = WEEKDAYS.index(weekly[1])
        return tuple(day for day in workdays(year, month) if day.weekday() == wanted)
    numbers = [int(found) for found in re.findall(r"\d+", rule)]
    moved = {next_workday(date(year, month, number)) for number in numbers}
    return tuple(sorted(day for day in moved if day.month == month))


def months_between(first: date, last: date) -> list[tuple[int, int]]:
    """Every (year, month) from the month of `first` to that of `last`."""
    count = (last.year - first.year) * 12 + last.month - first.month
    start = first.year * 12 + first.month - 1
    return [((start + n) // 12, (start + n) % 12 + 1) for n in range(count + 1)]
