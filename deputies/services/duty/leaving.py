"""Who leaves office, or the township, comes to no duty day there any more."""

from __future__ import annotations

from django.utils import timezone

from deputies.choices import Answer, DayState, DeputyState
from deputies.models import Assignment, Deputy
from deputies.services.duty import tell
from deputies.services.duty.rows import locked_days, row_in, settle


def leave_duty(deputy: Deputy, *, actor) -> None:
    """Take the deputy off the days to come that are theirs no longer, and tell the staff.

    Part of changing the deputy, in the caller's transaction; the caller has checked the right.
    """
    rows = Assignment.objects.expected().filter(deputy=deputy, day__date__gte=timezone.localdate())
    if deputy.state == DeputyState.IN_OFFICE:
        rows = rows.exclude(day__station__township=deputy.station.township_id)
    keys = dict(rows.values_list("pk", "day"))
    days = locked_days(keys.values())
    for row in Assignment.objects.expected().filter(pk__in=keys).order_by("pk"):
        _leave(row_in(days[row.day_id], row), actor)


def _leave(row: Assignment, actor) -> None:
    if row.day.state == DayState.DRAFT:
        row.delete()
    elif row.day.state == DayState.PUBLISHED:
        settle(row, Answer.DROPPED, actor=actor, note="不在任或已调离")
        tell.left_office(row)
