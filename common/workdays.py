"""Which days people work: the State Council's holidays and make-up days, without Django."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True)
class Span:
    """Days off in a row, both ends among them."""

    first: date
    last: date

    @property
    def length(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Holiday:
    """One holiday of a year: when people are off, and which days make up for it."""

    name: str
    spans: tuple[Span, ...]
    make_up_days: tuple[date, ...]


@dataclass(frozen=True)
class Workdays:
    """`days` are the days that were announced: True is off, False is a make-up workday.

    All others go by Monday to Friday, and so does a year that is not in `years`.
    """

    days: Mapping[date, bool] = field(default_factory=dict)
    names: Mapping[date, str] = field(default_factory=dict)
    years: frozenset[int] = frozenset()

    def is_workday(self, day: date) -> bool:
        is_off = self.days.get(day)
        return day.weekday() < SATURDAY if is_off is None else not is_off

    def knows(self, year: int) -> bool:
        """Whether the holidays of `year` were announced and entered."""
        return year in self.years

    def missing(self, days: Iterable[date]) -> list[int]:
        """The years of `days` that go by Monday to Friday for want of an announcement."""
        return sorted({day.year for day in days} - self.years)

    def name_of(self, day: date) -> str:
        """The holiday that makes `day` a day off; a make-up day is nobody's holiday."""
        return self.names.get(day, "") if self.days.get(day) else ""

    def next_workday(self, day: date) -> date:
        """`day` itself, or the first workday after it."""
        while not self.is_workday(day):
            day += ONE_DAY
        return day

    def workday_after(self, day: date) -> date:
        return self.next_workday(day + ONE_DAY)

    def add_workdays(self, day: date, count: int) -> date:
        """The workday on which `count` workdays have passed; `day` itself does not count."""
        if count < 0:
            raise ValueError("workdays are counted forwards")
        for _ in range(count):
            day = self.workday_after(day)
        return day

    def workdays_between(self, start: date, end: date) -> int:
        """How many workdays come after `start` up to and with `end`; negative when it is before."""
        if end < start:
            return -self.workdays_between(end, start)
        passed = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        return sum(map(self.is_workday, passed))

    def holidays_in(self, year: int) -> list[Holiday]:
        """What was announced for the days of `year`, by name, in the order of the year."""
        by_name: dict[str, list[date]] = {}
        for day in sorted(day for day in self.days if day.year == year):
            by_name.setdefault(self.names.get(day, ""), []).append(day)
        found = [
            Holiday(
                name,
                _spans([day for day in days if self.days[day]]),
                tuple(day for day in days if not self.days[day]),
            )
            for name, days in by_name.items()
        ]
        return sorted(found, key=_begin)


def _begin(holiday: Holiday) -> date:
    """A make-up day may come before its holiday: the holiday itself gives it its place."""
    return holiday.spans[0].first if holiday.spans else holiday.make_up_days[0]


def _spans(days: list[date]) -> tuple[Span, ...]:
    spans: list[Span] = []
    for day in days:
        if spans and day - spans[-1].last == ONE_DAY:
            spans[-1] = Span(spans[-1].first, day)
        else:
            spans.append(Span(day, day))
    return tuple(spans)


def add_months(day: date, count: int) -> date:
    """The same day `count` months later, or that month's last; `day` itself does not count."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
