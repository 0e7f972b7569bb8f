"""Telling the deputies of a visit what came of it, through the ledger of notices."""

from __future__ import annotations

from django.urls import reverse

from accounts.services import Message, send
from common.errors import RuleViolation
from common.sheets.cells import chinese_date
from deputies.models import Deputy
from visits.models import Opinion
from visits.services.opinion_rows import last_step


def deputies_of(opinion: Opinion) -> list[Deputy]:
    """Who heard the visitor, or formed the opinion at the activity."""
    if opinion.reception is not None:
        rows = opinion.reception.receivers.select_related("deputy__user")
        return [row.deputy for row in rows]
    if opinion.activity is not None:
        return [row.deputy for row in opinion.activity.attendance.select_related("deputy__user")]
    return []


def _is_reached(deputy: Deputy) -> bool:
    return deputy.user is not None and deputy.user.is_active


def tell_by_message(opinion: Opinion, how: str) -> str:
    """Write to the deputies who have a log-in, and return how all of them were told.

    Refuses if somebody has no log-in and `how` does not say how they were told.
    """
    deputies = deputies_of(opinion)
    reached = [deputy for deputy in deputies if _is_reached(deputy)]
    missed = [deputy.name for deputy in deputies if not _is_reached(deputy)]
    if missed and not how:
        raise RuleViolation(
            f"{'、'.join(missed)}没有登录账号，收不到站内消息，请填写另外怎么告知的。"
        )
    if not reached:
        return how
    send(_message(opinion, deputy) for deputy in reached)
    return f"站内消息；{how}" if how and missed else "站内消息"


def _message(opinion: Opinion, deputy: Deputy) -> Message:
    # Messages go out by mail and stand on pages of those who look after them: what was said and
    # what came of it is read in the register, by who may read it there.
    return Message(
        key=f"opinion:{opinion.pk}:{last_step(opinion)}:told:{deputy.pk}",
        title="您接待的事有结果了" if opinion.has_visitor else "您提的意见有结果了",
        text=f"{chinese_date(opinion.raised_on)}，{opinion.station}，请登录查看办理结果。",
        user=deputy.user,
        kind="opinion",
        url=reverse("visits:opinion_detail", args=[opinion.pk]),
        station_key=opinion.station_id,
    )
