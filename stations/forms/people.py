"""What is typed about who works where, and about their log-ins."""

from __future__ import annotations

import re

from django import forms
from django.db import transaction

from accounts.models import User
from accounts.roles import Capability, Role
from common.sheets.cells import normalise_name
from stations import rules, services
from stations.choices import AreaLevel
from stations.models import Area, Unit


class PostingForm(forms.Form):
    """Who works at a station, and as what."""

    person_name = forms.CharField(
        label="姓名", max_length=50, error_messages={"required": "请填写姓名。"}
    )
    role = forms.ChoiceField(
        label="角色",
        choices=[(role.value, role.label) for role in rules.STAFF_ROLES],
        initial=Role.LIAISON,
    )

    def clean_person_name(self):
        return normalise_name(self.cleaned_data["person_name"])


class LogInForm(forms.Form):
    """The phone that somebody will log in with; without one the name in pinyin serves."""

    phone = forms.CharField(label="手机号", required=False)

    def clean_phone(self):
        phone = re.sub(r"[\s-]", "", self.cleaned_data["phone"])
        if phone and not re.fullmatch(r"1\d{10}", phone):
            raise forms.ValidationError("手机号应为 1 开头的 11 位数字；没有可以不填。")
        return phone


class NewcomerForm(PostingForm, LogInForm):
    """Who is posted; given a phone, they can log in at once."""

    field_order = ["person_name", "phone"]

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.actor = actor
        phone = self.fields["phone"]
        phone.help_text = "填了就同时开通登录，首次密码只显示一次；不填先列名，以后再开通。"
        phone.widget = forms.TextInput(
            attrs={"type": "tel", "inputmode": "numeric", "maxlength": 13, "autocomplete": "off"}
        )

    @transaction.atomic
    def post_at(self, place: Area | Unit, role: str) -> tuple[User | None, str]:
        """Post the person; return the account and first password, if a phone was given."""
        data = self.cleaned_data
        posting = services.post(data["person_name"], role, place, actor=self.actor)
        if not data.get("phone"):
            return None, ""
        return services.open_log_in(posting, actor=self.actor, phone=data["phone"])


class OfficerForm(NewcomerForm):
    """Who holds office in the district or a township."""

    area = forms.ModelChoiceField(
        label="地方",
        queryset=None,
        empty_label="请选择",
        error_messages={"required": "请选择地方。"},
    )
    field_order = ["area", "role", "person_name", "phone"]

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, actor=actor, **kwargs)
        areas = Area.objects.where_user_can(actor, Capability.MANAGE_ACCOUNTS)
        self.fields["area"].queryset = areas.exclude(level=AreaLevel.VILLAGE).order_by("code")
        self.fields["role"].choices = [(r.value, r.label) for r in rules.area_roles_for(actor)]
        self.fields["role"].initial = Role.TOWNSHIP_OFFICER

    def clean(self):
        data = super().clean()
        area, role = data.get("area"), data.get("role")
        offered = rules.AREA_ROLES[AreaLevel(area.level)] if area else ()
        if area and role and role not in offered:
            names = "、".join(Role(fitting).label for fitting in offered)
            self.add_error("role", f"{area}设的是{names}，请改选。")
        return data

    @property
    def done(self) -> str:
        data = self.cleaned_data
        return f"{data['person_name']}已列为{Role(data['role']).label}（{data['area']}）。"

    def save(self) -> tuple[User | None, str]:
        return self.post_at(self.cleaned_data["area"], self.cleaned_data["role"])


class ClerkForm(NewcomerForm):
    """Who handles matters at a unit: there is only one role. The township gives no log-ins."""

    role = None

    def __init__(self, *args, unit: Unit, **kwargs):
        super().__init__(*args, **kwargs)
        self.unit = unit
        if not rules.manages_log_ins_at(self.actor, unit):
            del self.fields["phone"]

    def save(self) -> tuple[User | None, str]:
        return self.post_at(self.unit, Role.UNIT_CLERK)
