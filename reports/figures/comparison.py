"""与上年同期比较: the totals of a table beside those of the same days a year earlier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from common.sheets.cells import chinese_date
from reports.figures.headlines import Headline
from reports.percentages import rate
from reports.periods import Period
from reports.tables import Column, Figure, Kind, Row, RowKind, Table, Value

COLUMNS = (
    Column("项目", Kind.TEXT),
    Column("本期"),
    Column("上年同期"),
    Column("增减"),
    Column("增减（%）", Kind.RATE, short="增减%"),
)
NOTES = (
    "上年同期是上年的同一段日子，本期还没有结束的算到上年的今天；"
    "两期都按现在的登记计数，计划接待日也只数到今天；比率的增减是百分点。",
    "增减（%）= 增减 ÷ 上年同期；上年同期为 0 的写“—”。",
    "建议的承办、答复和评价是现状，上年的多办了一年，不作比较。",
)


def not_whole(earlier: Period, began: date | None) -> bool:
    """Whether records that `began` on a day tell too little of `earlier` to be compared with: its
    first month had gone by."""
    return began is None or began > next(earlier.months()).last


def compare(now: Table, before: Table, earlier: Period, began: date | None) -> Table | None:
    """Every count and rate of the total rows, column by column; None where the year before has
    nothing at all. No change is claimed against days that records (which `began` on a day) do not
    cover."""
    pairs = [
        (column, cell, before.figure(column.name))
        for column, cell in zip(now.columns, now.total.cells, strict=True)
        if column.kind != Kind.TEXT and isinstance(cell.value, int | Decimal | None)
    ]
    if not any(old.value for _, _, old in pairs):
        return None
    short = not_whole(earlier, began)
    rows = [_row(column, new, old, known=not short) for column, new, old in pairs]
    both = Row([Figure("合计"), *[Figure("")] * 4], RowKind.TOTAL)
    title = f"与上年同期比较（{earlier.label}）"
    notes = (_why_no_change(began), *NOTES) if short else NOTES
    return Table("comparison", title, "", COLUMNS, [*rows, both], notes)


def _why_no_change(began: date | None) -> str:
    since = f"接待登记从{chinese_date(began)}才有" if began else "还没有接待登记"
    return f"{since}，上年同期登记不全，不算增减，写“—”。"


def _row(column: Column, new: Figure, old: Figure, *, known: bool) -> Row:
    change = difference(new.value, old.value) if known else None
    share = None
    if column.kind == Kind.COUNT and isinstance(change, int) and isinstance(old.value, int):
        share = rate(change, old.value)
    return Row([Figure(column.name), new, old, Figure(change), Figure(share)])


def difference(new: Value, old: Value) -> int | Decimal | None:
    """None where one of the two is not known."""
    if isinstance(new, Decimal) and isinstance(old, Decimal):
        return new - old
    if isinstance(new, int) and isinstance(old, int):
        return new - old
    return None


def with_changes(lines: Sequence[Headline], before: Mapping[str, Value]) -> list[Headline]:
    """Each headline with what became of it since; `before`: {label: value a year ago}."""
    return [
        replace(line, change=_words(line, before[line.label])) if line.label in before else line
        for line in lines
    ]


def _words(line: Headline, old: Value) -> str:
    change = difference(line.figure.value, old)
    if change is None:
        return ""
    if not change:
        return "与上年同期相同"
    more = change > 0
    if isinstance(change, Decimal):
        return f"比上年同期{'高' if more else '低'} {abs(change):.2f} 个百分点"
    return f"比上年同期{'多' if more else '少'} {abs(change):,} {line.unit}"
