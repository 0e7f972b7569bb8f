"""The demo's mailboxes: one at every open station, opened each month but by the forgetful."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from django.db.models import Count, Q
from django.db.models.functions import ExtractMonth, ExtractYear

from deputies.choices import DeputyState
from liaison_portal.demo_data.days import months_between, workdays
from liaison_portal.demo_data.people import OBSERVERS, invented_name
from liaison_portal.demo_data.plan import SEED
from liaison_portal.demo_data.world import World
from stations.choices import StationState
from stations.models import Mailbox, MailboxOpening, Station
from visits.models import Reception

BATCH = 2000


def write_mailboxes(world: World, now: datetime) -> int:
    """A box at every open station, opened each month but by the forgetful; return how many."""
    rng, today = Random(SEED + 3), now.date()  # noqa: S311 - the same each time
    stations = [row for row in world.stations.values() if row.state == StationState.OPEN]
    boxes = [_box(rng, station, world) for station in stations]
    Mailbox.objects.bulk_create(boxes, batch_size=BATCH)
    letters = _letters(today)
    openings = [row for box in boxes for row in _openings(rng, box, letters, today)]
    _hand_over(rng, openings, world)
    MailboxOpening.objects.bulk_create(openings, batch_size=BATCH)
    for row in openings:
        if row.letter_count:
            _letters_of(row.mailbox.station_id, row.opened_on).update(opening=row)
    return len(boxes)


def _box(rng: Random, station: Station, world: World) -> Mailbox:
    village = station.village.name if station.village else station.township.name
    observer = next((u for name, u in world.users.items() if name == "observer"), None)
    kept = OBSERVERS.get(station.name, "")
    return Mailbox(
        station=station,
        name=f"{village}意见箱",
        place=rng.choice((f"{village}村委会门口", f"{station.name}门口", f"{village}卫生室墙上")),
        keeper=kept or invented_name(rng),
        keeper_user=observer if observer and kept == observer.name else None,
        hung_on=max(station.built_on or date(2023, 6, 1), date(2023, 6, 1)),
    )


def _openings(rng: Random, box: Mailbox, letters, today: date) -> Iterator[MailboxOpening]:
    first = max(box.hung_on, today.replace(year=today.year - 1, day=1))
    for year, month in months_between(first, today):
        opened = workdays(year, month)[-1]
        if (year, month) == (today.year, today.month):
            opened = min(opened, today - timedelta(days=rng.randint(1, 9)))
        waits = (year, month) == (today.year, today.month) and rng.random() < 0.6
        if box.keeper_user_id and (year, month) == (today.year, today.month):
            continue  # the observer who logs in has something to do
        if waits or opened.month != month or rng.random() < 0.04 or opened < box.hung_on:
            continue
        yield MailboxOpening(
            mailbox=box,
            opened_on=opened,
            letter_count=letters.get((box.station_id, year, month), 0),
            opened_by=box.keeper,
            present=invented_name(rng) if rng.random() < 0.6 else "",
            created_by_id=None,
        )


def _hand_over(rng: Random, openings: list[MailboxOpening], world: World) -> None:
    """Letters go to a deputy of the station."""
    names: dict[int, list[str]] = defaultdict(list)
    for deputy in world.deputies.values():
        if deputy.state == DeputyState.IN_OFFICE:
            names[deputy.station_id].append(deputy.name)
    for row in openings:
        if row.letter_count and names[row.mailbox.station_id]:
            row.handed_to = rng.choice(names[row.mailbox.station_id])


def _letters(today: date) -> dict[tuple[int, int, int], int]:
    rows = Reception.objects.valid().filter(channel="mailbox").order_by()
    counted = rows.values_list(
        "station", ExtractYear("received_on"), ExtractMonth("received_on")
    ).annotate(n=Count("pk"))
    return {(station, year, month): n for station, year, month, n in counted}


def _letters_of(station: int, opened: date):
    month = Q(received_on__year=opened.year, received_on__month=opened.month)
    return Reception.objects.valid().filter(month, station=station, channel="mailbox")
