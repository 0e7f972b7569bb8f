"""What a report is asked for by: a year or days, and a place."""

from __future__ import annotations

from itertools import groupby

from django import forms
from django.db.models import Max, Min
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.roles import Capability
from common.forms.fields import DayField, whole
from deputies.models import Deputy
from reports import rules
from reports.periods import FIRST_YEAR, LAST_YEAR, Period, PeriodError
from reports.scope import Scope
from stations.choices import AreaLevel
from stations.models import Area, Station
from visits.models import Reception

_YEAR_ERROR = f"请填写四位数的年度，从 {FIRST_YEAR} 到 {LAST_YEAR}。"


class ScopeForm(forms.Form):
    """Reads a `Scope` out of an address; a field left empty is the widest the user may see."""

    year = forms.IntegerField(
        label="年度",
        required=False,
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _YEAR_ERROR),
    )
    area = forms.RegexField(
        r"^\d{2,12}$",
        label="地区",
        required=False,
        error_messages={"invalid": "区划代码应为数字，请从列表里选。"},
    )
    station = forms.IntegerField(
        label="联络站",
        required=False,
        min_value=1,
        max_value=2**62,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), "没有这个联络站，请从列表里选。"
        ),
    )
    deputy = forms.IntegerField(
        label="代表",
        required=False,
        min_value=1,
        max_value=2**62,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), "没有这位代表。"),
    )

    def __init__(self, data, *, user):
        super().__init__(data)
        self.user = user
        # Addresses say from= and to=, which no attribute of Python can be called.
        self.fields["from"] = DayField(label="从", required=False)
        self.fields["to"] = DayField(label="到", required=False)

    def clean(self):
        cleaned = self.cleaned_data
        year = cleaned.get("year") or timezone.localdate().year
        try:
            self.period = Period.between(cleaned.get("from"), cleaned.get("to"), year=year)
        except PeriodError as error:
            self.add_error("to" if cleaned.get("to") else "year", str(error))
        self._check_place(cleaned.get("area"), cleaned.get("station"))
        return cleaned

    def _check_place(self, code: str | None, key: int | None) -> None:
        """The page offers every station whatever the area: two that do not fit are explained."""
        if not code or key is None:
            return
        station = Station.objects.where_user_can(self.user, Capability.VIEW_REPORT).filter(pk=key)
        elsewhere = station.exclude(area__code__startswith=code).first()
        if elsewhere is not None:
            self.add_error(
                "station", f"{elsewhere.name}不在所选的地区：重选地区，或者地区选“全部”。"
            )

    def scope(self) -> Scope:
        """What a valid form asks for; a place that is not the user's is not found."""
        if deputy := self._deputy():
            return Scope(self.user, self.period, deputy=deputy)
        return self.scope_of_place()

    def scope_of_place(self) -> Scope:
        """The same for pages that tell of places alone: a deputy who is asked for narrows
        nothing there."""
        scope = Scope(self.user, self.period, self._area(), self._station())
        return scope if scope.place else self._only_place(scope)

    def _area(self) -> Area | None:
        code = self.cleaned_data["area"]
        if not code:
            return None
        area = get_object_or_404(Area.objects.within(code), code=code)
        if not rules.can_report_on(self.user, area):
            raise Http404
        return area

    def _station(self) -> Station | None:
        if self.cleaned_data["station"] is None:
            return None
        readable = Station.objects.where_user_can(self.user, Capability.VIEW_REPORT)
        if code := self.cleaned_data["area"]:
            readable = readable.within(code)
        return get_object_or_404(readable, pk=self.cleaned_data["station"])

    def _deputy(self) -> Deputy | None:
        """Of the reader's stations, or the reader."""
        key = self.cleaned_data["deputy"]
        if key is None:
            return None
        rows = Deputy.objects.visible_to(self.user).select_related("station__township")
        deputy = get_object_or_404(rows, pk=key)
        if not rules.can_report_on_deputy(self.user, deputy):
            raise Http404
        return deputy

    def _only_place(self, scope: Scope) -> Scope:
        """Who reads of one place need not choose it."""
        places = rules.report_places(self.user)
        if len(places) != 1:
            return scope
        [place] = places
        if isinstance(place, Area):
            return Scope(self.user, self.period, area=place)
        return Scope(self.user, self.period, station=place)


def asks_of_oneself(data, user) -> bool:
    """Whether deputies ask for the report of themselves, which needs no right to read others'."""
    own = getattr(user, "deputy", None)
    return own is not None and whole(data.get("deputy")) == own.pk


class ReportForm(ScopeForm):
    """The same with lists to choose from: what the user may see, and the years with receptions."""

    def __init__(self, data, *, user):
        super().__init__(data, user=user)
        self.fields["year"].widget = forms.Select(choices=self._years())
        self.fields["area"].widget = forms.Select(choices=self._areas())
        self.fields["station"].widget = forms.Select(choices=self._stations())
        self.fields["from"].widget.attrs["placeholder"] = "如 1.1"
        self.fields["to"].widget.attrs["placeholder"] = "如 6.30"
        for field in self.fields.values():
            field.mark = " "  # type: ignore[attr-defined]

    @property
    def offers_areas(self) -> bool:
        return len(self.fields["area"].widget.choices) > 2

    @property
    def offers_stations(self) -> bool:
        return self._station_count > 1

    def _years(self) -> list[tuple[int, str]]:
        today = timezone.localdate()
        counted = Reception.objects.countable_by(self.user).valid()
        ends = counted.aggregate(first=Min("received_on"), last=Max("received_on"))
        self.last_year_with_receptions = ends["last"].year if ends["last"] else None
        shown = set(range((ends["first"] or today).year, today.year + 1))
        asked = self.data.get("year", "")
        if asked.isdecimal() and len(asked) == 4:
            shown.add(int(asked))
        return [(year, str(year)) for year in sorted(shown, reverse=True)]

    def _areas(self) -> list[tuple[str, str]]:
        found: dict[str, str] = {}
        for place in rules.report_places(self.user):
            if isinstance(place, Area):
                below = Area.objects.within(place.code).exclude(level=AreaLevel.VILLAGE)
                found |= {area.code: area.name for area in below}
        return [("", "全部"), *sorted(found.items())]

    def _stations(self) -> list:
        readable = Station.objects.where_user_can(self.user, Capability.VIEW_REPORT)
        rows = list(readable.select_related("township").order_by("township__code", "kind", "pk"))
        self._station_count = len(rows)
        groups = groupby(rows, key=lambda station: station.township.name)
        listed = [(name, [(row.pk, row.name) for row in found]) for name, found in groups]
        return [("", "全部联络站"), *listed]
