"""Long work as its owner sees it: how far it is, what came of it, once more."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import DetailView
from django_htmx.http import HttpResponseClientRedirect

from common.errors import RuleViolation
from common.jobs import services
from common.jobs.answers import as_download
from common.jobs.shown import shown
from common.listing import PagedList
from common.models import Job, JobState
from common.views import PartialMixin, VisibleToUserMixin


class JobList(PagedList):
    """What I asked for lately, newest first."""

    template_name = "jobs/list.html"
    order = ("-pk",)

    def get_rows(self):
        return Job.objects.visible_to(self.request.user)

    def get_context_data(self, **kwargs):
        return {**super().get_context_data(**kwargs), "file_days": services.FILE_DAYS}

    def shown(self, page):
        for job in page.rows:
            services.settle(job)
            job.shown = shown(job)


class JobDetail(PartialMixin, VisibleToUserMixin, DetailView):
    """One job; the page asks again every other second until it is over, and then leads on."""

    model = Job
    template_name = "jobs/detail.html"

    def render_to_response(self, context, **kwargs):
        job = self.object
        watched = self.request.htmx  # type: ignore[attr-defined]
        if watched and job.state == JobState.DONE and job.next_url:
            return HttpResponseClientRedirect(job.next_url)
        return super().render_to_response(context, **kwargs)

    def get_context_data(self, **kwargs):
        services.settle(self.object)
        return {
            **super().get_context_data(**kwargs),
            "shown": shown(self.object),
            "file_days": services.FILE_DAYS,
        }


@require_GET
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    if not job.has_file:
        raise Http404
    return as_download(job.result.open(), job.download_name)


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    try:
        services.run_again(job, actor=request.user)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    return redirect("jobs:detail", pk)
