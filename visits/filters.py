"""What the lists of the register are narrowed by; kept in the URL, linked to by the figures."""

from __future__ import annotations

from typing import ClassVar

import django_filters as filters
from django.db.models import Q

from common.forms.fields import DayField
from common.listing import AddressFilter
from deputies.models import Deputy
from stations.models import Category, Station
from visits.choices import Channel, Disposal, Satisfaction
from visits.querysets import PROGRESS, is_overdue

LARGEST_KEY = 2**31 - 1
NONE = "none"  # asks for rows where nothing was chosen

PROGRESS_LABELS = [
    ("on_site", "当场办结"),
    ("handed_over", "已交办"),
    ("finished", "已办结"),
    ("open", "未办结"),
    ("overdue", "反馈超期"),
    ("fed_back", "已反馈"),
    ("not_fed_back", "未反馈"),
    ("rated", "已评价"),
    ("satisfied", "满意"),
    ("mostly", "基本满意"),
    ("unsatisfied", "不满意"),
]


class DayFilter(filters.Filter):
    field_class = DayField


class RegisterFilter(AddressFilter):
    """The conditions that receptions and opinions share; `path` leads to the reception."""

    path = ""
    address_names: ClassVar[dict[str, str]] = {"date_from": "from", "date_to": "to"}
    q = filters.CharFilter(method="by_text", label="搜索")
    date_from = DayFilter(method="by_first_day", label="从")
    date_to = DayFilter(method="by_last_day", label="到")
    station = filters.NumberFilter(method="by_station", label="联络站", max_value=LARGEST_KEY)
    station_name = filters.CharFilter(method="by_station_name", label="联络站")
    area = filters.CharFilter(method="by_area", label="区划代码")
    channel = filters.ChoiceFilter(
        method="by_channel", label="来访形式", choices=Channel, empty_label="来访形式"
    )
    category = filters.ChoiceFilter(
        method="by_category", label="问题类别", choices=[], empty_label="问题类别"
    )
    disposal = filters.ChoiceFilter(
        method="by_disposal",
        label="处理方式",
        choices=[*Disposal.choices, (NONE, "未填")],
        empty_label="处理方式",
    )
    progress = filters.ChoiceFilter(
        method="by_progress", label="进展", choices=PROGRESS_LABELS, empty_label="进展"
    )
    satisfaction = filters.ChoiceFilter(
        method="by_satisfaction", label="满意度", choices=Satisfaction, empty_label="满意度"
    )
    deputy = filters.NumberFilter(method="by_deputy", label="接待代表", max_value=LARGEST_KEY)
    deputy_name = filters.CharFilter(method="by_deputy_name", label="接待代表")

    class Meta:
        fields: list[str] = []

    def __init__(self, data=None, *args, **kwargs):
        super().__init__(_with_short_names(data), *args, **kwargs)
        self.filters["category"].extra["choices"] = [
            *((top.pk, top.name) for top in Category.objects.tops()),
            (NONE, "未分类"),
        ]

    def word_for(self, name: str, value) -> str:
        """How a value reads where its field cannot say it."""
        if name == "deputy":
            return str(Deputy.objects.visible_to(self.request.user).filter(pk=value).first() or "")
        if name == "station":
            return str(Station.objects.visible_to(self.request.user).filter(pk=value).first() or "")
        return ""

    def _where(self, rows, **conditions):
        return rows.filter(**{f"{self.path}{key}": value for key, value in conditions.items()})

    def by_first_day(self, rows, name, value):
        return self._where(rows, received_on__gte=value)

    def by_last_day(self, rows, name, value):
        return self._where(rows, received_on__lte=value)

    def by_station(self, rows, name, value):
        return self._where(rows, station=value)

    def by_station_name(self, rows, name, value):
        return self._where(rows, station__name__contains=value.strip())

    def by_area(self, rows, name, value):
        return self._where(rows, station__area__code__startswith=value)

    def by_channel(self, rows, name, value):
        return self._where(rows, channel=value)

    def by_deputy_name(self, rows, name, value):
        return self._where(rows, deputy_names__contains=value.strip())

    def by_category(self, rows, name, value):
        if value == NONE:
            return self.by_opinion(rows, Q(category=None))
        return self.by_opinion(rows, Q(category=value) | Q(category__parent=value))

    def by_disposal(self, rows, name, value):
        return self.by_opinion(rows, Q(disposal="" if value == NONE else value))

    def by_progress(self, rows, name, value):
        if value == "overdue":
            return self.by_opinion(rows, is_overdue())
        opposite = {"open": "finished", "not_fed_back": "fed_back"}.get(value)
        return self.by_opinion(rows, ~PROGRESS[opposite] if opposite else PROGRESS[value])

    def by_satisfaction(self, rows, name, value):
        return self.by_opinion(rows, Q(satisfaction=value))


class ReceptionFilter(RegisterFilter):
    def by_text(self, rows, name, value):
        return rows.matching(value, reader=self.request.user)

    def by_deputy(self, rows, name, value):
        return rows.received_by(value)

    def by_opinion(self, rows, condition):
        return rows.with_opinion(condition)


class OpinionFilter(RegisterFilter):
    path = "reception__"

    def by_text(self, rows, name, value):
        return rows.matching(value)

    def by_deputy(self, rows, name, value):
        return rows.filter(reception__receivers__deputy=value)

    def by_opinion(self, rows, condition):
        return rows.filter(condition)


def _with_short_names(data):
    if data is None:
        return None
    data = data.copy()
    for name, short in RegisterFilter.address_names.items():
        if short in data:
            data.setlist(name, data.getlist(short))
    return data
