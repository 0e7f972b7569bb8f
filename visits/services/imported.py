"""簿二 and 簿三 as sheets bring them: many lines at once, and which are on file already.

A batch of any register is taken back by `imports.void_batch`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from common.models import ImportBatch
from deputies.models import Deputy
from stations.models import Station
from visits import rules
from visits.choices import Presence
from visits.models import Activity, ActivityDeputy, Assistance, AssistanceDeputy, Opinion
from visits.rules import Attended
from visits.services.activities import activity_search_text, attended_row, follow_names
from visits.services.assistance import assistance_search_text, helper_of
from visits.services.entries import (
    complete_imported,
    complete_opinions,
    names_of,
    number_all,
    number_opinions,
    record_imported,
    require_logger,
)
from visits.services.imports import BATCH_SIZE, Line, identity


@dataclass
class Help:
    """A line of 簿二 as a sheet tells it: a row not yet saved, and who helped."""

    assistance: Assistance
    deputies: Sequence[Deputy]


@dataclass
class Event:
    """A line of 簿三 as a sheet tells it: a row not yet saved, who came, and what was formed.

    A sheet may give figures without names: then `attendance` is empty. With `figures_stand` its
    figures are kept as the paper has them, even where they disagree with its names.
    """

    activity: Activity
    attendance: Sequence[Attended] = ()
    opinions: list[Opinion] = field(default_factory=list)
    figures_stand: bool = False


@transaction.atomic
def log_imported_assistance(
    helps: Sequence[Help], *, station: Station, batch: ImportBatch, actor
) -> list[Assistance]:
    """Enter many lines of one station, numbered in the order given, in a few statements.

    Each is checked like one typed in; they carry `batch` so that they can be taken back together.
    Refuses who may not log at the station.
    """
    require_logger(actor, station)
    for line in helps:
        line.assistance.deputy_names = names_of(line.deputies)
        rules.check_assistance(line.assistance, line.deputies)
        complete_imported(line.assistance, batch=batch, actor=actor)
    rows = [line.assistance for line in helps]
    number_all(rows, station)
    for row in rows:
        row.search_text = assistance_search_text(row)
    Assistance.objects.bulk_create(rows, batch_size=BATCH_SIZE)
    AssistanceDeputy.objects.bulk_create(
        (
            helper_of(line.assistance, deputy, position)
            for line in helps
            for position, deputy in enumerate(line.deputies, start=1)
        ),
        batch_size=BATCH_SIZE,
    )
    record_imported(rows, batch, actor=actor)
    return rows


@transaction.atomic
def log_imported_activities(
    events: Sequence[Event], *, station: Station, batch: ImportBatch, actor
) -> list[Activity]:
    """Enter many activities of one station; as `log_imported_assistance`."""
    require_logger(actor, station)
    for event in events:
        told = event.attendance, event.opinions
        follow_names(event.activity, *told, figures_stand=event.figures_stand)
        rules.check_activity(event.activity, *told, figures_stand=event.figures_stand)
        complete_imported(event.activity, batch=batch, actor=actor)
        number_opinions(event.opinions)
        complete_opinions(event.activity, event.opinions)
    rows = [event.activity for event in events]
    number_all(rows, station)
    for event in events:
        event.activity.search_text = activity_search_text(event.activity, event.opinions)
    Activity.objects.bulk_create(rows, batch_size=BATCH_SIZE)
    Opinion.objects.bulk_create(
        [opinion for event in events for opinion in event.opinions], batch_size=BATCH_SIZE
    )
    ActivityDeputy.objects.bulk_create(
        (
            attended_row(event.activity, attended, position)
            for event in events
            for position, attended in enumerate(event.attendance, start=1)
        ),
        batch_size=BATCH_SIZE,
    )
    record_imported(rows, batch, actor=actor)
    return rows


def assistance_identity(assistance: Assistance, deputies: Iterable[int]) -> Line:
    """Two lines of 簿二 are the same with the same day, deputies, 帮扶对象, people and deed."""
    return identity(
        assistance.helped_on,
        deputies,
        assistance.beneficiary,
        assistance.people,
        assistance.deed,
    )


def activity_identity(activity: Activity, present: Iterable[int]) -> Line:
    """Two lines of 簿三 are the same by day, deputies who came, place, 实到 and topic."""
    return identity(
        activity.held_on, present, activity.place, activity.present_count, activity.topic
    )


def assistance_on_file(
    station: Station, days: Sequence[date], *, leaving_out: Collection[int] = ()
) -> list[tuple[Line, str]]:
    """The identities of the station's standing lines of those days, with their numbers.

    `leaving_out` are keys of rows that are spoken for already. Who may log at the station may
    read all of its 簿二 and 簿三, so nothing is hidden here.
    """
    rows = _standing(Assistance, station, days, leaving_out).prefetch_related("helpers")
    return [
        (assistance_identity(row, [helper.deputy_id for helper in row.helpers.all()]), row.code)
        for row in rows
    ]


def activities_on_file(
    station: Station, days: Sequence[date], *, leaving_out: Collection[int] = ()
) -> list[tuple[Line, str]]:
    """The same of 簿三."""
    rows = _standing(Activity, station, days, leaving_out).prefetch_related("attendance")
    return [
        (
            activity_identity(
                row,
                [one.deputy_id for one in row.attendance.all() if one.presence == Presence.PRESENT],
            ),
            row.code,
        )
        for row in rows
    ]


def _standing(model, station: Station, days: Sequence[date], leaving_out: Collection[int]):
    if not days:
        return model.objects.none()
    rows = model.objects.valid().filter(station=station).between(min(days), max(days))
    return rows.exclude(pk__in=leaving_out).order_by("pk")
