"""The demo's duty year: planned by each station's own rule, lived up to today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from deputies.choices import Answer, Attendance, DayState, PlanState, SignedBy
from deputies.models import Assignment, Deputy, DutyDay, DutyPlan, SignIn
from deputies.services.duty import preview_year
from deputies.services.duty.planning import PlannedDay
from liaison_portal.demo_data.plan import SEED
from stations.choices import StationState
from stations.models import Station
from visits.choices import Channel
from visits.models import Reception

# What came of an assignment: most come on time.
_COURSE = (
    (Attendance.PRESENT, 84), (Attendance.LATE, 6), (Attendance.LEAVE, 6), (Attendance.ABSENT, 4),
)  # fmt: skip
# Every so many stations forget to close their last day.
FORGETFUL = 6
BATCH = 2000
HOURS = (time(9), time(11, 30))


def write_duty(stations: Iterable[Station], now: datetime, shown: Deputy | None) -> int:
    """Write this year's days of the open stations; return how many.

    `shown` is the deputy who logs in to the demo: their station receives today, and they are
    expected on its next day.
    """
    writer = _Duty(now)
    for number, station in enumerate(stations):
        if station.state == StationState.OPEN:
            writer.plan(station, forgets=number % FORGETFUL == 1)
    if shown:
        writer.show(shown)
    return writer.save()


class _Duty:
    def __init__(self, now: datetime):
        self.now, self.today = now, now.date()
        self.rng = Random(SEED)  # noqa: S311 - a demo, the same each time
        self.days: list[DutyDay] = []
        self.rows: list[Assignment] = []
        self.signed: list[SignIn] = []
        self.people: Counter[int] = Counter()

    def plan(self, station: Station, *, forgets: bool) -> None:
        preview = preview_year(station, self.today.year)
        plan = DutyPlan.objects.create(
            station=station,
            year=self.today.year,
            state=PlanState.PUBLISHED,
            published_at=timezone.make_aware(datetime(self.today.year, 1, 4, 9)),  # noqa: DTZ001 - made aware
        )
        visited = self._visited(station)
        past = [day.date for day in preview.days if day.date < self.today]
        unclosed = past[-1] if past and forgets else None
        for planned in preview.days:
            self._day(plan, planned, visited=visited, is_open=planned.date == unclosed)

    def show(self, deputy: Deputy) -> None:
        """Something to see today, and something to answer."""
        own = [day for day in self.days if day.station_id == deputy.station_id]
        if not any(day.date == self.today for day in own):
            colleagues = Deputy.objects.in_office().filter(station=deputy.station)
            day = self._new(own[0].plan, self.today, self.today, "临时增加")
            day.notice_posted_on = self.today - timedelta(days=4)
            for person in colleagues.exclude(pk=deputy.pk)[:3]:
                self._assign(day, person)
            own.append(day)
        coming = next((day for day in own if day.date > self.today), None)
        if coming and all(row.deputy_id != deputy.pk for row in self.rows if row.day is coming):
            self._assign(coming, deputy)

    def save(self) -> int:
        DutyDay.objects.bulk_create(self.days, batch_size=BATCH)
        Assignment.objects.bulk_create(self.rows, batch_size=BATCH)
        SignIn.objects.bulk_create(self.signed, batch_size=BATCH)
        return len(self.days)

    def _day(
        self, plan: DutyPlan, planned: PlannedDay, *, visited: set[date], is_open: bool
    ) -> None:
        day = self._new(plan, planned.date, planned.planned, planned.reason)
        if day.date < self.today:
            day.notice_posted_on = day.date - timedelta(days=5)
        if day.date < self.today and not is_open:
            day.state = DayState.HELD if day.date in visited else DayState.NO_VISIT
            day.closed_at = timezone.make_aware(datetime.combine(day.date, time(17)))
        for deputy in planned.deputies:
            row = self._assign(day, deputy)
            if day.date < self.today:
                self._come(row)

    def _new(self, plan: DutyPlan, on: date, planned: date, reason: str) -> DutyDay:
        day = DutyDay(
            station=plan.station,
            plan=plan,
            date=on,
            planned_on=planned,
            reason=reason,
            starts_at=HOURS[0],
            ends_at=HOURS[1],
            place=f"{plan.station.name}接待室",
            state=DayState.PUBLISHED,
        )
        self.days.append(day)
        return day

    def _assign(self, day: DutyDay, deputy: Deputy) -> Assignment:
        row = Assignment(day=day, deputy=deputy, position=self.people[id(day)])
        self.people[id(day)] += 1
        self.rows.append(row)
        return row

    def _come(self, row: Assignment) -> None:
        kinds, weights = zip(*_COURSE, strict=True)
        [row.attendance] = self.rng.choices(kinds, weights)
        row.answer = Answer.LEAVE if row.attendance == Attendance.LEAVE else Answer.CONFIRMED
        if row.attendance in (Attendance.LEAVE, Attendance.ABSENT):
            return
        late = row.attendance == Attendance.LATE
        begins = timezone.make_aware(datetime.combine(row.day.date, row.day.starts_at))
        minutes = self.rng.randint(18, 50) if late else self.rng.randint(-20, 5)
        by_staff = self.rng.random() < 0.1
        self.signed.append(
            SignIn(
                assignment=row,
                at=begins + timedelta(minutes=minutes),
                by=SignedBy.STAFF if by_staff else SignedBy.SELF,
                reason="没带手机，已在纸上签名" if by_staff else "",
            )
        )

    def _visited(self, station: Station) -> set[date]:
        rows = Reception.objects.valid().filter(station=station, received_on__year=self.today.year)
        rows = rows.exclude(channel__in=Channel.letters())
        return set(rows.values_list("received_on", flat=True).distinct())
