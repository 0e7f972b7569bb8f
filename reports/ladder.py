"""Absences without leave, and what the district did about them. Nobody else reads this."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

from deputies.choices import Attendance
from deputies.models import Assignment, Deputy
from reports.choices import Step
from reports.models import Admonition, RecordSetting
from reports.performance import Performance, read_performances
from reports.rules import step_due
from visits.choices import Presence
from visits.models import ActivityDeputy

AT_ONCE = 200


@dataclass
class Rung:
    """One deputy who was absent without leave so often that something is to be done."""

    performance: Performance
    due: Step
    done: list[Admonition] = field(default_factory=list)

    @property
    def deputy(self) -> Deputy:
        return self.performance.deputy

    @property
    def open_step(self) -> Step | None:
        """What is due and not done yet; who was talked to needs no reminder any more."""
        order = list(Step)
        reached = [order.index(Step(one.step)) for one in self.done]
        return None if reached and max(reached) >= order.index(self.due) else self.due


def ladder(user: Any, year: int, today: date, setting: RecordSetting) -> list[Rung]:
    """By station and pinyin, never by the number of absences."""
    done: dict[int, list[Admonition]] = defaultdict(list)
    kept = Admonition.objects.visible_to(user).standing().of_year(year)
    for one in kept.select_related("created_by"):
        done[one.deputy_id].append(one)
    rungs = []
    for performance in _absent(user, year, today, set(done)):
        due = step_due(performance.absences, setting)
        # What was done stays in sight, also when an absence was put right later.
        acts = done[performance.deputy.pk]
        if due or acts:
            rungs.append(Rung(performance, due or Step(acts[-1].step), acts))
    return rungs


def absences_of(deputy: Deputy, year: int, today: date) -> int:
    return read_performances([deputy], year, today=today)[deputy.pk].absences


def _absent(user: Any, year: int, today: date, keep: set[int]) -> Iterator[Performance]:
    """The years of those who have an absence at all: the others are not read."""
    days = (date(year, 1, 1), date(year, 12, 31))
    duty = Assignment.objects.filter(attendance=Attendance.ABSENT, day__date__range=days)
    held = ActivityDeputy.objects.filter(
        presence=Presence.ABSENT, activity__voided_at=None, activity__held_on__range=days
    )
    keys = keep.union(duty.values_list("deputy", flat=True), held.values_list("deputy", flat=True))
    rows = Deputy.objects.visible_to(user).filter(pk__in=keys).select_related("station__area")
    found = iter(rows.order_by("station__township__code", "station", "pinyin", "pk"))
    while batch := list(islice(found, AT_ONCE)):
        yield from read_performances(batch, year, today=today, reader=user).values()
