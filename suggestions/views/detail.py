"""The page on which one suggestion is followed, every act on it, and the letters it was sent."""

from __future__ import annotations

from datetime import timedelta
from pathlib import PurePosixPath

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from common.errors import RuleViolation
from common.files import CONTENT_TYPES
from common.forms.fields import whole
from suggestions import rules
from suggestions.forms.acts import ActForm
from suggestions.forms.course import FORMS
from suggestions.forms.reviewing import MergeForm
from suggestions.models import Suggestion
from suggestions.views.page import SuggestionPage

# Within this a second click is the same one.
A_MOMENT = timedelta(minutes=1)


def require_reader(user) -> None:
    """Suggestions are for deputies, stations, units and offices; nobody else has any."""
    if not rules.can_see_any(user):
        raise PermissionDenied


@require_safe
def detail(request, pk):
    row = _suggestion(request, pk)
    return _shown(request, SuggestionPage(row, request.user, words=request.GET.get("merge")))


@require_POST
def act(request, pk, name):
    """One act of the course: done and led back, or the page again with what was typed."""
    row = _suggestion(request, pk)
    form = _form(request, row, FORMS[name])
    if form.is_valid():
        try:
            form.perform()
        except RuleViolation as refusal:
            if _sent_twice(row, form, request.user):
                return redirect("suggestions:detail", pk)
            form.add_error(None, str(refusal))
        else:
            messages.success(request, form.done_words)
            return _led_on(request, row)
    page = SuggestionPage(_suggestion(request, pk), request.user, typed=form)
    return _shown(request, page, status=422)


def _form(request, row: Suggestion, kind: type[ActForm]) -> ActForm:
    """The form bound to what was sent; 403 for who may not do this, whatever they typed."""
    shares = SuggestionPage(row, request.user).shares
    standing = [one for one in shares if not one.has_left]
    share = next((one for one in standing if one.pk == whole(request.POST.get("share"))), None)
    if not kind.is_open_to(request.user, row, [share] if share else standing):
        raise PermissionDenied
    extra = {"words": request.POST.get("merge", "")} if kind is MergeForm else {}
    return kind(
        request.POST, request.FILES, suggestion=row, user=request.user, shares=shares,
        share=share if kind.of_a_share() else None, **extra,
    )  # fmt: skip


def _led_on(request, row: Suggestion):
    """Back to the page; whoever has no part in it any more (不附议, 退办) goes to the list."""
    if Suggestion.objects.visible_to(request.user).filter(pk=row.pk).exists():
        return redirect("suggestions:detail", row.pk)
    return redirect("suggestions:list")


def _sent_twice(row: Suggestion, form: ActForm, user) -> bool:
    """Whether what was refused as out of date is what the same person did a moment ago from the
    same page: a double click, which deserves the answer of the first one. What the portal itself
    did because of it (重办 after 不满意) is part of it."""
    since = list(row.steps.filter(pk__gt=form.cleaned_data["seen"]))
    if not since or since[0].act != form.act or since[0].actor_id != user.pk:
        return False
    if form.share and since[0].unit_name != str(form.share.unit):
        return False
    return all(
        one.actor_id in (user.pk, None) and timezone.now() - one.at < A_MOMENT for one in since
    )


@require_safe
def reply_file(request, pk, reply_pk):
    """答复函 as the unit handed it in, to be saved: for who reads the letter on the page."""
    page = SuggestionPage(_suggestion(request, pk), request.user)
    letters = [letter for shown in page.rounds for letter in shown.letters]
    found = next((one.reply for one in letters if one.reply.pk == reply_pk), None)
    if found is None or not found.file:
        raise Http404
    kind = CONTENT_TYPES.get(PurePosixPath(found.file.name).suffix, "application/octet-stream")
    try:
        content = found.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(
        content, as_attachment=True, filename=found.file_name, content_type=kind
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _suggestion(request, pk) -> Suggestion:
    require_reader(request.user)
    return get_object_or_404(Suggestion.objects.visible_to(request.user).for_page(), pk=pk)


def _shown(request, page: SuggestionPage, status: int = 200):
    context = {"page": page, "suggestion": page.suggestion}
    return render(request, "suggestions/detail.html", context, status=status)
