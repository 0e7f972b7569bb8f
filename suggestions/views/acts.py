"""Every act on a suggestion, from the form on its page; and what was typed there and not sent."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import RuleViolation
from common.forms.fields import whole
from suggestions.forms.acts import ActForm
from suggestions.forms.course import FORMS
from suggestions.forms.reviewing import MergeForm
from suggestions.models import Step, Suggestion
from suggestions.views import act_drafts
from suggestions.views.detail import shown, suggestion_for
from suggestions.views.page import SuggestionPage

# Within this a second click is the same one.
A_MOMENT = timedelta(minutes=1)


@require_http_methods(["GET", "HEAD", "POST"])
def act(request, pk, name):
    """One act of the course: done and led back, or the page again with what was typed. Who comes
    to its address without a form (after logging in anew) is led to the page."""
    row = suggestion_for(request, pk)
    if request.method != "POST":
        return _back_to_the_form(request, row, name)
    form = _form(request, row, FORMS[name])
    if form.is_valid():
        try:
            form.perform()
        except RuleViolation as refusal:
            if _sent_twice(row, form):
                return redirect("suggestions:detail", pk)
            _keep_refused(request, form)
            form.add_error(None, str(refusal))
        else:
            act_drafts.drop(request.user, row, act_drafts.place_of(form))
            messages.success(request, form.said_when_done)
            return _led_on(request, row)
    page = SuggestionPage(suggestion_for(request, pk), request.user, typed=form)
    return shown(request, page, status=422)


@require_POST
def keep_draft(request, pk, name):
    """Keep what is typed so far; called by the page itself while its user types."""
    row = suggestion_for(request, pk)
    form = _form(request, row, _kind(name))
    if form.of_a_share() and form.share is None:
        return JsonResponse({"message": "承办单位已有变动，请刷新页面。"}, status=409)
    if _done_since(row, form, whole(request.POST.get("seen")) or 0):
        return JsonResponse({"saved_at": f"{timezone.localtime():%H:%M}", "kept": False})
    try:
        draft = act_drafts.keep(form, request.POST)
    except RuleViolation as refusal:
        return JsonResponse({"message": str(refusal)}, status=413)
    return JsonResponse({"saved_at": f"{timezone.localtime():%H:%M}", "kept": draft is not None})


@require_POST
def drop_draft(request, pk, name):
    row = suggestion_for(request, pk)
    place = _kind(name).name(), whole(request.POST.get("share")) or 0
    act_drafts.drop(request.user, row, place)
    messages.success(request, "没有提交的内容已丢弃。")
    return redirect("suggestions:detail", pk)


def _kind(name: str) -> type[ActForm]:
    if name not in FORMS:
        raise Http404
    return FORMS[name]


def _form(request, row: Suggestion, kind: type[ActForm]) -> ActForm:
    """The form bound to what was sent; 403 for who may not do this, whatever they typed."""
    shares = SuggestionPage(row, request.user).shares
    standing = [one for one in shares if one.vacant or not one.has_left]
    share = next((one for one in standing if one.pk == whole(request.POST.get("share"))), None)
    if not kind.is_open_to(request.user, row, [share] if share else standing):
        raise PermissionDenied
    extra = {"words": request.POST.get("merge", "")} if kind is MergeForm else {}
    return kind(
        request.POST, request.FILES, suggestion=row, user=request.user, shares=shares,
        share=share if kind.of_a_share() else None, **extra,
    )  # fmt: skip


def _back_to_the_form(request, row: Suggestion, name: str):
    waiting = act_drafts.drafts_of(request.user, row)
    if any(of_act == name for of_act, _ in waiting):
        title = FORMS[name].act.label
        messages.info(request, f"“{title}”还没有提交。您填写的内容还在，请核对后再提交。")
    return redirect("suggestions:detail", row.pk)


def _keep_refused(request, form: ActForm) -> None:
    """What was refused stays in reach when its user looks elsewhere first."""
    try:
        act_drafts.keep(form, request.POST)
    except RuleViolation:
        return  # it stands on the page that is shown now


def _led_on(request, row: Suggestion):
    """Back to the page; whoever has no part in it any more (不附议, 退办) goes to the list."""
    if Suggestion.objects.visible_to(request.user).filter(pk=row.pk).exists():
        return redirect("suggestions:detail", row.pk)
    return redirect("suggestions:list")


def _done_since(row: Suggestion, form: ActForm, seen: int) -> Step | None:
    """The step by which the same person has done just this since the page was shown."""
    steps = row.steps.filter(pk__gt=seen, act=form.act, actor=form.user.pk)
    unit = str(form.share.unit) if form.share else ""
    return steps.filter(unit_name=unit).order_by("pk").first()


def _sent_twice(row: Suggestion, form: ActForm) -> bool:
    """Whether what was refused is what the same person did a moment ago from the same page: a
    double click, which deserves the answer of the first one. What the portal itself did because
    of it (重办 after 不满意) is part of it; what somebody else did there meanwhile is not."""
    done = _done_since(row, form, form.cleaned_data["seen"])
    if done is None or timezone.now() - done.at >= A_MOMENT:
        return False
    later = row.steps.filter(pk__gt=done.pk, unit_name__in=["", done.unit_name])
    return all(one.actor_id in (form.user.pk, None) for one in later)
