"""When messages may go out: nobody's phone rings at night (DOMAIN §2)."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.utils import timezone


def is_open(at: datetime) -> bool:
    """Whether messages may go out at `at`, by the local clock."""
    local = timezone.localtime(at)
    now = local.hour * 60 + local.minute
    return _minutes(settings.NOTICE_FROM) <= now < _minutes(settings.NOTICE_UNTIL)


def day_of(at: datetime) -> date:
    return timezone.localtime(at).date()


def whole_second(at: datetime) -> datetime:
    """What a list is ordered by: the cursors of its pages keep no microseconds."""
    return at.replace(microsecond=0)


def _minutes(clock: str) -> int:
    """09:00 → 540; 24:00 is the end of the day."""
    hours, _, minutes = clock.partition(":")
    return int(hours) * 60 + int(minutes)
