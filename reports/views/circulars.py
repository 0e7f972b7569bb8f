"""年终通报: who of a place gets one, the letters as a file, the letter itself."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from common.errors import RuleViolation
from common.jobs.services import start_job
from common.listing import PagedList
from deputies.forms.records import year_in
from deputies.models import Deputy
from reports import rules
from reports.circulars import (
    COLUMNS,
    LETTER_ORDER,
    NO_ATTENDANCE,
    TABLE_NOTE,
    in_letter_order,
    may_be_sent,
    opens_on,
    sent_to,
    write_letters,
)
from reports.forms.scope import ReportForm
from reports.scope import Scope
from reports.services.circulars import send_circulars
from reports.tasks.circulars import CIRCULARS
from reports.views.records import years_offered


class Circulars(PagedList):
    """The deputies in office of a place, with who has been sent the letter of the year."""

    template_name = "reports/record_circulars.html"
    order = LETTER_ORDER
    page_size = 50

    def get_rows(self):
        self.form = _form(self.request, self.request.GET)
        self.year = year_in(self.request.GET.get("year"))
        if not self.form.is_valid():
            return Deputy.objects.none()
        self.scope = self.form.scope_of_place()
        return self.scope.deputies()

    def listed(self, rows):
        return in_letter_order(rows)

    def shown(self, page):
        sent = sent_to([deputy.pk for deputy in page.rows], self.year)
        for deputy in page.rows:
            deputy.notice = sent.get(deputy.pk)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        scope = getattr(self, "scope", None)
        return {
            **context,
            "form": self.form,
            "year": self.year,
            "years": years_offered(self.year),
            "scope": scope,
            "place": _place(scope) if scope else {},
            "is_district": rules.is_district(self.request.user),
            "can_send": bool(scope) and _signs_for(self.request.user, scope),
            "may_be_sent": may_be_sent(self.year, timezone.localdate()),
            "opens_on": opens_on(self.year),
        }


@require_POST
def circulars_word(request):
    """All letters of the place as one file, made in the worker."""
    scope, year = _asked(request)
    arguments = {"year": year, **_place(scope)}
    back = _address(scope, year)
    try:
        job = start_job(CIRCULARS, arguments, actor=request.user, back=back)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    return redirect("jobs:detail", job.pk)


@require_POST
def circulars_send(request):
    scope, year = _asked(request)
    try:
        sent = send_circulars(scope, year, actor=request.user)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        before = f"，{sent.before} 位以前已发" if sent.before else ""
        paper = f"，{sent.without_log_in} 位没有登录账号，请打印送交" if sent.without_log_in else ""
        messages.success(request, f"已发送 {sent.new} 份{before}{paper}。")
    return redirect(_address(scope, year))


@require_GET
def circular(request, pk):
    """The letter of one deputy, to read and to print; deputies read it once it was sent."""
    deputies = Deputy.objects.visible_to(request.user)
    deputy = get_object_or_404(in_letter_order(deputies), pk=pk)
    year = year_in(request.GET.get("year"))
    reads = rules.can_read_reports(request.user)
    if not rules.can_read_performance(request.user, deputy):
        raise PermissionDenied
    if not reads and deputy.pk not in sent_to([deputy.pk], year):
        raise PermissionDenied
    today = timezone.localdate()
    [letter] = write_letters([deputy], year, today)
    context = {
        "letter": letter,
        "columns": COLUMNS,
        "table_note": TABLE_NOTE,
        "no_attendance": NO_ATTENDANCE,
        "year": year,
        "today": today,
        "is_staff": reads,
    }
    return render(request, "reports/record_circular.html", context)


def _form(request, data) -> ReportForm:
    if not rules.can_read_reports(request.user):
        raise PermissionDenied
    asked = data.copy()
    asked["year"] = str(year_in(data.get("year")))
    return ReportForm(asked, user=request.user)


def _asked(request) -> tuple[Scope, int]:
    form = _form(request, request.POST)
    if not form.is_valid():
        raise Http404
    return form.scope_of_place(), year_in(request.POST.get("year"))


def _place(scope: Scope) -> dict:
    """The place in the words of an address; nothing where it is all that the user reads."""
    if scope.station:
        return {"station": scope.station.pk}
    return {"area": scope.area.code} if scope.area else {}


def _address(scope: Scope, year: int) -> str:
    return f"{reverse('reports:circulars')}?{urlencode({'year': year, **_place(scope)})}"


def _signs_for(user, scope: Scope) -> bool:
    if scope.place:
        return rules.can_publish(user, scope.place)
    return rules.is_district(user)
