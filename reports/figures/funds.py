"""T14: what each station was to have in the years of the report, was given, and spent."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, Sum

from reports.links import Links
from reports.percentages import rate
from reports.scope import Scope
from reports.tables import Column, Figure, Kind, Row, RowKind, Table
from stations.choices import StationKind
from stations.models import Fund

BUDGET, ALLOTTED, UNALLOTTED, USED = "预算", "已拨付", "未拨付", "已使用"
COLUMNS = (
    Column("联络站", Kind.TEXT),
    Column(BUDGET),
    Column(ALLOTTED),
    Column(UNALLOTTED),
    Column(USED),
    Column("使用率（%）", Kind.RATE, short="使用率%"),
)
NOTES = (
    "经费按年度填写：报告期碰到哪一年，就列那一年全年的数；跨几年的相加。没有填写的站不列。",
    "未拨付 = 预算 − 已拨付；使用率 = 已使用 ÷ 已拨付。"
    "不足一元的四舍五入，合计按原数相加后再舍入。",
)
_MONEY = ("budget", "allotted", "used")


def funds(scope: Scope) -> Table:
    """T14: a row for each station that funds were entered for; two queries."""
    links, lines = Links(scope), list(_lines(scope))
    entered = {line["station"]: line for line in lines}
    rows = [
        _row(
            station.name, entered[station.pk], links.funds(station=station.pk), _kind(station.kind)
        )
        for station in _stations(scope, lines)
    ]
    total = _row("合计", _sum(lines), links.funds(), RowKind.TOTAL)
    return Table("T14", "经费", "元", COLUMNS, [*rows, total], NOTES)


def odd_funds(scope: Scope) -> int:
    """How many of these break 已使用 ≤ 已拨付 ≤ 预算."""
    return _of(scope).odd().count()


def _of(scope: Scope):
    years = range(scope.period.first.year, scope.period.last.year + 1)
    return Fund.objects.filter(year__in=years, station__in=scope.stations())


def _lines(scope: Scope):
    sums = {name: Sum(name) for name in _MONEY}
    return _of(scope).order_by().values("station").annotate(entered=Count("pk"), **sums)


def _stations(scope: Scope, lines: Iterable[dict]) -> list[Any]:
    """As `work_of_stations` orders them; plain values."""
    keys = [line["station"] for line in lines]
    rows = scope.stations().filter(pk__in=keys).order_by()
    return sorted(
        rows.values_list("pk", "name", "kind", "township__code", "area__code", named=True),
        key=lambda station: (
            station.township__code,
            station.kind != StationKind.CENTRE,
            station.area__code,
            station.pk,
        ),
    )


def _row(name: str, line: dict, url: str, kind: RowKind) -> Row:
    if not line:
        return Row([Figure(name), *[Figure(None)] * 5], RowKind.TOTAL)
    budget, allotted, used = (line[name] for name in _MONEY)
    amounts = [_yuan(amount) for amount in (budget, allotted, budget - allotted, used)]
    spent = rate(int(used * 100), int(allotted * 100))
    return Row(
        [Figure(name), *(Figure(amount, url) for amount in amounts), Figure(spent, url)],
        kind,
    )


def _kind(kind: str) -> RowKind:
    return RowKind.CENTRE if kind == StationKind.CENTRE else RowKind.PLAIN


def _yuan(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def _sum(lines: list[dict]) -> dict:
    """Nothing, where nobody entered anything: that is not the same as no money."""
    return {name: sum(line[name] for line in lines) for name in _MONEY} if lines else {}
