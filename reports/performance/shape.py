"""What a 履职档案 is: chapters of lines, and what they come to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date

from deputies.choices import FourKind
from deputies.models import Deputy
from deputies.own_duty import Attended
from reports.choices import UNITS, RecordClass


@dataclass(frozen=True)
class Line:
    """One record: when, what, what came of it, and its own page.

    A line that does not count (leave, absence) is shown and not counted. `shown` is false for
    what the reader may not read: it counts, and nothing else is told of it.
    """

    on: date
    what: str
    outcome: str = ""
    tone: str = ""
    url: str = ""
    counts: bool = True
    shown: bool = True


@dataclass
class Section:
    """One chapter: its lines, the latest first, and a sentence on what they come to."""

    kind: RecordClass
    lines: list[Line] = field(default_factory=list)
    note: str = ""

    @property
    def key(self) -> str:
        return self.kind.value

    @property
    def title(self) -> str:
        return self.kind.label

    @property
    def unit(self) -> str:
        return UNITS.get(self.kind, "次")

    @property
    def count(self) -> int:
        return sum(line.counts for line in self.lines)

    @property
    def shown(self) -> list[Line]:
        return [line for line in self.lines if line.shown]

    @property
    def hidden(self) -> int:
        return sum(not line.shown for line in self.lines)


@dataclass(frozen=True)
class FourLine:
    """One of the 四个一, and the records that show it as done."""

    kind: FourKind
    lines: tuple[Line, ...]

    @property
    def done(self) -> bool:
        return bool(self.lines)

    @property
    def shown(self) -> list[Line]:
        return [line for line in self.lines if line.shown]


@dataclass
class Performance:
    """The year of one deputy."""

    deputy: Deputy
    year: int
    until: date
    sections: dict[RecordClass, Section]
    attended: Attended
    four: list[FourLine]
    missed: Counter[str]  # absences without leave: "duty", "activities"

    @property
    def absences(self) -> int:
        return sum(self.missed.values())

    @property
    def counts(self) -> dict[RecordClass, int]:
        return {kind: section.count for kind, section in self.sections.items()}

    @property
    def is_empty(self) -> bool:
        return not any(section.lines for section in self.sections.values())

    def section(self, kind: RecordClass) -> Section:
        return self.sections[kind]


def hidden_from_reader(line: Line) -> Line:
    """The same as a line that counts and tells nothing."""
    return replace(line, what="", outcome="", url="", shown=False)
