"""The old binary workbook (.xls): how far its values reach, and which columns are hidden.

The reader that fills the cells allocates the rectangle up to the last one for every sheet, so the
records are looked through before. Only what is needed for that is understood here.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from common.sheets.ooxml import SheetFacts, check_extent
from common.sheets.package import BROKEN, LOCKED, TOO_LARGE
from common.sheets.workbook import Limits, SheetFileError

_END_OF_CHAIN = 0xFFFFFFFA  # this and all above mark free, last and table sectors
_EOF, _BOUND_SHEET, _FILE_PASS, _COLUMN_INFO = 0x0A, 0x85, 0x2F, 0x7D
_SINGLE_VALUES = frozenset({0x06, 0x0206, 0x0406, 0x0203, 0x0204, 0x0205, 0x027E, 0xFD, 0xD6})
_FORMULA, _BOOL_OR_ERROR = 0x06, 0x0205
_SEVERAL_NUMBERS = 0xBD
_STREAMS = ("Workbook", "Book")
_CONTAINERS = ("EncryptedPackage", "EncryptionInfo")


def sheet_facts(content: bytes, limits: Limits) -> dict[str, SheetFacts]:
    """Return the facts of every sheet by name. Raises SheetFileError."""
    try:
        stream = _workbook_stream(content)
        starts = _sheet_starts(stream)
        facts = {name: _scan(stream, start, name, limits) for name, start in starts.items()}
    except (struct.error, IndexError) as error:
        raise SheetFileError(BROKEN) from error
    if sum(sheet.rows * sheet.columns for sheet in facts.values()) > limits.cells:
        raise SheetFileError(TOO_LARGE)
    return facts


def _workbook_stream(content: bytes) -> bytes:
    container = _Container(content)
    for name in _CONTAINERS:
        if name in container.streams:
            raise SheetFileError(LOCKED)
    for name in _STREAMS:
        if name in container.streams:
            return container.read(*container.streams[name])
    raise SheetFileError("文件里没有工作表，不是能打开的表格文件，请导入 .xlsx、.xls 或 .csv 表格")


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Yield (kind, body) of the records of one substream."""
    while start + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, start)
        yield kind, stream[start + 4 : start + 4 + size]
        if kind == _EOF:
            return
        start += 4 + size


def _sheet_starts(stream: bytes) -> dict[str, int]:
    starts: dict[str, int] = {}
    for kind, body in _records(stream, 0):
        if kind == _FILE_PASS:
            raise SheetFileError(LOCKED)
        if kind == _BOUND_SHEET:
            (start,) = struct.unpack_from("<I", body)
            is_wide = bool(body[7] & 1)
            name = body[8 : 8 + body[6] * (2 if is_wide else 1)]
            sheet = name.decode("utf-16-le" if is_wide else "latin-1", "replace")
            if sheet in starts or start in starts.values():
                raise SheetFileError(BROKEN)  # the reader would take in both
            starts[sheet] = start
    return starts


def _scan(stream: bytes, start: int, name: str, limits: Limits) -> SheetFacts:
    rows = columns = 0
    hidden: set[int] = set()
    without_value: set[tuple[int, int]] = set()
    for kind, body in _records(stream, start):
        if kind in _SINGLE_VALUES or kind == _SEVERAL_NUMBERS:
            row, first = struct.unpack_from("<HH", body)
            last = first if kind != _SEVERAL_NUMBERS else struct.unpack_from("<H", body[-2:])[0]
            rows, columns = max(rows, row + 1), max(columns, last + 1)
            if _is_error(kind, body):
                without_value.add((row, first))
        elif kind == _COLUMN_INFO:
            first, last, _, _, options = struct.unpack_from("<5H", body)
            if options & 1:
                hidden.update(range(first, min(last + 1, limits.columns)))
    check_extent(rows, columns, name, limits)
    return SheetFacts(rows, columns, frozenset(hidden), frozenset(without_value))


def _is_error(kind: int, body: bytes) -> bool:
    if kind == _BOOL_OR_ERROR:
        return body[7] == 1
    return kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2


@dataclass
class _Container:
    """The file system inside an OLE file: chains of sectors, and a directory of streams."""

    content: bytes
    streams: dict[str, tuple[int, int]] = field(default_factory=dict)  # name → (start, size)

    def __post_init__(self) -> None:
        header = self.content[:512]
        shift, mini_shift = struct.unpack_from("<HH", header, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise SheetFileError(BROKEN)
        self._sector, self._mini_sector = 1 << shift, 1 << mini_shift
        tables, directory = struct.unpack_from("<I", header, 44)[0], header[48:52]
        self._cutoff, mini_start, _, more_start, more = struct.unpack_from("<5I", header, 56)
        self._table = self._allocation(header, tables, more_start, more)
        self._mini_table = self._numbers(self._chain(mini_start))
        self._mini_stream = b""
        self._read_directory(self._chain(struct.unpack("<I", directory)[0]))

    def read(self, start: int, size: int) -> bytes:
        """Return a stream; small ones live in the mini stream."""
        if size < self._cutoff:
            sectors = self._follow(start, self._mini_table)
            width = self._mini_sector
            parts = [self._mini_stream[at * width : (at + 1) * width] for at in sectors]
            return b"".join(parts)[:size]
        return self._chain(start)[:size]

    def _read_directory(self, entries: bytes) -> None:
        for at in range(0, len(entries) - 127, 128):
            entry = entries[at : at + 128]
            name = entry[: max(struct.unpack_from("<H", entry, 64)[0] - 2, 0)]
            start, size = struct.unpack_from("<II", entry, 116)
            if entry[66] == 5:
                self._mini_stream = self._chain(start)[:size]
            elif entry[66] == 2:
                self.streams[name.decode("utf-16-le", "replace")] = (start, size)

    def _allocation(self, header: bytes, tables: int, more_start: int, more: int) -> list[int]:
        places = list(struct.unpack_from("<109I", header, 76))
        for _ in range(min(more, len(self.content) // self._sector)):
            numbers = self._numbers(self._at(more_start))
            if not numbers:
                break
            places += numbers[:-1]
            more_start = numbers[-1]
        found = [place for place in places[:tables] if place < _END_OF_CHAIN]
        return [number for place in found for number in self._numbers(self._at(place))]

    def _chain(self, start: int) -> bytes:
        return b"".join(self._at(sector) for sector in self._follow(start, self._table))

    def _follow(self, start: int, table: list[int]) -> Iterator[int]:
        """Follow a chain; one longer than its table runs in a circle."""
        for _ in range(len(table) + 1):
            if start >= _END_OF_CHAIN or start >= len(table):
                return
            yield start
            start = table[start]
        raise SheetFileError(BROKEN)

    def _at(self, sector: int) -> bytes:
        return self.content[(sector + 1) * self._sector : (sector + 2) * self._sector]

    @staticmethod
    def _numbers(data: bytes) -> list[int]:
        return list(struct.unpack_from(f"<{len(data) // 4}I", data))
