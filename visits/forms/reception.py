"""The one-page reception form: a visit and its opinions."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.forms import BaseInlineFormSet, inlineformset_factory
from django.utils import timezone

from common.forms.fields import ClockField, DayField, HeadsField, PhoneField, whole
from common.forms.typed import TypedMixin
from deputies.choices import Gender
from deputies.models import Deputy
from stations.models import Category, Station
from stations.services import unit_named
from visits.choices import (
    FACE_TO_FACE,
    Channel,
    DeclineReason,
    Disposal,
    Resolution,
)
from visits.models import Opinion, Reception
from visits.rules.opinions import PLACES_TO_GO


class DeputyPicker(forms.ModelMultipleChoiceField):
    """The receiving deputies, in the order they were picked."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value):
        value = [key for key in value or [] if whole(str(key)) is not None]
        rows = {str(deputy.pk): deputy for deputy in super().clean(value)}
        return [rows[key] for key in dict.fromkeys(map(str, value)) if key in rows]


class ReceptionForm(TypedMixin, forms.ModelForm):
    received_on = DayField(label="接待日期")
    until = DayField(label="至", required=False, help_text="跨几天的接待填最后一天")
    started_at = ClockField(label="开始", required=False)
    ended_at = ClockField(label="结束", required=False)
    deputies = DeputyPicker(queryset=Deputy.objects.none(), label="接待代表")
    channel = forms.ChoiceField(
        label="来访形式", choices=Channel, widget=forms.RadioSelect, initial=Channel.VISIT
    )
    headcount = HeadsField(label="来访人数", required=False, help_text="可写“3户12人”“约20人”")
    phone = PhoneField(label="联系电话", required=False, max_length=60)
    confidential = forms.BooleanField(label="保密，只限本站查看", required=False)

    class Meta:
        model = Reception
        fields = [
            "received_on", "until", "started_at", "ended_at", "place", "channel", "recorder",
            "visitor_name", "gender", "age", "address", "employer", "phone", "confidential", "note",
        ]  # fmt: skip
        widgets = {"note": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args, station: Station, deputies, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.station = station
        self.fields["deputies"].queryset = deputies
        self.fields["deputies"].error_messages["required"] = "请填写接待代表，至少一位。"
        self.fields["visitor_name"].mark = "匿名可不填"
        self.fields["headcount"].mark = "不填为 1 人"
        self.fields["gender"].choices = [("", "不填"), *Gender.choices]
        if self.instance.pk and self.instance.masked:
            # Who may not see the contact changes everything else; the contact stays as it is.
            for name in ("visitor_name", "phone", "note"):
                del self.fields[name]
        if self.instance.pk:
            self.initial["headcount"] = self.instance.headcount_text or self.instance.headcount
            self.initial["deputies"] = [
                receiver.deputy_id for receiver in self.instance.receivers.all()
            ]

    def clean_received_on(self):
        day = self.cleaned_data["received_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError("接待日期不能在今天之后。")
        return day

    def clean(self):
        data = super().clean()
        first, last = data.get("received_on"), data.get("until")
        if first and last and last < first:
            self.add_error("until", "不能早于接待日期。")
        begin, end = data.get("started_at"), data.get("ended_at")
        if begin and end and end < begin and not last:
            self.add_error("ended_at", "不能早于开始时间。")
        return data

    def _post_clean(self):
        super()._post_clean()
        heads = self.cleaned_data.get("headcount")
        if heads:
            self.instance.headcount = heads.value
            self.instance.headcount_approximate = heads.approximate
            self.instance.headcount_text = heads.text if heads.text != str(heads.value) else ""


def ask_for_unit(form: forms.ModelForm) -> None:
    """A unit that is to handle a matter is named. What stands from paper without one may stay
    while it is not touched."""
    data = form.cleaned_data
    touched = not form.instance.pk or {"disposal", "unit_name"} & set(form.changed_data)
    if data.get("disposal") in Disposal.with_unit() and not data.get("unit_name") and touched:
        form.add_error("unit_name", "请填写承办单位；还不知道交给谁的，处理方式先不选。")


class Tick(forms.BooleanField):
    """A tick that is proposed: by itself it makes no empty form a filled one."""

    def has_changed(self, initial, data):
        return False


class OpinionForm(TypedMixin, forms.ModelForm):
    disposal = forms.ChoiceField(
        label="处理方式",
        choices=[*Disposal.choices, ("", "先不选（待处理）")],
        widget=forms.RadioSelect(attrs={"class": "choices-5"}),
        required=False,
    )
    category = forms.ModelChoiceField(
        label="问题类别", queryset=Category.objects.none(), required=False, empty_label="请选择"
    )
    unit_name = forms.CharField(label="承办单位", max_length=60, required=False)
    due_on = DayField(label="反馈期限", required=False)
    feedback_on = DayField(label="反馈日期", required=False)
    told_at_once = Tick(label="已当场告知来访人", required=False)

    class Meta:
        model = Opinion
        fields = [
            "statement", "on_site_reply", "disposal", "decline_reason", "where_to", "category",
            "due_on", "result", "resolution", "feedback_on", "feedback_method", "satisfaction",
        ]  # fmt: skip
        widgets = {
            "statement": forms.Textarea(attrs={"rows": 3}),
            "on_site_reply": forms.Textarea(attrs={"rows": 3}),
            "result": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args, categories, visit: Reception, channel: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.visit = visit
        self.initial["told_at_once"] = not self.instance.pk and channel in FACE_TO_FACE
        self.fields["disposal"].mark = "还不知道交给谁的先不选"
        self.fields["decline_reason"].mark = "不予受理的必选"
        self.fields["category"].queryset = categories
        self.fields["category"].widget.choices = grouped(categories)
        self.fields["satisfaction"].required = False
        self.fields["statement"].mark = "原话，怎么说就怎么记"
        self.fields["statement"].help_text = ""
        self.fields["due_on"].mark = f"不填为 {settings.FEEDBACK_DAYS} 天，遇休息日顺延"
        self.fields["unit_name"].widget.attrs["list"] = "units"
        self.fields["resolution"].choices = [("", "未定"), *Resolution.choices]
        self.fields["where_to"].widget.attrs["list"] = "places-to-go"
        self.fields["where_to"].mark = "不予受理的，不填按原因写"
        self.fields["decline_reason"].choices = [("", "请选择"), *DeclineReason.choices]
        if self.instance.unit:
            self.initial["unit_name"] = self.instance.unit.name

    def clean_satisfaction(self):
        return self.cleaned_data["satisfaction"] or Opinion().satisfaction

    def clean(self):
        data = super().clean()
        if data.get("disposal") == Disposal.DECLINED and not data.get("decline_reason"):
            self.add_error("decline_reason", "不予受理时请选择原因。")
        reason = data.get("decline_reason")
        if data.get("disposal") == Disposal.DECLINED and reason and not data.get("where_to"):
            data["where_to"] = PLACES_TO_GO[DeclineReason(reason)]
        ask_for_unit(self)
        return data

    def built(self, actor) -> Opinion:
        """The opinion as typed, with its unit; a unit not yet known is kept as 待确认."""
        name = self.cleaned_data["unit_name"]
        if self.instance.disposal == Disposal.DECLINED and "disposal" in self.changed_data:
            name = ""  # typed before it was decided, and out of sight since
        self.instance.unit = unit_named(name, actor=actor) if name else None
        self._tell_at_once()
        return self.instance

    def _tell_at_once(self) -> None:
        """Who hears at the table that the matter is not taken on, and where to go, has been told:
        what else is typed of the feedback stands. A letter has nobody at the table."""
        opinion, how = self.instance, FACE_TO_FACE.get(self.visit.channel)
        pointed = opinion.disposal in Disposal.pointed_elsewhere()
        if self.cleaned_data.get("told_at_once") and pointed and how and not opinion.is_fed_back:
            opinion.feedback_on, opinion.feedback_method = self.visit.received_on, how


class OpinionFormSetBase(BaseInlineFormSet):
    quiet = False

    def non_form_errors(self):
        return self.error_class() if self.quiet else super().non_form_errors()

    def get_form_kwargs(self, index):
        return {**super().get_form_kwargs(index), "categories": self.categories}

    def __init__(self, *args, categories, **kwargs):
        self.categories = categories
        super().__init__(*args, **kwargs)

    def built(self, actor) -> list[Opinion]:
        """The opinions that stay, in the order of the page."""
        kept = [form for form in self.forms if form not in self.deleted_forms]
        return [form.built(actor) for form in kept if form.has_changed() or form.instance.pk]


OpinionFormSet = inlineformset_factory(
    Reception,
    Opinion,
    form=OpinionForm,
    formset=OpinionFormSetBase,
    extra=0,
    min_num=1,
    max_num=20,
    validate_min=True,
    validate_max=True,
    can_delete=True,
)


def grouped(categories) -> list:
    """Choices of the two-level tree: a top category with children becomes a group.

    One that is no longer offered, and is here because the row holds it, stands last by itself.
    """
    children: dict[int, list] = {}
    tops = {row.pk for row in categories if row.parent_id is None and row.active}
    kept: list = []
    for category in categories:
        if not category.active or (category.parent_id and category.parent_id not in tops):
            kept.append((category.pk, f"{category.name}（已停用）"))
        elif category.parent_id:
            children.setdefault(category.parent_id, []).append((category.pk, category.name))
    choices: list = [("", "请选择")]
    for top in categories:
        if top.parent_id is None and top.active:
            below = children.get(top.pk)
            own = (top.pk, f"{top.name}（不细分）" if below else top.name)
            choices.append((top.name, [own, *below]) if below else own)
    return choices + kept


class VoidForm(forms.Form):
    reason = forms.CharField(
        label="作废原因", max_length=200, error_messages={"required": "请填写作废原因。"}
    )
