"""向选民述职: planned for a year in batches, held, and what the ballots said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from common import audit
from common.errors import RuleViolation, StaleVersion
from common.words import words_of
from deputies.choices import DeputyState
from deputies.models import Deputy
from visits import rules
from visits.models import VoterReport

_FIELDS = (
    "batch", "planned_on", "held_on", "place", "activity", "ballots_sent", "ballots_returned",
    "satisfied", "mostly", "unsatisfied", "note",
)  # fmt: skip
_NAMED = 5  # in a refusal; the others are counted


def describe_report(row: VoterReport) -> dict[str, str]:
    """Every field that a person fills in, as it reads on the page."""
    return words_of(row, _FIELDS)


def compare_reports(typed: VoterReport, current: VoterReport) -> list[tuple]:
    """What two versions say differently: (label, as typed, as it stands)."""
    changes = audit.changes_between(describe_report(typed), describe_report(current))
    return [(label, *pair) for label, pair in changes.items()]


@transaction.atomic
def plan_reports(
    deputies: Sequence[Deputy], *, actor, year: int, batch: int, planned_on: date | None,
    place: str = "",
) -> list[VoterReport]:  # fmt: skip
    """安排述职: one batch of a year, a row for each deputy.

    Refuses without a deputy, one who is not in office or of a station that the actor does not
    arrange, and one who has a place in the year's plan already.
    """
    keys = [deputy.pk for deputy in deputies]
    rows = list(Deputy.objects.filter(pk__in=keys).select_related("station__area").order_by("pk"))
    if not all(rules.can_arrange_reports(actor, row.station) for row in rows):
        raise PermissionDenied
    if not rows:
        raise RuleViolation("请选择代表，至少一位。")
    rules.check_report_plan(year, batch, planned_on)
    if gone := [row.name for row in rows if row.state != DeputyState.IN_OFFICE]:
        raise RuleViolation(f"{_names(gone)}不在任，不能安排述职。")
    _refuse_planned(keys, year)
    made = [
        VoterReport(
            deputy=row, deputy_name=row.name, station=row.station, year=year, batch=batch,
            planned_on=planned_on, place=place.strip(), created_by_id=actor.pk,
        )
        for row in rows
    ]  # fmt: skip
    try:
        with transaction.atomic():
            VoterReport.objects.bulk_create(made)
    except IntegrityError:
        raise RuleViolation("别人刚刚安排了其中的代表，请刷新再看。") from None
    audit.record_all(audit.entry(audit.Action.CREATE, row, actor=actor) for row in made)
    return made


def _refuse_planned(keys: Sequence[int], year: int) -> None:
    standing = VoterReport.objects.standing().filter(deputy__in=keys, year=year)
    if names := list(standing.values_list("deputy_name", flat=True)):
        raise RuleViolation(f"{_names(names)}{year}年已经安排了述职。")


def _names(names: Sequence[str]) -> str:
    shown = "、".join(names[:_NAMED])
    return f"{shown}等 {len(names)} 位代表" if len(names) > _NAMED else shown


@transaction.atomic
def change_report(row: VoterReport, *, actor, version: int) -> VoterReport:
    """Change the plan of one deputy, or record what came of it: day, activity and ballots.

    A stale `version` writes nothing and carries the row as it stands. Refuses what
    `rules.check_report_outcome` refuses, and one that was called off.
    """
    stored = _locked(row, actor)
    if stored.version != version:
        raise StaleVersion(stored)
    rules.check_report_outcome(row, timezone.localdate())
    changes = audit.changes_between(describe_report(stored), describe_report(row))
    if not changes:
        return stored
    for name in _FIELDS:
        setattr(stored, name, getattr(row, name))
    stored.version += 1
    stored.save()
    audit.record(audit.Action.CHANGE, stored, actor=actor, changes=changes)
    return stored


@transaction.atomic
def drop_report(row: VoterReport, *, actor, reason: str) -> VoterReport:
    """取消: it counts nowhere, and the deputy may be planned anew. Refuses without a reason."""
    stored = _locked(row, actor)
    if not reason.strip():
        raise RuleViolation("请填写取消原因。")
    stored.dropped_at, stored.dropped_why = timezone.now(), reason.strip()[:200]
    stored.version += 1
    stored.save()
    audit.record(audit.Action.VOID, stored, actor=actor, note=stored.dropped_why)
    return stored


def _locked(row: VoterReport, actor) -> VoterReport:
    rows = VoterReport.objects.select_for_update(of=("self",)).select_related(
        "station__area", "activity"
    )
    stored = rows.get(pk=row.pk)
    if not rules.can_arrange_reports(actor, stored.station):
        raise PermissionDenied
    if stored.dropped_at:
        raise RuleViolation("这次述职已经取消。")
    return stored
