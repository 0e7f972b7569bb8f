"""Turns sheets into tables of entries: header, columns, titles, and the rows that count."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from common.sheets.cells.base import CellValue, is_nothing, parse_text
from common.sheets.headers import Column, Header, Vocabulary, find_header, heading_key, unit_of
from common.sheets.rows import SkipReason, is_numbering, skip_reason
from common.sheets.titles import TitleFacts, read_titles, year_from_filename
from common.sheets.workbook import SheetData, SheetFileError

__all__ = [
    "Cell",
    "Column",
    "Entry",
    "SkippedRow",
    "Table",
    "TitleFacts",
    "column_letter",
    "find_tables",
    "year_from_filename",
]

_NO_EXTRA: Mapping[str, "Cell"] = {}


class Cell(NamedTuple):
    """A value and where it stands; `row` is 1-based, `column` 0-based, as elsewhere here."""

    value: CellValue
    row: int
    column: int
    is_formula_without_value: bool = False

    @property
    def address(self) -> str:
        """The address as the sheet shows it, e.g. D37."""
        return f"{column_letter(self.column)}{self.row}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row that counts, with a cell for every column found.

    `extra` has the values of unknown columns by header text; `continues` names the columns whose
    cell carries on a vertical merge from above.
    """

    row: int
    cells: Mapping[str, Cell]
    extra: Mapping[str, Cell] = field(default_factory=dict)
    continues: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row (1-based) below the header that is no entry, and why."""

    row: int
    reason: SkipReason
    text: str


@dataclass(frozen=True)
class Table:
    """A table found in a sheet; rows are 1-based, columns 0-based."""

    sheet: str
    header_rows: tuple[int, ...]
    columns: dict[str, int]
    headers: dict[str, str]  # column name → heading as written, 来访群众/姓名 for two levels
    synonyms_used: dict[str, str]  # those of `headers` that differ from the name
    units: dict[str, str]  # column name → unit in brackets, 资金(万元) → 万元
    unknown: dict[int, str]
    missing: tuple[str, ...]  # required columns without a heading
    title: TitleFacts
    entries: list[Entry]
    skipped: list[SkippedRow]


def find_tables(
    sheets: Sequence[SheetData],
    columns: Sequence[Column],
    *,
    mapping: Mapping[str, str | None] | None = None,
) -> list[Table]:
    """Find the table of each sheet that has a header of at least two known columns.

    `mapping` names columns by hand: heading as written → column name, or None to ignore it. A
    table may lack required columns (`missing`): the caller decides. Raises SheetFileError when no
    sheet has a header.
    """
    vocabulary = Vocabulary(columns, mapping)
    tables = [
        _read_table(sheet, header, columns)
        for sheet in sheets
        if (header := find_header(sheet, vocabulary)) is not None
    ]
    if not tables:
        names = "、".join(column.name for column in columns if column.required) or "、".join(
            column.name for column in columns
        )
        raise SheetFileError(f"没有找到表头，要找的列有：{names}。请核对是不是选错了表格")
    return tables


def column_letter(index: int) -> str:
    """Return the letters of a 0-based column: 0 → A, 27 → AB."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _read_table(sheet: SheetData, header: Header, columns: Sequence[Column]) -> Table:
    headers = {name: header.texts[index] for name, index in header.columns.items()}
    reader = _RowReader(sheet, header)
    entries: list[Entry] = []
    skipped: list[SkippedRow] = []
    for row in range(header.last_row + 1, len(sheet.rows)):
        found = reader.read(row)
        if isinstance(found, Entry):
            entries.append(found)
        else:
            skipped.append(found)
    return Table(
        sheet=sheet.name,
        header_rows=tuple(range(header.first_row + 1, header.last_row + 2)),
        columns=header.columns,
        headers=headers,
        synonyms_used={
            name: text for name, text in headers.items() if heading_key(text) != heading_key(name)
        },
        units={name: unit for name, text in headers.items() if (unit := unit_of(text))},
        unknown=header.unknown,
        missing=tuple(
            column.name
            for column in columns
            if column.required and column.name not in header.columns
        ),
        title=read_titles(sheet.rows[: header.first_row], sheet.name),
        entries=entries,
        skipped=skipped,
    )


class _RowReader:
    """Reads the rows of one table, with the merged cells filled in."""

    def __init__(self, sheet: SheetData, header: Header) -> None:
        self._sheet = sheet
        self._header = header
        self._no_value = sheet.formulas_without_value
        self._numbering = frozenset(
            index for index, text in header.texts.items() if is_numbering(text)
        )
        self._headings = {
            index: frozenset(heading_key(part) for part in (text, *text.split("/")))
            for index, text in header.texts.items()
        }
        self._width = max(header.texts) + 1
        self._origins: dict[int, dict[int, tuple[int, int]]] = {}
        self._spread: dict[int, int] = {}  # row → first column of a merge over most of the table
        self._note_merges()

    def read(self, row: int) -> Entry | SkippedRow:
        """Read one row (0-based)."""
        values = self._sheet.rows[row]
        origins = self._origins.get(row, {})
        own: dict[int, CellValue] = {
            column: value
            for column, value in enumerate(values)
            if value is not None and column not in origins
        }
        continues = any(origin_row < row for origin_row, _ in origins.values())
        reason = skip_reason(
            own,
            headings=self._headings,
            numbering=self._numbering,
            continues=continues,
            spread=self._spread.get(row),
        )
        if reason:
            text = "  ".join(" ".join(parse_text(value).split()) for value in own.values())
            return SkippedRow(row + 1, reason, text[:200])
        return self._entry(row, own, origins)

    def _entry(
        self, row: int, own: dict[int, CellValue], origins: dict[int, tuple[int, int]]
    ) -> Entry:
        cells = {
            name: self._cell(row, column, origins) for name, column in self._header.columns.items()
        }
        extra = self._extra(row, own, origins)
        if not origins:
            return Entry(row + 1, cells, extra)
        continues = frozenset(
            name
            for name, column in self._header.columns.items()
            if column in origins and origins[column][0] < row
        )
        return Entry(row + 1, cells, extra, continues)

    def _cell(self, row: int, column: int, origins: dict[int, tuple[int, int]]) -> Cell:
        source_row, source_column = origins.get(column, (row, column))
        values = self._sheet.rows[source_row]
        value = values[source_column] if source_column < len(values) else None
        without_value = bool(self._no_value) and (source_row, source_column) in self._no_value
        return Cell(value, row + 1, column, without_value)

    def _extra(
        self, row: int, own: dict[int, CellValue], origins: dict[int, tuple[int, int]]
    ) -> Mapping[str, Cell]:
        used = set(self._header.columns.values()) | self._header.ignored | self._numbering
        extra: dict[str, Cell] = {}
        for column in sorted((own.keys() | origins.keys()) - used):
            cell = self._cell(row, column, origins)
            if is_nothing(cell.value) and not cell.is_formula_without_value:
                continue
            text = self._header.texts.get(column, f"{column_letter(column)}列")
            name = f"{text}（{column_letter(column)}列）" if text in extra else text
            extra[name] = cell
        return extra or _NO_EXTRA

    def _note_merges(self) -> None:
        """Note what the merged cells below the header stand for, cut to the rows with data."""
        room = len(self._sheet.rows) * (self._width + 1)
        for top, left, bottom, right in self._sheet.merged:
            if top <= self._header.last_row or top >= len(self._sheet.rows):
                continue
            if 2 * (min(right, self._width) - left) > self._width:
                self._spread.setdefault(top, left)
                continue
            for row, column in self._covered(top, left, bottom, right):
                room -= 1
                if room < 0:
                    raise SheetFileError("合并单元格互相重叠，请取消合并后再导入")
                self._origins.setdefault(row, {})[column] = (top, left)

    def _covered(self, top: int, left: int, bottom: int, right: int) -> Iterator[tuple[int, int]]:
        for row in range(top, min(bottom + 1, len(self._sheet.rows))):
            for column in range(left, min(right, self._width) + 1):
                if (row, column) != (top, left):
                    yield row, column
