"""The records of deputies and a year, each register read once for all of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from deputies.choices import FourKind
from deputies.models import Deputy
from deputies.own_duty import Attended
from reports.choices import RecordClass
from reports.performance import records
from reports.performance.records import OPINION_FACTS, Asked, Found
from reports.performance.shape import (
    FourLine,
    Line,
    Performance,
    Section,
    hidden_from_reader,
)
from visits.choices import Presence

Lines = dict[int, dict[RecordClass, list[Found]]]


@dataclass
class _Sorted:
    """What was found, by deputy and chapter."""

    found: Lines = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))

    def add(self, rows: Iterable[Found]) -> None:
        for row in rows:
            self.found[row.deputy][row.kind].append(row)


def read_performances(
    deputies: Sequence[Deputy], year: int, *, today: date, reader: Any = None
) -> dict[int, Performance]:
    """The year of each deputy, {key: performance}, in as many queries as there are registers.

    Everything counts, whoever reads, so that a deputy has one file and not several; what `reader`
    may not read is only counted. Without a reader nothing but the figures is to be shown.
    """
    asked = Asked([deputy.pk for deputy in deputies], year, today, reader)
    by_deputy = _Sorted()
    for read in records.READERS:
        by_deputy.add(read(asked))
    return {
        deputy.pk: _performance(deputy, asked, by_deputy.found[deputy.pk]) for deputy in deputies
    }


def read_performance(deputy: Deputy, year: int, *, today: date, reader: Any) -> Performance:
    return read_performances([deputy], year, today=today, reader=reader)[deputy.pk]


def _performance(
    deputy: Deputy, asked: Asked, found: dict[RecordClass, list[Found]]
) -> Performance:
    four = [FourLine(kind, _lines(_of_four(kind, found))) for kind in FourKind]
    sections = {kind: Section(kind, list(_lines(found.get(kind, ())))) for kind in RecordClass}
    # Of the four kinds, each counts once however often it was done.
    sections[RecordClass.FOUR_ONES].lines = [part.lines[0] for part in four if part.done]
    attended = Attended.of([row.word for row in found.get(RecordClass.DUTY, ())])
    for kind, write in _NOTES.items():
        sections[kind].note = write(found.get(kind, ()))
    sections[RecordClass.DUTY].note = _attendance_in_words(attended)
    missed = Counter(
        duty=attended.absent,
        activities=sum(
            row.word == Presence.ABSENT.value
            for kind in records.HELD_KINDS
            for row in found.get(kind, ())
        ),
    )
    return Performance(
        deputy, asked.year, min(asked.today, asked.last), sections, attended, four, missed
    )


def _lines(rows: Iterable[Found]) -> tuple[Line, ...]:
    ordered = sorted(rows, key=lambda row: (row.line.on, row.pk), reverse=True)
    return tuple(row.line if row.readable else hidden_from_reader(row.line) for row in ordered)


def _of_four(kind: FourKind, found: dict[RecordClass, list[Found]]) -> list[Found]:
    """What was entered as this one, and what the registers show by themselves."""
    entered = [row for row in found.get(RecordClass.FOUR_ONES, ()) if row.word == kind.value]
    if kind == FourKind.DEED:
        return entered + [row for row in found.get(RecordClass.ASSISTANCE, ()) if row.proves]
    if kind == FourKind.ESSAY:
        return entered + [row for row in found.get(RecordClass.LED, ()) if row.proves]
    return entered


def _attendance_in_words(attended: Attended) -> str:
    said = [f"应到 {attended.due} 次"]
    for label, count in (
        ("请假", attended.leave), ("缺席", attended.absent), ("由人替班", attended.substituted),
    ):  # fmt: skip
        if count:
            said.append(f"{label} {count} 次")
    if attended.rate is not None:
        said.append(f"出勤率 {attended.rate}%（出席 ÷（应到 − 请假））")
    return "，".join(said) if attended.due or attended.substituted else ""


def _presence_in_words(rows: Iterable[Found]) -> str:
    words = Counter(row.word for row in rows)
    said = [
        f"{label} {words[presence]} 次"
        for presence, label in ((Presence.LEAVE, "请假"), (Presence.ABSENT, "缺席"))
        if words[presence]
    ]
    return f"另有{'、'.join(said)}，不计入" if said else ""


def _opinions_in_words(rows: Iterable[Found]) -> str:
    facts = Counter(fact for row in rows for fact in row.facts)
    return "，".join(f"{label} {facts[name]} 条" for name, label in OPINION_FACTS if facts[name])


def _classes_in_words(rows: Iterable[Found]) -> str:
    facts = Counter(fact for row in rows for fact in row.facts)
    return "，".join(f"{name} {facts[name]} 件" for name in sorted(facts))


_NOTES = {
    **dict.fromkeys(records.HELD_KINDS, _presence_in_words),
    RecordClass.OPINIONS: _opinions_in_words,
    RecordClass.LED: _classes_in_words,
}
