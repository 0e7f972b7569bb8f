"""Who reads a 履职档案 and its score, keeps the ladder, makes and sends the year's 通报."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from accounts.roles import Capability
from common.errors import RuleViolation
from deputies.models import Deputy
from deputies.rules.records import can_read_records
from reports.choices import Step
from reports.models import RecordSetting
from stations.models import Station
from stations.rules import can_in_area, grants_at


def can_read_performance(user: Any, deputy: Deputy) -> bool:
    """The deputy, the staff of their station, the township and the district."""
    return can_read_records(user, deputy)


def is_own(user: Any, deputy: Deputy) -> bool:
    return user.pk is not None and deputy.user_id == user.pk


def is_district(user: Any) -> bool:
    """The district's office: absences and scores are its matter alone."""
    return can_in_area(user, Capability.PUBLISH_REPORT, "")


def sees_score(user: Any, deputy: Deputy, setting: RecordSetting) -> bool:
    """Only where the district switched scores on, and then the district and the deputy."""
    return setting.scoring and (is_district(user) or is_own(user, deputy))


def can_send_circulars(user: Any, station: Station) -> bool:
    """The offices that sign for the station; its staff make the letters and print them."""
    return user.is_system or grants_at(user, Capability.PUBLISH_REPORT, station)


def step_due(absences: int, setting: RecordSetting) -> Step | None:
    """The highest step that so many absences without leave reach."""
    reached = [step for step, least in setting.ladder.items() if absences >= least]
    return reached[-1] if reached else None


def check_ladder(setting: RecordSetting) -> None:
    """Refuse thresholds that do not rise."""
    steps = list(setting.ladder.values())
    if steps[0] < 1 or any(low >= high for low, high in pairwise(steps)):
        raise RuleViolation("三档次数应从少到多：提醒至少 1 次，约谈多于提醒，劝辞多于约谈。")


def check_admonition(step: Step, absences: int, setting: RecordSetting) -> None:
    """Refuse a step that the records do not call for."""
    if absences < setting.ladder[step]:
        raise RuleViolation(
            f"缺席 {absences} 次，还没有到{step.label}的次数（{setting.ladder[step]} 次）。"
        )
