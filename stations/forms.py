"""What is typed about a station and its staff."""

from __future__ import annotations

import re

from django import forms
from django.db import transaction

from accounts.models import User
from accounts.roles import Capability, Role
from common.calendar_services import FILE_BYTES
from common.errors import RuleViolation
from common.forms.fields import DayField, PhoneField
from common.forms.versioned import VersionedMixin
from common.sheets.cells import normalise_name
from stations import rules, services
from stations.choices import AreaLevel, Star, StationKind, StationState
from stations.models import Area, Station
from stations.services.categories import NAME_CHARACTERS


class StationForm(VersionedMixin, forms.ModelForm):
    """A new station, or one that stands; who only keeps its page sees fewer fields."""

    new_township = forms.CharField(
        label="名单里没有的乡镇街道",
        max_length=50,
        required=False,
        help_text="写全称，如“石桥镇”；先编临时代码，待核实。",
    )
    village_name = forms.CharField(
        label="村社区",
        max_length=50,
        required=False,
        help_text="乡镇街道一级的站不填；新的村社区直接写全称。",
        widget=forms.TextInput(attrs={"list": "villages", "autocomplete": "off"}),
    )
    built_on = DayField(label="建成日期", required=False, help_text="如 2020年3月8日")
    phone = PhoneField(label="联系电话", required=False, max_length=40)

    class Meta:
        model = Station
        fields = [
            "name", "kind", "township", "parent", "address", "floor_area", "phone",
            "reception_days", "star", "built_on", "state",
        ]  # fmt: skip
        widgets = {"kind": forms.RadioSelect, "state": forms.RadioSelect}
        error_messages = {"name": {"unique": "已有同名的联络站，请改站名，或打开那个站修改。"}}

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.actor, self.stored_name = actor, self.instance.name
        if self.instance.pk and not rules.can_manage(actor, self.instance):
            for name in [*rules.DECIDED_ABOVE, "new_township", "village_name"]:
                self.fields.pop(name, None)
            return
        areas = Area.objects.visible_to(actor)
        self.villages = areas.villages().select_related("parent")
        self.fields["township"].queryset = areas.townships()
        self.fields["township"].required = False
        self.fields["township"].empty_label = "请选择"
        self.fields["township"].mark = "必选"
        self.fields["star"].choices = [("", "未评"), *Star.choices]
        self.fields["parent"].queryset = self._stations_above()
        self.fields["parent"].empty_label = "没有"
        for name, choices in (("kind", StationKind), ("state", StationState)):
            self.fields[name].choices = choices.choices
        if self.instance.village:
            self.initial["village_name"] = self.instance.village.name

    @property
    def decides(self) -> bool:
        """Whether this form holds what is decided above the station."""
        return "name" in self.fields

    def _stations_above(self):
        stations = Station.objects.visible_to(self.actor).exclude(state=StationState.CLOSED)
        return stations.exclude(pk=self.instance.pk).order_by("township__code", "pk")

    def clean(self):
        super().clean()
        data = self.cleaned_data
        if not self.decides or "township" in self.errors:
            return data
        if data.get("new_township") and data.get("township"):
            self.add_error("new_township", "已选了乡镇街道，这里请留空。")
        elif not data.get("new_township") and not data.get("township"):
            self.add_error("township", "请选择乡镇街道。")
        return data

    def _get_validation_exclusions(self):
        # A township that is to be made first is checked in `clean`, not by the model.
        return super()._get_validation_exclusions() | {"township"}  # type: ignore[misc]

    @transaction.atomic
    def save(self, commit=True):
        """Create or change the station; raises what the services raise."""
        station = self.instance
        if self.decides:
            station.township, station.village = self._place()
        if station.pk:
            return services.change_station(station, actor=self.actor, version=self.version)
        return services.create_station(station, actor=self.actor)

    def _place(self) -> tuple[Area, Area | None]:
        """Where the station is put; areas not yet known are made with a provisional code."""
        township = self.cleaned_data["township"] or services.area_named(
            self.cleaned_data["new_township"],
            AreaLevel.TOWNSHIP,
            self._district(),
            actor=self.actor,
        )
        village = self.cleaned_data["village_name"]
        if not village:
            return township, None
        return township, services.area_named(village, AreaLevel.VILLAGE, township, actor=self.actor)

    def _district(self) -> Area:
        districts = Area.objects.visible_to(self.actor).filter(level=AreaLevel.DISTRICT)
        district = districts.order_by("code").first()
        if district is None:
            raise RuleViolation("新的乡镇街道由区代表工委登记。")
        return district


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


class OfficerForm(PostingForm, LogInForm):
    """Who holds office in the district or a township; given a phone, they can log in at once."""

    area = forms.ModelChoiceField(
        label="地方",
        queryset=None,
        empty_label="请选择",
        error_messages={"required": "请选择地方。"},
    )
    field_order = ["area", "role", "person_name", "phone"]

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.actor = actor
        areas = Area.objects.where_user_can(actor, Capability.MANAGE_ACCOUNTS)
        self.fields["area"].queryset = areas.exclude(level=AreaLevel.VILLAGE).order_by("code")
        self.fields["role"].choices = [(r.value, r.label) for r in rules.area_roles_for(actor)]
        self.fields["role"].initial = Role.TOWNSHIP_OFFICER
        phone = self.fields["phone"]
        phone.help_text = "填了就同时开通登录，首次密码只显示一次；不填先列名，以后再开通。"
        phone.widget = forms.TextInput(
            attrs={"type": "tel", "inputmode": "numeric", "maxlength": 13, "autocomplete": "off"}
        )

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

    @transaction.atomic
    def save(self) -> tuple[User | None, str]:
        """Post the person; return the account and first password, if a phone was given."""
        data = self.cleaned_data
        posting = services.post(data["person_name"], data["role"], data["area"], actor=self.actor)
        if not data["phone"]:
            return None, ""
        return services.open_log_in(posting, actor=self.actor, phone=data["phone"])


class CategoryForm(forms.Form):
    """The name of a category; each stands many times on its page, told apart by `mark`."""

    name = forms.CharField(
        label="名称",
        max_length=NAME_CHARACTERS,
        error_messages={
            "required": "请填写名称。",
            "max_length": f"名称最多 {NAME_CHARACTERS} 字。",
        },
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args, mark: str, label: str = "名称", **kwargs):
        super().__init__(*args, auto_id=f"{mark}-%s", **kwargs)
        self.mark = mark
        self.fields["name"].label = label


class CalendarFileForm(forms.Form):
    """A year's holidays as holiday-cn publishes them."""

    file = forms.FileField(
        label="放假安排文件",
        help_text="holiday-cn 格式的 JSON。导入后替换那一年原有的安排，手工调整的也在内。",
        error_messages={"required": "请选择文件。", "empty": "这个文件是空的。"},
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > FILE_BYTES:
            raise forms.ValidationError(f"文件太大，放假安排最大 {FILE_BYTES // 1024} KB。")
        return file

    def save(self, *, actor) -> int:
        file = self.cleaned_data["file"]
        return services.import_calendar(file.read(), actor=actor, source=file.name)


class CalendarDayForm(forms.Form):
    """One day, as the district says it is."""

    KINDS = [("off", "休"), ("work", "班"), ("default", "恢复默认")]
    DONE = {"off": "设为休", "work": "设为班", "default": "已恢复默认，按星期算"}

    date = forms.DateField(
        label="日期",
        input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"],
        error_messages={"required": "请选择日期。", "invalid": "没有这一天，请写成 2026-10-10。"},
    )
    kind = forms.ChoiceField(
        label="这一天",
        choices=KINDS,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择休、班或恢复默认。"},
    )
    name = forms.CharField(label="名称", max_length=30, required=False, help_text="如 国庆节")

    def __init__(self, *args, year: int, **kwargs):
        super().__init__(*args, **kwargs)
        bounds = {"type": "date", "min": f"{year}-01-01", "max": f"{year}-12-31"}
        self.fields["date"].widget = forms.DateInput(attrs=bounds, format="%Y-%m-%d")

    @property
    def done(self) -> str:
        return self.DONE[self.cleaned_data["kind"]]

    def save(self, *, actor) -> None:
        data = self.cleaned_data
        if data["kind"] == "default":
            services.clear_day(data["date"], actor=actor)
        else:
            is_off = data["kind"] == "off"
            services.set_day(data["date"], is_off=is_off, name=data["name"], actor=actor)
