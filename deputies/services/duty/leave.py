"""请假: asked by the deputy, decided by the 站长; both stay on record."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.services import withdraw
from common.errors import RuleViolation
from deputies.choices import Answer, Attendance, Request
from deputies.models import Assignment, LeaveRequest
from deputies.rules import duty as rules
from deputies.services.duty import tell
from deputies.services.duty.rows import locked_day, locked_row, record, row_in, settle

# So often somebody may change their mind about one day.
ASKS = 8


@transaction.atomic
def ask_leave(row: Assignment, *, actor, reason: str) -> LeaveRequest:
    """Ask the 站长 for leave; a second click finds the first request.

    Refuses who is neither the deputy nor manages duty there, no reason, and a day that is past,
    signed, closed or no longer the deputy's.
    """
    row = locked_row(row)
    if not (rules.is_own(actor, row.deputy) or rules.can_manage_at(actor, row.day.station)):
        raise PermissionDenied
    _check(row, reason)
    asked = row.leave_requests.filter(state=Request.ASKED).first()
    if asked:
        return asked
    if row.leave_requests.count() >= ASKS:
        raise RuleViolation("这一天已多次请假和撤回，请直接打电话给联络站。")
    request = LeaveRequest.objects.create(assignment=row, reason=reason.strip()[:200])
    record(row, {"请假": ("", "待答复")}, actor=actor, note=request.reason)
    tell.leave_asked(request)
    return request


@transaction.atomic
def decide_leave(request: LeaveRequest, *, actor, agreed: bool, note: str = "") -> LeaveRequest:
    """Grant or refuse leave; the deputy is told. Refuses who does not decide leave there, a
    request that is decided already, and a refusal without a word why."""
    row = locked_row(request.assignment)
    if not rules.can_decide_leave_at(actor, row.day.station):
        raise PermissionDenied
    request = row.leave_requests.get(pk=request.pk)
    if request.state != Request.ASKED:
        raise RuleViolation(f"这次请假{request.get_state_display()}，不用再答复。")
    if not agreed and not note.strip():
        raise RuleViolation("不同意时请写明原因。")
    rules.check_open(row)
    if agreed and rules.has_signed(row):
        raise RuleViolation(f"{row.deputy}已经签到，不能再准假。")
    _decide(request, row, actor, Request.AGREED if agreed else Request.REFUSED, note)
    return request


@transaction.atomic
def withdraw_leave(request: LeaveRequest, *, actor) -> LeaveRequest:
    """The deputy comes after all; only while nobody has decided."""
    row = locked_row(request.assignment)
    if not rules.is_own(actor, row.deputy):
        raise PermissionDenied
    request = row.leave_requests.get(pk=request.pk)
    if request.state != Request.ASKED:
        raise RuleViolation(f"这次请假{request.get_state_display()}，不能撤回。")
    request.state, request.decided_at = Request.WITHDRAWN, timezone.now()
    request.save(update_fields=["state", "decided_at"])
    withdraw(f"leave:{request.pk}:")
    record(row, {"请假": ("待答复", "已撤回")}, actor=actor)
    return request


def grant_leave(row: Assignment, *, actor, reason: str) -> Assignment:
    """Leave that staff take down: granted at once by who decides it, otherwise asked for."""
    request = ask_leave(row, actor=actor, reason=reason)
    if rules.can_decide_leave_at(actor, row.day.station):
        decide_leave(request, actor=actor, agreed=True)
    return row_in(locked_day(row.day), row)


def _check(row: Assignment, reason: str) -> None:
    rules.check_open(row)
    rules.check_to_come(row, timezone.localdate())
    if not reason.strip():
        raise RuleViolation("请写明请假的原因。")


def _decide(request: LeaveRequest, row: Assignment, actor, state: Request, note: str) -> None:
    request.state, request.decided_at = state, timezone.now()
    request.decided_by_id, request.decision_note = actor.pk, note.strip()[:200]
    request.save(update_fields=["state", "decided_at", "decided_by", "decision_note"])
    if state == Request.AGREED:
        row.attendance = Attendance.LEAVE
        row.save(update_fields=["attendance"])
        settle(row, Answer.LEAVE, actor=actor, note=request.reason)
    else:
        record(row, {"请假": ("待答复", "未同意")}, actor=actor, note=note)
    tell.leave_decided(request, row)
