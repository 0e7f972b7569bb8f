"""The report as plain data, for whoever reads it by machine."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from reports.figures.report import Report
from reports.scope import Scope
from reports.tables import Value


def plain(report: Report) -> dict[str, Any]:
    """Year, place, and every figure by table; rates in per cent, null where nothing was rated."""
    scope = report.scope
    return {
        "year": scope.period.first.year,
        "from": scope.period.first.isoformat(),
        "to": scope.period.last.isoformat(),
        "area": _area_name(scope),
        "station": scope.station.name if scope.station else None,
        "tables": {
            table.id: {
                "title": table.title,
                "columns": [column.name for column in table.columns],
                "rows": [[_plain(value) for value in row.values] for row in table.rows],
            }
            for table in report.tables.values()
        },
    }


def _area_name(scope: Scope) -> str:
    if scope.station and not scope.area:
        return scope.station.township.name
    return scope.area.name if scope.area else scope.place_name


def _plain(value: Value) -> int | float | str | None:
    return float(value) if isinstance(value, Decimal) else value
