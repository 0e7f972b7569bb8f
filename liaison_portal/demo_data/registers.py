"""The demo's second and third register: two years of them, up to today."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.db.models import Count, Sum

from common.workdays import Workdays
from deputies.choices import CAME, Attendance, DayState
from deputies.models import Deputy, DutyDay
from liaison_portal.demo_data.days import months_between, workdays
from liaison_portal.demo_data.deeds import DEEDS, FOUND, GUESTS, HELD
from liaison_portal.demo_data.people import invented_name
from liaison_portal.demo_data.plan import SEED
from liaison_portal.demo_data.world import World
from stations.choices import StationState
from stations.models import Station
from visits.choices import ActivityKind, AssistanceState, Channel, Disposal, Presence
from visits.models import (
    Activity,
    ActivityDeputy,
    Assistance,
    AssistanceDeputy,
    NumberSeries,
    Opinion,
    Reception,
)
from visits.services.activities import activity_search_text
from visits.services.assistance import assistance_search_text
from visits.services.entries import names_of
from visits.services.facts import complete_opinion

YEARS = 2
BATCH = 2000
HELD_OUTCOMES = (DayState.HELD, DayState.NO_VISIT)
# How the deputies of an activity came.
PRESENCE = {Presence.PRESENT: 86, Presence.LEAVE: 9, Presence.ABSENT: 5}


def write_registers(world: World, now: datetime, calendar: Workdays) -> tuple[int, int]:
    """Write 簿二, 簿三 and the mailboxes; return how many deeds and activities."""
    writer = _Registers(world, now, calendar)
    for station in world.stations.values():
        if station.state == StationState.OPEN and station.pk in writer.deputies:
            writer.keep(station)
    writer.keep_duty_days()
    return writer.save()


class _Registers:
    def __init__(self, world: World, now: datetime, calendar: Workdays):
        self.now, self.today, self.calendar = now, now.date(), calendar
        self.rng = Random(SEED + 2)  # noqa: S311 - invented deeds, the same each time
        self.writers = {world.stations[plan].pk: pk for plan, pk in world.writers.items()}
        self.levels = {world.deputies[plan].pk: level for plan, level in world.levels.items()}
        self.deputies: dict[int, list[Deputy]] = defaultdict(list)
        for deputy in Deputy.objects.in_office().order_by("pk"):
            self.deputies[deputy.station_id].append(deputy)
        # The office that a township's matters go to: the first of its units.
        self.offices = {unit.area_id: unit for unit in reversed(world.units.values())}
        self.months = months_between(
            self.today.replace(year=self.today.year - YEARS, day=1), self.today
        )
        self.last: Counter[tuple[int, str, int]] = Counter()
        self.deeds: list[Assistance] = []
        self.held: list[Activity] = []
        self.named: list[AssistanceDeputy] = []
        self.came: list[ActivityDeputy] = []
        self.opinions: list[Opinion] = []

    def keep(self, station: Station) -> None:
        """A station's deeds and activities, month by month."""
        for year, month in self.months:
            days = [day for day in workdays(year, month) if self._is_past(station, day)]
            for _ in range(min(len(days), self.rng.choice((0, 1, 1, 2)))):
                self._deed(station, self.rng.choice(days))
            for _ in range(min(len(days), self.rng.choice((0, 1, 1)))):
                self._activity(station, self.rng.choice(days))

    def keep_duty_days(self) -> None:
        """进站接待: what closing the days of this year has entered."""
        found = _receptions_by_day(self.today.year)
        days = DutyDay.objects.filter(state__in=HELD_OUTCOMES).select_related("station")
        for day in days.with_people().order_by("date", "pk").iterator(BATCH):
            self._duty_day(day, found.get((day.station_id, day.date), (0, 0, 0)))

    def save(self) -> tuple[int, int]:
        self._number()
        with entered_then(Assistance), entered_then(Activity):
            Assistance.objects.bulk_create(self.deeds, batch_size=BATCH)
            Activity.objects.bulk_create(self.held, batch_size=BATCH)
        AssistanceDeputy.objects.bulk_create(self.named, batch_size=BATCH)
        ActivityDeputy.objects.bulk_create(self.came, batch_size=BATCH)
        for opinion in self.opinions:
            complete_opinion(opinion, opinion.activity, self.calendar)
        Opinion.objects.bulk_create(self.opinions, batch_size=BATCH)
        return len(self.deeds), len(self.held)

    def _deed(self, station: Station, day: date) -> None:
        rng = self.rng
        kind = rng.choice(list(DEEDS))
        deed, money, goods, source, households, people = rng.choice(DEEDS[kind])
        whom = invented_name(rng)
        village = station.village.name if station.village else station.township.name
        done = (self.today - day).days > 40 or rng.random() < 0.5
        helpers = self._some(station, 2)
        row = Assistance(
            **self._entry(station, day),
            helped_on=day,
            deputy_names=names_of(helpers),
            beneficiary=whom if "{对象}" in deed or households[1] <= 2 else f"{village}村民",
            address=f"{village}{rng.randint(1, 12)}组",
            kind=kind,
            deed=deed.format(村=village, 对象=whom),
            money=_rounded(rng.randint(*money)),
            goods=_rounded(rng.randint(*goods)),
            source=source,
            households=rng.randint(*households),
            people=rng.randint(*people),
            state=AssistanceState.DONE if done else AssistanceState.ONGOING,
            finished_on=min(day + timedelta(days=rng.randint(0, 30)), self.today) if done else None,
            witness=invented_name(rng) if rng.random() < 0.7 else "",
        )
        self.deeds.append(row)
        for position, deputy in enumerate(helpers, start=1):
            self.named.append(
                AssistanceDeputy(
                    assistance=row, deputy=deputy, position=position, **self._then(deputy)
                )
            )

    def _activity(self, station: Station, day: date) -> None:
        rng = self.rng
        kind = rng.choice(list(HELD))
        topic, minutes, most = rng.choice(HELD[kind])
        village = station.village.name if station.village else station.township.name
        called = self.deputies[station.pk]
        ways = rng.choices(list(PRESENCE), list(PRESENCE.values()), k=len(called))
        found = [] if not most else rng.sample(FOUND, rng.randint(0, min(most, 2)))
        row = Activity(
            **self._entry(station, day),
            held_on=day,
            place=rng.choice((f"{station.name}会议室", "镇政府三楼会议室", f"{village}村委会")),
            kind=kind,
            topic=topic.format(村=village, 镇=station.township.name),
            organiser=f"{station.township.name}人大",
            convener=rng.choice(called).name,
            guests=rng.choice(GUESTS),
            minutes=minutes,
            follow_up="" if found else rng.choice(("已转镇政府办理", "已落实", "")),
            recorder=f"{station.name}联络员",
            **_votes(rng, kind),
        )
        self._attend(row, dict(zip(called, ways, strict=True)))
        row.opinion_count = len(found)
        self.held.append(row)
        for position, words in enumerate(found, start=1):
            self._found(row, position, words.format(村=village))

    def _found(self, row: Activity, position: int, words: str) -> None:
        old = (self.today - row.held_on).days > 45
        told = row.held_on + timedelta(days=30) if old else None
        handed = old or self.rng.random() < 0.6
        self.opinions.append(
            Opinion(
                activity=row,
                position=position,
                statement=words,
                disposal=Disposal.TOWNSHIP if handed else "",
                unit=self.offices.get(row.station.township_id) if handed else None,
                accepted_on=row.held_on + timedelta(days=2) if old else None,
                result="已列入计划，近期实施。" if old else "",
                resolution="planned" if old else "",
                deputies_told_on=told,
                deputies_told_how="代表小组活动时通报" if told else "",
            )
        )

    def _duty_day(self, day: DutyDay, heard: tuple[int, int, int]) -> None:
        visits, heads, opinions = heard
        words = f"接待群众 {visits} 批 {heads} 人次，意见 {opinions} 条。"
        row = Activity(
            **self._entry(day.station, day.date),
            held_on=day.date,
            place=day.place,
            kind=ActivityKind.DUTY,
            topic="代表接待日",
            organiser=day.station.name,
            minutes=words if visits else "代表到站值守，没有群众来访。",
            duty_day=day,
        )
        self._attend(row, {r.deputy: _presence(r.attendance) for r in day.assignments.all()})
        self.held.append(row)

    def _attend(self, row: Activity, ways: dict[Deputy, str]) -> None:
        for position, (deputy, way) in enumerate(ways.items(), start=1):
            self.came.append(
                ActivityDeputy(
                    activity=row,
                    deputy=deputy,
                    position=position,
                    presence=way,
                    **self._then(deputy),
                )
            )
        counted = Counter(ways.values())
        row.due_count = len(ways)
        row.present_count = counted[Presence.PRESENT]
        row.leave_count = counted[Presence.LEAVE]
        row.absent_count = counted[Presence.ABSENT]
        row.deputy_names = names_of(d for d, way in ways.items() if way == Presence.PRESENT)

    def _number(self) -> None:
        """Numbers in the order of the days, and the series where they end."""
        for row in sorted([*self.deeds, *self.held], key=lambda row: row.day):
            key = (row.station_id, row.register, row.year)
            self.last[key] += 1
            row.number = self.last[key]
        for deed in self.deeds:
            deed.search_text = assistance_search_text(deed)
        found = defaultdict(list)
        for opinion in self.opinions:
            found[id(opinion.activity)].append(opinion)
        for held in self.held:
            held.search_text = activity_search_text(held, found[id(held)])
        NumberSeries.objects.bulk_create(
            NumberSeries(station_id=station, register=register, year=year, last=last)
            for (station, register, year), last in self.last.items()
        )

    def _entry(self, station: Station, day: date) -> dict[str, Any]:
        entered = min(datetime.combine(day, time(16, 30), self.now.tzinfo), self.now)
        return {
            "station": station,
            "year": day.year,
            "created_by_id": self.writers.get(station.pk),
            "created_at": entered,
            "submission_key": uuid.UUID(int=self.rng.getrandbits(128), version=4),
        }

    def _then(self, deputy: Deputy) -> dict[str, str]:
        return {"name": deputy.name, "level": self.levels.get(deputy.pk, "")}

    def _some(self, station: Station, most: int) -> list[Deputy]:
        own = self.deputies[station.pk]
        return self.rng.sample(own, min(len(own), self.rng.randint(1, most)))

    def _is_past(self, station: Station, day: date) -> bool:
        return (not station.built_on or station.built_on < day) and day <= self.today


def _rounded(amount: int) -> Decimal:
    """People give round sums."""
    return Decimal(amount // 100 * 100)


def _votes(rng: Random, kind: str) -> dict[str, int]:
    if kind != ActivityKind.REPORTING:
        return {}
    mostly, not_pleased = rng.randint(0, 6), rng.randint(0, 2)
    return {
        "rated_satisfied": rng.randint(18, 40),
        "rated_mostly": mostly,
        "rated_unsatisfied": not_pleased,
    }


def _presence(attendance: str) -> str:
    if attendance in CAME:
        return Presence.PRESENT
    excused = (Attendance.LEAVE, Attendance.SUBSTITUTED)
    return Presence.LEAVE if attendance in excused else Presence.ABSENT


def _receptions_by_day(year: int) -> dict[tuple[int, date], tuple[int, int, int]]:
    rows = Reception.objects.valid().filter(year=year).order_by()
    rows = rows.exclude(channel__in=Channel.letters())
    counted = rows.values_list("station", "received_on").annotate(
        Count("pk"), Sum("headcount"), Sum("opinion_count")
    )
    return {(station, day): tuple(sums) for station, day, *sums in counted}


@contextmanager
def entered_then(model, name: str = "created_at"):
    """While rows are made whose time of entry lies in the past."""
    field = model._meta.get_field(name)
    field.auto_now_add = False
    try:
        yield
    finally:
        field.auto_now_add = True
