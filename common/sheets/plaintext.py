"""Tables in text files: .csv and .txt in the encodings and with the separators in use."""

import csv
import re
from collections.abc import Iterator

from common.sheets.cells.base import CellValue
from common.sheets.workbook import Limits, SheetData, SheetFileError

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS = ",\t;"
_TEXT_FORMULA = re.compile(r'="(.*)"', re.DOTALL)
_QUOTED = re.compile(r'"[^"]*"')
_LINES_LOOKED_AT = 50
_LINE = re.compile(r"[^\r\n]++(?:\r\n?|\n)?|\r\n?|\n")
_MOST_SEPARATORS = 50_000  # of one row, those inside its texts too


def read_text(content: bytes, name: str, limits: Limits) -> SheetData:
    """Read a delimited text file as one sheet of text cells. Raises SheetFileError."""
    text = _decode(content)
    first, _, _ = text[:8].partition("\n")
    named = re.fullmatch(r"sep=(.)\r?", first)
    delimiter = named[1] if named else _delimiter_of(text)
    try:
        rows = _read_rows(_records(text, len(first) + 1 if named else 0, delimiter), limits)
    except csv.Error as error:
        raise SheetFileError("文件不是能打开的表格文件，请另存为 .xlsx 后再导入") from error
    return SheetData(name, rows)


def _read_rows(records: Iterator[list[str]], limits: Limits) -> list[list[CellValue]]:
    """Read up to the first row beyond the limits."""
    rows: list[list[CellValue]] = []
    widest = 0
    for record in records:
        widest = max(widest, len(record))
        if len(rows) == limits.rows:
            raise SheetFileError(f"文件超过 {limits.rows} 行，请分成几个文件导入")
        if widest > limits.columns or widest * (len(rows) + 1) > limits.cells:
            raise SheetFileError(f"文件有 {widest} 列，超过能导入的大小，请删去多余的列")
        rows.append(_without_blank_end([_cell(value) for value in record]))
    return rows


def _records(text: str, start: int, delimiter: str) -> Iterator[list[str]]:
    """Split a text into records; one with far too many separators is never made a list."""
    separators = 0

    def watched() -> Iterator[str]:
        nonlocal separators
        for match in _LINE.finditer(text, start):
            separators += match[0].count(delimiter)
            if separators > _MOST_SEPARATORS:
                raise SheetFileError(f"文件的一行超过 {_MOST_SEPARATORS} 列，请删去多余的列")
            yield match[0]

    for record in csv.reader(watched(), delimiter=delimiter):
        separators = 0
        yield record


def _decode(content: bytes) -> str:
    encodings = ("utf-16",) if content.startswith(_UTF16_MARKS) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise SheetFileError("文件不是能打开的表格文件，请用 WPS 或 Excel 另存为 .xlsx 后再导入")


def _delimiter_of(text: str) -> str:
    """Choose the separator that most of the first lines contain, then the most frequent one."""
    lines = [_QUOTED.sub("", line) for line in text[:65_536].splitlines()[:_LINES_LOOKED_AT]]

    def weight(delimiter: str) -> tuple[int, int]:
        counts = [line.count(delimiter) for line in lines]
        return sum(count > 0 for count in counts), sum(counts)

    return max(_DELIMITERS, key=weight)


def _cell(value: str) -> CellValue:
    formula = _TEXT_FORMULA.fullmatch(value)
    value = formula[1] if formula else value
    return value if value.strip() else None


def _without_blank_end(row: list[CellValue]) -> list[CellValue]:
    end = len(row)
    while end and row[end - 1] is None:
        end -= 1
    return row[:end]
