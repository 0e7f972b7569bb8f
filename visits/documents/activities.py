"""簿三 as it is printed: its columns, and the line that an activity fills."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count

from common.sheets.writing import Column, Line, Value
from visits.choices import ActivityKind, Presence, Register
from visits.documents.book import Book, chunks_of
from visits.documents.laying import (
    PrintedEntry,
    cells_of,
    height_of,
    marked,
    span_in_words,
    text_of,
)
from visits.documents.tally import ActivityTally
from visits.models import ActivityDeputy
from visits.querysets import ActivityQuerySet

ACTIVITY_COLUMNS: tuple[Column, ...] = (
    Column("序号", 8),
    Column("活动日期", 20),
    Column("活动地点", 20),
    Column("活动形式", 14.5),
    Column("活动主题", 28, align="left"),
    Column("组织单位", 20),
    Column("召集人", 12.5),
    Column("应到人数", 9.4),
    Column("实到人数", 9.4),
    Column("参加代表", 32, align="left"),
    Column("请假代表", 14.5),
    Column("缺席代表", 14.5),
    Column("列席人员", 17.5),
    Column("活动纪要", 42, align="left"),
    Column("形成意见建议(条)", 11.5),
    Column("落实情况", 20, align="left"),
    Column("记录人", 11.5),
    Column("备注", 14.5),
)

_FIELDS = (
    "pk", "station_id", "year", "number", "held_on", "until", "date_approximate", "place", "kind",
    "topic", "organiser", "convener", "due_count", "present_count", "leave_count", "absent_count",
    "deputy_names", "guests", "minutes", "opinion_count", "follow_up", "recorder", "note",
    "late_entry", "version",
)  # fmt: skip
_PAGE = {"no": 7, "e-date": 15, "e-place": 18, "e-kind": 14.5, "e-topic": 24, "e-org": 18,
         "e-conv": 11, "e-due": 7, "e-pres": 7, "e-dep": 36.5, "e-leave": 13.8, "e-abs": 13.8,
         "e-guest": 16, "e-min": 32, "e-op": 7.5, "e-foll": 15, "e-rec": 10.5,
         "e-note": 10.4}  # fmt: skip
_PLACE = list(_PAGE).index("e-place")
_KINDS = dict(ActivityKind.choices)
_AWAY = (Presence.LEAVE, Presence.ABSENT)

# An Activity, or only those of its fields that are printed.
ActivityRow = Any


@dataclass(frozen=True, slots=True)
class Held:
    """An activity with the names of who was to come and did not."""

    activity: ActivityRow
    away: dict[str, list[str]] = field(default_factory=dict)


def held_of(rows: ActivityQuerySet, *, at_most: int | None = None) -> Iterator[Held]:
    """Stream `rows` in the order of the register, with two queries a chunk."""
    for chunk in chunks_of(rows, _FIELDS, at_most=at_most):
        names: dict[int, dict[str, list[str]]] = {row.pk: {} for row in chunk}
        away = ActivityDeputy.objects.filter(activity__in=list(names), presence__in=_AWAY)
        for one in away.order_by("position"):
            names[one.activity_id].setdefault(one.presence, []).append(one.name)
        for row in chunk:
            yield Held(row, names[row.pk])


class ActivityPrinter:
    """Turns activities into lines; nothing of them is masked."""

    def __init__(self, unmasked: Container[int]) -> None:
        self.unmasked = unmasked

    def lines(self, held: Held) -> list[Line]:
        row = held.activity
        return [[*self.facts(held), row.note, f"{row.pk}:{row.version}"]]

    def facts(self, held: Held) -> list[Value]:
        """序号 to 记录人."""
        row = held.activity
        leave, absent = (held.away.get(presence, []) for presence in _AWAY)
        return [
            row.number,
            span_in_words(row.held_on, row.until, row.date_approximate),
            row.place,
            _KINDS.get(row.kind, ""),
            row.topic,
            row.organiser,
            row.convener,
            row.due_count,
            row.present_count,
            row.deputy_names,
            names_in_words(leave, row.leave_count),
            names_in_words(absent, row.absent_count),
            row.guests,
            row.minutes,
            row.opinion_count,
            row.follow_up,
            row.recorder,
        ]


def names_in_words(names: Sequence[str], count: int) -> str:
    """Who was away; where the register counts more than it names, 张三等3人 or 3人."""
    if count > len(names):
        return f"{'、'.join(names)}等{count}人" if names else f"{count}人"
    return "、".join(names)


def _lay_out(held: Held, printer: ActivityPrinter, station: str) -> PrintedEntry:
    row = held.activity
    texts = [text_of(value, row.year) for value in printer.facts(held)]
    texts[_PLACE] = texts[_PLACE].removeprefix(station) or texts[_PLACE]
    texts.append(marked("补录" if row.late_entry else "", row.note))
    return PrintedEntry(cells_of(texts, _PAGE), height_of(texts, _PAGE), held)


ACTIVITIES = Book(
    register=Register.ACTIVITY,
    short="簿三",
    unit="场",
    line_unit="场",
    day="held_on",
    line_count=Count("pk"),
    columns=ACTIVITY_COLUMNS,
    page_columns=_PAGE,
    tally=ActivityTally,
    printer=ActivityPrinter,
    read=held_of,
    row_of=lambda held: held.activity,
    lay_out=_lay_out,
    has_long_sums=True,
)
