"""Figures as a sentence says them; the rules of the drafted text, without its sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from reports.percentages import rate
from reports.tables import Figure, Row, RowKind, Table

MOST_NAMED = 3
UNNAMED = ("未分类", "其他")  # say nothing of what people speak of
TEN_THOUSAND = 10_000
_DIGITS = "零一二三四五六七八九"
_PLACES = ((1000, "千"), (100, "百"), (10, "十"), (1, ""))
_GAP = re.compile(r"(?<=[^\x00-\xff]) (?=\d)|(?<=[\d%]) (?=[^\x00-\xff])")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")


class Totals:
    """The totals of a table by the names of its columns; a blank figure for a column or table
    that is not there, so that no sentence is made of it."""

    def __init__(self, table: Table | None):
        self._table = table if table and table.rows else None
        self._places = {one.name: at for at, one in enumerate(table.columns)} if table else {}

    def __getitem__(self, name: str) -> Figure:
        if self._table is None or name not in self._places:
            return Figure(None)
        return self._table.total.cells[self._places[name]]

    def has(self, name: str) -> bool:
        return bool(self[name].value)

    def count(self, name: str) -> int:
        value = self[name].value
        return value if isinstance(value, int) else 0


def in_chinese(number: int) -> str:
    """一 … 十, 十一, 二十, 一百零一, 一百一十: the numbers of headings."""
    if number >= TEN_THOUSAND:
        return str(number)
    said = ""
    for power, unit in _PLACES:
        digit, number = divmod(number, power)
        if digit:
            said += f"{_DIGITS[digit]}{unit}"
        elif said and number and not said.endswith("零"):
            said += "零"
    return said.removeprefix("一") if said.startswith("一十") else said or "零"


def numbered(lines: Iterable[str]) -> Iterator[str]:
    """（一）…, （二）…: the second level of an official paper."""
    return (f"（{in_chinese(at)}）{line}" for at, line in enumerate(lines, start=1))


def as_printed(line: str) -> str:
    """The sentence as official papers set it: no gap at a number, and no comma within one, where
    a line might break."""
    return _THOUSANDS.sub("", _GAP.sub("", line))


def join(*parts: str) -> str:
    return "，".join(filter(None, parts))


def count_of(figure: Figure) -> str:
    return figure.shown


def amount(figure: Figure, unit: str = "") -> str:
    """1,825; 约 1,825; with 元 also 约 147.39 万元, as money is read out."""
    if not unit:
        return figure.shown
    value = figure.value
    if isinstance(value, str) or value is None or value < TEN_THOUSAND:
        return f"{figure.shown} {unit}"
    rough = "约 " if figure.approximate else ""
    shown = f"{Decimal(value) / TEN_THOUSAND:,.2f}".rstrip("0").rstrip(".")
    return f"{rough}{shown} 万{unit}"


def share_of(
    totals: Totals, name: str, whole: int, rate_name: str, *, unit: str = "条", lead: str = "",
    said: str = "",
) -> str:  # fmt: skip
    """办结 932 条，办结率 92.00%."""
    if not totals.has(name):
        return ""
    part = f"{said or name} {count_of(totals[name])} {unit}"
    return f"{lead}{part}，{rate_name} {rate(totals.count(name), whole)}%"


def change(name: str, now: int, before: int, unit: str) -> str:
    """接待批次增加 12 批（增长 8.33%）; nothing where there is nothing to compare with."""
    if not before:
        return ""
    if now == before:
        return f"{name}持平"
    more = now > before
    part = rate(abs(now - before), before)
    verb, grown = ("增加", "增长") if more else ("减少", "下降")
    return f"{name}{verb} {abs(now - before):,} {unit}（{grown} {part}%）"


def most_frequent(by_category: Table | None) -> str:
    """What people speak of most: 基础设施（157 条，占 15.50%）、…"""
    if by_category is None:
        return ""
    return "、".join(
        f"{row.name.shown}（{by_category.figure('合计', row).shown} 条，"
        f"占 {by_category.figure('占比（%）', row).shown}%）"
        for row in _frequent(by_category)
    )


def topics(by_category: Table | None) -> str:
    """The same by name: 基础设施、环境卫生、教育卫生."""
    return "、".join(row.name.shown for row in _frequent(by_category)) if by_category else ""


def _frequent(by_category: Table) -> list[Row]:
    rows = [row for row in by_category.rows
            if row.kind != RowKind.TOTAL and row.name.shown not in UNNAMED
            and by_category.figure("合计", row).value]  # fmt: skip
    return sorted(rows, key=lambda row: -by_category.figure("合计", row).count)[:MOST_NAMED]
