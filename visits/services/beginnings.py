"""What the page of a register line is filled with before anybody types."""

from __future__ import annotations

from django.utils import timezone

from deputies.models import DutyDay
from deputies.rules.duty import has_signed
from stations.models import Station
from visits.choices import AssistanceState, Presence
from visits.models import Activity, Assistance, Opinion, Reception

_CARRIED = ("received_on", "until", "place", "channel", "recorder")


def beginnings(station: Station, *, like: Reception | None, actor) -> dict:
    """Initial values of a new reception: those of the visit just logged, or of today.

    Without a visit before it, the deputies are those of today's duty day: who has signed in, or
    who is expected. On other days they are those of the station's latest reception today:
    whoever sits at the table now. Nothing else of that one is taken over: it may have been a
    letter from a box.
    """
    if like is not None:
        return _like(like)
    today = timezone.localdate()
    rows = Reception.objects.visible_to(actor).valid()
    latest = rows.filter(station=station, received_on=today).order_by("-pk").first()
    day = _duty_day(station, today)
    values = {
        "received_on": today,
        "place": (day.place if day else "") or f"{station.name}接待室",
        "recorder": str(actor),
    }
    if latest is not None:
        values["deputies"] = _deputies_of(latest)
    on_duty = _on_duty(day) if day else []
    return values | ({"deputies": on_duty} if on_duty else {})


def assistance_beginnings(*, like: Assistance | None) -> dict:
    """Initial values of a new line of 簿二: today, or those of the line just logged."""
    if like is None:
        return {"helped_on": timezone.localdate(), "state": AssistanceState.DONE}
    carried = {name: getattr(like, name) for name in ("helped_on", "kind", "source", "state")}
    return {**carried, "deputies": [row.deputy_id for row in like.helpers.all()]}


def assistance_from(opinion: Opinion) -> dict:
    """Initial values of what was done about an opinion: its deputies, and where it came from.

    Who the visitor was is taken over only where the reader sees it, and never from a visit that
    is kept confidential: 簿二 is read by more.
    """
    values: dict = {**assistance_beginnings(like=None), "opinion": opinion.pk}
    source = opinion.source
    if isinstance(source, Activity):
        rows = source.attendance.filter(presence=Presence.PRESENT)
        return {**values, "deputies": [row.deputy_id for row in rows]}
    values["deputies"] = [row.deputy_id for row in source.receivers.all()]
    if not source.confidential:
        values["address"] = source.address
        values["beneficiary"] = "" if source.masked else source.visitor_name
    return values


def activity_beginnings(station: Station, *, actor) -> dict:
    """Initial values of a new line of 簿三."""
    return {
        "held_on": timezone.localdate(),
        "organiser": station.name,
        "recorder": str(actor),
    }


def _like(reception: Reception) -> dict:
    carried = {name: getattr(reception, name) for name in _CARRIED}
    return {**carried, "deputies": _deputies_of(reception)}


def _deputies_of(reception: Reception) -> list[int]:
    return [row.deputy_id for row in reception.receivers.all()]


def _duty_day(station: Station, today) -> DutyDay | None:
    days = DutyDay.objects.standing().filter(station=station, date=today)
    return days.with_people().first()


def _on_duty(day: DutyDay) -> list[int]:
    signed = [row.deputy_id for row in day.assignments.all() if has_signed(row)]
    return signed or [row.deputy_id for row in day.expected]
