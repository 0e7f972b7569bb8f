"""What of a report people would rather look at than read: months, categories, classes, ratings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from reports.figures import Report
from reports.figures import stations as work
from reports.figures.suggested import answers
from reports.tables import Figure, RowKind, Table

MOST_MONTHS = 24


@dataclass(frozen=True)
class Chart:
    """`wide` takes the width of the page; `note` says what the words below the bars stand for."""

    key: str
    title: str
    unit: str
    bars: Sequence[dict[str, Any]]
    wide: bool = False
    note: str = ""

    @property
    def width(self) -> int:
        return 1200 if self.wide else 400

    @property
    def compared(self) -> bool:
        return any("before" in bar for bar in self.bars)


def charts_of(report: Report) -> list[Chart]:
    """The charts that have something to show."""
    return [chart for chart in _charts(report) if any(bar["value"] for bar in chart.bars)]


def _charts(report: Report) -> Iterator[Chart]:
    if len(report.bars) <= MOST_MONTHS:
        bars = [dict(bar) for bar in report.bars]
        yield Chart("months", "各月接待批次", "批", bars, wide=True)
    yield Chart("categories", "群众反映的问题", "条", _of_rows(report.tables["T4"]), wide=True)
    yield Chart("pleased", "来访人对办理结果", "条", _pleased(report.tables["T2"]))
    if report.has_suggestions:
        table = report.tables["T9"]
        bars = _of(table, [(name, name) for name in answers.CLASSES])
        yield Chart("classes", "建议答复的结果类别", "项", bars, note=table.notes[-1])
        rated = [(word, f"{answers.OUTCOME}{word}") for word in answers.RATINGS]
        yield Chart("rated", "代表对办理结果", "项", _of(report.tables["T10"], rated))


def _pleased(table: Table) -> list[dict[str, Any]]:
    """What was rated, in three; the least of them has no column of its own."""
    bars = _of(table, [(name, name) for name in (work.SATISFIED, "基本满意")])
    rest = table.total_of(work.RATED) - sum(bar["value"] for bar in bars)
    return [*bars, {"label": "不满意", "value": rest}]


def _of_rows(table: Table) -> list[dict[str, Any]]:
    """Each row of a table with its sum, the largest first; rows without any are left out."""
    rows = [(row.name.shown, table.figure("合计", row)) for row in table.rows
            if row.kind != RowKind.TOTAL]  # fmt: skip
    found = [(name, figure) for name, figure in rows if figure.value]
    return [_bar(name, figure) for name, figure in sorted(found, key=lambda one: -one[1].count)]


def _of(table: Table, names: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """The totals of columns, each under a word."""
    return [_bar(word, table.figure(name)) for word, name in names]


def _bar(name: str, figure: Figure) -> dict[str, Any]:
    return {"label": name, "value": figure.count, "url": figure.url}
