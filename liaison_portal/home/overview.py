"""What an office oversees on its first page: where it is late, what comes next, what is raised."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Min
from django.urls import reverse

from accounts.roles import Capability
from deputies.models import DutyDay
from deputies.services.duty.due import unclosed_by_station
from reports.figures.categories import by_township
from reports.periods import Period
from reports.scope import Scope
from reports.tables import Figure, Row, RowKind, Table
from stations.models import Mailbox
from stations.rules import mailbox_state
from suggestions.models import Deadline, Suggestion
from visits.models import Opinion

T = TypeVar("T")
PLACES_SHOWN = 10
DAYS_AHEAD = 14
CATEGORIES_SHOWN = 6
# Figures over very many rows are counted anew every ten minutes, all others on every page.
MANY, KEPT_FOR = 20_000, 600


@dataclass
class LatePlace:
    """A station with something late: how much of each, and since when."""

    station: int
    name: str
    oldest: date
    opinions: int = 0
    days: int = 0
    boxes: int = 0


@dataclass
class DayAhead:
    """A day of the next two weeks on which something is due or takes place."""

    day: date
    suggestions: int = 0
    suggestion_url: str = ""
    duty_days: int = 0


def late_places(user, today: date) -> dict:
    """The stations where visitors wait too long, duty days are not closed or mailboxes were not
    opened; who waits longest comes first."""
    found: dict[int, LatePlace] = {}
    waiting = Opinion.objects.visible_to(user).of_valid().awaiting_feedback()
    lines = [
        *((line["station"], line["name"], line["oldest"], "opinions", line["n"])
          for line in waiting.late_by_station(today)),
        *((line["station_id"], line["name"], line["oldest"], "days", line["n"])
          for line in unclosed_by_station(user, today)),
        *_late_boxes(user, today),
    ]  # fmt: skip
    for station, name, oldest, what, count in lines:
        place = found.setdefault(station, LatePlace(station, name, oldest))
        place.oldest = min(place.oldest, oldest)
        setattr(place, what, count)
    places = sorted(found.values(), key=lambda place: (place.oldest, place.station))
    return {
        "late_places": places[:PLACES_SHOWN],
        "more_places": len(places[PLACES_SHOWN:]),
        "late_sums": {
            what: sum(getattr(place, what) for place in places)
            for what in ("opinions", "days", "boxes")
        },
    }


def _late_boxes(user, today: date) -> list[tuple]:
    """The stations with mailboxes that should have been opened by now."""
    rows = Mailbox.objects.where_user_can(user, Capability.VIEW_REGISTER).hanging()
    found: dict[int, list] = defaultdict(list)
    for box in rows.with_month(today).select_related("station"):
        if mailbox_state(box, today).is_late:
            found[box.station_id].append(box)
    return [
        (station, boxes[0].station.name, min(_due(box, today) for box in boxes), "boxes",
         len(boxes))
        for station, boxes in found.items()
    ]  # fmt: skip


def _due(box: Mailbox, today: date) -> date:
    """The day by which it was to be opened: of last month, if it was not opened then."""
    this_month = today.replace(day=settings.MAILBOX_OPEN_BY)
    if today > this_month and box.opened_before:  # type: ignore[attr-defined]
        return this_month
    return (today.replace(day=1) - timedelta(days=1)).replace(day=settings.MAILBOX_OPEN_BY)


def days_ahead(user, today: date) -> list[DayAhead]:
    """The days of the next two weeks on which suggestions fall due or stations receive."""
    until = today + timedelta(days=DAYS_AHEAD - 1)
    found: dict[date, DayAhead] = {}
    seen = Suggestion.objects.visible_to(user).open().order_by().values("pk")
    clocks = Deadline.objects.due_soon(today, until).filter(suggestion__in=seen).order_by()
    for line in clocks.values("due_on").annotate(
        n=Count("suggestion", distinct=True), first=Min("suggestion")
    ):
        ahead = found.setdefault(line["due_on"], DayAhead(line["due_on"]))
        ahead.suggestions = line["n"]
        ahead.suggestion_url = (
            reverse("suggestions:detail", args=[line["first"]])
            if line["n"] == 1
            else f"{reverse('suggestions:list')}?step=open"
        )
    days = DutyDay.objects.managed_by(user).upcoming(today).filter(date__lte=until).order_by()
    for line in days.values("date").annotate(n=Count("pk")):
        found.setdefault(line["date"], DayAhead(line["date"])).duty_days = line["n"]
    return [found[day] for day in sorted(found)]


def raised_this_year(user, today: date) -> Table | None:
    """The categories raised most often, by township; nothing where nothing was raised."""
    scope = Scope(user, Period.of_year(today.year))
    table = kept("raised", user, today, lambda: by_township(scope), _opinions_in)
    rows = sorted(table.body, key=lambda row: -row.cells[-2].count)[:CATEGORIES_SHOWN]
    rows = [row for row in rows if row.cells[-2].count]
    if not rows:
        return None
    # Without the shares, which are of all categories.
    own = table.total.cells[1:-1]
    return Table(
        table.id, table.title, table.unit, table.columns[:-1],
        [*(Row(row.cells[:-1]) for row in rows), Row([Figure("全部类别"), *own], RowKind.TOTAL)],
    )  # fmt: skip


def _opinions_in(table: Table) -> int:
    return table.total.cells[-2].count


def kept(name: str, user, today: date, count: Callable[[], T], size: Callable[[T], int]) -> T:
    """What `count` gives; of very many rows as it was up to ten minutes ago."""
    held = "-".join(str(posting.pk) for posting in user.held_postings)
    key = f"home:{name}:{user.pk}:{held}:{today.isoformat()}"
    found = cache.get(key)
    if found is None:
        found = count()
        if size(found) > MANY:
            cache.set(key, found, KEPT_FOR)
    return found
