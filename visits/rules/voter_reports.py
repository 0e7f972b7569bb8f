"""Who arranges 向选民述职, and what a report and its ballots must satisfy."""

from __future__ import annotations

from datetime import date

from accounts.roles import Capability
from common.errors import RuleViolation
from stations.models import Station
from stations.rules import grants_at
from visits.models import VoterReport

FIRST_YEAR, LAST_YEAR, MOST_BATCHES = 2000, 2100, 50
BALLOTS = ("ballots_sent", "ballots_returned", "satisfied", "mostly", "unsatisfied")


def can_arrange_reports(user, station: Station) -> bool:
    """Who arranges the duty days of the station (read with its area) arranges these, too."""
    return grants_at(user, Capability.MANAGE_DUTY, station)


def check_report_plan(year: int, batch: int, planned_on: date | None) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise RuleViolation(f"年度应在 {FIRST_YEAR} 到 {LAST_YEAR} 之间。")
    if not 1 <= batch <= MOST_BATCHES:
        raise RuleViolation(f"批次应在 1 到 {MOST_BATCHES} 之间。")
    if planned_on and planned_on.year != year:
        raise RuleViolation(f"计划日期不在 {year} 年。")


def check_report_outcome(row: VoterReport, today: date) -> None:
    """Refuse, with the reason in Chinese, an outcome that cannot have been."""
    check_report_plan(row.year, row.batch, row.planned_on)
    if row.held_on and row.held_on > today:
        raise RuleViolation("述职日期不能在今天之后。")
    if row.held_on and abs(row.held_on.year - row.year) > 1:
        raise RuleViolation(
            f"这是 {row.year} 年的述职，述职日期应在 {row.year - 1}—{row.year + 1} 年，请核对。"
        )
    if row.held_on is None and any(getattr(row, name) is not None for name in BALLOTS):
        raise RuleViolation("填了测评票的，请填写述职日期。")
    _check_ballots(row)
    if row.activity and row.activity.station_id != row.station_id:
        raise RuleViolation("这次活动是别的联络站登记的。")


def _check_ballots(row: VoterReport) -> None:
    """收回 ≤ 发出; 满意 + 基本满意 + 不满意 ≤ 收回."""
    given = [getattr(row, name) for name in BALLOTS[2:]]
    returned, sent = row.ballots_returned, row.ballots_sent
    if returned is None:
        if any(count is not None for count in given):
            raise RuleViolation("填了满意度的，请填写收回测评票。")
        return
    if sent is None:
        raise RuleViolation("填了收回测评票的，请填写发出测评票。")
    if returned > sent:
        raise RuleViolation(f"收回测评票 {returned} 张，多于发出的 {sent} 张，请核对。")
    together = sum(count or 0 for count in given)
    if together > returned:
        raise RuleViolation(
            f"满意、基本满意、不满意共 {together} 张，多于收回的 {returned} 张，请核对。"
        )
