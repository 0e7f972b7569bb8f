"""The day's work of each role: what the first page shows."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from accounts import rules as account_rules
from accounts.roles import Capability, Role, roles_with
from visits import rules
from visits.models import Opinion, Reception
from visits.services import drafts_of

MONTHS_SHOWN = 12


def page_for(user) -> tuple[str, dict]:
    """The template and context of the first page of `user`."""
    if user.holds(roles_with(Capability.LOG_RECEPTION)):
        return "home/staff.html", _staff(user)
    if user.holds(roles_with(Capability.VIEW_REGISTER)):
        return "home/district.html", _district(user)
    if user.holds([Role.DEPUTY]):
        return "home/deputy.html", _deputy(user)
    return "home/other.html", {"manages_accounts": account_rules.may_manage_accounts(user)}


def _staff(user) -> dict:
    today = timezone.localdate()
    return {
        **_register(user, today),
        "today_totals": Reception.objects.visible_to(user)
        .valid()
        .between(today, today)
        .totals(exactly=True),
        "drafts": drafts_of(user)[:3],
    }


def _district(user) -> dict:
    today = timezone.localdate()
    waiting = Opinion.objects.visible_to(user).of_valid().awaiting_feedback()
    return {**_register(user, today), "late_stations": waiting.late_by_station(today)[:12]}


def _register(user, today: date) -> dict:
    """What staff and offices both see: what is due, what came last, the months."""
    receptions = Reception.objects.visible_to(user).valid()
    waiting = Opinion.objects.visible_to(user).of_valid().awaiting_feedback()
    recent = list(receptions.for_list().order_by("-received_on", "-pk")[:5])
    rules.open_contacts(recent, user)
    due = list(waiting.for_list().exclude(due_on=None).order_by("due_on", "pk")[:6])
    rules.open_contacts([opinion.reception for opinion in due], user)
    months = _months(receptions, today)
    return {
        "today": today,
        "has_months": any(month["value"] for month in months),
        "urgency": waiting.urgency(today),
        "due": due,
        "recent": recent,
        "months": months,
        "year_totals": receptions.between(date(today.year, 1, 1), today).totals(exactly=True),
    }


def _deputy(user) -> dict:
    today = timezone.localdate()
    own = Reception.objects.visible_to(user).valid()
    recent = list(own.for_list().order_by("-received_on", "-pk")[:5])
    rules.open_contacts(recent, user)
    return {
        "today": today,
        "recent": recent,
        "year_totals": own.between(date(today.year, 1, 1), today).totals(exactly=True),
    }


def _months(receptions, today: date) -> list[dict]:
    """The last twelve months as points of the chart; the present one is marked."""
    first = date(today.year - 1, today.month, 1)
    months = [_month_after(first, step) for step in range(1, MONTHS_SHOWN + 1)]
    counted = receptions.by_month(first)
    return [
        {
            "label": f"{month}月" if month == 1 or position == 0 else str(month),
            "value": counted.get((year, month), 0),
            "now": (year, month) == (today.year, today.month),
        }
        for position, (year, month) in enumerate(months)
    ]


def _month_after(first: date, step: int) -> tuple[int, int]:
    years, month = divmod(first.month - 1 + step, 12)
    return first.year + years, month + 1
