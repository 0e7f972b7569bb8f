"""T15 and T16: trainings, and what deputies went to see; a row an activity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reports.links import Links
from reports.percentages import rate
from reports.scope import Scope
from reports.tables import DASH, Column, Figure, Kind, Row, RowKind, Table
from visits.choices import ActivityKind

PRESENT_RATE = "出席率（%）"
_PEOPLE = "代表（人）"
_WHERE = (
    Column("日期", Kind.TEXT),
    Column("联络站", Kind.TEXT),
    Column("组织单位", Kind.TEXT),
    Column("地点", Kind.TEXT),
)
_COUNTED = (
    Column("应到", group=_PEOPLE),
    Column("请假", group=_PEOPLE),
    Column("实到", group=_PEOPLE),
    Column(PRESENT_RATE, Kind.RATE, group=_PEOPLE, short="出席率%"),
)
_NOTE = (
    "一次活动一行，按活动日期排列；应到、请假、实到照活动登记的人数，"
    "出席率 = 实到 ÷（应到 − 请假），没有应到的写“—”。"
)


def trainings(scope: Scope) -> Table:
    """T15: the activities of the kind 学习培训."""
    links, rows = Links(scope), _read(scope, (ActivityKind.TRAINING,))
    notes = (f"活动形式为学习培训的。{_NOTE}",)
    columns = (Column("培训主题", Kind.TEXT), *_WHERE, *_COUNTED)
    lines = [_line(row, _cells(row), links) for row in rows]
    total = _total(rows, links.activities(kind=ActivityKind.TRAINING.value), len(_WHERE))
    return Table("T15", "代表培训", "次", columns, [*lines, total], notes)


def inspections(scope: Scope) -> Table:
    """T16: 视察, 专题调研 and 执法检查."""
    links, rows = Links(scope), _read(scope, ActivityKind.inspecting())
    notes = (f"活动形式为视察、专题调研、执法检查的。{_NOTE}",)
    columns = (
        Column("主题", Kind.TEXT), _WHERE[0], Column("形式", Kind.TEXT), *_WHERE[1:], *_COUNTED,
    )  # fmt: skip
    lines = [_line(row, _cells(row, ActivityKind(row.kind).label), links) for row in rows]
    total = _total(rows, links.activities(kind="inspecting"), len(_WHERE) + 1)
    return Table("T16", "视察调研和执法检查", "次", columns, [*lines, total], notes)


def _read(scope: Scope, kinds: Sequence[str]) -> list[Any]:
    """Plain values: a table of thousands has no use for models."""
    rows = scope.activities().filter(kind__in=kinds).order_by("held_on", "pk")
    return list(
        rows.values_list(
            "pk", "held_on", "topic", "organiser", "place", "kind", "due_count", "present_count",
            "leave_count", "station__name", named=True,
        )
    )  # fmt: skip


def _cells(row: Any, *kind: str) -> list[str]:
    """`kind` stands behind the day, where the table has several."""
    day = row.held_on.isoformat()
    return [day, *kind, row.station__name, row.organiser or DASH, row.place or DASH]


def _line(row: Any, words: Sequence[str], links: Links) -> Row:
    url = links.activity(row.pk)
    counts = (row.due_count, row.leave_count, row.present_count)
    return Row(
        [
            Figure(row.topic, url),
            *(Figure(word) for word in words),
            *(Figure(count, url) for count in counts),
            Figure(_rate(*counts), url),
        ]
    )


def _rate(due: int, leave: int, present: int):
    return rate(present, due - leave) if due > leave else None


def _total(rows: Sequence[Any], url: str, words: int) -> Row:
    """How many there were, and the people of all of them."""
    due, leave, present = (
        sum(getattr(row, name) for row in rows)
        for name in ("due_count", "leave_count", "present_count")
    )
    blank = [Figure("")] * (words - 1)
    counts = [Figure(count, url) for count in (due, leave, present)]
    return Row(
        [Figure("合计（次）"), Figure(len(rows), url), *blank, *counts,
         Figure(_rate(due, leave, present), url)],
        RowKind.TOTAL,
    )  # fmt: skip
