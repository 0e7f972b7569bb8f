"""Who plays in the stories of the demo's suggestions, and the meetings they belong to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from accounts.models import User
from accounts.roles import Role
from deputies.choices import DeputyState, Level
from deputies.models import Deputy
from liaison_portal.demo_data.world import World
from stations.models import Posting
from suggestions.choices import Occasion
from suggestions.models import Session


def meetings(world: World, today: date) -> dict[str, Session]:
    """The last two January meetings of the district, and that of 石桥镇 in the year before."""
    year = today.year if today >= date(today.year, 2, 1) else today.year - 1
    rows = {
        "区四次": Session(
            area=world.district, term=5, number=4,
            starts_on=date(year - 1, 1, 7), ends_on=date(year - 1, 1, 10),
        ),
        "区五次": Session(
            area=world.district, term=5, number=5,
            starts_on=date(year, 1, 20), ends_on=date(year, 1, 23),
        ),
        "镇": Session(
            area=world.areas["石桥镇"], term=5, number=7,
            starts_on=date(year, 1, 8), ends_on=date(year, 1, 9),
        ),
    }  # fmt: skip
    for row in rows.values():
        row.save()
    return rows


# What was numbered at and after the last meeting but one before the portal came stands in the
# office's own ledger, which it may bring in: here the books of that meeting go on behind it.
KEPT_ON_PAPER = {Occasion.SESSION: 60, Occasion.BETWEEN: 40}


def books_before(sessions: dict[str, Session]) -> dict[tuple[int, str], int]:
    """The last number of each book that was not given out here."""
    return {(sessions["区四次"].pk, book): last for book, last in KEPT_ON_PAPER.items()}


@dataclass
class Cast:
    """Who plays: officers, those who type at the stations, the units and their clerks."""

    world: World
    sessions: dict[str, Session]
    office: User
    township: User
    writers: dict[int, User]
    clerks: dict[int, User]
    deputies: dict[str, list[Deputy]]  # by township, and "镇" those of 石桥镇's own congress
    turns: dict[str, int] = field(default_factory=dict)

    def lead(self, who: str) -> Deputy:
        """石刚, or 石桥镇: the next deputy of that township who has no log-in."""
        if who in self.deputies:
            found = [one for one in self.deputies[who] if one.user is None]
            turn = self.turns[who] = self.turns.get(who, -1) + 1
            return found[turn % len(found)]
        return next(one for rows in self.deputies.values() for one in rows if one.name == who)

    def signers(self, lead: Deputy, count: int, of: str = "") -> list[Deputy]:
        """The neighbours of the lead first, then the rest of the congress."""
        near = self.deputies[of or lead.station.township.name]
        rest = [] if of else [one for rows in self._of_the_district() for one in rows]
        others = {one.pk: one for one in [*near, *rest] if one.pk != lead.pk}
        return list(others.values())[:count]

    def _of_the_district(self) -> list[list[Deputy]]:
        return [rows for name, rows in self.deputies.items() if name != "镇"]


def make_cast(world: World, today: date) -> Cast:
    deputies: dict[str, list[Deputy]] = {}
    rows = Deputy.objects.filter(state=DeputyState.IN_OFFICE).select_related(
        "station__township", "user"
    )
    for row in rows.prefetch_related("mandates").order_by("pk"):
        levels = {one.level for one in row.mandates.all()}
        if Level.DISTRICT in levels:
            deputies.setdefault(row.station.township.name, []).append(row)
        if Level.TOWNSHIP in levels and row.station.township.name == "石桥镇":
            deputies.setdefault("镇", []).append(row)
    users = User.objects.in_bulk(set(world.writers.values()))
    clerks = Posting.objects.filter(role=Role.UNIT_CLERK, user__isnull=False)
    return Cast(
        world, meetings(world, today), world.users["district"], world.users["township"],
        {world.stations[plan].pk: users[pk] for plan, pk in world.writers.items()},
        {one.unit_id: one.user for one in clerks.select_related("user")}, deputies,
    )  # fmt: skip
