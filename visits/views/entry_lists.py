"""What the lists and pages of 簿二 and 簿三 share."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import DetailView

from accounts.roles import Capability, roles_with
from common.errors import RuleViolation
from common.listing import FilteredList
from common.paging import Tally
from stations.rules import holds_several
from visits import rules
from visits.forms import VoidForm
from visits.views.receptions import require_reader


class EntryList(FilteredList):
    """A register, newest first; conditions that come by link are kept."""

    model: type
    counted_as: str  # which of its totals says how many lines there are
    kept = ("station", "area", "deputy", "presence", "batch", "drill")

    def get_rows(self):
        require_reader(self.request.user)
        rows = self.model.objects.visible_to(self.request.user).valid()
        # Behind a figure only what the figure counts: not what a deputy took part in elsewhere.
        return rows.countable_by(self.request.user) if "drill" in self.request.GET else rows

    def count(self, rows, *, exactly):
        self.totals = rows.totals(exactly=exactly)
        return Tally.bounded(self.totals[self.counted_as], exactly=exactly)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        user, get = self.request.user, self.request.GET
        return {
            **context,
            "totals": self.totals,
            "several_stations": holds_several(user),
            "kept": [(name, get[name]) for name in self.kept if name in get],
            "can_log": user.holds(roles_with(Capability.LOG_RECEPTION)),
            "can_export": user.holds(roles_with(Capability.EXPORT_REGISTER)),
        }


class EntryDetail(DetailView):
    """One line of a register with its history."""

    def get_queryset(self):
        return self.model.objects.visible_to(self.request.user).for_page()

    def get_object(self, queryset=None):
        require_reader(self.request.user)
        return super().get_object(queryset)

    def get_context_data(self, **kwargs):
        user = self.request.user
        return {
            **super().get_context_data(**kwargs),
            "can_change": rules.can_change(user, self.object),
            "can_void": rules.can_void(user, self.object),
            "void_form": VoidForm(),
        }


def voided(request, model, pk, void, back: str):
    """What the button 作废 does: `void` is the service of the register."""
    require_reader(request.user)
    row = get_object_or_404(model.objects.visible_to(request.user), pk=pk)
    form = VoidForm(request.POST)
    try:
        if not form.is_valid():
            raise RuleViolation(form.errors["reason"][0])
        void(row, actor=request.user, reason=form.cleaned_data["reason"])
    except RuleViolation as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{row.code} 已作废，编号保留。")
    return redirect(back, pk)
