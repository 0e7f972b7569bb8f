"""What the demo's stations keep by the year: their funds, and whose turn it is to report to the
voters."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from deputies.models import Deputy
from liaison_portal.demo_data.plan import SEED
from liaison_portal.demo_data.world import World
from stations.choices import StationKind, StationState
from stations.models import Fund, Station
from visits.choices import ActivityKind
from visits.models import Activity, VoterReport

BATCH = 2000
REPORTING_DAYS = ((6, 15), (12, 10))  # of the first and the second batch


def write_yearly(world: World, now: datetime) -> tuple[int, int]:
    """Funds and 述职 of last year and this; return how many of each."""
    rng, today = Random(SEED + 5), now.date()  # noqa: S311 - the same each time
    stations = [row for row in world.stations.values() if row.state == StationState.OPEN]
    years = (today.year - 1, today.year)
    funds = [
        _fund(rng, station, year, today) for station in stations for year in years
        if year == years[0] or rng.random() < 0.95
    ]  # fmt: skip
    Fund.objects.bulk_create(funds, batch_size=BATCH)
    people: dict[int, list[Deputy]] = defaultdict(list)
    for deputy in Deputy.objects.in_office().order_by("pk"):
        people[deputy.station_id].append(deputy)
    held = _held(stations, years)
    reports = [
        row for year in years for station in stations
        for row in _reports(rng, station, people[station.pk], year, today, held)
    ]  # fmt: skip
    VoterReport.objects.bulk_create(reports, batch_size=BATCH)
    return len(funds), len(reports)


def _fund(rng: Random, station: Station, year: int, today: date) -> Fund:
    budget = (50_000 if station.kind == StationKind.CENTRE else 20_000) + rng.randrange(5) * 1000
    share = 100 if year < today.year else today.month * 8
    allotted = budget * min(100, share + rng.randrange(0, 12)) // 100
    used = allotted * rng.randrange(70, 100) // 100
    if year < today.year and rng.random() < 0.06:
        used = allotted + 860  # spent before it came: the page says so
    return Fund(
        station=station, year=year, budget=Decimal(budget), allotted=Decimal(allotted),
        used=Decimal(used),
    )  # fmt: skip


def _held(stations, years) -> dict[tuple[int, int], Activity]:
    """Of each station and year one 向选民述职 of the third register."""
    rows = Activity.objects.valid().filter(
        station__in=stations, kind=ActivityKind.REPORTING, held_on__year__in=years
    )
    return {(row.station_id, row.held_on.year): row for row in rows.order_by("pk")}


def _reports(rng: Random, station, deputies, year: int, today: date, held) -> list[VoterReport]:
    """The first two thirds of the station in two batches; who reported has ballots."""
    chosen = deputies[: -(-len(deputies) * 2 // 3)]
    half, activity = -(-len(chosen) // 2), held.get((station.pk, year))
    found = []
    for place, deputy in enumerate(chosen):
        batch = 1 if place < half else 2
        month, day = REPORTING_DAYS[batch - 1]
        planned = date(year, month, day)
        row = VoterReport(
            deputy=deputy, deputy_name=deputy.name, station=station, year=year, batch=batch,
            planned_on=planned, place=f"{station.name}会议室",
        )  # fmt: skip
        if planned + timedelta(days=5) <= today:
            _report(rng, row, planned, activity if batch == 1 else None)
        found.append(row)
    return found


def _report(rng: Random, row: VoterReport, planned: date, activity: Activity | None) -> None:
    row.activity = activity
    row.held_on = activity.held_on if activity else planned + timedelta(days=rng.randrange(5))
    row.ballots_sent = rng.randrange(20, 45)
    row.ballots_returned = row.ballots_sent - rng.randrange(4)
    row.unsatisfied = rng.choice((0, 0, 0, 1))
    row.mostly = rng.randrange(1, 6)
    row.satisfied = row.ballots_returned - row.mostly - row.unsatisfied
