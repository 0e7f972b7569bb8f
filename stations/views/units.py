"""承办单位: the list, the page of one with its clerks, and what a misspelt one becomes."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import audit
from common.errors import RuleViolation, StaleVersion
from common.listing import FilteredList
from stations import rules, services
from stations.filters import UnitFilter
from stations.forms import ClerkForm, MergeForm, UnitForm
from stations.models import Area, Posting, Unit
from stations.querysets import UNITS
from stations.views.log_ins import hand_out, open_log_in_of, with_rights


def units_kept_by(user):
    if not rules.can_keep_units(user):
        raise PermissionDenied
    return Unit.objects.visible_to(user)


class UnitList(FilteredList):
    """承办单位名录: what waits to be confirmed first."""

    model = Unit
    filterset_class = UnitFilter
    template_name = "stations/units.html"
    order = UNITS
    page_size = 50

    def get_rows(self):
        return units_kept_by(self.request.user)

    def get_context_data(self, **kwargs):
        return {
            **super().get_context_data(**kwargs),
            "can_create": rules.can_manage_units(self.request.user),
            "waiting": self.get_rows().filter(confirmed=False).count(),
        }


@require_safe
def unit_detail(request, pk):
    return _page(request, _unit(request, pk))


def _page(request, unit: Unit, clerk_form=None, merge_form=None):
    user = request.user
    manages_log_ins = rules.manages_log_ins_at(user, unit)
    can_manage = rules.can_manage_unit(user, unit)
    # A user name may be somebody's own phone.
    hidden = set() if manages_log_ins else {services.LOG_IN_LABEL}
    context = {
        "unit": unit,
        "clerks": with_rights(unit.postings.for_list().order_by("pk"), user),
        "can_manage": can_manage,
        "can_open_log_ins": manages_log_ins,
        "clerk_form": clerk_form or ClerkForm(unit=unit, actor=user),
        "history": audit.shown_history(unit, hidden=hidden),
    }
    if can_manage and (merge_form or not unit.confirmed):
        context["merge_form"] = merge_form or MergeForm(unit=unit, actor=user)
        context["references"] = services.references_to(unit)
    status = 422 if clerk_form or merge_form else 200
    return render(request, "stations/unit.html", context, status=status)


def _unit(request, pk) -> Unit:
    return get_object_or_404(units_kept_by(request.user).for_page(), pk=pk)


def _managed_unit(request, pk) -> Unit:
    unit = _unit(request, pk)
    if not rules.can_manage_unit(request.user, unit):
        raise PermissionDenied
    return unit


@require_http_methods(["GET", "POST"])
def unit_new(request):
    if not rules.can_manage_units(request.user):
        raise PermissionDenied
    district = Area.objects.visible_to(request.user).filter(level="district").first()
    form = UnitForm(request.POST or None, actor=request.user, initial={"area": district})
    return _save_or_show(request, form, "已新建承办单位。")


@require_http_methods(["GET", "POST"])
def unit_change(request, pk):
    unit = _managed_unit(request, pk)
    form = UnitForm(request.POST or None, instance=unit, actor=request.user)
    return _save_or_show(request, form, "已保存。")


def _save_or_show(request, form: UnitForm, done: str):
    status = 200
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                unit = form.save()
                messages.success(request, done)
                return redirect("stations:unit", unit.pk)
        except StaleVersion as stale:
            status = 409
            form.show_conflict(services.compare_units, stale.current)
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
    return render(request, "stations/unit_form.html", {"form": form}, status=status)


@require_POST
def unit_confirm(request, pk):
    unit = services.confirm_unit(_managed_unit(request, pk), actor=request.user)
    messages.success(request, f"“{unit}”已确认。")
    return redirect("stations:unit", pk)


@require_POST
def unit_merge(request, pk):
    """并入: the misspelt unit is gone afterwards; one stands before the one that was meant."""
    unit = _managed_unit(request, pk)
    form = MergeForm(request.POST, unit=unit, actor=request.user)
    try:
        if form.is_valid():
            into = form.cleaned_data["into"]
            moved = services.merge_units(unit, into=into, actor=request.user)
            messages.success(request, f"“{unit}”已并入本单位，移过来 {moved} 条。")
            return redirect("stations:unit", into.pk)
    except RuleViolation as refusal:
        form.add_error(None, str(refusal))
    return _page(request, unit, merge_form=form)


def _clerk(request, pk, posting_pk) -> Posting:
    rows = Posting.objects.visible_to(request.user).for_list()
    return get_object_or_404(rows, pk=posting_pk, unit=_unit(request, pk))


@require_POST
@never_cache
def add_clerk(request, pk):
    """Post a clerk; who was given a phone gets a log-in too, shown as in `clerk_log_in`."""
    unit = _unit(request, pk)
    form, back = ClerkForm(request.POST, unit=unit, actor=request.user), _address(unit)
    try:
        if form.is_valid():
            user, password = form.save()
            messages.success(request, f"{form.cleaned_data['person_name']}已列为经办人。")
            return hand_out(request, user, password, str(unit), back) if user else redirect(back)
    except RuleViolation as refusal:
        form.add_error(None, str(refusal))
    return _page(request, unit, clerk_form=form)


@require_POST
def end_clerk(request, pk, posting_pk):
    posting = _clerk(request, pk, posting_pk)
    services.end_posting(posting, actor=request.user)
    messages.success(request, f"{posting.person_name}不再任经办人。")
    return redirect("stations:unit", pk)


@require_POST
@never_cache
def clerk_log_in(request, pk, posting_pk):
    """Give the clerk a log-in; the first password is shown this once and stored nowhere."""
    posting = _clerk(request, pk, posting_pk)
    return open_log_in_of(request, posting, str(posting.unit), _address(posting.unit))


def _address(unit: Unit) -> str:
    return reverse("stations:unit", args=[unit.pk])
