"""What deputies write about their own duty days."""

from __future__ import annotations

from django import forms
from django.utils import timezone

from common.forms.fields import DayField
from deputies import own_duty
from deputies.models import Assignment, Deputy


class DateInput(forms.DateInput):
    """The phone's own calendar; where there is none, a day may be written as people do."""

    input_type = "date"


class LeaveForm(forms.Form):
    reason = forms.CharField(
        label="请假的原因",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请写一句请假的原因，站长要看。"},
    )


class OfferedDay(forms.ModelChoiceField):
    default_error_messages = {"invalid_choice": "这一天现在不能换了，请另选一天。"}


class Colleague(forms.ModelChoiceField):
    default_error_messages = {"invalid_choice": "这位代表现在不能代班，请另选一位。"}

    def label_from_instance(self, deputy):
        return deputy.name


class SwapForm(forms.Form):
    """A day of a colleague for one's own, or a colleague who comes for nothing in return."""

    taken = OfferedDay(None, label="换哪一天", required=False)
    other = Colleague(None, label="请哪位代表", required=False, empty_label="请选择")
    note = forms.CharField(
        label="给对方留句话",
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args, row: Assignment, user, **kwargs):
        super().__init__(*args, **kwargs)
        here = [colleague.deputy_id for colleague in row.day.expected]
        self.offered = own_duty.swappable(row, user, timezone.localdate())
        self.fields["taken"].queryset = (
            Assignment.objects.visible_to(user)
            .filter(pk__in=[offer.pk for offer in self.offered])
            .select_related("deputy", "day")
        )
        self.fields["other"].mark = "请人代班时选"
        self.fields["other"].queryset = (
            Deputy.objects.visible_to(user)
            .in_office()
            .filter(station__township=row.day.station.township_id)
            .exclude(pk__in=here)
            .order_by("pinyin", "pk")
        )

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        if data.get("taken"):
            data["other"] = data["taken"].deputy
        if not data.get("other"):
            self.add_error("other", "请选一位代表，或在上面选一天来换。")
        return data


class UnavailableForm(forms.Form):
    from_day = DayField(label="从哪天", widget=DateInput)
    to_day = DayField(
        label="到哪天", widget=DateInput, required=False, help_text="只有一天可以不填。"
    )
    note = forms.CharField(label="什么事", max_length=100, required=False)

    def clean(self):
        data = super().clean()
        if data.get("from_day") and not data.get("to_day") and "to_day" not in self.errors:
            data["to_day"] = data["from_day"]
        if data.get("to_day") and data["to_day"] < timezone.localdate():
            self.add_error("from_day", "这几天已经过去，请填以后的日子。")
        return data
