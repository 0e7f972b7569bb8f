"""工作经费: the stations of a year in one table, entered in place by the offices above them."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, Sum
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone

from accounts.roles import Capability
from common.errors import RuleViolation
from common.forms.fields import whole
from common.listing import FilteredList
from stations import rules
from stations.filters import FundFilter
from stations.forms.funds import MONEY, FundsForm
from stations.models import Fund, Station
from stations.querysets import TREE
from stations.services import funds as services

PAGE = 50


class FundList(FilteredList):
    """Open stations and those that had funds in the year; a form for the whole page."""

    model = Station
    filterset_class = FundFilter
    template_name = "stations/funds.html"
    order = TREE
    page_size = PAGE
    form: FundsForm | None = None

    def get_rows(self):
        user = self.request.user
        if not rules.can_see_funds(user):
            raise PermissionDenied
        rows = Station.objects.where_user_can(user, Capability.VIEW_REPORT)
        funded = Fund.objects.visible_to(user).filter(year=self.year)
        return rows.filter(Q(state="open") | Q(pk__in=funded.values("station")))

    @property
    def year(self) -> int:
        asked = whole(self.request.GET.get("year"))
        known = asked is not None and rules.FIRST_FUND_YEAR <= asked <= rules.LAST_FUND_YEAR
        return asked if asked and known else timezone.localdate().year

    def _form(self, stations, data=None) -> FundsForm:
        seen = Fund.objects.visible_to(self.request.user).filter(year=self.year)
        funds = {row.station_id: row for row in seen.filter(station__in=stations)}
        return FundsForm(data, user=self.request.user, stations=stations, funds=funds)

    def shown(self, page):
        self.form = self.form or self._form(page.rows)

    def post(self, request, *args, **kwargs):
        form = self.form = self._form(self._posted(), request.POST)
        status = 422
        try:
            if form.is_valid():
                saved = services.set_funds(form.entered, self.year, actor=request.user)
                messages.success(request, _said(saved))
                return redirect(request.get_full_path())
        except services.StaleFunds as stale:
            status = 409
            form.show_conflict(stale.current)
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
        return self.render_to_response(self.get_context_data(), status=status)

    def _posted(self) -> list[Station]:
        """The stations of the page that was sent; one that is not the user's to fund is 403."""
        keys = [whole(key) for key in self.request.POST.getlist("station")[: PAGE + 1]]
        rows = list(self.get_rows().filter(pk__in=[key for key in keys if key]).for_list())
        if len(rows) != len(keys):
            raise Http404
        if not all(rules.can_set_funds(self.request.user, row) for row in rows):
            raise PermissionDenied
        return sorted(rows, key=lambda row: keys.index(row.pk))

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        seen = Fund.objects.visible_to(self.request.user).filter(year=self.year)
        sums = seen.filter(station__in=context["rows"]).aggregate(
            entered=Count("pk"), **{name: Sum(name, default=0) for name in MONEY}
        )
        sums["unallotted"] = sums["budget"] - sums["allotted"]
        return {
            **context,
            "form": self.form,
            "year": self.year,
            "this_year": timezone.localdate().year,
            "may_enter": any(line.fields for line in self.form.lines),
            "sums": sums,
            "odd_count": seen.filter(station__in=context["rows"]).odd().count(),
        }


def _said(saved: list[Fund]) -> str:
    if not saved:
        return "没有改动。"
    odd = [str(row.station) for row in saved if rules.funds_odd(row)]
    said = f"已保存 {len(saved)} 个站的经费。"
    return f"{said}{'、'.join(odd[:3])}等的数字请再核对。" if odd else said
