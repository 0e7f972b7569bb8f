"""When a deadline falls and how it came about, in words that are stored and shown; no Django."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from common.workdays import ONE_DAY, SATURDAY, Workdays, add_months

WEEKDAYS = "一二三四五六日"


class Unit(StrEnum):
    WORKDAYS = "workdays"
    DAYS = "days"
    MONTHS = "months"


UNIT_WORDS = {Unit.WORKDAYS: "个工作日", Unit.DAYS: "天", Unit.MONTHS: "个月"}


@dataclass(frozen=True)
class Span:
    """How long somebody has; with `rolls`, a due day that is a day off moves to a workday."""

    count: int
    unit: Unit
    rolls: bool = True

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError("the start day does not count: a span is at least one unit long")

    @property
    def words(self) -> str:
        return f"{self.count} {UNIT_WORDS[self.unit]}"


@dataclass(frozen=True)
class Reckoned:
    """A deadline: `plain` is where it fell before it moved off a day off."""

    start: date
    due: date
    plain: date
    explanation: str


def reckon(start: date, span: Span, calendar: Workdays, *, began: str) -> Reckoned:
    """The day on which `span` ends, with the reason; `start` itself does not count.

    `began` says what set the clock off (重新交办). Months end on the same day number or on the
    month's last day.
    """
    plain = _plain(start, span, calendar)
    due = calendar.next_workday(plain) if span.rolls else plain
    told = _Told(start, span, plain, due, calendar)
    return Reckoned(start, due, plain, told.explanation(began))


def _plain(start: date, span: Span, calendar: Workdays) -> date:
    if span.unit is Unit.WORKDAYS:
        return calendar.add_workdays(start, span.count)
    if span.unit is Unit.DAYS:
        return start + timedelta(days=span.count)
    return add_months(start, span.count)


@dataclass(frozen=True)
class _Told:
    """The words for one reckoning."""

    start: date
    span: Span
    plain: date
    due: date
    calendar: Workdays

    def explanation(self, began: str) -> str:
        opening = f"{self.start.year}年{_month_day(self.start)}{began}，当日不计"
        steps = [opening, self._counted(), *self._moved()]
        return " → ".join(steps) + self._unknown_years() + "。"

    def _counted(self) -> str:
        day = self._named(self.plain)
        if self.span.unit is Unit.WORKDAYS:
            return f"第 {self.span.count} 个工作日为 {day}{self._on_the_way()}"
        clipped = ""
        if self.span.unit is Unit.MONTHS and self.plain.day != self.start.day:
            clipped = f"，{self.plain.month}月没有 {self.start.day} 日，"
        return f"加 {self.span.words}{clipped}为 {day}{self._made_up(self.plain)}"

    def _moved(self) -> Iterator[str]:
        """How the day off is dealt with on which the span ends, if it does end on one."""
        if self.calendar.is_workday(self.plain):
            return
        if self.due == self.plain:
            yield f"逢{self._day_off(self.plain)}，期限不顺延"
        elif self._holidays(self.plain):
            target = f"{self._named(self.due)}{self._made_up(self.due)}"
            yield f"逢{self._why_off()}，顺延到节后第一个工作日 {target}"
        else:
            note = "，调休上班" if self._is_made_up(self.due) else ""
            target = f"{self._named(self.due)}（{_weekday(self.due)}{note}）"
            yield f"逢{self._day_off(self.plain)}，顺延到 {target}"

    def _why_off(self) -> str:
        """A weekend may run into a holiday, and one holiday into another."""
        names = dict.fromkeys(run.name for run in self._holidays(self.plain))
        off = f"{'、'.join(names)}放假"
        weekend = not self._is_holiday(self.plain)
        return f"{self._day_off(self.plain)}，接着{off}" if weekend else off

    def _day_off(self, day: date) -> str:
        if self._is_holiday(day):
            return f"{self.calendar.name_of(day)}放假"
        return _weekday(day)

    def _on_the_way(self) -> str:
        """Holidays that were left out and make-up days that were counted; weekends go unsaid."""
        first = self.start + ONE_DAY
        notes = ["调休上班"] if self._is_made_up(self.due) else []
        if holidays := self._holidays(first):
            skipped = "、".join(f"{one.name}放假 {self._stretch(one)}" for one in holidays)
            notes.append(f"跳过{skipped}")
        worked = [day for day in _days(first, self.due) if self._is_made_up(day)]
        if worked:
            notes.append(f"{'、'.join(map(self._named, worked))}调休上班，计入")
        return f"（{'；'.join(notes)}）" if notes else ""

    def _holidays(self, first: date) -> list[_Run]:
        """The holidays from `first` to before the due day, each in one stretch."""
        runs: list[_Run] = []
        for day in filter(self._is_holiday, _days(first, self.due)):
            name = self.calendar.name_of(day)
            if runs and runs[-1].name == name and day - runs[-1].last == ONE_DAY:
                runs[-1] = _Run(name, runs[-1].first, day)
            else:
                runs.append(_Run(name, day, day))
        return runs

    def _unknown_years(self) -> str:
        """What is only an assumption, where the days off of a year played a part."""
        if self.span.unit is Unit.WORKDAYS:
            asked = _days(self.start + ONE_DAY, self.due + ONE_DAY)
        else:
            asked = _days(self.plain, self.due + ONE_DAY if self.span.rolls else self.plain)
        years = "、".join(f"{year}年" for year in self.calendar.missing(asked))
        return f"（{years}放假安排还没有录入，暂按周一至周五算）" if years else ""

    def _is_holiday(self, day: date) -> bool:
        """A weekend that no holiday names is not one, and neither is a make-up day."""
        named = bool(self.calendar.name_of(day))
        return named or (day.weekday() < SATURDAY and not self.calendar.is_workday(day))

    def _is_made_up(self, day: date) -> bool:
        return day.weekday() >= SATURDAY and self.calendar.is_workday(day)

    def _made_up(self, day: date) -> str:
        return "（调休上班）" if self._is_made_up(day) else ""

    def _named(self, day: date) -> str:
        year = "" if day.year == self.start.year else f"{day.year}年"
        return year + _month_day(day)

    def _stretch(self, run: _Run) -> str:
        first, last = run.first, run.last
        if first == last:
            return self._named(first)
        if (first.year, first.month) == (last.year, last.month):
            return f"{self._named(first)}–{last.day}日"
        ending = _month_day(last) if first.year == last.year else self._named(last)
        return f"{self._named(first)}–{ending}"


@dataclass(frozen=True)
class _Run:
    """Days of one holiday that follow each other."""

    name: str
    first: date
    last: date


def _days(first: date, until: date) -> Iterator[date]:
    """`until` is not among them."""
    while first < until:
        yield first
        first += ONE_DAY


def _month_day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _weekday(day: date) -> str:
    return f"周{WEEKDAYS[day.weekday()]}"
