"""A station assesses itself: one page, with what the records say beside every item."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from common.errors import RuleViolation, StaleVersion
from reports.standards import Asked, records_for
from stations import rules
from stations.choices import AssessmentAct
from stations.forms import AssessmentForm
from stations.models import Assessment, Criterion, Standard, Station
from stations.services.assessments import compare_answers, save_assessment


@require_http_methods(["GET", "POST"])
def assess(request, station_pk, standard_pk, year):
    assessment = _assessment(request, station_pk, standard_pk, year)
    if assessment.pk and not rules.may_act(request.user, AssessmentAct.SAVE, assessment):
        return redirect("stations:assessment", assessment.pk)
    form = _form(request, assessment)
    status = 200
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                return _saved(request, form)
        except StaleVersion as stale:
            status = 409
            form.show_conflict(lambda _, now: compare_answers(form.answers, now), stale.current)
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "assessment": assessment}
    return render(request, "reports/assess.html", context, status=status)


def _assessment(request, station_pk, standard_pk, year) -> Assessment:
    """The one that stands, or one that may be begun."""
    user = request.user
    station = get_object_or_404(Station.objects.visible_to(user).for_page(), pk=station_pk)
    if not rules.can_edit(user, station):
        raise PermissionDenied
    standard = get_object_or_404(Standard.objects.visible_to(user), pk=standard_pk)
    known = Assessment.objects.visible_to(user).for_page()
    found = known.filter(station=station, standard=standard, year=year).first()
    if found:
        return found
    if not rules.can_assess(user, station):
        raise PermissionDenied
    if not rules.is_assessable(standard, year, timezone.localdate()):
        raise Http404
    return Assessment(station=station, standard=standard, year=year, version=0)


def _form(request, assessment: Assessment) -> AssessmentForm:
    items = Criterion.objects.visible_to(request.user).filter(standard=assessment.standard)
    asked = Asked(assessment.station, assessment.year, request.user, timezone.localdate())
    return AssessmentForm(
        request.POST or None,
        request.FILES or None,
        instance=assessment,
        items=list(items),
        findings=list(assessment.findings.all()) if assessment.pk else [],
        records=records_for(asked, [item.source for item in items]),
    )


def _saved(request, form: AssessmentForm):
    assessment, submit = form.instance, request.POST.get("act") == AssessmentAct.SUBMIT
    saved = save_assessment(
        assessment.station,
        assessment.standard,
        assessment.year,
        actor=request.user,
        version=form.version,
        answers=form.answers,
        submit=submit,
    )
    if submit:
        messages.success(request, "已提交，等区代表工委审核。")
        return redirect("stations:assessment", saved.pk)
    messages.success(request, "已保存，填完后提交。")
    return redirect("standards:assess", saved.station_id, saved.standard_id, saved.year)
