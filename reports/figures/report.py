"""The report put together: tables, what stands large above them, and the checks beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils import timezone

from reports.figures import stations as columns
from reports.figures.categories import by_disposal, by_township
from reports.figures.checks import (
    Check,
    Panel,
    checks,
    checks_of_records,
    equal,
    presence,
    ratings,
)
from reports.figures.comparison import compare, not_whole, with_changes
from reports.figures.deputies import RECEIVED, work_of_deputies
from reports.figures.funds import funds
from reports.figures.headlines import Headline, of_deputy, of_registers, of_suggestions
from reports.figures.months import visits_by_month, work_of_months
from reports.figures.stations import work_of_stations
from reports.figures.stock import stock
from reports.figures.suggested import TABLES as OF_SUGGESTIONS
from reports.figures.suggested import (
    Found,
    adoption,
    classes,
    find,
    find_raised,
    raised,
    satisfaction,
    timeliness,
)
from reports.figures.suggested.checks import agreeing
from reports.figures.trainings import inspections, trainings
from reports.links import Links
from reports.scope import Scope
from reports.tables import Table, Value

# In the order of their numbers; the second and third tell of suggestions, too.
TABLES: tuple[Callable[[Scope, Found], Table], ...] = (
    lambda scope, _: stock(scope),
    work_of_stations,
    work_of_months,
    lambda scope, _: by_disposal(scope),
    lambda scope, _: by_township(scope),
    lambda scope, _: work_of_deputies(scope),
)
# Behind those of suggestions.
LATER = (funds, trainings, inspections)
SUGGESTION_IDS = ("T7", "T7A", "T8", "T9", "T10", "T11", "T12", "T13")


@dataclass(frozen=True)
class Report:
    scope: Scope
    made_at: datetime
    tables: Mapping[str, Table]
    checks: Sequence[Check]
    headlines: Sequence[Headline]
    of_suggestions: Sequence[Headline]
    bars: Sequence[Mapping[str, Any]]
    compared: bool
    comparison: Table | None = None  # the totals beside those of a year before

    @property
    def is_empty(self) -> bool:
        """No reception in the whole period; of a deputy, nothing at all."""
        if "T2" not in self.tables:
            return not any(cell.value for cell in self.tables["T6"].total.cells[3:])
        return self.tables["T2"].total_of(columns.VISITS) == 0

    @property
    def has_suggestions(self) -> bool:
        return bool(self.of_suggestions)

    @property
    def suggestion_tables(self) -> list[Table]:
        return [self.tables[name] for name in SUGGESTION_IDS if name in self.tables]

    @property
    def later_tables(self) -> list[Table]:
        """T14 to T16, as far as there is something in them."""
        found = [self.tables[name] for name in ("T14", "T15", "T16") if name in self.tables]
        return [table for table in found if table.body]

    @property
    def comparison_halves(self) -> list[Table]:
        """与上年同期比较 as two short tables side by side."""
        if self.comparison is None:
            return []
        rows = list(self.comparison.body)
        half = -(-len(rows) // 2)
        return [replace(self.comparison, rows=part) for part in (rows[:half], rows[half:])]

    @property
    def station_count(self) -> int:
        return len(self.tables["T2"].body) if "T2" in self.tables else 1

    @property
    def register_checks(self) -> Panel:
        return Panel([check for check in self.checks if not check.about])

    @property
    def suggestion_checks(self) -> Panel:
        return Panel([check for check in self.checks if check.about])

    @property
    def disagreements(self) -> list[Check]:
        """What must be mended or explained; what merely warns is not among them."""
        return [check for check in self.checks if not check.ok and not check.warns]


def build(scope: Scope) -> Report:
    """Every figure of the scope, counted now."""
    if scope.deputy:
        return _of_deputy(scope)
    found = find(scope)
    made = [
        *(table(scope, found) for table in TABLES),
        *(table(found) for table in OF_SUGGESTIONS),
        *(table(scope) for table in LATER),
    ]
    tables = {table.id: table for table in made}
    before = _year_before(scope)
    links = Links(scope)
    suggested = [] if found.is_empty else of_suggestions(tables["T7A"], tables["T8"], tables["T10"])
    comparison, values = _compared(scope, tables["T2"])
    visits = values.pop("接待", 0)  # its note says it
    lines = of_registers(tables["T2"], links, visits if isinstance(visits, int) else None)
    return Report(
        scope=scope,
        made_at=timezone.now(),
        tables=tables,
        checks=[
            *checks(tables, ratings(scope), links),
            *checks_of_records(scope, tables),
            *([] if found.is_empty else agreeing(tables)),
        ],
        headlines=with_changes(lines, values),
        of_suggestions=with_changes(suggested, values),
        bars=_bars(scope, tables["T3"], before),
        compared=bool(before),
        comparison=comparison,
    )


def _of_deputy(scope: Scope) -> Report:
    """What one person did, by month; where they trained and inspected; what they led."""
    found = find(scope)
    made = [work_of_deputies(scope), work_of_months(scope, found)]
    if not found.is_empty:
        made += [table(found) for table in (adoption, timeliness, classes, satisfaction)]
    tables = {table.id: table for table in [*made, trainings(scope), inspections(scope)]}
    before, work = _year_before(scope), tables["T6"]
    parts = sum(row.cells[1].count for row in tables["T3"].body)
    received = work.figure(RECEIVED)
    earlier = scope.period.year_before_by(timezone.localdate())
    old = work_of_deputies(replace(scope, period=earlier)) if earlier else None
    began = scope.records_began() if old else None
    comparison = compare(work, old, earlier, began) if old and earlier else None
    whole = comparison and earlier and not not_whole(earlier, began)
    return Report(
        scope=scope,
        made_at=timezone.now(),
        tables=tables,
        checks=[
            equal("各月之和 = 接待批次", f"{parts:,}", parts, received.count,
                  "核对接待日期，再重新取数。", received.url),
            presence(scope),
        ],
        headlines=with_changes(of_deputy(work), _values_of_deputy(old) if whole else {}),
        of_suggestions=[]
        if found.is_empty
        else of_suggestions(tables["T7A"], tables["T8"], tables["T10"]),
        bars=_bars(scope, tables["T3"], before),
        compared=bool(before),
        comparison=comparison,
    )  # fmt: skip


def _compared(scope: Scope, work: Table) -> tuple[Table | None, dict[str, Value]]:
    """T2 beside T2 of a year before; and the headlines' values of then, by their labels: None
    where not all of then is recorded."""
    today = timezone.localdate()
    earlier = scope.period.year_before_by(today)
    if earlier is None:
        return None, {}
    then = replace(scope, period=earlier)
    found = find_raised(then)
    old = work_of_stations(then, found)
    began = scope.records_began()
    comparison = compare(columns.so_far(work, scope, today), old, earlier, began)
    if comparison is None:
        return None, {}
    if not_whole(earlier, began):
        return comparison, {"接待": None}
    counted = of_registers(old, Links(then), 0)
    values = {line.label: line.figure.value for line in counted}
    if not found.is_empty:
        raising = adoption(found)
        values["提出建议"] = raising.total_of(raised.RAISED)
        values["采纳率"] = raising.figure(raised.ADOPTION_RATE).value
    return comparison, values


def _values_of_deputy(old: Table | None) -> dict[str, Value]:
    return {line.label: line.figure.value for line in of_deputy(old)} if old else {}


def _year_before(scope: Scope) -> dict[tuple[int, int], int]:
    earlier = scope.period.year_before()
    return visits_by_month(scope, earlier) if earlier else {}


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
