"""The report put together: tables, what stands large above them, and the checks beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from reports.figures import stations as columns
from reports.figures.categories import by_disposal, by_township
from reports.figures.checks import Check, checks, ratings
from reports.figures.months import visits_by_month, work_of_months
from reports.figures.stations import work_of_stations
from reports.figures.stock import stock
from reports.links import Links
from reports.percentages import rate
from reports.scope import Scope
from reports.tables import Figure, Table

TABLES = (stock, work_of_stations, work_of_months, by_disposal, by_township)


@dataclass(frozen=True)
class Headline:
    """One of the large figures; `note` says what it is made of."""

    label: str
    figure: Figure
    unit: str
    note: str


@dataclass(frozen=True)
class Report:
    scope: Scope
    made_at: datetime
    tables: Mapping[str, Table]
    checks: Sequence[Check]
    headlines: Sequence[Headline]
    bars: Sequence[Mapping[str, Any]]
    compared: bool

    @property
    def is_empty(self) -> bool:
        """No reception in the whole period."""
        return self.tables["T2"].total_of(columns.VISITS) == 0

    @property
    def station_count(self) -> int:
        return len(self.tables["T2"].body)

    @property
    def disagreements(self) -> list[Check]:
        return [check for check in self.checks if not check.ok]


def build(scope: Scope) -> Report:
    """Every figure of the scope, counted now."""
    made = [table(scope) for table in TABLES]
    tables = {table.id: table for table in made}
    before = _year_before(scope)
    return Report(
        scope=scope,
        made_at=timezone.now(),
        tables=tables,
        checks=checks(tables, ratings(scope)),
        headlines=_headlines(tables["T2"], Links(scope), sum(before.values())),
        bars=_bars(scope, tables["T3"], before),
        compared=bool(before),
    )


def _year_before(scope: Scope) -> dict[tuple[int, int], int]:
    earlier = scope.period.year_before()
    return visits_by_month(scope, earlier) if earlier else {}


def _headlines(work: Table, links: Links, before: int) -> list[Headline]:
    visits, heads = work.figure(columns.VISITS), work.figure(columns.HEADS)
    opinions, fed_back = work.total_of(columns.OPINIONS), work.total_of(columns.FED_BACK)
    rated, satisfied = work.total_of(columns.RATED), work.total_of(columns.SATISFIED)
    feedback = Figure(rate(fed_back, opinions), links.opinions(progress="fed_back"))
    rough = f"其中 {heads.approximate:,} 批为约数" if heads.approximate else "按登记的来访人数"
    return [
        Headline("接待", visits, "批", _compared(work.total_of(columns.VISITS), before)),
        Headline("来访", Figure(heads.value, heads.url), "人次", rough),
        Headline("意见", work.figure(columns.OPINIONS), "条", "一事一条"),
        Headline("办结", work.figure(columns.FINISHED), "条", f"意见 {opinions:,} 条中"),
        Headline("反馈率", feedback, "%", f"已反馈 {fed_back:,} ÷ 意见 {opinions:,}"),
        Headline(
            "满意率",
            work.figure(columns.SATISFACTION_RATE),
            "%",
            f"满意 {satisfied:,} ÷ 已评价 {rated:,}",
        ),
    ]


def _compared(now: int, before: int) -> str:
    if not before:
        return "上年同期没有登记"
    if now == before:
        return "与上年同期相同"
    return f"比上年同期{'多' if now > before else '少'} {abs(now - before):,} 批"


def _bars(scope: Scope, by_month: Table, before: Mapping[tuple[int, int], int]) -> list[dict]:
    """The months as the chart wants them, beside those of the year before if it has any."""
    bars = []
    for month, row in zip(scope.period.months(), by_month.body, strict=True):
        name, visits = row.cells[0], row.cells[1]
        bar: dict[str, Any] = {"label": name.value, "value": visits.value, "url": visits.url}
        if before:
            bar["before"] = before.get((month.first.year - 1, month.first.month), 0)
        bars.append(bar)
    return bars
