"""The walk through a file: entries are cleaned, resolved, stored and written part by part.

Nothing is held of an entry once its part is done, so a file may be long; what is told of the
whole file are counts, and the stored preview.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied

from common.errors import RuleViolation
from common.importing import kinds
from common.importing.cleaning import Cleaner
from common.importing.mistaken import refuse_other_kind
from common.importing.naming import Recognised, recognise
from common.importing.resources import Options, SheetResource
from common.importing.rows import Outcome, SheetRow
from common.importing.stored import PreviewWriter, StoredPreview
from common.sheets.cells import is_ditto
from common.sheets.layout import Entry, Table
from common.sheets.reading import read_workbook
from common.sheets.workbook import Limits, SheetData, SheetFileError

# Called as progress(stage, done, total) every few hundred rows; it may raise to stop the work.
Progress = Callable[[str, int, int], None]
READING, CHECKING, WRITING = "读取表格", "核对", "写入"
_STEP = 200  # rows between two reports
_MOST_SKIPPED = 50  # rows that are no entries and are told of one by one


class ColumnsMissing(RuleViolation):
    """No heading was recognised as a column that no entry can do without."""

    def __init__(self, table: Table):
        names = "、".join(table.missing)
        super().__init__(
            f"工作表“{table.sheet}”没有认出这些列：{names}。请改表头，或在网页导入时指定对应的列。"
        )


def silent(stage: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


@dataclass
class Opened:
    """A file read as far as its headings."""

    resource: SheetResource
    found: Recognised
    context: Any
    options: Options
    actor: Any

    @property
    def tables(self) -> list[Table]:
        return self.found.tables


def headings_of(kind: str, content: bytes, filename: str, *, actor, options: Options) -> Recognised:
    """The tables of a file with the columns as far as they are recognised."""
    return recognise(kinds.kind(kind), _sheets_of(kind, content, filename, actor), options)


def _sheets_of(kind: str, content: bytes, filename: str, actor) -> list[SheetData]:
    if not kinds.kind(kind).may_import(actor):
        raise PermissionDenied("您没有权限导入这种表格。")
    return read_workbook(content, filename, limits=Limits(file_bytes=settings.SHEET_FILE_BYTES))


def open_sheet(kind: str, content: bytes, filename: str, *, actor, options: Options) -> Opened:
    """Read what holds for the whole file; refuse it where that is not enough."""
    resource, sheets = kinds.kind(kind), _sheets_of(kind, content, filename, actor)
    try:
        found = recognise(resource, sheets, options)
    except SheetFileError:
        refuse_other_kind(resource, sheets, [])
        raise
    if not options.mapping:
        refuse_other_kind(resource, sheets, found.tables)
    for table in found.tables:
        if table.missing:
            raise ColumnsMissing(table)
    context = resource.begin(found.tables, filename, options, actor)
    return Opened(resource, found, context, options, actor)


class Walk:
    """One pass over an opened file, checking it, or checking and writing it."""

    def __init__(
        self,
        opened: Opened,
        target: IO[bytes],
        progress: Progress | None,
        *,
        write: Callable[[list[SheetRow]], None] | None = None,
        partial: bool = False,
    ):
        self._opened, self._resource, self._context = opened, opened.resource, opened.context
        self._progress, self._write, self._partial = progress or silent, write, partial
        self._target = target
        self._stored = PreviewWriter(target, self._resource.preview_columns)
        self._outcome = Outcome(self._resource.kind, self._context, opened.tables)
        self._above: list[Any] = []  # the cells above, with 同上 as what it stands for

    def run(self) -> Outcome:
        stage = WRITING if self._write else CHECKING
        total = sum(table.size for table in self._opened.tables)
        for part in self._parts(stage, total):
            self._take(part)
        outcome = self._outcome
        outcome.notes = list(self._context.notes)
        self._stored.close(self._meta(), outcome.tables)
        self._target.flush()
        outcome.stored = StoredPreview(self._target)
        self._progress(stage, total, total)
        return outcome

    def _parts(self, stage: str, total: int) -> Iterator[list[tuple[int, SheetRow, list[Any]]]]:
        """The cleaned entries in parts; entries that share merged cells stay together."""
        size = self._resource.part
        part: list[tuple[int, SheetRow, list[Any]]] = []
        done = 0
        for index, table in enumerate(self._opened.tables):
            cleaner = Cleaner(self._resource, table, self._context)
            self._above = []
            for entry in table.entries:
                if size and len(part) >= size and not entry.continues:
                    yield part
                    part = []
                row = cleaner.clean(entry)
                part.append((index, row, self._raw(entry)))
                done += 1
                if done % _STEP == 0:
                    self._progress(stage, done, total)
        yield part

    def _raw(self, entry: Entry) -> list[Any]:
        """The cells of an entry as they are, but 同上 as the cell above: it may stand alone."""
        above = self._above
        self._above = [
            above[index]
            if type(value) is str and len(value) < 4 and index < len(above) and is_ditto(value)
            else value
            for index, value in enumerate(entry.values)
        ]
        return self._above

    def _take(self, part: list[tuple[int, SheetRow, list[Any]]]) -> None:
        unreadable = [row for _, row, _ in part if row.problems]
        self._resource.resolve([row for _, row, _ in part if not row.problems], self._context)
        self._resource.look_over(unreadable, self._context)
        counts = self._outcome.counts
        for index, row, raw in part:
            fate = row.fate
            counts[fate] += 1
            rejected = fate == "rejected"
            if self._write is None or rejected or row.warnings:
                changes = () if rejected else self._resource.changes(row, self._context)
                self._stored.add(row, index, list(changes), raw if rejected else ())
        if self._write and (self._partial or not counts["rejected"]):
            self._write([row for _, row, _ in part if row.is_accepted])

    def _meta(self) -> dict[str, Any]:
        found, context = self._opened.found, self._context
        skipped = [
            [table.sheet, row.row, row.text]
            for table in found.tables
            for row in table.skipped
            if row.reason != "blank"
        ]
        return {
            "station": str(getattr(context, "station", "") or ""),
            "year": getattr(context, "year", None),
            "notes": self._outcome.notes,
            "unknown": found.unknown,
            "synonyms": {
                name: text
                for name, text in found.synonyms.items()
                if text not in found.remembered and text not in (self._opened.options.mapping or {})
            },
            "remembered": found.remembered,
            "skipped": skipped[:_MOST_SKIPPED],
            "skipped_count": len(skipped),
        }
