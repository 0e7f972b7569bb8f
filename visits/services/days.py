"""Closing a duty day: what the register and the sign-ins say came of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction

from common.errors import RuleViolation
from deputies.choices import DayState
from deputies.models import DutyDay
from deputies.rules import duty as duty_rules
from deputies.services.duty import follow_register, store_closing, store_reopening
from deputies.services.duty.rows import locked_day
from stations.models import Station
from visits.choices import Channel
from visits.models import Reception, ReceptionDeputy
from visits.services.duty_activities import keep_activity


def outcome_of(day: DutyDay) -> DayState | None:
    """What closing would say of a day read `with_people`; None if nothing is on record of it."""
    if visits_of(day).exists():
        return DayState.HELD
    if any(duty_rules.has_signed(row) for row in day.assignments.all()):
        return DayState.NO_VISIT
    return None


def receptions_of(day: DutyDay):
    """What the register of the station holds of that day; for people narrow it `visible_to`."""
    return Reception.objects.valid().filter(station=day.station_id, received_on=day.date)


def visits_of(day: DutyDay):
    """Who came on that day. A letter carries the date on which its box was opened: no visitor of
    the day, so it neither makes it 已接待 nor calls for a sign-in."""
    return receptions_of(day).exclude(channel__in=Channel.letters())


def letters_of(day: DutyDay):
    return receptions_of(day).filter(channel__in=Channel.letters())


def received_unsigned(day: DutyDay) -> list[str]:
    """Who received visitors that day by the register and has not signed in: to be put right
    before closing counts them absent."""
    receivers = ReceptionDeputy.objects.filter(reception__in=visits_of(day))
    keys = set(receivers.values_list("deputy_id", flat=True))
    unsigned = (row for row in day.expected if not duty_rules.has_signed(row))
    return [str(row.deputy) for row in unsigned if row.deputy_id in keys]


@transaction.atomic
def close_day(day: DutyDay, *, actor, note: str = "", not_held: bool = False) -> DutyDay:
    """办结: 已接待 with a visit in the register, 无来访 if only deputies signed in.

    With neither, it is 未开展 if the actor says so and why. What took place is entered into 簿三
    as 进站接待 (`duty_activities`). Refuses who may not manage duty
    there, a day to come or closed already, and a word that the records contradict.
    """
    if not duty_rules.can_manage_at(actor, day.station):
        raise PermissionDenied
    day = locked_day(day)
    outcome = outcome_of(day)
    if outcome is not None and not_held:
        raise RuleViolation("这一天已有签到或接待登记，不能记为未开展。")
    if outcome is None:
        _check_not_held(day, not_held, note)
        outcome = DayState.NOT_HELD
    closed = store_closing(day, outcome, actor=actor, note=note)
    keep_activity(closed, actor=actor)
    return closed


@transaction.atomic
def reopen_day(day: DutyDay, *, actor, note: str) -> DutyDay:
    """撤销办结 with the reason: sign-ins are put right on the day, and it is closed anew.

    Its line of 簿三 is void meanwhile, on its number, which the next closing takes up again.
    Refuses who may not manage duty there, a day that is not closed, and no reason.
    """
    opened = store_reopening(day, actor=actor, note=note)
    keep_activity(opened, actor=actor)
    return opened


def follow_days(station: Station, dates: Collection[date], *, actor) -> None:
    """The register of these dates has changed: what closing said of their days may have, too,
    and so what 簿三 says of them.

    The day is locked, so that a closing at the same moment sees the change or is set right.
    """
    days = DutyDay.objects.select_for_update(of=("self",)).standing()
    for day in days.filter(station=station, date__in=dates).order_by("pk"):
        if day.is_closed:
            now = follow_register(day, has_visits=visits_of(day).exists(), actor=actor)
            keep_activity(now, actor=actor)


def _check_not_held(day: DutyDay, not_held: bool, note: str) -> None:
    if day.state != DayState.PUBLISHED:
        return  # storing it says what is wrong
    if not not_held:
        raise RuleViolation(
            "这一天没有代表签到，也没有接待登记。代表来过的，请先代签；"
            "接待过群众的，请先补录；确实没有开展的，请勾选“没有开展”并写明原因。"
        )
    if not note.strip():
        raise RuleViolation("请写明没有开展的原因。")
