"""The rule text of a station, as offices write it, read into a Recurrence."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace

from common.sheets.numerals import parse_digits, parse_numeral
from deputies.recurrence import grammar
from deputies.recurrence.rules import (
    EVERY_MONTH,
    DaysOfMonth,
    LastDay,
    MarketDays,
    Months,
    NthWeekdays,
    Pattern,
    Recurrence,
    Rule,
    Weekly,
)
from deputies.recurrence.tidying import tidied

LONGEST = 200
EXAMPLES = (
    "每周三；每月10日、20日、30日；每月第一个和第三个周二；每月最后一个周五；单月15日；"
    "每季度首月10日；每月逢3、8；2026年1月8日、3月12日"
)


class Unreadable(ValueError):
    """The text is no rule; the message says in Chinese what was not understood, with examples."""

    def __init__(self, what: str):
        super().__init__(f"{what}。可以这样写：{EXAMPLES}。")


def parse(text: str) -> Recurrence:
    """Read 每周三, 单月15日、双月第三个周五 …; raises Unreadable unless all of it is understood."""
    if len(text) > LONGEST:
        raise Unreadable(f"接待日太长（{len(text)} 个字），最多 {LONGEST} 个字")
    reader = _Reader(tidied(text))
    rules: list[Rule] = []
    context = _Context()
    reader.take(grammar.GAP)
    while not reader.at_end:
        context = reader.read_months(context)
        rule = reader.read_pattern(context)
        context = replace(context, months=None) if isinstance(rule.pattern, Weekly) else context
        rules.append(rule)
    if not rules:
        raise Unreadable(
            "没有写接待日" if not text.strip() else f"“{text.strip()}”里没有写哪天接待"
        )
    return Recurrence(tuple(rules))


@dataclass(frozen=True)
class _Context:
    """What was said before and goes on: 单月10日、20日, 2026年1月8日、3月12日."""

    months: Months | None = None
    year: int | None = None
    # The months stand right here and not in an earlier part of a list.
    said: bool = False
    whole_quarter: bool = False


class _Reader:
    """Reads one rule after the other; what it cannot read it names."""

    def __init__(self, text: str):
        self.text = text
        self.position = self.start = 0

    @property
    def at_end(self) -> bool:
        return self.position == len(self.text)

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self.text, self.position)
        if match:
            self.position = match.end()
        return match

    def refuse(self, why: str = "没有读懂") -> Unreadable:
        """Name the part of the list in which the reader stands."""
        gap = grammar.GAP.search(self.text, max(self.position, self.start + 1))
        part = self.text[self.start : gap.start() if gap else None]
        return Unreadable(f"接待日中的“{part}”{why}")

    def read_months(self, before: _Context) -> _Context:
        """The year and the months of the next rule: its own, or those of the one before."""
        self.start = self.position
        year = self._read_year()
        any_year = year is None and self.take(grammar.EVERY_YEAR) is not None
        months, whole_quarter = self._take_months()
        if months is None:
            if year is not None or any_year:
                return _Context(year=year)
            return replace(before, said=False)
        self._check_list(months.numbers, self.take(grammar.MONTH_LIST))
        self.take(grammar.OF_MONTH)
        if year is None and months.named and not any_year:
            year = before.year
        return _Context(months, year, True, whole_quarter)

    def _read_year(self) -> int | None:
        match = self.take(grammar.YEAR)
        if match is None:
            return None
        year = parse_digits(match[1])
        if year is None:
            raise self.refuse()
        return year if year >= 100 else 2000 + year

    def _take_months(self) -> tuple[Months | None, bool]:
        if self.take(grammar.EACH_MONTH):
            return Months(), False
        if match := self.take(grammar.PARITY):
            odd = match[1] in "单奇"
            return Months(EVERY_MONTH[not odd :: 2], "单月" if odd else "双月"), False
        if match := self.take(grammar.QUARTER):
            which = next((number for number in range(3) if match[number + 1]), None)
            return _month_of_quarter(which or 0), which is None
        if match := self.take(grammar.HALF_YEAR):
            first = match[1] == "上"
            return Months(
                EVERY_MONTH[:6] if first else EVERY_MONTH[6:], f"{match[1]}半年每月"
            ), False
        if match := self.take(grammar.NAMED_MONTHS):
            numbers = self._numbers(match[0], range(1, 13), "月")
            return Months(numbers, "、".join(f"{n}月" for n in numbers), named=True), False
        return None, False

    def read_pattern(self, context: _Context) -> Rule:
        for pattern, read in self._forms():
            if match := self.take(pattern):
                rule = read(match, context)
                break
        else:
            raise self.refuse()
        if (
            not self.at_end
            and not self.take(grammar.GAP)
            and not grammar.NEW_RULE.match(self.text, self.position)
        ):
            raise self.refuse()
        return rule

    def _forms(self) -> list[tuple[re.Pattern[str], Callable[[re.Match[str], _Context], Rule]]]:
        return [
            (grammar.NTH_WEEKDAYS, self._nth_weekdays),
            (grammar.MARKET_DAYS, self._market_days),
            (grammar.WEEKLY, self._weekly),
            (grammar.LAST_DAY, self._last_day),
            (grammar.DAYS_OF_MONTH, self._days_of_month),
        ]

    def _nth_weekdays(self, match: re.Match[str], context: _Context) -> Rule:
        ordinals = self._numbers(match[1], range(1, 6), "个")
        if context.whole_quarter and 5 in ordinals:
            raise self.refuse("没有读懂：请写明是季度的哪个月")
        pattern = NthWeekdays(ordinals, self._weekdays(match[2]))
        return _rule(pattern, context, at_end=all(ordinal < 0 for ordinal in ordinals))

    def _last_day(self, match: re.Match[str], context: _Context) -> Rule:
        return _rule(LastDay(), context, at_end=True)

    def _weekly(self, match: re.Match[str], context: _Context) -> Rule:
        pattern = Weekly(self._weekdays(match[2]))
        if context.said:
            return _rule(pattern, context)
        if match[1]:
            return Rule(pattern, year=context.year if context.months is None else None)
        if context.months and context.months.numbers != EVERY_MONTH:
            raise self.refuse(f"没有读懂：不清楚是{context.months.words}的，还是每周的")
        return Rule(pattern, year=context.year)

    def _market_days(self, match: re.Match[str], context: _Context) -> Rule:
        numbers = self._numbers(_spelled_apart(match[1]), range(1, 32), "日")
        if any(number > 10 for number in numbers):
            return _rule(DaysOfMonth(numbers), context)
        pattern = MarketDays(tuple(number % 10 for number in numbers))
        self._check_list(pattern.dates, self.take(grammar.DAY_LIST))
        return _rule(pattern, context)

    def _days_of_month(self, match: re.Match[str], context: _Context) -> Rule:
        if context.months is None and match[0][-1] not in grammar.DAY_SIGNS:
            raise self.refuse()
        numbers = self._numbers(match[0], range(1, 32), "日")
        months = context.months
        if months and months.named:
            longest = max(monthrange(context.year or 2024, month)[1] for month in months.numbers)
            if numbers[-1] > longest:
                raise self.refuse(f"有误：{months.words}没有{numbers[-1]}日")
        return _rule(DaysOfMonth(numbers), context)

    def _numbers(self, text: str, allowed: range, unit: str) -> tuple[int, ...]:
        """All numbers of a list with its ranges, in order; 最后 is -1."""
        found: set[int] = set()
        previous, spans = 0, False
        for token in grammar.NUMBER_IN_LIST.finditer(text):
            if token["to"]:
                spans = True
                continue
            number = self._number(token, allowed, unit)
            if spans and not 0 < previous < number:
                raise self.refuse(f"没有读懂：“{text}”的先后不对")
            found.update(range(previous, number + 1) if spans else (number,))
            previous, spans = number, False
        return tuple(sorted(found, key=lambda number: (number < 0, number)))

    def _number(self, token: re.Match[str], allowed: range, unit: str) -> int:
        if token["last"]:
            return -1
        if token["first"]:
            return 1
        number = parse_numeral(token["number"])
        if number is None:
            raise self.refuse()
        if number not in allowed:
            raise self.refuse(f"有误：没有{'第' if unit == '个' else ''}{number}{unit}")
        return -number if token["back"] else number

    def _weekdays(self, text: str) -> tuple[int, ...]:
        found: set[int] = set()
        previous, spans = 0, False
        for token in grammar.WEEKDAY_IN_LIST.finditer(text):
            if token["to"]:
                spans = True
                continue
            weekday = grammar.WEEKDAY_NUMBERS[token["day"]]
            if spans and weekday <= previous:
                raise self.refuse(f"没有读懂：“{text}”的先后不对")
            found.update(range(previous, weekday + 1) if spans else (weekday,))
            previous, spans = weekday, False
        return tuple(sorted(found))

    def _check_list(self, numbers: tuple[int, ...], match: re.Match[str] | None) -> None:
        """A list in brackets may only spell out what was said: 双月（2、4、6、8、10、12月）."""
        if match and self._numbers(match[0], range(1, 32), "日") != numbers:
            raise self.refuse(f"前后不一致：应为{'、'.join(map(str, numbers))}")


def _rule(pattern: Pattern, context: _Context, at_end: bool = False) -> Rule:
    """每季度15日 is in the first month of the quarter, 每季度最后一天 in its last."""
    months = context.months or Months()
    if context.whole_quarter and at_end:
        months = _month_of_quarter(2)
    return Rule(pattern, months, context.year)


def _month_of_quarter(which: int) -> Months:
    numbers = EVERY_MONTH[which::3]
    ordinal = "一二三"[which]
    return Months(numbers, f"每季度第{ordinal}个月（{'、'.join(map(str, numbers))}月）")


def _spelled_apart(text: str) -> str:
    """逢三八 is 3 and 8, 逢五十 is 5 and 10; 逢十五 and 逢二十 are dates."""

    def apart(match: re.Match[str]) -> str:
        number = parse_numeral(match[0])
        return match[0] if number is not None and number <= 31 else "、".join(match[0])

    return grammar.CHINESE_NUMBER.sub(apart, text)
