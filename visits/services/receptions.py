"""The verbs of 簿一: log, change, void, and show a visitor's contact."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from common import audit
from common.errors import RuleViolation
from deputies.models import Deputy
from visits import rules
from visits.models import Opinion, Reception, ReceptionDeputy
from visits.services.days import follow_days
from visits.services.describe import describe, search_text
from visits.services.entries import (
    as_of_the_day,
    complete_opinions,
    locked_for_change,
    names_of,
    number_opinions,
    require_logger,
    same_or_refuse,
    take_number,
    void_entry,
    write_deputies,
    write_opinions,
)
from visits.services.mailboxes import hold_opening


@transaction.atomic
def log_reception(
    reception: Reception,
    *,
    actor,
    deputies: Sequence[Deputy],
    opinions: Sequence[Opinion],
) -> Reception:
    """Enter a visit with its opinions into the register and give it the next number.

    The same submission (its `submission_key`) sent again makes no second row and returns the
    first one; with other content it raises `AlreadyLogged`. A duty day that was closed as 无来访
    counts as held. Refuses who may not log at the station, and what `rules.check_reception`
    refuses.
    """
    require_logger(actor, reception.station)
    reception.deputy_names = names_of(deputies)
    rules.check_reception(reception, deputies, opinions)
    hold_opening(reception)
    number_opinions(opinions)
    before = take_number(reception, actor=actor)
    if before is not None:
        complete_opinions(reception, opinions)
        return same_or_refuse(before, _stored(before), describe(reception, opinions))
    _write(reception, deputies, opinions, actor)
    audit.record(audit.Action.CREATE, reception, actor=actor)
    follow_days(reception.station, [reception.received_on], actor=actor)
    return reception


@transaction.atomic
def change_reception(
    reception: Reception,
    *,
    actor,
    version: int,
    deputies: Sequence[Deputy],
    opinions: Sequence[Opinion],
) -> Reception:
    """Change a visit and its opinions to what they should be; opinions left out are taken away.

    `version` is the one the user saw: if somebody changed the row since, nothing is written and
    `StaleVersion` carries the row as it is. Refuses void rows and who may not log at the station.
    """
    reception.deputy_names = names_of(deputies)
    stored = locked_for_change(reception, actor=actor, version=version)
    rules.check_reception(reception, deputies, opinions)
    old = _stored(stored)
    number_opinions(opinions)
    _write(reception, deputies, opinions, actor)
    changes = audit.changes_between(old, describe(reception, opinions))
    audit.record(audit.Action.CHANGE, reception, actor=actor, changes=changes)
    counted = ("received_on", "headcount", "opinion_count")
    if any(getattr(stored, name) != getattr(reception, name) for name in counted):
        dates = [stored.received_on, reception.received_on]
        follow_days(reception.station, dates, actor=actor)
    return reception


@transaction.atomic
def void_reception(reception: Reception, *, actor, reason: str) -> Reception:
    """作废: the row stays and keeps its number, but counts nowhere. Refuses without a reason."""
    stored = void_entry(reception, actor=actor, reason=reason)
    follow_days(stored.station, [stored.received_on], actor=actor)
    return stored


def reveal_contact(reception: Reception, *, actor) -> Reception:
    """Show name and phone of the visitor to who asks for a reason of work; the log keeps it."""
    if not rules.can_unmask(actor, reception):
        raise PermissionDenied
    audit.record(audit.Action.UNMASK, reception, actor=actor)
    reception.masked = False
    return reception


def receiver_of(
    reception: Reception, deputy: Deputy, position: int, known: ReceptionDeputy | None = None
) -> ReceptionDeputy:
    return ReceptionDeputy(
        reception=reception, deputy=deputy, position=position, **as_of_the_day(deputy, known)
    )


def _stored(reception: Reception) -> dict[str, str]:
    return describe(reception, reception.opinions.select_related("category", "unit"))


def _require_own_merges(reception: Reception) -> None:
    """What is merged with another station's matter is handled there, too, and not kept here."""
    elsewhere = ~Q(station=reception.station_id)
    led = Opinion.objects.filter(elsewhere, merged_into__reception=reception)
    leads = Opinion.objects.filter(elsewhere, merged__reception=reception)
    if led.exists() or leads.exists():
        raise RuleViolation("有意见与别的站并案，请先解除并案，再设为保密。")


def _write(
    reception: Reception, deputies: Sequence[Deputy], opinions: Sequence[Opinion], actor
) -> None:
    if reception.confidential and reception.pk:
        _require_own_merges(reception)
    reception.search_text = search_text(reception, opinions)
    reception.opinion_count = len(opinions)
    reception.save()
    write_deputies(
        reception.receivers,
        lambda known: [
            receiver_of(reception, deputy, position, known.get(deputy.pk))
            for position, deputy in enumerate(deputies, start=1)
        ],
    )
    write_opinions(reception, opinions, actor=actor)
