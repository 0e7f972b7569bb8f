"""What the list of deputies is narrowed by; kept in the URL, linked to by the figures."""

from __future__ import annotations

import django_filters as filters

from common.listing import AddressFilter
from deputies.choices import DeputyState, Level
from deputies.models import Deputy
from stations.filters import area_choices
from stations.models import Station


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
