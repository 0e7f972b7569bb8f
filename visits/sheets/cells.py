"""Cells that the lines of several registers have alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from common.importing.rows import SheetRow
from common.sheets.cells import (
    CellError,
    DateSpan,
    Names,
    is_ditto,
    is_nothing,
    parse_count,
    parse_date,
    parse_money,
    parse_names,
    parse_text,
)
from visits.sheets.context import RegisterContext

_YUAN = "元"
_MOST_MONEY = Decimal(10) ** 10  # what the register has room for
_SHOWN = 6  # words that a message offers
_MOST_SMALL = 9999  # heads or opinions of one activity
_WORTH = re.compile(r"(?:折款|折价|折合|折|价值|合计|约合|合)(?:人民币)?[:：]?(.+?元)")
_HOUSEHOLDS = re.compile(r"(?P<households>[^户]*)户(?P<people>.*)", re.DOTALL)
_HELPED = re.compile(r"^(?:涉及|惠及|受益|帮扶|帮助|慰问|资助|走访|救助)+")
_ONLY_A_COUNT = re.compile(
    r"(?:共|等)?(?:[0-9]{1,4}|[0-9一二两三四五六七八九十百]{1,5}(?:人|名|位))"
)


@dataclass(frozen=True)
class Figure:
    """A figure of a sheet; `words` are those it was written in where they leave it open, `text`
    is the cell. `number` None says that the cell is blank."""

    number: Decimal | None = None
    words: str = ""
    text: str = ""

    @property
    def amount(self) -> Decimal:
        return self.number or Decimal(0)


@dataclass(frozen=True)
class Helped:
    """户 and 人, which offices often write into one cell (3户12人)."""

    households: Figure = Figure()
    people: Figure = Figure()


def day_of_line(value, context: RegisterContext) -> DateSpan:
    """The day of a line; a cell that cannot be read is no day that 同上 could mean."""
    before, context.previous, context.received_on = context.previous, None, None
    span = parse_date(value, year=context.year, previous=before, not_after=context.today)
    if span.start:
        context.previous, context.received_on = span, span.start
    return span


def finished(value, context: RegisterContext):
    """The day on which something was done; 当天 is that of the line.

    A day without a year that would lie before the line's is one of the year after.
    """
    if is_nothing(value):
        return None
    begun = context.received_on
    if begun and re.fullmatch("当[天日]|同[日天]|即日", "".join(parse_text(value).split())):
        return begun
    found = _last_day(value, context.year, context)
    if begun and found and found < begun and context.year:
        found = max(found, _last_day(value, context.year + 1, context))
    if begun and found and found < begun:
        raise CellError("完成日期早于本行的日期，请核对")
    return found


def _last_day(value, year: int | None, context: RegisterContext):
    previous = context.previous
    return parse_date(value, year=year, previous=previous, not_after=context.today).end


def people_of_line(value, context: RegisterContext) -> Names:
    """Who is named; 同上 are those of the line above."""
    if is_ditto(value):
        if context.previous_people is None:
            raise CellError("上一行没有可以照抄的代表，请写姓名")
        return context.previous_people
    context.previous_people = None
    context.previous_people = names_or_count(value, context)
    return context.previous_people


def names_or_count(value, context: RegisterContext) -> Names:
    """Names, or only how many they were (9人); 全体代表 names nobody."""
    words = "".join(parse_text(value).split())
    if re.fullmatch("(?:本站)?(?:全体|全部|所有)(?:本站)?(?:人大)?(?:代表|人员|成员)?", words):
        return Names((), 0, words, and_others=True)
    if words not in context.names and _ONLY_A_COUNT.fullmatch(words):
        count = parse_count(words.lstrip("共等"), least=0)
        return Names((), count.value or 0, words, and_others=True)
    return parse_names(value, known=context.names)


def small_count(value, context) -> Figure:
    """How many, none being 0: 9, 9人, 2条."""
    figure = _counted(value, parse_text(value))
    if figure.amount > _MOST_SMALL:
        raise CellError(f"“{figure.text}”太大，请核对")
    return figure


def money(value, context) -> Figure:
    return money_in(value, _YUAN)


def goods(value, context) -> Figure:
    """What goods are worth; 大米10袋折500元 is 500, and stays in its words."""
    return goods_in(value, _YUAN)


def money_in(value, unit: str) -> Figure:
    """An amount in 元; cells that name no unit are in that of the heading."""
    found = parse_money(value, unit=unit)
    if found.amount is not None and found.amount >= _MOST_MONEY:
        raise CellError(f"金额“{found.text}”太大，请核对")
    words = found.text if found.approximate else ""
    if words and unit != _YUAN and not re.search("[元块圆千万亿]", words):
        words += unit
    return Figure(found.amount, words, found.text)


def goods_in(value, unit: str) -> Figure:
    try:
        return money_in(value, unit)
    except CellError:
        text = parse_text(value)
        worth = _WORTH.search(text)
        if worth is None or len(text) > 200:
            raise
        return replace(money_in(worth[1], _YUAN), words=text, text=text)


def households(value, context) -> Helped:
    """12, 12户, 十余户, 3户12人."""
    text = parse_text(value)
    if is_nothing(value) or "户" in text:
        return _helped(text)
    return Helped(households=_counted(value, text))


def people(value, context) -> Helped:
    """12, 12人, 100多人, 3户12人."""
    text = parse_text(value)
    if is_nothing(value) or "户" in text:
        return _helped(text)
    return Helped(people=_counted(value, text))


def _helped(text: str) -> Helped:
    match = _HOUSEHOLDS.fullmatch("".join(text.split()))
    if match is None:
        return Helped()
    rest = match["people"].strip("、，,；;。.")
    rest = re.sub("^(?:共计?|合计)?", "", rest)
    has_number = re.search(r"[0-9０-９〇零一二两三四五六七八九十百千万余多]", rest)
    return Helped(
        _counted(_HELPED.sub("", match["households"]), text),
        _counted(rest, text) if has_number else Figure(),
    )


def _counted(value, text: str) -> Figure:
    try:
        found = parse_count(value, least=0)
    except CellError:
        raise CellError(f"看不出“{text[:20]}”是多少，请填数字，如 3") from None
    number = None if found.value is None else Decimal(found.value)
    return Figure(number, text if found.approximate else "", text)


def word_of(words: Mapping[str, str], what: str, labels: Iterable[str]):
    """One of the values of `words`, found by its exact word or else by the first it holds."""

    def parse(value, context) -> str:
        found = _plain("".join(parse_text(value).split()))
        if is_nothing(value):
            return ""
        meaning = words.get(found) or next((words[word] for word in words if word in found), "")
        if not meaning:
            offered = "、".join(list(labels)[:_SHOWN])
            raise CellError(f"不认识的{what}“{found[:20]}”，可填：{offered}等")
        return meaning

    return parse


def keep_words(row: SheetRow, columns: Mapping[str, Mapping[str, str]]) -> None:
    """A cell that says more than the word it was read as keeps its text in 备注."""
    for column, words in columns.items():
        text = "".join(row.text(column).split())
        if row.values.get(column) and text not in words and _plain(text) not in words:
            row.values.setdefault("aside", []).append(f"{column}：{row.text(column)}")


def keep_others(row: SheetRow, column: str) -> None:
    """张三等3人 names one of three, 全体代表 nobody: the words stay in 备注."""
    names = row.values.get(column)
    if names is not None and names.and_others and (names.people or not names.more):
        row.values.setdefault("aside", []).append(f"{column}：{names.text}")


def _plain(text: str) -> str:
    return text.replace("(", "（").replace(")", "）")


def in_unit_of_heading(row: SheetRow, columns: Mapping[str, Callable[[Any, str], Figure]]) -> None:
    """Read amounts again where the heading counts them in 万元 or 千元."""
    for column, parse in columns.items():
        unit, cell = row.table.units.get(column, _YUAN), row.entry.cell(column)
        figure = row.values.get(column, Figure())
        if unit not in {"千元", "万元"} or cell is None or figure.number is None:
            continue
        try:
            row.values[column] = parse(cell.value, unit)
        except CellError as error:
            row.values[column] = Figure()
            row.warn(column, f"{error}（原文已记入备注）")
            row.values.setdefault("aside", []).append(f"{column}：{figure.text}{unit}")
