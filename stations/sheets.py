"""联络站名册 as a sheet: a line is a station, with the people who run it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from accounts.roles import Capability, Role, roles_with
from common.errors import RuleViolation
from common.importing import kinds, parsers
from common.importing.resources import (
    Options,
    SheetField,
    SheetResource,
    StoredCell,
    changed_cells,
)
from common.importing.rows import Change, SheetRow
from common.models import ImportBatch
from common.sheets.cells import normalise_name, parse_decimal, parse_names, parse_text
from common.sheets.layout import Table
from stations import services
from stations.choices import AreaLevel, Star, StationKind, StationState
from stations.models import Area, Station
from stations.rules import can_in_area
from stations.services.removal import remove_stations

KINDS = {
    "中心": StationKind.CENTRE,
    "之家": StationKind.HOME,
    "联系点": StationKind.POINT,
    "网上": StationKind.ONLINE,
    "联络站": StationKind.STATION,
}
STARS = {
    "三": Star.THREE, "3": Star.THREE, "四": Star.FOUR, "4": Star.FOUR, "五": Star.FIVE,
    "5": Star.FIVE,
}  # fmt: skip
STATES = {
    "规划": StationState.PLANNED,
    "筹建": StationState.PLANNED,
    "在建": StationState.BUILDING,
    "建设中": StationState.BUILDING,
    "已建成": StationState.OPEN,
    "建成": StationState.OPEN,
    "运行": StationState.OPEN,
    "正常": StationState.OPEN,
    "撤销": StationState.CLOSED,
    "停用": StationState.CLOSED,
}
STAFF = {"站长": Role.STATION_HEAD, "副站长": Role.DEPUTY_HEAD, "联络员": Role.LIAISON}
# Printed column → field of the station, for those that are taken as they stand.
PLAIN = {
    "地址": "address",
    "面积": "floor_area",
    "联系电话": "phone",
    "接待日": "reception_days",
    "星级": "star",
    "建成日期": "built_on",
    "状态": "state",
    "类型": "kind",
}


@dataclass
class RosterContext:
    district: Area
    year: int | None
    today: date
    stations: dict[str, Station]
    actor: object
    notes: list[str] = field(default_factory=list)


@kinds.register
class StationResource(SheetResource):
    """A known station whose cells all stand already is a duplicate; a blank cell says nothing."""

    kind = "stations"
    title = "联络站名册"
    url_name = "stations:import"
    preview_columns = ("站名", "类型", "上级站", "乡镇街道", "村社区", "联络员", "接待日", "状态")

    number = SheetField("序号", synonyms=["编号"])
    name = SheetField(
        "站名",
        lambda value, context: normalise_name(parse_text(value)),
        synonyms=["联络站名称", "站点名称", "名称", "联络站"],
        required=True,
    )
    station_kind = SheetField(
        "类型", parsers.choice(KINDS, "类型"), synonyms=["站点类型", "类别", "性质"]
    )
    parent = SheetField("上级站", synonyms=["所属中心站", "上级联络站", "中心站"])
    township = SheetField(
        "乡镇街道",
        parsers.text(50),
        synonyms=["乡镇", "街道", "乡镇（街道）", "所属乡镇"],
        required=True,
    )
    village = SheetField(
        "村社区", parsers.text(50), synonyms=["村", "社区", "村（社区）", "所属村社区"]
    )
    address = SheetField("地址", parsers.text(200), synonyms=["详细地址", "站址"])
    floor_area = SheetField(
        "面积", lambda value, context: parse_decimal(value), synonyms=["面积(㎡)", "建筑面积"]
    )
    head = SheetField("站长", lambda value, context: parse_names(value), synonyms=["负责人"])
    deputy_head = SheetField("副站长", lambda value, context: parse_names(value))
    liaison = SheetField(
        "联络员", lambda value, context: parse_names(value), synonyms=["工作人员", "联系人"]
    )
    phone = SheetField("联系电话", parsers.text(40), synonyms=["电话", "联系方式"])
    reception_days = SheetField(
        "接待日", parsers.text(100), synonyms=["接待时间", "接待日期", "代表接待日"]
    )
    star = SheetField("星级", parsers.choice(STARS, "星级"), synonyms=["星级评定"])
    built_on = SheetField("建成日期", parsers.day, synonyms=["建成时间", "建站时间", "成立时间"])
    state = SheetField("状态", parsers.choice(STATES, "状态"), synonyms=["建设状态", "建设情况"])

    def may_import(self, actor) -> bool:
        return actor.is_system or actor.holds(roles_with(Capability.MANAGE_STATIONS))

    def begin(self, tables: list[Table], filename: str, options: Options, actor) -> RosterContext:
        district = Area.objects.filter(level=AreaLevel.DISTRICT).order_by("pk").first()
        if district is None:
            raise RuleViolation("还没有设置区县，请先在基础数据里登记。")
        return RosterContext(
            district=district,
            year=options.year,
            today=timezone.localdate(),
            stations={station.name: station for station in Station.objects.for_page()},
            actor=actor,
        )

    def lock(self, context: RosterContext) -> None:
        Area.objects.select_for_update().get(pk=context.district.pk)

    def resolve(self, rows: list[SheetRow], context: RosterContext) -> None:
        in_file = {row.values["站名"] for row in rows}
        allowed = can_in_area(context.actor, Capability.MANAGE_STATIONS, context.district.code)
        seen: set[str] = set()
        for row in rows:
            name, parent = row.values["站名"], row.values["上级站"]
            if parent and parent not in in_file and parent not in context.stations:
                row.reject("上级站", f"没有叫“{parent}”的联络站，表里也没有")
            if not allowed and not _stands(row, context.stations.get(name)):
                row.reject("站名", "您没有权限新建或修改这个联络站")
            _mark(row, context.stations.get(name), seen)
            seen.add(name)

    def changes(self, row: SheetRow, context: RosterContext) -> Iterable[Change]:
        if not row.is_update():
            return ()
        return changed_cells(row, _stored_cells(row, context.stations[row.values["站名"]]))

    def write(self, rows: list[SheetRow], batch: ImportBatch, context, actor) -> None:
        # A station is written after the one above it.
        for row in sorted(rows, key=lambda row: bool(row.values["上级站"])):
            station = context.stations.get(row.values["站名"])
            is_new = station is None
            station = _filled(row, station or Station(name=row.values["站名"]), context, actor)
            if is_new:
                services.create_station(station, actor=actor)
                batch.created_rows.append(station.pk)
            else:
                services.change_station(station, actor=actor, version=station.version)
            context.stations[station.name] = station
            for column, role in STAFF.items():
                for person in row.values[column].people:
                    services.post(person.name, role, station, actor=actor)

    def undo(self, batch: ImportBatch, actor) -> str:
        count = remove_stations(batch.created_rows, actor=actor)
        return f"已删除这一批新建的 {count} 个联络站；对原有联络站的修改没有撤销。"


def _mark(row: SheetRow, stored: Station | None, seen: set[str]) -> None:
    if stored is None:
        row.import_type = row.IMPORT_TYPE_NEW
        if row.values["站名"] in seen:
            row.reject("站名", f"“{row.values['站名']}”在表里出现了两次")
    elif _stands(row, stored):
        row.import_type, row.same_as = row.IMPORT_TYPE_SKIP, stored.name
    else:
        row.import_type = row.IMPORT_TYPE_UPDATE


def _stands(row: SheetRow, stored: Station | None) -> bool:
    """Whether every cell that says something says what is stored."""
    if stored is None:
        return False
    return all(stands for _, stands, _ in _stored_cells(row, stored))


def _stored_cells(row: SheetRow, stored: Station) -> Iterator[StoredCell]:
    """What a cell says, and what is stored; people of a station are added to, never taken away."""
    values = row.values
    for column, name in PLAIN.items():
        stands = values[column] in ("", None, getattr(stored, name))
        display = getattr(stored, f"get_{name}_display", None)
        yield column, stands, parse_text(display() if display else getattr(stored, name))
    places = (("乡镇街道", stored.township), ("村社区", stored.village), ("上级站", stored.parent))
    for column, place in places:
        name = place.name if place else ""
        yield column, values[column] in ("", name), name
    for column, role in STAFF.items():
        posted = [held.person_name for held in stored.postings.all() if held.role == role]
        said = {person.name for person in values[column].people}
        yield column, said <= set(posted), "、".join(posted)


def _filled(row: SheetRow, station: Station, context: RosterContext, actor) -> Station:
    """The station with what the row says; a blank cell leaves it as it is."""
    values = row.values
    for column, name in PLAIN.items():
        if values[column] not in ("", None):
            setattr(station, name, values[column])
    if not values["类型"] and station.pk is None:
        station.kind = next(
            (kind for word, kind in KINDS.items() if word in station.name), StationKind.STATION
        )
    station.township = services.area_named(
        values["乡镇街道"], AreaLevel.TOWNSHIP, context.district, actor=actor
    )
    if values["村社区"]:
        station.village = services.area_named(
            values["村社区"], AreaLevel.VILLAGE, station.township, actor=actor
        )
    if values["上级站"]:
        station.parent = context.stations[values["上级站"]]
    return station
