"""Who enters the funds of a station, and what is odd about them."""

from __future__ import annotations

from decimal import Decimal

from accounts.roles import Capability, roles_with
from stations.models import Fund, Station

FIRST_FUND_YEAR, LAST_FUND_YEAR = 2000, 2100
MOST_FUNDS = Decimal(99_999_999_999)


def can_see_funds(user) -> bool:
    """Who reads reports somewhere."""
    return user.is_system or user.holds(roles_with(Capability.VIEW_REPORT))


def can_set_funds(user, station: Station) -> bool:
    """The offices above the station (read with its area), which give the money: not who spends
    it, and not who only keeps accounts."""
    if user.is_system:
        return True
    roles = set(roles_with(Capability.EDIT_STATION)) & set(roles_with(Capability.VIEW_REPORT))
    return any(
        held.area_id and held.role in roles and held.covers(station.pk, station.area.code)
        for held in user.held_postings
    )


def funds_odd(fund: Fund) -> str:
    """What breaks 已使用 ≤ 已拨付 ≤ 预算, in words; it is said, not refused: paper may be so."""
    said = []
    if fund.allotted > fund.budget:
        said.append("已拨付多于预算")
    if fund.used > fund.allotted:
        said.append("已使用多于已拨付")
    return "，".join(said)
