"""The report of a period and a place: on the page, as a workbook. Figures are counted elsewhere."""

from __future__ import annotations

from io import BytesIO

from django.core.exceptions import PermissionDenied
from django.http import FileResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from accounts.roles import Capability, Role, roles_with
from reports import rules, services
from reports.figures import Report, build
from reports.forms import ReportForm, ScopeForm
from reports.links import Links, report_address
from reports.periods import Period, parts_of
from reports.scope import STAFF_ROLES, Scope
from reports.workbook import file_name, write_workbook


@require_GET
def period(request):
    _require_reader(request.user)
    form = ReportForm(request.GET, user=request.user)
    if not form.is_valid():
        return render(request, "reports/period.html", {"form": form})
    report = build(form.scope())
    return render(request, "reports/period.html", {"form": form, **_page_of(report, form)})


@require_POST
def workbook(request):
    """What the page shows, as an XLSX; the log keeps who took it."""
    _require_reader(request.user)
    form = ReportForm(request.POST, user=request.user)
    if not form.is_valid():
        return render(request, "reports/period.html", {"form": form}, status=422)
    scope = form.scope()
    content = BytesIO()
    write_workbook(content, build(scope), maker=str(request.user))
    services.record_export(scope, actor=request.user, form="Excel")
    content.seek(0)
    return FileResponse(content, as_attachment=True, filename=f"{file_name(scope)}.xlsx")


@require_GET
def staff(request):
    """Who works at the stations of a place: what the figures of T1 on staff count."""
    _require_reader(request.user)
    form = ScopeForm(request.GET, user=request.user)
    rows = form.scope().staff().for_list() if form.is_valid() else []
    role = request.GET.get("role")
    if role in STAFF_ROLES:
        rows = [posting for posting in rows if posting.role == role]
    context = {"form": form, "rows": rows, "role": Role(role).label if role in STAFF_ROLES else ""}
    return render(request, "reports/staff.html", context)


def _require_reader(user) -> None:
    if not rules.can_read_reports(user):
        raise PermissionDenied


def _page_of(report: Report, form: ReportForm) -> dict:
    scope = report.scope
    place = Links(scope).place()
    last = form.last_year_with_receptions
    return {
        "report": report,
        "scope": scope,
        "parts": _parts(scope, place),
        "last_year": last,
        "last_year_url": report_address("reports:period", Period.of_year(last), place)
        if last
        else "",
        "can_log": form.user.holds(roles_with(Capability.LOG_RECEPTION)),
    }


def _parts(scope: Scope, place: dict) -> list[dict]:
    """The whole year of the report, its halves and quarters, as links."""
    return [
        {
            "label": part.label.partition("年")[2] or "全年",
            "url": report_address("reports:period", part, place),
            "current": part == scope.period,
        }
        for part in parts_of(scope.period.first.year)
    ]
