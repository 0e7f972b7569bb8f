from accounts.roles import Capability, roles_with
from stations.models import Station


def can_at(user, capability: Capability, station_id: int) -> bool:
    """Whether a role that `user` holds at or above the station grants `capability`."""
    return Station.objects.where_user_can(user, capability).filter(pk=station_id).exists()


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
    return Station.objects.where_user_can(user, capability).exists()


def can_in_area(user, capability: Capability, code: str) -> bool:
    """Whether `user` may do it in the whole area `code`: for what belongs to no station yet."""
    if user.is_system:
        return True
    roles = roles_with(capability)
    return any(
        held.role in roles and held.area_id and code.startswith(held.area.code)
        for held in user.held_postings
    )
