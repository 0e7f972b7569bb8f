"""The opinions that a suggestion came from: they wait for it, and are answered by it."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actors import SYSTEM
from common.errors import RuleViolation
from suggestions.models import OpinionLink, Suggestion
from visits.choices import Disposal, OpinionState, Resolution
from visits.models import Opinion
from visits.services import follow_up

# What becomes of the matter, by the class of the answer.
RESOLUTIONS = {
    "A": Resolution.SOLVED, "B": Resolution.PLANNED, "C": Resolution.UNSOLVED,
    "D": Resolution.UNSOLVED,
}  # fmt: skip


def link_opinions(suggestion: Suggestion, opinions: Sequence[Opinion], *, actor) -> None:
    """These opinions, and no others, are what the suggestion came from. Refuses one that stands in
    another suggestion, or that the author may not read."""
    wanted = {one.pk for one in opinions}
    links = OpinionLink.objects.filter(suggestion=suggestion)
    if not suggestion.submitted_on:
        links.exclude(opinion__in=wanted).delete()
    standing = set(links.filter(ended_on=None).values_list("opinion", flat=True))
    for one in opinions:
        if one.pk in standing:
            continue
        if not Opinion.objects.visible_to(actor).filter(pk=one.pk).exists():
            raise PermissionDenied
        if one.is_closed:
            raise RuleViolation(f"意见 {one.code} 已经办结，不能再形成建议。")
        _link(suggestion, one)


def _link(suggestion: Suggestion, opinion: Opinion) -> None:
    try:
        with transaction.atomic():
            OpinionLink.objects.create(suggestion=suggestion, opinion=opinion)
    except IntegrityError:
        raise RuleViolation(f"意见 {opinion.code} 已经形成了另一件建议。") from None


def sources_of(suggestion: Suggestion) -> list[Opinion]:
    """The opinions that still wait for this suggestion; one whose entry is void waits no more."""
    keys = OpinionLink.objects.filter(suggestion=suggestion, ended_on=None).values("opinion")
    rows = Opinion.objects.of_valid().filter(pk__in=keys)
    return list(rows.for_list().order_by("pk"))


def hand_over_sources(suggestion: Suggestion) -> None:
    """The suggestion was submitted: its opinions are 形成代表建议 from now on."""
    for opinion in sources_of(suggestion):
        if opinion.state == OpinionState.RECORDED and not opinion.merged_into_id:
            follow_up.assign_opinion(
                opinion, actor=SYSTEM, disposal=Disposal.SUGGESTION, unit=None,
                note=f"形成建议 {suggestion.code}",
            )  # fmt: skip


def accept_sources(suggestion: Suggestion) -> None:
    """The office has taken it on: nobody at the station waits for that any more."""
    for opinion in _own_sources(suggestion):
        if opinion.state == OpinionState.ASSIGNED:
            follow_up.accept_opinion(opinion, actor=SYSTEM)


def answer_sources(suggestion: Suggestion, result: str, result_class: str) -> None:
    """The suggestion has come to its end: what came of it is the result of its opinions, and their
    visitors are to be told by the station. They are free from here: one that is opened anew may
    stand in another suggestion."""
    for opinion in _own_sources(suggestion):
        if opinion.state in (OpinionState.ASSIGNED, OpinionState.HANDLING):
            follow_up.answer_opinion(
                opinion, actor=SYSTEM, result=result.strip(),
                resolution=RESOLUTIONS.get(result_class, Resolution.UNSOLVED),
            )  # fmt: skip
    _end_links(suggestion)


def reopen_sources(suggestion: Suggestion, why: str) -> None:
    """The suggestion is handled once more: its opinions wait for the second answer, and their
    visitors are told anew. One that went another way since then stays there."""
    links = OpinionLink.objects.filter(suggestion=suggestion, ended_on__isnull=False)
    elsewhere = OpinionLink.objects.filter(ended_on=None).values("opinion")
    for link in links.exclude(opinion__in=elsewhere).order_by("opinion"):
        opinion = Opinion.objects.of_valid().filter(pk=link.opinion_id).first()
        if opinion is None or opinion.merged_into_id or opinion.disposal != Disposal.SUGGESTION:
            continue
        if opinion.state not in (OpinionState.ANSWERED, OpinionState.CLOSED):
            continue
        link.ended_on = None
        link.save(update_fields=["ended_on"])
        opinion = follow_up.reopen_opinion(opinion, actor=SYSTEM, note=why)
        opinion = follow_up.assign_opinion(
            opinion, actor=SYSTEM, disposal=Disposal.SUGGESTION, unit=None,
            note=f"建议 {suggestion.code}重办",
        )  # fmt: skip
        follow_up.accept_opinion(opinion, actor=SYSTEM)


def _own_sources(suggestion: Suggestion) -> list[Opinion]:
    """Those that went into the suggestion and nowhere else: one that a unit handles goes its own
    way, one that was merged goes with its lead."""
    return [
        one for one in sources_of(suggestion)
        if one.disposal == Disposal.SUGGESTION and not one.merged_into_id
    ]  # fmt: skip


def release_sources(suggestion: Suggestion, why: str) -> None:
    """The suggestion goes no further: its opinions are decided anew at their desk."""
    for opinion in _own_sources(suggestion):
        if opinion.state in (OpinionState.ASSIGNED, OpinionState.HANDLING):
            follow_up.return_opinion(opinion, actor=SYSTEM, note=f"{why}，请另行处理")
    _end_links(suggestion)


def _end_links(suggestion: Suggestion) -> None:
    OpinionLink.objects.filter(suggestion=suggestion, ended_on=None).update(
        ended_on=timezone.localdate()
    )
