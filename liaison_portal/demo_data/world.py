"""The plan written down: areas, stations, units, people with their postings and log-ins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts.models import User
from accounts.roles import Role
from common.pinyin import spell
from deputies.choices import DeputyState, Level
from deputies.models import Deputy, Group, Mandate
from liaison_portal.demo_data import people, places
from liaison_portal.demo_data.people import DeputyPlan, LogIn
from liaison_portal.demo_data.places import StationPlan
from liaison_portal.demo_data.plan import Plan
from stations.choices import AreaLevel, StationKind
from stations.models import Area, Category, Posting, Station, Unit

BATCH = 1000
FIRST_TOWNSHIP = 101


@dataclass
class World:
    """What receptions refer to, by the words of the plan."""

    district: Area
    areas: dict[str, Area] = field(default_factory=dict)
    stations: dict[StationPlan, Station] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    categories: dict[tuple[str, str], int] = field(default_factory=dict)
    deputies: dict[DeputyPlan, Deputy] = field(default_factory=dict)
    levels: dict[DeputyPlan, str] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    writers: dict[StationPlan, int] = field(default_factory=dict)
    clerks: dict[str, User] = field(default_factory=dict)


def build(plan: Plan, today: date) -> World:
    """Write everything but the receptions."""
    world = World(Area.objects.get(code=settings.DISTRICT_CODE))
    _areas(world, plan)
    _units(world, plan)
    _stations(world, plan)
    _users(world, plan)
    _deputies(world, plan, today)
    _postings(world, plan)
    rows = Category.objects.select_related("parent")
    world.categories = {
        (row.parent.name, row.name) if row.parent else (row.name, ""): row.pk for row in rows
    }
    return world


def _areas(world: World, plan: Plan) -> None:
    district = world.district
    townships = [
        Area(
            code=f"{district.code}{number}",
            name=township.name,
            level=AreaLevel.TOWNSHIP,
            parent=district,
        )
        for number, township in enumerate(plan.townships, start=FIRST_TOWNSHIP)
    ]
    Area.objects.bulk_create(townships, batch_size=BATCH)
    villages = [
        Area(code=f"{area.code}{number:03d}", name=name, level=AreaLevel.VILLAGE, parent=area)
        for area, township in zip(townships, plan.townships, strict=True)
        for number, name in enumerate(township.villages, start=1)
    ]
    Area.objects.bulk_create(villages, batch_size=BATCH)
    world.areas = {area.name: area for area in [*townships, *villages]}


def _units(world: World, plan: Plan) -> None:
    rows = [Unit(name=name, area=world.district) for name in places.DEPARTMENTS]
    for township in plan.townships:
        for name in places.units_of(township):
            rows.append(Unit(name=name, area=world.areas.get(name, world.areas[township.name])))
    Unit.objects.bulk_create(rows, batch_size=BATCH)
    world.units = {row.name: row for row in rows}


def _stations(world: World, plan: Plan) -> None:
    """Centres first: the stations of villages stand below them."""
    centres = [station for station in plan.stations if station.is_centre]
    below = [station for station in plan.stations if not station.is_centre]
    rows = [_station(world, found, None) for found in centres]
    Station.objects.bulk_create(rows, batch_size=BATCH)
    world.stations = dict(zip(centres, rows, strict=True))
    centre_of = {found.township: row for found, row in world.stations.items()}
    rows = [_station(world, found, centre_of[found.township]) for found in below]
    Station.objects.bulk_create(rows, batch_size=BATCH)
    world.stations |= zip(below, rows, strict=True)


def _station(world: World, found: StationPlan, parent: Station | None) -> Station:
    township = world.areas[found.township.name]
    village = world.areas.get(found.village)
    address = f"{world.district.name}{found.address}" if found.is_centre else found.address
    return Station(
        name=found.name,
        kind=StationKind.CENTRE if found.is_centre else StationKind.STATION,
        parent=parent,
        area=village or township,
        township=township,
        village=village,
        address=address,
        floor_area=found.floor_area,
        phone=found.phone,
        reception_days=found.days,
        star=found.star,
        built_on=found.built_on,
        state=found.state,
    )


def _users(world: World, plan: Plan) -> None:
    """The log-ins of the list, one for every other 联络员 and for every clerk; one slow hash."""
    password = make_password(people.PASSWORD)
    listed = [_account(log_in, password) for log_in in people.LOG_INS]
    taken = {user.username for user in listed}
    others = []
    for station in plan.stations:
        if not any(log_in.name == station.liaison for log_in in people.LOG_INS):
            name = _free_user_name(station.liaison, taken)
            user = User(username=name, name=station.liaison, password=password)
            user.must_change_password = False
            others.append((station, user))
    clerks = {
        unit: User(
            username=_free_user_name(name, taken), name=name, password=password,
            must_change_password=False,
        )
        for unit, name in people.CLERKS.items()
    }  # fmt: skip
    rows = [*listed, *(user for _, user in others), *clerks.values()]
    User.objects.bulk_create(rows, batch_size=BATCH)
    world.clerks = clerks
    world.users = {user.username: user for user in listed}
    world.writers = {station: user.pk for station, user in others}
    for station in plan.stations:
        world.writers.setdefault(station, world.users["liaison"].pk)


def _account(log_in: LogIn, password: str) -> User:
    administrator = not log_in.role
    return User(
        username=log_in.username,
        name=log_in.name,
        phone=log_in.phone,
        password=password,
        must_change_password=False,
        is_superuser=administrator,
        is_staff=administrator,
    )


def _free_user_name(name: str, taken: set[str]) -> str:
    stem = spell(name).full.replace(" ", "")
    number, free = 1, stem
    while free in taken:
        number += 1
        free = f"{stem}{number}"
    taken.add(free)
    return free


def _deputies(world: World, plan: Plan, today: date) -> None:
    groups = _groups(world, plan)
    account = next(log_in for log_in in people.LOG_INS if log_in.role == Role.DEPUTY)
    for station, found in plan.deputies_by_station():
        for deputy in found:
            row = _deputy(world, station, deputy, groups)
            if (deputy.name, station.name) == (account.name, account.place):
                row.user = world.users[account.username]
            world.deputies[deputy] = row
            world.levels[deputy] = next(level for level in Level.values if level in deputy.levels)
    Deputy.objects.bulk_create(world.deputies.values(), batch_size=BATCH)
    Mandate.objects.bulk_create(_mandates(world, today), batch_size=BATCH)
    _conveners(world)


def _deputy(
    world: World, station: StationPlan, deputy: DeputyPlan, groups: dict[str, Group]
) -> Deputy:
    spelling = spell(deputy.name)
    in_office = deputy.state == DeputyState.IN_OFFICE
    return Deputy(
        name=deputy.name,
        pinyin=spelling.full,
        initials=spelling.initials,
        gender=deputy.gender,
        ethnicity=deputy.ethnicity,
        born=deputy.born,
        party=deputy.party,
        education=deputy.education,
        employer=deputy.employer,
        phone=deputy.phone,
        station=world.stations[station],
        group=groups[_group_name(station, deputy)] if in_office else None,
        state=deputy.state,
    )


def _groups(world: World, plan: Plan) -> dict[str, Group]:
    names = {
        _group_name(station, deputy): station.township.name
        for station, found in plan.deputies_by_station()
        for deputy in found
    }
    rows = [
        Group(name=name, township=world.areas[township]) for name, township in sorted(names.items())
    ]
    Group.objects.bulk_create(rows, batch_size=BATCH)
    return {row.name: row for row in rows}


def _group_name(station: StationPlan, deputy: DeputyPlan) -> str:
    return f"{station.township.name}第{deputy.group}代表小组"


def _mandates(world: World, today: date) -> Iterator[Mandate]:
    for deputy, row in world.deputies.items():
        left = deputy.left_days_ago
        for level in deputy.levels:
            yield Mandate(
                deputy=row,
                level=level,
                term=people.TERM,
                constituency=deputy.constituency,
                ended_on=today - timedelta(days=left) if left else None,
            )


def _conveners(world: World) -> None:
    """The first district deputy of a group convenes it, or whoever there is."""
    chosen: dict[int, Group] = {}
    ranked = sorted(world.deputies, key=lambda deputy: world.levels[deputy] != Level.DISTRICT)
    for deputy in ranked:
        row = world.deputies[deputy]
        if row.group and row.group.pk not in chosen:
            row.group.convener = row
            chosen[row.group.pk] = row.group
    Group.objects.bulk_update(chosen.values(), ["convener"], batch_size=BATCH)


def _postings(world: World, plan: Plan) -> None:
    rows = [
        Posting(user=world.users[log_in.username], role=log_in.role, **_where(world, log_in))
        for log_in in people.LOG_INS
        if log_in.role
    ]
    for row in rows:
        row.person_name = row.user.name
    known = {(row.role, row.station_id, row.person_name) for row in rows}
    for station in plan.stations:
        for posting in _staff(world, station):
            key = (posting.role, posting.station_id, posting.person_name)
            if key not in known:
                known.add(key)
                rows.append(posting)
    for unit, name in people.CLERKS.items():
        user = world.clerks[unit]
        clerk = Posting(person_name=name, role=Role.UNIT_CLERK, unit=world.units[unit], user=user)
        rows.append(clerk)
    Posting.objects.bulk_create(rows, batch_size=BATCH)


def _where(world: World, log_in: LogIn) -> dict[str, Area | Station | Unit]:
    if log_in.role == Role.DISTRICT_OFFICER:
        return {"area": world.district}
    if log_in.place in world.units and log_in.role == Role.UNIT_CLERK:
        return {"unit": world.units[log_in.place]}
    if log_in.place in world.areas:
        return {"area": world.areas[log_in.place]}
    return {"station": next(row for row in world.stations.values() if row.name == log_in.place)}


def _staff(world: World, station: StationPlan) -> Iterator[Posting]:
    """Who works at a station; of them only the 联络员 has an account."""
    place = world.stations[station]
    named = {
        Role.STATION_HEAD: station.head,
        Role.DEPUTY_HEAD: station.deputy_head,
        Role.OBSERVER: people.OBSERVERS.get(station.name, ""),
    }
    for role, name in named.items():
        if name:
            yield Posting(person_name=name, role=role, station=place)
    yield Posting(
        person_name=station.liaison,
        role=Role.LIAISON,
        station=place,
        user_id=world.writers[station],
    )
