"""The register on paper: as a file, and as sheets for the printer."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from common.jobs.answers import answer_with_file
from visits import documents
from visits.tasks import RECEPTIONS_EXPORT, chosen_receptions
from visits.views.receptions import require_reader


@require_POST
def export(request):
    """What the list shows, as an Excel file; the conditions are those of its address."""
    require_reader(request.user)
    rows, _ = chosen_receptions(request.user, request.GET)
    return answer_with_file(
        request,
        RECEPTIONS_EXPORT,
        {"query": request.GET.urlencode()},
        lines=documents.lines_of(rows, actor=request.user, at_most=settings.EXPORT_AT_ONCE),
        back=_list_address(request),
    )


class ReceptionPrint(TemplateView):
    """What the list shows, laid out as the bound register: A4 lying, for the browser to print."""

    template_name = "visits/reception_print.html"

    def get_context_data(self, **kwargs):
        require_reader(self.request.user)
        rows, chosen_by = chosen_receptions(self.request.user, self.request.GET)
        return {
            **super().get_context_data(**kwargs),
            "register": documents.printed_register(rows, actor=self.request.user),
            "chosen_by": chosen_by,
            "at_most": documents.pages.AT_MOST,
            "columns": documents.pages.COLUMNS,
            "list_address": _list_address(self.request),
            "now": timezone.localtime(),
        }


def _list_address(request) -> str:
    query = request.GET.urlencode()
    return reverse("visits:reception_list") + (f"?{query}" if query else "")
