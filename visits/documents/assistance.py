"""簿二 as it is printed: its columns, and the line that a deed fills."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Any

from django.db.models import Count

from common.masking import mask_name, mask_name_in, mask_numbers
from common.sheets.writing import Column, Line, Value
from visits.choices import AssistanceKind, AssistanceState, MoneySource, Register
from visits.documents.book import Book, chunks_of
from visits.documents.laying import (
    PrintedEntry,
    cells_of,
    height_of,
    marked,
    span_in_words,
    text_of,
)
from visits.documents.tally import AssistanceTally
from visits.querysets import AssistanceQuerySet

ASSISTANCE_COLUMNS: tuple[Column, ...] = (
    Column("序号", 8),
    Column("日期", 20),
    Column("代表姓名", 24),
    Column("帮扶对象", 14.5),
    Column("住址", 20),
    Column("帮扶类型", 17.5),
    Column("帮扶事项", 52, align="left"),
    Column("资金(元)", 17.5),
    Column("物资折款(元)", 17.5),
    Column("资金来源", 14.5),
    Column("受益户数", 11.5),
    Column("受益人数", 11.5),
    Column("完成情况", 14.5),
    Column("完成日期", 20),
    Column("证明人", 14.5),
    Column("备注", 22, align="left"),
)
FIGURES = ("money", "goods", "households", "people")

_FIELDS = (
    "pk", "station_id", "year", "number", "helped_on", "until", "date_approximate",
    "deputy_names", "beneficiary", "address", "kind", "deed", *FIGURES, "source", "approximate",
    "state", "finished_on", "witness", "note", "late_entry", "version",
)  # fmt: skip
_PAGE = {"no": 7, "h-date": 15, "h-dep": 17, "h-who": 17.5, "h-addr": 19, "h-kind": 14.5,
         "h-deed": 57, "h-money": 16.5, "h-goods": 16.5, "h-from": 14, "h-house": 9.5,
         "h-people": 9.5, "h-state": 13, "h-done": 15, "h-wit": 13.5, "h-note": 22.5}  # fmt: skip
_KINDS, _STATES = dict(AssistanceKind.choices), dict(AssistanceState.choices)
_SOURCES = dict(MoneySource.choices)

# An Assistance, or only those of its fields that are printed.
AssistanceRow = Any


def deeds_of(rows: AssistanceQuerySet, *, at_most: int | None = None) -> Iterator[AssistanceRow]:
    """Stream `rows` in the order of the register."""
    for chunk in chunks_of(rows, _FIELDS, at_most=at_most):
        yield from chunk


class AssistancePrinter:
    """Turns deeds into lines; who was helped is masked except at the stations of `unmasked`."""

    def __init__(self, unmasked: Container[int]) -> None:
        self.unmasked = unmasked

    def lines(self, deed: AssistanceRow) -> list[Line]:
        return [[*self.facts(deed), self.note(deed), f"{deed.pk}:{deed.version}"]]

    def facts(self, deed: AssistanceRow) -> list[Value]:
        """序号 to 证明人."""
        open_here = deed.station_id in self.unmasked
        money, goods, households, people = (printed_figure(deed, name) for name in FIGURES)
        return [
            deed.number,
            span_in_words(deed.helped_on, deed.until, deed.date_approximate),
            deed.deputy_names,
            deed.beneficiary if open_here else mask_name(deed.beneficiary),
            deed.address,
            _KINDS.get(deed.kind, ""),
            deed.deed if open_here else mask_name_in(deed.deed, deed.beneficiary),
            money,
            goods,
            _SOURCES.get(deed.source, ""),
            households,
            people,
            _STATES.get(deed.state, ""),
            deed.finished_on,
            deed.witness,
        ]

    def note(self, deed: AssistanceRow) -> str:
        if deed.station_id in self.unmasked:
            return deed.note
        return mask_name_in(mask_numbers(deed.note), deed.beneficiary)


def printed_figure(deed: AssistanceRow, name: str) -> Value:
    """A figure, in the words it was written in where those leave it open (3万余元)."""
    return deed.approximate.get(name) or getattr(deed, name)


def _lay_out(deed: AssistanceRow, printer: AssistancePrinter, station: str) -> PrintedEntry:
    """What is nothing stays blank on paper; marks stand in 备注."""
    texts = [text_of(value or "", deed.year) for value in printer.facts(deed)]
    note = marked("补录" if deed.late_entry else "", printer.note(deed))
    texts.append(note)
    return PrintedEntry(cells_of(texts, _PAGE), height_of(texts, _PAGE), deed)


ASSISTANCE = Book(
    register=Register.ASSISTANCE,
    short="簿二",
    unit="件",
    line_unit="件",
    day="helped_on",
    line_count=Count("pk"),
    columns=ASSISTANCE_COLUMNS,
    page_columns=_PAGE,
    tally=AssistanceTally,
    printer=AssistancePrinter,
    read=deeds_of,
    row_of=lambda deed: deed,
    lay_out=_lay_out,
    has_long_sums=True,
)
