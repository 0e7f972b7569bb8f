"""T3: the receptions of each month of the period."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import ExtractMonth, ExtractYear

from reports.figures.suggested import Found, raised
from reports.links import Links
from reports.periods import Period
from reports.scope import Scope
from reports.tables import Column, Figure, Kind, Row, RowKind, Table

VISITS, HEADS, OPINIONS, SUGGESTIONS = "批次", "人次", "意见条数", "建议件数"
COLUMNS = (
    Column("月份", Kind.TEXT),
    Column(VISITS),
    Column(HEADS),
    Column(OPINIONS, short="意见"),
    Column(SUGGESTIONS, short="建议"),
)
NOTES = (
    "按接待日期归月，跨几天的接待归到第一天；意见归到它的接待所在的月。",
    "建议件数是代表当月提出的建议，撤回的不算。",
    "报告期内没有接待的月份写 0；各月相加等于全期。",
)


def work_of_months(scope: Scope, found: Found) -> Table:
    """T3: a row for every month that the period touches, also without receptions."""
    links = Links(scope)
    visits, opinions = _by_month(_visits(scope)), _by_month(_opinions(scope))
    several_years = scope.period.first.year != scope.period.last.year
    rows = [
        _row(
            _name(month, with_year=several_years),
            visits.get(_key(month), {}),
            opinions.get(_key(month), {}),
            receptions=links.receptions(period=month),
            listed=links.opinions(period=month),
            suggested=Figure(
                raised.of_month(found, _key(month)), links.suggestions(period=month, fate="raised")
            ),
        )
        for month in scope.period.months()
    ]
    total = _total(rows, links)
    return Table("T3", "各月接待", "批、人次、条、件", COLUMNS, [*rows, total], NOTES)


def visits_by_month(scope: Scope, period: Period) -> dict[tuple[int, int], int]:
    """批次 of the months of another period, for comparison."""
    counted = scope.receptions(period).values(**_month_of("received_on")).annotate(n=Count("pk"))
    return {key: line["n"] for key, line in _by_month(counted).items()}


def _visits(scope: Scope):
    return (
        scope.receptions()
        .values(**_month_of("received_on"))
        .annotate(
            visits=Count("pk"),
            heads=Sum("headcount"),
            approximate=Count("pk", filter=Q(headcount_approximate=True)),
        )
    )


def _opinions(scope: Scope):
    return scope.opinions().values(**_month_of("raised_on")).annotate(all=Count("pk"))


def _month_of(day: str) -> dict:
    return {"on_year": ExtractYear(day), "on_month": ExtractMonth(day)}


def _by_month(lines: Iterable[Any]) -> dict[tuple[int, int], dict]:
    return {(line["on_year"], line["on_month"]): line for line in lines}


def _key(month: Period) -> tuple[int, int]:
    return month.first.year, month.first.month


def _name(month: Period, *, with_year: bool) -> str:
    name = f"{month.first.month}月"
    return f"{month.first.year}年{name}" if with_year else name


def _row(name, visits, opinions, *, receptions, listed, suggested) -> Row:
    return Row(
        [
            Figure(name),
            Figure(visits.get("visits", 0), receptions),
            Figure(visits.get("heads", 0), receptions, approximate=visits.get("approximate", 0)),
            Figure(opinions.get("all", 0), listed),
            suggested,
        ]
    )


def _total(rows: list[Row], links: Links) -> Row:
    visits, heads, opinions, suggested = (
        sum(row.cells[place].count for row in rows) for place in (1, 2, 3, 4)
    )
    approximate = sum(row.cells[2].approximate for row in rows)
    cells = [
        Figure("合计"),
        Figure(visits, links.receptions()),
        Figure(heads, links.receptions(), approximate=approximate),
        Figure(opinions, links.opinions()),
        Figure(suggested, links.suggestions(fate="raised")),
    ]
    return Row(cells, RowKind.TOTAL)
