"""履职积分: off unless the district switches it on, and never a list in its order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from reports.choices import RecordClass
from reports.models import ScoreRule
from reports.performance import Performance


def points_of(count: int, base: Decimal, extra: Decimal, cap: Decimal) -> Decimal:
    """min(cap, base + extra × (n − 1)) for n records; nothing for none."""
    return min(cap, base + extra * (count - 1)) if count >= 1 else Decimal(0)


@dataclass(frozen=True)
class Scored:
    """One class of record: how many there are, by which rule, and what they come to."""

    rule: ScoreRule
    count: int

    @property
    def label(self) -> str:
        return RecordClass(self.rule.record).label

    @property
    def points(self) -> Decimal:
        return points_of(self.count, self.rule.base, self.rule.extra, self.rule.cap)


@dataclass(frozen=True)
class Score:
    """The score of one deputy's year, with how it came about."""

    parts: tuple[Scored, ...]

    @property
    def total(self) -> Decimal:
        return sum((part.points for part in self.parts), Decimal(0))


def score_of(performance: Performance, rules: Iterable[ScoreRule]) -> Score:
    """By the records alone: no log-in, no time online, nothing but what was done."""
    counts = performance.counts
    order = list(RecordClass)
    ruled = sorted(rules, key=lambda rule: order.index(RecordClass(rule.record)))
    return Score(tuple(Scored(rule, counts[RecordClass(rule.record)]) for rule in ruled))
