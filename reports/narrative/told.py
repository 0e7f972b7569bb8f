"""What a report tells in words, as tables: T17 chosen cases, T18 problems and what is planned."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from common.sheets.cells import chinese_date
from reports.choices import Part
from reports.figures import Report
from reports.models import Case
from reports.tables import Column, Figure, Kind, Row, RowKind, Table

_HEADED = re.compile(r"(（[零一二三四五六七八九十百千]+）[^。！？]{1,40}[。！？])(.*)")
CASES, WORDS = "T17", "T18"
CASE_TEXT = "案例"
_CASE_COLUMNS = tuple(
    Column(name, Kind.TEXT) for name in ("日期", "联络站", "标题", CASE_TEXT, "来源")
)
_WORD_COLUMNS = tuple(Column(name, Kind.TEXT) for name in ("部分", "序号", "内容"))
_CASE_NOTES = ("由各级从登记簿里选出推荐的案例，按日期排列；撤下的不列，文字不写来访人姓名。",)
_WORD_NOTES = ("正文“存在的问题”“下步打算”两部分的文字，一段一行。",)


def text_of(kept: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The chapters of an edition as they stand, without what was drafted."""
    return {part.value: kept.get(part.value, {}).get("text", "") for part in Part}


@dataclass(frozen=True)
class Told:
    """A chapter that says something, a line a paragraph."""

    part: Part
    lines: list[str]


def chapters_of(text: Mapping[str, str]) -> list[Told]:
    """The chapters in their order, without those that are empty."""
    found = [
        Told(part, [line.strip() for line in text.get(part.value, "").splitlines() if line.strip()])
        for part in Part
    ]
    return [chapter for chapter in found if chapter.lines]


def heading_of(line: str) -> tuple[str, str]:
    """（一）认真接待来访群众。 and what follows it; else "" and the line."""
    headed = _HEADED.fullmatch(line)
    if headed and headed[2].strip():
        return headed[1], headed[2].strip()
    return "", line


def with_cases(report: Report, cases: Iterable[Case]) -> Report:
    """The report with T17: the cases that it tells."""
    return _with(report, _of_cases(cases))


def with_words(report: Report, text: Mapping[str, str]) -> Report:
    """The report with T18: the paragraphs of its text on problems and plans."""
    return _with(report, _of_words(text))


def printed_tables(report: Report) -> list[Table]:
    """Every table of the papers: those with a number, then the comparison with the year before,
    whose rows are of different units and have no sum."""
    numbered = list(report.tables.values())
    if report.comparison is None:
        return numbered
    return [*numbered, replace(report.comparison, rows=report.comparison.body)]


def _with(report: Report, table: Table) -> Report:
    return replace(report, tables={**report.tables, table.id: table})


def _of_cases(cases: Iterable[Case]) -> Table:
    rows = [
        Row([
            Figure(chinese_date(case.on)),
            Figure(case.station.name),
            Figure(case.title),
            Figure(case.text),
            Figure(case.source, case.source_url),
        ])
        for case in cases
    ]  # fmt: skip
    total = Row([Figure("合计（例）"), Figure(len(rows)), *[Figure("")] * 3], RowKind.TOTAL)
    return Table(CASES, "典型案例", "例", _CASE_COLUMNS, [*rows, total], _CASE_NOTES)


def _of_words(text: Mapping[str, str]) -> Table:
    rows = []
    for part in (Part.PROBLEMS, Part.PLANS):
        lines = filter(None, map(str.strip, text.get(part.value, "").splitlines()))
        rows += [
            Row([Figure(part.label), Figure(number), Figure(line)])
            for number, line in enumerate(lines, start=1)
        ]
    total = Row([Figure("合计（条）"), Figure(len(rows)), Figure("")], RowKind.TOTAL)
    return Table(WORDS, "存在的问题和下步打算", "条", _WORD_COLUMNS, [*rows, total], _WORD_NOTES)
