"""换班: one deputy asks, the other consents; the old rows stay as the history of both."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.services import withdraw
from common.errors import RuleViolation
from deputies.choices import Answer, DeputyState, Request
from deputies.models import Assignment, Deputy, DutyDay, SwapRequest
from deputies.rules import duty as rules
from deputies.services.duty import tell
from deputies.services.duty.rows import locked_days, record, row_in, settle

# So often somebody may change their mind about one day.
ASKS = 8


@transaction.atomic
def ask_swap(
    given: Assignment, other: Deputy, *, actor, taken: Assignment | None = None, note: str = ""
) -> SwapRequest:
    """Ask another deputy to come on this day, and offer to come on a day of theirs for it.

    Without `taken` the other comes in one's place (代班). A second click finds the first request.
    Refuses who is not the deputy, days past, signed or closed, a deputy who is on that day
    already, and another township's.
    """
    days = _lock(given, taken)
    given = row_in(days[given.day_id], given)
    taken = row_in(days[taken.day_id], taken) if taken else None
    if not rules.is_own(actor, given.deputy):
        raise PermissionDenied
    asked = given.swaps_asked.filter(state=Request.ASKED).first()
    if asked and (asked.other_id, asked.taken_id) == (other.pk, taken.pk if taken else None):
        return asked
    if asked:
        raise RuleViolation(f"您已请{asked.other}换班，等对方答复；要换人请先撤回。")
    _check(given, other, taken)
    if given.swaps_asked.count() >= ASKS:
        raise RuleViolation("这一天已多次请人换班，请直接打电话给联络站。")
    swap = SwapRequest.objects.create(
        given=given, other=other, taken=taken, note=note.strip()[:200]
    )
    record(given, {"换班": ("", f"请{other}换班")}, actor=actor, note=note)
    tell.swap_asked(swap)
    return swap


@transaction.atomic
def answer_swap(swap: SwapRequest, *, actor, agreed: bool) -> SwapRequest:
    """The other deputy consents or not. With consent both change places, and both are confirmed.

    Refuses who was not asked, a request that is answered already, and one that has become
    impossible since: a day signed, closed or left, a place already taken.
    """
    days = _lock(swap.given, swap.taken)
    swap = SwapRequest.objects.select_related("given", "taken", "other__station").get(pk=swap.pk)
    if not rules.can_answer_swap(actor, swap):
        raise PermissionDenied
    if swap.state != Request.ASKED:
        raise RuleViolation(f"这次换班{swap.get_state_display()}，不用再答复。")
    given = row_in(days[swap.given.day_id], swap.given)
    if agreed:
        taken = row_in(days[swap.taken.day_id], swap.taken) if swap.taken else None
        _check(given, swap.other, taken)
        _exchange(given, swap.other, taken, actor)
    _close(swap, Request.AGREED if agreed else Request.REFUSED)
    if not agreed:
        record(given, {"换班": (f"请{swap.other}换班", "未同意")}, actor=actor)
    tell.swap_answered(swap)
    return swap


@transaction.atomic
def withdraw_swap(swap: SwapRequest, *, actor) -> SwapRequest:
    """Who asked asks no longer; only while the other has not answered."""
    days = _lock(swap.given, swap.taken)
    swap = SwapRequest.objects.select_related("given", "other").get(pk=swap.pk)
    given = row_in(days[swap.given.day_id], swap.given)
    if not rules.is_own(actor, given.deputy):
        raise PermissionDenied
    if swap.state != Request.ASKED:
        raise RuleViolation(f"这次换班{swap.get_state_display()}，不能撤回。")
    _close(swap, Request.WITHDRAWN)
    withdraw(f"swap:{swap.pk}:")
    record(given, {"换班": (f"请{swap.other}换班", "已撤回")}, actor=actor)
    return swap


def _lock(given: Assignment, taken: Assignment | None) -> dict[int, DutyDay]:
    return locked_days([given.day_id, *([taken.day_id] if taken else [])])


def _check(given: Assignment, other: Deputy, taken: Assignment | None) -> None:
    """Refuse a swap that cannot take place now."""
    today = timezone.localdate()
    rules.check_open(given)
    rules.check_to_come(given, today)
    if other.pk == given.deputy_id:
        raise RuleViolation("请选择另一位代表。")
    if other.state != DeputyState.IN_OFFICE:
        raise RuleViolation(f"{other}现在不在任。")
    rules.check_may_come(other, given.day.station)
    rules.check_not_twice(given.day, other)
    if taken is None:
        return
    if taken.deputy_id != other.pk:
        raise RuleViolation(f"换回来的那一天不是{other}的班。")
    rules.check_open(taken)
    rules.check_to_come(taken, today)
    rules.check_may_come(given.deputy, taken.day.station)
    rules.check_not_twice(taken.day, given.deputy)


def _exchange(given: Assignment, other: Deputy, taken: Assignment | None, actor) -> None:
    _hand_over(given, other, actor)
    if taken:
        _hand_over(taken, given.deputy, actor)


def _hand_over(row: Assignment, to: Deputy, actor) -> None:
    """`to` comes in place of the row's deputy, whose row stays as 换班."""
    settle(row, Answer.SWAPPED, actor=actor, note=f"换给{to}")
    tell.forget(row)
    Assignment.objects.create(
        day=row.day,
        deputy=to,
        position=row.position,
        answer=Answer.CONFIRMED,
        answered_at=timezone.now(),
        answer_note=f"与{row.deputy}换班",
    )


def _close(swap: SwapRequest, state: Request) -> None:
    swap.state, swap.decided_at = state, timezone.now()
    swap.save(update_fields=["state", "decided_at"])
