"""What the lists of the register are narrowed by; kept in the URL, linked to by the figures."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

import django_filters as filters
from django.db.models import Q
from django.utils import timezone

from common.forms.fields import DayField
from common.listing import AddressFilter
from deputies.models import Deputy
from stations.models import Category, Station
from visits.choices import (
    ActivityKind,
    AssistanceKind,
    AssistanceState,
    Channel,
    Disposal,
    Presence,
    Satisfaction,
)
from visits.querysets import PROGRESS, is_overdue

LARGEST_KEY = 2**31 - 1
NONE = "none"  # asks for rows where nothing was chosen

PROGRESS_LABELS = [
    ("on_site", "当场办结"),
    ("handed_over", "已交办"),
    ("finished", "已有结果"),
    ("open", "还没有结果"),
    ("overdue", "反馈超期"),
    ("fed_back", "已反馈"),
    ("not_fed_back", "未反馈"),
    ("rated", "已评价"),
    ("satisfied", "满意"),
    ("mostly", "基本满意"),
    ("unsatisfied", "不满意"),
]

# The worklists, in the order of the course: all that is open comes first.
STEP_LABELS = [
    ("open", "未办结"),
    ("route", "待处理"),
    ("accept", "待接收"),
    ("result", "办理中"),
    ("tell_visitor", "待反馈来访人"),
    ("tell_deputies", "待告知代表"),
    ("close", "待办结"),
    ("overdue", "超期"),
    ("all", "全部"),
]
UNLIT_LABELS = [
    ("minutes", "缺纪要"),
    ("routing", "意见没有交办"),
    ("closing", "意见没有办结"),
    ("counts", "人数对不上"),
]
INSPECTING = "inspecting"  # 视察, 专题调研 and 执法检查 together
# Of visitors who wait: what is late is due within three days, too.
DUE_LABELS = [("late", "已超期"), ("today", "今天"), ("soon", "三天内"), ("week", "七天内")]
DUE_WITHIN = {"late": -1, "soon": 3, "week": 7}


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
    batch = filters.NumberFilter(method="by_batch", label="导入", max_value=LARGEST_KEY)

    class Meta:
        fields: list[str] = []

    def __init__(self, data=None, *args, **kwargs):
        super().__init__(with_short_names(data), *args, **kwargs)
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
        if name == "batch":
            return f"第 {value} 批"
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

    def by_batch(self, rows, name, value):
        return self._where(rows, batch=value)

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
        return rows.of_deputy(value)

    def by_opinion(self, rows, condition):
        return rows.with_opinion(condition)


class OpinionFilter(RegisterFilter):
    """`step` is the worklist; an opinion formed at an activity has a day, a place and deputies,
    but neither a visitor nor a 来访形式."""

    path = "reception__"
    step = filters.ChoiceFilter(method="by_step", label="等着做的事", choices=STEP_LABELS)
    due = filters.ChoiceFilter(
        method="by_due", label="反馈期限", choices=DUE_LABELS, empty_label="反馈期限"
    )
    unit = filters.CharFilter(method="by_unit", label="承办单位")
    mine = filters.ChoiceFilter(
        method="by_mine", label="范围", choices=[("1", "我登记的")], empty_label="谁登记的"
    )

    def without_step(self, rows):
        """`rows` narrowed by every condition but the worklist."""
        for name, value in self.form.cleaned_data.items():
            if name != "step":
                rows = self.filters[name].filter(rows, value)
        return rows

    def by_step(self, rows, name, value):
        whole = {"open": rows.open, "overdue": rows.late, "all": rows.all}
        return whole[value]() if value in whole else rows.waiting_for(value)

    def by_due(self, rows, name, value):
        today = timezone.localdate()
        rows = rows.awaiting_feedback()
        if value == "today":
            return rows.filter(due_on=today)
        return rows.filter(due_on__lte=today + timedelta(days=DUE_WITHIN[value]))

    def by_batch(self, rows, name, value):
        return rows.filter(Q(reception__batch=value) | Q(activity__batch=value))

    def by_unit(self, rows, name, value):
        return rows.filter(unit__name__contains=value.strip())

    def by_mine(self, rows, name, value):
        return rows.recorded_by(self.request.user)

    def by_first_day(self, rows, name, value):
        return rows.filter(raised_on__gte=value)

    def by_last_day(self, rows, name, value):
        return rows.filter(raised_on__lte=value)

    def by_station(self, rows, name, value):
        return rows.filter(station=value)

    def by_station_name(self, rows, name, value):
        return rows.filter(station__name__contains=value.strip())

    def by_area(self, rows, name, value):
        return rows.filter(station__area__code__startswith=value)

    def by_text(self, rows, name, value):
        return rows.matching(value)

    def by_deputy(self, rows, name, value):
        return rows.of_deputy(value)

    def by_deputy_name(self, rows, name, value):
        said = value.strip()
        return rows.filter(
            Q(reception__deputy_names__contains=said) | Q(activity__deputy_names__contains=said)
        )

    def by_opinion(self, rows, condition):
        return rows.filter(condition)


class EntryFilter(AddressFilter):
    """The conditions that 簿二 and 簿三 share."""

    address_names = RegisterFilter.address_names
    q = filters.CharFilter(method="by_text", label="搜索")
    date_from = DayFilter(method="by_first_day", label="从")
    date_to = DayFilter(method="by_last_day", label="到")
    station = filters.NumberFilter(label="联络站", max_value=LARGEST_KEY)
    station_name = filters.CharFilter(method="by_station_name", label="联络站")
    area = filters.CharFilter(
        field_name="station__area__code", lookup_expr="startswith", label="区划代码"
    )
    deputy = filters.NumberFilter(method="by_deputy", label="代表", max_value=LARGEST_KEY)
    deputy_name = filters.CharFilter(method="by_deputy_name", label="代表")
    batch = filters.NumberFilter(label="导入", max_value=LARGEST_KEY)

    class Meta:
        fields: list[str] = []

    def __init__(self, data=None, *args, **kwargs):
        super().__init__(with_short_names(data), *args, **kwargs)

    word_for = RegisterFilter.word_for

    def by_text(self, rows, name, value):
        return rows.matching(value, reader=self.request.user)

    def by_first_day(self, rows, name, value):
        return rows.between(value, None)

    def by_last_day(self, rows, name, value):
        return rows.between(None, value)

    def by_station_name(self, rows, name, value):
        return rows.filter(station__name__contains=value.strip())

    def by_deputy(self, rows, name, value):
        return rows.of_deputy(value)

    def by_deputy_name(self, rows, name, value):
        return rows.filter(deputy_names__contains=value.strip())


class AssistanceFilter(EntryFilter):
    kind = filters.ChoiceFilter(
        method="by_kind",
        label="帮扶类型",
        choices=[*AssistanceKind.choices, (NONE, "未填")],
        empty_label="帮扶类型",
    )
    state = filters.ChoiceFilter(label="完成情况", choices=AssistanceState, empty_label="完成情况")

    def by_kind(self, rows, name, value):
        return rows.filter(kind="" if value == NONE else value)


class ActivityFilter(EntryFilter):
    kind = filters.ChoiceFilter(
        method="by_kind",
        label="活动形式",
        choices=[
            *ActivityKind.choices,
            (INSPECTING, "视察、调研、检查"),
            (NONE, "未填"),
        ],
        empty_label="活动形式",
    )
    presence = filters.ChoiceFilter(
        method="by_presence", label="到会", choices=Presence, empty_label="到会"
    )
    light = filters.ChoiceFilter(
        method="by_light", label="还缺", choices=UNLIT_LABELS, empty_label="还缺什么"
    )

    def by_kind(self, rows, name, value):
        if value == INSPECTING:
            return rows.filter(kind__in=ActivityKind.inspecting())
        return rows.filter(kind="" if value == NONE else value)

    def by_deputy(self, rows, name, value):
        return rows.of_deputy(value, self.form.cleaned_data.get("presence") or "")

    def by_presence(self, rows, name, value):
        return rows  # of the deputy whose activities are asked for: `by_deputy`

    def by_light(self, rows, name, value):
        return rows.lacking(value)

    def by_deputy_name(self, rows, name, value):
        return rows.attended_by_name(value.strip())


def with_short_names(data):
    if data is None:
        return None
    data = data.copy()
    for name, short in RegisterFilter.address_names.items():
        if short in data:
            data.setlist(name, data.getlist(short))
    return data
