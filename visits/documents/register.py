"""簿一 as it is printed: its columns, and the lines that a visit fills."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from common.masking import mask_name, mask_numbers, mask_phone
from common.sheets.writing import Column, Line, Value
from deputies.choices import Gender
from stations.models import Category, Unit
from visits.choices import Channel, Disposal, Resolution, Satisfaction
from visits.documents.book import chunks_of
from visits.documents.laying import span_in_words
from visits.models import Opinion
from visits.querysets import ReceptionQuerySet

# Widths in millimetres: four characters stand in one line from 14.5 on, and are broken in the
# middle below 10.
RECEPTION_COLUMNS: tuple[Column, ...] = (
    Column("序号", 8, shared=True),
    Column("接待日期", 20, shared=True),
    Column("接待地点", 17.5, shared=True),
    Column("接待代表", 14.5, shared=True),
    Column("来访人姓名", 12, shared=True),
    Column("性别", 8.5, shared=True),
    Column("住址", 14.5, shared=True),
    Column("联系电话", 24, shared=True),
    Column("来访人数", 9.4, shared=True),
    Column("来访形式", 9.4, shared=True),
    Column("问题类别", 9.4),
    Column("反映内容", 42, align="left"),
    Column("当场答复", 28, align="left"),
    Column("处理方式", 14.5),
    Column("承办单位", 14.5),
    Column("办理结果", 24, align="left"),
    Column("反馈日期", 20),
    Column("满意度", 9.4),
    Column("记录人", 11.5, shared=True),
    Column("备注", 12.5, shared=True),
)

_VISIT_FIELDS = (
    "pk", "station_id", "year", "number", "received_on", "until", "date_approximate", "place",
    "deputy_names", "recorder", "channel", "visitor_name", "gender", "address", "phone",
    "headcount", "headcount_approximate", "headcount_text", "note", "confidential", "late_entry",
    "version",
)  # fmt: skip
_OPINION_FIELDS = (
    "pk", "reception_id", "category_id", "statement", "on_site_reply", "disposal", "unit_id",
    "result", "resolution", "feedback_on", "feedback_method", "satisfaction",
)  # fmt: skip
_CHANNELS, _GENDERS = dict(Channel.choices), dict(Gender.choices)
_DISPOSALS, _RESOLUTIONS = dict(Disposal.choices), dict(Resolution.choices)
_RATINGS = {**dict(Satisfaction.choices), Satisfaction.UNRATED: ""}

# A reception and an opinion, or only those of their fields that are printed.
ReceptionRow = Any
OpinionRow = Any


@dataclass(frozen=True, slots=True)
class Visit:
    """A reception with its opinions, read as plain rows."""

    reception: ReceptionRow
    opinions: list[OpinionRow]


def visits_of(receptions: ReceptionQuerySet, *, at_most: int | None = None) -> Iterator[Visit]:
    """Stream `receptions` in the order of the register, with two queries a chunk."""
    for chunk in chunks_of(receptions, _VISIT_FIELDS, at_most=at_most):
        opinions: dict[int, list[OpinionRow]] = {row.pk: [] for row in chunk}
        found = Opinion.objects.filter(reception__in=list(opinions)).order_by("position")
        for opinion in found.values_list(*_OPINION_FIELDS, named=True):
            opinions[opinion.reception_id].append(opinion)
        for row in chunk:
            yield Visit(row, opinions[row.pk])


def reception_lines(
    receptions: ReceptionQuerySet, *, unmasked: Container[int]
) -> Iterator[list[Line]]:
    """Yield the lines of each visit: the printed columns, then the key.

    Names and phones of visitors are masked except at the stations of `unmasked`.
    """
    printer = Printer(unmasked)
    for visit in visits_of(receptions):
        yield printer.lines(visit)


class Printer:
    """Turns visits into lines; knows the names of categories and units."""

    def __init__(self, unmasked: Container[int]) -> None:
        self.unmasked = unmasked
        self._categories = dict(Category.objects.values_list("pk", "name"))
        self._units = dict(Unit.objects.values_list("pk", "name"))

    def lines(self, visit: Visit) -> list[Line]:
        """One line an opinion; a visit without any still fills a line."""
        reception = visit.reception
        facts = self.facts_of(reception)
        open_here = reception.station_id in self.unmasked
        note = reception.note if open_here else mask_numbers(reception.note)
        signed = [reception.recorder, note]
        return [
            [*facts, *self.opinion(opinion), *signed, key_of(reception, opinion)]
            for opinion in visit.opinions or [Opinion()]
        ]

    def facts_of(self, reception: ReceptionRow) -> list[Value]:
        """序号 to 来访形式."""
        open_here = reception.station_id in self.unmasked
        name, phone = reception.visitor_name, reception.phone
        return [
            reception.number,
            printed_days(reception),
            reception.place,
            reception.deputy_names,
            name if open_here else mask_name(name),
            _GENDERS.get(reception.gender, ""),
            reception.address,
            phone if open_here else mask_phone(phone),
            printed_heads(reception),
            _CHANNELS.get(reception.channel, ""),
        ]

    def opinion(self, opinion: OpinionRow) -> list[Value]:
        """问题类别 to 满意度."""
        return [
            self._categories.get(opinion.category_id, ""),
            opinion.statement,
            opinion.on_site_reply,
            _DISPOSALS.get(opinion.disposal, ""),
            self._units.get(opinion.unit_id, ""),
            opinion.result or _RESOLUTIONS.get(opinion.resolution, ""),
            opinion.feedback_on or opinion.feedback_method,
            _RATINGS.get(opinion.satisfaction, ""),
        ]


def key_of(reception: ReceptionRow, opinion: OpinionRow) -> str:
    """The row a line came from, and the version it had."""
    return f"{opinion.pk}:{reception.version}" if opinion.pk else ""


def printed_heads(reception: ReceptionRow) -> int | str:
    """来访人数 in the words of the visit, else the figure."""
    if reception.headcount_text:
        return reception.headcount_text
    return f"约{reception.headcount}" if reception.headcount_approximate else reception.headcount


def printed_days(reception: ReceptionRow) -> date | str:
    """The day of the visit, or its days in words."""
    return span_in_words(reception.received_on, reception.until, reception.date_approximate)
