"""Reference data: the area tree, handling units, categories. No register, no people."""

from __future__ import annotations

from django import forms
from django.contrib import admin

from common.admin import AuditedAdmin
from common.errors import RuleViolation
from stations import rules, services
from stations.models import Area, Category, Unit


class AreaForm(forms.ModelForm):
    class Meta:
        model = Area
        fields = ["code", "name", "level", "parent", "provisional"]

    def clean(self):
        super().clean()
        data = self.cleaned_data
        if self.errors:
            return data
        fields = {name: data[name] for name in ("code", "name", "level", "parent")}
        try:
            rules.check_area(Area(pk=self.instance.pk, **fields))
            services.check_renumbering(self.instance, data["code"])
        except RuleViolation as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return data


@admin.register(Area)
class AreaAdmin(AuditedAdmin):
    form = AreaForm
    list_display = ["code", "name", "level", "parent", "provisional"]
    list_filter = ["provisional", "level"]
    list_select_related = ["parent"]
    search_fields = ["code", "name"]

    def save_model(self, request, obj, form, change):
        services.save_area(obj, actor=request.user)


class UnitForm(forms.ModelForm):
    """A unit, with the version that was shown: what somebody changed since is not written over."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Unit
        fields = ["name", "area", "confirmed", "active"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["seen"] = self.instance.version

    def clean(self):
        super().clean()
        # Locked until the page's transaction ends: nobody changes it between here and the save.
        stored = Unit.objects.select_for_update(of=("self",)).filter(pk=self.instance.pk).first()
        if stored is not None and self.cleaned_data.get("seen") != stored.version:
            raise forms.ValidationError("这个单位刚刚有人改过，请重新打开这一页，看过再改。")
        return self.cleaned_data


@admin.register(Unit)
class UnitAdmin(AuditedAdmin):
    form = UnitForm
    list_display = ["name", "area", "confirmed", "active"]
    list_filter = ["confirmed", "active"]
    list_select_related = ["area"]
    search_fields = ["name"]

    def save_model(self, request, obj, form, change):
        if change:
            obj.version += 1
        super().save_model(request, obj, form, change)


@admin.register(Category)
class CategoryAdmin(AuditedAdmin):
    list_display = ["name", "parent", "position", "active"]
    list_filter = ["active"]
    list_select_related = ["parent"]
    search_fields = ["name"]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "parent":  # a tree of two levels
            kwargs["queryset"] = Category.objects.filter(parent=None)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
