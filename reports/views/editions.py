"""Reports that are kept: listed, read, drafted, mended, published, corrected, taken out."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.errors import RuleViolation, StaleVersion
from common.jobs import kinds
from common.jobs import services as jobs
from common.jobs.answers import as_download
from common.jobs.kinds import Work
from common.listing import PagedList
from reports import rules, services
from reports.documents import papers
from reports.forms.editions import CorrectForm, PublishForm, TextForm
from reports.forms.scope import ReportForm
from reports.models import Edition
from reports.tasks import editions as edition_tasks
from reports.views.edition_page import page_of


class EditionList(PagedList):
    """Every report the user may read, the newest first."""

    template_name = "reports/editions.html"
    order = ("-pk",)
    page_size = 30

    def get_rows(self):
        require_reader(self.request.user)
        return Edition.objects.visible_to(self.request.user)


def require_reader(user) -> None:
    if not rules.can_read_reports(user):
        raise PermissionDenied


def find_edition(request, pk) -> Edition:
    """Readers of reports only; what is not theirs is not found."""
    require_reader(request.user)
    return get_object_or_404(Edition.objects.visible_to(request.user).for_page(), pk=pk)


def _draft_to_mend(request, pk) -> Edition:
    edition = find_edition(request, pk)
    if not rules.can_publish(request.user, edition.place):
        raise PermissionDenied
    return edition


@require_GET
def edition(request, pk):
    return _page(request, find_edition(request, pk))


def _page(request, found: Edition, *, status: int = 200, **forms):
    context = page_of(found, request.user, timezone.localdate())
    context |= {"publish": PublishForm(initial={"version": found.version}),
                "correct": CorrectForm(), **forms}  # fmt: skip
    return render(request, "reports/edition.html", context, status=status)


@require_POST
def edition_new(request):
    """起草: the report of the place and days of the period page."""
    require_reader(request.user)
    form = ReportForm(request.POST, user=request.user)
    if not form.is_valid():
        return render(request, "reports/period.html", {"form": form}, status=422)
    back = reverse("reports:period")
    try:
        scope, place = services.whole_place(form.scope())
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    if not rules.can_publish(request.user, place):
        raise PermissionDenied
    return _do(
        request,
        edition_tasks.DRAFT,
        edition_tasks.asked_for(scope),
        long=edition_tasks.is_long(scope),
        back=back,
    )


@require_POST
def edition_refresh(request, pk):
    found = _draft_to_mend(request, pk)
    return _do_with(request, edition_tasks.REFRESH, found, {})


def _do_with(request, kind: str, found: Edition, asked: dict):
    scope = services.scope_of(found, request.user)
    back = reverse("reports:edition", args=[found.pk])
    given = {"edition": found.pk, **asked}
    return _do(request, kind, given, long=edition_tasks.is_long(scope), back=back)


def _do(request, kind: str, asked: dict, *, long: bool, back: str):
    """Short work is done at once; what is long goes to the worker, and its page is shown."""
    try:
        if long:
            job = jobs.start_job(kind, asked, actor=request.user, back=back)
            return redirect("jobs:detail", job.pk)
        with SpooledTemporaryFile() as nothing:
            result = kinds.kind(kind).run(Work(request.user, asked, nothing))
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    messages.success(request, result.message)
    return redirect(result.next_url)


@require_http_methods(["GET", "POST"])
def edition_text(request, pk):
    found = _draft_to_mend(request, pk)
    if not found.is_draft:
        return redirect("reports:edition", pk)
    form, status = TextForm(request.POST or None, edition=found), 200
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                return _saved(request, form)
        except StaleVersion as stale:
            form.show_conflict(stale.current)
            status = 409
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
    return render(
        request, "reports/edition_text.html", {"form": form, "edition": found}, status=status
    )


def _saved(request, form: TextForm):
    services.change_text(
        form.edition,
        form.text,
        actor=request.user,
        version=form.version,
        title=form.cleaned_data["title"],
    )
    messages.success(request, "文字已保存。")
    return redirect("reports:edition", form.edition.pk)


@require_POST
def edition_drop(request, pk):
    found = _draft_to_mend(request, pk)
    try:
        services.drop_edition(found, actor=request.user)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return redirect("reports:edition", pk)
    messages.success(request, "草稿已放弃。")
    return redirect("reports:editions")


@require_POST
def edition_publish(request, pk):
    found = _draft_to_mend(request, pk)
    form = PublishForm(request.POST)
    if not form.is_valid():
        return _page(request, found, status=422, publish=form)
    return _do_with(request, edition_tasks.PUBLISH, found, form.cleaned_data)


@require_POST
def edition_correct(request, pk):
    """更正: the page of the new draft comes next."""
    found = _draft_to_mend(request, pk)
    form = CorrectForm(request.POST)
    if not form.is_valid():
        return _page(request, found, status=422, correct=form)
    return _do_with(request, edition_tasks.CORRECT, found, form.cleaned_data)


@require_POST
def edition_file(request, pk, form):
    """One of the files: as it was kept when the report was published, or made now."""
    found = find_edition(request, pk)
    if form not in papers.FORMS:
        raise Http404
    kept = papers.kept(found, form)
    if kept is None and edition_tasks.is_long(services.scope_of(found, request.user)):
        return _do_with(request, edition_tasks.PAPER, found, {"form": form})
    target = kept or SpooledTemporaryFile(max_size=papers.IN_MEMORY)  # noqa: SIM115 - sent
    if kept is None:
        papers.write_form(target, found, form)
        target.seek(0)
    services.record_paper(found, actor=request.user, form=papers.FORMS[form].name)
    return as_download(target, papers.name_of(found, form))
