"""What the reception page is filled with before anybody types."""

from __future__ import annotations

from django.utils import timezone

from stations.models import Station
from visits.models import Reception

_CARRIED = ("received_on", "until", "place", "channel", "recorder")


def beginnings(station: Station, *, like: Reception | None, actor) -> dict:
    """Initial values of a new reception: those of the visit just logged, or of today.

    Without a visit before it, the deputies and the place are those of the station's latest
    reception today: whoever sits at the table now.
    """
    today = timezone.localdate()
    if like is None:
        rows = Reception.objects.visible_to(actor).valid()
        rows = rows.filter(station=station, received_on=today)
        like = rows.order_by("-pk").first()
    if like is None:
        return {
            "received_on": today,
            "place": f"{station.name}接待室",
            "recorder": str(actor),
        }
    carried = {name: getattr(like, name) for name in _CARRIED}
    deputies = [receiver.deputy_id for receiver in like.receivers.all()]
    return {**carried, "deputies": deputies}
