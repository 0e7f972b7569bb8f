"""Who may do what at a station or in an area."""

from __future__ import annotations

from accounts.roles import Capability, roles_with
from stations.choices import AreaLevel
from stations.models import Station


def can_at(user, capability: Capability, station_id: int) -> bool:
    """Whether a role that `user` holds at or above the station grants `capability`."""
    return Station.objects.where_user_can(user, capability).filter(pk=station_id).exists()


def holds_several(user) -> bool:
    """Whether a row has to say of which station it is: the user holds an area, or several."""
    held = user.held_postings
    return len(held) > 1 or any(posting.area_id for posting in held)


def grants_at(user, capability: Capability, station: Station) -> bool:
    """The same as `can_at` for a station read with its area: asks the database nothing."""
    if user.is_system:
        return True
    roles = roles_with(capability)
    return any(
        held.role in roles and held.covers(station.pk, station.area.code)
        for held in user.held_postings
    )


def can_somewhere(user, capability: Capability) -> bool:
    """Whether `user` may do it at any station: decides what a menu offers."""
    return user.is_system or Station.objects.where_user_can(user, capability).exists()


def can_in_area(user, capability: Capability, code: str) -> bool:
    """Whether `user` may do it in the whole area `code`: for what belongs to no station yet.

    What has no area either, "", is the district's.
    """
    if user.is_system:
        return True
    roles = roles_with(capability)
    areas = [held.area for held in user.held_postings if held.role in roles and held.area_id]
    if not code:
        return any(area.level == AreaLevel.DISTRICT for area in areas)
    return any(code.startswith(area.code) for area in areas)


def can_keep_calendar(user) -> bool:
    """Whether `user` enters holidays: one calendar, and a setting like any other."""
    if user.is_system or user.is_superuser:
        return True
    return user.holds(roles_with(Capability.MANAGE_CALENDAR))


def can_keep_categories(user) -> bool:
    """Whether `user` edits the categories: one tree for the whole district."""
    return user.is_system or user.holds(roles_with(Capability.MANAGE_CATEGORIES))


def can_edit(user, station: Station) -> bool:
    """Whether `user` keeps the station's page: address, phone, reception days, staff."""
    return grants_at(user, Capability.EDIT_STATION, station)


def can_manage(user, station: Station) -> bool:
    """Whether `user` decides what the station is: its name, kind, place, star and state."""
    return grants_at(user, Capability.MANAGE_STATIONS, station)
