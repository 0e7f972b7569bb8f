"""What a file of tables is once it is read, and how much of one is accepted."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import overload

from common.sheets.cells.base import CellValue

MIB = 1024 * 1024

# (first row, first column, last row, last column), all 0-based and inclusive.
MergedRange = tuple[int, int, int, int]


class SheetFileError(Exception):
    """A file cannot be read at all; the message says in Chinese why and what to do."""


@dataclass(frozen=True)
class Limits:
    """The largest file that is read; a larger one is refused before it is unpacked."""

    file_bytes: int = 20 * MIB
    unzipped_bytes: int = 160 * MIB
    zip_ratio: int = 100  # of each part and of all; looked at only above `zip_ratio_from` bytes
    zip_ratio_from: int = 8 * MIB
    rows: int = 101_000  # of one sheet, counted from its first row
    columns: int = 256
    cells: int = 2_200_000  # of the whole file: rows × columns, blank ones too
    text_bytes: int = 160 * MIB  # of the file, a text counted again for every cell it fills


class StreamedRows(Sequence[list[CellValue]]):
    """The rows of a sheet, made anew each time they are walked through and never kept.

    `make` starts such a walk; `most` is how many rows there are at most. Blank rows at the end
    are left out. Asking for the length or for a row far down costs a whole walk.
    """

    def __init__(self, make: Callable[[], Iterator[list[CellValue]]], most: int) -> None:
        self._make, self.most = make, most
        self._length: int | None = None

    def __iter__(self) -> Iterator[list[CellValue]]:
        blanks = 0
        for row in self._make():
            if not row:
                blanks += 1
                continue
            for _ in range(blanks):
                yield []
            blanks = 0
            yield row

    def __len__(self) -> int:
        if self._length is None:
            self._length = sum(1 for _ in self)
        return self._length

    def __bool__(self) -> bool:
        return next(iter(self), None) is not None

    def __eq__(self, other: object) -> bool:
        return list(self) == other

    __hash__ = None  # type: ignore[assignment]

    @overload
    def __getitem__(self, index: int) -> list[CellValue]: ...
    @overload
    def __getitem__(self, index: slice) -> list[list[CellValue]]: ...
    def __getitem__(self, index: int | slice) -> list[CellValue] | list[list[CellValue]]:
        return list(self)[index]


@dataclass(frozen=True)
class SheetData:
    """One visible sheet: rows[i][j] is the value in row i + 1, column j + 1 of the sheet.

    Rows are as long as their last value; a blank cell is None.
    """

    name: str
    rows: Sequence[list[CellValue]]
    merged: list[MergedRange] = field(default_factory=list)
    hidden_columns: frozenset[int] = frozenset()
    formulas_without_value: frozenset[tuple[int, int]] = frozenset()

    def head(self, count: int) -> list[list[CellValue]]:
        """The first `count` rows."""
        return list(islice(self.rows, count))

    @property
    def most_rows(self) -> int:
        """How many rows there are at most, without walking through them."""
        return self.rows.most if isinstance(self.rows, StreamedRows) else len(self.rows)
