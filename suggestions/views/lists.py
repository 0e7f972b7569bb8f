"""Suggestions as worklists of their reader, or those behind a figure of the report."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.roles import Capability, Role, roles_with
from common.listing import FilteredList
from common.paging import Tally
from stations.rules import holds_several
from suggestions import rules
from suggestions.filters import STEP_LABELS, SuggestionFilter
from suggestions.models import Suggestion
from suggestions.querysets.handling import units_of
from suggestions.querysets.lists import TABS_UP_TO
from suggestions.tasks import may_export

OF_THE_OFFICE = (
    "open", "review", "assign", "decide", "units", "vet", "rate", "promises", "overdue", "all",
)  # fmt: skip
OF_A_UNIT = ("at_unit", "promises", "all")
OF_A_DEPUTY = ("asking_me", "own", "all")
OF_A_STATION = ("open", "overdue", "all")
# These are looked up from new to old; all others stand by their day.
FROM_NEW_TO_OLD = ("all", "own")
# An address that asks for one of these means all that it says, closed ones too.
MEANS_ALL = ("drill", "state", "class", "overdue", "promise", "fate")


def require_reader(user) -> None:
    if not rules.can_see_any(user):
        raise PermissionDenied


class SuggestionList(FilteredList):
    """The worklists of the reader as tabs; the first one with something in it is shown."""

    model = Suggestion
    filterset_class = SuggestionFilter
    template_name = "suggestions/list.html"
    kept = ("step", "station", "area", "deputy", "part", "batch", "drill", "unit", "duty",
            "replied", "timing", "attitude", "outcome", "first_outcome", "met", "redone", "redo",
            "promise", "fate")  # fmt: skip

    @cached_property
    def units(self) -> list[int]:
        return units_of(self.request.user)

    @cached_property
    def today(self):
        return timezone.localdate()

    @property
    def is_drill(self) -> bool:
        return "drill" in self.request.GET

    @cached_property
    def steps(self) -> list[str]:
        """The tabs of this reader: first what is theirs, then what they look after."""
        user, steps = self.request.user, []
        if user.holds([Role.DEPUTY]):
            steps += OF_A_DEPUTY
        if self.units:
            steps += OF_A_UNIT
        if rules.keeps_office(user):
            steps += OF_THE_OFFICE
        elif user.holds(roles_with(Capability.VIEW_SUGGESTION)):
            steps += OF_A_STATION
        return [step for step in STEP_LABELS if step in steps]

    def get_rows(self):
        require_reader(self.request.user)
        if self.is_drill:
            return Suggestion.objects.reported_to(self.request.user)
        return Suggestion.objects.visible_to(self.request.user)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many stand in each tab, as far as the other conditions go; behind a figure none."""
        if self.is_drill or not self.filterset.is_valid():
            return {}
        rows = self.filterset.without_step(self.get_rows())
        return rows.step_counts(self.steps, self.request.user, self.today)

    @cached_property
    def step(self) -> str:
        """The worklist shown: what the address asks for, or the first that is not empty."""
        asked = self.filterset.form.cleaned_data if self.filterset.is_valid() else {}
        if asked.get("step"):
            return asked["step"]
        if any(self.request.GET.get(name) for name in MEANS_ALL):
            return "all"
        return next((step for step, count in self.counts.items() if count), "all")

    @property
    def order(self):
        by_day = self.step not in FROM_NEW_TO_OLD
        return ("next_on", "pk") if by_day else ("-raised_on", "-pk")

    def filtered(self, rows):
        rows = super().filtered(rows)
        asked = "step" in self.request.GET and self.filterset.is_valid()
        return rows if asked else rows.at_step(self.step, self.request.user, self.today)

    def listed(self, rows):
        return rows.with_next(self.own_units).for_rows()

    @cached_property
    def own_units(self) -> list[int]:
        """The units of who reads as their clerk alone: their own day counts, not the whole's."""
        sees_more = self.request.user.holds([*roles_with(Capability.VIEW_SUGGESTION), Role.DEPUTY])
        return [] if sees_more else self.units

    def count(self, rows, *, exactly):
        """The tab has counted already."""
        if self.step in self.counts and not exactly:
            return Tally.bounded(self.counts[self.step], up_to=TABS_UP_TO)
        return super().count(rows, exactly=exactly)

    def shown(self, page):
        for row in page:
            rules.fill_row(row, self.today, self.own_units)

    def tabs(self) -> list[dict]:
        return [
            {"step": step, "label": STEP_LABELS[step], "here": step == self.step,
             "count": Tally.bounded(count, up_to=TABS_UP_TO), "late": step == "overdue" and count}
            for step, count in self.counts.items()
        ]  # fmt: skip

    def get_context_data(self, **kwargs):
        context, get = super().get_context_data(**kwargs), self.request.GET
        return {
            **context,
            # The tabs say which worklist it is.
            "chosen": [chip for chip in context["chosen"] if chip["name"] != "step"],
            "tabs": self.tabs(),
            "items": context["rows"].items_of_figure(get, self.today) if self.is_drill else None,
            "by_day": self.order[0] == "next_on",
            "several_stations": holds_several(self.request.user),
            "step": "" if self.is_drill else self.step,
            "keeps_settings": rules.keeps_settings(self.request.user),
            "can_import": rules.reviews_somewhere(self.request.user),
            "can_export": may_export(self.request.user),
            "can_raise": rules.can_raise_somewhere(self.request.user),
            "kept": [(name, get[name]) for name in self.kept if name in get],
        }
