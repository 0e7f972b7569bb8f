"""What every verb of duty begins with: the day locked, its people read under the lock."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils import timezone

from accounts.services import withdraw
from common import audit
from common.errors import RuleViolation
from deputies.choices import EXPECTED, Answer, Request
from deputies.models import Assignment, DutyDay, SwapRequest
from deputies.rules import duty as rules
from stations.models import Station


def locked_days(keys: Iterable[int]) -> dict[int, DutyDay]:
    """The days under lock, always in the same order: two who want both never wait in a ring."""
    days = DutyDay.objects.select_for_update(of=("self",)).with_people()
    return {day.pk: day for day in days.filter(pk__in=set(keys)).order_by("pk")}


def locked_day(day: DutyDay) -> DutyDay:
    """Refuses a day of a draft that was dropped or planned anew meanwhile."""
    found = locked_days([day.pk]).get(day.pk)
    if found is None:
        raise RuleViolation("这个接待日已被删除或重新编排，请刷新页面。")
    return found


def locked_row(row: Assignment) -> Assignment:
    """The assignment as it stands once its day is locked."""
    return row_in(locked_day(row.day), row)


def row_in(day: DutyDay, row: Assignment) -> Assignment:
    """The row `row` among those of the locked `day`, with that day at hand."""
    found = next((other for other in day.assignments.all() if other.pk == row.pk), None)
    if found is None:
        raise RuleViolation("这位代表已不在这一天的班上，请刷新页面。")
    found.day = day
    return found


def locked_station(station: Station, actor) -> Station:
    """The station under lock, before its plan and its days: refuses who may not manage duty."""
    station = Station.objects.select_for_update(of=("self",)).for_page().get(pk=station.pk)
    if not rules.can_manage_at(actor, station):
        raise PermissionDenied
    return station


def require_manager(day: DutyDay, actor) -> None:
    if not rules.can_manage_at(actor, day.station):
        raise PermissionDenied


def settle(row: Assignment, answer: Answer, *, actor, note: str = "") -> None:
    """Write an answer: the one place that does. The history stands with the day."""
    old = row.get_answer_display()
    row.answer, row.answered_at, row.answer_note = answer, timezone.now(), note[:200]
    row.save(update_fields=["answer", "answered_at", "answer_note"])
    record(row, {"答复": (old, row.get_answer_display())}, actor=actor, note=note)
    if answer == Answer.CONFIRMED or answer not in EXPECTED:
        withdraw_requests(row)


def withdraw_requests(row: Assignment) -> list[SwapRequest]:
    """Leave and swaps that nobody decided are asked no longer: the deputy comes, the day is
    another's, or is over. Their messages go out no more. Returns the swaps."""
    now = timezone.now()
    asked = row.leave_requests.filter(state=Request.ASKED)
    leave = list(asked.values_list("pk", flat=True))
    swaps = list(
        SwapRequest.objects.filter(Q(given=row) | Q(taken=row), state=Request.ASKED)
        .select_related("given__day__station", "given__deputy__user", "other")
        .order_by("pk")
    )
    row.leave_requests.filter(pk__in=leave).update(state=Request.WITHDRAWN, decided_at=now)
    SwapRequest.objects.filter(pk__in=[swap.pk for swap in swaps]).update(
        state=Request.WITHDRAWN, decided_at=now
    )
    for key in [*(f"leave:{pk}:" for pk in leave), *(f"swap:{swap.pk}:" for swap in swaps)]:
        withdraw(key)
    return swaps


def record(row: Assignment, changes: dict[str, tuple[str, str]], *, actor, note: str = "") -> None:
    """One line in the history of the day: its labels carry the deputy's name."""
    named = {f"{row.deputy} {label}": pair for label, pair in changes.items()}
    audit.record(audit.Action.CHANGE, row.day, actor=actor, changes=named, note=note)


def touch(day: DutyDay, *fields: str) -> None:
    """Save `fields` of a locked day under its next version."""
    day.version += 1
    day.save(update_fields=[*fields, "version"])
