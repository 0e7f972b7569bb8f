"""What holds for a whole register file: whose it is, of which year, who may be named in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from accounts.actors import SystemActor
from accounts.models import User
from common.errors import RuleViolation
from common.importing.resources import Options
from common.sheets.cells import DateSpan, Names, normalise_name
from common.sheets.layout import Table, year_from_filename
from deputies.models import Deputy
from stations.models import Category, Station, Unit

STATION_LABELS = ("联络站", "站名", "联络站名称", "填表单位", "填报单位", "单位", "所属联络站")


@dataclass
class RegisterContext:
    """What holds for the whole file: whose register it is, which year, who may be named."""

    actor: User | SystemActor
    station: Station
    year: int | None
    today: date
    deputies: list[Deputy]
    categories: dict[str, Category]
    notes: list[str] = field(default_factory=list)
    previous: DateSpan | None = None
    received_on: date | None = None
    previous_people: Names | None = None
    units: dict[str, Unit] = field(default_factory=dict)

    @property
    def names(self) -> set[str]:
        return {normalise_name(deputy.name) for deputy in self.deputies}


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
