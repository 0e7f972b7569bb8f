"""A register as an Excel file: one station's year, or what a list shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max, Min
from django.utils import timezone

from accounts.roles import Capability
from common import audit
from common.errors import RuleViolation
from common.jobs.kinds import Progress, no_progress
from common.sheets.cells import chinese_date
from common.sheets.writing import Line, write_register
from stations.models import Station
from stations.rules import can_at
from visits.choices import Register
from visits.documents.book import KEY_COLUMN, STATION_COLUMN, Book, stations_unmasked_for
from visits.documents.books import EntryRows, book_of
from visits.documents.tally import Tally, years_in_words
from visits.models import Activity, Assistance, Reception

_MODELS = {model.register: model for model in (Reception, Assistance, Activity)}
# Lines in one file. More is refused in words: a worksheet ends at a million lines, and
# nobody reads that far.
MOST_LINES = 200_000
TOLD_EVERY = 200  # lines
STAGE = "写入"


@dataclass(frozen=True)
class Exported:
    """A file that went out: what it may be called, and what it holds."""

    filename: str
    lines: int
    summary: str


@dataclass(frozen=True)
class _Scope:
    """What is to be exported, as far as its head says before the first line is read."""

    book: Book
    stations: list[Station]
    years: tuple[int, int]
    days: str
    lines: int
    chosen_by: str

    @property
    def place(self) -> str:
        return self.stations[0].name if self.one_station else f"{len(self.stations)}个联络站"

    @property
    def one_station(self) -> bool:
        return len(self.stations) == 1

    @property
    def subtitle(self) -> str:
        """Labels that the reader of sheets knows; the year comes first of those with dates."""
        first, last = self.years
        parts = [
            f"联络站：{self.place}" if self.one_station else f"范围：{self.place}",
            f"年度：{first}年" if first == last else f"期间：{self.days}",
        ]
        if self.chosen_by:
            parts.append(f"筛选：{self.chosen_by}")
        return "    ".join(parts)

    @property
    def filename(self) -> str:
        name = f"{self.book.register.label}-{self.place}-{years_in_words(self.years)}"
        name = name.removesuffix("年") + ("-筛选" if self.chosen_by else "")
        return re.sub(r'[\\/:*?"<>|\s]', "", name) + ".xlsx"


def lines_of(rows: EntryRows, *, actor, at_most: int) -> int:
    """How many lines a file of `rows` would have for `actor`; counts little above `at_most`.

    What `actor` may not export counts nothing: the same question as `export_rows` answers.
    """
    stations = Station.objects.where_user_can(actor, Capability.EXPORT_REGISTER)
    rows = rows.valid().filter(station__in=stations).order_by()[: at_most + 1]
    facts = rows.aggregate(entries=Count("pk"), lines=book_of(rows).line_count)
    return max(facts["entries"], facts["lines"] or 0)


def export_register(
    station: Station,
    year: int,
    target: IO[bytes],
    *,
    actor,
    register: Register = Register.RECEPTION,
) -> Exported:
    """Write a register of one station and year to `target`, an open file.

    Void rows are left out and counted in the remarks; names and phones are masked unless `actor`
    holds EXPORT_CONTACT; the log keeps that the register went out. Refuses who may not export
    the station's register, and a year without rows.
    """
    if not can_at(actor, Capability.EXPORT_REGISTER, station.pk):
        raise PermissionDenied
    rows = _MODELS[register].objects.visible_to(actor).filter(station=station, year=year)
    return _export(rows, target, actor=actor, nothing=f"{station} {year}年没有登记，没有可导出的。")


def export_rows(
    rows: EntryRows,
    target: IO[bytes],
    *,
    actor,
    chosen_by: str = "",
    progress: Progress | None = None,
) -> Exported:
    """Write what a list shows to `target`; `rows` are such as `actor` may read.

    `chosen_by` says in words by which conditions they were chosen. Only stations whose register
    `actor` may export are taken, and the remarks say how many entries that leaves out; who may
    export none is refused. Several stations give a column 联络站 in front. Otherwise as
    `export_register`; more than MOST_LINES lines are refused, never cut. `progress` is told
    every few hundred lines how far it is.
    """
    stations = Station.objects.where_user_can(actor, Capability.EXPORT_REGISTER)
    if not stations.exists():
        raise PermissionDenied
    foreign = rows.valid().exclude(station__in=stations).count()
    return _export(
        rows.filter(station__in=stations),
        target,
        actor=actor,
        nothing="没有符合条件的登记，没有可导出的。请放宽筛选条件。",
        chosen_by=chosen_by,
        foreign=foreign,
        progress=progress,
    )


def _export(
    rows: EntryRows,
    target: IO[bytes],
    *,
    actor,
    nothing: str,
    chosen_by: str = "",
    foreign: int = 0,
    progress: Progress | None = None,
) -> Exported:
    book, standing = book_of(rows), rows.valid()
    voided = rows.exclude(voided_at=None).count()
    scope = _scope_of(book, standing, chosen_by)
    if scope is None:
        left_out = f"（作废的 {voided} {book.unit}不列入）" if voided else ""
        raise RuleViolation(nothing + left_out)
    if scope.lines > MOST_LINES:
        raise RuleViolation(
            f"符合条件的有 {scope.lines:,} {book.line_unit}，"
            f"一个文件最多 {MOST_LINES:,} {book.line_unit}。请按年度或联络站分次导出。"
        )
    tally = book.tally(stations_unmasked_for(actor))
    stamp = f"导出人 {actor} {timezone.localtime():%Y-%m-%d %H:%M}"
    write_register(
        target,
        title=book.register.label,
        subtitle=scope.subtitle,
        columns=_columns(scope),
        groups=_told(_groups(standing, scope, tally), scope.lines, progress or no_progress),
        notes=lambda: _remarks(tally, book.unit, voided, foreign, stamp),
        page_note=stamp,
        author=settings.DISTRICT_NAME,
    )
    _log(book, tally, chosen_by, actor)
    return Exported(scope.filename, tally.lines, tally.sums)


def _scope_of(book: Book, rows: EntryRows, chosen_by: str) -> _Scope | None:
    """What the head of the sheet says of `rows`; None if there are none."""
    facts = rows.order_by().aggregate(
        entries=Count("pk"),
        lines=book.line_count,
        years=Min("year"),
        until=Max("year"),
        first=Min(book.day),
        last=Max(book.day),
    )
    if not facts["entries"]:
        return None
    return _Scope(
        book=book,
        stations=list(Station.objects.filter(pk__in=rows.order_by().values("station"))),
        years=(facts["years"], facts["until"]),
        days=f"{chinese_date(facts['first'])}至{chinese_date(facts['last'])}",
        lines=facts["lines"],
        chosen_by=chosen_by,
    )


def _columns(scope: _Scope):
    first = () if scope.one_station else (STATION_COLUMN,)
    return (*first, *scope.book.columns, KEY_COLUMN)


def _groups(rows: EntryRows, scope: _Scope, tally: Tally) -> Iterator[list[Line]]:
    """The lines of each entry, counted as they pass."""
    book = scope.book
    printer = book.printer(tally.unmasked)
    names = {station.pk: station.name for station in scope.stations}
    for entry in book.read(rows):
        tally.add(entry)
        lines = printer.lines(entry)
        if scope.one_station:
            yield lines
        else:
            yield [[names[book.row_of(entry).station_id], *line] for line in lines]


def _told(groups: Iterator[list[Line]], total: int, progress: Progress) -> Iterator[list[Line]]:
    """The same groups; tells how many lines have passed."""
    done, next_at = 0, TOLD_EVERY
    progress(STAGE, 0, total)
    for group in groups:
        yield group
        done += len(group)
        if done >= next_at:
            progress(STAGE, done, total)
            next_at = done + TOLD_EVERY
    progress("保存文件", 0, 0)


def _remarks(tally: Tally, unit: str, voided: int, foreign: int, stamp: str) -> Iterator[str]:
    yield "".join(f"{said}。" for said in (f"共 {tally.sums}", tally.masking, stamp) if said)
    if voided:
        yield f"另有作废 {voided} {unit}未列入，编号保留。"
    if foreign:
        yield f"另有 {foreign} {unit}属于无权导出的联络站，未列入。"
    yield "最右的隐藏列供再次导入时认出原来的记录，请勿修改。"


def _log(book: Book, tally: Tally, chosen_by: str, actor) -> None:
    chosen = f"；筛选：{chosen_by}" if chosen_by else ""
    audit.record_all(
        audit.entry(
            audit.Action.EXPORT, station, actor=actor, note=f"{book.short} {told}{chosen}"[:500]
        )
        for station, told in tally.told_by_station()
    )
