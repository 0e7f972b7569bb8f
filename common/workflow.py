"""A course as one table: what may be done in which state, by whom, and where it leads.

A table is read by the one function that writes the state, by the buttons of the page and by the
diagram in the documentation; what is not in it cannot be done.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from common.errors import RuleViolation


class Clock(StrEnum):
    """What a move does to the deadline of the matter."""

    KEEPS = ""
    STARTS = "starts"
    MOVES = "moves"
    STOPS = "stops"


@dataclass(frozen=True)
class Transition:
    """One line of the table; without a `target` the matter stays where it is."""

    action: str
    sources: frozenset[str]
    target: str | None
    capability: str
    needs_note: bool = False
    clock: Clock = Clock.KEEPS

    def lands_in(self, state: str) -> str:
        return self.target or state


class Course:
    """A whole table. An action has one line for any state."""

    def __init__(self, *transitions: Transition):
        self.transitions = transitions
        self._found = {(t.action, source): t for t in transitions for source in t.sources}
        if len(self._found) != sum(len(t.sources) for t in transitions):
            raise ValueError("an action has two lines for one state")

    def find(self, action: str, state: str) -> Transition | None:
        return self._found.get((action, state))

    def require(self, action: str, state: str, *, words: Mapping[str, str]) -> Transition:
        """The line for `action` in `state`; refuses in `words` {action or state: label}."""
        found = self.find(action, state)
        if found is None:
            raise RuleViolation(f"现在是“{words[state]}”，不能{words[action]}，请刷新页面。")
        return found

    def offered(self, state: str, may: Callable[[str], bool]) -> list[Transition]:
        """The lines that start in `state`, for who `may` use their capability."""
        lines = [t for t in self.transitions if state in t.sources]
        granted = {capability: may(capability) for capability in {t.capability for t in lines}}
        return [t for t in lines if granted[t.capability]]

    def diagram(self, labels: Mapping[str, str], *, begins: Iterable[str]) -> str:
        """The table as a Mermaid state diagram; moves that stay in a state are left out."""
        lines = ["stateDiagram-v2", *(f"    [*] --> {labels[state]}" for state in begins)]
        for t in self.transitions:
            for source in sorted(t.sources):
                if t.target and t.target != source:
                    lines.append(f"    {labels[source]} --> {labels[t.target]}: {labels[t.action]}")
        return "\n".join(lines)


def line(
    action: str,
    sources: Collection[str],
    target: str | None,
    capability: str,
    *,
    needs_note: bool = False,
    clock: Clock = Clock.KEEPS,
) -> Transition:
    return Transition(action, frozenset(sources), target, capability, needs_note, clock)
