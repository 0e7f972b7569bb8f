"""What the list of deputies is narrowed by; kept in the URL, linked to by the figures."""

from __future__ import annotations

from typing import ClassVar

import django_filters as filters
from django.utils import timezone

from common.forms.fields import DayField
from common.listing import AddressFilter
from deputies.choices import STANDING_DAYS, DayState, DeputyState, Level
from deputies.models import Deputy, DutyDay
from stations.filters import area_choices
from stations.models import Station

LARGEST_KEY = 2**31 - 1


class DeputyFilter(AddressFilter):
    q = filters.CharFilter(method="by_name", label="搜索")
    area = filters.ChoiceFilter(
        method="by_area", label="乡镇街道", choices=[], empty_label="全部乡镇街道"
    )
    station = filters.ModelChoiceFilter(
        label="联络站", queryset=Station.objects.none(), empty_label="全部联络站"
    )
    level = filters.ChoiceFilter(
        method="by_level", label="代表层级", choices=Level, empty_label="代表层级"
    )
    state = filters.ChoiceFilter(label="状态", choices=DeputyState, empty_label="状态")
    constituency = filters.CharFilter(method="by_constituency", label="选区")
    group = filters.NumberFilter(label="代表小组")

    class Meta:
        model = Deputy
        fields: list[str] = []

    def __init__(self, data=None, *args, **kwargs):
        super().__init__(data, *args, **kwargs)
        user = self.request.user
        self.filters["area"].extra["choices"] = area_choices(user, (data or {}).get("area", ""))
        stations = Station.objects.visible_to(user).order_by("township__code", "pk")
        self.filters["station"].queryset = stations

    def by_name(self, rows, name, value):
        return rows.named(value)

    def by_area(self, rows, name, value):
        return rows.within(value)

    def by_level(self, rows, name, value):
        return rows.at_level(value)

    def by_constituency(self, rows, name, value):
        return rows.of_constituency(value.strip())


class DayFilter(filters.Filter):
    field_class = DayField


COMING = "coming"
CANCELLED = "cancelled"
# What the list of duty days shows, in the words of its choice.
SHOWN = (
    ("unclosed", "已过未办结"),
    ("past", "过去的"),
    ("standing", "全部已公布"),
    ("held", "已开展（已接待、无来访）"),
    ("not_held", "未开展"),
    ("draft", "未公布"),
    (CANCELLED, "已取消"),
)
# What became of the turn of the deputy whose days are asked for.
TURNS = (("due", "应到"), ("came", "出席"), ("leave", "请假"))


class DutyDayFilter(AddressFilter):
    """The coming days, unless the address asks for others."""

    address_names: ClassVar[dict[str, str]] = {"date_from": "from", "date_to": "to"}
    station = filters.ModelChoiceFilter(
        label="联络站", queryset=Station.objects.none(), empty_label="全部联络站"
    )
    show = filters.ChoiceFilter(
        method="by_show", label="状态", choices=SHOWN, empty_label="今天和以后"
    )
    area = filters.CharFilter(method="by_area", label="区划代码")
    deputy = filters.NumberFilter(method="by_deputy", label="代表", max_value=LARGEST_KEY)
    turn = filters.ChoiceFilter(method="by_turn", label="出勤", choices=TURNS)
    date_from = DayFilter(field_name="date", lookup_expr="gte", label="从")
    date_to = DayFilter(field_name="date", lookup_expr="lte", label="到")

    class Meta:
        model = DutyDay
        fields: list[str] = []

    def __init__(self, data=None, *args, **kwargs):
        data = data.copy() if data else data
        for name, short in self.address_names.items():
            if data and short in data:
                data.setlist(name, data.getlist(short))
        super().__init__(data, *args, **kwargs)
        stations = Station.objects.visible_to(self.request.user)
        self.filters["station"].queryset = stations.order_by("township__code", "pk")

    @property
    def shown(self) -> str:
        """What is shown: with a period in the address all of it, else what is to come."""
        get = self.request.GET
        asked = get.get("show", "")
        if asked in dict(SHOWN):
            return asked
        return "standing" if "from" in get or "to" in get else COMING

    def filter_queryset(self, queryset):
        return self.by_show(super().filter_queryset(queryset), "show", self.shown)

    def word_for(self, name: str, value) -> str:
        if name == "deputy":
            return str(Deputy.objects.visible_to(self.request.user).filter(pk=value).first() or "")
        return ""

    def by_area(self, rows, name, value):
        return rows.filter(station__area__code__startswith=value)

    def by_deputy(self, rows, name, value):
        return rows.of_turn(value, self.form.cleaned_data.get("turn") or "")

    def by_turn(self, rows, name, value):
        return rows  # of the deputy whose days are asked for: `by_deputy`

    def by_show(self, rows, name, value):
        today = timezone.localdate()
        conditions: dict[str, dict[str, object]] = {
            COMING: {"date__gte": today},
            "unclosed": {"date__lt": today, "state": DayState.PUBLISHED},
            "past": {"date__lt": today},
            "standing": {"state__in": STANDING_DAYS},
            "held": {"state__in": (DayState.HELD, DayState.NO_VISIT)},
            "not_held": {"state": DayState.NOT_HELD},
            "draft": {"state": DayState.DRAFT},
            CANCELLED: {"state": DayState.CANCELLED},
        }
        return rows.filter(**conditions.get(value, {}))
