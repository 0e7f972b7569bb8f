"""The ledger of a list as a file."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.views.decorators.http import require_POST

from common.jobs.answers import answer_with_file
from suggestions.documents.ledger import exportable
from suggestions.tasks import LEDGER_EXPORT, chosen_suggestions, may_export


@require_POST
def export(request):
    """What the list shows, as an Excel file; the conditions are those of its address."""
    if not may_export(request.user):
        raise PermissionDenied
    rows, _ = chosen_suggestions(request.user, request.GET)
    rows = exportable(rows, actor=request.user).order_by()
    query = request.GET.urlencode()
    return answer_with_file(
        request,
        LEDGER_EXPORT,
        {"query": query},
        lines=rows[: settings.EXPORT_AT_ONCE + 1].count(),
        back=reverse("suggestions:list") + (f"?{query}" if query else ""),
    )
