"""The stretch of days that a report covers, and how it reads in Chinese."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST_YEARS = 10
_QUARTERS = {
    1: "第一季度",
    4: "第二季度",
    7: "第三季度",
    10: "第四季度",
}


class PeriodError(ValueError):
    """These days are no period of a report; the message is for the user."""


@dataclass(frozen=True)
class Period:
    """From `first` to `last`, both days counted."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise PeriodError("结束日期不能早于开始日期。")
        if self.first.year < FIRST_YEAR or self.last.year > LAST_YEAR:
            raise PeriodError(f"年份应在 {FIRST_YEAR} 到 {LAST_YEAR} 之间。")
        if self.last.year - self.first.year >= LONGEST_YEARS:
            raise PeriodError(f"一份报告最多跨 {LONGEST_YEARS} 个年份。")

    @classmethod
    def of_year(cls, year: int) -> Period:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise PeriodError(f"年份应在 {FIRST_YEAR} 到 {LAST_YEAR} 之间。")
        return cls(date(year, 1, 1), date(year, 12, 31))

    @classmethod
    def of_months(cls, year: int, first: int, last: int) -> Period:
        """From the first day of month `first` to the last day of month `last`."""
        return cls(date(year, first, 1), _month_end(year, last))

    @classmethod
    def between(cls, first: date | None, last: date | None, *, year: int) -> Period:
        """`year`, or what is asked for: an open side reaches to that side's end of the year."""
        if first is None and last is None:
            return cls.of_year(year)
        return cls(
            first or date((last or date.max).year, 1, 1),
            last or date((first or date.min).year, 12, 31),
        )

    @property
    def is_year(self) -> bool:
        return self == Period.of_year(self.first.year)

    @property
    def label(self) -> str:
        """2025年, 2025年上半年, 2025年第一季度, 2025年3月, 2025年1月5日至3月8日."""
        if self.is_year:
            return f"{self.first.year}年"
        return self._part_of_year() or self._days()

    @property
    def title(self) -> str:
        """How it stands in a report's name: 2025年度; other periods as their label."""
        return f"{self.first.year}年度" if self.is_year else self.label

    def months(self) -> Iterator[Period]:
        """The months of the period; the first and the last may be cut."""
        year, month = self.first.year, self.first.month
        while (year, month) <= (self.last.year, self.last.month):
            yield Period(
                max(self.first, date(year, month, 1)), min(self.last, _month_end(year, month))
            )
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)

    def year_before(self) -> Period | None:
        """The same days one year earlier; what ends with a month ends with that month."""
        try:
            return Period(_year_back(self.first), _year_back(self.last, of_end=True))
        except PeriodError:
            return None

    def year_before_by(self, today: date) -> Period | None:
        """The same; of days that are still running, only those that have been by `today`."""
        return self.so_far(today).year_before()

    def so_far(self, today: date) -> Period:
        """Of days that are still running, those that have been by `today`; others whole."""
        return Period(self.first, today) if self.first <= today < self.last else self

    def _part_of_year(self) -> str:
        year, month = self.first.year, self.first.month
        for length, names in (
            (6, {1: "上半年", 7: "下半年"}),
            (3, _QUARTERS),
            (1, {month: f"{month}月"}),
        ):
            if month in names and self == Period.of_months(year, month, month + length - 1):
                return f"{year}年{names[month]}"
        return ""

    def _days(self) -> str:
        first, last = self.first, self.last
        start = f"{first.year}年{first.month}月{first.day}日"
        if first == last:
            return start
        end = f"{last.month}月{last.day}日"
        return f"{start}至{end}" if first.year == last.year else f"{start}至{last.year}年{end}"


def parts_of(year: int) -> list[Period]:
    """What a year is usually reported by: whole, halves, quarters."""
    halves = [Period.of_months(year, month, month + 5) for month in (1, 7)]
    quarters = [Period.of_months(year, month, month + 2) for month in _QUARTERS]
    return [Period.of_year(year), *halves, *quarters]


def months_of(year: int) -> list[Period]:
    """Its twelve months."""
    return list(Period.of_year(year).months())


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _year_back(day: date, *, of_end: bool = False) -> date:
    """The day one year earlier; 29 February becomes the 28th."""
    end = _month_end(day.year - 1, day.month)
    if of_end and day == _month_end(day.year, day.month):
        return end
    return end.replace(day=min(day.day, end.day))
