"""履职档案 of a deputy, and the district's pages on scores and absences."""

from __future__ import annotations

from io import BytesIO

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common import audit
from common.errors import RuleViolation, StaleVersion
from common.jobs.answers import as_download
from deputies.forms.records import VoidForm, year_in
from deputies.models import Deputy
from deputies.rules.records import can_keep_records
from reports import rules
from reports.documents.records import write_performance
from reports.forms.records import AdmonitionForm, LadderForm, ScoreRulesForm
from reports.ladder import ladder
from reports.models import Admonition, RecordSetting, ScoreRule
from reports.performance import Performance, read_performance
from reports.score import Score, score_of
from reports.services.admonitions import record_admonition, void_admonition
from reports.services.scoring import change_ladder, set_score_rules, switch_scoring

YEARS_OFFERED = 4


@require_GET
def performance(request, pk):
    deputy, year = _deputy(request, pk), _year(request)
    read = read_performance(deputy, year, today=timezone.localdate(), reader=request.user)
    context = {
        "deputy": deputy,
        "year": year,
        "years": years_offered(year),
        "performance": read,
        "is_own": rules.is_own(request.user, deputy),
        "can_keep": can_keep_records(request.user, deputy),
        "score": _score(request.user, read),
    }
    return render(request, "reports/record_performance.html", context)


@require_POST
def performance_word(request, pk):
    """The same as a Word file; the log keeps who took it."""
    deputy, year = _deputy(request, pk), _year(request)
    today = timezone.localdate()
    content = BytesIO()
    write_performance(
        read_performance(deputy, year, today=today, reader=request.user), content, on=today
    )
    content.seek(0)
    name = f"{deputy}{year}年履职档案"
    audit.record(audit.Action.EXPORT, deputy, actor=request.user, note=f"{name}，Word")
    return _file(content, f"{name}.docx")


def _file(content, name: str) -> FileResponse:
    return as_download(content, name)


def _score(user, read: Performance) -> Score | None:
    if not rules.sees_score(user, read.deputy, RecordSetting.current()):
        return None
    return score_of(read, ScoreRule.objects.in_force(read.year).filter(cap__gt=0))


def _deputy(request, pk) -> Deputy:
    deputy = get_object_or_404(Deputy.objects.visible_to(request.user).for_page(), pk=pk)
    if not rules.can_read_performance(request.user, deputy):
        raise PermissionDenied
    return deputy


def _year(request) -> int:
    return year_in(request.GET.get("year"))


def years_offered(year: int) -> list[int]:
    """The last few years and the one shown, the latest first."""
    this = timezone.localdate().year
    return sorted({year, *range(this, this - YEARS_OFFERED, -1)}, reverse=True)


def _require_district(request) -> None:
    if not rules.is_district(request.user):
        raise PermissionDenied


@require_http_methods(["GET", "POST"])
def score(request):
    """积分办法 and its switch: the district's alone."""
    _require_district(request)
    known = ScoreRule.objects.visible_to(request.user)
    form = ScoreRulesForm(request.POST or None, rules=known.in_force(timezone.localdate().year + 1))
    status = 200
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                year = form.cleaned_data["valid_from"]
                set_score_rules(form.points, actor=request.user, valid_from=year)
                messages.success(request, f"积分办法已保存，{year}年起用。")
                return redirect("reports:score")
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "setting": RecordSetting.current(), "history": _history(request)}
    return render(request, "reports/record_score.html", context, status=status)


def _history(request):
    setting = RecordSetting.objects.visible_to(request.user).first()
    return audit.shown_history(setting) if setting else []


@require_POST
def switch_score(request):
    on = request.POST.get("on") == "1"
    try:
        switch_scoring(on, actor=request.user)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "履职积分已启用。" if on else "履职积分已停用。")
    return redirect("reports:score")


@require_GET
def attendance(request):
    _require_district(request)
    return _ladder_page(request)


@require_POST
def attendance_steps(request):
    """From how many absences on something is done."""
    _require_district(request)
    form = LadderForm(request.POST, setting=RecordSetting.current())
    try:
        if form.is_valid():
            version = form.cleaned_data["version"]
            change_ladder(form.steps, actor=request.user, version=version)
            messages.success(request, "次数已保存。")
            return redirect(_ladder_address(request))
    except StaleVersion as stale:
        form = LadderForm(setting=stale.current)
        messages.error(request, "次数刚刚被别人改过，下面是现在的次数，请核对后再改。")
        return _ladder_page(request, status=409, ladder_form=form)
    except RuleViolation as refusal:
        form.add_error(None, str(refusal))
    return _ladder_page(request, status=422, ladder_form=form)


@require_POST
def admonish(request, pk):
    _require_district(request)
    deputy = get_object_or_404(Deputy.objects.visible_to(request.user), pk=pk)
    form = AdmonitionForm(request.POST, deputy=deputy, year=_year(request))
    try:
        if form.is_valid():
            done = record_admonition(form.save(commit=False), actor=request.user)
            messages.success(request, f"{deputy}：{done.done}，已登记。")
            return redirect(_ladder_address(request))
    except RuleViolation as refusal:
        form.add_error(None, str(refusal))
    return _ladder_page(request, status=422, typed=form)


@require_POST
def admonition_void(request, pk):
    _require_district(request)
    one = get_object_or_404(Admonition.objects.visible_to(request.user), pk=pk)
    form = VoidForm(request.POST)
    try:
        if not form.is_valid():
            raise RuleViolation("请写明作废的原因。")
        void_admonition(one, actor=request.user, reason=form.cleaned_data["reason"])
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "已作废。")
    return redirect(_ladder_address(request))


def _ladder_page(request, *, status: int = 200, ladder_form=None, typed=None):
    """The ladder of a year; `typed` is the form of one deputy that has to be mended."""
    year, setting = _year(request), RecordSetting.current()
    rungs = ladder(request.user, year, timezone.localdate(), setting)
    for rung in rungs:
        own = typed is not None and typed.instance.deputy_id == rung.deputy.pk
        rung.form = typed if own else AdmonitionForm(deputy=rung.deputy, year=year, step=rung.due)
    context = {
        "year": year,
        "years": years_offered(year),
        "rungs": rungs,
        "open": sum(rung.open_step is not None for rung in rungs),
        "setting": setting,
        "ladder_form": ladder_form or LadderForm(setting=setting),
        "typed": typed,
    }
    return render(request, "reports/record_attendance.html", context, status=status)


def _ladder_address(request) -> str:
    return f"{reverse('reports:attendance')}?year={_year(request)}"
