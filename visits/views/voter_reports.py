"""向选民述职: the year's plan in batches, and what came of each."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import Capability, roles_with
from common import audit
from common.errors import RuleViolation, StaleVersion
from common.forms.fields import whole
from common.listing import FilteredList
from stations.filters import area_choices
from stations.models import Station
from stations.rules import holds_several
from visits import rules
from visits.filters import VoterReportFilter
from visits.forms import VoidForm
from visits.forms.voter_reports import OutcomeForm, PlanForm
from visits.models import VoterReport
from visits.services.voter_reports import compare_reports, drop_report
from visits.views.receptions import require_reader

ARRANGERS = roles_with(Capability.MANAGE_DUTY)


class VoterReportList(FilteredList):
    """By batch and station; this year's unless the address asks for others."""

    model = VoterReport
    filterset_class = VoterReportFilter
    template_name = "visits/voter_reports.html"
    order = ("year", "batch", "station__area__code", "station_id", "pk")
    page_size = 50

    def get_rows(self):
        user = self.request.user
        require_reader(user)
        rows = VoterReport.objects.visible_to(user).standing()
        return rows.countable_by(user) if "drill" in self.request.GET else rows

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        user, get = self.request.user, self.request.GET
        return {
            **context,
            "year": self.filterset.asked_year,
            "this_year": timezone.localdate().year,
            "today": timezone.localdate(),
            "totals": context["rows"].totals(),
            "several_stations": holds_several(user),
            "may_plan": user.holds(ARRANGERS),
            "kept": [(name, get[name]) for name in ("station", "deputy", "drill") if name in get],
        }


@require_http_methods(["GET", "POST"])
def voter_reports_plan(request):
    """One more batch: the station or township is chosen first, by the address."""
    user, today = request.user, timezone.localdate()
    if not user.holds(ARRANGERS):
        raise PermissionDenied
    station, area = _place(request)
    year = whole(request.POST.get("year") or request.GET.get("year")) or today.year
    year = year if 2000 <= year <= 2100 else today.year
    form = PlanForm(request.POST or None, actor=user, station=station, area=area, year=year)
    status = 200
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                made = form.save()
                messages.success(request, f"已安排 {len(made)} 位代表在第 {made[0].batch} 批述职。")
                return redirect(f"{reverse('visits:voter_reports')}?year={made[0].year}")
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "station": station, "area": area, "year": year, **_choices(user, area)}
    return render(request, "visits/voter_reports_plan.html", context, status=status)


def _place(request) -> tuple[Station | None, str]:
    arranged = Station.objects.where_user_can(request.user, Capability.MANAGE_DUTY)
    key, area = whole(request.GET.get("station")), request.GET.get("area", "")
    station = get_object_or_404(arranged, pk=key) if key else None
    return station, area if area.isdecimal() else ""


def _choices(user, area: str) -> dict:
    arranged = Station.objects.where_user_can(user, Capability.MANAGE_DUTY).open()
    stations = list(arranged.select_related("township").order_by("township__code", "kind", "pk"))
    return {"areas": area_choices(user, area), "stations": stations}


def _report(request, pk) -> VoterReport:
    require_reader(request.user)
    rows = VoterReport.objects.visible_to(request.user).standing().for_list()
    return get_object_or_404(rows, pk=pk)


@require_http_methods(["GET", "POST"])
def voter_report(request, pk):
    """What came of one: entered by who arranges it, read by the others."""
    row = _report(request, pk)
    may = rules.can_arrange_reports(request.user, row.station)
    if request.method == "POST" and not may:
        raise PermissionDenied
    form = OutcomeForm(request.POST or None, instance=row, actor=request.user) if may else None
    status = 200
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                form.save()
                messages.success(request, "已保存。")
                return redirect("visits:voter_report", pk)
        except StaleVersion as stale:
            status = 409
            form.show_conflict(compare_reports, stale.current)
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
    return _page(request, row, form, status)


def _page(request, row: VoterReport, form: OutcomeForm | None, status: int):
    shown = _report(request, row.pk)  # as it stands: the form writes into its own row
    context = {
        "report": shown,
        "form": form,
        "drop_form": VoidForm(),
        "history": audit.shown_history(shown) if form else [],
    }
    return render(request, "visits/voter_report.html", context, status=status)


@require_POST
def voter_report_drop(request, pk):
    row, form = _report(request, pk), VoidForm(request.POST)
    try:
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        drop_report(row, actor=request.user, reason=reason)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return redirect("visits:voter_report", pk)
    messages.success(request, f"已取消{row}的安排。")
    return redirect(f"{reverse('visits:voter_reports')}?year={row.year}")
