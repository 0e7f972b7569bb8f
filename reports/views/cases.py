"""典型案例: recommended, mended, taken back; told in the reports of their days."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import RuleViolation, StaleVersion
from common.forms.fields import whole
from common.listing import PagedList
from reports import services
from reports.forms.cases import CaseForm, filled_from
from reports.models import Case
from reports.periods import FIRST_YEAR, LAST_YEAR
from reports.sources import Source, find_sources
from reports.views.editions import require_reader


class CaseList(PagedList):
    """The cases of a year."""

    template_name = "reports/cases.html"
    order = ("on", "pk")
    page_size = 30

    def get_rows(self):
        require_reader(self.request.user)
        return Case.objects.visible_to(self.request.user).standing()

    def filtered(self, rows):
        years = {day.year for day in rows.order_by().dates("on", "year")}
        asked = whole(self.request.GET.get("year"))
        self.year = (
            asked
            if asked and FIRST_YEAR <= asked <= LAST_YEAR
            else max(years, default=timezone.localdate().year)
        )
        self.years = sorted({*years, self.year, timezone.localdate().year}, reverse=True)
        return rows.filter(on__year=self.year)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return {**context, "year": self.year, "years": self.years}


def _find(request, pk) -> Case:
    require_reader(request.user)
    rows = Case.objects.visible_to(request.user).standing()
    return get_object_or_404(rows.select_related("station__area"), pk=pk)


@require_http_methods(["GET", "POST"])
def case_new(request):
    """A new case, empty or begun from an entry that `from` names."""
    require_reader(request.user)
    asked, found = request.GET.get("from", ""), []
    if asked and request.method == "GET":
        found = _sources(request, asked)
    begun = filled_from(found[0]) if len(found) == 1 else {}
    form = CaseForm(request.POST or None, actor=request.user, initial=begun)
    choice = found if len(found) > 1 else []
    return _answer(request, form, {"asked": asked, "choice": choice, "begun": bool(begun)})


def _sources(request, asked: str) -> list[Source]:
    try:
        return find_sources(asked, request.user)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return []


@require_http_methods(["GET", "POST"])
def case_change(request, pk):
    case = _find(request, pk)
    return _answer(request, CaseForm(request.POST or None, instance=case, actor=request.user), {})


def _answer(request, form: CaseForm, context: dict):
    """The page, or what comes of what was typed."""
    status = 200
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                case = form.save()
                messages.success(request, "案例已保存。")
                return redirect(f"{_list_address()}?year={case.on.year}")
        except StaleVersion as stale:
            status = 409
            form.show_conflict(form.compare, stale.current)
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
    return render(request, "reports/case_form.html", {"form": form, **context}, status=status)


def _list_address() -> str:
    return reverse("reports:cases")


@require_POST
def case_drop(request, pk):
    case = services.drop_case(_find(request, pk), actor=request.user)
    messages.success(request, "案例已撤下，以后起草的报告不再列入。")
    return redirect(f"{_list_address()}?year={case.on.year}")
