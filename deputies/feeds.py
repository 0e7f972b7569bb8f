"""接待日 as a calendar that a deputy's phone subscribes to. Nothing of visitors is in it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar, Event

from deputies import addresses
from deputies.choices import EXPECTED, Answer, DayState
from deputies.models import Assignment, Deputy

# Long enough for a phone to hear that a day fell out.
CANCELLED_SHOWN = timedelta(days=30)


def calendar_of(deputy: Deputy, today: date) -> bytes:
    """The announced days of `deputy` from the beginning of the year on."""
    calendar = Calendar()
    calendar.add("prodid", "-//liaison-portal//duty//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{deputy.name}代表接待日")
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", timedelta(hours=6))
    for row in _rows(deputy, today):
        calendar.add_component(_event(row))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _rows(deputy: Deputy, today: date):
    is_off = Q(day__state=DayState.CANCELLED) | ~Q(answer__in=EXPECTED)
    return (
        deputy.assignments.exclude(day__state=DayState.DRAFT)
        .filter(day__date__gte=date(today.year, 1, 1))
        .exclude(is_off, day__date__lt=today - CANCELLED_SHOWN)
        .select_related("day__station")
        .prefetch_related("day__assignments__deputy")
        .order_by("day__date", "pk")
    )


def _event(row: Assignment) -> Event:
    day = row.day
    event = Event()
    event.add("uid", f"duty-{row.pk}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", timezone.now())
    event.add("dtstart", _at(day.date, day.starts_at))
    event.add("dtend", _at(day.date, day.ends_at))
    event.add("summary", f"接待群众（{day.station.name}）")
    event.add("location", " ".join(filter(None, [day.place or day.station.name, _street(row)])))
    event.add("description", _description(row))
    event.add("status", _status(row))
    event.add("sequence", day.version)
    event.add("url", addresses.absolute(reverse("duty:mine_day", args=[row.pk])))
    return event


def _street(row: Assignment) -> str:
    return row.day.station.address


def _description(row: Assignment) -> str:
    others = [other.deputy.name for other in row.day.expected if other.pk != row.pk]
    lines = [f"同班：{'、'.join(others)}" if others else "", row.day.reason]
    return "\n".join(filter(None, lines))


def _status(row: Assignment) -> str:
    if row.day.state == DayState.CANCELLED or row.answer not in EXPECTED:
        return "CANCELLED"
    return "CONFIRMED" if row.answer == Answer.CONFIRMED else "TENTATIVE"


def _at(on: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(on, at))
