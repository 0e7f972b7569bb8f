"""The report as plain data, for whoever reads it by machine."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from reports.figures.report import Report
from reports.scope import Scope
from reports.tables import Table, Value


def plain(report: Report) -> dict[str, Any]:
    """Year, place, and every figure by table; rates in per cent, null where nothing was rated."""
    scope = report.scope
    return {
        "year": scope.period.first.year,
        "from": scope.period.first.isoformat(),
        "to": scope.period.last.isoformat(),
        "area": area_name(scope),
        "station": scope.station.name if scope.station else None,
        **_deputy(scope),
        "tables": {table.id: _plain_table(table) for table in report.tables.values()},
        "comparison": _compared(report.comparison) if report.comparison else None,
    }


def _deputy(scope: Scope) -> dict[str, str]:
    """Only in the report of one; a kept report has no deputy."""
    deputy = getattr(scope, "deputy", None)
    return {"deputy": deputy.name} if deputy else {}


def _plain_table(table: Table) -> dict[str, Any]:
    return {
        "title": table.title,
        "columns": [column.name for column in table.columns],
        "rows": [[_plain(value) for value in row.values] for row in table.rows],
    }


def _compared(table: Table) -> dict[str, Any]:
    """It adds nothing up: without the row of totals."""
    return _plain_table(replace(table, rows=table.body))


def area_name(scope: Scope) -> str:
    """The area of the report; of one station, its township."""
    if scope.station and not scope.area:
        return scope.station.township.name
    return scope.area.name if scope.area else scope.place_name


def _plain(value: Value) -> int | float | str | None:
    return float(value) if isinstance(value, Decimal) else value
