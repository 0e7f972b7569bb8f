"""The verbs of awards and of the 四个一: add, void."""

from __future__ import annotations

from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from common import audit
from common.errors import RuleViolation
from deputies.models import Award, Deputy, FourOnes
from deputies.rules.records import can_keep_records, check_record

R = TypeVar("R", Award, FourOnes)


@transaction.atomic
def add_award(award: Award, *, actor) -> Award:
    """Enter an award of a deputy.

    Refuses who does not keep the deputy's records, a day to come, and the same award twice.
    """
    same = {"on": award.on, "title": award.title.strip()}
    return _added(award, actor, same)


@transaction.atomic
def add_four_ones(done: FourOnes, *, actor) -> FourOnes:
    """Enter one of the 四个一 of a deputy's year.

    Refuses who does not keep the deputy's records, a day to come, a year it cannot be of, and the
    same deed twice.
    """
    same = {"kind": done.kind, "done_on": done.done_on, "title": done.title.strip()}
    return _added(done, actor, same)


@transaction.atomic
def void_record(record: R, *, actor, reason: str) -> R:
    """作废 an award or a deed: it stays in the list with the reason, and counts nowhere.

    Refuses who does not keep the deputy's records, a second time, and no reason.
    """
    _require_keeper(record.deputy_id, actor)
    stored = type(record).objects.select_for_update(of=("self",)).get(pk=record.pk)
    if stored.is_void:
        raise RuleViolation("这一条已经作废。")
    if not reason.strip():
        raise RuleViolation("请写明作废的原因。")
    stored.voided_at, stored.void_reason = timezone.now(), reason.strip()[:200]
    stored.save(update_fields=["voided_at", "void_reason"])
    audit.record(audit.Action.VOID, stored, actor=actor, note=stored.void_reason)
    return stored


def _added(record: R, actor, same: dict) -> R:
    _require_keeper(record.deputy_id, actor)
    check_record(record, timezone.localdate())
    record.title = record.title.strip()
    if type(record).objects.standing().filter(deputy=record.deputy_id, **same).exists():
        raise RuleViolation("这一条已经登记过了。")
    record.created_by_id = actor.pk
    record.save()
    audit.record(audit.Action.CREATE, record, actor=actor)
    return record


def _require_keeper(pk: int, actor) -> None:
    """Also locks the deputy: two clicks come one after the other."""
    rows = Deputy.objects.select_for_update(of=("self",)).select_related("station__area")
    if not can_keep_records(actor, rows.get(pk=pk)):
        raise PermissionDenied
