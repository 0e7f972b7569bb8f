"""Form fields that read what people write, with the same parsers as the sheets."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from common.sheets.cells import (
    CellError,
    Count,
    Money,
    chinese_date,
    parse_count,
    parse_date,
    parse_money,
    parse_phones,
)

_RELATIVE_DAYS = {"今天": 0, "今日": 0, "昨天": 1, "昨日": 1, "前天": 2}


def whole(text: str | None) -> int | None:
    """A number out of an address or a hidden field, as far as a row's key can reach."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else None


class DayField(forms.CharField):
    """A day in any usual form: 2026年4月15日, 4.15, 今天; without a year, this year's."""

    def to_python(self, value) -> date | None:
        if isinstance(value, date):
            return value
        text = super().to_python(value)
        if not text:
            return None
        if text in _RELATIVE_DAYS:
            return timezone.localdate() - timedelta(days=_RELATIVE_DAYS[text])
        try:
            span = parse_date(text, year=timezone.localdate().year)
        except CellError as error:
            raise ValidationError(str(error)) from None
        if span.start != span.end:
            raise ValidationError(f"“{text}”不是一天，请写到日，例如 4月15日。")
        return span.start

    def prepare_value(self, value):
        return chinese_date(value) if isinstance(value, date) else value

    def has_changed(self, initial, data):
        return initial != data and self.prepare_value(initial) != data


class ClockField(forms.CharField):
    """A time of day: 10:40, 10：40, 10点40, 1040, 下午3点."""

    _FORM = re.compile(r"(上午|下午|晚上)?(\d{1,2})(?:[:：点时]|(?=\d{2}$))(\d{1,2})?分?")

    def to_python(self, value) -> time | None:
        if isinstance(value, time):
            return value
        text = (super().to_python(value) or "").replace(" ", "")
        if not text:
            return None
        match = self._FORM.fullmatch(text)
        hour = int(match[2]) if match else 99
        minute = int(match[3] or 0) if match else 99
        if match and match[1] in {"下午", "晚上"} and hour < 12:
            hour += 12
        if hour > 23 or minute > 59:
            raise ValidationError(f"“{text}”不是时间，请写成 10:40。")
        return time(hour, minute)

    def prepare_value(self, value):
        return f"{value:%H:%M}" if isinstance(value, time) else value


class HeadsField(forms.CharField):
    """来访人数 as people say it (3户12人, 约20人): a `Count`; blank is one person."""

    def to_python(self, value) -> Count:
        if isinstance(value, Count):
            return value
        text = super().to_python(value)
        try:
            count = parse_count(text)
        except CellError as error:
            raise ValidationError(str(error)) from None
        return count if count.value else Count(1, approximate=False, text="")


class CountField(forms.CharField):
    """A number of people or households as people say it (12, 约20人, 3户); blank is 0."""

    def to_python(self, value) -> Count:
        if isinstance(value, Count):
            return value
        text = (super().to_python(value) or "").strip()
        try:
            count = parse_count(text.removesuffix("户"), least=0)
        except CellError as error:
            raise ValidationError(str(error)) from None
        return Count(count.value or 0, count.approximate, text)


class MoneyField(forms.CharField):
    """An amount in 元 as people write it (3000, 1.5万元, 3万余元): a `Money`; blank is 0."""

    def to_python(self, value) -> Money:
        if isinstance(value, Money):
            return value
        text = super().to_python(value)
        try:
            money = parse_money(text)
        except CellError as error:
            raise ValidationError(str(error)) from None
        return Money(money.amount or Decimal(0), money.approximate, text)

    def prepare_value(self, value):
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class PhoneField(forms.CharField):
    """One or more telephone numbers, tidied."""

    def to_python(self, value) -> str:
        text = super().to_python(value)
        try:
            return "、".join(parse_phones(text).numbers)
        except CellError as error:
            raise ValidationError(str(error)) from None
