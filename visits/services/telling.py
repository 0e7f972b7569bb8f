"""Telling the deputies of a visit what came of it, through the ledger of notices."""

from __future__ import annotations

from django.urls import reverse

from accounts.services import Message, send
from common.errors import RuleViolation
from deputies.models import Deputy
from visits.models import Opinion


def deputies_of(opinion: Opinion) -> list[Deputy]:
    """Who heard the visitor, or formed the opinion at the activity."""
    if opinion.reception is not None:
        rows = opinion.reception.receivers.select_related("deputy__user")
        return [row.deputy for row in rows]
    if opinion.activity is not None:
        return [row.deputy for row in opinion.activity.attendance.select_related("deputy__user")]
    return []


def tell_by_message(opinion: Opinion, how: str) -> str:
    """Write to the deputies who have a log-in, and return how all of them were told.

    Refuses if somebody has no log-in and `how` does not say how they were told.
    """
    deputies = deputies_of(opinion)
    reached = [deputy for deputy in deputies if deputy.user_id]
    missed = [deputy.name for deputy in deputies if not deputy.user_id]
    if missed and not how:
        raise RuleViolation(
            f"{'、'.join(missed)}没有登录账号，收不到站内消息，请填写另外怎么告知的。"
        )
    if not reached:
        return how
    send(_message(opinion, deputy) for deputy in reached)
    return f"站内消息；{how}" if how and missed else "站内消息"


def _message(opinion: Opinion, deputy: Deputy) -> Message:
    said = opinion.summary or opinion.statement[:60]
    result = opinion.result or opinion.get_disposal_display()
    return Message(
        key=f"opinion:{opinion.pk}:{opinion.round}:told:{deputy.pk}",
        title="您接待的事有结果了" if opinion.has_visitor else "您提的意见有结果了",
        text=f"{opinion.raised_on:%Y-%m-%d} {said}。办理结果：{result}",
        user=deputy.user,
        kind="opinion",
        url=reverse("visits:opinion_detail", args=[opinion.pk]),
        station_key=opinion.station_id,
    )
