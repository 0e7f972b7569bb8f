"""Who may do what to an entry of any of the three registers."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone

from accounts.roles import Capability
from stations.models import Station
from stations.rules import can_at
from visits.models import RegisterEntry


def can_log_at(user, station: Station) -> bool:
    return can_at(user, Capability.LOG_RECEPTION, station.pk)


def can_change(user, entry: RegisterEntry) -> bool:
    return not entry.is_void and may(user, Capability.LOG_RECEPTION, entry)


def can_void(user, entry: RegisterEntry) -> bool:
    return not entry.is_void and may(user, Capability.VOID_RECEPTION, entry)


def may(user, capability: Capability, entry: RegisterEntry) -> bool:
    """A confidential reception is touched by those posted at its own station only."""
    stations = Station.objects.where_user_can(user, capability).filter(pk=entry.station_id)
    if getattr(entry, "confidential", False) and not user.is_system:
        stations = stations.posted_directly(user)
    return stations.exists()


def is_late_entry(day: date, today: date | None = None) -> bool:
    """补录: entered long after the day (a setting, in calendar days)."""
    allowed = timedelta(days=settings.LATE_ENTRY_DAYS)
    return (today or timezone.localdate()) - day > allowed
