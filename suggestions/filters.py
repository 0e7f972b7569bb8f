"""What the list of suggestions is narrowed by; kept in the URL, linked to by the figures."""

from __future__ import annotations

from typing import ClassVar

import django_filters as filters
from django.db.models import Q
from django.utils import timezone

from common.forms.fields import DayField
from common.listing import AddressFilter
from deputies.models import Deputy
from stations.models import Area, Category, Station, Unit
from suggestions.choices import Duty, Kind, Occasion, ResultClass, State
from suggestions.models import Session, Suggestion
from visits.choices import Satisfaction

LARGEST_KEY = 2**31 - 1
NONE = "none"

STEP_LABELS = {
    "asking_me": "等我",
    "own": "我领衔的",
    "at_unit": "待办",
    "open": "未办结",
    "review": "待审核",
    "assign": "待交办",
    "decide": "待审批",
    "units": "在单位",
    "vet": "答复待审",
    "rate": "待评价",
    "promises": "续办",
    "overdue": "超期",
    "all": "全部",
}
_RATED = [*Satisfaction.choices, ("rated", "已评价")]
# Words of a figure that has no field of its own in the form.
_OF_A_FIGURE = {
    "unit": ("承办单位", {}),
    "duty": ("分工", dict([*Duty.choices, ("answering", "独办、主办、分办")])),
    "replied": ("答复", {"1": "已答复"}),
    "timing": (
        "答复时限",
        {"on_time": "按期答复", "after_extension": "延期后按期答复", "late": "超期答复",
         "unknown": "时间不详", "open": "未答复", "open_late": "超期未答复", "kept": "按期"},
    ),
    "attitude": ("对办理工作", dict(_RATED)),
    "outcome": ("对办理结果", dict(_RATED)),
    "first_outcome": ("第一次评价", dict(_RATED)),
    "met": ("面商", {"1": "已面商"}),
    "redone": ("重办", {"1": "重办过"}),
    "redo": ("重办", {"open": "重办中", "answered": "重办已答复"}),
    "promise": (
        "续办",
        {"any": "有承诺", "open": "未续办答复", "overdue": "续办超期", "answered": "已续办答复",
         "due": "本期应续办"},
    ),
    "fate": (
        "办理去向",
        {"raised": "提出", "adopted": "采纳", "rejected": "不予接收", "reference": "转作参考",
         "pending": "待审核", "withdrawn": "撤回", "closed": "办结"},
    ),
}  # fmt: skip


class DayFilter(filters.Filter):
    field_class = DayField


# What the deputy who is asked for did.
PARTS = (("led", "领衔"), ("signed", "附议"))


class SuggestionFilter(AddressFilter):
    """`step` is the worklist. What a figure asks (`DRILL_KEYS`) is asked in one piece, of one
    unit's share; here it is named, so that it shows as a condition."""

    address_names: ClassVar[dict[str, str]] = {
        "date_from": "from", "date_to": "to", "result_class": "class",
    }  # fmt: skip
    step = filters.ChoiceFilter(
        method="by_step", label="等着做的事", choices=list(STEP_LABELS.items())
    )
    q = filters.CharFilter(method="by_text", label="搜索")
    date_from = DayFilter(method="by_first_day", label="提出从")
    date_to = DayFilter(method="by_last_day", label="到")
    session = filters.ChoiceFilter(
        method="by_session", label="届次", choices=[], empty_label="届次"
    )
    kind = filters.ChoiceFilter(
        method="of_a_figure", label="种类", choices=Kind, empty_label="种类"
    )  # fmt: skip
    occasion = filters.ChoiceFilter(
        method="of_a_figure", label="提出时间", choices=Occasion, empty_label="何时提出"
    )
    state = filters.ChoiceFilter(
        field_name="state", label="状态", choices=State, empty_label="状态"
    )
    unit_name = filters.CharFilter(method="by_unit_name", label="承办单位")
    result_class = filters.ChoiceFilter(
        method="of_a_figure", label="结果类别", empty_label="结果类别",
        choices=[*((code, f"{code} 类") for code in ResultClass.values), (NONE, "未定")],
    )  # fmt: skip
    category = filters.ChoiceFilter(
        method="by_category", label="类别", choices=[], empty_label="类别"
    )
    is_key = filters.ChoiceFilter(
        method="of_a_figure", label="重点督办", choices=[("1", "重点督办")], empty_label="是否重点"
    )
    overdue = filters.ChoiceFilter(
        method="by_overdue", label="超期", choices=[("1", "有超期")], empty_label="是否超期"
    )
    station = filters.NumberFilter(field_name="station", label="联络站", max_value=LARGEST_KEY)
    station_name = filters.CharFilter(method="by_station_name", label="联络站")
    area = filters.CharFilter(method="by_area", label="乡镇街道")
    deputy = filters.NumberFilter(method="by_deputy", label="代表", max_value=LARGEST_KEY)
    part = filters.ChoiceFilter(method="by_part", label="领衔或附议", choices=PARTS)
    batch = filters.NumberFilter(field_name="batch", label="导入", max_value=LARGEST_KEY)

    class Meta:
        model = Suggestion
        fields: ClassVar[list[str]] = []

    def __init__(self, data=None, *args, **kwargs):
        super().__init__(_with_own_names(data), *args, **kwargs)
        for name, (label, _) in _OF_A_FIGURE.items():
            self.filters[name] = filters.CharFilter(method="of_a_figure", label=label)
            self.filters[name].parent, self.filters[name].model = self, self._meta.model
        self.filters["session"].extra["choices"] = [
            (one.pk, f"{one.area.name}{one}")
            for one in Session.objects.visible_to(self.request.user).select_related("area")
        ]
        self.filters["category"].extra["choices"] = [
            *((top.pk, top.name) for top in Category.objects.tops()), (NONE, "未分类"),
        ]  # fmt: skip

    def filter_queryset(self, queryset):
        return self._of_figure(super().filter_queryset(queryset))

    def without_step(self, rows):
        """`rows` narrowed by every condition but the worklist."""
        for name, value in self.form.cleaned_data.items():
            if name != "step":
                rows = self.filters[name].filter(rows, value)
        return self._of_figure(rows)

    def word_for(self, name: str, value) -> str:
        """How a value reads where its field cannot say it."""
        user = self.request.user
        if name == "unit":
            return str(Unit.objects.filter(pk=_key(value)).first() or value)
        if name == "deputy":
            return str(Deputy.objects.visible_to(user).filter(pk=value).first() or "")
        if name == "station":
            return str(Station.objects.visible_to(user).filter(pk=value).first() or "")
        if name == "area":
            return str(Area.objects.visible_to(user).filter(code=value).first() or value)
        if name == "batch":
            return f"第 {value} 批"
        return _OF_A_FIGURE[name][1].get(value, "") if name in _OF_A_FIGURE else ""

    def _of_figure(self, rows):
        return rows.of_figure(self.data or {}, timezone.localdate())

    def of_a_figure(self, rows, name, value):
        return rows  # asked together with the others, in `_of_figure`

    def by_step(self, rows, name, value):
        return rows.at_step(value, self.request.user, timezone.localdate())

    def by_text(self, rows, name, value):
        return rows.matching(value)

    def by_first_day(self, rows, name, value):
        return rows.between(value, None)

    def by_last_day(self, rows, name, value):
        return rows.between(None, value)

    def by_session(self, rows, name, value):
        return rows.filter(session=value)

    def by_unit_name(self, rows, name, value):
        return rows.handled_by(value.strip())

    def by_category(self, rows, name, value):
        if value == NONE:
            return rows.filter(category=None)
        return rows.filter(Q(category=value) | Q(category__parent=value))

    def by_overdue(self, rows, name, value):
        return rows.overdue(timezone.localdate())

    def by_station_name(self, rows, name, value):
        return rows.filter(station__name__contains=value.strip())

    def by_area(self, rows, name, value):
        return rows.filter(station__area__code__startswith=value)

    def by_deputy(self, rows, name, value):
        return rows.of_deputy(value, self.form.cleaned_data.get("part") or "")

    def by_part(self, rows, name, value):
        return rows  # of the deputy who is asked for: `by_deputy`


def _with_own_names(data):
    """What the address calls by a shorter name, under the name of its filter, too."""
    if data is None:
        return None
    data = data.copy()
    for name, short in SuggestionFilter.address_names.items():
        if short in data:
            data.setlist(name, data.getlist(short))
    return data


def _key(value) -> int:
    return int(value) if str(value).isdecimal() and len(str(value)) < 10 else 0
