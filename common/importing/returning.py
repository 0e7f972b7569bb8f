"""The rejected rows of a file as a workbook: to be corrected where they stand, and sent again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import PurePath
from typing import IO, Any

from xlsxwriter import Workbook

from common.importing import kinds
from common.importing.preview import plain_message
from common.importing.resources import REMARKS
from common.importing.services import stored_preview
from common.importing.stored import StoredRow
from common.models import ImportBatch
from common.sheets.cells import parse_text
from common.sheets.writing import cell_text, sheet_name

_FONT = {"font_name": "宋体", "font_size": 11, "valign": "top", "text_wrap": True, "border": 1}
_WIDEST, _NARROWEST = 40, 8  # of a column, in characters
_REMARKS_WIDTH = 46


def filename_of(batch: ImportBatch) -> str:
    """接待登记簿-有误3行.xlsx"""
    stem = re.sub(r'[\\/:*?"<>|\s]', "", PurePath(batch.file_name).stem)[:80]
    return f"{stem}-有误{batch.outcome.get('rejected', 0)}行.xlsx"


def write_rejected(batch: ImportBatch, target: IO[bytes]) -> None:
    """Write the rejected rows with the headings of their sheets, bad cells coloured, and what is
    to be mended in a last column that an import leaves out. Text never becomes a formula."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False}  # fmt: skip
    with stored_preview(batch) as stored:
        workbook = Workbook(target, options)
        rows = stored.rows("rejected")
        for number, (_, lines) in enumerate(groupby(rows, key=lambda row: row.sheet_index)):
            _write_sheet(workbook, batch, stored.meta, lines, number)
        if not workbook.worksheets():
            workbook.add_worksheet()
        workbook.close()


def _write_sheet(
    workbook: Workbook, batch: ImportBatch, meta: dict, rows: Iterator[StoredRow], number: int
) -> None:
    plain, bad = workbook.add_format(_FONT), workbook.add_format({**_FONT, "bg_color": "#FFC7CE"})
    header = workbook.add_format({**_FONT, "bold": True, "bg_color": "#F2F2F2"})
    remark = workbook.add_format({**_FONT, "font_color": "#B3261E"})
    page, columns, line = None, {}, 3
    before: StoredRow | None = None
    for row in rows:
        if page is None:
            columns = _headings(row.table, batch.options.get("mapping") or {})
            page = workbook.add_worksheet(f"{sheet_name(row.sheet)[:26]}-{number + 1}")
            _write_head(page, batch, meta, columns, header)
        _write_row(page, line, row, columns, (plain, bad, remark), _goes_on(row, before))
        before, line = row, line + 1


def _headings(table: dict[str, Any], mapping: dict) -> dict[int, str]:
    """Where each heading stood; two-level and hand-named ones by their printed column."""
    found = {int(index): text for index, text in table["unknown"].items()}
    for name, index in table["columns"].items():
        text = table["headers"][name]
        found[index] = name if "/" in text or text in mapping else text
    return dict(sorted(found.items()))


def _write_head(page, batch: ImportBatch, meta: dict, columns: dict[int, str], style) -> None:
    page.set_column(0, len(columns) - 1, 14)
    for place, text in enumerate(columns.values()):
        wide = text in {"反映内容", "当场答复", "办理结果"}
        hidden = {"hidden": True} if text.startswith("内部标识") else {}
        page.set_column(place, place, _WIDEST if wide else max(len(text) * 2, _NARROWEST), None,
                        hidden)  # fmt: skip
    page.set_column(len(columns), len(columns), _REMARKS_WIDTH)
    page.freeze_panes(3, 0)
    page.write_string(0, 0, kinds.kind(batch.kind).title)
    labels = [f"联络站：{meta['station']}"] if meta["station"] else []
    labels += [f"年度：{meta['year']}年"] if meta["year"] else []
    if labels:
        page.write_string(1, 0, "    ".join(labels))
    for place, text in enumerate([*columns.values(), REMARKS]):
        page.write_string(2, place, cell_text(text), style)


def _goes_on(row: StoredRow, before: StoredRow | None) -> frozenset[str]:
    """The columns in which a row shares a merged cell with the one above it here."""
    follows = before is not None and before.number == row.number - 1
    return row.continues if follows else frozenset()


def _write_row(page, line: int, row: StoredRow, columns, styles, shared: frozenset[str]) -> None:
    plain, bad, remark = styles
    wrong = {row.place(problem.column) for problem in row.problems}
    merged = {row.place(name) for name in shared}
    for place, index in enumerate(columns):
        style = bad if index in wrong else plain
        value = row.raw[index] if index < len(row.raw) else None
        if index in merged:
            page.write_blank(line, place, None, style)
            _merge_up(page, line, place)
        elif isinstance(value, int | float) and _is_writable(value):
            page.write_number(line, place, value, style)
        elif text := cell_text(parse_text(value)):
            page.write_string(line, place, text, style)
        else:
            page.write_blank(line, place, None, style)
    told = [f"{problem.column}：{plain_message(problem.message)}" for problem in row.problems]
    page.write_string(line, len(columns), cell_text("\n".join(told)), remark)


def _merge_up(page, line: int, place: int) -> None:
    """Merge a cell with the one above. XlsxWriter cannot merge downwards while it streams, so
    its list of merged ranges is added to."""
    for merged in page.merge:
        if merged[1] == place and merged[2] == line - 1:
            merged[2] = line
            return
    page.merge.append([line - 1, place, line, place])


def _is_writable(value: int | float) -> bool:
    """Whether a workbook can hold it as a number: neither a truth nor beyond what it counts to."""
    return not isinstance(value, bool) and abs(value) < 1e15  # not so for nan and inf either
