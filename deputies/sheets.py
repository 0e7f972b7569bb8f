"""代表名册 as a sheet: a line is a mandate; who has several levels has several lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone

from accounts.roles import Capability, roles_with
from common.errors import RuleViolation
from common.importing import kinds, parsers
from common.importing.resources import (
    Options,
    SheetField,
    SheetResource,
    StoredCell,
    changed_cells,
    note_of,
)
from common.importing.rows import Change, SheetRow
from common.models import ImportBatch
from common.sheets.cells import CellError, normalise_name, parse_phones, parse_text
from common.sheets.layout import Table
from deputies import rules, services
from deputies.choices import DeputyState, Gender, Level
from deputies.models import Deputy, Group, Mandate
from deputies.services.removal import remove_deputies
from stations.models import Station

LEVELS = {
    "全国": Level.NATION, "省": Level.PROVINCE, "自治区": Level.PROVINCE, "市": Level.CITY,
    "区县": Level.DISTRICT, "县区": Level.DISTRICT, "区": Level.DISTRICT, "县": Level.DISTRICT,
    "乡镇": Level.TOWNSHIP, "镇": Level.TOWNSHIP, "乡": Level.TOWNSHIP,
}  # fmt: skip
_LEVEL_SIGNS = re.compile(r"[、，,;；/和及\s]+|(?:级|人大|代表)+")
PLAIN = {
    "性别": "gender",
    "民族": "ethnicity",
    "出生年月": "born",
    "政治面貌": "party",
    "学历": "education",
    "工作单位及职务": "employer",
    "联系电话": "phone",
    "状态": "state",
    "备注": "note",
}


@dataclass
class RosterContext:
    year: int | None
    today: date
    stations: dict[str, Station]
    actor: object
    notes: list[str] = field(default_factory=list)
    # Read when the rows are resolved, which is after the lock where they are written.
    deputies: dict[tuple[str, int], list[Deputy]] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    mandates: dict[int, list[Mandate]] = field(default_factory=dict)

    def read_register(self) -> None:
        for deputy in Deputy.objects.for_page():
            self.deputies.setdefault((deputy.name, deputy.station_id), []).append(deputy)
            self.mandates[deputy.pk] = list(deputy.mandates.all())
        self.groups = {group.name: group for group in Group.objects.all()}


def _levels(value, context) -> tuple[str, ...]:
    """One or several congresses: 区; 市、区; 镇人大代表."""
    words = [word for word in _LEVEL_SIGNS.split(parse_text(value)) if word]
    unknown = [word for word in words if word not in LEVELS]
    if unknown:
        raise CellError(f"不认识的代表层级“{unknown[0]}”，请填：全国、省、市、区、镇")
    return tuple(dict.fromkeys(LEVELS[word] for word in words))


def _born(value, context) -> str:
    """Year and month as 1975.12, however they are written."""
    if isinstance(value, datetime | date):
        return f"{value.year}.{value.month:02d}"
    text = "".join(parse_text(value).split())
    match = re.fullmatch(r"(\d{4})[.年/-]?(\d{1,2})?(?:[月.日/-]\d{0,2}日?)?月?", text)
    if match and match[2]:
        return f"{match[1]}.{int(match[2]):02d}"
    if len(text) > 10:
        raise CellError("出生年月请写成 1975.12")
    return text


@kinds.register
class DeputyResource(SheetResource):
    """Whose name, station and phone or birth agree with a line before is the same person."""

    kind = "deputies"
    title = "代表名册"
    url_name = "deputies:import"
    preview_columns = (
        "姓名",
        "性别",
        "联系电话",
        "代表层级",
        "届次",
        "选区（选举单位）",
        "所属联络站",
    )

    number = SheetField("序号", synonyms=["编号"])
    name = SheetField(
        "姓名",
        lambda value, context: normalise_name(parse_text(value)),
        synonyms=["代表姓名", "代表", "人大代表"],
        required=True,
    )
    gender = SheetField("性别", parsers.choice({"男": Gender.MALE, "女": Gender.FEMALE}, "性别"))
    ethnicity = SheetField("民族", parsers.text(20))
    born = SheetField("出生年月", _born, synonyms=["出生日期", "出生", "生日"])
    party = SheetField("政治面貌", parsers.text(20), synonyms=["党派"])
    education = SheetField("学历", parsers.text(20), synonyms=["文化程度"])
    employer = SheetField(
        "工作单位及职务", parsers.text(100), synonyms=["工作单位", "单位及职务", "单位职务", "职务"]
    )
    phone = SheetField(
        "联系电话",
        lambda value, context: "、".join(parse_phones(value).numbers),
        synonyms=["电话", "手机", "手机号", "联系方式"],
    )
    levels = SheetField(
        "代表层级", _levels, synonyms=["层级", "代表级别", "级别", "代表类别", "几级代表"]
    )
    term = SheetField("届次", parsers.text(20), synonyms=["届别", "届"])
    constituency = SheetField(
        "选区（选举单位）",
        parsers.text(60),
        synonyms=["选区", "选举单位", "所在选区", "原选举单位"],
    )
    group = SheetField("代表小组", parsers.text(60), synonyms=["小组", "所在小组"])
    station = SheetField(
        "所属联络站",
        synonyms=["联络站", "所在联络站", "进驻联络站", "编入联络站", "站名"],
        required=True,
    )
    state = SheetField(
        "状态", parsers.choice({label: value for value, label in DeputyState.choices}, "状态")
    )
    note = SheetField("备注")

    def may_import(self, actor) -> bool:
        return actor.is_system or actor.holds(roles_with(Capability.MANAGE_DEPUTIES))

    def begin(self, tables: list[Table], filename: str, options: Options, actor) -> RosterContext:
        return RosterContext(
            year=options.year,
            today=timezone.localdate(),
            stations={
                station.name: station
                for station in Station.objects.select_related("area", "township")
            },
            actor=actor,
        )

    def lock(self, context: RosterContext) -> None:
        list(Station.objects.select_for_update().order_by("pk").values_list("pk"))

    def resolve(self, rows: list[SheetRow], context: RosterContext) -> None:
        context.read_register()
        before: dict[tuple[str, int], list[SheetRow]] = {}
        for row in rows:
            _find_station(row, context)
            if row.is_rejected:
                continue
            lines = before.setdefault((row.values["姓名"], row.values["station"].pk), [])
            _mark(row, lines, context)
            if row.is_accepted:
                _check_phone(row)
                _check_mandates(row)
                _check_group(row, context)
            if row.is_accepted:
                lines.append(row)

    def changes(self, row: SheetRow, context: RosterContext) -> Iterable[Change]:
        if not row.is_update():
            return ()
        return changed_cells(row, _stored_cells(row.values, row.values["stored"]))

    def write(self, rows: list[SheetRow], batch: ImportBatch, context, actor) -> None:
        for row in rows:
            same = row.values.get("same_person")
            deputy = row.values.get("stored") or (same.values["deputy"] if same else None)
            try:
                row.values["deputy"] = _written(row, deputy, batch, context, actor)
            except RuleViolation as refusal:  # what only the writing brought to light
                raise RuleViolation(f"第 {row.number} 行：{refusal}") from None

    def undo(self, batch: ImportBatch, actor) -> str:
        count = remove_deputies(batch.created_rows, actor=actor)
        return f"已删除这一批新建的 {count} 位代表；对原有代表的修改没有撤销。"


def _find_station(row: SheetRow, context: RosterContext) -> None:
    name = row.values["所属联络站"]
    station = context.stations.get(normalise_name(name))
    if station is None:
        row.reject("所属联络站", f"没有叫“{name}”的联络站，请核对或先导入联络站名册")
    elif not rules.can_manage_at(context.actor, station):
        row.reject("所属联络站", f"您没有权限管理“{station}”的代表")
    row.values["station"] = station


def _mark(row: SheetRow, before: list[SheetRow], context: RosterContext) -> None:
    """Say whose line this is; `before` are the lines of namesakes at the station above it."""
    values = row.values
    namesakes = context.deputies.get((values["姓名"], values["station"].pk), [])
    stored = next(
        (deputy for deputy in namesakes if _same_person(values, deputy.phone, deputy.born)), None
    )
    values["stored"] = stored
    values["mandates"] = context.mandates[stored.pk] if stored else []
    if stored is not None:
        stands = _stands(values, stored)
        row.import_type = row.IMPORT_TYPE_SKIP if stands else row.IMPORT_TYPE_UPDATE
        row.same_as = str(stored) if stands else ""
        return
    row.import_type = row.IMPORT_TYPE_NEW
    for other in before:
        if _same_person(values, other.values["联系电话"], other.values["出生年月"]):
            values["same_person"], values["mandates"] = other, other.values["mandates"]
            if _said(values) == _said(other.values):
                row.import_type, row.same_as = row.IMPORT_TYPE_SKIP, f"第 {other.number} 行"
            return


def _check_phone(row: SheetRow) -> None:
    """A log-in follows the phone of the register, but not to a number that another account has."""
    stored, phone = row.values["stored"], row.values["联系电话"]
    if stored is None or not phone:
        return
    try:
        services.check_phone(stored, phone)
    except RuleViolation as refusal:
        row.reject("联系电话", str(refusal))


def _check_mandates(row: SheetRow) -> None:
    """Nobody holds two terms of a level at once, be it by the register or by the lines above."""
    values = row.values
    held: list[Mandate] = values["mandates"]
    new = []
    for level in values["代表层级"]:
        line = Mandate(level=level, term=values["届次"], constituency=values["选区（选举单位）"])
        if any(_line_of(line) == _line_of(other) for other in held):
            continue
        others = [other for other in held if _line_of(line)[:2] != _line_of(other)[:2]]
        try:
            rules.check_mandate(line, others)
        except RuleViolation as refusal:
            row.reject("届次" if values["届次"] else "代表层级", str(refusal))
        new.append(line)
    if not row.is_rejected:
        held += new


def _line_of(mandate: Mandate) -> tuple[str, str, str]:
    return mandate.level, mandate.term, mandate.constituency


def _check_group(row: SheetRow, context: RosterContext) -> None:
    """A group is of one township: that of the register, or of the first line that names it."""
    name, station = normalise_name(row.values["代表小组"]), row.values["station"]
    if not name or row.is_rejected:
        return
    new = Group(name=name, township=station.township)
    try:
        rules.check_group_at(context.groups.setdefault(name, new), station)
    except RuleViolation as refusal:
        row.reject("代表小组", str(refusal))


def _same_person(values: dict, phone: str, born: str) -> bool:
    """Namesakes at a station are one person unless phone or birth tell them apart."""
    pairs = [(values["联系电话"], phone), (values["出生年月"], born)]
    told = [new == old for new, old in pairs if new and old]
    return any(told) or not told


def _said(values: dict) -> tuple:
    return tuple(
        values[column] for column in [*PLAIN, "代表层级", "届次", "选区（选举单位）", "代表小组"]
    )


def _stands(values: dict, stored: Deputy) -> bool:
    """Whether every cell that says something says what is stored."""
    said = [(values[column], getattr(stored, name)) for column, name in PLAIN.items()]
    said.append((values["代表小组"], stored.group.name if stored.group else ""))
    held = {_line_of(mandate) for mandate in stored.mandates.all()}
    lines = {(level, values["届次"], values["选区（选举单位）"]) for level in values["代表层级"]}
    return all(new in ("", None) or new == old for new, old in said) and lines <= held


def _stored_cells(values: dict, stored: Deputy) -> Iterator[StoredCell]:
    """What a cell says, and what is stored; mandates are added to, never taken away."""
    for column, name in PLAIN.items():
        display = getattr(stored, f"get_{name}_display", None)
        old = display() if display else getattr(stored, name)
        yield column, values[column] in ("", None, getattr(stored, name)), old
    group = stored.group.name if stored.group else ""
    yield "代表小组", values["代表小组"] in ("", group), group
    levels = {mandate.level for mandate in stored.mandates.all()}
    words = "、".join(mandate.get_level_display() for mandate in stored.mandates.all())
    yield "代表层级", set(values["代表层级"]) <= levels, words


def _written(row: SheetRow, deputy: Deputy | None, batch, context, actor) -> Deputy:
    """Create the deputy of a line, or change the one that is known; then the mandates."""
    values = row.values
    values["备注"] = note_of(row)
    is_new = deputy is None
    deputy = deputy or Deputy(name=values["姓名"], station=values["station"])
    for column, name in PLAIN.items():
        if values[column] not in ("", None):
            setattr(deputy, name, values[column])
    if values["代表小组"]:
        deputy.group = services.group_named(
            values["代表小组"], values["station"].township, actor=actor
        )
    if is_new:
        services.create_deputy(deputy, actor=actor, same_name=True)
        batch.created_rows.append(deputy.pk)
    else:
        services.change_deputy(deputy, actor=actor, version=deputy.version, same_name=True)
    _add_mandates(deputy, values, actor)
    return deputy


def _add_mandates(deputy: Deputy, values: dict, actor) -> None:
    known = {_line_of(mandate) for mandate in Mandate.objects.filter(deputy=deputy)}
    for level in values["代表层级"]:
        line = (level, values["届次"], values["选区（选举单位）"])
        if line not in known:
            services.add_mandate(deputy, level, term=line[1], constituency=line[2], actor=actor)
