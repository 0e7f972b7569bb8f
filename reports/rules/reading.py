"""Who reads reports, and of which places."""

from collections.abc import Iterable
from typing import Any

from accounts.roles import Capability, roles_with
from deputies.models import Deputy
from stations.choices import AreaLevel
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


def reported_on(user: Any, deputies: Iterable[Deputy]) -> set[int]:
    """The keys of those of `deputies` whom `can_report_on_deputy` holds for; one query."""
    people = list(deputies)
    if user.is_system:
        return {deputy.pk for deputy in people}
    readable = Station.objects.where_user_can(user, Capability.VIEW_REPORT)
    here = {deputy.station_id for deputy in people}
    stations = set(readable.filter(pk__in=here).values_list("pk", flat=True))
    return {
        deputy.pk
        for deputy in people
        if deputy.station_id in stations or (deputy.user_id and deputy.user_id == user.pk)
    }


def report_places(user: Any) -> list[Area | Station]:
    """The areas and stations that `user` reads reports of."""
    if user.is_system:
        return []
    roles = roles_with(Capability.VIEW_REPORT)
    held = [posting for posting in user.held_postings if posting.role in roles]
    return list(dict.fromkeys(posting.place for posting in held if not posting.unit_id))


def must_choose_place(user: Any) -> bool:
    """Whether `user` reads of several places, of which none holds the others: all of them
    together are no place that one signs for."""
    held = {place: _code(place) for place in report_places(user)}
    areas = [code for place, code in held.items() if isinstance(place, Area)]
    return len(held) > 1 and not any(
        all(code.startswith(area) for code in held.values()) for area in areas
    )


def _code(place: Area | Station) -> str:
    return place.code if isinstance(place, Area) else place.area.code


def place_to_sign_for(user: Any) -> Area | None:
    """The area of a report that names no place: the reader's own, or the district; none where
    they have to choose."""
    if must_choose_place(user):
        return None
    held = [place for place in report_places(user) if isinstance(place, Area)]
    held.sort(key=lambda area: len(area.code))
    return held[0] if held else Area.objects.filter(level="district").order_by("code").first()


def can_sign_somewhere(user: Any) -> bool:
    return user.is_system or user.holds(roles_with(Capability.PUBLISH_REPORT))


def can_publish(user: Any, place: Area | Station) -> bool:
    """Whether `user` signs for the report of this whole place."""
    if user.is_system:
        return True
    if isinstance(place, Area):
        return can_in_area(user, Capability.PUBLISH_REPORT, place.code)
    return grants_at(user, Capability.PUBLISH_REPORT, place)


def organ_of(place: Area | Station) -> str:
    """Who signs for a place."""
    if isinstance(place, Station):
        return place.name
    if place.level == AreaLevel.DISTRICT:
        return f"{place.name}人大常委会代表工作委员会"
    return (
        f"{place.name}{'人大工作委员会' if place.name.endswith('街道') else '人民代表大会主席团'}"
    )
