"""The calendar of holidays, kept by the district."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied

from common import calendar_services
from stations import rules


def import_calendar(text: bytes | str, *, actor, source: str = "") -> int:
    """Read in the holidays of a year and return the year.

    Refuses who does not keep the calendar, and what `calendar_services.import_calendar` refuses.
    """
    _require_keeper(actor)
    return calendar_services.import_calendar(text, actor=actor, source=source)


def set_day(day: date, *, is_off: bool, name: str = "", actor) -> None:
    """Say that one day is off or a workday. Refuses who does not keep the calendar."""
    _require_keeper(actor)
    calendar_services.set_day(day, is_off=is_off, name=name, actor=actor)


def clear_day(day: date, *, actor) -> None:
    """Let a day go by Monday to Friday again. Refuses who does not keep the calendar."""
    _require_keeper(actor)
    calendar_services.clear_day(day, actor=actor)


def _require_keeper(actor) -> None:
    if not rules.can_keep_calendar(actor):
        raise PermissionDenied
