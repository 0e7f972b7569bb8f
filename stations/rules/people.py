"""Who deals with postings, units and log-ins, and what a posting must satisfy."""

from __future__ import annotations

from collections.abc import Collection

from accounts.roles import Capability, Role, roles_with
from common.errors import RuleViolation
from stations.choices import AreaLevel
from stations.models import Area, Posting, Station, Unit
from stations.rules.access import can_in_area, grants_at

# The roles that are held at a station; a deputy's own posting comes and goes with the deputy.
STAFF_ROLES = (Role.STATION_HEAD, Role.DEPUTY_HEAD, Role.LIAISON, Role.OBSERVER)
AREA_ROLES = {
    AreaLevel.DISTRICT: (Role.DISTRICT_OFFICER, Role.ADMINISTRATOR),
    AreaLevel.TOWNSHIP: (Role.TOWNSHIP_OFFICER,),
}


def can_keep_units(user) -> bool:
    """Whether `user` keeps the clerks of any units: who keeps the stations of a whole area."""
    if user.is_system or user.is_superuser:
        return True
    roles = roles_with(Capability.EDIT_STATION)
    return any(held.role in roles and held.area_id for held in user.held_postings)


def can_manage_units(user) -> bool:
    """Whether `user` decides anywhere what units there are."""
    return user.is_system or user.holds(roles_with(Capability.MANAGE_UNITS))


def can_manage_unit(user, unit: Unit) -> bool:
    """Whether `user` decides of the unit: its name, its area, whether it is used or is another."""
    return can_in_area(user, Capability.MANAGE_UNITS, _code_of(unit))


def can_post(user, role: str, place: Station | Area | Unit) -> bool:
    """Whether `user` may say who holds `role` at `place`."""
    if user.is_system or user.is_superuser:
        return True
    if not _may_deal_with(user, role):
        return False
    if isinstance(place, Unit):
        return can_in_area(user, Capability.EDIT_STATION, _code_of(place))
    if isinstance(place, Station):
        if role != Role.DEPUTY:
            return grants_at(user, Capability.EDIT_STATION, place)
        # A deputy's posting is made by opening their log-in and moves with the deputy.
        needed = (Capability.MANAGE_DEPUTIES, Capability.MANAGE_ACCOUNTS)
        return any(grants_at(user, capability, place) for capability in needed)
    return can_in_area(user, Capability.MANAGE_ACCOUNTS, _code_of(place))


def can_manage_log_in(user, posting: Posting) -> bool:
    """Whether `user` may give the person of `posting` a log-in, or take its rights away."""
    return _may_deal_with(user, posting.role) and manages_log_ins_at(user, posting.place)


def _may_deal_with(user, role: str) -> bool:
    """Only an administrator makes another, unmakes one, or gets to see their first password."""
    if user.is_system or user.is_superuser or role != Role.ADMINISTRATOR:
        return True
    return user.holds([Role.ADMINISTRATOR])


def manages_log_ins_at(user, place: Station | Area | Unit) -> bool:
    if user.is_system or user.is_superuser:
        return True
    return can_in_area(user, Capability.MANAGE_ACCOUNTS, _code_of(place))


def can_end(user, posting: Posting) -> bool:
    """A posting without a log-in is a line of a list; with one it is somebody's rights.

    Nobody gives up an office of their own, or nobody might be left to fill it.
    """
    is_own = posting.user_id and posting.user_id == user.pk
    if posting.area_id and is_own and not user.is_superuser:
        return False
    if posting.user_id and posting.role != Role.DEPUTY:
        return can_manage_log_in(user, posting)
    return can_post(user, posting.role, posting.place)


def area_roles_for(user) -> list[Role]:
    """The roles held at areas that `user` may give to somebody, from the district down."""
    return [role for roles in AREA_ROLES.values() for role in roles if _may_deal_with(user, role)]


def vacant_role(area: Area, held: Collection[str]) -> Role | None:
    """The office of the area's own level, if it is not among the roles that are held there."""
    office = AREA_ROLES[AreaLevel(area.level)][0]
    return None if office in held else office


def _code_of(place: Station | Area | Unit) -> str:
    area = place if isinstance(place, Area) else place.area
    return area.code if area else ""


def check_posting(person_name: str, role: str, place: Station | Area | Unit) -> None:
    """Refuse, with the reason in Chinese, a role that does not belong to the place."""
    if not person_name:
        raise RuleViolation("请填写姓名。")
    if isinstance(place, Station):
        fits = role in (*STAFF_ROLES, Role.DEPUTY)
    elif isinstance(place, Unit):
        fits = role == Role.UNIT_CLERK
    else:
        fits = role in AREA_ROLES.get(AreaLevel(place.level), ())
    if not fits:
        raise RuleViolation(f"“{place}”没有“{Role(role).label}”这个角色。")


def check_merge(unit: Unit, into: Unit) -> None:
    """Refuse, with the reason in Chinese, a merge that is no correction of a misspelt name."""
    if unit.pk == into.pk:
        raise RuleViolation("请选择另一个单位。")
    if unit.confirmed:
        raise RuleViolation(f"“{unit}”是已确认的单位，不能并入别的单位；不再用的，请改为停用。")
    if not into.confirmed:
        raise RuleViolation(f"“{into}”也待确认，请先确认它。")
    if not into.active:
        raise RuleViolation(f"“{into}”已停用，请先恢复使用，或选别的单位。")
