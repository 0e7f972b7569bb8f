"""The package of an .xlsx: checked and unpacked here, so that the reader meets no surprise.

The reader that fills the cells allocates the whole rectangle up to the last cell and trusts the
sizes in the zip directory. Both are therefore settled before: the parts are unpacked under a cap
and the true extent of every sheet is found in its XML.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from posixpath import normpath
from xml.parsers import expat

from common.sheets.workbook import MIB, Limits, SheetFileError

BROKEN = "文件已损坏，打不开，请用 WPS 或 Excel 打开后另存为 .xlsx 再导入"
LOCKED = "文件设有密码，请去掉密码后再导入"
TOO_LARGE = "表格解压后太大，请删去空白行列、图片或多余的工作表，或分成几个文件导入"
UNSAFE = "文件含有不允许的 XML 声明，请用 WPS 或 Excel 打开后另存为 .xlsx 再导入"

_CHUNK = MIB
_NEEDED = re.compile(r".*\.(?:xml|rels)|mimetype", re.IGNORECASE)
_UNNEEDED = re.compile(
    r"(?:docProps|customXml|xl/(?:drawings|charts|theme|media|comments|pivot\w*|threadedComments"
    r"|externalLinks|calcChain|printerSettings|diagrams|slicer\w*))\b.*",
    re.IGNORECASE,
)
_MOST_PARTS = 10_000
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)")

_PREFIX = rb"<(?:[^\s<>/:!?]+:)?"
_CELL = re.compile(_PREFIX + rb'c(?=[\s/>])(?:\s+r="([A-Z]{1,3})([0-9]{1,7})")?')
_FORMULA_OR_ERROR = re.compile(_PREFIX + rb"f[\s/>]" + rb"""|\st=["']e["']""")
_TEXT_ITEM = re.compile(_PREFIX + rb"si[\s/>]")
_COLUMN = re.compile(_PREFIX + rb"col\s([^>]*)>")
_DATA = re.compile(_PREFIX + rb"sheetData[\s/>]")
_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*["']([^"']*)["']""")


@dataclass(frozen=True)
class SheetFacts:
    """What the XML of one sheet tells beside its values; rows and columns are 0-based."""

    rows: int = 0  # up to and including the last cell
    columns: int = 0
    hidden_columns: frozenset[int] = frozenset()
    formulas_without_value: frozenset[tuple[int, int]] = frozenset()


@dataclass
class Package:
    """The parts of a workbook by path, unpacked and safe to parse."""

    parts: dict[str, bytes] = field(default_factory=dict)

    def repacked(self) -> io.BytesIO:
        """Return a zip of exactly these parts, uncompressed."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
            for name, content in self.parts.items():
                archive.writestr(name, content)
        stream.seek(0)
        return stream


def open_package(content: bytes, limits: Limits) -> Package:
    """Unpack the XML parts of a zip under the limits. Raises SheetFileError."""
    package = Package()
    left = limits.unzipped_bytes
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = _wanted(archive.infolist())
            _check_directory(entries, limits)
            for entry in entries:
                part = _unpack(archive, entry, left)
                left -= len(part)
                package.parts[entry.filename] = part
    except NotImplementedError as error:  # a compression that office programs do not use
        raise SheetFileError(BROKEN) from error
    except RuntimeError as error:  # what zipfile raises for an encrypted part
        raise SheetFileError(LOCKED) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise SheetFileError(BROKEN) from error
    return package


def sheet_facts(package: Package, limits: Limits) -> dict[str, SheetFacts]:
    """Return the facts of every worksheet by sheet name. Raises SheetFileError when too large."""
    targets: dict[str, str] = {}
    facts: dict[str, SheetFacts] = {}
    lengths = shared_text_lengths(package)
    for name, attributes in _elements(package.parts.get("xl/_rels/workbook.xml.rels", b"")):
        if name == "Relationship":
            targets[attributes.get("Id", "")] = _part_path(attributes.get("Target", ""))
    for name, attributes in _elements(package.parts.get("xl/workbook.xml", b"")):
        if name == "sheet":
            part = package.parts.get(targets.get(attributes.get("id", ""), ""), b"")
            sheet = attributes.get("name", "")
            if attributes.get("state", "visible") == "visible":
                facts[sheet] = _scan(part, sheet, limits, lengths)
    return facts


def shared_text_lengths(package: Package) -> list[int]:
    """Return the size in bytes, with its markup, of every text that cells share."""
    for name, part in package.parts.items():
        if name.lower() == "xl/sharedstrings.xml":
            starts = [match.start() for match in _TEXT_ITEM.finditer(part)]
            return [end - start for start, end in pairwise([*starts, len(part)])]
    return []


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


def _wanted(entries: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    if len(entries) > _MOST_PARTS:
        raise SheetFileError(TOO_LARGE)
    return [
        entry
        for entry in entries
        if _NEEDED.fullmatch(entry.filename) and not _UNNEEDED.fullmatch(entry.filename)
    ]


def _check_directory(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    if sum(entry.file_size for entry in entries) > limits.unzipped_bytes:
        raise SheetFileError(TOO_LARGE)
    for entry in entries:
        ratio = entry.file_size / max(entry.compress_size, 1)
        if entry.file_size > limits.zip_ratio_from and ratio > limits.zip_ratio:
            raise SheetFileError(TOO_LARGE)


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    """Read one part; zipfile never returns more than the size its directory declares."""
    chunks: list[bytes] = []
    with archive.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise SheetFileError(TOO_LARGE)
            chunks.append(chunk)
    part = b"".join(chunks)
    if _DECLARATION.search(part):
        raise SheetFileError(UNSAFE)
    return part


def _part_path(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else normpath(f"xl/{target}")


def _elements(xml: bytes) -> list[tuple[str, dict[str, str]]]:
    """Return name and attributes of every element, without namespace prefixes."""
    found: list[tuple[str, dict[str, str]]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        plain = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        found.append((name.rpartition(":")[2], plain))

    if xml:
        parse_xml(xml, start)
    return found


def parse_xml(
    xml: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Run expat over a part without any DTD. Raises SheetFileError."""

    def refuse(*_: object) -> None:
        raise SheetFileError(UNSAFE)

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError) as error:  # ValueError: a number that is none
        raise SheetFileError(BROKEN) from error


def _scan(xml: bytes, sheet: str, limits: Limits, lengths: list[int]) -> SheetFacts:
    """Find the extent quickly; look at every cell only where that is needed."""
    cells = _CELL.findall(xml)
    columns = max(
        (_column_index(letters) + 1 for letters in {cell[0] for cell in cells}), default=0
    )
    rows = max((int(number or b"0") for _, number in cells), default=0)
    within = rows <= limits.rows and columns <= limits.columns and rows * columns <= limits.cells
    hidden = _hidden_columns(xml, limits)
    placed = all(letters for letters, _ in cells)
    within = within and len(cells) * max(lengths, default=0) <= limits.text_bytes
    if within and placed and not _FORMULA_OR_ERROR.search(xml):
        return SheetFacts(rows, columns, hidden)
    reader = _CellReader(lengths)
    parse_xml(xml, reader.start, reader.end, reader.text)
    check_extent(reader.rows, reader.columns, sheet, limits)
    if reader.text_bytes > limits.text_bytes:
        raise SheetFileError(f"工作表“{sheet}”的文字太多，请分成几个文件导入")
    return SheetFacts(reader.rows, reader.columns, hidden, frozenset(reader.without_value))


def _hidden_columns(xml: bytes, limits: Limits) -> frozenset[int]:
    data = _DATA.search(xml)
    hidden: set[int] = set()
    for column in _COLUMN.findall(xml, 0, data.start() if data else len(xml)):
        attributes = dict(_ATTRIBUTE.findall(column))
        if attributes.get(b"hidden") in (b"1", b"true"):
            first, last = int(attributes.get(b"min", b"1")), int(attributes.get(b"max", b"1"))
            hidden.update(range(first - 1, min(last, limits.columns)))
    return frozenset(hidden)


def _column_index(letters: bytes | str) -> int:
    index = 0
    for letter in letters.upper() if isinstance(letters, bytes) else letters.upper().encode():
        index = index * 26 + letter - 64
    return index - 1


class _CellReader:
    """Walks the cells of a sheet: how far values reach, and which formulas have none."""

    def __init__(self, lengths: list[int]) -> None:
        self.rows = self.columns = self.text_bytes = 0
        self._lengths = lengths
        self._text = ""
        self.without_value: set[tuple[int, int]] = set()
        self._row = self._column = -1
        self._kind = ""
        self._formula = self._value = self._filled = False

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
            self._text += text

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
        match = re.fullmatch(r"([A-Za-z]+)([0-9]+)", attributes.get("r", ""))
        if match:
            self._row, self._column = int(match[2]) - 1, _column_index(match[1])
        else:
            self._column += 1
        self._kind, self._text = attributes.get("t", ""), ""
        self._formula = self._value = self._filled = False

    def _end_cell(self) -> None:
        if (self._formula and not self._filled) or self._kind == "e":
            self.without_value.add((self._row, self._column))
        if self._filled or self._formula:
            self.rows = max(self.rows, self._row + 1)
            self.columns = max(self.columns, self._column + 1)
