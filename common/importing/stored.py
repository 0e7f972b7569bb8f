"""The checked rows of a file, kept so that a page of the preview never reads the workbook again.

A stored preview is blocks of packed JSON lines, then a packed index of the blocks with how many
rows of each view they hold and with what is said of the whole file, then the length of the index.
A page unpacks the index and the few blocks its rows stand in, however long the file is.
"""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from typing import IO, Any

from common.importing.rows import Change, Problem, SheetRow
from common.sheets.cells import parse_text
from common.sheets.layout import Table

PAGE_SIZE = 50
_BLOCK = 100  # rows
# What rows can be asked for; each row says by a bit which of these it belongs to.
VIEWS = (
    "all", "rejected", "warned", "duplicates", "updated", "accepted", "mended", "troubled",
)  # fmt: skip
_BITS = {view: 1 << index for index, view in enumerate(VIEWS)}


class StoredRow:
    """A row as it was checked."""

    def __init__(self, line: dict[str, Any], meta: Mapping[str, Any]):
        self._line, self._meta = line, meta

    @property
    def number(self) -> int:
        return self._line["n"]

    @property
    def sheet_index(self) -> int:
        return self._line.get("s", 0)

    @property
    def table(self) -> dict[str, Any]:
        """Of the table it stands in: its sheet, columns and headings."""
        return self._meta["tables"][self.sheet_index]

    @property
    def sheet(self) -> str:
        return self.table["sheet"]

    @property
    def fate(self) -> str:
        return self._line["f"]

    @property
    def is_rejected(self) -> bool:
        return self.fate == "rejected"

    @property
    def is_duplicate(self) -> bool:
        return self.fate == "duplicates"

    @property
    def same_as(self) -> str:
        return self._line.get("a", "")

    @property
    def problems(self) -> list[Problem]:
        return self._told("e")

    @property
    def warnings(self) -> list[Problem]:
        return self._told("w")

    @property
    def changes(self) -> dict[str, Change]:
        return {change[0]: Change(*change) for change in self._line.get("d", [])}

    @property
    def mended(self) -> dict[str, str]:
        """Column → what the file says, for cells that were mended by hand."""
        return self._line.get("m", {})

    @property
    def continues(self) -> frozenset[str]:
        return frozenset(self._line.get("k", []))

    @property
    def raw(self) -> list[Any]:
        """The cells of a rejected row by column, as they are to be given back."""
        return self._line.get("r", [])

    def text(self, column: str) -> str:
        columns = self._meta["preview_columns"]
        if column in columns:
            return self._line["c"][columns.index(column)]
        return self._line.get("x", {}).get(column, "")

    def place(self, column: str) -> int | None:
        """The index of a column or heading in its sheet."""
        return self.table["columns"].get(column, self._line.get("p", {}).get(column))

    def _told(self, key: str) -> list[Problem]:
        found = self._line.get(key, [])
        return [Problem(self.sheet, self.number, *problem) for problem in found]


class PreviewWriter:
    """Writes the rows of a check to an open file, one after the other."""

    def __init__(self, file: IO[bytes], columns: Collection[str]):
        self._file, self._columns = file, list(columns)
        self._lines: list[str] = []
        self._counts = [0] * len(VIEWS)
        self._blocks: list[list[int]] = []

    def add(self, row: SheetRow, sheet_index: int, changes: Collection[Change], raw=()) -> None:
        """Keep one row; `raw` are the cells of one that is given back to be corrected."""
        entry, mended = row.entry, row.entry.mended
        line: dict[str, Any] = {
            "n": entry.row, "f": row.fate, "c": [row.text(name) for name in self._columns],
        }  # fmt: skip
        optional = {
            "s": sheet_index, "a": row.same_as, "m": mended, "k": sorted(entry.continues),
            "e": [[told.column, told.value, told.message] for told in row.problems],
            "w": [[told.column, told.value, told.message] for told in row.warnings],
            "d": [[change.column, change.old, change.new] for change in changes], "r": list(raw),
        }  # fmt: skip
        line |= {key: value for key, value in optional.items() if value}
        noticed = [told.column for told in (*row.problems, *row.warnings)]
        noticed += [*mended, *(change.column for change in changes)]
        if noticed:
            self._notice(row, noticed, line)
        self._store(json.dumps(line, ensure_ascii=False, default=parse_text), _views_of(row))

    def close(self, meta: dict[str, Any], tables: list[Table]) -> None:
        self._flush()
        index = {
            **meta,
            "preview_columns": self._columns,
            "tables": [_described(table) for table in tables],
            "blocks": self._blocks,
        }
        packed = _packed(json.dumps(index, ensure_ascii=False))
        self._file.write(packed + len(packed).to_bytes(8, "big"))

    def _notice(self, row: SheetRow, columns: list[str], line: dict[str, Any]) -> None:
        """The preview grows a column wherever something is wrong, mended or changed."""
        others = [name for name in columns if name not in self._columns]
        if others:
            line["x"] = {name: row.text(name) for name in others}
        extra = {name: row.entry.extra[name].column for name in others if name in row.entry.extra}
        if extra:
            line["p"] = extra

    def _store(self, line: str, views: int) -> None:
        self._lines.append(f"{views:x} {line}\n")
        for index in range(len(VIEWS)):
            self._counts[index] += views >> index & 1
        if len(self._lines) == _BLOCK:
            self._flush()

    def _flush(self) -> None:
        if self._lines:
            packed = _packed("".join(self._lines))
            self._blocks.append([len(packed), *self._counts])
            self._file.write(packed)
        self._lines, self._counts = [], [0] * len(VIEWS)


class StoredPreview:
    """Reads what a `PreviewWriter` wrote, from an open file."""

    def __init__(self, file: IO[bytes]):
        self._file = file
        file.seek(-8, io.SEEK_END)
        size = int.from_bytes(file.read(8), "big")
        file.seek(-8 - size, io.SEEK_END)
        self.meta: dict[str, Any] = json.loads(zlib.decompress(file.read(size)))

    def count(self, view: str) -> int:
        index = VIEWS.index(view) + 1
        return sum(block[index] for block in self.meta["blocks"])

    def rows(self, view: str = "all", start: int = 0) -> Iterator[StoredRow]:
        """The rows of a view from its `start`-th on; blocks without any are not unpacked."""
        offset, bit, index = 0, _BITS[view], VIEWS.index(view) + 1
        for block in self.meta["blocks"]:
            if start >= block[index]:
                start -= block[index]
            else:
                lines = (line for line in self._lines(offset, block[0]) if _views(line) & bit)
                for line in islice(lines, start, None):
                    yield StoredRow(json.loads(line.partition(" ")[2]), self.meta)
                start = 0
            offset += block[0]

    def page(self, view: str, number: int) -> list[StoredRow]:
        start = (number - 1) * PAGE_SIZE
        return list(islice(self.rows(view, start), PAGE_SIZE))

    def _lines(self, offset: int, size: int) -> list[str]:
        self._file.seek(offset)
        text = zlib.decompress(self._file.read(size)).decode()
        # Not splitlines: a cell may hold signs that part lines elsewhere.
        return text.removesuffix("\n").split("\n")


def _packed(text: str) -> bytes:
    return zlib.compress(text.encode("utf-8", "replace"), 1)


def _views(line: str) -> int:
    return int(line[: line.index(" ")], 16)


def _views_of(row: SheetRow) -> int:
    views = _BITS["all"] | _BITS["accepted"] * row.is_accepted
    if row.fate != "new":
        views |= _BITS[row.fate]
    if row.warnings:
        views |= _BITS["warned"]
    if row.warnings or row.problems:
        views |= _BITS["troubled"]
    return views | _BITS["mended"] * bool(row.entry.mended)


def _described(table: Table) -> dict[str, Any]:
    return {
        "sheet": table.sheet,
        "columns": table.columns,
        "headers": table.headers,
        "unknown": {str(index): text for index, text in table.unknown.items()},
    }
