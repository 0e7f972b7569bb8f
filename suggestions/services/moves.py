"""The one way in which a suggestion moves: locked, allowed, in the table, with all that follows.

    with moving(suggestion, Act.ACCEPT, actor=actor) as move:
        move.suggestion.number = …

What the body writes into the row and the share is saved with the new state, one `Step`, one line
of the log, the clocks and the news, in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.roles import Capability
from common import audit
from common.errors import RuleViolation
from common.words import words_of
from common.workflow import Transition
from suggestions import rules
from suggestions.choices import COURSE, COURSE_WORDS, Act, Asked, State
from suggestions.models import Handling, Step, Suggestion
from suggestions.services.clocks import run_clocks
from suggestions.services.settling import settle_news
from suggestions.services.telling import announce

WATCHED = (
    "kind", "title", "content", "category", "lead_name", "number", "state", "round", "submitted_on",
    "accepted_on", "assigned_on", "replied_on", "closed_on", "is_key", "key_leader",
    "is_excellent", "is_public", "merged_into",
)  # fmt: skip
OUT_OF_DATE = "这一件刚刚有人办理过，请看过最新情况再操作。"


@dataclass
class Move:
    """One move on its way: the rows under lock, and what its step will say."""

    suggestion: Suggestion
    share: Handling | None
    shares: list[Handling]
    act: Act
    line: Transition
    actor: Any
    on: date
    note: str
    facts: dict[str, str] = field(default_factory=dict)
    step: Step | None = None

    @property
    def subject(self) -> Suggestion | Handling:
        return self.share or self.suggestion

    @property
    def own(self) -> Handling:
        """The share that moves, in a move of a share."""
        if self.share is None:
            raise LookupError(f"{self.act} moves one unit's share")
        return self.share

    def say(self, **facts) -> None:
        """Put `facts` into the step, as they read; what is blank is left out."""
        self.facts |= {name: str(value) for name, value in facts.items() if value}


@contextmanager
def moving(
    suggestion: Suggestion,
    act: Act,
    *,
    actor,
    share: Handling | None = None,
    on: date | None = None,
    note: str = "",
    seen: int | None = None,
    carried: bool = False,
) -> Iterator[Move]:
    """Move a suggestion, or one unit's share of it, as the table says.

    Permission first, then the table, then what the rules ask. `on` is the day of the paper; `seen`
    the last step the user saw: a page that is out of date for this act is refused. `carried` is a
    move that follows from that of another suggestion it was merged into.
    """
    with transaction.atomic():
        move = _begun(suggestion, act, actor, share, on, note.strip(), seen, carried)
        before = words_of(move.suggestion, WATCHED)
        came_from = move.subject.state
        yield move
        _land(move)
        _record(move, came_from, before)


def locked(suggestion: Suggestion) -> tuple[Suggestion, list[Handling]]:
    """The suggestion under lock until the transaction ends, and its shares, read anew."""
    rows = Suggestion.objects.select_for_update(of=("self",))
    stored = rows.for_page().get(pk=suggestion.pk)
    shares = list(Handling.objects.filter(suggestion=stored).for_page())
    for one in shares:
        one.suggestion = stored
    return stored, shares


def lock_with_followers(suggestion: Suggestion) -> list[Suggestion]:
    """Lock it with what was merged into it, which are returned. All that move several lock them
    in the order of their keys, so that nobody waits in a ring."""
    together = Q(pk=suggestion.pk) | Q(merged_into=suggestion.pk)
    rows = Suggestion.objects.select_for_update(of=("self",)).filter(together).order_by("pk")
    return [row for row in rows if row.pk != suggestion.pk]


def drop_requests(share: Handling, on: date) -> None:
    """Nobody decides any more whether this share gets more time."""
    share.extensions.filter(outcome=Asked.OPEN).update(outcome=Asked.REFUSED, decided_on=on)


def last_step(suggestion: Suggestion) -> int:
    """The key of the latest step, 0 before the first: what a form remembers having seen."""
    return suggestion.steps.order_by("-pk").values_list("pk", flat=True).first() or 0


def _begun(
    suggestion: Suggestion, act: Act, actor, share, on, note: str, seen, carried: bool
) -> Move:
    stored, shares = locked(suggestion)
    own = _own(share, shares)
    today = timezone.localdate()
    state = own.state if own else stored.state
    needed = {line.capability for line in COURSE.transitions if line.action == act}
    if not any(rules.may(actor, Capability(one), stored, own) for one in needed):
        raise PermissionDenied
    if seen is not None and any(
        rules.outdates(one, act, own, shares) for one in stored.steps.filter(pk__gt=seen)
    ):
        raise RuleViolation(OUT_OF_DATE)
    line = COURSE.require(act, state, words=COURSE_WORDS)
    if line.needs_note and not note:
        raise RuleViolation(f"请写明{act.label}的原因或情况。")
    on = _day_of(stored, own, actor, on, today)
    if on != today and (reason := rules.too_early(act, on, stored, own, shares, today)):
        raise RuleViolation(reason)
    if not carried and (reason := rules.refusal(stored, act, own, shares, on)):
        raise RuleViolation(reason)
    return Move(stored, own, shares, act, line, actor, on, note)


def _own(share: Handling | None, shares: list[Handling]) -> Handling | None:
    if share is None:
        return None
    found = next((one for one in shares if one.pk == share.pk), None)
    if found is None:
        raise RuleViolation("承办单位已有变动，请刷新页面。")
    return found


def _day_of(
    stored: Suggestion, share: Handling | None, actor, on: date | None, today: date
) -> date:
    """The day on which it was done: today, or the day of a paper that somebody keys in for
    another; not to come."""
    if on is None or on == today:
        return today
    if on > today:
        raise RuleViolation("日期不能在今天之后。")
    if not rules.keys_in(actor, stored, share):
        raise RuleViolation("自己办理的，日期就是今天；以前的纸质材料请由人大机关补录。")
    return on


def _land(move: Move) -> None:
    """Write the rows where the table puts them; the clocks follow the states."""
    suggestion, share = move.suggestion, move.share
    if share is not None:
        share.state = move.line.lands_in(share.state)
        share.save()
        if suggestion.state not in (State.CLOSED, State.ARCHIVED):
            suggestion.state = rules.state_of_parts(move.shares)
    else:
        suggestion.state = move.line.lands_in(suggestion.state)
    is_over = suggestion.state in (State.CLOSED, State.ARCHIVED)
    suggestion.closed_on = (suggestion.closed_on or move.on) if is_over else None
    suggestion.version += 1
    suggestion.save()
    run_clocks(suggestion, move.act, move.on)


def _record(move: Move, came_from: str, before: dict[str, str]) -> None:
    after = words_of(move.suggestion, WATCHED)
    changes = audit.changes_between(before, after)
    move.step = Step.objects.create(
        suggestion=move.suggestion,
        unit_name=str(move.share.unit) if move.share else "",
        act=move.act,
        from_state=came_from,
        to_state=move.subject.state,
        round=move.share.round if move.share else move.suggestion.round,
        on=move.on,
        note=move.note,
        facts=move.facts,
        actor_id=move.actor.pk,
        actor_name=str(move.actor),
        actor_role=rules.standing_of(move.actor, move.suggestion, move.share)[:60],
    )
    where = f"{move.share.unit} " if move.share else ""
    audit.record(
        audit.Action.CHANGE, move.suggestion, actor=move.actor, changes=changes,
        note=f"{where}{move.act.label} {move.note}".strip()[:500],
    )  # fmt: skip
    settle_news(move.suggestion, move.share, move.act, move.actor.pk)
    announce(move.suggestion, move.share, move.shares, move.act, move.step)
