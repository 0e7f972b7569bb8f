"""The report of a period and a place: on the page, as a workbook. Figures are counted elsewhere."""

from __future__ import annotations

from io import BytesIO

from django.core.exceptions import PermissionDenied
from django.http import FileResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from accounts.roles import Capability, Role, roles_with
from common.listing import PagedList
from reports import rules, services
from reports.choices import EditionState
from reports.documents.workbook import file_name, write_workbook
from reports.figures import Report, build
from reports.forms.scope import ReportForm, ScopeForm, asks_of_oneself
from reports.links import Links, report_address
from reports.models import Edition
from reports.nearby import pages_near
from reports.periods import Period, months_of, parts_of
from reports.scope import STAFF_ROLES, Scope
from stations.models import Posting


@require_GET
def period(request):
    _require_reader(request.user, request.GET)
    form = ReportForm(request.GET, user=request.user)
    if not form.is_valid():
        return render(request, "reports/period.html", {"form": form})
    report = build(form.scope())
    return render(request, "reports/period.html", {"form": form, **_page_of(report, form)})


@require_POST
def workbook(request):
    """What the page shows, as an XLSX; the log keeps who took it."""
    _require_reader(request.user, request.POST)
    form = ReportForm(request.POST, user=request.user)
    if not form.is_valid():
        return render(request, "reports/period.html", {"form": form}, status=422)
    scope = form.scope()
    content = BytesIO()
    write_workbook(content, build(scope), maker=str(request.user))
    services.record_export(scope, actor=request.user, form="Excel")
    content.seek(0)
    return FileResponse(content, as_attachment=True, filename=f"{file_name(scope)}.xlsx")


class Staff(PagedList):
    """Who works at the stations of a place: what the figures of T1 on staff count."""

    template_name = "reports/staff.html"
    order = ("pk",)
    page_size = 50

    def get_rows(self):
        _require_reader(self.request.user)
        self.form = ScopeForm(self.request.GET, user=self.request.user)
        valid = self.form.is_valid()
        return self.form.scope_of_place().staff() if valid else Posting.objects.none()

    def filtered(self, rows):
        role = self.request.GET.get("role")
        return rows.filter(role=role) if role in STAFF_ROLES else rows

    def get_context_data(self, **kwargs):
        role = self.request.GET.get("role")
        label = Role(role).label if role in STAFF_ROLES else ""
        return {**super().get_context_data(**kwargs), "form": self.form, "role": label}


def _require_reader(user, asked=None) -> None:
    """`asked`: what the address asks for; deputies may ask for themselves."""
    if not rules.can_read_reports(user) and not asks_of_oneself(asked or {}, user):
        raise PermissionDenied


def _page_of(report: Report, form: ReportForm) -> dict:
    scope = report.scope
    place = Links(scope).place()
    last = form.last_year_with_receptions
    return {
        "report": report,
        "scope": scope,
        **_kept(scope),
        "parts": _links(scope, place, parts_of(scope.period.first.year)),
        "months": _links(scope, place, months_of(scope.period.first.year)),
        "nearby": pages_near(scope),
        "last_year": last,
        "last_year_url": report_address("reports:period", Period.of_year(last), place)
        if last
        else "",
        "can_log": form.user.holds(roles_with(Capability.LOG_RECEPTION)),
    }


def _kept(scope: Scope) -> dict:
    """The reports of this place and these days that were kept, and whether one may be begun."""
    if getattr(scope, "deputy", None):
        return {"editions": []}
    place = scope.place or rules.place_to_sign_for(scope.user)
    if place is None:
        return {"editions": [], "must_choose_place": rules.can_sign_somewhere(scope.user)}
    days = scope.period
    versions = Edition.objects.visible_to(scope.user).of(place, days.first, days.last)
    kept = list(versions.for_list().order_by("-number"))
    return {
        "editions": kept,
        "may_draft": rules.can_publish(scope.user, place)
        and not any(one.state in (EditionState.DRAFT, EditionState.PUBLISHED) for one in kept),
    }


def _links(scope: Scope, place: dict, periods: list[Period]) -> list[dict]:
    """The same report for other periods of one year."""
    return [
        {
            "label": part.label.partition("年")[2] or "全年",
            "url": report_address("reports:period", part, place),
            "current": part == scope.period,
        }
        for part in periods
    ]
