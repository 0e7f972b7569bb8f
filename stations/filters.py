"""What the list of stations is narrowed by; kept in the URL, linked to by the figures."""

from __future__ import annotations

import django_filters as filters
from django.utils import timezone

from common.listing import AddressFilter
from stations.choices import AssessmentState, Star, StationKind, StationState
from stations.models import Area, Assessment, Fund, Station

NONE = "none"  # asks for stations without a star


def area_choices(user, wanted: str) -> list[tuple[str, str]]:
    """The townships `user` sees, and the area that the address asks for if it is another."""
    areas = list(Area.objects.visible_to(user).exclude(level="village").order_by("code"))
    choices = [(area.code, area.name) for area in areas if area.level == "township"]
    if wanted and wanted not in {code for code, _ in choices}:
        above = next((area.name for area in areas if area.code == wanted), None)
        choices.append((wanted, above or f"区划 {wanted}"))
    return choices


class StationFilter(AddressFilter):
    q = filters.CharFilter(method="by_text", label="搜索")
    area = filters.ChoiceFilter(
        method="by_area", label="乡镇街道", choices=[], empty_label="全部乡镇街道"
    )
    kind = filters.ChoiceFilter(label="类型", choices=StationKind, empty_label="类型")
    star = filters.ChoiceFilter(
        method="by_star", label="星级", choices=[*Star.choices, (NONE, "未评")], empty_label="星级"
    )
    state = filters.ChoiceFilter(label="状态", choices=StationState, empty_label="状态")

    class Meta:
        fields: list[str] = []

    def __init__(self, data=None, *args, **kwargs):
        super().__init__(data, *args, **kwargs)
        wanted = (data or {}).get("area", "")
        self.filters["area"].extra["choices"] = area_choices(self.request.user, wanted)

    def by_text(self, rows, name, value):
        return rows.matching(value.strip())

    def by_area(self, rows, name, value):
        return rows.within(value)

    def by_star(self, rows, name, value):
        return rows.filter(star=None if value == NONE else value)


class MailboxFilter(AddressFilter):
    """The boxes that hang, unless those taken down are asked for."""

    STATES = [("todo", "本月未开箱"), ("done", "本月已开箱"), ("down", "已撤除")]

    q = filters.CharFilter(method="by_text", label="搜索")
    state = filters.ChoiceFilter(
        method="by_state", label="状态", choices=STATES, empty_label="全部在用的"
    )
    station = filters.NumberFilter(field_name="station", label="联络站", max_value=2**31 - 1)

    class Meta:
        fields: list[str] = []

    def by_text(self, rows, name, value):
        return rows.matching(value)

    def by_state(self, rows, name, value):
        if value == "down":
            return rows.exclude(taken_down_on=None)
        return rows.hanging().filter(opened_on__isnull=value == "todo")

    def filter_queryset(self, rows):
        rows = super().filter_queryset(rows)
        return rows if self.form.cleaned_data["state"] else rows.hanging()

    def word_for(self, name: str, value) -> str:
        if name == "station":
            return str(Station.objects.visible_to(self.request.user).filter(pk=value).first() or "")
        return ""


class UnitFilter(AddressFilter):
    """All units, those stopped too: rows go on holding them."""

    STATES = [("new", "待确认"), ("active", "使用中"), ("stopped", "已停用")]

    q = filters.CharFilter(method="by_text", label="搜索")
    area = filters.ChoiceFilter(
        method="by_area", label="乡镇街道", choices=[], empty_label="全部区划"
    )
    state = filters.ChoiceFilter(
        method="by_state", label="状态", choices=STATES, empty_label="全部状态"
    )
    clerks = filters.ChoiceFilter(
        method="by_clerks",
        label="经办人",
        choices=[(NONE, "没有能登录的")],
        empty_label="经办人",
    )

    class Meta:
        fields: list[str] = []

    def __init__(self, data=None, *args, **kwargs):
        super().__init__(data, *args, **kwargs)
        wanted = (data or {}).get("area", "")
        self.filters["area"].extra["choices"] = area_choices(self.request.user, wanted)

    def by_text(self, rows, name, value):
        return rows.matching(value)

    def by_area(self, rows, name, value):
        return rows.within(value)

    def by_state(self, rows, name, value):
        if value == "new":
            return rows.filter(confirmed=False)
        return rows.filter(active=value == "active")

    def by_clerks(self, rows, name, value):
        return rows.without_clerk()


class AssessmentFilter(AddressFilter):
    """Stations, by how they stand by the standards of one year."""

    q = filters.CharFilter(method="by_text", label="搜索")
    area = filters.ChoiceFilter(
        method="by_area", label="乡镇街道", choices=[], empty_label="全部乡镇街道"
    )
    year = filters.ChoiceFilter(method="as_it_is", label="年度", choices=[], empty_label="本年度")
    state = filters.ChoiceFilter(
        method="by_state",
        label="状态",
        choices=[*AssessmentState.choices, (NONE, "一项也没有自评")],
        empty_label="全部状态",
    )

    class Meta:
        fields: list[str] = []

    def __init__(self, data=None, *args, **kwargs):
        super().__init__(data, *args, **kwargs)
        wanted = (data or {}).get("area", "")
        self.filters["area"].extra["choices"] = area_choices(self.request.user, wanted)
        self.filters["year"].extra["choices"] = [(str(year), f"{year}年") for year in self._years()]

    def _years(self) -> list[int]:
        """Those that stations were assessed in, this one aside; and the last, to begin."""
        this = timezone.localdate().year
        known = Assessment.objects.visible_to(self.request.user).order_by()
        years = {this - 1, *known.values_list("year", flat=True).distinct()} - {this}
        return sorted(years, reverse=True)

    @property
    def asked_year(self) -> int:
        asked = self.form.cleaned_data.get("year") if self.form.is_valid() else ""
        return int(asked or timezone.localdate().year)

    def by_text(self, rows, name, value):
        return rows.matching(value.strip())

    def by_area(self, rows, name, value):
        return rows.within(value)

    def as_it_is(self, rows, name, value):
        return rows

    def by_state(self, rows, name, value):
        found = Assessment.objects.visible_to(self.request.user).filter(year=self.asked_year)
        if value == NONE:
            return rows.exclude(pk__in=found.values("station"))
        return rows.filter(pk__in=found.filter(state=value).values("station"))


class FundFilter(AddressFilter):
    """Stations, by the funds of one year; the year itself is read by the page."""

    q = filters.CharFilter(method="by_text", label="搜索")
    area = filters.ChoiceFilter(
        method="by_area", label="乡镇街道", choices=[], empty_label="全部乡镇街道"
    )
    show = filters.ChoiceFilter(
        method="by_show",
        label="显示",
        choices=[("entered", "已填写"), ("missing", "未填写"), ("odd", "数字要核对")],
        empty_label="全部",
    )
    station = filters.NumberFilter(method="by_station", label="联络站", max_value=2**31 - 1)

    class Meta:
        fields: list[str] = []

    def __init__(self, data=None, *args, **kwargs):
        super().__init__(data, *args, **kwargs)
        wanted = (data or {}).get("area", "")
        self.filters["area"].extra["choices"] = area_choices(self.request.user, wanted)

    def word_for(self, name: str, value) -> str:
        if name == "station":
            return str(Station.objects.visible_to(self.request.user).filter(pk=value).first() or "")
        return ""

    def by_text(self, rows, name, value):
        return rows.matching(value.strip())

    def by_area(self, rows, name, value):
        return rows.within(value)

    def by_station(self, rows, name, value):
        return rows.filter(pk=value)

    def by_show(self, rows, name, value):
        asked = self.data.get("year", "")
        year = int(asked) if asked.isdecimal() and len(asked) == 4 else timezone.localdate().year
        funds = Fund.objects.visible_to(self.request.user).filter(year=year)
        if value == "missing":
            return rows.exclude(pk__in=funds.values("station"))
        return rows.filter(pk__in=(funds.odd() if value == "odd" else funds).values("station"))
