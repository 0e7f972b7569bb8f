"""值班: the duty days of the stations one sees, the coming ones first."""

from __future__ import annotations

from dataclasses import dataclass

from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Capability, Role, roles_with
from common.listing import FilteredList
from deputies.choices import DayState
from deputies.filters import CANCELLED, COMING, DutyDayFilter
from deputies.models import Assignment, DutyDay
from deputies.rules import duty as rules
from deputies.services.duty.due import DueTask, steps_of
from stations.models import Station

MANAGERS = roles_with(Capability.MANAGE_DUTY)


@dataclass(frozen=True)
class Line:
    """A day of the list, and what its reader is to do next for it."""

    day: DutyDay
    step: DueTask | None


class DutyDayList(FilteredList):
    """Coming days in their order; what is past is listed from the latest back."""

    model = DutyDay
    filterset_class = DutyDayFilter
    template_name = "duty/index.html"
    page_size = 20

    def get(self, request, *args, **kwargs):
        if not request.GET and _has_own_days_only(request.user):
            return redirect("duty:mine")
        return super().get(request, *args, **kwargs)

    def get_rows(self):
        rows = DutyDay.objects.visible_to(self.request.user)
        wanted = self.request.GET.get("show") == CANCELLED
        return rows if wanted else rows.exclude(state=DayState.CANCELLED)

    def get_context_data(self, **kwargs):
        self.order = ("date", "pk") if self.filterset.shown == COMING else ("-date", "-pk")
        context = super().get_context_data(**kwargs)
        user, today = self.request.user, timezone.localdate()
        return {
            **context,
            "lines": [_line(day, user, today) for day in context["page"]],
            "today": today,
            "plans": _plans(user, today.year),
            "coming": self.filterset.shown == COMING,
        }


def _line(day: DutyDay, user, today) -> Line:
    steps = steps_of(day, today) if rules.can_manage_at(user, day.station) else []
    return Line(day, steps[0] if steps else None)


def _plans(user, year: int) -> dict:
    """Where the year is planned: at the only station, or at a choice of them."""
    managed = Station.objects.where_user_can(user, Capability.MANAGE_DUTY).open().order_by("pk")
    stations = list(managed[:2])
    if len(stations) == 1:
        station = stations[0]
        return {"station": station, "url": reverse("duty:year", args=[station.pk, year])}
    return {"url": reverse("duty:year_index")} if stations else {}


def _has_own_days_only(user) -> bool:
    """A deputy who arranges nothing comes for their own days."""
    if user.holds(MANAGERS) or not user.holds([Role.DEPUTY]):
        return False
    return Assignment.objects.own(user).exists()
