"""What somebody is deputy of: taken up, put right, ended."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction

from common import audit
from common.errors import RuleViolation
from common.words import words_of
from deputies import rules
from deputies.models import Deputy, Mandate

_FIELDS = ("level", "term", "constituency", "started_on", "ended_on")


@transaction.atomic
def add_mandate(
    deputy: Deputy,
    level: str,
    *,
    actor,
    term: str = "",
    constituency: str = "",
    started_on: date | None = None,
) -> Mandate:
    """Make somebody deputy of a congress; several levels may be held at once.

    The same level and term again puts that mandate right (constituency, beginning) and in force.
    Refuses who may not manage deputies there, and a second term of a level not yet ended.
    """
    deputy = _locked(deputy)
    if not rules.can_manage(actor, deputy):
        raise PermissionDenied
    held = list(deputy.mandates.all())
    same = (mandate for mandate in held if (mandate.level, mandate.term) == (level, term.strip()))
    mandate = next(same, Mandate(deputy=deputy, level=level, term=term.strip()))
    old = words_of(mandate, _FIELDS) if mandate.pk else {}
    mandate.constituency = constituency.strip()
    mandate.started_on, mandate.ended_on = started_on or mandate.started_on, None
    rules.check_mandate(mandate, held)
    mandate.save()
    _record(mandate, old, actor)
    return mandate


@transaction.atomic
def end_mandate(mandate: Mandate, *, actor, on: date) -> Mandate:
    """End a mandate on a day; what was done under it stays as it is.

    Refuses who may not manage deputies there, a mandate that has ended, and a day before it began.
    """
    deputy = _locked(mandate.deputy)
    if not rules.can_manage(actor, deputy):
        raise PermissionDenied
    mandate = deputy.mandates.get(pk=mandate.pk)
    if mandate.ended_on:
        raise RuleViolation(f"{mandate}代表职务已于 {mandate.ended_on:%Y-%m-%d} 结束。")
    old = words_of(mandate, _FIELDS)
    mandate.ended_on = on
    rules.check_mandate(mandate, [])
    mandate.save(update_fields=["ended_on"])
    _record(mandate, old, actor)
    return mandate


def _locked(deputy: Deputy) -> Deputy:
    return Deputy.objects.select_for_update(of=("self",)).for_page().get(pk=deputy.pk)


def _record(mandate: Mandate, old: dict[str, str], actor) -> None:
    """Mandates stand in the history of their deputy."""
    changes = audit.changes_between(old, words_of(mandate, _FIELDS))
    shown = {label: pair for label, pair in changes.items() if any(pair)}
    if shown:
        audit.record(
            audit.Action.CHANGE, mandate.deputy, actor=actor, changes=shown, note=str(mandate)
        )
