"""What is typed about a station's year: its arrangement, and its days one by one."""

from __future__ import annotations

from datetime import date

from django import forms

from common.errors import RuleViolation
from common.forms.fields import ClockField
from common.forms.typed import TypedMixin
from deputies.models import Arrangement, Assignment, Deputy, DutyDay
from deputies.recurrence import Unreadable, parse
from deputies.services import duty as services
from stations.models import Station

DAY_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"]


def _day_field(first: date, last: date) -> forms.DateField:
    """A day from `first` to `last`: the browser's own calendar, or typed."""
    attrs = {"type": "date", "min": first.isoformat(), "max": last.isoformat()}
    return forms.DateField(
        label="日期",
        input_formats=DAY_FORMATS,
        widget=forms.DateInput(attrs=attrs, format="%Y-%m-%d"),
        error_messages={"required": "请选择日期。", "invalid": "没有这一天，请写成 2027-04-15。"},
    )


class _DayChosen(TypedMixin, forms.Form):
    """A form that asks for a day of one year, or of the January after it."""

    def __init__(self, *args, year: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.year = year
        first, last = date(year, 1, 1), date(year + 1, 1, 31)
        self.fields = {"date": _day_field(first, last), **self.fields}

    def clean_date(self):
        day = self.cleaned_data["date"]
        if not date(self.year, 1, 1) <= day <= date(self.year + 1, 1, 31):
            raise forms.ValidationError(f"请选{self.year}年里的一天，最晚到次年1月。")
        return day


class AddDayForm(_DayChosen):
    reason = forms.CharField(label="说明", max_length=200, required=False, help_text="如 圩日加开")

    def save(self, station: Station, *, actor, plan=None) -> DutyDay:
        data = self.cleaned_data
        return services.add_day(
            station, data["date"], actor=actor, reason=data["reason"], plan=plan
        )


class MoveForm(_DayChosen):
    reason = forms.CharField(label="原因", max_length=200, required=False, help_text="写在公告上")

    def save(self, day: DutyDay, *, actor) -> DutyDay:
        data = self.cleaned_data
        return services.move_day(day, data["date"], actor=actor, reason=data["reason"])


class HoursForm(TypedMixin, forms.Form):
    starts_at = ClockField(label="开始", widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    ends_at = ClockField(label="结束", widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    place = forms.CharField(label="地点", max_length=100, required=False)

    def save(self, day: DutyDay, *, actor) -> DutyDay:
        return services.change_hours(day, actor=actor, **self.cleaned_data)


class ReasonForm(TypedMixin, forms.Form):
    """Why something that was announced does not take place."""

    reason = forms.CharField(label="原因", max_length=200, help_text="代表会收到")

    def __init__(self, *args, required: bool = True, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = required


class AssignForm(TypedMixin, forms.Form):
    """Who comes, and who leaves for it: somebody of this day, or of the day dragged from."""

    deputy = forms.ModelChoiceField(
        Deputy.objects.none(),
        label="加一位代表",
        error_messages={
            "required": "请选择代表。",
            "invalid_choice": "这位代表不在任，或不在本乡镇街道。",
        },
    )
    leaving = forms.ModelChoiceField(
        Assignment.objects.none(),
        label="换下",
        required=False,
        error_messages={"invalid_choice": "要换下的代表已经不在这一天，请刷新页面。"},
    )

    def __init__(self, *args, day: DutyDay, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.day, self.actor = day, actor
        self.fields["deputy"].queryset = Deputy.objects.who_may_receive_at(day.station)
        self.fields["leaving"].queryset = Assignment.objects.managed_by(actor).expected()

    def offer(self, counts: dict[int, int]) -> None:
        """Fill the lists: who is not there yet, with how often they come this year."""
        here, people = self.day.expected, self.fields["deputy"].queryset
        taken = {row.deputy_id for row in here}
        free = [deputy for deputy in people if deputy.pk not in taken]
        own = [deputy for deputy in free if deputy.station_id == self.day.station_id]
        own.sort(key=lambda deputy: counts.get(deputy.pk, 0))
        others = [deputy for deputy in free if deputy.station_id != self.day.station_id]
        groups: list[tuple] = [("", "请选择")]
        if own:
            groups.append(("本站代表（次数少的在前）", [_option(who, counts) for who in own]))
        if others:
            groups.append(("本乡镇其他站", [(who.pk, f"{who}（{who.station}）") for who in others]))
        self.fields["deputy"].choices = groups
        leaving = [(row.pk, f"换下{row.deputy}") for row in here]
        self.fields["leaving"].choices = [("", "不换人，多排一位"), *leaving]

    def save(self) -> Assignment:
        deputy, leaving = self.cleaned_data["deputy"], self.cleaned_data["leaving"]
        return services.assign_deputy(self.day, deputy, actor=self.actor, leaving=leaving)


def _option(deputy: Deputy, counts: dict[int, int]) -> tuple[int, str]:
    return deputy.pk, f"{deputy}（{counts.get(deputy.pk, 0)} 次）"


_LEAST = {"per_day": 1, "minimum": 0}


class ArrangementForm(TypedMixin, forms.ModelForm):
    """The rule in words, and everything else a station decides of its year."""

    rule = forms.CharField(
        label="接待日",
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="如 每周三；每月15日；每月10、20、30日；每月第一周和第三周的周二；"
        "单月15日；每季度第一个月10日；圩日逢三、八",
    )
    starts_at = ClockField(label="开始", widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    ends_at = ClockField(label="结束", widget=forms.TextInput(attrs={"inputmode": "numeric"}))

    class Meta:
        model = Arrangement
        fields = [
            "rule", "policy", "month_end", "starts_at", "ends_at", "place", "per_day", "minimum",
            "accepts",
        ]  # fmt: skip
        widgets = {
            "policy": forms.RadioSelect,
            "month_end": forms.RadioSelect,
            "accepts": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args, actor, station: Station, **kwargs):
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.initial.setdefault("rule", station.reception_days)
        for name, low in _LEAST.items():
            self.fields[name].widget.attrs.update(min=low, max=50)

    def clean_rule(self):
        rule = self.cleaned_data["rule"]
        try:
            parse(rule)
        except Unreadable as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return rule

    def clean(self):
        data = super().clean()
        starts_at, ends_at = data.get("starts_at"), data.get("ends_at")
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("ends_at", "结束时间应晚于开始时间。")
        for name, low in _LEAST.items():
            if data.get(name) is not None and not low <= data[name] <= 50:
                self.add_error(name, f"请填 {low} 到 50 之间的数。")
        return data

    def save(self, commit=True) -> Arrangement:
        return services.change_arrangement(
            self.instance, actor=self.actor, rule=self.cleaned_data["rule"]
        )


def complain(form: forms.Form, refusal: RuleViolation) -> None:
    """Put what a service refuses beside the first field of the form that was sent."""
    form.add_error(next(iter(form.fields), None), str(refusal))
