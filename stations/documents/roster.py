"""联络站名册 as offices print it; it can be imported again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO

from django.conf import settings

from accounts.roles import Role
from common.sheets.writing import Column, Line, write_register
from stations.models import Station

COLUMNS = (
    Column("序号", 8),
    Column("站名", 34, align="left"),
    Column("类型", 18),
    Column("上级站", 34, align="left"),
    Column("乡镇街道", 18),
    Column("村社区", 20),
    Column("地址", 46, align="left"),
    Column("面积(㎡)", 11),
    Column("站长", 14.5),
    Column("副站长", 14.5),
    Column("联络员", 18),
    Column("联系电话", 24),
    Column("接待日", 22),
    Column("星级", 9.4),
    Column("建成日期", 20),
    Column("状态", 11),
)
_STAFF = (Role.STATION_HEAD, Role.DEPUTY_HEAD, Role.LIAISON)


def write_stations(target: IO[bytes], stations: Iterable[Station]) -> int:
    """Write `stations`, read for a page, to an open file; returns how many there are."""
    lines = [_line(order, station) for order, station in enumerate(stations, start=1)]
    write_register(
        target,
        title=f"{settings.DISTRICT_NAME}人大代表联络站名册",
        subtitle=f"填表单位：{settings.DISTRICT_NAME}人大常委会代表工作委员会",
        columns=COLUMNS,
        groups=([line] for line in lines),
        author=settings.DISTRICT_NAME,
    )
    return len(lines)


def _line(order: int, station: Station) -> Line:
    return [
        order,
        station.name,
        station.get_kind_display(),
        station.parent.name if station.parent else "",
        station.township.name,
        station.village.name if station.village else "",
        station.address,
        station.floor_area,
        *(_people(station, role) for role in _STAFF),
        station.phone,
        station.reception_days,
        station.get_star_display() if station.star else "",
        station.built_on,
        station.get_state_display(),
    ]


def _people(station: Station, role: Role) -> str:
    held = [one.person_name for one in station.postings.all() if one.role == role]
    return "、".join(dict.fromkeys(held))
