"""Texts in the columns of a paper register: what a cell says, and how high it will be."""

from __future__ import annotations

import calendar
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from common.sheets.cells import chinese_date

LOWEST_LINE = 9.6  # mm
_TEXT_LINE = 4.05
_MARGINS = 2.6
_WIDE = 3.0  # mm that a Chinese character takes
_NARROW = 1.7
_PADDING = 2.05  # mm beside the text of a cell
_SMALL = 8 / 8.5  # of the usual letters
# What stands in one line: a number or a word, else a character with the marks behind it.
_TOGETHER = re.compile(r"[（“《]*(?:[0-9A-Za-z.,*%/:-]+|.)[，。；：、！？）”》]*")


@dataclass(frozen=True)
class PrintedCell:
    css: str
    text: str


@dataclass(frozen=True)
class PrintedEntry:
    """One entry as texts: what is said once in front, a row for each line, and once behind."""

    facts: list[PrintedCell]
    height: float
    source: Any
    lines: list[list[PrintedCell]] = field(default_factory=lambda: [[]])
    signed: list[PrintedCell] = field(default_factory=list)


def cells_of(texts: Sequence[str], columns: Mapping[str, float]) -> list[PrintedCell]:
    return [PrintedCell(f"c-{name}", text) for name, text in zip(columns, texts, strict=True)]


def text_of(value, year: int) -> str:
    """A value as paper shows it, without the year that the head names."""
    if isinstance(value, date):
        value = chinese_date(value)
        if not value.startswith(f"{year}年"):
            value = value.replace("年", "年\n")
    if isinstance(value, Decimal):
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    return "" if value is None else str(value).removeprefix(f"{year}年")


def height_of(texts: Sequence[str], columns: Mapping[str, float], *, small: bool = False) -> float:
    """The height in mm of a row whose cells say `texts`, maybe in `small` letters: a guess."""
    size = _SMALL if small else 1
    lines = max(
        _lines_needed(text, (width - _PADDING) / size)
        for text, width in zip(texts, columns.values(), strict=True)
    )
    return max(LOWEST_LINE, lines * _TEXT_LINE * size + _MARGINS)


def marked(*marks: str) -> str:
    """备注, with what the bound register marks there."""
    return "；".join(mark for mark in dict.fromkeys(marks) if mark)


def span_in_words(first: date, last: date | None, approximate: bool) -> date | str:
    """One day as a date; 2025年3月5日至7日, 2025年3月上旬 in words that are read back the same."""
    if last is None or last == first:
        return first
    part = _part_of_month(first, last) if approximate else ""
    if part:
        return f"{first.year}年{first.month}月{part.strip()}"
    if first.year != last.year:
        return f"{chinese_date(first)}至{chinese_date(last)}"
    month = "" if first.month == last.month else f"{last.month}月"
    return f"{chinese_date(first)}至{month}{last.day}日"


def _part_of_month(first: date, last: date) -> str:
    """The third of a month that two days enclose; a blank for a whole month, "" for neither."""
    if (first.year, first.month) != (last.year, last.month):
        return ""
    end = calendar.monthrange(first.year, first.month)[1]
    parts = {(1, 10): "上旬", (11, 20): "中旬", (21, end): "下旬", (1, end): " "}
    return parts.get((first.day, last.day), "")


def _lines_needed(text: str, room: float) -> int:
    return sum(_lines_of(part, room) for part in text.split("\n"))


def _lines_of(text: str, room: float) -> int:
    """How many lines a paragraph fills; a mark begins none, and takes along what it follows."""
    lines, used = 1, 0.0
    for piece in _TOGETHER.findall(text):
        width = sum(_WIDE if character > "\u2e7f" else _NARROW for character in piece)
        if used and used + width > room:
            lines, used = lines + 1, 0.0
        used += width
        if used > room:  # too long for any line: broken where it is full
            more = math.ceil(used / room) - 1
            lines, used = lines + more, used - more * room
    return lines
