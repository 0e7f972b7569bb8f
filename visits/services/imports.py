"""Many visits at once, as a sheet brings them, and a whole batch taken back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from common import audit
from common.bulk import Mould, insert_rows
from common.calendar import workdays_when_asked
from common.models import ImportBatch
from common.workdays import Workdays
from deputies.models import Deputy
from stations.models import Station
from visits import rules
from visits.models import (
    Activity,
    Assistance,
    Opinion,
    Reception,
    ReceptionDeputy,
    RegisterEntry,
)
from visits.services.days import follow_days
from visits.services.describe import search_text
from visits.services.entries import (
    as_of_the_day,
    complete_imported,
    names_of,
    number_all,
    record_imported,
    require_logger,
)
from visits.services.facts import complete_opinion, release_followers

BATCH_SIZE = 2000
UNDO_REASON = "撤销导入"

Line = bytes


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
    A sheet may come in several parts: after the last, `follow_days` is owed for all their dates.
    Refuses who may not log at the station.
    """
    require_logger(actor, station)
    calendar = workdays_when_asked()
    for visit in visits:
        rules.check_reception(visit.reception, visit.deputies, visit.opinions)
        _complete(visit, batch, actor, calendar)
    number_all([visit.reception for visit in visits], station)
    for visit in visits:
        visit.reception.search_text = search_text(visit.reception, visit.opinions)
    receptions = [visit.reception for visit in visits]
    insert_rows(Reception, receptions)
    _learn_keys(receptions, station)
    insert_rows(Opinion, [opinion for visit in visits for opinion in visit.opinions])
    insert_rows(ReceptionDeputy, list(_receivers(visits)))
    record_imported(receptions, batch, actor=actor)
    return receptions


@transaction.atomic
def void_batch(batch: ImportBatch, *, actor) -> int:
    """作废 every entry of a batch that still stands, whichever register it is of; return how many.

    Refuses who may not log at their station.
    """
    registers = (Reception, Assistance, Activity)
    return sum(_void_rows(register, batch, actor) for register in registers)


def _void_rows(register: type[RegisterEntry], batch: ImportBatch, actor) -> int:
    rows = register.objects.valid().filter(batch=batch).select_for_update(of=("self",))
    standing = list(rows.select_related("station"))
    for station in {row.station for row in standing}:
        require_logger(actor, station)
    register.objects.filter(pk__in=[row.pk for row in standing]).update(
        voided_at=timezone.now(), void_reason=UNDO_REASON, version=F("version") + 1
    )
    audit.record_all(
        audit.entry(audit.Action.VOID, row, actor=actor, note=UNDO_REASON) for row in standing
    )
    if register is not Assistance:
        name = register.register.value
        release_followers(Opinion.objects.filter(**{f"{name}__in": standing}), actor=actor)
    if register is Reception:
        _follow(standing, actor)
    return len(standing)


def _follow(receptions: Iterable[Reception], actor) -> None:
    dates: dict[Station, set[date]] = {}
    for row in receptions:
        dates.setdefault(row.station, set()).add(row.received_on)
    for station, days in dates.items():
        follow_days(station, days, actor=actor)


def identity(day: date, deputies: Iterable[int], visitor: str, heads: int, statement: str) -> Line:
    """What makes two lines the same entry: day, deputies, visitor, heads and text; in 12 bytes,
    so that a register of a hundred thousand lines fits in memory."""
    facts = (day.toordinal(), sorted(set(deputies)), visitor, heads, "".join(statement.split()))
    return blake2b(repr(facts).encode("utf-8", "replace"), digest_size=12).digest()


def lines_on_file(
    station: Station, year: int, *, reader, leaving_out: Collection[int] = ()
) -> Iterator[tuple[Line, str]]:
    """The identities of the station's standing entries of a year, and what to call them.

    That is the printed number, or no more than 已有登记 for what `reader` may not see.
    `leaving_out` are opinions that are spoken for already.
    """
    receptions = Reception.objects.valid().filter(
        station=station, received_on__range=(date(year, 1, 1), date(year, 12, 31))
    )
    unseen = set(receptions.hidden_from(reader).values_list("pk", flat=True))
    receivers = groupby(
        ReceptionDeputy.objects.filter(reception__in=receptions)
        .order_by("reception_id")
        .values_list("reception_id", "deputy_id")
        .iterator(chunk_size=BATCH_SIZE),
        key=itemgetter(0),
    )
    opinions = Opinion.objects.filter(reception__in=receptions).order_by("reception_id", "pk")
    deputies: tuple[int, list[int]] = (0, [])
    for pk, opinion, day, visitor, heads, number, statement in opinions.values_list(
        "reception_id", "pk", "reception__received_on", "reception__visitor_name",
        "reception__headcount", "reception__number", "statement",
    ).iterator(chunk_size=BATCH_SIZE):  # fmt: skip
        while deputies[0] < pk:
            found = next(receivers, None)
            if found is None:
                break
            deputies = (found[0], [deputy for _, deputy in found[1]])
        if opinion not in leaving_out:
            people = deputies[1] if deputies[0] == pk else []
            code = "已有登记" if pk in unseen else f"{day.year}-{number:03d}"
            yield identity(day, people, visitor, heads, statement), code


def _learn_keys(receptions: Sequence[Reception], station: Station) -> None:
    """Tell rows just inserted their keys, found by the numbers that are theirs alone."""
    by_number = {(reception.year, reception.number): reception for reception in receptions}
    for year in {reception.year for reception in receptions}:
        numbers = [number for of, number in by_number if of == year]
        stored = Reception.objects.filter(
            station=station, year=year, number__range=(min(numbers), max(numbers))
        )
        for pk, number in stored.values_list("pk", "number"):
            by_number[year, number].pk = pk


def _receivers(visits: Iterable[Visit]) -> Iterator[ReceptionDeputy]:
    as_of: dict[int, dict[str, str]] = {}
    mould = Mould(ReceptionDeputy())
    for visit in visits:
        for position, deputy in enumerate(visit.deputies, start=1):
            if deputy.pk not in as_of:
                as_of[deputy.pk] = as_of_the_day(deputy)
            yield mould.cast(
                reception_id=visit.reception.pk,
                deputy_id=deputy.pk,
                position=position,
                **as_of[deputy.pk],
            )


def _complete(visit: Visit, batch: ImportBatch, actor, calendar: Workdays) -> None:
    reception = visit.reception
    complete_imported(reception, batch=batch, actor=actor)
    reception.deputy_names = names_of(visit.deputies)
    reception.opinion_count = len(visit.opinions)
    for position, opinion in enumerate(visit.opinions, start=1):
        opinion.position, opinion.reception = position, reception
        complete_opinion(opinion, reception, calendar)
