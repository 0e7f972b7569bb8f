"""What follows when all who answer are rated: the end, or the next round."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from accounts.actors import SYSTEM
from common.errors import RuleViolation
from suggestions import rules
from suggestions.choices import Act, State
from suggestions.models import Deadline, Handling, Suggestion
from suggestions.services.moves import locked, moving
from suggestions.services.sources import answer_sources, reopen_sources


def after_rating(suggestion: Suggestion) -> Suggestion:
    """When all who answer are rated: the next round for those that do not satisfy, or the end."""
    stored, shares = locked(suggestion)
    if stored.state != State.CLOSED:
        return stored
    unsatisfied = [one for one in rules.answering(shares) if rules.is_unsatisfied(one)]
    if unsatisfied:
        return next_round(stored, unsatisfied, actor=SYSTEM, note="代表对办理结果不满意")
    _answer_sources(stored, shares)
    return stored


def _answer_sources(stored: Suggestion, shares: Sequence[Handling]) -> None:
    replies = [one.reply for one in rules.answering(shares) if hasattr(one, "reply")]
    words = "；".join(f"{one.handling.unit}：{one.text or one.class_words}" for one in replies)
    worst = max((one.result_class for one in replies), default="")
    answer_sources(stored, f"建议{stored.code}已办结。{words}", worst)


def next_round(
    stored: Suggestion, chosen: Sequence[Handling], *, actor, note: str, seen: int | None = None
) -> Suggestion:
    """Round n+1 of these units, and of those that assisted them."""
    with moving(stored, Act.REDO, actor=actor, note=note, seen=seen) as move:
        if not chosen:
            raise RuleViolation("请选择重新办理的单位。")
        move.suggestion.round += 1
        again = list(chosen)
        for one in chosen:
            again += rules.assisting(one, move.shares)
        for one in again:
            Handling.objects.create(
                suggestion=move.suggestion, round=move.suggestion.round, unit=one.unit,
                duty=one.duty, position=one.position, clerk=one.clerk, assigned_on=move.on,
            )  # fmt: skip
        _end_promises(chosen, move.on)
        move.say(
            轮次=f"第 {move.suggestion.round} 轮", 单位="、".join(str(one.unit) for one in again)
        )
    reopen_sources(move.suggestion, f"建议 {move.suggestion.code}重办：{note}")
    return move.suggestion


def _end_promises(chosen: Sequence[Handling], on: date) -> None:
    """What was promised in a letter that does not satisfy is answered by the next letter."""
    for one in chosen:
        Deadline.objects.open().filter(handling=one, limit="promise").update(ended_on=on)
        promise = rules.open_promise(one)
        if promise is not None:
            promise.answered_on, promise.answer = on, "代表不满意，转为重办。"
            promise.save()
