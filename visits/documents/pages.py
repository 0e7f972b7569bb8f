"""A register for the printer: sheets of A4 lying, laid out as the bound register is.

A browser neither numbers pages nor sums them, so the entries are dealt out to sheets here, by a
guess of their height that is rather too high.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from common import audit
from common.paging import Tally as RowCount
from common.paging import tally as count_rows
from stations.models import Station
from visits.documents.book import Book, stations_unmasked_for
from visits.documents.books import EntryRows, book_of
from visits.documents.laying import PrintedEntry
from visits.documents.tally import Tally

AT_MOST = 500  # entries in one print
_ROOM = 135.0  # mm of a sheet left for lines
_LONG_SUMS = 5.0  # mm that sums, or a filter in words, take of it on lines of their own


@dataclass
class Sheet:
    """One side of paper."""

    station: Station
    year: int
    entries: list[PrintedEntry]
    tally: Tally
    number: int = 1
    total: int = 1
    in_all: Tally | None = None  # on the last of several sheets


@dataclass(frozen=True)
class PrintedRegister:
    book: Book
    sheets: list[Sheet]
    shown: int
    found: RowCount
    masking: str

    @property
    def is_cut(self) -> bool:
        return self.shown < self.found.number or not self.found.exact


def printed_register(rows: EntryRows, *, actor, is_filtered: bool = False) -> PrintedRegister:
    """Lay out what a list shows, at most AT_MOST entries, by station, year and number.

    `rows` are such as `actor` may read: the browser prints what it shows anyway. Names and phones
    are masked as in the file, for paper goes out too; the log keeps what was laid out.
    `is_filtered` leaves room at the foot for what they were chosen by.
    """
    book, standing = book_of(rows), rows.valid()
    unmasked = stations_unmasked_for(actor)
    entries = list(book.read(standing, at_most=AT_MOST))
    tally = book.tally.of(entries, unmasked)
    audit.record_all(
        audit.entry(audit.Action.EXPORT, station, actor=actor, note=f"{book.short} 打印 {told}")
        for station, told in tally.told_by_station()
    )
    room = _ROOM - _LONG_SUMS * (book.has_long_sums or is_filtered)
    sheets = list(_sheets(book, entries, unmasked, room))
    return PrintedRegister(book, sheets, len(entries), count_rows(standing), tally.masking)


def _sheets(
    book: Book, entries: Sequence[Any], unmasked: Container[int], room: float
) -> Iterator[Sheet]:
    """A register is kept by station and year: each starts on a sheet of its own."""
    printer = book.printer(unmasked)
    stations = Station.objects.in_bulk({book.row_of(entry).station_id for entry in entries})

    def volume_of(entry) -> tuple[int, int]:
        row = book.row_of(entry)
        return row.station_id, row.year

    def tally_of(printed: Sequence[PrintedEntry]) -> Tally:
        return book.tally.of((entry.source for entry in printed), unmasked)

    for (station, year), volume in groupby(entries, volume_of):
        printed = [book.lay_out(entry, printer, stations[station].name) for entry in volume]
        sheets = [
            Sheet(stations[station], year, dealt, tally_of(dealt))
            for dealt in _dealt(printed, room)
        ]
        for number, sheet in enumerate(sheets, start=1):
            sheet.number, sheet.total = number, len(sheets)
        if len(sheets) > 1:
            sheets[-1].in_all = tally_of(printed)
        yield from sheets


def _dealt(entries: Sequence[PrintedEntry], room: float) -> Iterator[list[PrintedEntry]]:
    """Deal entries out to sheets; one higher than a sheet has its own."""
    sheet: list[PrintedEntry] = []
    height = 0.0
    for entry in entries:
        if sheet and height + entry.height > room:
            yield sheet
            sheet, height = [], 0.0
        sheet.append(entry)
        height += entry.height
    if sheet:
        yield sheet
