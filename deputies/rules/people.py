"""Who may do what to a deputy, and what a deputy, a mandate or a group must satisfy."""

from __future__ import annotations

from collections.abc import Collection

from accounts.roles import Capability
from common.errors import RuleViolation
from common.masking import mask_phone
from deputies.choices import Level
from deputies.models import Deputy, Group, Mandate
from stations.models import Area, Station
from stations.rules import can_in_area, grants_at, manages_log_ins_at


def can_manage_at(user, station: Station) -> bool:
    """Whether `user` keeps the list of deputies of the station (read with its area)."""
    return grants_at(user, Capability.MANAGE_DEPUTIES, station)


def can_manage(user, deputy: Deputy) -> bool:
    return can_manage_at(user, deputy.station)


def can_manage_group_in(user, township: Area) -> bool:
    return can_in_area(user, Capability.MANAGE_DEPUTIES, township.code)


def can_manage_log_in(user, deputy: Deputy) -> bool:
    """Whether `user` may hand out the first password of this deputy."""
    return manages_log_ins_at(user, deputy.station)


def sees_phone(user, deputy: Deputy) -> bool:
    """A deputy's phone is for who calls them: office, station staff, and the deputy."""
    return (
        user.is_system
        or deputy.user_id == user.pk
        or can_manage(user, deputy)
        or grants_at(user, Capability.LOG_RECEPTION, deputy.station)
    )


def shown_phone(user, deputy: Deputy) -> str:
    return deputy.phone if sees_phone(user, deputy) else mask_phone(deputy.phone)


def check_mandate(mandate: Mandate, held: Collection[Mandate]) -> None:
    """Refuse a mandate that cannot be held beside the others."""
    if mandate.started_on and mandate.ended_on and mandate.ended_on < mandate.started_on:
        raise RuleViolation("结束日期不能早于开始日期。")
    for other in held:
        if other != mandate and other.level == mandate.level and other.ended_on is None:
            raise RuleViolation(f"已任{Level(other.level).label}代表{_term(other)}，请先结束。")


def _term(mandate: Mandate) -> str:
    return f"（{mandate.term}）" if mandate.term else ""


def check_group(members: Collection[Deputy], convener: Deputy | None) -> None:
    """Refuse a convener who is no member."""
    if convener and convener.pk not in {member.pk for member in members}:
        raise RuleViolation(f"召集人{convener}不是本组成员，请先把他（她）列为成员。")


def check_group_at(group: Group, station: Station) -> None:
    """Refuse a group of another township than the station's."""
    if group.township_id not in (None, station.township_id):
        raise RuleViolation(f"“{group}”不是{station}所在乡镇街道的小组。")
