"""接待安排: how a station arranges its days; the rule is read back while it is typed."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods

from common.calendar import workdays
from common.errors import RuleViolation
from deputies.choices import HolidayPolicy, MonthEnd
from deputies.documents.rule import Reading, read_rule
from deputies.forms.duty_year import ArrangementForm, complain
from deputies.models import Arrangement
from deputies.rules import duty as rules
from deputies.services import duty as services
from deputies.views.duty.year import station_in_scope, this_or_next


@require_http_methods(["GET", "POST"])
def arrangement(request, station_pk):
    station = station_in_scope(request, station_pk)
    if not rules.can_manage_at(request.user, station):
        raise PermissionDenied
    stored = services.arrangement_of(station)
    stored.station = station
    if request.htmx:
        return _reading_alone(request, stored)
    form = ArrangementForm(
        request.POST or None, instance=stored, actor=request.user, station=station
    )
    if request.method == "POST" and "check" not in request.POST and _save(request, form):
        return redirect("duty:year", station.pk, this_or_next(timezone.localdate()))
    return _show(request, form, stored)


def _save(request, form: ArrangementForm) -> bool:
    try:
        if form.is_valid():
            form.save()
            messages.success(request, "接待安排已保存。已公布的接待日不变。")
            return True
    except RuleViolation as refusal:
        complain(form, refusal)
    return False


def _show(request, form: ArrangementForm, stored: Arrangement):
    typed = request.POST or _as_stored(stored)
    context = {
        "form": form,
        "station": stored.station,
        "reading": _reading(typed),
        "year": this_or_next(timezone.localdate()),
    }
    status = 422 if form.is_bound and not form.is_valid() else 200
    response = render(request, "duty/arrangement.html", context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _reading_alone(request, stored: Arrangement):
    context = {"station": stored.station, "reading": _reading(request.GET)}
    response = render(request, "duty/arrangement_reading.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _as_stored(stored: Arrangement) -> QueryDict:
    typed = QueryDict(mutable=True)
    typed.update(
        {
            "rule": stored.station.reception_days,
            "policy": stored.policy,
            "month_end": stored.month_end,
        }
    )
    return typed


def _reading(typed: QueryDict) -> Reading | None:
    """How the rule typed is read; None without a rule."""
    rule = typed.get("rule", "").strip()[:100]
    if not rule:
        return None
    policy, month_end = typed.get("policy"), typed.get("month_end")
    today = timezone.localdate()
    return read_rule(
        rule,
        policy if policy in HolidayPolicy else HolidayPolicy.NEXT_WORKDAY,
        month_end if month_end in MonthEnd else MonthEnd.LAST_DAY,
        workdays(),
        year=this_or_next(today),
        today=today,
    )
