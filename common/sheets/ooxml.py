"""What the XML of an .xlsx tells of its sheets before the reader fills the cells.

The reader allocates the whole rectangle up to the last cell and a copy of its text for every
cell, so both are added up here. Cells in the usual spelling are only matched, which is quick;
the few others (formulas, errors, text of their own) are parsed.
"""

import re
from array import array
from dataclasses import dataclass
from itertools import islice

from common.sheets.package import BROKEN, SHARED_TEXTS, TOO_LARGE, Package, parse_xml
from common.sheets.workbook import Limits, SheetFileError

_PREFIX = rb"<(?:[^\s<>/:!?]{1,20}:)?"
_ADDRESS = rb'[ ]r="([A-Z]{1,3})([0-9]{1,7})"(?:[ ]s="[0-9]{1,9}")?'
# As every office program writes a cell that holds a plain value, or none at all.
_PLAIN = (
    rb"<c" + _ADDRESS + rb'(?:[ ]t="(?:(s)"><v>([0-9]{1,9})|[nb]"><v>[^<&]{1,40})|><v>[^<&]{1,40})'
    rb"</v></c>"
)
_PLAIN_CELL = re.compile(_PLAIN)
_BLANK = rb"<c" + _ADDRESS + rb"[ ]?(?:/>|></c>)"
_PLAIN_OR_BLANK_CELLS = re.compile(rb"(?:\s*(?:" + _PLAIN + rb"|" + _BLANK + rb"))+")
_CELL = re.compile(_PREFIX + rb"c[\s/>]")
_CELL_WITHOUT_ADDRESS = re.compile(_PREFIX + rb'c(?=[\s/>])(?!\s+r="[A-Z]{1,3}[0-9]{1,7}")')
_TEXT_ITEM = re.compile(_PREFIX + rb"si[\s/>]")
_MERGE = re.compile(_PREFIX + rb"mergeCell\s")
_COLUMN = re.compile(_PREFIX + rb"col\s([^>]*)>")
_DATA = re.compile(_PREFIX + rb"sheetData[\s/>]")
_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*["']([^"']*)["']""")
_TAGS_PER_CELL = 6  # what a cell with a formula takes: <c><f>…</f><v>…</v></c>
_MOST_COLUMNS = 16_384  # what every spreadsheet program has


@dataclass(frozen=True)
class SheetFacts:
    """What the XML of one sheet tells beside its values; rows and columns are 0-based."""

    rows: int = 0  # up to and including the last cell
    columns: int = 0
    hidden_columns: frozenset[int] = frozenset()
    formulas_without_value: frozenset[tuple[int, int]] = frozenset()


def sheet_facts(package: Package, limits: Limits) -> dict[str, SheetFacts]:
    """Return the facts of every visible sheet by name. Raises SheetFileError when too large."""
    lengths = _shared_text_lengths(package.parts.get(SHARED_TEXTS, b""), limits)
    facts: dict[str, SheetFacts] = {}
    cells = text_bytes = 0
    for sheet, path in package.sheets:
        xml = package.parts.get(path, b"")
        extent = _extent(xml, sheet, limits, lengths)
        cells += extent.rows * extent.columns
        text_bytes += extent.text_bytes
        if cells > limits.cells:
            raise SheetFileError(TOO_LARGE)
        if text_bytes > limits.text_bytes:
            raise SheetFileError(f"工作表“{sheet}”的文字太多，请分成几个文件导入")
        without_value = frozenset(extent.without_value)
        hidden = _hidden_columns(xml, limits)
        facts[sheet] = SheetFacts(extent.rows, extent.columns, hidden, without_value)
    return facts


def check_extent(rows: int, columns: int, sheet: str, limits: Limits) -> None:
    """Refuse a sheet whose last value lies beyond the limits. Raises SheetFileError."""
    if rows > limits.rows:
        raise SheetFileError(
            f"工作表“{sheet}”写到了第 {rows} 行，超过 {limits.rows} 行，请分成几个文件导入"
        )
    if columns > limits.columns:
        raise SheetFileError(
            f"工作表“{sheet}”写到了第 {columns} 列，超过 {limits.columns} 列，请删去多余的列"
        )
    if rows * columns > limits.cells:
        raise SheetFileError(f"工作表“{sheet}”太大（{rows} 行 × {columns} 列），请分成几个文件导入")


def _shared_text_lengths(xml: bytes, limits: Limits) -> "array[int]":
    """Return the size in bytes, with its markup, of every text that cells share."""
    starts = array("L", (match.start() for match in _items(_TEXT_ITEM, xml, limits.cells)))
    lengths = array("L", bytes(starts.itemsize * len(starts)))
    end = len(xml)
    for index in range(len(starts) - 1, -1, -1):
        lengths[index], end = end - starts[index], starts[index]
    return lengths


def _items(pattern: re.Pattern[bytes], xml: bytes, most: int) -> "list[re.Match[bytes]]":
    raise NotImplementedError
