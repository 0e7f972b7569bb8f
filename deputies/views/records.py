"""Awards and 四个一 of one deputy, by year."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from common.errors import RuleViolation
from deputies import services
from deputies.forms.records import AwardForm, FourOnesForm, VoidForm, year_in
from deputies.models import Award, Deputy, FourOnes
from deputies.rules.records import can_keep_records, can_read_records

YEARS_OFFERED = 4


@require_GET
def records(request, pk):
    return _page(request, _read(request, pk))


@require_POST
def add_award(request, pk):
    deputy = _kept(request, pk)
    form = AwardForm(request.POST, deputy=deputy)
    return _added(request, deputy, form, services.add_award, "award_form")


@require_POST
def add_four_ones(request, pk):
    deputy = _kept(request, pk)
    form = FourOnesForm(request.POST, deputy=deputy, year=year_in(request.GET.get("year")))
    return _added(request, deputy, form, services.add_four_ones, "four_form")


@require_POST
def void_award(request, pk, record_pk):
    return _voided(request, pk, Award.objects.visible_to(request.user), record_pk)


@require_POST
def void_four_ones(request, pk, record_pk):
    return _voided(request, pk, FourOnes.objects.visible_to(request.user), record_pk)


def _added(request, deputy: Deputy, form, verb, name: str):
    try:
        if form.is_valid():
            added = verb(form.save(commit=False), actor=request.user)
            messages.success(request, f"已登记：{added.title}。")
            return redirect(_address(request, deputy.pk))
    except RuleViolation as refusal:
        form.add_error(None, str(refusal))
    return _page(request, deputy, status=422, **{name: form})


def _voided(request, pk, rows, record_pk):
    deputy = _kept(request, pk)
    record = get_object_or_404(rows.filter(deputy=deputy), pk=record_pk)
    form = VoidForm(request.POST)
    try:
        if not form.is_valid():
            raise RuleViolation("请写明作废的原因。")
        services.void_record(record, actor=request.user, reason=form.cleaned_data["reason"])
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"已作废：{record.title}。")
    return redirect(_address(request, deputy.pk))


def _page(request, deputy: Deputy, *, status: int = 200, **forms):
    year, user = year_in(request.GET.get("year")), request.user
    this_year = timezone.localdate().year
    years = {year, *range(this_year, this_year - YEARS_OFFERED, -1)}
    deeds = FourOnes.objects.visible_to(user).filter(deputy=deputy).of_year(year)
    context = {
        "deputy": deputy,
        "year": year,
        "years": sorted(years, reverse=True),
        "awards": Award.objects.visible_to(user).filter(deputy=deputy),
        "deeds": deeds,
        "can_keep": can_keep_records(user, deputy),
        "award_form": AwardForm(deputy=deputy),
        "four_form": FourOnesForm(deputy=deputy, year=year),
        **forms,
    }
    return render(request, "deputies/records.html", context, status=status)


def _read(request, pk) -> Deputy:
    rows = Deputy.objects.visible_to(request.user).select_related("station__area")
    deputy = get_object_or_404(rows, pk=pk)
    if not can_read_records(request.user, deputy):
        raise PermissionDenied
    return deputy


def _kept(request, pk) -> Deputy:
    deputy = _read(request, pk)
    if not can_keep_records(request.user, deputy):
        raise PermissionDenied
    return deputy


def _address(request, pk) -> str:
    year = urlencode({"year": year_in(request.GET.get("year"))})
    return f"{reverse('deputies:records', args=[pk])}?{year}"
