"""办理, as a unit does it, or the office from the unit's paper."""

from __future__ import annotations

from django import forms
from django.utils import timezone

from common.forms.fields import DayField
from suggestions import rules, services
from suggestions.choices import Act, Contact
from suggestions.forms.acts import ActForm, PastDayField, note_field


class SignForm(ActForm):
    act, button, done = Act.SIGN, "签收", "已签收，请按期答复。"
    dated = "签收日期"
    service = staticmethod(services.sign_for)

    clerk = forms.CharField(label="经办人", max_length=50, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.share:
            own = str(self.user) if rules.is_clerk_of(self.user, self.share) else ""
            self.initial.setdefault("clerk", self.share.clerk or own)


class AskReturnForm(ActForm):
    act, button, done = Act.ASK_RETURN, "申请退办", "已申请退办，等人大机关审批；批准前仍请办理。"
    lead_in = "不属于本单位职责的，写明理由和应由谁办。不能自行转给别的单位。"
    dated = "申请日期"
    service = staticmethod(services.ask_to_return)

    proposed_unit = forms.CharField(label="建议改由哪个单位办", max_length=60)
    note = note_field("退办理由", required=True)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["proposed_unit"].widget.attrs["list"] = "units"


class AskExtensionForm(ActForm):
    act, button, done = (
        Act.ASK_EXTENSION,
        "申请延期",
        "已申请延期，等人大机关审批；批准前期限不变。",
    )
    dated = "申请日期"
    service = staticmethod(services.ask_for_extension)

    until = DayField(label="延至哪一天")
    note = note_field("延期理由", required=True)


class ContactForm(ActForm):
    act, button, done = Act.CONTACT, "登记面商", "面商已记下。"
    service = staticmethod(services.record_contact)

    on = PastDayField(label="面商日期")
    how = forms.ChoiceField(
        label="方式", choices=Contact, widget=forms.RadioSelect,
        error_messages={"required": "请选择面商方式。"},
    )  # fmt: skip
    who = forms.CharField(label="参加人", max_length=200, required=False)
    said = note_field("情况", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", timezone.localdate())


class OpineForm(ActForm):
    act, button, done = Act.OPINE, "提协办意见", "协办意见已送主办单位。"
    lead_in = "协办意见送主办单位，由主办单位统一答复代表。"
    dated = "提出日期"
    service = staticmethod(services.give_opinion)

    note = note_field("协办意见", required=True, rows=4)


class CountersignForm(ActForm):
    act, button, done = Act.COUNTERSIGN, "同意并会签", "已会签。"
    lead_in = "看过主办单位的答复稿，同意的请会签。"
    dated = "会签日期"
    service = staticmethod(services.countersign)

    note = note_field("会签意见", required=False)


class WaiveForm(ActForm):
    act, button, done = Act.WAIVE, "免予会签", "已免予会签，主办单位不用再等。"
    service = staticmethod(services.waive_countersign)

    note = note_field("免予会签的原因", required=True)
