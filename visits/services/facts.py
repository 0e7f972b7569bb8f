"""What follows from the facts of an opinion: its clocks, who counts as told, and its state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.utils import timezone

from common.workdays import Workdays
from visits import rules
from visits.choices import Act, Disposal, OpinionState
from visits.models import Activity, Opinion, OpinionStep, Reception

# What one handling settles, for all that were merged.
HANDLING = (
    "disposal", "decline_reason", "where_to", "unit", "handed_over_on", "accept_by",
    "accepted_on", "result", "resolution",
)  # fmt: skip


def complete_opinion(
    opinion: Opinion,
    source: Reception | Activity,
    calendar: Workdays,
    *,
    before: Opinion | None = None,
) -> None:
    """Fill in what the register's own words decide, when an entry is logged or changed.

    `before` is the opinion as it stood: one that is handed over by a change of the register is
    handed over today. The clocks of last year's paper, brought in by a sheet, ran on paper.
    """
    opinion.station_id, opinion.raised_on = source.station_id, _day(source)
    if opinion.disposal != Disposal.DECLINED:
        opinion.decline_reason = ""
    if opinion.disposal not in Disposal.pointed_elsewhere():
        opinion.where_to = ""
    _run_clocks(opinion, source, calendar, before)
    _count_deputies_as_told(opinion, source, before)
    opinion.state = rules.state_of(opinion)
    if opinion.is_closed:
        told = (opinion.raised_on, opinion.feedback_on, opinion.deputies_told_on)
        opinion.closed_on = opinion.closed_on or max(day for day in told if day)
    else:
        opinion.closed_on = None


def record_corrections(
    stored: Mapping[int, Opinion], opinions: Sequence[Opinion], *, actor
) -> None:
    """A change of the register that moves an opinion leaves a step, like any other move; what
    was merged into it goes along."""
    for opinion in opinions:
        before = stored.get(opinion.pk)
        if before is None:
            continue
        if before.state != opinion.state:
            record_step(opinion, Act.CORRECT, before.state, actor=actor)
        if any(getattr(before, name) != getattr(opinion, name) for name in HANDLING):
            _correct_followers(opinion, before.state, actor)


def _correct_followers(lead: Opinion, came_from: str, actor) -> None:
    rows = Opinion.objects.select_for_update(of=("self",)).filter(merged_into=lead.pk)
    for other in rows.filter(state=came_from).order_by("pk"):
        for name in HANDLING:
            setattr(other, name, getattr(lead, name))
        other.due_on = other.due_on or lead.due_on
        other.state = lead.state if lead.state != OpinionState.CLOSED else OpinionState.ANSWERED
        other.save()
        record_step(other, Act.CORRECT, came_from, actor=actor, note=f"随并案 {lead.code}")


def release_followers(opinions: Iterable[Opinion], *, actor) -> None:
    """Their entry is void: what was merged into them goes its own way again."""
    rows = Opinion.objects.select_for_update(of=("self",)).filter(merged_into__in=list(opinions))
    for other in rows.order_by("pk"):
        other.merged_into = None
        other.save(update_fields=["merged_into"])
        note = "并入的那一件已作废"
        record_step(other, Act.SPLIT, other.state, actor=actor, note=note)


def record_step(
    opinion: Opinion, act: Act, from_state: str, *, actor, on=None, note: str = "", facts=None
) -> OpinionStep:
    """One row of the course of an opinion, in the caller's transaction."""
    return OpinionStep.objects.create(
        opinion=opinion,
        act=act,
        from_state=from_state,
        to_state=opinion.state,
        round=opinion.round,
        on=on or timezone.localdate(),
        note=note,
        facts=facts or {},
        actor_id=actor.pk,
        actor_name=str(actor),
    )


def _day(source: Reception | Activity):
    return source.received_on if isinstance(source, Reception) else source.held_on


def _run_clocks(opinion: Opinion, source, calendar: Workdays, before: Opinion | None) -> None:
    if opinion.disposal in Disposal.answered_at_once():
        if before is None or not (before.handed_over_on or before.round > 1):
            opinion.handed_over_on = opinion.accept_by = opinion.due_on = None
        return
    if source.late_entry and source.batch_id and before is None:
        opinion.due_on = None
        return
    newly = before is not None and not before.disposal
    begins = opinion.handed_over_on or (timezone.localdate() if newly else opinion.raised_on)
    if opinion.disposal in Disposal.handed_over():
        opinion.handed_over_on = begins
        opinion.accept_by = opinion.accept_by or rules.accept_due(begins, calendar)
        opinion.due_on = opinion.due_on or rules.feedback_due(begins, calendar)
    elif opinion.disposal:
        opinion.handed_over_on = opinion.accept_by = None
        told = opinion.is_fed_back
        opinion.due_on = None if told else opinion.due_on or rules.feedback_due(begins, calendar)
    else:
        opinion.accept_by = opinion.accept_by or rules.accept_due(begins, calendar)


def _count_deputies_as_told(
    opinion: Opinion, source: Reception | Activity, before: Opinion | None
) -> None:
    """What the visitor is told on the day itself, the deputies beside them hear; of an entry made
    from paper long after, the register says that it is done. A later change of the register infers
    nothing more than what it says anew."""
    if not opinion.has_visitor:
        return
    if not opinion.is_fed_back:
        opinion.deputies_told_on, opinion.deputies_told_how = None, ""
        return
    if opinion.deputies_told_on or (before is not None and before.is_fed_back):
        return
    at_once = opinion.feedback_on == opinion.raised_on
    if at_once or (before is None and source.late_entry):
        opinion.deputies_told_on = opinion.feedback_on or opinion.raised_on
        opinion.deputies_told_how = "当场" if at_once else "据登记簿"
