"""What the tables of suggestions count: every share and every suggestion, read once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from typing import NamedTuple

from django.db.models import Count, F
from django.db.models.functions import ExtractMonth, ExtractYear
from django.utils import timezone

from common.pinyin import spell
from reports.scope import Scope
from suggestions.choices import Duty
from suggestions.models import Suggestion
from suggestions.querysets.figures import RATED


@dataclass(frozen=True)
class Item:
    """One unit's share of a suggestion in its last round (`querysets.figures`)."""

    suggestion_id: int
    unit_id: int
    unit_name: str
    duty: str
    round: int
    replied: bool
    answer_class: str
    attitude: str
    outcome: str
    first_outcome: str
    met: bool
    timing: str
    redo: str
    promise: str
    promise_due: date | None

    @property
    def answers(self) -> bool:
        return self.duty in Duty.answering()

    @property
    def is_redone(self) -> bool:
        return self.round > 1

    def is_rated(self, side: str) -> bool:
        return self.replied and getattr(self, side) in RATED


class Lot(NamedTuple):
    """Suggestions that are alike in what T2, T3 and T7A ask."""

    station: int
    month: tuple[int, int]
    kind: str
    occasion: str
    state: str


@dataclass(frozen=True)
class Found:
    """Everything there is to count; the tables ask nothing else of the database."""

    scope: Scope
    shares: list[Item]
    lots: Counter[Lot]
    key: list[Suggestion]

    @cached_property
    def items(self) -> list[Item]:
        """应办: what units answer to deputies."""
        return [share for share in self.shares if share.answers]

    def count(self, fits: Callable[[Lot], bool]) -> int:
        return sum(n for lot, n in self.lots.items() if fits(lot))

    @property
    def is_empty(self) -> bool:
        return not self.lots


def find(scope: Scope, today: date | None = None) -> Found:
    """Three queries, however many suggestions there are."""
    rows = scope.suggestions()
    return Found(
        scope,
        _shares(rows, today or timezone.localdate()),
        _lots(rows),
        list(rows.numbered().filter(is_key=True).order_by("submitted_on", "pk")),
    )


def find_raised(scope: Scope) -> Found:
    """Only what deputies raised, in one query: for tables that ask nothing of the answers."""
    return Found(scope, [], _lots(scope.suggestions()), [])


def _shares(rows, today: date) -> list[Item]:
    """Those of one unit together: the district's units first, as their names sound."""
    counted = rows.numbered().shares_counted(today).annotate(unit_name=F("unit__name"))
    names = [field.name for field in fields(Item)]
    lines = counted.values_list("unit__area__code", *names)
    found = [(code or "", Item(*line)) for code, *line in lines]
    found.sort(key=lambda pair: (pair[0], spell(pair[1].unit_name).full, pair[1].unit_id))
    return [item for _, item in found]


def _lots(rows) -> Counter[Lot]:
    grouped = rows.values_list(
        "station", ExtractYear("submitted_on"), ExtractMonth("submitted_on"),
        "kind", "occasion", "state",
    ).annotate(n=Count("pk"))  # fmt: skip
    return Counter(
        {Lot(station, (year, month), *rest): n for station, year, month, *rest, n in grouped}
    )
