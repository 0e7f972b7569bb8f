"""The district's calendar of holidays, as it stands in the database."""

from __future__ import annotations

from typing import cast

from django.utils.functional import SimpleLazyObject

from common import audit
from common.models import AuditEntry, CalendarDay, CalendarYear
from common.workdays import Workdays


def workdays() -> Workdays:
    """All that was announced, in two queries: read it once and hand it on."""
    rows = list(CalendarDay.objects.values_list("date", "is_off", "name"))
    return Workdays(
        days={day: is_off for day, is_off, _ in rows},
        names={day: name for day, _, name in rows},
        years=frozenset(CalendarYear.objects.values_list("year", flat=True)),
    )


def workdays_when_asked() -> Workdays:
    """The same, read at the first question and never if there is none."""
    return cast(Workdays, SimpleLazyObject(workdays))


def announced(year: int) -> CalendarYear | None:
    """Where the holidays of `year` come from, if they were entered."""
    return CalendarYear.objects.filter(year=year).first()


def history_of(year: int) -> list[AuditEntry]:
    """What was imported and set by hand for `year`, newest first."""
    return audit.shown_history(CalendarYear(year=year))
