"""簿二 扶贫帮困办实事: the list, one line, and the page on which it is filled in."""

from __future__ import annotations

from django.contrib import messages
from django.views.decorators.http import require_http_methods, require_POST

from common import audit
from common.forms.fields import whole
from visits import rules, services
from visits.filters import AssistanceFilter
from visits.forms import AssistanceEntry
from visits.models import Assistance, Opinion
from visits.views.entry_lists import EntryDetail, EntryList, voided
from visits.views.entry_pages import EntryPages, station_to_log_at


class AssistanceList(EntryList):
    model = Assistance
    filterset_class = AssistanceFilter
    template_name = "visits/assistance_list.html"
    order = ("-helped_on", "-pk")
    counted_as = "deeds"

    def shown(self, page):
        rules.open_beneficiaries(page.rows, self.request.user)


class AssistanceDetail(EntryDetail):
    model = Assistance
    template_name = "visits/assistance_detail.html"

    def get_object(self, queryset=None):
        assistance = super().get_object(queryset)
        rules.open_beneficiaries([assistance], self.request.user)
        return assistance

    def get_context_data(self, **kwargs):
        assistance = self.object
        hidden = services.BENEFICIARY_LABELS if assistance.masked else frozenset()
        readable = Opinion.objects.visible_to(self.request.user).for_list()
        return {
            **super().get_context_data(**kwargs),
            "history": audit.shown_history(assistance, hidden=hidden),
            "opinion": readable.filter(pk=assistance.opinion_id).first(),
            "hint": rules.hint_on_finishing(assistance),
        }


class AssistancePages(EntryPages):
    model = Assistance
    entry_class = AssistanceEntry
    name = "assistance"
    keep_name, drop_name = "assistance_draft_keep", "assistance_draft_drop"

    def unmask(self, rows, user):
        rules.open_beneficiaries(rows, user)

    def initial(self, request, station):
        opinion = _opinion_asked_for(request)
        if opinion is not None:
            rules.open_contacts([opinion.reception] if opinion.reception_id else [], request.user)
            return services.assistance_from(opinion)
        return services.assistance_beginnings(like=self.like(request))

    def station(self, request):
        """That of the opinion it comes from, if the address names one."""
        opinion = _opinion_asked_for(request) if request.method == "GET" else None
        return station_to_log_at(request, opinion.station_id if opinion else None)

    def differences(self, entry, current):
        return services.compare_assistance(entry.row, current, masked=entry.row.masked)

    def after_saving(self, request, saved):
        if hint := rules.hint_on_finishing(saved):
            messages.warning(request, hint)


_pages = AssistancePages()
_GET_AND_POST = ["GET", "POST"]


@require_http_methods(_GET_AND_POST)
def assistance_new(request):
    """登记帮扶: a new line of the register of one of the user's stations."""
    return _pages.new(request)


@require_http_methods(_GET_AND_POST)
def assistance_change(request, pk):
    return _pages.change(request, pk)


@require_POST
def assistance_keep_draft(request, key):
    return _pages.keep_draft(request, key)


@require_POST
def assistance_drop_draft(request, key):
    return _pages.drop_draft(request, key)


@require_POST
def assistance_void(request, pk):
    return voided(request, Assistance, pk, services.void_assistance, "visits:assistance_detail")


def _opinion_asked_for(request) -> Opinion | None:
    rows = Opinion.objects.visible_to(request.user).of_valid().for_list()
    return rows.filter(pk=whole(request.GET.get("opinion"))).first()
