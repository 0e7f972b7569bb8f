"""Who keeps and who reads what is entered about one deputy."""

from __future__ import annotations

from datetime import date

from accounts.roles import Capability
from common.errors import RuleViolation
from deputies.models import Award, Deputy, FourOnes
from deputies.rules.people import can_manage
from stations.rules import grants_at

EARLIEST = 1980


def can_keep_records(user, deputy: Deputy) -> bool:
    """The deputy, the staff of their station and the offices above it."""
    own = user.pk is not None and deputy.user_id == user.pk
    if user.is_system or own or can_manage(user, deputy):
        return True
    return grants_at(user, Capability.LOG_RECEPTION, deputy.station)


def can_read_records(user, deputy: Deputy) -> bool:
    """履职档案 is for the deputy, and for those who report on the deputy's station."""
    own = user.pk is not None and deputy.user_id == user.pk
    return user.is_system or own or grants_at(user, Capability.VIEW_REPORT, deputy.station)


def check_record(record: Award | FourOnes, today: date) -> None:
    """Refuse a record without words, or of a day that cannot be."""
    if not record.title.strip():
        raise RuleViolation("请写明内容。")
    if record.day > today:
        raise RuleViolation("日期不能在今天之后。")
    if record.day.year < EARLIEST:
        raise RuleViolation(f"日期不能早于 {EARLIEST} 年。")
    if isinstance(record, FourOnes) and not record.day.year - 1 <= record.year <= record.day.year:
        raise RuleViolation("“四个一”的年度应是做的那一年；次年年初补做的，可以算上一年。")
