"""The page on which one suggestion is followed, and the letters it was sent."""

from __future__ import annotations

from pathlib import PurePosixPath

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from common.files import CONTENT_TYPES
from suggestions import rules
from suggestions.models import Suggestion
from suggestions.views.page import SuggestionPage


def require_reader(user) -> None:
    """Suggestions are for deputies, stations, units and offices; nobody else has any."""
    if not rules.can_see_any(user):
        raise PermissionDenied


@require_safe
def detail(request, pk):
    row = suggestion_for(request, pk)
    return shown(request, SuggestionPage(row, request.user, words=request.GET.get("merge")))


@require_safe
def reply_file(request, pk, reply_pk):
    """答复函 as the unit handed it in, to be saved: for who reads the letter on the page."""
    page = SuggestionPage(suggestion_for(request, pk), request.user)
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


def suggestion_for(request, pk) -> Suggestion:
    """The suggestion, for who may read it; 404 for anybody else."""
    require_reader(request.user)
    return get_object_or_404(Suggestion.objects.visible_to(request.user).for_page(), pk=pk)


def shown(request, page: SuggestionPage, status: int = 200):
    context = {"page": page, "suggestion": page.suggestion}
    return render(request, "suggestions/detail.html", context, status=status)
