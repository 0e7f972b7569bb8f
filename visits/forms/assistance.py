"""The page of one line of 簿二: what deputies did for somebody."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property

from common.forms.fields import CountField, DayField, MoneyField
from common.forms.typed import TypedMixin
from deputies.models import Deputy
from stations.models import Station
from visits import services
from visits.choices import AssistanceKind, AssistanceState, MoneySource
from visits.forms.entry import Entry
from visits.forms.reception import DeputyPicker
from visits.models import Assistance, Opinion

MONEY, COUNTS = ("money", "goods"), ("households", "people")


class AssistanceForm(TypedMixin, forms.ModelForm):
    helped_on = DayField(label="帮扶日期")
    until = DayField(label="至", required=False, help_text="跨几天的填最后一天")
    deputies = DeputyPicker(queryset=Deputy.objects.none(), label="代表")
    kind = forms.ChoiceField(
        label="帮扶类型", choices=AssistanceKind, widget=forms.RadioSelect, required=False
    )
    money = MoneyField(label="资金（元）", required=False)
    goods = MoneyField(label="物资折款（元）", required=False)
    households = CountField(label="受益户数", required=False)
    people = CountField(label="受益人数", required=False)
    state = forms.ChoiceField(
        label="完成情况", choices=AssistanceState, widget=forms.RadioSelect, required=False
    )
    finished_on = DayField(label="完成日期", required=False)
    opinion = forms.ModelChoiceField(
        Opinion.objects.none(), required=False, widget=forms.HiddenInput
    )

    class Meta:
        model = Assistance
        fields = [
            "helped_on", "until", "beneficiary", "address", "kind", "deed", "source", "state",
            "finished_on", "witness", "note", "opinion",
        ]  # fmt: skip
        widgets = {
            "deed": forms.Textarea(attrs={"rows": 3}),
            "note": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args, station: Station, deputies, opinions, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.station = station
        self.fields["deputies"].queryset = deputies
        self.fields["deputies"].error_messages["required"] = "请填写代表，至少一位。"
        self.fields["opinion"].queryset = opinions
        self.fields["source"].choices = [("", "未填"), *MoneySource.choices]
        self.fields["money"].mark = "没有可不填"
        self.fields["goods"].mark = "没有可不填"
        self.fields["deed"].mark = "做了什么，怎么做的"
        if self.instance.pk:
            self._show_as_written()
        if self.instance.pk and self.instance.masked:
            # Who may not see whom they helped changes everything else; that stays as it is.
            del self.fields["beneficiary"], self.fields["note"]
            if self.instance.shown_deed != self.instance.deed:
                del self.fields["deed"]

    def _show_as_written(self):
        words = self.instance.approximate
        for name in (*MONEY, *COUNTS):
            self.initial[name] = words.get(name) or getattr(self.instance, name) or ""
        self.initial["deputies"] = [row.deputy_id for row in self.instance.helpers.all()]

    def clean_helped_on(self):
        return _not_to_come(self.cleaned_data["helped_on"], "帮扶日期")

    def clean_finished_on(self):
        return _not_to_come(self.cleaned_data["finished_on"], "完成日期")

    def clean(self):
        data = super().clean()
        first = data.get("helped_on")
        for name in ("until", "finished_on"):
            if first and data.get(name) and data[name] < first:
                self.add_error(name, "不能早于帮扶日期。")
        return data

    def _post_clean(self):
        super()._post_clean()
        instance, words = self.instance, {}
        for name in MONEY:
            if money := self.cleaned_data.get(name):
                setattr(instance, name, money.amount)
                words |= {name: money.text} if money.approximate else {}
        for name in COUNTS:
            if count := self.cleaned_data.get(name):
                setattr(instance, name, count.value)
                words |= {name: count.text} if count.approximate else {}
        instance.approximate = words


class AssistanceEntry(Entry):
    deputy_rows = "helpers"

    def build(self):
        self.main = AssistanceForm(
            self.data,
            instance=self.row,
            initial=self.initial,
            station=self.row.station,
            deputies=self.deputies,
            opinions=Opinion.objects.visible_to(self.actor).of_valid(),
        )
        return [self.main]

    @cached_property
    def opinion(self) -> Opinion | None:
        """The opinion it came from, as far as the user may read it."""
        key = self.main["opinion"].value()
        rows = self.main.fields["opinion"].queryset
        return rows.for_list().filter(pk=key).first() if str(key or "").isdecimal() else None

    def save(self) -> Assistance:
        deputies = self.main.cleaned_data["deputies"]
        if self.row.pk is None:
            return services.log_assistance(self.row, actor=self.actor, deputies=deputies)
        return services.change_assistance(
            self.row, actor=self.actor, version=self.version, deputies=deputies
        )


def _not_to_come(day, label: str):
    if day and day > timezone.localdate():
        raise forms.ValidationError(f"{label}不能在今天之后。")
    return day
