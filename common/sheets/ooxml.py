"""What the XML of an .xlsx tells of its sheets before the reader fills the cells.

The reader allocates the whole rectangle up to the last cell and a copy of its text for every
cell, so both are added up here. Cells in the usual spelling are only matched, which is quick;
the few others (formulas, errors, text of their own) are parsed.
"""

import re
from array import array
from dataclasses import dataclass
from itertools import islice, pairwise

from common.sheets.package import SHARED_TEXTS, TOO_LARGE, Package, Part, parse_xml
from common.sheets.workbook import Limits, SheetFileError

_PREFIX = rb"<(?:[^\s<>/:!?]{1,20}:)?"
_ADDRESS = rb'[ ]r="([A-Z]{1,3})([0-9]{1,7})"(?:[ ]s="[0-9]{1,9}")?'
# As every office program writes a cell that holds a plain value, or none at all.
_PLAIN = (
    rb"<c"
    + _ADDRESS
    + rb'(?:[ ]t="(?:(s)"><v>([0-9]{1,9})</v>|[nb]"><v>[^<&]{1,40}</v>'
    + rb'|inlineStr"><is><t(?:[ ]xml:space="preserve")?>[^<]++</t></is>)|><v>[^<&]{1,40}</v>)</c>'
)
_PLAIN_CELL = re.compile(_PLAIN)
_BLANK = rb"<c" + _ADDRESS + rb"[ ]?(?:/>|></c>)"
_PLAIN_OR_BLANK_CELLS = re.compile(rb"(?:" + _PLAIN + rb"|" + _BLANK + rb"){1,256}")
_CELL = re.compile(_PREFIX + rb"c[\s/>]")
_CELL_WITHOUT_ADDRESS = re.compile(_PREFIX + rb'c(?=[\s/>])(?!\s+r="[A-Z]{1,3}[0-9]{1,7}")')
_TEXT_ITEM = re.compile(_PREFIX + rb"si[\s/>]")
_MERGE = re.compile(_PREFIX + rb"mergeCell\s")
_COLUMN = re.compile(_PREFIX + rb"col\s([^<>]{0,500})>")
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


def _shared_text_lengths(xml: Part, limits: Limits) -> "array[int]":
    """Return the size in bytes, with its markup, of every text that cells share."""
    found = islice(_TEXT_ITEM.finditer(xml), limits.cells + 1)
    starts = array("L", (match.start() for match in found))
    if len(starts) > limits.cells:
        raise SheetFileError(TOO_LARGE)
    starts.append(len(xml))
    return array("L", (end - start for start, end in pairwise(starts)))


def _extent(xml: Part, sheet: str, limits: Limits, lengths: "array[int]") -> "_Cells":
    """Follow the plain cells by their spelling, and parse what is left."""
    if _more_than(limits.cells // 4, _MERGE, xml):
        raise SheetFileError(TOO_LARGE)
    cells = _Cells(sheet, limits, lengths)
    rest: Part = _PLAIN_OR_BLANK_CELLS.sub(b"<x/>", xml)
    if _CELL_WITHOUT_ADDRESS.search(rest):
        rest = xml  # where such a cell stands depends on all that is before it
    else:
        cells.match_plain(xml)
    if _CELL.search(rest):
        if rest.count(b"<") > limits.cells * _TAGS_PER_CELL:
            raise SheetFileError(TOO_LARGE)
        parse_xml(rest, cells.start, cells.end, cells.text)
    check_extent(cells.rows, cells.columns, sheet, limits)
    return cells


def _more_than(most: int, pattern: re.Pattern[bytes], xml: Part) -> bool:
    return sum(1 for _ in islice(pattern.finditer(xml), most + 1)) > most


def _hidden_columns(xml: Part, limits: Limits) -> frozenset[int]:
    data = _DATA.search(xml)
    hidden: set[int] = set()
    columns = _COLUMN.finditer(xml, 0, data.start() if data else len(xml))
    for column in islice(columns, _MOST_COLUMNS):
        attributes = dict(_ATTRIBUTE.findall(column[1]))
        if attributes.get(b"hidden") in (b"1", b"true"):
            first, last = int(attributes.get(b"min", b"1")), int(attributes.get(b"max", b"1"))
            hidden.update(range(first - 1, min(last, limits.columns)))
    return frozenset(hidden)


def _column_index(letters: bytes) -> int:
    index = 0
    for letter in letters.upper():
        index = index * 26 + letter - 64
    return index - 1


class _Cells:
    """Follows the cells of a sheet: how far values reach, their text, formulas without one."""

    def __init__(self, sheet: str, limits: Limits, lengths: "array[int]") -> None:
        self.rows = self.columns = self.text_bytes = 0
        self.without_value: set[tuple[int, int]] = set()
        self._sheet, self._limits, self._lengths = sheet, limits, lengths
        self._text = ""
        self._row = self._column = -1
        self._kind = ""
        self._formula = self._value = self._filled = False

    def match_plain(self, xml: Part) -> None:
        """Take in the cells that are spelled as usual."""
        letters: set[bytes] = set()
        rows = text_bytes = 0
        lengths, most = self._lengths, len(self._lengths)
        for match in _PLAIN_CELL.finditer(xml):
            column, row, shared, index = match.groups()
            letters.add(column)
            rows = max(rows, int(row))
            if shared and int(index) < most:
                text_bytes += lengths[int(index)]
        self.rows, self.text_bytes = rows, text_bytes
        self.columns = max((_column_index(column) + 1 for column in letters), default=0)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            self._start_cell(attributes)
        elif name == "row":
            self._row = int(attributes["r"]) - 1 if "r" in attributes else self._row + 1
            self._column = -1
        elif name == "f":
            self._formula = True
        elif name in ("v", "is"):
            self._value, self._filled = True, name == "is"

    def text(self, text: str) -> None:
        if self._value and text.strip():
            self._filled = True
            self._text = (self._text + text)[:20]

    def end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name == "v":
            # An empty text is a value a formula may well have; an empty number is none.
            self._filled = self._filled or self._kind == "str"
            self._value = False
            if self._kind == "s" and int(self._text) < len(self._lengths):
                self.text_bytes += self._lengths[int(self._text)]
        elif name == "c":
            self._end_cell()

    def _start_cell(self, attributes: dict[str, str]) -> None:
        match = re.fullmatch(r"([A-Za-z]{1,3})([0-9]{1,7})", attributes.get("r", ""))
        if match:
            self._row, self._column = int(match[2]) - 1, _column_index(match[1].encode())
        else:
            self._column += 1
        self._kind, self._text = attributes.get("t", ""), ""
        self._formula = self._value = self._filled = False

    def _end_cell(self) -> None:
        if self._filled or self._formula or self._kind == "e":
            self.rows = max(self.rows, self._row + 1)
            self.columns = max(self.columns, self._column + 1)
        if (self._formula and not self._filled) or self._kind == "e":
            self.without_value.add((self._row, self._column))
            if len(self.without_value) > self._limits.cells // 4:
                raise SheetFileError(TOO_LARGE)
