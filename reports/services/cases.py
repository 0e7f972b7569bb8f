"""典型案例: entries that are chosen to be told (T17)."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.roles import Capability
from common import audit
from common.errors import RuleViolation, StaleVersion
from common.words import words_of
from reports.models import Case
from reports.sources import withdrawn
from stations.models import Station
from stations.rules import grants_at

SHOWN = ("on", "title", "text", "source")


def _check(case: Case, actor) -> None:
    if not (actor.is_system or grants_at(actor, Capability.VIEW_REPORT, case.station)):
        raise PermissionDenied
    if not case.title.strip() or not case.text.strip():
        raise RuleViolation("请填写案例的标题和正文。")
    if case.on > timezone.localdate():
        raise RuleViolation("案例的日期不能在今天之后。")


@transaction.atomic
def add_case(case: Case, *, actor) -> Case:
    """推荐 a case of a station whose reports the actor reads; it names nobody by itself.

    The same case again, as a double click sends it, is the first row. Refuses one whose entry is
    confidential or void.
    """
    _check(case, actor)
    why = withdrawn([case.source_url]).get(case.source_url)
    if why:
        raise RuleViolation(f"{case.source or '来源'}{why}，不能选作案例。")
    Station.objects.select_for_update(no_key=True).get(pk=case.station_id)
    before = _same_as(case)
    if before is not None:
        return before
    case.created_by_id = actor.pk
    case.save()
    audit.record(audit.Action.CREATE, case, actor=actor)
    return case


def _same_as(case: Case) -> Case | None:
    fields = ("station", "on", "title", "text", "source", "source_url")
    same = {field: getattr(case, field) for field in fields}
    return Case.objects.standing().filter(**same).first()


@transaction.atomic
def change_case(case: Case, *, actor, version: int) -> Case:
    """Mend a case; a stale `version` writes nothing. Refuses one that was taken back."""
    _check(case, actor)
    stored = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if stored.dropped_at:
        raise RuleViolation("这个案例刚刚被撤下，没有保存。")
    if stored.version != version:
        raise StaleVersion(stored)
    changes = audit.changes_between(words_of(stored, SHOWN), words_of(case, SHOWN))
    case.version = stored.version + 1
    case.save()
    audit.record(audit.Action.CHANGE, case, actor=actor, changes=changes)
    return case


@transaction.atomic
def drop_case(case: Case, *, actor) -> Case:
    """撤下: it stands in no report that is drafted from now on. Again is quiet."""
    if not (actor.is_system or grants_at(actor, Capability.VIEW_REPORT, case.station)):
        raise PermissionDenied
    stored = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if stored.dropped_at:
        return stored
    stored.dropped_at = timezone.now()
    stored.version += 1
    stored.save(update_fields=["dropped_at", "version"])
    audit.record(audit.Action.VOID, stored, actor=actor, note="撤下案例")
    return stored
