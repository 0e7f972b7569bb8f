"""The register as it is read: lists, one reception, and what is done to it with one button."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST
from django.views.generic import DetailView

from accounts.roles import Capability, Role, roles_with
from common import audit
from common.errors import RuleViolation
from common.listing import FilteredList
from common.paging import Tally
from stations.rules import holds_several
from visits import rules, services
from visits.filters import ReceptionFilter
from visits.forms import VoidForm
from visits.models import Reception
from visits.services.describe import CONTACT_LABELS

# Days: the report's shortest period is a month.
SHORTEST_PERIOD = 27


def require_reader(user) -> None:
    """Registers are for those who hold some register, or received voters themselves."""
    if not user.holds([*roles_with(Capability.VIEW_REGISTER), Role.DEPUTY]):
        raise PermissionDenied


class RegisterList(FilteredList):
    """What the lists of the register share: conditions that come by link are kept."""

    kept = ("station", "area", "deputy", "batch", "satisfaction", "drill")

    # What a figure of the report can ask for; anything more would find out what is confidential.
    figure_conditions = frozenset(
        {"date_from", "date_to", "station", "area", "category", "disposal", "progress",
         "satisfaction"}
    )  # fmt: skip

    def hidden_rows(self, rows):
        asked = {name for name, value in self.filterset.form.cleaned_data.items() if value}
        period = [self.filterset.form.cleaned_data.get(name) for name in ("date_from", "date_to")]
        too_close = all(period) and (period[1] - period[0]).days < SHORTEST_PERIOD
        # Of one deputy, the count alone: what it was about would be told with it.
        of_deputy = {"date_from", "date_to", "station", "area", "deputy"}
        allowed = of_deputy if "deputy" in asked else self.figure_conditions
        if asked - allowed or too_close:
            return []
        return super().hidden_rows(rows)

    def counted(self, rows):
        """Behind a figure only what the figure counts: not what a deputy received elsewhere."""
        return rows.countable_by(self.request.user) if "drill" in self.request.GET else rows

    def get_context_data(self, **kwargs):
        get = self.request.GET
        return {
            **super().get_context_data(**kwargs),
            "several_stations": holds_several(self.request.user),
            "kept": [(name, get[name]) for name in self.kept if name in get],
        }


class ReceptionList(RegisterList):
    """代表来访接待登记簿, newest first."""

    model = Reception
    filterset_class = ReceptionFilter
    template_name = "visits/reception_list.html"
    order = ("-received_on", "-pk")

    def get_rows(self):
        require_reader(self.request.user)
        return self.counted(Reception.objects.visible_to(self.request.user).valid())

    def shown(self, page):
        rules.open_contacts(page.rows, self.request.user)

    def count(self, rows, *, exactly):
        self.totals = rows.totals(exactly=exactly)
        return Tally.bounded(self.totals["visits"], exactly=exactly)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        user = self.request.user
        return {
            **context,
            "totals": self.totals,
            "hidden": self.hidden_rows(Reception.objects.hidden_from(user).valid()),
            "can_log": user.holds(roles_with(Capability.LOG_RECEPTION)),
            "can_export": user.holds(roles_with(Capability.EXPORT_REGISTER)),
        }


class ReceptionDetail(DetailView):
    template_name = "visits/reception_detail.html"

    def get_queryset(self):
        return Reception.objects.visible_to(self.request.user).for_page()

    def get_object(self, queryset=None):
        require_reader(self.request.user)
        reception = super().get_object(queryset)
        rules.open_contacts([reception], self.request.user)
        return reception

    def get_context_data(self, **kwargs):
        return {**super().get_context_data(**kwargs), **_page_of(self.object, self.request.user)}


def _page_of(reception: Reception, user) -> dict:
    waiting = _with_next_steps(reception)
    return {
        "first_waiting": waiting[0] if waiting and rules.can_change(user, reception) else None,
        "can_follow": rules.can_change(user, reception),
        "history": audit.shown_history(
            reception, hidden=CONTACT_LABELS if reception.masked else frozenset()
        ),
        "can_change": rules.can_change(user, reception),
        "can_void": rules.can_void(user, reception),
        "can_unmask": reception.masked and rules.can_unmask(user, reception),
        "void_form": VoidForm(),
    }


def _with_next_steps(reception: Reception) -> list:
    """Its opinions each with what comes next; back come those with something left to do."""
    opinions = list(reception.opinions.all())
    for opinion in opinions:
        opinion.next = rules.next_step(opinion)
    return [opinion for opinion in opinions if opinion.next and not opinion.is_closed]


def _reception(request, pk) -> Reception:
    require_reader(request.user)
    return get_object_or_404(Reception.objects.visible_to(request.user).for_page(), pk=pk)


@require_POST
def void(request, pk):
    reception, form = _reception(request, pk), VoidForm(request.POST)
    try:
        if not form.is_valid():
            raise RuleViolation(form.errors["reason"][0])
        services.void_reception(reception, actor=request.user, reason=form.cleaned_data["reason"])
    except RuleViolation as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{reception.code} 已作废，编号保留。")
    return redirect("visits:reception_detail", pk)


@require_POST
def reveal(request, pk):
    """The same page with name and phone in full; asking for it is logged."""
    reception = services.reveal_contact(_reception(request, pk), actor=request.user)
    context = {"reception": reception, "object": reception, **_page_of(reception, request.user)}
    return render(request, "visits/reception_detail.html", context)
