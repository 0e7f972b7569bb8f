"""A year as wall calendars show it: twelve months of weeks from Monday to Sunday."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

Cell = TypeVar("Cell")


@dataclass(frozen=True)
class Month(Generic[Cell]):
    """`weeks` have seven places each; None where the week belongs to another month."""

    year: int
    number: int
    weeks: list[list[Cell | None]]


def months_of(year: int, cell: Callable[[date], Cell]) -> list[Month[Cell]]:
    """The twelve months of `year`; `cell` says what stands in the place of a day."""
    return [month_of(year, number, cell) for number in range(1, 13)]


def month_of(year: int, number: int, cell: Callable[[date], Cell]) -> Month[Cell]:
    weeks = [
        [cell(day) if day.month == number else None for day in week]
        for week in Calendar().monthdatescalendar(year, number)
    ]
    return Month(year, number, weeks)
