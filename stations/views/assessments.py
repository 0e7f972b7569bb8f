"""How stations stand by the standards: all of a year at once, and one to read and to review."""

from __future__ import annotations

from pathlib import PurePosixPath

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import Capability
from common import audit
from common.errors import RuleViolation, StaleVersion
from common.files import CONTENT_TYPES
from common.listing import FilteredList
from stations import rules
from stations.choices import AssessmentAct, AssessmentState
from stations.filters import AssessmentFilter
from stations.forms import ReviewForm
from stations.models import Assessment, Finding, Standard, Station
from stations.querysets import TREE
from stations.services import assessments as services
from stations.views.standards import standards_seen_by


class StandardOverview(FilteredList):
    """达标情况: every open station that the reader keeps, by every standard of the year."""

    model = Station
    filterset_class = AssessmentFilter
    template_name = "stations/standard_overview.html"
    order = TREE
    page_size = 50

    def get_rows(self):
        standards_seen_by(self.request.user)
        user = self.request.user
        return Station.objects.where_user_can(user, Capability.EDIT_STATION).open()

    def shown(self, page):
        self.year = self.filterset.asked_year
        self.standards = list(standards_of(self.year, self.request.user))
        add_cells(page.rows, self.standards, self.year, self.request.user)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        columns = _totals(self.standards, self.year, context["rows"], self.request.user)
        return {
            **context,
            "year": self.year,
            "columns": columns,
            "keeps": rules.can_keep_standards(self.request.user),
        }


def standards_of(year: int, user):
    return Standard.objects.visible_to(user).of_year(year).with_counts()


def add_cells(stations, standards: list[Standard], year: int, user) -> None:
    """Give each station `cells`: for each standard its assessment of the year, or what to do."""
    known = Assessment.objects.visible_to(user).with_results()
    known = known.filter(year=year, station__in=list(stations))
    found = {(row.station_id, row.standard_id): row for row in known}
    today = timezone.localdate()
    for station in stations:
        may = rules.can_assess(user, station)
        station.cells = [
            _cell(found.get((station.pk, standard.pk)), standard, year, today, may)
            for standard in standards
        ]


def _cell(assessment: Assessment | None, standard: Standard, year: int, today, may) -> dict:
    if assessment is None:
        begins = may and rules.is_assessable(standard, year, today)
        return {"standard": standard, "begins": begins}
    return {
        "standard": standard,
        "assessment": assessment,
        "tone": rules.TONES[AssessmentState(assessment.state)],
        "result": rules.result_of(assessment, standard),
    }


def _totals(standards: list[Standard], year: int, stations, user) -> list[dict]:
    """For each standard how many of these stations are how far."""
    seen = Assessment.objects.visible_to(user).filter(year=year, station__in=stations)
    states = list(seen.order_by().values_list("standard", "state"))
    total = stations.count()
    return [_column(standard, states, total) for standard in standards]


def _column(standard: Standard, states: list[tuple], total: int) -> dict:
    own = [state for key, state in states if key == standard.pk]
    counted = {state: own.count(state) for state in AssessmentState.values}
    return {"standard": standard, "total": total, "none": total - len(own), **counted}


def _assessment(request, pk) -> Assessment:
    standards_seen_by(request.user)
    rows = Assessment.objects.visible_to(request.user).with_results().for_page()
    return get_object_or_404(rows, pk=pk)


@require_safe
def assessment_detail(request, pk):
    return _page(request, _assessment(request, pk))


def _page(request, assessment: Assessment, form: ReviewForm | None = None, status: int = 200):
    user, may = request.user, rules.may_act
    findings = list(assessment.findings.all())
    may_review = may(user, AssessmentAct.REVIEW, assessment)
    if may_review and form is None:
        form = ReviewForm(instance=assessment, findings=findings)
    context = {
        "assessment": assessment,
        "rows": form.rows if form else [{"criterion": f.criterion, "finding": f} for f in findings],
        "form": form,
        **_summary(assessment, user),
        "may_review": may_review,
        "may_send_back": may(user, AssessmentAct.SEND_BACK, assessment),
        "may_assess": may(user, AssessmentAct.SAVE, assessment),
        "history": audit.shown_history(assessment),
    }
    return render(request, "stations/assessment.html", context, status=status)


def _summary(assessment: Assessment, user) -> dict:
    """What heads the page and the paper: the edition with its counts, the result, the tone."""
    seen = Standard.objects.visible_to(user).with_counts()
    standard = get_object_or_404(seen, pk=assessment.standard_id)
    return {
        "standard": standard,
        "result": rules.result_of(assessment, standard),
        "tone": rules.TONES[AssessmentState(assessment.state)],
    }


@require_POST
def assessment_review(request, pk):
    """审核通过, or 退回 to the station."""
    assessment = _assessment(request, pk)
    if not rules.can_review(request.user, assessment.station):
        raise PermissionDenied
    findings = list(assessment.findings.all())
    form = ReviewForm(request.POST, instance=assessment, findings=findings)
    status = 422
    try:
        if form.is_valid():
            messages.success(request, _reviewed(request, assessment, form))
            return redirect("stations:assessment", pk)
    except StaleVersion as stale:
        form.add_error(None, str(stale))
        form.version, status = stale.current.version, 409
    except RuleViolation as refusal:
        form.add_error(None, str(refusal))
    return _page(request, assessment, form, status)


def _reviewed(request, assessment: Assessment, form: ReviewForm) -> str:
    given = {
        "actor": request.user,
        "version": form.version,
        "verdicts": form.verdicts,
        "opinion": form.cleaned_data["opinion"],
    }
    if request.POST.get("act") == AssessmentAct.SEND_BACK:
        services.send_back_assessment(assessment, **given)
        return f"已退回{assessment.station}修改。"
    rate = form.cleaned_data.get("rate", False)
    services.review_assessment(assessment, **given, rate=rate)
    return "已审核通过。"


@require_safe
def assessment_paper(request, pk):
    """One assessment on A4, for the browser to print."""
    assessment = _assessment(request, pk)
    context = {
        "assessment": assessment,
        "findings": assessment.findings.all(),
        **_summary(assessment, request.user),
    }
    return render(request, "stations/assessment_paper.html", context)


@require_safe
def finding_file(request, pk):
    """What a station shows for an item: a photo to look at, a paper only to be saved."""
    standards_seen_by(request.user)
    finding = get_object_or_404(Finding.objects.visible_to(request.user), pk=pk)
    if not finding.file:
        raise Http404
    ending = PurePosixPath(finding.file.name).suffix
    try:
        content = finding.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(
        content,
        as_attachment=ending != ".jpg",
        filename=finding.file_name,
        content_type=CONTENT_TYPES.get(ending, "application/octet-stream"),
    )
