"""Who may do what to a register row, and what a row must satisfy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone

from accounts.roles import Capability, Role
from common.errors import RuleViolation
from common.workdays import Workdays
from deputies.models import Deputy
from stations.models import Station
from stations.rules import can_at, grants_at
from visits.choices import Disposal
from visits.models import Opinion, Reception, ReceptionDeputy


def can_log_at(user, station: Station) -> bool:
    return can_at(user, Capability.LOG_RECEPTION, station.pk)


def can_change(user, reception: Reception) -> bool:
    return not reception.is_void and _may(user, Capability.LOG_RECEPTION, reception)


def can_void(user, reception: Reception) -> bool:
    return not reception.is_void and _may(user, Capability.VOID_RECEPTION, reception)


def can_unmask(user, reception: Reception) -> bool:
    return _may(user, Capability.UNMASK_CONTACT, reception)


def _may(user, capability: Capability, reception: Reception) -> bool:
    """A confidential reception is touched by those posted at its own station only."""
    stations = Station.objects.where_user_can(user, capability).filter(pk=reception.station_id)
    if reception.confidential and not user.is_system:
        stations = stations.posted_directly(user)
    return stations.exists()


def open_contacts(receptions: Iterable[Reception], user) -> None:
    """Show name and phone of the visitors whom `user` needs to know; all others stay masked."""
    rows = list(receptions)
    received = _received_by(user, rows)
    for row in rows:
        needed = grants_at(user, Capability.VIEW_CONTACT, row.station)
        row.masked = not needed and row.pk not in received


def _received_by(user, rows: Sequence[Reception]) -> set[int]:
    """Which of `rows` the user received as a deputy: they know whom they met."""
    if user.is_system or not user.holds([Role.DEPUTY]):
        return set()
    own = ReceptionDeputy.objects.filter(deputy__user=user, reception__in=rows)
    return set(own.values_list("reception_id", flat=True))


def is_late_entry(received_on: date, today: date | None = None) -> bool:
    """补录: entered long after the day (a setting, in calendar days)."""
    allowed = timedelta(days=settings.LATE_ENTRY_DAYS)
    return (today or timezone.localdate()) - received_on > allowed


def feedback_due(handed_over_on: date, calendar: Workdays) -> date:
    """Until when the visitor is to be told: a setting, in calendar days from 交办.

    A deadline on a day off rolls to the next workday.
    """
    return calendar.next_workday(handed_over_on + timedelta(days=settings.FEEDBACK_DAYS))


def check_reception(
    reception: Reception, deputies: Sequence[Deputy], opinions: Sequence[Opinion]
) -> None:
    """Refuse, with the reason in Chinese, a visit that no register would take."""
    if reception.received_on > timezone.localdate():
        raise RuleViolation("接待日期不能在今天之后。")
    if reception.until and reception.until < reception.received_on:
        raise RuleViolation("结束日期不能早于接待日期。")
    if not deputies:
        raise RuleViolation("请填写接待代表，至少一位。")
    if len({deputy.pk for deputy in deputies}) != len(deputies):
        raise RuleViolation("同一位接待代表填写了两次。")
    if not opinions:
        raise RuleViolation("请至少填写一条反映内容。")
    for opinion in opinions:
        _check_opinion(opinion)


def _check_opinion(opinion: Opinion) -> None:
    if not opinion.statement.strip():
        raise RuleViolation("反映内容不能为空。")
    if opinion.disposal == Disposal.DECLINED and not opinion.decline_reason:
        raise RuleViolation("不予受理时必须选择原因。")
