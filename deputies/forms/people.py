"""What is typed about deputies, their mandates and groups."""

from __future__ import annotations

import re

from django import forms
from django.db.models import Q
from django.utils import timezone

from accounts.roles import Capability
from accounts.rules import follows_register
from common.errors import RuleViolation
from common.forms.fields import DayField, PhoneField
from common.forms.versioned import VersionedMixin
from common.sheets.cells import chinese_date
from deputies import rules, services
from deputies.choices import DeputyState, Gender, Level
from deputies.models import Deputy, Group, Mandate
from stations.choices import StationState
from stations.models import Area, Station

_BORN = re.compile(r"(\d{4})(?:[.\-/年](\d{1,2})月?)?年?")


class DeputyForm(VersionedMixin, forms.ModelForm):
    phone = PhoneField(label="联系电话", required=False, max_length=40)
    same_name = forms.BooleanField(label="确有同名，是另一个人", required=False)

    class Meta:
        model = Deputy
        fields = [
            "name", "gender", "ethnicity", "born", "party", "education", "employer", "phone",
            "station", "group", "state", "note",
        ]  # fmt: skip
        widgets = {"state": forms.RadioSelect, "note": forms.Textarea(attrs={"rows": 2})}

    # Set once somebody of this name was found: only then is the tick offered.
    asks_same_name = False

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.actor, self.stored_name = actor, self.instance.name
        stations = Station.objects.where_user_can(actor, Capability.MANAGE_DEPUTIES)
        if self.instance.pk is None or self.instance.station.state != StationState.CLOSED:
            stations = stations.exclude(state=StationState.CLOSED)
        self.fields["station"].queryset = stations.select_related("area").order_by(
            "township__code", "pk"
        )
        self.fields["station"].empty_label = "请选择"
        if self.instance.user and follows_register(self.instance.user):
            self.fields["phone"].help_text = "用这个手机号登录的，改了以后用新号登录。"
        self.fields["group"].queryset = Group.objects.visible_to(actor)
        self.fields["group"].empty_label = "未编组"
        self.fields["gender"].choices = [("", "未填"), *Gender.choices]
        self.fields["state"].choices = DeputyState.choices

    def clean_born(self):
        text = self.cleaned_data["born"].strip()
        found = _BORN.fullmatch(text)
        if text and (not found or not 1 <= int(found[2] or 1) <= 12):
            raise forms.ValidationError("请写成 1975.12。")
        return ".".join(part.zfill(2) for part in found.groups() if part) if found else ""

    def clean(self):
        super().clean()
        data = self.cleaned_data
        group, station = data.get("group"), data.get("station")
        if group and station:
            try:
                rules.check_group_at(group, station)
            except RuleViolation as refusal:
                self.add_error("group", str(refusal))
        return data

    def save(self, commit=True, mandates=()):
        """Create or change the deputy; raises what the services raise."""
        deputy, same = self.instance, self.cleaned_data["same_name"]
        try:
            if deputy.pk:
                return services.change_deputy(
                    deputy, actor=self.actor, version=self.version, same_name=same
                )
            return services.create_deputy(
                deputy, actor=self.actor, mandates=mandates, same_name=same
            )
        except services.SameName:
            self.asks_same_name = True
            raise


class MandateRow(forms.Form):
    """One line of the levels on the page of a new deputy: ticked, or left blank."""

    term = forms.CharField(label="届次", max_length=20, required=False)
    constituency = forms.CharField(label="选区（选举单位）", max_length=60, required=False)
    held = forms.BooleanField(label="任", required=False)

    def __init__(self, data, *, level: Level):
        super().__init__(data, prefix=level.value)
        self.level = level
        self.fields["held"].label = f"{level.label}代表"
        for name in ("term", "constituency"):
            self.fields[name].widget.attrs["aria-label"] = f"{level.label}代表的{self[name].label}"

    def clean(self):
        super().clean()
        data = self.cleaned_data
        if not data.get("held") and (data.get("term") or data.get("constituency")):
            self.add_error("held", f"填了{self.level.label}代表的届次或选区，请勾选。")
        return data


class MandateRows:
    """All levels of a new deputy: several may be held at once, one must be."""

    def __init__(self, data=None):
        self.forms = [MandateRow(data, level=level) for level in Level]

    def __iter__(self):
        return iter(self.forms)

    def is_valid(self) -> bool:
        valid = [form.is_valid() for form in self.forms]  # every line says what is wrong
        return all(valid)

    def mandates(self) -> list[Mandate]:
        """The levels ticked; refuses a deputy of nothing."""
        lines = [(form.level, form.cleaned_data) for form in self.forms]
        held = [
            Mandate(level=level, term=line["term"], constituency=line["constituency"])
            for level, line in lines
            if line["held"]
        ]
        if not held:
            raise RuleViolation("请至少勾选一个代表层级。")
        return held


class MandateForm(forms.Form):
    level = forms.ChoiceField(label="代表层级", choices=Level, widget=forms.RadioSelect)
    term = forms.CharField(label="届次", max_length=20, required=False, help_text="如 第五届")
    constituency = forms.CharField(
        label="选区（选举单位）", max_length=60, required=False, help_text="如 第6选区"
    )
    started_on = DayField(label="开始", required=False)


class EndForm(forms.Form):
    on = DayField(label="结束日期")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", timezone.localdate())

    def clean_on(self):
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError(f"{chinese_date(day)}还没有到，到了那天再结束。")
        return day


class MemberField(forms.ModelMultipleChoiceField):
    """Deputies to tick; who is in another group now says so, for ticking moves them."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *args, group: Group, township: Area, **kwargs):
        super().__init__(*args, **kwargs)
        self.group, self.township = group, township

    def label_from_instance(self, deputy):
        if deputy.group_id in (None, self.group.pk):
            return str(deputy)
        # Most groups are called after their township, which the page says already.
        return f"{deputy}（现在{deputy.group.name.removeprefix(self.township.name)}）"


class GroupForm(forms.ModelForm):
    """A group of one township: its name, its members, and who of them convenes."""

    class Meta:
        model = Group
        fields = ["name", "convener"]
        error_messages = {"name": {"unique": "已有同名的代表小组。"}}

    def __init__(self, *args, actor, township: Area, **kwargs):
        super().__init__(*args, **kwargs)
        self.actor, self.stored_name = actor, self.instance.name
        self.instance.township = township
        people = self._people(township)
        self.fields["members"] = MemberField(
            people, label="成员", required=False, group=self.instance, township=township
        )
        self.fields["convener"].queryset = people
        self.fields["convener"].empty_label = "未定"
        self.fields["convener"].help_text = "召集人须是本组成员。"
        if self.instance.pk:
            self.initial["members"] = list(self.instance.deputies.values_list("pk", flat=True))

    def _people(self, township: Area):
        """The deputies in office of the township, and whoever is a member."""
        people = Deputy.objects.visible_to(self.actor).filter(station__township=township)
        offered = Q(state=DeputyState.IN_OFFICE)
        if self.instance.pk:
            offered |= Q(group=self.instance)
        return people.filter(offered).select_related("station", "group")

    def save(self, commit=True):
        """Create or change the group; raises what the services raise."""
        verb = services.change_group if self.instance.pk else services.create_group
        return verb(self.instance, actor=self.actor, members=list(self.cleaned_data["members"]))
