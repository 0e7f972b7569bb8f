"""What staff type on the page of one duty day: a line each, about one deputy."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils import timezone

from common.forms.fields import ClockField, DayField
from common.forms.typed import TypedMixin
from deputies.choices import Answer
from deputies.models import Deputy
from deputies.services.duty.answers import CONTACT_OUTCOMES


class ContactForm(TypedMixin, forms.Form):
    """What calling the deputy gave; leave is nothing without its reason."""

    outcome = forms.ChoiceField(
        label="联系结果",
        choices=[(outcome.value, outcome.label) for outcome in CONTACT_OUTCOMES],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择联系结果。"},
    )
    note = forms.CharField(label="说明", max_length=200, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["note"].mark = "请假时写原因"

    def clean(self):
        data = super().clean()
        if data.get("outcome") == Answer.LEAVE and not data.get("note"):
            self.add_error("note", "请写明请假的原因。")
        return data


class DecisionForm(TypedMixin, forms.Form):
    """The 站长's word on a leave; which button was pressed says which."""

    AGREED, REFUSED = "agree", "refuse"

    decision = forms.ChoiceField(
        choices=[(AGREED, "同意"), (REFUSED, "不同意")],
        error_messages={"required": "请点“同意”或“不同意”。"},
    )
    note = forms.CharField(label="答复说明", max_length=200, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["note"].mark = "不同意时写原因"

    def clean(self):
        data = super().clean()
        if data.get("decision") == self.REFUSED and not data.get("note"):
            self.add_error("note", "不同意时请写明原因，代表会看到。")
        return data


class SignInForm(TypedMixin, forms.Form):
    """代签: who does it says why."""

    reason = forms.CharField(
        label="代签原因",
        max_length=200,
        help_text="如：没带手机，已在纸上签名",
        error_messages={"required": "请写明代签的原因，如：没带手机，已在纸上签名。"},
    )
    at = ClockField(
        label="签到时间", required=False, help_text="已填接待开始的时间，与纸上不同的请改"
    )


class WithdrawSignInForm(TypedMixin, forms.Form):
    """A 代签 that was wrong is taken back: who does it says why."""

    note = forms.CharField(
        label="撤回原因",
        max_length=200,
        help_text="如：签错了人",
        error_messages={"required": "请写明撤回代签的原因，如：签错了人。"},
    )


class LeaveEarlyForm(TypedMixin, forms.Form):
    at = ClockField(label="离开时间")


class StandInForm(TypedMixin, forms.Form):
    deputy = forms.ModelChoiceField(
        label="谁来替班", queryset=Deputy.objects.none(), empty_label="请选择代表"
    )

    def __init__(self, *args, deputies=None, offered: Sequence[Deputy] = (), **kwargs):
        """`deputies` are those that a post may name; `offered` the same, read for a whole page."""
        super().__init__(*args, **kwargs)
        if deputies is not None:
            self.fields["deputy"].queryset = deputies
        else:
            names = [(deputy.pk, str(deputy)) for deputy in offered]
            self.fields["deputy"].choices = [("", "请选择代表"), *names]


class PostedForm(TypedMixin, forms.Form):
    on = DayField(label="张贴日期")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", timezone.localdate())
