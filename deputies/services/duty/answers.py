"""Whether the deputy comes: said by themselves, or by the 联络员 who called seven days before."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from common.errors import RuleViolation
from deputies.choices import Answer
from deputies.models import Assignment
from deputies.rules import duty as rules
from deputies.services.duty.leave import grant_leave
from deputies.services.duty.rows import locked_row, require_manager, settle, withdraw_requests

# What the 联络员 may record of a call; 换班 is recorded by the swap itself.
CONTACT_OUTCOMES = (Answer.CONFIRMED, Answer.LEAVE, Answer.UNREACHABLE)


@transaction.atomic
def confirm(row: Assignment, *, actor) -> Assignment:
    """The deputy comes, and asks for leave or a swap no longer. Said twice it is said once.

    Refuses who is neither the deputy nor manages duty there, and a day that is past, closed,
    cancelled or no longer the deputy's.
    """
    row = locked_row(row)
    _require_right(row, actor)
    rules.check_open(row)
    if row.day.date < timezone.localdate():
        raise RuleViolation("这一天已经过去。")
    if row.answer != Answer.CONFIRMED:
        settle(row, Answer.CONFIRMED, actor=actor)
    else:
        withdraw_requests(row)
    return row


@transaction.atomic
def record_contact(row: Assignment, outcome: str, *, actor, note: str = "") -> Assignment:
    """What calling the deputy gave: 已确认, 请假 (with the reason) or 联系不上.

    Leave said on the phone is leave asked: who may decide it grants it at once, otherwise the
    站长 decides. Refuses who may not manage duty there.
    """
    row = locked_row(row)
    require_manager(row.day, actor)
    rules.check_open(row)
    if rules.has_signed(row):
        raise RuleViolation(f"{row.deputy}已经签到，不用再记联系结果。")
    if outcome not in CONTACT_OUTCOMES:
        raise RuleViolation("请选择联系结果：已确认、请假或联系不上。")
    if outcome == Answer.LEAVE:
        return grant_leave(row, actor=actor, reason=note)
    settle(row, Answer(outcome), actor=actor, note=note)
    return row


def _require_right(row: Assignment, actor) -> None:
    if not (rules.is_own(actor, row.deputy) or rules.can_manage_at(actor, row.day.station)):
        raise PermissionDenied
