"""What is typed about a unit."""

from __future__ import annotations

from difflib import get_close_matches

from django import forms

from accounts.roles import Capability
from common.forms.versioned import VersionedMixin
from common.sheets.cells import normalise_name
from stations import services
from stations.choices import AreaLevel
from stations.models import Area, Unit


class AreaChoiceField(forms.ModelChoiceField):
    """The areas as a tree: the district, its townships, their villages."""

    def label_from_instance(self, obj):
        return "　" * list(AreaLevel).index(AreaLevel(obj.level)) + obj.name


class UnitForm(VersionedMixin, forms.ModelForm):
    """A new unit, or one that stands."""

    area = AreaChoiceField(
        label="所在区划",
        queryset=None,
        required=False,
        empty_label="未定（由区里管理）",
        help_text="乡镇街道的单位，由那里的人大登记经办人。",
    )

    class Meta:
        model = Unit
        fields = ["name", "area", "confirmed", "active"]
        help_texts = {
            "confirmed": "名称核对过，不是写错的。",
            "active": "停用后不再供选择，原有的登记不变。",
        }
        error_messages = {
            "name": {"unique": "已有同名的承办单位；要是写错了的同一个单位，请用“并入”。"}
        }

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.actor, self.stored_name = actor, self.instance.name
        areas = Area.objects.where_user_can(actor, Capability.MANAGE_UNITS)
        self.fields["area"].queryset = areas.order_by("code")

    def save(self, commit=True):
        """Create or change the unit; raises what the services raise."""
        if self.instance.pk:
            return services.change_unit(self.instance, actor=self.actor, version=self.version)
        return services.create_unit(self.instance, actor=self.actor)


class MergeForm(forms.Form):
    """The unit that was meant, by its name; the one most alike is offered."""

    into = forms.CharField(
        label="正确的单位",
        max_length=60,
        error_messages={"required": "请填写正确的单位。"},
        widget=forms.TextInput(attrs={"list": "units", "autocomplete": "off"}),
    )

    def __init__(self, *args, unit: Unit, actor, **kwargs):
        super().__init__(*args, **kwargs)
        units = Unit.objects.where_user_can(actor, Capability.MANAGE_UNITS).merged_into()
        self.units = units.exclude(pk=unit.pk)
        self.names = list(self.units.values_list("name", flat=True))
        alike = get_close_matches(unit.name, self.names, n=1)
        self.initial.setdefault("into", alike[0] if alike else "")

    def clean_into(self) -> Unit:
        name = normalise_name(self.cleaned_data["into"])
        unit = self.units.filter(name=name).first()
        if unit is None:
            raise forms.ValidationError(f"没有叫“{name}”的已确认单位，请从列表中选。")
        return unit
