"""Tables in text files: .csv and .txt in the encodings and with the separators in use."""

import csv
import re
from itertools import islice

from common.sheets.cells.base import CellValue
from common.sheets.workbook import Limits, SheetData, SheetFileError

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS = ",\t;"
_TEXT_FORMULA = re.compile(r'="(.*)"', re.DOTALL)
_QUOTED = re.compile(r'"[^"]*"')
_LINES_LOOKED_AT = 50


def read_text(content: bytes, name: str, limits: Limits) -> SheetData:
    """Read a delimited text file as one sheet of text cells. Raises SheetFileError."""
    text = _decode(content)
    first, _, rest = text.partition("\n")
    named = re.fullmatch(r"sep=(.)\r?", first)
    delimiter = named[1] if named else _delimiter_of(text)
    lines = (rest if named else text).splitlines(keepends=True)
    try:
        rows = [
            [_cell(value) for value in record]
            for record in islice(csv.reader(lines, delimiter=delimiter), limits.rows + 1)
        ]
    except csv.Error as error:
        raise SheetFileError("文件不是能打开的表格文件，请另存为 .xlsx 后再导入") from error
    _check_size(rows, limits)
    return SheetData(name, [_without_blank_end(row) for row in rows])


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


def _check_size(rows: list[list[CellValue]], limits: Limits) -> None:
    if len(rows) > limits.rows:
        raise SheetFileError(f"文件超过 {limits.rows} 行，请分成几个文件导入")
    widest = max(map(len, rows), default=0)
    if widest > limits.columns or widest * len(rows) > limits.cells:
        raise SheetFileError(f"文件有 {widest} 列，超过能导入的大小，请删去多余的列")


def _without_blank_end(row: list[CellValue]) -> list[CellValue]:
    end = len(row)
    while end and row[end - 1] is None:
        end -= 1
    return row[:end]
