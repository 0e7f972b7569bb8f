"""Who reads reports, and of which places."""

from typing import Any

from accounts.roles import Capability, roles_with
from stations.models import Area, Station
from stations.rules import can_in_area


def can_read_reports(user: Any) -> bool:
    return user.is_system or user.holds(roles_with(Capability.VIEW_REPORT))


def can_report_on(user: Any, area: Area) -> bool:
    """Only where the whole area is theirs: part of it under its name would be a wrong report."""
    return can_in_area(user, Capability.VIEW_REPORT, area.code)


def report_places(user: Any) -> list[Area | Station]:
    """The areas and stations that `user` reads reports of."""
    roles = roles_with(Capability.VIEW_REPORT)
    held = [posting for posting in user.held_postings if posting.role in roles]
    return list(dict.fromkeys(posting.place for posting in held if not posting.unit_id))
