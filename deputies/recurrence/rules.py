"""What a rule says: which days of which months; and the same in plain Chinese.

The words of a rule read back as the same rule, so an office may copy them into its sheet.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol

MonthEnd = Literal["last_day", "skip"]

WEEKDAYS = "一二三四五六日"
ORDINALS = ("", "第一个", "第二个", "第三个", "第四个", "第五个")
EVERY_MONTH = tuple(range(1, 13))


class Pattern(Protocol):
    """Which days of one month."""

    @property
    def words(self) -> str: ...

    def days(self, year: int, month: int, month_end: MonthEnd) -> Iterator[int]: ...


@dataclass(frozen=True)
class Months:
    """Months of a year; `named` ones are written by their numbers (3月、9月)."""

    numbers: tuple[int, ...] = EVERY_MONTH
    words: str = "每月"
    named: bool = False


@dataclass(frozen=True)
class DaysOfMonth:
    """每月10日、20日: the same dates each month."""

    numbers: tuple[int, ...]

    @property
    def words(self) -> str:
        return "、".join(f"{number}日" for number in self.numbers)

    def days(self, year: int, month: int, month_end: MonthEnd) -> Iterator[int]:
        last = monthrange(year, month)[1]
        for number in self.numbers:
            if number <= last or month_end == "last_day":
                yield min(number, last)


@dataclass(frozen=True)
class LastDay:
    """每月最后一天."""

    words: str = "最后一天"

    def days(self, year: int, month: int, month_end: MonthEnd) -> Iterator[int]:
        yield monthrange(year, month)[1]


@dataclass(frozen=True)
class MarketDays:
    """每月逢3、8: all dates that end in these digits; a date that a month lacks is no market."""

    digits: tuple[int, ...]

    @property
    def dates(self) -> tuple[int, ...]:
        return tuple(number for number in range(1, 32) if number % 10 in self.digits)

    @property
    def words(self) -> str:
        digits = "、".join(str(digit or 10) for digit in self.digits)
        return f"逢{digits}日（{'、'.join(map(str, self.dates))}日）"

    def days(self, year: int, month: int, month_end: MonthEnd) -> Iterator[int]:
        last = monthrange(year, month)[1]
        yield from (number for number in self.dates if number <= last)


@dataclass(frozen=True)
class Weekly:
    """每周三: all such weekdays (Monday is 0)."""

    weekdays: tuple[int, ...]

    @property
    def words(self) -> str:
        first, last = self.weekdays[0], self.weekdays[-1]
        if last - first == len(self.weekdays) - 1 >= 2:
            return f"每周{WEEKDAYS[first]}至周{WEEKDAYS[last]}"
        return f"每{_weekday_words(self.weekdays)}"

    def days(self, year: int, month: int, month_end: MonthEnd) -> Iterator[int]:
        for weekday in self.weekdays:
            yield from _weekdays_of(year, month, weekday)


@dataclass(frozen=True)
class NthWeekdays:
    """每月第一个和第三个周二; negative ordinals count from the end of the month."""

    ordinals: tuple[int, ...]
    weekdays: tuple[int, ...]

    @property
    def words(self) -> str:
        ordinals = "、".join(map(_ordinal_words, self.ordinals))
        return ordinals + _weekday_words(self.weekdays)

    def days(self, year: int, month: int, month_end: MonthEnd) -> Iterator[int]:
        for weekday in self.weekdays:
            found = _weekdays_of(year, month, weekday)
            for ordinal in self.ordinals:
                if abs(ordinal) <= len(found):
                    yield found[ordinal - 1 if ordinal > 0 else ordinal]


@dataclass(frozen=True)
class Rule:
    """One pattern in some months, of every year or of one."""

    pattern: Pattern
    months: Months = field(default_factory=Months)
    year: int | None = None

    def dates(self, year: int, month_end: MonthEnd) -> Iterator[date]:
        if self.year not in (None, year):
            return
        for month in self.months.numbers:
            for day in self.pattern.days(year, month, month_end):
                yield date(year, month, day)

    @property
    def words(self) -> str:
        return self._year_words + self.words_within_year

    @property
    def words_within_year(self) -> str:
        if isinstance(self.pattern, Weekly) and self.months.numbers == EVERY_MONTH:
            return self.pattern.words
        link = "的" if self.months.named and len(self.months.numbers) > 1 else ""
        return self.months.words + link + self.pattern.words

    @property
    def _year_words(self) -> str:
        if self.year is not None:
            return f"{self.year}年"
        return "每年" if self.months.named else ""

    def continues(self, before: Rule) -> bool:
        """Whether both stand in one list of dates: 1月8日、3月12日."""
        both = (self, before)
        return self.year == before.year and all(
            rule.months.named and isinstance(rule.pattern, DaysOfMonth) for rule in both
        )


@dataclass(frozen=True)
class Recurrence:
    """All rules of a station's 接待日."""

    rules: tuple[Rule, ...]

    def planned(self, year: int, *, month_end: MonthEnd = "last_day") -> list[date]:
        """The days of `year` as the rule has them, before any holiday moves them.

        `month_end` decides what 每月30日 is in February: its last day, or none.
        """
        return sorted({day for rule in self.rules for day in rule.dates(year, month_end)})

    @property
    def words(self) -> str:
        """How the rule was read, in plain Chinese."""
        text = ""
        for number, rule in enumerate(self.rules):
            if number and rule.continues(self.rules[number - 1]):
                text += f"、{rule.words_within_year}"
            else:
                text += f"{'；' if number else ''}{rule.words}"
        return text


def _weekday_words(weekdays: Sequence[int]) -> str:
    return "、".join(f"周{WEEKDAYS[weekday]}" for weekday in weekdays)


def _ordinal_words(ordinal: int) -> str:
    if ordinal == -1:
        return "最后一个"
    return ORDINALS[ordinal] if ordinal > 0 else f"倒数{ORDINALS[-ordinal]}"


def _weekdays_of(year: int, month: int, weekday: int) -> range:
    first_weekday, length = monthrange(year, month)
    return range(1 + (weekday - first_weekday) % 7, length + 1, 7)
