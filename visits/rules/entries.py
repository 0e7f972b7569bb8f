"""Who may do what to an entry of any of the three registers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone

from accounts.roles import Capability
from common.errors import RuleViolation
from deputies.models import Deputy
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
    stations = Station.objects.where_user_can(user, capability)
    if getattr(entry, "confidential", False):
        stations = Station.objects.where_posted_can(user, capability)
    return stations.filter(pk=entry.station_id).exists()


def is_late_entry(day: date, today: date | None = None) -> bool:
    """补录: entered long after the day (a setting, in calendar days)."""
    allowed = timedelta(days=settings.LATE_ENTRY_DAYS)
    return (today or timezone.localdate()) - day > allowed


def check_days(first: date, last: date | None, label: str) -> None:
    """A register tells what has been: no day to come, and no end before its beginning."""
    if first > timezone.localdate():
        raise RuleViolation(f"{label}不能在今天之后。")
    if last and last < first:
        raise RuleViolation(f"结束日期不能早于{label}。")


def check_deputies(deputies: Sequence[Deputy]) -> None:
    if not deputies:
        raise RuleViolation("请填写代表，至少一位。")
    if len({deputy.pk for deputy in deputies}) != len(deputies):
        raise RuleViolation("同一位代表填写了两次。")
