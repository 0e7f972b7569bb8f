"""Two years of receptions, one after the other: same seed, same day, same rows. No database."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache
from random import Random
from typing import Any

from common.sheets.cells import parse_count
from liaison_portal.demo_data import people
from liaison_portal.demo_data.course import WRITTEN, Course
from liaison_portal.demo_data.days import months_between, reception_days, workdays
from liaison_portal.demo_data.people import DeputyPlan
from liaison_portal.demo_data.places import StationPlan
from liaison_portal.demo_data.plan import SEED, Plan
from liaison_portal.demo_data.texts import RURAL, Slots, numeral, pick

YEARS = 2
# Receptions of the twelve months of a usual year.
SEASONS = (82, 64, 108, 97, 101, 94, 88, 79, 92, 104, 112, 94)
CHANNELS = {
    "visit": 56, "call": 9, "walk": 9, "mailbox": 7, "online": 4, "meeting": 3,
    "appointment": 4, "letter": 2, "community": 5, "video": 1,
}  # fmt: skip
ON_RECEPTION_DAYS = frozenset({"visit", "meeting", "appointment", "video"})
HEADS = {
    "1": 58, "2": 17, "3": 9, "4": 4, "5": 3, "6": 2, "等5人": 1, "3户12人": 1, "2户5人": 1,
    "约20人": 1, "十余人": 1, "6、7人": 1, "20多人": 0.5, "等3户": 0.6, "约8人": 0.6,
}  # fmt: skip
VOID_REASONS = (
    "重复登记，与前一条是同一次来访", "登记错站，已由所属联络站登记", "来访人要求撤回",
    "日期填错，已重新登记", "试填，未实际接待",
)  # fmt: skip
NOTES = (
    "来访人为村民代表。", "来访人听力不好，由家属代述。", "已发给回执。", "来访人带来照片两张。",
    "普通话不便，由工作人员翻译。", "第二次来访，情况见上次登记。",
)  # fmt: skip


@dataclass(slots=True)
class Visit:
    """One reception: the fields of its row, who received, and the opinions with their fields."""

    station: StationPlan
    deputies: list[DeputyPlan]
    entered_on: date
    voided_on: date | None
    fields: dict[str, Any]
    opinions: list[dict[str, Any]]


def receptions(plan: Plan, count: int, today: date, seed: int = SEED) -> Iterator[Visit]:
    """About `count` visits of the two years up to `today`, month by month, by station and day."""
    rng = Random(seed)  # noqa: S311 - invented people, no secrets
    months = months_between(today.replace(year=today.year - YEARS, day=1), today)
    weight = sum(_share(month, today) for month in months)
    weight *= sum(station.weight for station in plan.stations)
    desks = [Desk(rng, plan, station, today) for station in plan.stations]
    for month in months:
        for desk in desks:
            expected = count * desk.station.weight * _share(month, today) / weight
            yield from desk.month(*month, expected)


def _share(month: tuple[int, int], today: date) -> float:
    """The weight of a month; of the month that runs, only the days until today."""
    share = SEASONS[month[1] - 1]
    running = month == (today.year, today.month)
    return share * min(1, today.day / 30) if running else share


@cache
def _weighted(name: str) -> tuple[list[str], list[float]]:
    table = {"channel": CHANNELS, "heads": HEADS}[name]
    return list(table), list(table.values())


@cache
def _count_of(text: str) -> dict[str, Any]:
    """What the page makes of a number of heads as people write it."""
    heads = parse_count(text)
    return {
        "headcount": heads.value,
        "headcount_approximate": heads.approximate,
        "headcount_text": "" if text == str(heads.value) else text,
    }


class Desk:
    """One station's reception desk, with the numbers it gave and the visitors it knows."""

    def __init__(self, rng: Random, plan: Plan, station: StationPlan, today: date):
        self.rng, self.station, self.today = rng, station, today
        self.own, self.others = plan.receivers(station)
        self.numbers: dict[int, int] = {}
        self.known: deque[dict[str, Any]] = deque(maxlen=25)
        self.course = Course(rng, station, today)

    def month(self, year: int, month: int, expected: float) -> Iterator[Visit]:
        """The visits of one month in the order of their days."""
        rng = self.rng
        count = int(expected * rng.uniform(0.75, 1.25) + rng.random())
        open_days = [day for day in workdays(year, month) if self._is_past(day)]
        if not open_days:
            return
        rule = self.station.days
        duty = [day for day in reception_days(rule, year, month) if self._is_past(day)]
        chosen = []
        for _ in range(count):
            channel = rng.choices(*_weighted("channel"))[0]
            wanted = duty if channel in ON_RECEPTION_DAYS and rng.random() < 0.75 else open_days
            days = wanted or open_days
            chosen.append((days[int(rng.random() * len(days))], rng.random(), channel))
        for day, clock, channel in sorted(chosen):
            yield self.receive(day, clock, channel)

    def _is_past(self, day: date) -> bool:
        return self.station.built_on < day <= self.today

    def receive(self, day: date, clock: float, channel: str) -> Visit:
        number = self.numbers[day.year] = self.numbers.get(day.year, 0) + 1
        deputies = self._deputies(day)
        visitor, slots = self._visitor(channel)
        entered = self._entered(day)
        heads = "1" if channel in WRITTEN else self.rng.choices(*_weighted("heads"))[0]
        fields = {
            "year": day.year,
            "number": number,
            "received_on": day,
            "place": self._place(channel, visitor["address"]),
            "recorder": self._recorder(),
            "channel": channel,
            "confidential": self.rng.random() < 0.012,
            "note": self._note(late=(entered - day).days > 7),
            **self._hours(day, clock, channel),
            **_count_of(heads),
            **visitor,
        }
        opinions = self._opinions(fields, slots, deputies)
        voided = self._voided(entered)
        if voided:
            fields["void_reason"] = self.rng.choice(VOID_REASONS)
        return Visit(self.station, deputies, entered, voided, fields, opinions)

    def _deputies(self, day: date) -> list[DeputyPlan]:
        """One to three deputies in office that day, mostly the station's own."""
        ago = (self.today - day).days
        wanted = 1 + (self.rng.random() < 0.55) + (self.rng.random() < 0.2)
        chosen: dict[str, DeputyPlan] = {}
        for _ in range(wanted * 3):
            guest = self.others and self.rng.random() < 0.12
            pool = self.others if guest else self.own
            deputy = pool[int(self.rng.random() * len(pool))]
            if not deputy.left_days_ago or ago > deputy.left_days_ago:
                chosen[deputy.name] = deputy
            if len(chosen) == wanted:
                break
        return list(chosen.values()) or [self.own[0]]

    def _visitor(self, channel: str) -> tuple[dict[str, Any], dict[str, str]]:
        """Who comes: somebody new, somebody who came before, or nobody's name."""
        rng = self.rng
        if self.known and rng.random() < 0.07:
            known = self.known[int(rng.random() * len(self.known))]
            return known["visitor"], known["slots"]
        village = self.station.village
        if not village or rng.random() < 0.1:
            villages = self.station.township.villages
            village = villages[int(rng.random() * len(villages))]
        group, home = self._home(village)
        slots = {"村": village, "组": group, "镇": self.station.township.name}
        anonymous = rng.random() < (0.4 if channel in WRITTEN else 0.025)
        if anonymous:
            return self._nobody(village), slots
        visitor = self._somebody(home)
        self.known.append({"visitor": visitor, "slots": slots})
        return visitor, slots

    def _home(self, village: str) -> tuple[str, str]:
        """How people call where they live, and how the register writes it."""
        if self.station.township.kind == RURAL:
            number = 1 + int(self.rng.random() * 12)
            return f"{numeral(number)}组", f"{village}{number}组"
        block = 1 + int(self.rng.random() * 40)
        return f"{block}号楼", f"{village}{block}号楼{1 + int(self.rng.random() * 4)}单元"

    def _nobody(self, village: str) -> dict[str, Any]:
        address = village if self.rng.random() < 0.5 else ""
        return {"visitor_name": "", "gender": "", "age": None, "address": address, "phone": ""}

    def _somebody(self, home: str) -> dict[str, Any]:
        rng = self.rng
        name = people.invented_name(rng)
        return {
            "visitor_name": name,
            "gender": people.gender_of(name),
            "age": 24 + int(rng.random() * 60) if rng.random() < 0.45 else None,
            "address": home,
            "phone": people.mobile(rng) if rng.random() < 0.9 else "",
        }

    def _entered(self, day: date) -> date:
        """When it was typed in: the same day or soon after, seldom much later (补录)."""
        chance = self.rng.random()
        later = 0 if chance < 0.8 else 1 + int(chance * 40) % 3
        if chance > 0.97:
            later = 8 + int(self.rng.random() * 35)
        return min(day + timedelta(days=later), self.today)

    def _hours(self, day: date, clock: float, channel: str) -> dict[str, Any]:
        """From and to, where somebody wrote them down; today's hours may not be over yet."""
        if channel in WRITTEN or day == self.today or self.rng.random() < 0.35:
            return {"started_at": None, "ended_at": None}
        start = 9 * 60 + int(clock * 145)
        end = start + 10 + 5 * int(self.rng.random() * 6)
        return {"started_at": time(*divmod(start, 60)), "ended_at": time(*divmod(end, 60))}

    def _place(self, channel: str, address: str) -> str:
        if channel == "walk":
            return f"{address}来访人家中" if address else "入户走访"
        room = {"meeting": "会议室", "community": "院坝", "video": "视频室"}.get(channel, "接待室")
        return f"{self.station.name}{room}"

    def _recorder(self) -> str:
        chance = self.rng.random()
        if chance < 0.85:
            return self.station.liaison
        return self.station.deputy_head or self.station.head

    def _note(self, *, late: bool) -> str:
        if late:
            return "纸质登记在先，事后补录。"
        return NOTES[int(self.rng.random() * len(NOTES))] if self.rng.random() < 0.05 else ""

    def _voided(self, entered: date) -> date | None:
        if self.rng.random() > 0.007:
            return None
        return min(entered + timedelta(days=int(self.rng.random() * 6)), self.today)

    def _opinions(
        self, fields: dict[str, Any], slots: dict[str, str], deputies: list[DeputyPlan]
    ) -> list[dict[str, Any]]:
        """One to three different matters, each with what became of it."""
        rng, kind = self.rng, self.station.township.kind
        chance = rng.random()
        wanted = 1 + (chance > 0.83) + (chance > 0.97)
        raised: dict[str, Any] = {}
        while len(raised) < wanted:
            matter = pick(rng, kind, fields["received_on"].month)
            raised[matter.key] = matter
        details = Slots(rng, kind, **slots)
        return [
            self.course.run(matter, details, fields, deputies, first=position == 0)
            for position, matter in enumerate(raised.values())
        ]
