"""The columns of a sheet and how each of its entries is cleaned: django-import-export's
resources, fields and row results, read by our engine and written in bulk by services."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from import_export import fields, resources, widgets

from common.importing.rows import SheetRow
from common.models import ImportBatch
from common.sheets.cells import CellError, parse_text
from common.sheets.layout import Column, Table

NOTE = "备注"
_IDENTITY = re.compile("身份证|证件号")
NO_VALUE = "公式没有保存的计算结果，请在表格软件里打开、重新计算并保存后再导入"


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
    ):
        super().__init__(column_name=column_name, widget=CellWidget(parse))
        self.synonyms, self.required = tuple(synonyms), required


@dataclass
class Options:
    """What the user says about a file beside its content."""

    station: str = ""
    year: int | None = None
    mapping: Mapping[str, str | None] | None = None

    def as_json(self) -> dict[str, Any]:
        return {"station": self.station, "year": self.year, "mapping": dict(self.mapping or {})}


class SheetResource(resources.Resource):
    """A KIND of sheet. Each app hands its kinds over in `AppConfig.ready`."""

    kind: ClassVar[str]
    title: ClassVar[str]
    url_name: ClassVar[str]  # of the upload page; _check, _columns, _confirm and _undo follow it
    preview_columns: ClassVar[tuple[str, ...]]

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

    def begin(self, tables: list[Table], filename: str, options: Options, actor) -> Any:
        """Read what holds for the whole file into a context; refuse what the actor may not do."""
        raise NotImplementedError

    def lock(self, context) -> None:
        """Keep others from writing the same rows until the transaction ends."""

    def resolve(self, rows: list[SheetRow], context) -> None:
        """Set `import_type` of every clean row: new, update, or skip for a duplicate."""
        raise NotImplementedError

    def write(self, rows: list[SheetRow], batch: ImportBatch, context, actor) -> None:
        """Write the accepted rows through the services of the app."""
        raise NotImplementedError

    def undo(self, batch: ImportBatch, actor) -> str:
        """Take back what a batch wrote, and say in Chinese what was done."""
        raise NotImplementedError

    def clean_row(self, table: Table, entry, context) -> SheetRow:
        """Clean every cell of one entry and collect all that is wrong with it."""
        row = SheetRow(table, entry)
        cells = {name: cell.value for name, cell in entry.cells.items()}
        for field in self.fields.values():
            self._clean_cell(row, field, cells, context)
        self._keep_unknown(row)
        return row

    def _clean_cell(self, row: SheetRow, field: SheetField, cells: dict, context) -> None:
        name = field.column_name
        cell = row.entry.cells.get(name)
        if cell is not None and cell.is_formula_without_value:
            row.reject(name, NO_VALUE)
            return
        try:
            row.values[name] = field.clean({name: cells.get(name)}, context=context)
        except CellError as error:
            if field.required:
                row.reject(name, str(error))
            else:
                self._set_aside(row, field, str(error), context)
        else:
            if field.required and _is_blank(row.values[name]):
                row.reject(name, f"{name}不能为空，请补填")

    def _set_aside(self, row: SheetRow, field: SheetField, message: str, context) -> None:
        """An optional cell that cannot be read does not cost the entry: its text goes to 备注."""
        name = field.column_name
        row.warn(name, f"{message}（原文已记入备注）")
        row.values[name] = field.clean({name: None}, context=context)
        row.values.setdefault("aside", []).append(f"{name}：{row.text(name)}")

    def _keep_unknown(self, row: SheetRow) -> None:
        for heading, cell in row.entry.extra.items():
            if cell.is_formula_without_value:
                row.reject(heading, NO_VALUE)
            elif _IDENTITY.search(heading):
                row.warn(heading, "系统不收集证件号码，这一列没有导入")
            elif text := parse_text(cell.value):
                row.values.setdefault("aside", []).append(f"{heading}：{text}")


def note_of(row: SheetRow) -> str:
    """备注 as it stands in the sheet, and below it what had no place of its own."""
    return "\n".join(filter(None, [row.values.get(NOTE) or "", *row.values.get("aside", [])]))


def _is_blank(value) -> bool:
    """Whether a cleaned cell says nothing: parsers answer with None, "" or an empty result."""
    if value is None or value == "":
        return True
    inner = getattr(value, "people", getattr(value, "start", value))
    return inner is None or inner == ()
