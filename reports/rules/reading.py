"""Who reads reports, and of which places."""

from typing import Any

from accounts.roles import Capability, roles_with
from deputies.models import Deputy
from stations.models import Area, Station
from stations.rules import can_at, can_in_area, grants_at


def can_read_reports(user: Any) -> bool:
    return user.is_system or user.holds(roles_with(Capability.VIEW_REPORT))


def can_report_on(user: Any, area: Area) -> bool:
    """Only where the whole area is theirs: part of it under its name would be a wrong report."""
    return can_in_area(user, Capability.VIEW_REPORT, area.code)


def can_report_on_deputy(user: Any, deputy: Deputy) -> bool:
    """Deputies read of themselves; others where they read the reports of the deputy's station."""
    if user.is_system or (deputy.user_id and deputy.user_id == user.pk):
        return True
    return can_at(user, Capability.VIEW_REPORT, deputy.station_id)


def report_places(user: Any) -> list[Area | Station]:
    """The areas and stations that `user` reads reports of."""
    if user.is_system:
        return []
    roles = roles_with(Capability.VIEW_REPORT)
    held = [posting for posting in user.held_postings if posting.role in roles]
    return list(dict.fromkeys(posting.place for posting in held if not posting.unit_id))


def place_to_sign_for(user: Any) -> Area | None:
    """The area of a report that names no place: the reader's own, or the district."""
    held = [place for place in report_places(user) if isinstance(place, Area)]
    return held[0] if held else Area.objects.filter(level="district").order_by("code").first()


def can_publish(user: Any, place: Area | Station) -> bool:
    """Whether `user` signs for the report of this whole place."""
    if user.is_system:
        return True
    if isinstance(place, Area):
        return can_in_area(user, Capability.PUBLISH_REPORT, place.code)
    return grants_at(user, Capability.PUBLISH_REPORT, place)
