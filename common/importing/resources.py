"""The columns of a sheet and what becomes of its entries: django-import-export's resources,
fields and row results, read by our engine and written in bulk by services."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from import_export import fields, resources, widgets

from common.importing.rows import Change, SheetRow
from common.models import ImportBatch
from common.sheets.cells import parse_text
from common.sheets.layout import Column, Table

NOTE = "备注"
# The column that a workbook of rejected rows has beside its own; it is never read back.
REMARKS = "需要改的地方"


class CellWidget(widgets.Widget):
    """Cleans one cell by a parser of the engine; the context has what the sheet says of all."""

    def __init__(self, parse: Callable[[Any, Any], Any]):
        super().__init__()
        self.parse = parse

    def clean(self, value, row=None, context=None, **kwargs):
        return self.parse(value, context)


class SheetField(fields.Field):
    """A printed column: its name, the other names offices give it, and how a cell is read."""

    def __init__(
        self,
        column_name: str,
        parse: Callable[[Any, Any], Any] = lambda value, context: parse_text(value),
        *,
        synonyms: Sequence[str] = (),
        required: bool = False,
        depends_on_row: bool = False,
    ):
        """`depends_on_row` says that equal cells may mean different things: 同上, 当天."""
        super().__init__(column_name=column_name, widget=CellWidget(parse))
        self.synonyms, self.required = tuple(synonyms), required
        self.parse, self.depends_on_row = parse, depends_on_row


@dataclass
class Options:
    """What the user says about a file beside its content."""

    station: str = ""
    year: int | None = None
    mapping: Mapping[str, str | None] | None = None
    # Cells mended by hand: [sheet, row, column, text], row and column 0-based.
    cells: Sequence[Sequence[Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "station": self.station,
            "year": self.year,
            "mapping": dict(self.mapping or {}),
            "cells": [list(cell) for cell in self.cells],
        }

    @property
    def mended(self) -> dict[str, dict[tuple[int, int], str]]:
        """The mended cells as the reader of tables takes them."""
        found: dict[str, dict[tuple[int, int], str]] = {}
        for sheet, row, column, text in self.cells:
            found.setdefault(sheet, {})[row, column] = text
        return found


class SheetResource(resources.Resource):
    """A KIND of sheet. Each app hands its kinds over in `AppConfig.ready`."""

    kind: ClassVar[str]
    title: ClassVar[str]
    # The list that shows what was written, narrowed by `batch`; "" where no list is.
    list_name: ClassVar[str] = ""
    url_name: ClassVar[str]  # of the upload page; _check, _columns, _confirm and _undo follow it
    preview_columns: ClassVar[tuple[str, ...]]
    # Entries resolved and written at a time; None takes a file as a whole. With a number the
    # memory a file takes does not grow with it: `resolve` and `write` are called for each part,
    # in turn, and must not look at what `write` wrote before.
    part: ClassVar[int | None] = None

    def columns(self) -> list[Column]:
        return [
            Column(field.column_name, field.synonyms, field.required)
            for field in self.fields.values()
        ]

    def may_import(self, actor) -> bool:
        """Whether `actor` may import such sheets at all."""
        raise NotImplementedError

    def stations(self, actor) -> Sequence:
        """The stations to choose from, where such a sheet is one station's."""
        return ()

    def whose(self, tables: list[Table], options: Options) -> str:
        """Where the sheet belongs, for what is remembered of it; "" if that makes no odds."""
        return options.station

    def begin(self, tables: list[Table], filename: str, options: Options, actor) -> Any:
        """Read what holds for the whole file into a context; refuse what the actor may not do."""
        raise NotImplementedError

    def lock(self, context) -> None:
        """Keep others from writing the same rows until the transaction ends."""

    def read_row(self, row: SheetRow, context) -> None:
        """Take in what a row tells of the next ones; called for every row in its order."""

    def resolve(self, rows: list[SheetRow], context) -> None:
        """Set `import_type` of every clean row: new, update, or skip for a duplicate."""
        raise NotImplementedError

    def look_over(self, rows: list[SheetRow], context) -> None:
        """Say what else is wrong with rows of which a cell cannot be read, so that whoever mends
        them learns it at once."""

    def changes(self, row: SheetRow, context) -> Iterable[Change]:
        """What an update changes in the stored row, as the actor may see it."""
        return ()

    def write(self, rows: list[SheetRow], batch: ImportBatch, context, actor) -> None:
        """Write the accepted rows through the services of the app."""
        raise NotImplementedError

    def finish(self, batch: ImportBatch, context, actor) -> None:
        """Write what had to wait for the last part."""

    def undo(self, batch: ImportBatch, actor) -> str:
        """Take back what a batch wrote, and say in Chinese what was done."""
        raise NotImplementedError


# A column, whether its cell says what is stored, and what is stored in words.
StoredCell = tuple[str, bool, str]


def changed_cells(row: SheetRow, stored: Iterable[StoredCell]) -> Iterator[Change]:
    """Old and new of every cell that says something else than is stored."""
    for column, stands, old in stored:
        if not stands:
            yield Change(column, old, row.text(column))


def note_of(row: SheetRow) -> str:
    """备注 as it stands in the sheet, and below it what had no place of its own."""
    return "\n".join(filter(None, [row.values.get(NOTE) or "", *row.values.get("aside", [])]))
