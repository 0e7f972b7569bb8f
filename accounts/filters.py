"""What the list of sent messages is narrowed by."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import ClassVar

import django_filters as filters
from django.utils import timezone

from accounts.choices import Channel, DeliveryState
from common.forms.fields import DayField
from common.listing import AddressFilter


class DayFilter(filters.Filter):
    field_class = DayField


def _midnight(day) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


class DeliveryFilter(AddressFilter):
    address_names: ClassVar[dict[str, str]] = {"date_from": "from", "date_to": "to"}
    q = filters.CharFilter(method="by_text", label="搜索")
    state = filters.ChoiceFilter(label="状态", choices=DeliveryState, empty_label="状态")
    channel = filters.ChoiceFilter(label="渠道", choices=Channel, empty_label="渠道")
    date_from = DayFilter(method="by_first_day", label="从")
    date_to = DayFilter(method="by_last_day", label="到")

    class Meta:
        fields: list[str] = []

    def __init__(self, data=None, *args, **kwargs):
        given = data.copy() if data is not None else None
        for name, short in self.address_names.items():
            if given is not None and short in given:
                given[name] = given[short]
        super().__init__(given, *args, **kwargs)

    def by_text(self, rows, name, value):
        return rows.matching(value.strip())

    def by_first_day(self, rows, name, value):
        return rows.filter(queued_at__gte=_midnight(value))

    def by_last_day(self, rows, name, value):
        return rows.filter(queued_at__lt=_midnight(value + timedelta(days=1)))
