"""Who may do what with duty days, and what a day and those who come must satisfy."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, time

from django.utils import timezone

from accounts.roles import Capability
from common.errors import RuleViolation
from deputies.actors import ByLink
from deputies.choices import EXPECTED, Answer, DayState, DeputyState
from deputies.models import Arrangement, Assignment, Deputy, DutyDay, SwapRequest
from stations.choices import StationState
from stations.models import Station
from stations.rules import grants_at


def can_manage_at(user, station: Station) -> bool:
    """Whether `user` plans the station's days, contacts its deputies and keeps attendance."""
    return grants_at(user, Capability.MANAGE_DUTY, station)


def can_decide_leave_at(user, station: Station) -> bool:
    """请假 goes to the 站长."""
    return grants_at(user, Capability.DECIDE_LEAVE, station)


def is_own(user, deputy: Deputy) -> bool:
    """Whether `user` is this deputy, logged in or by the address of a message."""
    if isinstance(user, ByLink):
        return user.deputy.pk == deputy.pk
    return user.pk is not None and deputy.user_id == user.pk


def can_answer(user, row: Assignment) -> bool:
    """Whether the day is still open and `user` may say whether the deputy comes."""
    return is_open(row) and (is_own(user, row.deputy) or can_manage_at(user, row.day.station))


def can_confirm(user, row: Assignment) -> bool:
    return can_answer(user, row) and row.answer != Answer.CONFIRMED


def can_sign_in(user, row: Assignment, today: date) -> bool:
    return is_own(user, row.deputy) and is_open(row) and row.day.date == today


def can_answer_swap(user, swap: SwapRequest) -> bool:
    return is_own(user, swap.other)


def is_open(row: Assignment) -> bool:
    """Whether the deputy is expected on a day that is announced and not closed."""
    return row.answer in EXPECTED and row.day.state == DayState.PUBLISHED


def has_signed(row: Assignment) -> bool:
    return hasattr(row, "sign_in")


def check_arrangement(arrangement: Arrangement) -> None:
    """Refuse, with the reason in Chinese, what no station could keep."""
    check_hours(arrangement.starts_at, arrangement.ends_at)
    if not 1 <= arrangement.per_day <= 50:
        raise RuleViolation("每次代表人数应在 1 到 50 之间。")
    if not 0 <= arrangement.minimum <= 50:
        raise RuleViolation("每位代表每年次数应在 0 到 50 之间。")


def check_hours(starts_at: time, ends_at: time) -> None:
    if ends_at <= starts_at:
        raise RuleViolation("结束时间应晚于开始时间。")


def check_date(station: Station, on: date, *, today: date, except_for: DutyDay | None = None):
    """Refuse a date in the past, and one on which the station has a day already."""
    if on < today:
        raise RuleViolation(f"{_short(on)}已经过去，接待日只能安排在今天或以后。")
    others = DutyDay.objects.filter(station=station, date=on).exclude(state=DayState.CANCELLED)
    if except_for is not None:
        others = others.exclude(pk=except_for.pk)
    if others.exists():
        raise RuleViolation(f"{station}{_short(on)}已有接待日，请另选一天。")


def check_changeable(day: DutyDay) -> None:
    """Refuse to change a day that is closed, cancelled or past, or on which somebody signed in."""
    if day.date < timezone.localdate():
        raise RuleViolation("这个接待日已经过去，请办结；没有开展的写明原因。")
    if day.state not in (DayState.DRAFT, DayState.PUBLISHED):
        raise RuleViolation(f"这个接待日{day.get_state_display()}，不能再改。")
    if any(has_signed(row) for row in day.assignments.all()):
        raise RuleViolation("已有代表签到，这个接待日不能再改动。")


def check_may_come(deputy: Deputy, station: Station) -> None:
    """Refuse who is not in office, or belongs to another township."""
    if deputy.state != DeputyState.IN_OFFICE:
        raise RuleViolation(f"{deputy}现在不在任，不能排班。")
    if deputy.station.township_id != station.township_id:
        raise RuleViolation(f"{deputy}不在{station.township}，不能排到{station}。")


def check_not_twice(day: DutyDay, deputy: Deputy) -> None:
    taken: Collection[int] = {row.deputy_id for row in day.expected}
    if deputy.pk in taken:
        raise RuleViolation(f"{deputy}这一天已经在班上。")


def check_open(row: Assignment) -> None:
    """Refuse, with the reason, an answer to a day that asks for none any more."""
    if row.day.state == DayState.CANCELLED:
        raise RuleViolation(f"{_short(row.day.date)}的接待日已取消，您不用来。")
    if row.day.state != DayState.PUBLISHED:
        raise RuleViolation(f"{_short(row.day.date)}的接待日{row.day.get_state_display()}。")
    if row.answer not in EXPECTED:
        raise RuleViolation(f"{row.deputy}这一天{row.get_answer_display()}，不用再答复。")


def check_open_for_change(row: Assignment) -> None:
    """Refuse to take somebody off a day who has left it already, or has signed in."""
    if row.answer not in EXPECTED:
        raise RuleViolation(f"{row.deputy}这一天{row.get_answer_display()}。")
    if has_signed(row):
        raise RuleViolation(f"{row.deputy}已经签到，不能再调整。")


def check_to_come(row: Assignment, today: date) -> None:
    """Refuse leave and swaps of a day that has gone by or is signed already."""
    if row.day.date < today:
        raise RuleViolation(f"{_short(row.day.date)}已经过去。")
    if has_signed(row):
        raise RuleViolation(f"{row.deputy}已经签到。")


def check_plannable(station: Station) -> None:
    if station.state == StationState.CLOSED:
        raise RuleViolation(f"{station}已撤销，不再安排接待日。")


def _short(on: date) -> str:
    return f"{on.month}月{on.day}日"
