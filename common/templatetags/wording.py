"""How values read in Chinese."""

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils import timezone

register = template.Library()

WEEKDAYS = "一二三四五六日"


@register.filter
def day(value: date | datetime | None, today: date | None = None) -> str:
    """4月15日; with the year when it is not this year's: 2025年4月15日."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    short = f"{value.month}月{value.day}日"
    return short if value.year == (today or timezone.localdate()).year else f"{value.year}年{short}"


@register.filter
def amount(value: Decimal | int | None) -> str:
    """309,300 or 12,345.50: figures in groups, 分 only where there are some."""
    if value is None:
        return ""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"


@register.filter(expects_localtime=True)
def long_day(value: date | None) -> str:
    """2026年4月15日; of a moment, its day in local time."""
    return f"{value.year}年{value.month}月{value.day}日" if value else ""


@register.filter
def weekday(value: date | None) -> str:
    return f"星期{WEEKDAYS[value.weekday()]}" if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """4月15日 10:52, in local time."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return f"{day(local)} {local:%H:%M}"
