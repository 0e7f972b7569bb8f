"""A duty day as the register knows it: its receptions, and how it is closed."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import Capability
from common.errors import RuleViolation
from deputies.choices import DayState
from deputies.models import DutyDay
from deputies.rules.duty import can_manage_at, has_signed
from stations.rules import grants_at
from visits import rules, services
from visits.forms import CloseForm
from visits.models import Reception
from visits.views.receptions import require_reader


@require_http_methods(["GET", "POST"])
def close_day(request, pk):
    """办结: what is on record of the day, and what closing it says."""
    day = _day(request, pk)
    if not can_manage_at(request.user, day.station):
        raise PermissionDenied
    if reason := _too_soon_or_late(day):
        messages.info(request, reason)
        return redirect("duty:day", pk)
    if request.method == "GET":
        return _closing_page(request, day, CloseForm(outcome=services.outcome_of(day)))
    form = CloseForm(request.POST, outcome=services.outcome_of(day))
    try:
        if form.is_valid():
            closed = services.close_day(day, actor=request.user, **form.cleaned_data)
            messages.success(request, _closed_words(closed))
            return redirect("duty:day", pk)
    except RuleViolation as refusal:
        form.add_error(None, str(refusal))
    return _closing_page(request, day, form, status=422)


@require_POST
def reopen_day(request, pk):
    """撤销办结, from the page of the day."""
    day = _day(request, pk)
    try:
        services.reopen_day(day, actor=request.user, note=request.POST.get("note", ""))
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "已撤销办结，改好签到和登记后，请再办结。")
    return redirect("duty:day", pk)


def _closed_words(day: DutyDay) -> str:
    """What came of the day, with the line of 簿三 that it became."""
    said = f"接待日已办结：{day.get_state_display()}。"
    activity = getattr(day, "activity", None)
    if activity is None or activity.is_void:
        return said
    address = reverse("visits:activity_detail", args=[activity.pk])
    return format_html(
        '{}已记入活动登记簿 <a class="link" href="{}">{}</a>。', said, address, activity.code
    )


def _closing_page(request, day: DutyDay, form: CloseForm, status: int = 200):
    context = {
        "day": day,
        "form": form,
        "outcome": services.outcome_of(day),
        "unsigned": services.received_unsigned(day),
        "letters": services.letters_of(day).count(),
        "signed": [row for row in day.assignments.all() if has_signed(row)],
        **_receptions(request.user, day),
    }
    return render(request, "visits/close_day.html", context, status=status)


@require_safe
def day_receptions(request, pk):
    """The day's rows of the register for the page of the day; on its own it is the list."""
    require_reader(request.user)
    day = _day(request, pk)
    if not request.htmx:
        return redirect(list_address(day))
    return render(request, "visits/day_receptions.html", _receptions(request.user, day))


def list_address(day: DutyDay) -> str:
    on = f"{day.date.year}-{day.date.month}-{day.date.day}"
    return f"{reverse('visits:reception_list')}?station={day.station_id}&from={on}&to={on}"


def _day(request, pk) -> DutyDay:
    return get_object_or_404(DutyDay.objects.visible_to(request.user).with_people(), pk=pk)


def _too_soon_or_late(day: DutyDay) -> str:
    if day.state != DayState.PUBLISHED:
        return f"这个接待日{day.get_state_display()}，不用再办结。"
    return "还没到的接待日不能办结。" if day.date > timezone.localdate() else ""


def _receptions(user, day: DutyDay) -> dict:
    """What `user` may read of the day; what they may not is said in number only."""
    of_day = services.receptions_of(day)
    rows = list(of_day.filter(pk__in=Reception.objects.visible_to(user)).for_list().order_by("pk"))
    rules.open_contacts(rows, user)
    reads_all = grants_at(user, Capability.VIEW_REGISTER, day.station)
    return {
        "receptions": rows,
        "totals": of_day.filter(pk__in=[row.pk for row in rows]).totals(exactly=True),
        "hidden_count": of_day.count() - len(rows) if reads_all else 0,
        "list_url": list_address(day),
        "log_url": f"{reverse('visits:reception_new')}?station={day.station_id}"
        if rules.can_log_at(user, day.station)
        else "",
    }
