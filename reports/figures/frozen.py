"""A report as plain data that is kept, and the same report made of it again years later."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from reports.figures.checks import Check
from reports.figures.headlines import Headline
from reports.figures.plain import area_name
from reports.figures.report import Report
from reports.periods import Period
from reports.tables import Column, Figure, Kind, Row, RowKind, Table, Value

SHAPE = 1  # of the data below; older shapes must stay readable


@dataclass(frozen=True)
class KeptPlace:
    """An area or station by the name it had."""

    name: str


@dataclass(frozen=True)
class KeptScope:
    """What a kept report still says of its scope; its rows are not asked any more."""

    title: str
    place_name: str
    period: Period
    area: KeptPlace
    station: KeptPlace | None
    deputy: None = None  # a report of one person is not kept


def freeze(report: Report) -> dict[str, Any]:
    """All that pages, workbook and document show of a report."""
    scope = report.scope
    return {
        "shape": SHAPE,
        "title": scope.title,
        "place": scope.place_name,
        "area": area_name(scope),
        "station": scope.station.name if scope.station else "",
        "first": scope.period.first.isoformat(),
        "last": scope.period.last.isoformat(),
        "made_at": report.made_at.isoformat(),
        "compared": report.compared,
        "tables": [_table(table) for table in report.tables.values()],
        "checks": [list(astuple(one)) for one in report.checks],
        "headlines": [_headline(line) for line in report.headlines],
        "of_suggestions": [_headline(line) for line in report.of_suggestions],
        "bars": [dict(bar) for bar in report.bars],
        "comparison": _table(report.comparison) if report.comparison else None,
    }


def _headline(line: Headline) -> list[Any]:
    return [line.label, _figure(line.figure), line.unit, line.note, line.change]


def _table(table: Table) -> dict[str, Any]:
    return {
        "id": table.id,
        "title": table.title,
        "unit": table.unit,
        "columns": [[one.name, one.kind, one.group, one.short] for one in table.columns],
        "rows": [[row.kind, [_figure(cell) for cell in row.cells]] for row in table.rows],
        "notes": list(table.notes),
    }


def _figure(figure: Figure) -> list[Any]:
    """[value, url, approximate, heat], without what is blank at the end. A rate is text with a
    mark: JSON has one kind of number."""
    value = figure.value
    kept = {"%": str(value)} if isinstance(value, Decimal) else value
    cells = [kept, figure.url, figure.approximate, figure.heat]
    while len(cells) > 1 and cells[-1] in ("", 0, None):
        cells.pop()
    return cells


def thaw(kept: dict[str, Any]) -> Report:
    """The report that was frozen: shown by the same templates and writers as one of today."""
    period = Period(date.fromisoformat(kept["first"]), date.fromisoformat(kept["last"]))
    station = KeptPlace(kept["station"]) if kept["station"] else None
    place = KeptPlace(kept["area"])
    scope = KeptScope(kept["title"], kept["place"], period, place, station)
    tables = [_thawed(table) for table in kept["tables"]]
    return Report(
        scope=scope,  # type: ignore[arg-type]
        made_at=datetime.fromisoformat(kept["made_at"]),
        tables={table.id: table for table in tables},
        checks=[Check(*check) for check in kept["checks"]],
        headlines=[_headline_of(line) for line in kept["headlines"]],
        of_suggestions=[_headline_of(line) for line in kept["of_suggestions"]],
        bars=kept["bars"],
        compared=kept["compared"],
        comparison=_thawed(kept["comparison"]) if kept.get("comparison") else None,
    )


def _headline_of(kept: list[Any]) -> Headline:
    label, figure, *words = kept
    return Headline(label, _figure_of(figure), *words)


def _thawed(kept: dict[str, Any]) -> Table:
    return Table(
        kept["id"],
        kept["title"],
        kept["unit"],
        [Column(name, Kind(kind), group, short) for name, kind, group, short in kept["columns"]],
        [Row([_figure_of(cell) for cell in cells], RowKind(kind)) for kind, cells in kept["rows"]],
        kept["notes"],
    )


def _figure_of(cells: list[Any]) -> Figure:
    blank: list[Any] = ["", 0, None]
    value, url, approximate, heat = [*cells, *blank[len(cells) - 1 :]]
    return Figure(_value(value), url, approximate, heat)


def _value(kept: Any) -> Value:
    return Decimal(kept["%"]) if isinstance(kept, dict) else kept


@dataclass(frozen=True)
class Difference:
    """One figure that is not what it was."""

    table: str
    row: str
    column: str
    old: str
    new: str


def differences(old: Report, new: Report) -> list[Difference]:
    """Which figures of `new` differ from `old`, by table, row and column; what only one of them
    has differs from nothing."""
    found = []
    for key in dict.fromkeys([*old.tables, *new.tables]):
        before, after = old.tables.get(key), new.tables.get(key)
        title = f"{key} {(after or before).title}"  # type: ignore[union-attr]
        cells, now = _cells(before), _cells(after)
        found += [
            Difference(
                title, row, column, cells.get((row, column), "—"), now.get((row, column), "—")
            )
            for row, column in dict.fromkeys([*cells, *now])
            if cells.get((row, column)) != now.get((row, column))
        ]
    return found


def _cells(table: Table | None) -> dict[tuple[str, str], str]:
    """Each figure under the words of its row and column; rows that read alike are told apart by
    their place among them."""
    found: dict[tuple[str, str], str] = {}
    if table is None:
        return found
    words = [column.kind == Kind.TEXT for column in table.columns]
    taken: dict[str, int] = {}
    for row in table.rows:
        name = _unused(taken, _name_of(row.cells, words))
        for column, cell, is_text in zip(table.columns, row.cells, words, strict=True):
            if not is_text:
                found[name, column.name] = cell.shown
    return found


def _name_of(cells: Iterable[Figure], words: list[bool]) -> str:
    return " ".join(cell.shown for cell, is_text in zip(cells, words, strict=True) if is_text)


def _unused(taken: dict[str, int], name: str) -> str:
    """The name, with a number if rows before had it; `taken` knows the last number of each."""
    wanted, number = name, taken.get(name, 1)
    while wanted in taken:
        number += 1
        wanted = f"{name}（{number}）"
    taken[name] = number
    taken.setdefault(wanted, 1)
    return wanted
