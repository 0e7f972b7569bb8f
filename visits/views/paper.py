"""The registers on paper: as a file, and as sheets for the printer."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from common.jobs.answers import answer_with_file
from visits import documents
from visits.choices import Register
from visits.tasks import LISTS, chosen_entries
from visits.views.receptions import require_reader


@require_POST
def export(request, register: Register = Register.RECEPTION):
    """What the list shows, as an Excel file; the conditions are those of its address."""
    require_reader(request.user)
    rows, _ = chosen_entries(register, request.user, request.GET)
    return answer_with_file(
        request,
        LISTS[register].export,
        {"query": request.GET.urlencode()},
        lines=documents.lines_of(rows, actor=request.user, at_most=settings.EXPORT_AT_ONCE),
        back=_list_address(request, register),
    )


class RegisterPrint(TemplateView):
    """What the list shows, laid out as the bound register: A4 lying, for the browser to print."""

    template_name = "visits/register_print.html"
    register = Register.RECEPTION

    def get_context_data(self, **kwargs):
        require_reader(self.request.user)
        rows, chosen_by = chosen_entries(self.register, self.request.user, self.request.GET)
        register = documents.printed_register(
            rows, actor=self.request.user, is_filtered=bool(chosen_by)
        )
        return {
            **super().get_context_data(**kwargs),
            "register": register,
            "head": f"visits/{self.register.value}_print_head.html",
            "chosen_by": chosen_by,
            "at_most": documents.pages.AT_MOST,
            "list_address": _list_address(self.request, self.register),
            "now": timezone.localtime(),
        }


def _list_address(request, register: Register) -> str:
    query = request.GET.urlencode()
    return reverse(f"visits:{register.value}_list") + (f"?{query}" if query else "")
