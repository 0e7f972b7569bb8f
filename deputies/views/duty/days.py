"""What staff change of one day: its date, hours, people, or that it takes place at all."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from common.errors import RuleViolation
from common.views import safe_next
from deputies.choices import DayState
from deputies.forms.duty_year import AssignForm, HoursForm, MoveForm, ReasonForm, complain
from deputies.models import Assignment, DutyDay
from deputies.rules import duty as rules
from deputies.services import duty as services
from deputies.views.duty.year import address_of, gone, is_gone, show_year


@require_POST
def move(request, pk):
    day = _day(request, pk)
    form = MoveForm(request.POST, year=day.planned_on.year, auto_id="move_%s")
    verb = partial(form.save, day, actor=request.user)
    told = "，正在通知代表" if day.state == DayState.PUBLISHED else ""
    return _act(request, day, "move", form, verb, f"接待日已改期{told}。")


@require_POST
def hours(request, pk):
    day = _day(request, pk)
    form = HoursForm(request.POST, auto_id="hours_%s")
    verb = partial(form.save, day, actor=request.user)
    return _act(request, day, "hours", form, verb, "时间和地点已保存。")


@require_POST
def drop(request, pk):
    if is_gone(DutyDay, pk):
        return gone(request, "这个接待日已经去掉了。")
    day = _day(request, pk)
    announced = day.state != DayState.DRAFT
    form = ReasonForm(request.POST, required=announced, auto_id="drop_%s")

    def verb():
        services.drop_day(day, actor=request.user, reason=form.cleaned_data["reason"])

    done = "接待日已取消，正在通知代表。" if announced else "已从草稿中去掉。"
    return _act(request, day, "drop", form, verb, done)


@require_POST
def assign(request, pk):
    if is_gone(DutyDay, pk):
        return gone(request, "这个接待日已去掉或重新编排。")
    day = _day(request, pk)
    form = AssignForm(request.POST, day=day, actor=request.user, auto_id="assign_%s")
    return _act(request, day, "assign", form, form.save, "代表已调整。")


@require_POST
def release(request, pk):
    if is_gone(Assignment, pk):
        return gone(request, "这位代表已经不在这一天。")
    rows = Assignment.objects.visible_to(request.user).for_page()
    row = get_object_or_404(rows, pk=pk)
    day = _day(request, row.day_id)
    verb = partial(services.release_deputy, row, actor=request.user)
    return _act(request, day, "release", Form({}), verb, f"{row.deputy}这一天不再排班。")


def _day(request, pk) -> DutyDay:
    """A day of the user's scope that the user also plans."""
    day = get_object_or_404(DutyDay.objects.visible_to(request.user).with_people(), pk=pk)
    if not rules.can_manage_at(request.user, day.station):
        raise PermissionDenied
    return day


def _act(request, day: DutyDay, name: str, form: Form, verb: Callable, done: str):
    """Do what the form says and go back; refused, show the year with what was typed."""
    try:
        if form.is_valid():
            verb()
            messages.success(request, done)
            return redirect(safe_next(request, address_of(day)))
    except RuleViolation as refusal:
        complain(form, refusal)
    year = day.planned_on.year
    return show_year(request, day.station, year, day=day.pk, typed={name: form}, status=422)
