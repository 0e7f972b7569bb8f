"""T1: the stations, deputies and staff there are now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, Q

from accounts.roles import Role
from deputies.choices import Level
from reports.figures.stations import NO_STAR
from reports.links import Links
from reports.percentages import shares
from reports.scope import STAFF_ROLES, Scope
from reports.tables import Column, Figure, Kind, Row, RowKind, Table
from stations.choices import Star, StationKind, StationState

PERSONS = "代表人数"
NOTES = (
    "站点、代表和工作人员都是生成报告时的现状，不随报告期变化。",
    "代表只数在任的；一人兼任几级代表的，在每一级各数一次，"
    "所以各级之和可以大于代表人数；没有填层级的只计入代表人数。",
    "工作人员按任职数，一人在几个站任职的，每站各数一次。",
    "占比按最大余数法保留两位小数，同一组相加正好是 100.00。",
)


def stock(scope: Scope) -> Table:
    """T1 stations by kind, state and star; deputies by level; staff by role."""
    return Table(
        id="T1",
        title="站点与代表",
        unit="个、人",
        columns=[
            Column("分类", Kind.TEXT),
            Column("项目", Kind.TEXT),
            Column("数量"),
            Column("占比（%）", Kind.RATE),
        ],
        rows=[*_station_rows(scope), *_deputy_rows(scope), *_staff_rows(scope)],
        notes=NOTES,
    )


def _station_rows(scope: Scope) -> Iterable[Row]:
    links = Links(scope)
    found = scope.stations().order_by().values_list("kind", "state", "star")
    counted = list(found.annotate(n=Count("pk")))
    axes: tuple[tuple[str, str, Sequence[tuple[Any, Any]]], ...] = (
        ("联络站类型", "kind", StationKind.choices),
        ("联络站状态", "state", StationState.choices),
        ("联络站星级", "star", [*reversed(Star.choices), (None, NO_STAR)]),
    )
    for place, (name, parameter, choices) in enumerate(axes):
        tally: Counter = Counter()
        for line in counted:
            tally[line[place]] += line[-1]
        lines = [
            (label, tally[key], links.stations(**{parameter: "none" if key is None else key}))
            for key, label in choices
        ]
        yield from _block(name, lines, ("合计", sum(tally.values()), links.stations()))


def _deputy_rows(scope: Scope) -> Iterable[Row]:
    links = Links(scope)
    counts = scope.deputies().aggregate(
        persons=Count("pk", distinct=True),
        **{level: Count("pk", distinct=True, filter=_holds(level)) for level in Level.values},
    )
    for level, label in Level.choices:
        yield _row("代表层级", label, counts[level], links.deputies(level=level))
    yield _row("代表层级", PERSONS, counts["persons"], links.deputies(), kind=RowKind.TOTAL)


def _holds(level: str) -> Q:
    return Q(mandates__level=level, mandates__ended_on=None)


def _staff_rows(scope: Scope) -> Iterable[Row]:
    links = Links(scope)
    found = scope.staff().order_by().values_list("role").annotate(n=Count("pk"))
    counts = Counter(dict(found))
    lines = [(Role(role).label, counts[role], links.staff(role=role)) for role in STAFF_ROLES]
    for label, count, url in lines:
        yield _row("工作人员", label, count, url)
    yield _row("工作人员", "合计", sum(counts.values()), links.staff(), kind=RowKind.TOTAL)


def _block(
    name: str, lines: Sequence[tuple[str, int, str]], total: tuple[str, int, str]
) -> Iterable[Row]:
    """Lines that make up a whole, with their shares of it."""
    parts = shares([count for _, count, _ in lines])
    for (label, count, url), share in zip(lines, parts, strict=True):
        yield _row(name, label, count, url, share=share)
    whole = shares([total[1]])[0]
    yield _row(name, *total, share=whole, kind=RowKind.TOTAL)


def _row(group: str, label: str, count: int, url: str, *, share=None, kind=RowKind.PLAIN) -> Row:
    return Row([Figure(group), Figure(label), Figure(count, url), Figure(share)], kind)
