"""What the list of 向选民述职 is narrowed by."""

from __future__ import annotations

import django_filters as filters
from django.db.models import Q
from django.utils import timezone

from common.listing import AddressFilter
from visits.filters.registers import LARGEST_KEY, DayFilter, RegisterFilter, with_short_names


class VoterReportFilter(AddressFilter):
    """述职 of one year; those held on certain days where the address gives days."""

    address_names = RegisterFilter.address_names
    SHOWN = (("held", "已述职"), ("open", "未述职"), ("late", "逾期未述职"))

    q = filters.CharFilter(method="by_text", label="搜索")
    year = filters.NumberFilter(method="by_year", label="年度", min_value=2000, max_value=2100)
    batch = filters.NumberFilter(field_name="batch", label="批次", max_value=LARGEST_KEY)
    show = filters.ChoiceFilter(method="by_show", label="状态", choices=SHOWN, empty_label="全部")
    date_from = DayFilter(method="by_first_day", label="述职从")
    date_to = DayFilter(method="by_last_day", label="述职到")
    station = filters.NumberFilter(field_name="station", label="联络站", max_value=LARGEST_KEY)
    area = filters.CharFilter(
        field_name="station__area__code", lookup_expr="startswith", label="区划代码"
    )
    deputy = filters.NumberFilter(field_name="deputy", label="代表", max_value=LARGEST_KEY)

    class Meta:
        fields: list[str] = []

    def __init__(self, data=None, *args, **kwargs):
        super().__init__(with_short_names(data), *args, **kwargs)

    word_for = RegisterFilter.word_for

    @property
    def asked_year(self) -> int | None:
        """None where days are asked for instead."""
        cleaned = self.form.cleaned_data if self.form.is_valid() else {}
        if cleaned.get("date_from") or cleaned.get("date_to"):
            return None
        return int(cleaned.get("year") or timezone.localdate().year)

    def filter_queryset(self, queryset):
        rows = super().filter_queryset(queryset)
        return rows if self.asked_year is None else rows.filter(year=self.asked_year)

    def by_text(self, rows, name, value):
        for word in value.split():
            rows = rows.filter(
                Q(deputy_name__contains=word) | Q(station__name__contains=word)
                | Q(place__contains=word)
            )  # fmt: skip
        return rows

    def by_year(self, rows, name, value):
        return rows  # asked together with the days, in `filter_queryset`

    def by_show(self, rows, name, value):
        if value == "late":
            return rows.late(timezone.localdate())
        return rows.filter(held_on__isnull=value == "open")

    def by_first_day(self, rows, name, value):
        return rows.between(value, None)

    def by_last_day(self, rows, name, value):
        return rows.between(None, value)
