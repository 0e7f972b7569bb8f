"""交办: which units have it, how they are urged, and what they ask of the office."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db import transaction

from accounts.actors import SYSTEM
from common.calendar import workdays_when_asked
from common.errors import RuleViolation
from common.sheets.cells import chinese_date
from stations.models import Unit
from suggestions import rules
from suggestions.choices import WITH_UNITS, Act, Asked, Duty, Limit, Part, State
from suggestions.models import Deadline, Extension, Handling, Suggestion
from suggestions.services.clocks import spans
from suggestions.services.moves import Move, drop_requests, lock_with_followers, moving
from suggestions.services.rounds import after_rating


class Share(NamedTuple):
    """A unit and its part: what an assignment is made of."""

    unit: Unit
    duty: str


def check_shares(shares: Sequence[Share]) -> None:
    """One unit alone, or one that leads with units that assist, or several that each answer."""
    duties = [share.duty for share in shares]
    if len({share.unit.pk for share in shares}) != len(shares):
        raise RuleViolation("同一个单位填写了两次。")
    answering = [duty for duty in duties if duty in Duty.answering()]
    if not answering:
        raise RuleViolation("请填写主办（独办、分办）单位。")
    if Duty.SOLE in duties and len(duties) > 1:
        raise RuleViolation("独办只有一个单位；有几个单位时请分主办和协办，或都写分办。")
    if duties.count(Duty.LEAD) > 1:
        raise RuleViolation("主办单位只能有一个；分别答复的请写分办。")
    if Duty.LEAD in duties and Duty.SEPARATE in duties:
        raise RuleViolation("主办和分办不能同时有。")
    if Duty.ASSIST in duties and Duty.LEAD not in duties:
        raise RuleViolation("有协办单位的，要有一个主办单位。")


@transaction.atomic
def assign_suggestion(
    suggestion: Suggestion, shares: Sequence[Share], *, actor, note: str = "",
    on: date | None = None, seen: int | None = None,
) -> Suggestion:  # fmt: skip
    """交办 to these units, with all that was merged into it: every clock of theirs begins.

    A single 主办 without 协办 is 独办. Refuses what `check_shares` refuses, and a day before it
    was accepted.
    """
    shares = _as_sole(shares)
    check_shares(shares)
    followers = lock_with_followers(suggestion)
    with moving(suggestion, Act.ASSIGN, actor=actor, note=note, on=on, seen=seen) as move:
        _hand_over(move, shares)
    for other in followers:
        if other.state != State.ACCEPTED:
            continue
        why = f"随并案 {move.suggestion.code}"
        with moving(other, Act.ASSIGN, actor=actor, note=why, on=on, carried=True) as carried:
            _hand_over(carried, shares)
    return move.suggestion


def _as_sole(shares: Sequence[Share]) -> list[Share]:
    if len(shares) == 1 and shares[0].duty in (Duty.LEAD, Duty.SEPARATE):
        return [Share(shares[0].unit, Duty.SOLE)]
    return list(shares)


def _hand_over(move: Move, shares: Sequence[Share]) -> None:
    stored = move.suggestion
    stored.assigned_on = stored.assigned_on or move.on
    for position, share in enumerate(shares):
        move.shares.append(
            Handling.objects.create(
                suggestion=stored, round=stored.round, unit=share.unit, duty=share.duty,
                position=position, assigned_on=move.on,
            )
        )  # fmt: skip
    move.say(
        **{
            duty.label: "、".join(str(one.unit) for one in shares if one.duty == duty)
            for duty in Duty
        }
    )


@transaction.atomic
def recall_suggestion(
    suggestion: Suggestion, *, actor, note: str, seen: int | None = None
) -> Suggestion:
    """收回改派: no unit has it any more in this round, nor what was merged into it; all wait to be
    assigned anew. What was merged into another one goes on alone: the other stays where it is."""
    followers = lock_with_followers(suggestion)
    with moving(suggestion, Act.RECALL, actor=actor, note=note, seen=seen) as move:
        _take_away(move, move.shares)
        _go_alone(move)
    _recall_followers(move, followers)
    return move.suggestion


def _go_alone(move: Move) -> None:
    """It waits to be assigned and its lead does not: assigned with it, it would wait for ever."""
    lead = move.suggestion.merged_into
    if lead is not None:
        move.say(解除并案=f"不再随 {lead.code}")
        move.suggestion.merged_into = None


def _recall_followers(lead: Move, followers: Sequence[Suggestion]) -> None:
    """They go where the lead goes, but for one that a unit has answered already."""
    for other in followers:
        of_round = other.handlings.filter(round=other.round)
        answered = of_round.filter(state__in=[Part.ANSWERED, Part.RATED]).exists()
        if other.state not in WITH_UNITS or answered:
            continue
        why = f"随并案 {lead.suggestion.code}"
        with moving(other, Act.RECALL, actor=SYSTEM, note=why, carried=True) as move:
            _take_away(move, move.shares)


def _take_away(move: Move, shares: Sequence[Handling]) -> None:
    for one in shares:
        if one.round != move.suggestion.round or (one.has_left and not one.vacant):
            continue
        one.state, one.left_on, one.vacant = Part.LEFT, one.left_on or move.on, False
        one.save(update_fields=["state", "left_on", "vacant"])
        drop_requests(one, move.on)


@transaction.atomic
def agree_to_return(
    suggestion: Suggestion, share: Handling, *, actor, note: str = "", seen: int | None = None
) -> Suggestion:
    """同意退办. If an assisting unit leaves, the others go on; if one of several that answer each
    for themselves (分办) leaves, its part waits for another unit and the others go on; if the one
    that answers leaves, all is assigned anew, what was merged into it too."""
    followers = lock_with_followers(suggestion)
    with moving(
        suggestion, Act.AGREE_RETURN, actor=actor, share=share, note=note, seen=seen
    ) as move:
        move.own.left_on = move.on
        move.say(退办理由=move.own.return_reason, 建议改由=move.own.proposed_unit)
        drop_requests(move.own, move.on)
        move.own.vacant = rules.leaves_a_part(move.own, move.shares)
        if move.own.answers and not move.own.vacant:
            _take_away(move, [one for one in move.shares if one.pk != move.own.pk])
            _go_alone(move)
    if move.suggestion.state == State.ACCEPTED:
        _recall_followers(move, followers)
    return after_rating(move.suggestion)


@transaction.atomic
def reassign_part(
    suggestion: Suggestion, share: Handling, unit: Unit, *, actor, note: str = "",
    on: date | None = None, seen: int | None = None,
) -> Suggestion:  # fmt: skip
    """另派单位: the part of a unit that has left goes to this one, with clocks of its own; the
    others go on. Refuses a unit that has a part in this round already."""
    with moving(
        suggestion, Act.REASSIGN, actor=actor, share=share, note=note, on=on, seen=seen
    ) as move:
        own = move.own
        for one in move.shares:
            if one.unit_id == unit.pk and one.round == own.round and not one.has_left:
                raise RuleViolation(f"{unit}已经在办这一件，请另选单位，或不再另派。")
        own.vacant = False
        move.shares.append(
            Handling.objects.create(
                suggestion=move.suggestion, round=own.round, unit=unit, duty=own.duty,
                position=own.position, assigned_on=move.on,
            )
        )  # fmt: skip
        move.say(改由=unit)
    return move.suggestion


@transaction.atomic
def dispense_with_part(
    suggestion: Suggestion, share: Handling, *, actor, note: str, seen: int | None = None
) -> Suggestion:
    """不再另派: the other units answer for all of it; it may have been all that was waited for."""
    with moving(suggestion, Act.DISPENSE, actor=actor, share=share, note=note, seen=seen) as move:
        move.own.vacant = False
    return after_rating(move.suggestion)


@transaction.atomic
def refuse_return(
    suggestion: Suggestion, share: Handling, *, actor, note: str, seen: int | None = None
) -> Suggestion:
    """不同意退办: the unit goes on, its clocks have not stopped."""
    with moving(
        suggestion, Act.REFUSE_RETURN, actor=actor, share=share, note=note, seen=seen
    ) as move:
        move.own.signed_on = move.own.signed_on or move.on
    return move.suggestion


@transaction.atomic
def grant_extension(
    suggestion: Suggestion, share: Handling, *, actor, until: date | None = None, note: str = "",
    seen: int | None = None,
) -> Suggestion:  # fmt: skip
    """批准延期 until the day asked for, or another: later than now, and no later than the longest
    time (6 months from 交办 unless set otherwise). The first day stays visible."""
    with moving(
        suggestion, Act.GRANT_EXTENSION, actor=actor, share=share, note=note, seen=seen
    ) as move:
        request = move.own.extensions.get(outcome=Asked.OPEN)
        day = until or request.until
        check_extension(move.own, day)
        clock = _answer_clock(move.own)
        clock.first_due_on = clock.first_due_on or clock.due_on
        clock.explanation = (
            f"原定 {chinese_date(clock.first_due_on)}，{chinese_date(move.on)}批准延期到"
            f" {chinese_date(day)}。"
        )
        clock.due_on = day
        clock.save(update_fields=["first_due_on", "due_on", "explanation"])
        request.until, request.outcome, request.decided_on = day, Asked.GRANTED, move.on
        request.save()
        move.say(延至=chinese_date(day), 原期限=chinese_date(clock.first_due_on))
    return move.suggestion


@transaction.atomic
def refuse_extension(
    suggestion: Suggestion, share: Handling, *, actor, note: str, seen: int | None = None
) -> Suggestion:
    """不批准延期: the day stays as it is."""
    with moving(
        suggestion, Act.REFUSE_EXTENSION, actor=actor, share=share, note=note, seen=seen
    ) as move:
        Extension.objects.filter(handling=move.own, outcome=Asked.OPEN).update(
            outcome=Asked.REFUSED, decided_on=move.on
        )
    return move.suggestion


def check_extension(share: Handling, until: date) -> None:
    """Refuse a day that is not later than the one that stands, or beyond the longest time."""
    clock = _answer_clock(share)
    if until <= clock.due_on:
        raise RuleViolation(f"延期后的日期要晚于现在的期限 {chinese_date(clock.due_on)}。")
    last = rules.longest(share, spans(), workdays_when_asked()).due
    if until > last:
        raise RuleViolation(f"最长只能延到 {chinese_date(last)}。")


def check_in_time(share: Handling, on: date) -> None:
    """More time is asked for before the day has passed."""
    clock = _answer_clock(share)
    if on > clock.due_on:
        raise RuleViolation(f"答复期限 {chinese_date(clock.due_on)} 已经过了，不能再申请延期。")


def _answer_clock(share: Handling) -> Deadline:
    clock = Deadline.objects.filter(handling=share, limit__in=Limit.answers()).last()
    if clock is None:
        raise RuleViolation("这一件没有答复期限。")
    return clock


@transaction.atomic
def urge_suggestion(
    suggestion: Suggestion, *, actor, note: str = "", on: date | None = None,
    seen: int | None = None,
) -> Suggestion:  # fmt: skip
    """催办: the units are reminded, by message and slip."""
    with moving(suggestion, Act.URGE, actor=actor, note=note, on=on, seen=seen) as move:
        move.say(承办单位=_units(move))
    return move.suggestion


@transaction.atomic
def supervise_suggestion(
    suggestion: Suggestion, *, actor, note: str, on: date | None = None, seen: int | None = None
) -> Suggestion:
    """督办: what the office demands by when, in writing; `note` stands on the slip."""
    with moving(suggestion, Act.SUPERVISE, actor=actor, note=note, on=on, seen=seen) as move:
        move.say(承办单位=_units(move))
    return move.suggestion


def _units(move: Move) -> str:
    return "、".join(str(one.unit) for one in rules.last_shares(move.shares))
