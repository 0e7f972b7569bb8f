"""What holds for a whole ledger: whose it is, of which year, who and what may be named in it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from accounts.roles import Capability
from common.calendar import workdays
from common.errors import RuleViolation
from common.importing.resources import Options
from common.importing.rows import SheetRow
from common.reckoning import Span
from common.sheets.cells import Names, PersonRef, normalise_name
from common.sheets.layout import Table, year_from_filename
from common.workdays import Workdays
from deputies.models import Deputy
from deputies.sheets import LEVELS
from stations.models import Area, Unit
from suggestions import rules
from suggestions.models import Session, Suggestion
from suggestions.services import spans

KEY = "内部标识（勿改）"
_KEY_FORM = re.compile(r"(\d{1,18}):(\d{1,9})")
Place = tuple[int, int, int, str, int]  # congress, term, meeting, occasion, number


@dataclass
class LedgerContext:
    """What goes with the check from line to line."""

    actor: object
    area: Area
    areas: dict[str, Area]  # every congress by name
    year: int | None
    today: date
    notes: list[str] = field(default_factory=list)
    # Read when the rows are resolved, which is after the lock where they are written.
    by_key: dict[int, Suggestion] = field(default_factory=dict)
    by_place: dict[Place, Suggestion] = field(default_factory=dict)
    units: set[str] = field(default_factory=set)
    new_units: list[str] = field(default_factory=list)
    namesakes: set[str] = field(default_factory=set)
    in_file: dict[Place, SheetRow] = field(default_factory=dict)
    claimed: set[int] = field(default_factory=set)
    late: int = 0  # new lines that are overdue from the first day

    @cached_property
    def spans(self) -> dict[str, Span]:
        return spans()

    @cached_property
    def calendar(self) -> Workdays:
        return workdays()

    @cached_property
    def deputies(self) -> dict[str, list[Deputy]]:
        """Everybody in the district by name, whatever the level: history names them all."""
        found: dict[str, list[Deputy]] = {}
        rows = Deputy.objects.select_related("station__township").prefetch_related("mandates")
        for deputy in rows.order_by("pk"):
            found.setdefault(normalise_name(deputy.name), []).append(deputy)
        return found

    @cached_property
    def names(self) -> set[str]:
        return set(self.deputies)

    def read_register(self, rows: Iterable[SheetRow]) -> None:
        """The suggestions that lines may mean: by their keys, and by their numbers."""
        rows = list(rows)
        keys = {key[0] for key in map(key_of, rows) if key}
        known = Suggestion.objects.visible_to(self.actor)
        self.by_key = {one.pk: one for one in known.filter(pk__in=keys).for_ledger()}
        self.read_numbers(rows)
        self.units = {normalise_name(name) for name in Unit.objects.values_list("name", flat=True)}
        self.namesakes = {name for name, found in self.deputies.items() if len(found) > 1}

    def read_numbers(self, rows: Iterable[SheetRow]) -> None:
        """The suggestions that have the numbers of these lines already."""
        numbers = {row.values["建议编号"].value for row in rows} - {None}
        for one in Suggestion.objects.filter(number__in=numbers).for_ledger():
            self.by_place[place_of(one)] = one

    def meet_units(self, names: Iterable[str]) -> None:
        """Say once in the file which units nobody has heard of yet."""
        self.new_units += [name for name in names if name not in self.units]
        self.units.update(self.new_units)

    def tell_units(self) -> None:
        if self.new_units:
            names = "、".join(self.new_units[:20])
            others = f"等 {len(self.new_units)} 个" if len(self.new_units) > 20 else ""
            self.notes.append(f"这些单位第一次出现，导入时登记为待确认：{names}{others}。")

    def tell_late(self) -> None:
        if self.late:
            words = f"其中 {self.late} 件办理期限已过，导入后将显示为逾期；"
            self.notes.append(f"{words}已经答复的，请先在表里补填答复日期。")

    def may_keep(self, area: Area) -> bool:
        return rules.is_office(self.actor, Session(area=area))


def key_of(row: SheetRow) -> tuple[int, int] | None:
    """Row and version, if the line went out from here."""
    match = _KEY_FORM.fullmatch(row.values.get(KEY) or "")
    return (int(match[1]), int(match[2])) if match else None


def place_of(one: Suggestion) -> Place:
    session = one.session
    return session.area_id, session.term, session.number, one.occasion, one.number or 0


def year_of(tables: list[Table], filename: str, options: Options) -> int | None:
    """What the user says, or the title, or the file's name; never silently today's."""
    years = {table.title.year for table in tables if table.title.year}
    told = years.pop() if len(years) == 1 else year_from_filename(filename)
    return options.year or told


def congresses() -> dict[str, Area]:
    rows = Area.objects.filter(level__in=["district", "township"]).order_by("code")
    return {area.name: area for area in rows if not area.name.endswith("街道")}


def congress_of(tables: list[Table], areas: dict[str, Area], actor) -> Area:
    """Whose ledger it is: the congress that stands above the table, or else the user's own.

    Refuses a ledger of a congress in whose office `actor` does not work.
    """
    words = "".join(normalise_name(line) for table in tables for line in table.title.lines)
    named = [area for name, area in areas.items() if name in words]
    named.sort(key=lambda area: area.level != "township")
    own = _own(areas, actor)
    if not own:
        raise RuleViolation("您不在人大机关任职，不能导入台账。")
    if not named:
        if len(own) > 1 and own[0].level != "district":
            raise RuleViolation("表头没有写明是哪一级人大的台账，请写上区划名称。")
        return own[0]
    if named[0] not in own:
        raise RuleViolation(f"这是{named[0].name}人大的台账，您没有权限导入。")
    return named[0]


def _own(areas: dict[str, Area], actor) -> list[Area]:
    """The congresses of the user, the district's first."""
    rows = list(areas.values())
    if not actor.is_system:
        allowed = Area.objects.where_user_can(actor, Capability.REVIEW_SUGGESTION)
        keys = set(allowed.values_list("pk", flat=True))
        rows = [area for area in rows if area.pk in keys]
    return sorted(rows, key=lambda area: (area.level != "district", area.code))


def find_deputies(row: SheetRow, column: str, context: LedgerContext) -> list[Deputy]:
    """Everybody named in a cell; nobody of that name, or several, is an error of the cell."""
    found: list[Deputy] = []
    names: Names = row.values[column]
    for person in names.people:
        namesakes = context.deputies.get(normalise_name(person.name), [])
        fitting = told_apart(namesakes, person)
        if len(fitting) == 1:
            found.append(fitting[0])
        elif not namesakes:
            row.reject(column, f"没有叫“{person.name}”的代表，请核对姓名，或先导入代表名册")
        elif not fitting:
            row.reject(column, f"没有“{person.name}（{person.hint}）”；{_choice(namesakes)}")
        else:
            row.reject(column, f"“{person.name}”有 {len(fitting)} 位：{_choice(fitting)}")
    return list(dict.fromkeys(found))


def told_apart(namesakes: list[Deputy], person: PersonRef) -> list[Deputy]:
    """Who is meant by a name and what stands in brackets with it: station, township or unit."""
    hint = normalise_name(person.hint).replace(" ", "")
    if not hint or not namesakes:
        return namesakes
    level = LEVELS.get(re.sub("(?:级|人大|代表)+$", "", hint), "")
    tests = (
        lambda one: normalise_name(one.station.name) == hint,
        lambda one: hint in normalise_name(one.station.name),
        lambda one: hint in (one.station.township.name, normalise_name(one.employer)),
        lambda one: hint in normalise_name(one.employer),
        lambda one: any(mandate.level == level for mandate in one.mandates.all()),
    )
    for fits in tests:
        found = [one for one in namesakes if fits(one)]
        if found:
            return found
    # Brackets may say what he is (市): it tells nobody apart where there is only one.
    return namesakes if len(namesakes) == 1 else []


def _levels(one: Deputy) -> list[str]:
    return [mandate.get_level_display() for mandate in one.mandates.all()]


def _choice(deputies: list[Deputy]) -> str:
    """Whom the cell may mean, in the words in which it can be said."""
    options = [f"{one.name}（{_hint(one, deputies)}）" for one in deputies]
    return f"{'、'.join(options)}，请写明是哪一位，如 {options[0]}"


def _hint(one: Deputy, others: list[Deputy]) -> str:
    """What tells one from the others: the station, or else the unit or the level."""
    readings = (
        lambda who: who.station.name,
        lambda who: who.employer,
        lambda who: "、".join(mandate.get_level_display() for mandate in who.mandates.all()),
    )
    for read in readings:
        hints = [read(other) for other in others]
        if hints.count(read(one)) == 1 and read(one):
            return read(one)
    return one.station.name
