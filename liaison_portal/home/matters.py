"""Suggestions on the first page: what waits for whom, and what is late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from accounts.roles import Capability, roles_with
from suggestions import rules
from suggestions.choices import State
from suggestions.models import Suggestion
from suggestions.querysets.handling import units_of
from suggestions.querysets.lists import OF_THE_UNIT

CLERK_SHOWN = 12
DEPUTY_SHOWN = 6
STAFF_SHOWN = 5
UNITS_SHOWN = 10
OF_THE_OFFICE = {
    "review": "待审核",
    "assign": "待交办",
    "decide": "待审批",
    "vet": "答复待审",
    "overdue": "超期",
}


@dataclass(frozen=True)
class Waiting:
    """One figure of what waits, with the list it opens."""

    label: str
    count: int
    url: str
    is_late: bool = False


def clerk_items(user, today: date) -> dict:
    """Of a unit: its items by deadline, each with what is to be done next."""
    units = units_of(user)
    rows = Suggestion.objects.visible_to(user).for_clerk(user)
    found = list(
        rows.with_next(units, OF_THE_UNIT).for_rows().order_by("next_on", "pk")[: CLERK_SHOWN + 1]
    )
    for row in found:
        rules.fill_row(row, today, units)
        row.to_do, row.verb = rules.duty_of_clerk(row.next_limit)
        row.days_left = (row.next_on - today).days
        row.days_late = -row.days_left
    counted = rows.step_counts(["at_unit", "promises"], user, today)
    late = rows.with_next(units, OF_THE_UNIT).filter(next_on__lt=today).count()
    return {
        "items": found[:CLERK_SHOWN],
        "more_items": len(found) > CLERK_SHOWN,
        "item_counts": counted,
        "late_items": late,
        "unit_names": [held.unit.name for held in user.held_postings if held.unit_id in units],
    }


def office_waiting(user, today: date) -> list[Waiting]:
    """What waits for the office of a congress; nothing for who works in none."""
    if not rules.keeps_office(user):
        return []
    counts = Suggestion.objects.visible_to(user).step_counts(list(OF_THE_OFFICE), user, today)
    page = reverse("suggestions:list")
    return [
        Waiting(label, counts[step], f"{page}?step={step}", step == "overdue" and counts[step] > 0)
        for step, label in OF_THE_OFFICE.items()
    ]


def late_units(user, today: date) -> list[dict]:
    """The units that somebody waits for too long, the oldest first."""
    return Suggestion.objects.visible_to(user).late_by_unit(today)[:UNITS_SHOWN]


def deputy_matters(user, today: date) -> dict:
    """Of a deputy: where they are asked to sign, mend or rate, and how far their own ones are."""
    seen, deputy = Suggestion.objects.visible_to(user), getattr(user, "deputy", None)
    asking = list(seen.asking_me(user).with_next().for_rows().order_by("next_on", "pk"))
    own = seen.own(user).open().exclude(pk__in=[row.pk for row in asking])
    led = list(own.with_next().for_rows().order_by("next_on", "-pk")[:DEPUTY_SHOWN])
    for row in [*asking, *led]:
        rules.fill_row(row, today)
        row.is_led = deputy is not None and row.lead_id == deputy.pk
        row.asks = _asked_of(row)
        row.ask_words = f"请您{row.asks}"
        row.is_late = row.next_on < today
    return {"asking": asking, "suggestions": led}


def _asked_of(row: Suggestion) -> str:
    """What the deputy is to do with it: 附议 as one who was asked, the rest as the lead."""
    if row.state == State.JOINING:
        return "提交" if row.is_led else "附议"  # type: ignore[attr-defined]
    return "修改" if row.state == State.REVISING else "评价"


def deputy_year(user, today: date) -> dict[str, int]:
    """How many suggestions a deputy raised this year, and how many promises of all years wait."""
    led = Suggestion.objects.visible_to(user).at_step("own", user, today)
    this_year = led.between(date(today.year, 1, 1), today)
    return {
        "suggestions": this_year.of_figure({"fate": "raised"}, today).count(),
        "promises": led.of_figure({"promise": "open"}, today).count(),
    }


def station_matters(user, today: date) -> dict:
    """Of a station or a township: what its deputies wait for too long, and what waits for staff."""
    if not user.holds(roles_with(Capability.VIEW_SUGGESTION)):
        return {}
    seen = Suggestion.objects.visible_to(user)
    rows = seen.late_or_with_staff(user, today)
    found = list(rows.with_next().for_rows().order_by("next_on", "pk")[: STAFF_SHOWN + 1])
    for row in found:
        rules.fill_row(row, today)
    return {
        "late_suggestions": found[:STAFF_SHOWN],
        "more_suggestions": len(found) > STAFF_SHOWN,
        "suggestion_counts": seen.step_counts(["open", "overdue"], user, today),
    }
