"""How the demo's opinions came where they stand: the steps that their facts tell of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from liaison_portal.demo_data.registers import entered_then
from visits.choices import Act, Disposal, OpinionState
from visits.models import Opinion, OpinionStep

BATCH = 2000
S = OpinionState


def write_steps(now: datetime) -> int:
    """Write the steps of every opinion that was handed over; return how many."""
    opinions = Opinion.objects.filter(disposal__in=Disposal.handed_over())
    opinions = opinions.select_related("reception__created_by", "activity__created_by", "unit")
    steps = [step for opinion in opinions.iterator(BATCH) for step in _steps(opinion, now)]
    with entered_then(OpinionStep, "at"):
        OpinionStep.objects.bulk_create(steps, batch_size=BATCH)
    return len(steps)


def _steps(opinion: Opinion, now: datetime) -> Iterator[OpinionStep]:
    """In the order of the days: accepted, answered, told, closed."""
    state = S.ASSIGNED
    for act, on, to, facts in _moves(opinion):
        yield OpinionStep(
            opinion=opinion,
            act=act,
            from_state=state,
            to_state=to,
            on=on,
            at=min(timezone.make_aware(datetime.combine(on, time(15, 20))), now),
            facts={label: text for label, text in facts.items() if text},
            actor=opinion.source.created_by,
            actor_name=str(opinion.source.created_by or "系统"),
        )
        state = to


def _moves(opinion: Opinion) -> Iterator[tuple[Act, date, OpinionState, dict[str, str]]]:
    told = opinion.feedback_on or opinion.deputies_told_on
    if opinion.accepted_on:
        yield Act.ACCEPT, opinion.accepted_on, S.HANDLING, {"承办单位": str(opinion.unit or "")}
    if opinion.resolution and opinion.state in (S.ANSWERED, S.CLOSED):
        begun = opinion.accepted_on or opinion.raised_on
        answered = max(begun, (told or timezone.localdate()) - timedelta(days=2))
        result = {"办理结果": opinion.result, "解决程度": opinion.get_resolution_display()}
        yield Act.ANSWER, answered, S.ANSWERED, result
    if opinion.feedback_on:
        facts = {
            "反馈方式": opinion.feedback_method,
            "反馈人": opinion.feedback_by,
            "满意度": opinion.get_satisfaction_display(),
        }
        yield Act.TELL_VISITOR, opinion.feedback_on, S.ANSWERED, facts
    if opinion.deputies_told_on:
        how = {"告知代表方式": opinion.deputies_told_how}
        yield Act.TELL_DEPUTIES, opinion.deputies_told_on, S.ANSWERED, how
    if opinion.is_closed and opinion.closed_on:
        yield Act.CLOSE, opinion.closed_on, S.CLOSED, {}
