"""What every verb of duty begins with: the day locked, its people read under the lock."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from common import audit
from deputies.choices import Answer, Request
from deputies.models import Assignment, DutyDay
from deputies.rules import duty as rules


def locked_days(keys: Iterable[int]) -> dict[int, DutyDay]:
    """The days under lock, always in the same order: two who want both never wait in a ring."""
    days = DutyDay.objects.select_for_update(of=("self",)).with_people()
    return {day.pk: day for day in days.filter(pk__in=set(keys)).order_by("pk")}


def locked_day(day: DutyDay) -> DutyDay:
    return locked_days([day.pk])[day.pk]


def locked_row(row: Assignment) -> Assignment:
    """The assignment as it stands once its day is locked."""
    return row_in(locked_days([row.day_id])[row.day_id], row)


def row_in(day: DutyDay, row: Assignment) -> Assignment:
    """The row `row` among those of the locked `day`, with that day at hand."""
    found = next(other for other in day.assignments.all() if other.pk == row.pk)
    found.day = day
    return found


def require_manager(day: DutyDay, actor) -> None:
    if not rules.can_manage_at(actor, day.station):
        raise PermissionDenied


def settle(row: Assignment, answer: Answer, *, actor, note: str = "") -> None:
    """Write an answer: the one place that does. The history stands with the day."""
    old = row.get_answer_display()
    row.answer, row.answered_at, row.answer_note = answer, timezone.now(), note[:200]
    row.save(update_fields=["answer", "answered_at", "answer_note"])
    record(row, {"答复": (old, row.get_answer_display())}, actor=actor, note=note)


def withdraw_leave_asked(row: Assignment) -> None:
    """Leave that nobody decided is asked no longer: the deputy comes, or the day is another's."""
    asked = row.leave_requests.filter(state=Request.ASKED)
    asked.update(state=Request.WITHDRAWN, decided_at=timezone.now())


def record(row: Assignment, changes: dict[str, tuple[str, str]], *, actor, note: str = "") -> None:
    """One line in the history of the day: its labels carry the deputy's name."""
    named = {f"{row.deputy} {label}": pair for label, pair in changes.items()}
    audit.record(audit.Action.CHANGE, row.day, actor=actor, changes=named, note=note)


def touch(day: DutyDay, *fields: str) -> None:
    """Save `fields` of a locked day under its next version."""
    day.version += 1
    day.save(update_fields=[*fields, "version"])
