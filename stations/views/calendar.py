"""节假日: which days people work, a year on a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from common.calendar import announced, history_of, workdays
from common.calendar_services import YEARS
from common.errors import RuleViolation
from common.forms.fields import whole
from common.month_grid import months_of
from common.sheets.cells import chinese_date
from common.workdays import Workdays
from stations import rules
from stations.forms import CalendarDayForm, CalendarFileForm


@dataclass(frozen=True)
class Cell:
    """A day in the year's grid: what stands beside its number, and why."""

    date: date
    mark: str
    name: str
    is_workday: bool
    is_today: bool


@require_safe
def calendar(request):
    """The year asked for, or this one; everybody may look, and some may change it."""
    return render(request, "stations/calendar.html", _page_of(request))


def _page_of(request, **forms) -> dict:
    year = _year(request)
    keeps = rules.can_keep_calendar(request.user)
    known, source = workdays(), announced(year)
    context = {
        "year": year,
        "previous": year - 1 if year - 1 in YEARS else None,
        "next": year + 1 if year + 1 in YEARS else None,
        "months": months_of(year, _cells(known)),
        "holidays": known.holidays_in(year),
        "is_known": known.knows(year),
        "source": source,
        "keeps": keeps,
    }
    if keeps:
        context |= {
            "file_form": CalendarFileForm(),
            "day_form": CalendarDayForm(year=year),
            "history": history_of(year),
        }
    return context | forms


def _year(request) -> int:
    year = whole(request.GET.get("year"))
    return year if year in YEARS else timezone.localdate().year


def _cells(known: Workdays):
    today = timezone.localdate()

    def cell(day: date) -> Cell:
        announced_off = known.days.get(day)
        mark = "" if announced_off is None else "休" if announced_off else "班"
        return Cell(day, mark, known.names.get(day, ""), known.is_workday(day), day == today)

    return cell


@require_POST
def import_calendar(request):
    _require_keeper(request)
    form = CalendarFileForm(request.POST, request.FILES)
    try:
        if form.is_valid():
            year = form.save(actor=request.user)
            messages.success(request, f"已导入{year}年放假安排。")
            return _to_year(year)
    except RuleViolation as refusal:
        form.add_error("file", str(refusal))
    return _refuse(request, file_form=form)


@require_POST
def set_day(request):
    _require_keeper(request)
    form = CalendarDayForm(request.POST, year=_year(request))
    try:
        if form.is_valid():
            form.save(actor=request.user)
            day = form.cleaned_data["date"]
            messages.success(request, f"{chinese_date(day)}{form.done}。")
            return _to_year(day.year)
    except RuleViolation as refusal:
        form.add_error(None, str(refusal))
    return _refuse(request, day_form=form)


def _require_keeper(request) -> None:
    if not rules.can_keep_calendar(request.user):
        raise PermissionDenied


def _to_year(year: int):
    return redirect(f"{reverse('stations:calendar')}?year={year}")


def _refuse(request, **form):
    return render(request, "stations/calendar.html", _page_of(request, **form), status=422)
