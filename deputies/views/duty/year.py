"""The year of a station on one page: looked at by all who see it, worked over by its staff."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import Capability
from common.errors import RuleViolation
from common.forms.fields import whole
from common.views import safe_next
from deputies.documents.year import ShownDay, YearBook, year_of
from deputies.forms.duty_year import (
    AddDayForm,
    AssignForm,
    HoursForm,
    MoveForm,
    ReasonForm,
    complain,
)
from deputies.models import DutyDay, DutyPlan
from deputies.rules import duty as rules
from deputies.services import duty as services
from stations.models import Station
from stations.querysets import TREE

YEARS = range(2000, 2101)
NEXT_YEAR_FROM = 10  # the month in which offices begin to plan the next year

# A form that was refused, by its name: shown again as it was typed.
Typed = dict[str, Form]


@require_safe
def year_index(request):
    """To the year of the user's own station: of the first they plan, or else see."""
    planned = Station.objects.where_user_can(request.user, Capability.MANAGE_DUTY)
    seen = Station.objects.visible_to(request.user)
    station = _in_order(planned).first() or _in_order(seen).first()
    if station is None:
        messages.info(request, "您还没有所属的联络站，没有可看的接待日。")
        return redirect("home")
    return redirect("duty:year", station.pk, timezone.localdate().year)


@require_safe
def year(request, station_pk, year):
    return show_year(request, station_in_scope(request, station_pk), year)


@require_POST
def draft(request, station_pk, year):
    station = _managed_station(request, station_pk, year)
    standing = station.duty_plans.filter(year=year, state="draft").exists()
    if standing and "again" not in request.POST:
        messages.info(request, "草稿已经有了，没有重新编排。")
        return redirect("duty:year", station.pk, year)
    try:
        plan = services.draft_plan(station, year, actor=request.user)
        messages.success(request, f"草稿已生成，共 {plan.days.count()} 个接待日。核对后再公布。")
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    return redirect("duty:year", station.pk, year)


@require_POST
def publish(request, pk):
    plan = _plan(request, pk)
    if plan is None:
        return gone(request, "这份草稿已经不在了，没有可公布的。")
    try:
        services.publish_plan(plan, actor=request.user)
        messages.success(request, f"{plan.year}年接待计划已公布，正在通知代表。")
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    return redirect("duty:year", plan.station_id, plan.year)


@require_POST
def discard(request, pk):
    plan = _plan(request, pk)
    if plan is None:
        return gone(request, "这份草稿已经删除了。")
    try:
        services.discard_plan(plan, actor=request.user)
        messages.success(request, "草稿已删除。")
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    return redirect("duty:year", plan.station_id, plan.year)


@require_POST
def undo(request, pk):
    plan = _plan(request, pk)
    if plan is None:
        return gone(request, "这份计划已经不在了。")
    form = ReasonForm(request.POST, auto_id="undo_%s")
    try:
        if form.is_valid():
            services.undo_plan(plan, actor=request.user, reason=form.cleaned_data["reason"])
            messages.success(request, f"{plan.year}年接待计划已撤销，正在通知代表。")
            return redirect("duty:year", plan.station_id, plan.year)
    except RuleViolation as refusal:
        complain(form, refusal)
    return show_year(request, plan.station, plan.year, typed={"undo": form}, status=422)


@require_POST
def add(request, station_pk, year):
    station = _managed_station(request, station_pk, year)
    plan = station.duty_plans.filter(year=year, state="draft").first()
    form = AddDayForm(request.POST, year=year, auto_id="add_%s")
    try:
        if form.is_valid():
            day = form.save(station, actor=request.user, plan=plan)
            messages.success(request, f"已增加{day.date.month}月{day.date.day}日，请排代表。")
            return redirect(address_of(day))
    except RuleViolation as refusal:
        complain(form, refusal)
    return show_year(request, station, year, typed={"add": form}, status=422)


def show_year(
    request, station: Station, year: int, *, day: int | None = None, typed: Typed | None = None,
    status: int = 200,
):  # fmt: skip
    """The page, or for htmx its panel alone: the day asked for, or the way to add one."""
    if year not in YEARS:
        raise Http404
    book = year_of(station, year, request.user)
    chosen = book.find(day or whole(request.GET.get("day"))) if book.manages else None
    context = {"book": book, **_panel(book, chosen, request.user, typed or {})}
    if request.htmx:
        response = render(request, "duty/year_panel.html", context, status=status)
    else:
        context |= _around(book, request.user)
        response = render(request, "duty/year.html", context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _panel(book: YearBook, chosen: ShownDay | None, user, typed: Typed) -> dict:
    may_add = book.stage in ("draft", "published")
    forms = {"add": AddDayForm(year=book.year, auto_id="add_%s")} if may_add else {}
    forms["undo"] = ReasonForm(auto_id="undo_%s")
    if chosen and chosen.day and chosen.is_movable:
        forms |= _day_forms(chosen.day, chosen, user)
    forms |= typed
    if chosen and "assign" in forms:
        forms["assign"].offer(book.number_of)
    return {"chosen": chosen, "forms": forms, "refused": next(iter(typed.values()), None)}


def _day_forms(day: DutyDay, shown: ShownDay, user) -> Typed:
    hours = {"starts_at": day.starts_at, "ends_at": day.ends_at, "place": day.place}
    return {
        "move": MoveForm(year=day.planned_on.year, initial={"date": shown.date}, auto_id="move_%s"),
        "hours": HoursForm(initial=hours, auto_id="hours_%s"),
        "drop": ReasonForm(required=shown.kind != "draft", auto_id="drop_%s"),
        "assign": AssignForm(day=day, actor=user, auto_id="assign_%s"),
    }


def _around(book: YearBook, user) -> dict:
    """What stands around the panel: other stations, other years."""
    this = book.today.year
    return {
        "stations": _in_order(Station.objects.visible_to(user)),
        "previous": book.year - 1 if book.year - 1 in YEARS else None,
        "next": book.year + 1 if book.year < this + 1 else None,
        "plan_next": book.manages
        and book.year == this
        and book.today.month >= NEXT_YEAR_FROM
        and not _is_announced(book.station, this + 1, user),
    }


def _is_announced(station: Station, year: int, user) -> bool:
    days = DutyDay.objects.visible_to(user).standing().in_year(year)
    return days.filter(station=station).exists()


def _in_order(stations):
    return stations.for_list().exclude(state="closed").order_by(*TREE)


def station_in_scope(request, pk) -> Station:
    return get_object_or_404(Station.objects.visible_to(request.user).for_page(), pk=pk)


def _managed_station(request, pk, year: int) -> Station:
    station = station_in_scope(request, pk)
    if not rules.can_manage_at(request.user, station):
        raise PermissionDenied
    if year not in YEARS:
        raise Http404
    return station


def _plan(request, pk) -> DutyPlan | None:
    """A plan in scope that the user may change; None if it was deleted since it was shown."""
    if is_gone(DutyPlan, pk):
        return None
    stations = Station.objects.visible_to(request.user)
    plan = get_object_or_404(DutyPlan, pk=pk, station__in=stations)
    plan.station = station_in_scope(request, plan.station_id)
    if not rules.can_manage_at(request.user, plan.station):
        raise PermissionDenied
    return plan


def is_gone(model, pk) -> bool:
    """Whether the row is nowhere, not only out of scope: a second click comes after a delete."""
    return not model._base_manager.filter(pk=pk).exists()


def gone(request, words: str):
    """Say that a first click, or a colleague, has done it already."""
    messages.info(request, words)
    return redirect(safe_next(request, reverse("duty:year_index")))


def address_of(day: DutyDay) -> str:
    """The year's page with the panel of this day."""
    address = reverse("duty:year", args=[day.station_id, day.planned_on.year])
    return f"{address}?day={day.pk}#panel"


def this_or_next(today: date) -> int:
    """The year that offices plan now."""
    return today.year + (today.month >= NEXT_YEAR_FROM)
