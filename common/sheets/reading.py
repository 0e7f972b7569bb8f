"""Reads a file of tables, whatever its kind, into plain values.

The kind is decided by the content; the name only serves messages and the sheet of a text file.
"""

import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path, PurePath
from typing import cast

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from common.sheets import ods, ooxml, package, xls
from common.sheets.cells.base import CellValue
from common.sheets.plaintext import read_text
from common.sheets.workbook import MIB, Limits, SheetData, SheetFileError, StreamedRows

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STARTS = (
    (b"%PDF", "这是 PDF 文件，不是能打开的表格文件，请导入 .xlsx、.xls 或 .csv 表格"),
    (b"\x89PNG", "这是图片，不是能打开的表格文件，请导入 .xlsx、.xls 或 .csv 表格"),
    (b"\xff\xd8\xff", "这是图片，不是能打开的表格文件，请导入 .xlsx、.xls 或 .csv 表格"),
    (b"Rar!", "这是压缩包，请解压后导入其中的表格"),
    (b"7z\xbc\xaf", "这是压缩包，请解压后导入其中的表格"),
)
_WORKBOOKS = {".xlsx", ".xlsm", ".xls", ".ods"}
_UNREADABLE = (
    "这个文件打不开，可能已损坏或不是 Excel 文件，请用 WPS 或 Excel 打开后另存为 .xlsx 再导入"
)
_MARKUP = (b"<html", b"<table", b"<?xml", b"<!doctype", b"<meta", b"<head")


def read_workbook(
    source: bytes | Path, filename: str, *, limits: Limits | None = None
) -> list[SheetData]:
    """Read all visible sheets that hold anything, in their order.

    Takes .xlsx, .xlsm, .xls, .ods, .csv and .txt, told apart by content. Raises SheetFileError
    when the file cannot be opened, is locked, empty, or larger than `limits`.
    """
    limits = limits or Limits()
    content = _load(source, limits)
    if content.startswith(_ZIP):
        sheets = _read_zip(content, limits)
    elif content.startswith(_OLE):
        sheets = _read_ole(content, limits)
    else:
        _refuse_other_kinds(content)
        sheets = [_text_sheet(content, filename, limits)]
    sheets = [sheet for sheet in sheets if sheet.rows]
    if not sheets:
        raise SheetFileError("表格里没有内容，请核对文件")
    return sheets


def _load(source: bytes | Path, limits: Limits) -> bytes:
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size > limits.file_bytes:
        raise SheetFileError(
            f"文件有 {size / MIB:.1f} MB，超过 {limits.file_bytes // MIB} MB，"
            "请删去图片或分成几个文件导入"
        )
    content = source if isinstance(source, bytes) else source.read_bytes()
    if not content.strip(b"\x00 \r\n\t\xef\xbb\xbf"):
        raise SheetFileError("文件是空的，请核对")
    return content


def _refuse_other_kinds(content: bytes) -> None:
    for start, message in _STARTS:
        if content.startswith(start):
            raise SheetFileError(message)
    if content[:512].lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_MARKUP):
        raise SheetFileError(
            "这是网页格式的表格，不是能打开的表格文件，请用 WPS 或 Excel 打开后另存为 .xlsx 再导入"
        )


def _text_sheet(content: bytes, filename: str, limits: Limits) -> SheetData:
    """Some programs call text a workbook; but what has no columns is none, or one that is torn."""
    name = PurePath(filename)
    sheet = read_text(content, name.stem, limits)
    if name.suffix.lower() in _WORKBOOKS and not any(len(row) > 1 for row in sheet.rows):
        raise SheetFileError(_UNREADABLE)
    return sheet


def _read_zip(content: bytes, limits: Limits) -> list[SheetData]:
    opened = package.open_package(content, limits)
    if package.WORKBOOK in opened.parts:
        facts = ooxml.sheet_facts(opened, limits)
        return _read_sheets(opened.repacked(), limits, facts)
    if package.DOCUMENT in opened.parts:
        ods.check(opened, limits)
        return _read_sheets(opened.repacked(), limits, {})
    raise SheetFileError(
        "压缩包里没有能读的工作表，不是能打开的表格文件，请用 WPS 或 Excel 另存为 .xlsx 再导入"
    )


def _read_ole(content: bytes, limits: Limits) -> list[SheetData]:
    return _read_sheets(io.BytesIO(content), limits, xls.sheet_facts(content, limits))


def _read_sheets(
    stream: io.BytesIO, limits: Limits, facts: dict[str, ooxml.SheetFacts]
) -> list[SheetData]:
    try:
        with CalamineWorkbook.from_filelike(stream) as workbook:
            return _visible_sheets(workbook, limits, facts)
    except PasswordError as error:
        raise SheetFileError(package.LOCKED) from error
    except (CalamineError, ValueError, OSError) as error:
        raise SheetFileError(package.BROKEN) from error
    except BaseException as error:
        # A broken file can make the reader panic, which is no Exception.
        if type(error).__module__ != "pyo3_runtime":
            raise
        raise SheetFileError(package.BROKEN) from error


def _visible_sheets(
    workbook: CalamineWorkbook, limits: Limits, facts: dict[str, ooxml.SheetFacts]
) -> list[SheetData]:
    sheets: list[SheetData] = []
    cells_left = limits.cells
    for metadata in workbook.sheets_metadata:
        if metadata.visible != SheetVisibleEnum.Visible or metadata.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_name(metadata.name)
        cells_left -= sheet.height * sheet.width
        if cells_left < 0:
            raise SheetFileError(package.TOO_LARGE)
        sheets.append(_sheet_data(sheet, facts.get(sheet.name, ooxml.SheetFacts()), limits))
    return sheets


def _sheet_data(sheet: CalamineSheet, facts: ooxml.SheetFacts, limits: Limits) -> SheetData:
    first_row, first_column = sheet.start or (0, 0)
    rows, columns = first_row + sheet.height, first_column + sheet.width
    ooxml.check_extent(rows, columns, sheet.name, limits)
    streamed = StreamedRows(partial(_walk, sheet, first_column), rows if sheet.height else 0)
    merged = [(*start, *end) for start, end in sheet.merged_cell_ranges or []]
    return SheetData(
        sheet.name, streamed, merged, facts.hidden_columns, facts.formulas_without_value
    )


def _walk(sheet: CalamineSheet, first_column: int) -> Iterator[list[CellValue]]:
    """The rows as plain values; a long sheet stays where the reader keeps it."""
    if not sheet.height:
        return
    margin: list[CellValue] = [None] * first_column
    # The rows above the first value come too, but not the columns before it.
    lines = sheet.iter_rows()
    while True:
        try:
            values = next(lines, None)
        except (CalamineError, ValueError) as error:
            raise SheetFileError(package.BROKEN) from error
        if values is None:
            return
        row = [*margin, *map(_plain, values)]
        while row and row[-1] is None:
            row.pop()
        yield row


def _plain(value: object) -> CellValue:
    """Turn what the reader gives into a cell value: no blank text, whole numbers as int."""
    kind = type(value)
    if kind is str:
        text = cast(str, value)
        return text if text and not text.isspace() else None
    if kind is float:
        number = cast(float, value)
        return int(number) if number.is_integer() and abs(number) < 1e15 else number
    if isinstance(value, bool | int | datetime | date):
        return value
    if isinstance(value, time):
        return value.isoformat("minutes")
    return str(value) if isinstance(value, timedelta) else None
