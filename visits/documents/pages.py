"""簿一 for the printer: sheets of A4 lying, laid out as the bound register is.

A browser neither numbers pages nor sums them, so the lines are dealt out to sheets here, by a
guess of their height that is rather too high.
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from common import audit
from common.paging import Tally as RowCount
from common.paging import tally as count_rows
from stations.models import Station
from visits.documents.register import (
    Printer,
    Visit,
    stations_unmasked_for,
    visits_of,
)
from visits.documents.tally import Tally
from visits.querysets import ReceptionQuerySet

AT_MOST = 500  # visits in one print

# The columns of static/css/paper.css in their order, with the widths (mm) it gives them.
_FACTS = {"no": 8, "date": 13, "place": 11, "dep": 14, "name": 17.5, "sex": 7, "addr": 13,
          "tel": 17, "n": 7, "how": 11.5}  # fmt: skip
_MATTER = {"cat": 10, "say": 40, "rep": 29, "disp": 14.5, "unit": 15, "res": 11.5, "fb": 13,
           "sat": 11.5}  # fmt: skip
_SIGNED = {"rec": 9.5, "note": 8.5}
_PLACE, _STATEMENT = list(_FACTS).index("place"), list(_MATTER).index("say")
COLUMNS = (*_FACTS, *_MATTER, *_SIGNED)
_ROOM = 133.0  # mm of a sheet left for lines
_LOWEST_LINE = 9.6
_TEXT_LINE = 4.05
_MARGINS = 2.6


@dataclass(frozen=True)
class PrintedCell:
    css: str
    text: str


@dataclass(frozen=True)
class PrintedVisit:
    """One entry as texts: what is said once, and a row for each opinion."""

    facts: list[PrintedCell]
    opinions: list[list[PrintedCell]]
    signed: list[PrintedCell]
    height: float
    source: Visit


@dataclass
class Sheet:
    """One side of paper."""

    station: Station
    year: int
    visits: list[PrintedVisit]
    tally: Tally
    number: int = 1
    total: int = 1
    in_all: Tally | None = None  # on the last of several sheets


@dataclass(frozen=True)
class PrintedRegister:
    sheets: list[Sheet]
    shown: int
    found: RowCount
    masking: str

    @property
    def is_cut(self) -> bool:
        return self.shown < self.found.number or not self.found.exact


def printed_register(receptions: ReceptionQuerySet, *, actor) -> PrintedRegister:
    """Lay out what a list shows, at most AT_MOST visits, by station, year and number.

    `receptions` are such as `actor` may read: the browser prints what it shows anyway. Names
    and phones are masked as in the file, for paper goes out too; the log keeps what was laid out.
    """
    rows = receptions.valid()
    unmasked = stations_unmasked_for(actor)
    visits = list(visits_of(rows, at_most=AT_MOST))
    tally = Tally.of(visits, unmasked)
    audit.record_all(
        audit.entry(audit.Action.EXPORT, station, actor=actor, note=f"簿一 打印 {told}")
        for station, told in tally.told_by_station()
    )
    sheets = list(_sheets(visits, unmasked))
    return PrintedRegister(sheets, len(visits), count_rows(rows), tally.masking)


def _sheets(visits: Sequence[Visit], unmasked: Container[int]) -> Iterator[Sheet]:
    """A register is kept by station and year: each starts on a sheet of its own."""
    printer = Printer(unmasked)
    stations = Station.objects.in_bulk({visit.reception.station_id for visit in visits})
    for (station, year), book in groupby(visits, _book_of):
        printed = [_printed(visit, printer, stations[station].name) for visit in book]
        sheets = [
            Sheet(stations[station], year, dealt, _tally_of(dealt, unmasked))
            for dealt in _dealt(printed)
        ]
        for number, sheet in enumerate(sheets, start=1):
            sheet.number, sheet.total = number, len(sheets)
        if len(sheets) > 1:
            sheets[-1].in_all = _tally_of(printed, unmasked)
        yield from sheets


def _book_of(visit: Visit) -> tuple[int, int]:
    return visit.reception.station_id, visit.reception.year


def _tally_of(visits: Sequence[PrintedVisit], unmasked: Container[int]) -> Tally:
    return Tally.of((visit.source for visit in visits), unmasked)


def _dealt(visits: Sequence[PrintedVisit]) -> Iterator[list[PrintedVisit]]:
    """Deal visits out to sheets; one higher than a sheet has its own."""
    sheet: list[PrintedVisit] = []
    height = 0.0
    for visit in visits:
        if sheet and height + visit.height > _ROOM:
            yield sheet
            sheet, height = [], 0.0
        sheet.append(visit)
        height += visit.height
    if sheet:
        yield sheet


def _printed(visit: Visit, printer: Printer, station: str) -> PrintedVisit:
    """What the head of the sheet says, year and station, is left out of the lines."""
    reception, year = visit.reception, visit.reception.year
    facts = [_text(value, year) for value in printer.facts_of(reception)]
    facts[_PLACE] = facts[_PLACE].removeprefix(station) or facts[_PLACE]
    matters = [
        [_text(value, year) for value in printer.opinion(opinion)] for opinion in visit.opinions
    ]
    if len(matters) > 1:
        for number, matter in enumerate(matters, start=1):
            matter[_STATEMENT] = f"{_circled(number)}{matter[_STATEMENT]}"
    signed = [reception.recorder, _remarks(reception)]
    own = sum(_height(matter, _MATTER) for matter in matters)
    shared = max(_height(facts, _FACTS), _height(signed, _SIGNED))
    return PrintedVisit(
        facts=_cells(facts, _FACTS),
        opinions=[_cells(matter, _MATTER) for matter in matters],
        signed=_cells(signed, _SIGNED),
        height=max(own, shared),
        source=visit,
    )


def _cells(texts: Sequence[str], columns: dict[str, float]) -> list[PrintedCell]:
    return [PrintedCell(f"c-{name}", text) for name, text in zip(columns, texts, strict=True)]


def _text(value, year: int) -> str:
    """A value as paper shows it, without the year that the head names."""
    if isinstance(value, date):
        value = f"{value.year}年{value.month}月{value.day}日"
    return "" if value is None else str(value).removeprefix(f"{year}年")


def _remarks(reception) -> str:
    """备注, with what the bound register marks there."""
    marks = [
        "匿名" if not reception.visitor_name else "",
        "保密" if reception.confidential else "",
        "补录" if reception.late_entry else "",
        reception.note,
    ]
    return "；".join(mark for mark in dict.fromkeys(marks) if mark)


def _circled(number: int) -> str:
    return chr(0x245F + number) if number <= 20 else f"({number})"


def _height(texts: Sequence[str], columns: dict[str, float]) -> float:
    lines = max(
        _lines_needed(text, width) for text, width in zip(texts, columns.values(), strict=True)
    )
    return max(_LOWEST_LINE, lines * _TEXT_LINE + _MARGINS)


def _lines_needed(text: str, width: float) -> int:
    room = width - 2.2
    return sum(
        math.ceil(sum(3.05 if character > "\u2e7f" else 1.75 for character in part) / room) or 1
        for part in text.split("\n")
    )
