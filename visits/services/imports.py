"""Many visits at once, as a sheet brings them, and a whole batch taken back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.roles import Capability
from common import audit
from common.calendar import workdays_when_asked
from common.models import ImportBatch
from common.workdays import Workdays
from deputies.models import Deputy
from stations.models import Station
from stations.rules import can_at
from visits import rules
from visits.choices import Register
from visits.models import Opinion, Reception, ReceptionDeputy
from visits.services.days import follow_days
from visits.services.describe import search_text
from visits.services.facts import complete_opinion
from visits.services.numbers import locked_series, take_numbers
from visits.services.receptions import names_of, receiver_of

BATCH_SIZE = 2000
UNDO_REASON = "撤销导入"

Line = tuple[date, frozenset[int], str, int, str]


@dataclass
class Visit:
    """A visit as a sheet tells it: rows not yet saved, and who received."""

    reception: Reception
    deputies: Sequence[Deputy]
    opinions: list[Opinion]


@transaction.atomic
def log_imported(
    visits: Sequence[Visit], *, station: Station, batch: ImportBatch, actor
) -> list[Reception]:
    """Enter many visits of one station, numbered in the order given, in a few statements.

    Each is checked like one typed in; they carry `batch` so that they can be taken back together.
    Refuses who may not log at the station.
    """
    if not can_at(actor, Capability.LOG_RECEPTION, station.pk):
        raise PermissionDenied
    calendar = workdays_when_asked()
    for visit in visits:
        rules.check_reception(visit.reception, visit.deputies, visit.opinions)
        _complete(visit, batch, actor, calendar)
    _number(visits, station)
    receptions = Reception.objects.bulk_create(
        [visit.reception for visit in visits], batch_size=BATCH_SIZE
    )
    Opinion.objects.bulk_create(
        [opinion for visit in visits for opinion in visit.opinions], batch_size=BATCH_SIZE
    )
    ReceptionDeputy.objects.bulk_create(
        [
            receiver_of(visit.reception, deputy, position)
            for visit in visits
            for position, deputy in enumerate(visit.deputies, start=1)
        ],
        batch_size=BATCH_SIZE,
    )
    audit.record_all(
        audit.entry(audit.Action.IMPORT, reception, actor=actor, note=f"第 {batch.pk} 批")
        for reception in receptions
    )
    follow_days(station, {reception.received_on for reception in receptions}, actor=actor)
    return receptions


@transaction.atomic
def void_batch(batch: ImportBatch, *, actor) -> int:
    """作废 every reception of a batch that still stands, and return how many.

    Refuses who may not log at their station.
    """
    rows = Reception.objects.valid().filter(batch=batch).select_for_update(of=("self",))
    standing = list(rows.select_related("station"))
    for station_id in {row.station_id for row in standing}:
        if not can_at(actor, Capability.LOG_RECEPTION, station_id):
            raise PermissionDenied
    Reception.objects.filter(pk__in=[row.pk for row in standing]).update(
        voided_at=timezone.now(), void_reason=UNDO_REASON, version=F("version") + 1
    )
    audit.record_all(
        audit.entry(audit.Action.VOID, row, actor=actor, note=UNDO_REASON) for row in standing
    )
    dates: dict[Station, set[date]] = {}
    for row in standing:
        dates.setdefault(row.station, set()).add(row.received_on)
    for station, days in dates.items():
        follow_days(station, days, actor=actor)
    return len(standing)


def identity(day: date, deputies: Iterable[int], visitor: str, heads: int, statement: str) -> Line:
    """What makes two lines the same entry: day, deputies, visitor, heads and text."""
    return day, frozenset(deputies), visitor, heads, "".join(statement.split())


def lines_on_file(
    station: Station, days: Sequence[date], *, reader, leaving_out: Collection[int] = ()
) -> list[tuple[Line, str]]:
    """The identities of the station's standing entries of those days, and what to call them.

    That is the printed number, or no more than 已有登记 for what `reader` may not see.
    `leaving_out` are opinions that are spoken for already.
    """
    if not days:
        return []
    receptions = (
        Reception.objects.valid()
        .filter(station=station, received_on__range=(min(days), max(days)))
        .prefetch_related("opinions", "receivers")
        .order_by("pk")
    )
    unseen = set(receptions.hidden_from(reader).values_list("pk", flat=True))
    return [
        (
            identity(
                reception.received_on,
                [receiver.deputy_id for receiver in reception.receivers.all()],
                reception.visitor_name,
                reception.headcount,
                opinion.statement,
            ),
            "已有登记" if reception.pk in unseen else reception.code,
        )
        for reception in receptions
        for opinion in reception.opinions.all()
        if opinion.pk not in leaving_out
    ]


def _complete(visit: Visit, batch: ImportBatch, actor, calendar: Workdays) -> None:
    reception = visit.reception
    reception.year = reception.received_on.year
    reception.batch = batch
    reception.created_by_id = actor.pk
    reception.late_entry = rules.is_late_entry(reception.received_on)
    reception.deputy_names = names_of(visit.deputies)
    reception.opinion_count = len(visit.opinions)
    for position, opinion in enumerate(visit.opinions, start=1):
        opinion.position, opinion.reception = position, reception
        complete_opinion(opinion, reception, calendar)


def _number(visits: Sequence[Visit], station: Station) -> None:
    """Give every year's visits the next numbers of that year, in the order of the sheet."""
    by_year = attrgetter("reception.year")
    for year, group in groupby(sorted(visits, key=by_year), key=by_year):
        rows = list(group)
        series = locked_series(station.pk, Register.RECEPTION, year)
        for number, visit in enumerate(rows, start=take_numbers(series, len(rows))):
            visit.reception.number = number
            visit.reception.search_text = search_text(visit.reception, visit.opinions)
