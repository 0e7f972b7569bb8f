"""What is typed about a station."""

from __future__ import annotations

from django import forms
from django.db import transaction

from common.errors import RuleViolation
from common.forms.fields import DayField, PhoneField
from common.forms.versioned import VersionedMixin
from stations import rules, services
from stations.choices import AreaLevel, Star, StationKind, StationState
from stations.models import Area, Station


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
