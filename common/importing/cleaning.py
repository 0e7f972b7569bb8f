"""Every cell of an entry cleaned, and all that is wrong with it collected."""

from __future__ import annotations

import re
from typing import Any

from common.importing.resources import SheetField, SheetResource
from common.importing.rows import SheetRow
from common.sheets.cells import CellError, CellValue, parse_text
from common.sheets.layout import Cell, Entry, Table

NO_VALUE = "公式没有保存的计算结果，请在表格软件里打开、重新计算并保存后再导入"
_IDENTITY = re.compile("身份证|证件号")
# Of each column so many readings are kept: registers say 满意, 来访 and the same names all over.
_MOST_KEPT = 2000
_LONGEST_KEPT = 24


class Cleaner:
    """Cleans the entries of one table of a file, in their order."""

    def __init__(self, resource: SheetResource, table: Table, context: Any):
        self._resource, self._table, self._context = resource, table, context
        self._fields: list[tuple[SheetField, str, int | None, dict[Any, Any] | None]] = [
            (
                field,
                field.column_name,
                table.columns.get(field.column_name),
                None if field.depends_on_row else {},
            )
            for field in resource.fields.values()
        ]

    def clean(self, entry: Entry) -> SheetRow:
        row = SheetRow(self._table, entry)
        cells, values = entry.values, row.values
        width, lacking = len(cells), entry.has_formulas_without_value
        for field, name, index, kept in self._fields:
            raw = cells[index] if index is not None and index < width else None
            if lacking and self._lacks_value(row, name):
                continue
            key = raw if isinstance(raw, str) else (type(raw), raw)
            if kept is not None and key in kept:
                values[name] = kept[key]
            elif self._clean_cell(row, field, raw) and kept is not None:
                self._keep(kept, key, values[name])
        for heading, cell in entry.extra.items():
            self._keep_unknown(row, heading, cell)
        self._resource.read_row(row, self._context)
        return row

    def _keep(self, kept: dict[Any, Any], key: Any, value: Any) -> None:
        if isinstance(key, str) and len(key) > _LONGEST_KEPT:
            return
        if len(kept) >= _MOST_KEPT:
            kept.clear()
        kept[key] = value

    def _lacks_value(self, row: SheetRow, name: str) -> bool:
        cell = row.entry.cell(name)
        lacks = cell is not None and cell.is_formula_without_value
        if lacks:
            row.reject(name, NO_VALUE)
        return lacks

    def _clean_cell(self, row: SheetRow, field: SheetField, raw: CellValue) -> bool:
        """Read one cell; says whether it was well."""
        name = field.column_name
        try:
            value = row.values[name] = field.parse(raw, self._context)
        except CellError as error:
            if field.required:
                row.reject(name, str(error))
            else:
                self._set_aside(row, field, str(error))
            return False
        if field.required and _is_blank(value):
            row.reject(name, f"{name}不能为空，请补填")
            return False
        return True

    def _set_aside(self, row: SheetRow, field: SheetField, message: str) -> None:
        """An optional cell that cannot be read does not cost the entry: its text goes to 备注."""
        name = field.column_name
        row.warn(name, f"{message}（原文已记入备注）")
        row.values[name] = field.parse(None, self._context)
        row.values.setdefault("aside", []).append(f"{name}：{row.text(name)}")

    def _keep_unknown(self, row: SheetRow, heading: str, cell: Cell) -> None:
        if cell.is_formula_without_value:
            row.reject(heading, NO_VALUE)
        elif _IDENTITY.search(heading):
            row.warn(heading, "系统不收集证件号码，这一列没有导入")
        elif text := parse_text(cell.value):
            row.values.setdefault("aside", []).append(f"{heading}：{text}")


def _is_blank(value) -> bool:
    """Whether a cleaned cell says nothing: parsers answer with None, "" or an empty result."""
    if value is None or value == "":
        return True
    inner = getattr(value, "people", getattr(value, "start", value))
    return inner is None or inner == ()
