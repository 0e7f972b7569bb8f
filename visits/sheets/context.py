"""What holds for a whole register file: whose it is, of which year, who may be named in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from accounts.actors import SystemActor
from accounts.models import User
from common.errors import RuleViolation
from common.importing.resources import Options
from common.sheets.cells import DateSpan, Feedback, Names, PersonRef, normalise_name
from common.sheets.layout import Table, year_from_filename
from deputies.models import Deputy
from stations.models import Category, Station, Unit

STATION_LABELS = ("联络站", "站名", "联络站名称", "填表单位", "填报单位", "单位", "所属联络站")


@dataclass
class RegisterContext:
    """What holds for the whole file: whose register it is, which year, who may be named.

    It goes with the check from row to row, and takes in what the next rows must know.
    """

    actor: User | SystemActor
    station: Station
    year: int | None
    today: date
    deputies: list[Deputy]
    categories: dict[str, Category]
    notes: list[str] = field(default_factory=list)
    # Of the row above: what 同上 stands for.
    previous: DateSpan | None = None
    previous_people: Names | None = None
    received_on: date | None = None
    # The visit a line belongs to: lines with the visit's cells merged over them are one.
    visit: int = 0
    units: dict[str, Unit] = field(default_factory=dict)
    # Stored rows that lines of the file came from by their keys: said to be there, and found.
    keyed: set[int] = field(default_factory=set)
    claimed: set[int] = field(default_factory=set)
    on_file: Any = None  # visits.sheets.lines.OnFile
    # What new rows are made from.
    mould: Any = None
    opinion_mould: Any = None
    # What waits for the last part of the file.
    updates: list[Any] = field(default_factory=list)
    dates: set[date] = field(default_factory=set)
    # Readings of cells that many rows have alike.
    spans: dict[Any, DateSpan] = field(default_factory=dict)
    lists: dict[Any, Names] = field(default_factory=dict)
    feedbacks: dict[Any, Feedback] = field(default_factory=dict)
    people: dict[tuple[PersonRef, ...], tuple[list[Deputy], list[str]]] = field(
        default_factory=dict
    )

    @cached_property
    def names(self) -> set[str]:
        return set(self.by_name)

    @cached_property
    def by_name(self) -> dict[str, list[Deputy]]:
        found: dict[str, list[Deputy]] = {}
        for deputy in self.deputies:
            found.setdefault(normalise_name(deputy.name), []).append(deputy)
        return found


def place_of(tables: list[Table], options: Options) -> str:
    """The name of the station whose register it is, "" as long as that is not clear."""
    try:
        return station_of(tables, options)[0].name
    except RuleViolation:
        return ""


def station_of(tables: list[Table], options: Options) -> tuple[Station, list[str]]:
    """The station named by the user, or by the sheet above its table."""
    written = [name for table in tables for name in _names_in(table)]
    if options.station:
        station = Station.objects.filter(name=options.station).first()
        if station is None:
            raise RuleViolation(f"没有叫“{options.station}”的联络站，请核对站名。")
        others = [name for name in written if name != station.name and _is_station(name)]
        note = [f"表内写的是“{others[0]}”，将按您选的“{station}”导入。"] if others else []
        return station, note
    found = Station.objects.filter(name__in=written or _named_in_titles(tables))
    if len(found) == 1:
        return found[0], []
    if not found:
        raise RuleViolation("表里没有写明是哪个联络站，请选择（命令行用 --station 指定）。")
    names = "、".join(station.name for station in found)
    raise RuleViolation(f"表里写了几个联络站（{names}），请分站导入或选择其中一个。")


def _names_in(table: Table) -> list[str]:
    labels = table.title.label_values
    return [labels[label].strip() for label in STATION_LABELS if labels.get(label)]


def _named_in_titles(tables: list[Table]) -> list[str]:
    """The stations whose whole name stands in a line above the table."""
    lines = " ".join(line for table in tables for line in table.title.lines)
    names = [name for name in Station.objects.values_list("name", flat=True) if name in lines]
    return [name for name in names if not any(name != other and name in other for other in names)]


def _is_station(name: str) -> bool:
    return Station.objects.filter(name=name).exists()


def year_of(tables: list[Table], filename: str) -> int | None:
    """The year the title or the file's name tells; never silently today's."""
    years = {table.title.year for table in tables if table.title.year}
    return years.pop() if len(years) == 1 else year_from_filename(filename)
