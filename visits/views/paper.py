"""The register on paper: as a file, and as sheets for the printer."""

from __future__ import annotations

import tempfile

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from common.errors import RuleViolation
from common.listing import conditions_of
from visits import documents
from visits.filters import ReceptionFilter
from visits.models import Reception
from visits.views.receptions import require_reader

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IN_MEMORY = 2 * 1024 * 1024  # a larger file waits on disk until it is sent


@require_POST
def export(request):
    """What the list shows, as an Excel file; the conditions are those of its address."""
    require_reader(request.user)
    rows, conditions = _chosen(request)
    target = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - sent, then closed
    try:
        exported = documents.export_rows(
            rows, target, actor=request.user, chosen_by=_in_words(conditions)
        )
    except RuleViolation as refusal:
        target.close()
        messages.error(request, str(refusal))
        return redirect(_list_address(request))
    except BaseException:
        target.close()
        raise
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=exported.filename, content_type=XLSX)


class ReceptionPrint(TemplateView):
    """What the list shows, laid out as the bound register: A4 lying, for the browser to print."""

    template_name = "visits/reception_print.html"

    def get_context_data(self, **kwargs):
        require_reader(self.request.user)
        rows, conditions = _chosen(self.request)
        return {
            **super().get_context_data(**kwargs),
            "register": documents.printed_register(rows, actor=self.request.user),
            "chosen_by": _in_words(conditions),
            "at_most": documents.pages.AT_MOST,
            "columns": documents.pages.COLUMNS,
            "list_address": _list_address(self.request),
            "now": timezone.localtime(),
        }


def _chosen(request):
    """The receptions that the list at this address shows, void ones too: the file counts them."""
    rows = Reception.objects.visible_to(request.user)
    conditions = ReceptionFilter(request.GET, queryset=rows, request=request)
    return (conditions.qs if conditions.is_valid() else rows.none()), conditions


def _list_address(request) -> str:
    query = request.GET.urlencode()
    return reverse("visits:reception_list") + (f"?{query}" if query else "")


def _in_words(conditions: ReceptionFilter) -> str:
    """The conditions in force, as a reader of the paper understands them."""
    return "；".join(
        f"{condition['label']} {condition['value']}" for condition in conditions_of(conditions)
    )
