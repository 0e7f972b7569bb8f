"""What a register is on paper: its columns, how its rows are read, how an entry is printed."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

from django.db.models import Aggregate, QuerySet

from accounts.roles import Capability
from common.sheets.writing import Column, Line
from stations.models import Station
from visits.choices import Register
from visits.documents.laying import PrintedEntry
from visits.documents.tally import Tally

CHUNK = 2000

STATION_COLUMN = Column("联络站", 18, shared=True)
# Row and version: who brings the sheet back changes the row it came from (DESIGN §6).
KEY_COLUMN = Column("内部标识（勿改）", 20, hidden=True)


class Printer(Protocol):
    """Turns entries into lines of a file, masked except at some stations."""

    def lines(self, entry, /) -> list[Line]: ...


@dataclass(frozen=True)
class Book:
    """One of the three registers on paper."""

    register: Register
    short: str  # 簿一: what the log calls it
    unit: str  # what its entries are counted in
    line_unit: str  # what its lines are counted in
    day: str  # the field of an entry's day
    line_count: Aggregate  # how many lines entries fill
    columns: tuple[Column, ...]
    page_columns: Mapping[str, float]  # css names and widths (mm) of the columns for the printer
    tally: type[Tally]
    printer: Callable[[Container[int]], Any]
    read: Callable[..., Iterator[Any]]  # (rows, at_most=None) → entries in the register's order
    row_of: Callable[[Any], Any]  # an entry's row, with station_id and year
    lay_out: Callable[[Any, Any, str], PrintedEntry]  # (entry, printer, name of the station)
    has_long_sums: bool = False  # they take a line of their own at the foot of a sheet


def chunks_of(
    rows: QuerySet, fields: Sequence[str], *, at_most: int | None = None
) -> Iterator[list[Any]]:
    """Stream `rows` in the order of the register as plain rows: models cost five times as much."""
    ordered = rows.order_by("station__area__code", "station_id", "year", "number")[:at_most]
    found = ordered.values_list(*fields, named=True).iterator(chunk_size=CHUNK)
    while chunk := list(islice(found, CHUNK)):
        yield chunk


def stations_unmasked_for(actor) -> set[int]:
    """The stations whose visitors and helped people `actor` may take out by name and phone."""
    rows = Station.objects.where_user_can(actor, Capability.EXPORT_CONTACT)
    return set(rows.values_list("pk", flat=True))
