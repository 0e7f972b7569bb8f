"""Opinions as worklists, and the page on which one is followed until all have been told."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import Capability, roles_with
from common.errors import RuleViolation
from common.paging import Tally
from stations.rules import grants_at
from visits import rules, services
from visits.choices import Act, Disposal
from visits.filters import STEP_LABELS, OpinionFilter
from visits.forms.opinions import FORMS, MergeForm
from visits.models import Opinion
from visits.querysets import TABS_UP_TO, WORKLISTS
from visits.services.opinion_rows import sent_twice
from visits.views.opinion_page import OpinionPage
from visits.views.receptions import RegisterList, require_reader

# What the button of a line says.
VERBS = {
    Act.ASSIGN: "交办", Act.ACCEPT: "登记接收", Act.ANSWER: "登记结果", Act.TELL_VISITOR: "反馈",
    Act.TELL_DEPUTIES: "告知代表", Act.CLOSE: "办结", Act.REOPEN: "重开", Act.SPLIT: "查看",
}  # fmt: skip
BY_NEXT_DAY = {*WORKLISTS, "open", "overdue"}
# An address that asks for one of these means all that it says, closed ones too.
MEANS_ALL = ("drill", "progress", "satisfaction")


class OpinionList(RegisterList):
    """The opinions as worklists, or those behind a figure of the report."""

    model = Opinion
    filterset_class = OpinionFilter
    template_name = "visits/opinion_list.html"
    kept = (*RegisterList.kept, "step")

    @cached_property
    def step(self) -> str:
        """The worklist shown: what is open, unless the address asks for something else."""
        asked = self.filterset.form.cleaned_data if self.filterset.is_valid() else {}
        means_all = any(self.request.GET.get(name) for name in MEANS_ALL)
        return asked.get("step") or ("all" if means_all else "open")

    @property
    def order(self):
        """What waits stands by its day, what is looked up from new to old."""
        by_day = self.step in BY_NEXT_DAY and not self.is_drill
        return ("next_on", "pk") if by_day else ("-raised_on", "-pk")

    def get_rows(self):
        require_reader(self.request.user)
        rows = self.counted(Opinion.objects.visible_to(self.request.user).of_valid())
        return rows if self.is_drill else rows.with_next_day()

    @property
    def is_drill(self) -> bool:
        return "drill" in self.request.GET

    def filtered(self, rows):
        """Without a worklist in the address, what is open."""
        rows = super().filtered(rows)
        return rows.open() if self.step == "open" else rows

    def listed(self, rows):
        return rows.for_worklist()

    def shown(self, page):
        rules.open_contacts([row.reception for row in page if row.has_visitor], self.request.user)
        raised = [row for row in page if row.disposal == Disposal.SUGGESTION]
        prefetch_related_objects(raised, "suggestion_links__suggestion")
        for row in page:
            row.next = rules.next_step(row)
            row.can_follow = self._can_follow(row)
            row.verb = VERBS[row.next.act] if row.next and row.can_follow else "查看"
            row.is_late = bool(row.next and row.next.due_on and row.next.due_on < self.today)

    @cached_property
    def today(self):
        return timezone.localdate()

    def _can_follow(self, row: Opinion) -> bool:
        return grants_at(self.request.user, Capability.LOG_RECEPTION, row.source.station)

    def tabs(self) -> list[dict]:
        """The worklists with how many there are; behind a figure there are none."""
        if self.is_drill or not self.filterset.is_valid():
            return []
        counts = self.filterset.without_step(self.get_rows()).worklist_counts()
        return [
            {"step": step, "label": label,
             "count": Tally.bounded(counts[step], up_to=TABS_UP_TO),
             "here": step == self.step, "late": step == "overdue" and counts[step]}
            for step, label in STEP_LABELS
        ]  # fmt: skip

    def late_words(self) -> str:
        """Of what the late ones are made up, above their list."""
        if self.step != "overdue" or self.is_drill or not self.filterset.is_valid():
            return ""
        counts = self.filterset.without_step(self.get_rows()).late_counts(self.today)
        return rules.late_words(counts)

    def get_context_data(self, **kwargs):
        hidden = Opinion.objects.hidden_from(self.request.user).of_valid()
        context = super().get_context_data(**kwargs)
        return {
            **context,
            # The tabs say which worklist it is; the default one is no condition.
            "chosen": [chip for chip in context["chosen"] if chip["name"] != "step"],
            "late_words": self.late_words(),
            "shows_open": self.step == "open",
            "hidden": self.hidden_rows(hidden),
            "tabs": self.tabs(),
            "by_day": self.order[0] == "next_on",
            "follows": self.request.user.holds(roles_with(Capability.LOG_RECEPTION)),
        }


@require_safe
def opinion(request, pk):
    page = OpinionPage(_opinion(request, pk), request.user, words=request.GET.get("merge"))
    return _shown(request, page)


@require_POST
def act(request, pk, name):
    """One act of the course: done and led back, or the page again with what was typed."""
    row = _opinion(request, pk)
    if not rules.may(request.user, Capability.LOG_RECEPTION, row.source):
        raise PermissionDenied
    extra = {"words": request.POST.get("merge", "")} if FORMS[name] is MergeForm else {}
    form = FORMS[name](request.POST, opinion=row, user=request.user, **extra)
    if form.is_valid():
        try:
            form.perform()
        except RuleViolation as refusal:
            seen = form.cleaned_data["seen"]
            if sent_twice(row, form.act, actor=request.user, seen=seen):
                return redirect("visits:opinion_detail", pk)
            form.add_error(None, str(refusal))
        else:
            messages.success(request, form.done_words)
            return redirect("visits:opinion_detail", pk)
    page = OpinionPage(_opinion(request, pk), request.user, typed=form)
    return _shown(request, page, status=422)


@require_POST
def reveal_on_opinion(request, pk):
    """The same page with name and phone in full; asking for it is logged."""
    row = _opinion(request, pk)
    page = OpinionPage(row, request.user)
    if not row.has_visitor:
        raise PermissionDenied
    services.reveal_contact(row.reception, actor=request.user)
    return _shown(request, page)


def _shown(request, page: OpinionPage, status: int = 200):
    back = f"{reverse('visits:opinion_list')}?step=route"
    context = {"page": page, "opinion": page.opinion, "back": back}
    return render(request, "visits/opinion_detail.html", context, status=status)


def _opinion(request, pk) -> Opinion:
    require_reader(request.user)
    return get_object_or_404(Opinion.objects.visible_to(request.user).for_page(), pk=pk)
