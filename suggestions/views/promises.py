"""续办台账: what answers have promised, and whether it was answered again."""

from __future__ import annotations

from django.utils import timezone

from accounts.roles import Capability, Role, roles_with
from common.listing import PagedList
from common.paging import Tally
from suggestions import rules
from suggestions.models import Promise, Suggestion
from suggestions.querysets.handling import units_of
from suggestions.views.lists import require_reader

STEPS = {"open": "未答复", "overdue": "超期", "answered": "已续办答复", "all": "全部"}


class PromiseList(PagedList):
    """Open ones by their day, answered ones from new to old; a clerk reads those of their unit."""

    template_name = "suggestions/promises.html"

    @property
    def step(self) -> str:
        asked = self.request.GET.get("step", "")
        return asked if asked in STEPS else "open"

    @property
    def order(self):
        return ("-due_on", "-pk") if self.step in ("answered", "all") else ("due_on", "pk")

    def get_rows(self):
        user = self.request.user
        require_reader(user)
        rows = Promise.objects.given().in_reach_of(Suggestion.objects.visible_to(user))
        sees_more = user.holds([*roles_with(Capability.VIEW_SUGGESTION), Role.DEPUTY])
        return rows if sees_more else rows.of_units(units_of(user))

    def filtered(self, rows):
        return rows.at_step(self.step, timezone.localdate())

    def shown(self, page):
        today = timezone.localdate()
        for row in page:
            row.share = row.reply.handling
            row.suggestion = row.share.suggestion
            row.colour = None if row.answered_on else rules.colour_of(row.due_on, today)

    def get_context_data(self, **kwargs):
        counts = self.get_rows().step_counts(timezone.localdate())
        tabs = [
            {"step": step, "label": label, "here": step == self.step,
             "count": Tally.bounded(counts[step]), "late": step == "overdue" and counts[step]}
            for step, label in STEPS.items()
        ]  # fmt: skip
        return {**super().get_context_data(**kwargs), "tabs": tabs, "step": self.step}
