"""What a file of tables is once it is read, and how much of one is accepted."""

from dataclasses import dataclass, field

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
    rows: int = 100_000  # of one sheet, counted from its first row
    columns: int = 256
    cells: int = 2_000_000  # of the whole file: rows × columns, blank ones too
    text_bytes: int = 160 * MIB  # of the file, a text counted again for every cell it fills


@dataclass(frozen=True)
class SheetData:
    """One visible sheet: rows[i][j] is the value in row i + 1, column j + 1 of the sheet.

    Rows are as long as their last value; a blank cell is None.
    """

    name: str
    rows: list[list[CellValue]]
    merged: list[MergedRange] = field(default_factory=list)
    hidden_columns: frozenset[int] = frozenset()
    formulas_without_value: frozenset[tuple[int, int]] = frozenset()
