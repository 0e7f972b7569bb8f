"""Who did what in a district from a seed: deputies beside its deeds, activities and suggestions,
述职, and the money of its stations."""

from __future__ import annotations

import datetime
from decimal import Decimal

from deputies.models import Deputy
from stations.models import Fund
from suggestions.choices import Consent
from suggestions.models import Signature, Suggestion
from visits.choices import Presence
from visits.models import (
    Activity,
    ActivityDeputy,
    Assistance,
    AssistanceDeputy,
    Reception,
    ReceptionDeputy,
    VoterReport,
)

AMOUNTS = ("0", "0.50", "999.99", "12000.25", "30000", "50000.50")


def take_part(place) -> None:
    people = [deputy for own in place.deputies.values() for deputy in own]
    _deeds(place, people)
    _activities(place, people)
    _voter_reports(place, people)
    _signatures(place, people)
    _funds(place)
    # Two have left since; what they did is theirs still.
    gone = place.dice.sample(people, 2)
    Deputy.objects.filter(pk__in=[one.pk for one in gone]).update(state="resigned")


def _deeds(place, people) -> None:
    rows = []
    for deed in Assistance.objects.filter(number__gte=1001).order_by("pk"):
        some = place.dice.sample(people, place.dice.randint(0, 3))
        rows += [AssistanceDeputy(assistance=deed, deputy=one, name=one.name, position=n)
                 for n, one in enumerate(some)]  # fmt: skip
    AssistanceDeputy.objects.bulk_create(rows)
    # Who receives is mostly of the station, and now and then of another.
    visits = Reception.objects.filter(number__gte=1001).order_by("pk")[:15]
    for visit in visits:
        known = set(visit.receivers.values_list("deputy", flat=True))
        guest = place.dice.choice([one for one in people if one.pk not in known])
        ReceptionDeputy.objects.create(reception=visit, deputy=guest, name=guest.name, position=9)


def _activities(place, people) -> None:
    rows = []
    for held in Activity.objects.filter(number__gte=1001).order_by("pk"):
        some = place.dice.sample(people, place.dice.randint(0, 5))
        rows += [ActivityDeputy(activity=held, deputy=one, name=one.name, position=n,
                                presence=place.dice.choice(["present", *Presence.values]))
                 for n, one in enumerate(some)]  # fmt: skip
    ActivityDeputy.objects.bulk_create(rows)


def _voter_reports(place, people) -> None:
    rows = []
    for one in people:
        for year in (2025, 2026):
            if place.some(0.4):
                continue
            held = datetime.date(year, place.dice.randint(7, 10), place.dice.randint(1, 28))
            dropped = place.some(0.15)
            rows.append(VoterReport(
                deputy=one, deputy_name=one.name, station=one.station, year=year,
                planned_on=held, held_on=held if place.some(0.7) else None,
                dropped_at=datetime.datetime(year, 12, 1, tzinfo=datetime.UTC) if dropped else None,
            ))  # fmt: skip
    VoterReport.objects.bulk_create(rows)


def _signatures(place, people) -> None:
    rows = []
    for row in Suggestion.objects.order_by("pk"):
        some = place.dice.sample(
            [one for one in people if one.pk != row.lead_id], place.dice.randint(0, 4)
        )
        rows += [Signature(suggestion=row, deputy=one, name=one.name, position=n,
                           consent=place.dice.choice(["agreed", *Consent.values]))
                 for n, one in enumerate(some, start=1)]  # fmt: skip
    Signature.objects.bulk_create(rows)


def _funds(place) -> None:
    rows = []
    for station in place.stations:
        for year in (2025, 2026, 2027):
            if place.some(0.7):
                budget, allotted, used = (Decimal(place.dice.choice(AMOUNTS)) for _ in range(3))
                rows.append(Fund(station=station, year=year, budget=budget, allotted=allotted,
                                 used=used))  # fmt: skip
    Fund.objects.bulk_create(rows)
