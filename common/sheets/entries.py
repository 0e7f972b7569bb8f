"""The rows below a header, read one after the other: merged cells filled in, none of them kept."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple, overload

from common.sheets.cells.base import CellValue, is_nothing, parse_text
from common.sheets.headers import Header, heading_key
from common.sheets.rows import SkipReason, is_numbering, skip_reason
from common.sheets.workbook import MergedRange, SheetData, SheetFileError

_MOST_BLANKS = 1000  # blank rows that are told of
_NO_EXTRA: Mapping[str, "Cell"] = {}
_NONE: frozenset[int] = frozenset()
_NO_NAMES: frozenset[str] = frozenset()
_NO_TEXTS: Mapping[int, str] = {}


class Cell(NamedTuple):
    """A value and where it stands; `row` is 1-based, `column` 0-based, as elsewhere here.

    `original` is what the file says where the cell was mended by hand.
    """

    value: CellValue
    row: int
    column: int
    is_formula_without_value: bool = False
    original: str | None = None

    @property
    def address(self) -> str:
        """The address as the sheet shows it, e.g. D37."""
        return f"{column_letter(self.column)}{self.row}"


class Entry:
    """One row that counts: its values by column, with merged cells filled in.

    `extra` has the values of unknown columns by header text; `continues` names the columns whose
    cell carries on a vertical merge from above.
    """

    __slots__ = ("_columns", "_mended", "_without_value", "continues", "extra", "row", "values")

    def __init__(
        self,
        row: int,
        values: list[CellValue],
        columns: Mapping[str, int],
        *,
        extra: Mapping[str, Cell] = _NO_EXTRA,
        continues: frozenset[str] = _NO_NAMES,
        without_value: frozenset[int] = _NONE,
        mended: Mapping[int, str] = _NO_TEXTS,
    ) -> None:
        self.row, self.values, self.extra, self.continues = row, values, extra, continues
        self._columns, self._without_value, self._mended = columns, without_value, mended

    @property
    def cells(self) -> dict[str, Cell]:
        """A cell for every column found."""
        return {name: self._at(index) for name, index in self._columns.items()}

    @property
    def mended(self) -> dict[str, str]:
        """Column or heading → what the file says, for the cells that were mended by hand."""
        if not self._mended:
            return {}
        named = {**{cell.column: name for name, cell in self.extra.items()}}
        named |= {index: name for name, index in self._columns.items()}
        return {named[index]: text for index, text in self._mended.items() if index in named}

    @property
    def has_formulas_without_value(self) -> bool:
        return bool(self._without_value)

    def value(self, name: str) -> CellValue:
        """What the cell of a column or of an unknown heading says."""
        index = self._columns.get(name)
        if index is None:
            cell = self.extra.get(name)
            return cell.value if cell else None
        return self.values[index] if index < len(self.values) else None

    def cell(self, name: str) -> Cell | None:
        """The cell of a column or of an unknown heading."""
        index = self._columns.get(name)
        return self.extra.get(name) if index is None else self._at(index)

    def _at(self, index: int) -> Cell:
        value = self.values[index] if index < len(self.values) else None
        lacks = index in self._without_value
        return Cell(value, self.row, index, lacks, self._mended.get(index))


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row (1-based) below the header that is no entry, and why."""

    row: int
    reason: SkipReason
    text: str


class Entries(Sequence[Entry]):
    """The entries of a table, read anew each time they are walked through and never kept."""

    def __init__(
        self, sheet: SheetData, header: Header, mended: Mapping[tuple[int, int], str]
    ) -> None:
        self._sheet, self._header, self._mended = sheet, header, mended
        self._skipped: list[SkippedRow] | None = None
        self._length = 0
        self.most = max(sheet.most_rows - header.last_row - 1, 0)
        check_merges(sheet, header)

    def __iter__(self) -> Iterator[Entry]:
        reader = _RowReader(self._sheet, self._header, self._mended)
        skipped: list[SkippedRow] = []
        count = blanks = 0
        first = self._header.last_row + 1
        for row, values in enumerate(islice(self._sheet.rows, first, None), start=first):
            found = reader.read(row, values)
            if isinstance(found, Entry):
                count += 1
                yield found
            else:
                blanks += found.reason == "blank"
                if found.reason != "blank" or blanks <= _MOST_BLANKS:
                    skipped.append(found)
        self._skipped, self._length = skipped, count

    def __len__(self) -> int:
        self._know()
        return self._length

    @property
    def skipped(self) -> list[SkippedRow]:
        self._know()
        return self._skipped or []

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> list[Entry]: ...
    def __getitem__(self, index: int | slice) -> Entry | list[Entry]:
        return list(self)[index]

    def _know(self) -> None:
        if self._skipped is None:
            for _ in self:
                pass


def column_letter(index: int) -> str:
    """Return the letters of a 0-based column: 0 → A, 27 → AB."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def check_merges(sheet: SheetData, header: Header) -> None:
    """Refuse merged cells that cover more than there is. Raises SheetFileError."""
    width, most = _width(header), sheet.most_rows
    room = most * (width + 1)
    for top, left, bottom, right in sheet.merged:
        if header.last_row < top < most and not _is_spread(left, right, width):
            room -= (min(bottom + 1, most) - top) * max(min(right, width) + 1 - left, 0) - 1
    if room < 0:
        raise SheetFileError("合并单元格互相重叠，请取消合并后再导入")


def _width(header: Header) -> int:
    return max(header.texts) + 1


def _is_spread(left: int, right: int, width: int) -> bool:
    """Whether a merged cell covers most of the table, as titles and notes do."""
    return 2 * (min(right, width) - left) > width


class _Merge:
    """A merged cell that reaches the row being read, and what it says."""

    __slots__ = ("bottom", "left", "right", "top", "value", "without_value")

    def __init__(self, place: MergedRange, values: list[CellValue], without_value: bool) -> None:
        self.top, self.left, self.bottom, self.right = place
        self.value = values[self.left] if self.left < len(values) else None
        self.without_value = without_value


class _RowReader:
    """Reads the rows of one table in their order, with the merged cells filled in."""

    def __init__(
        self, sheet: SheetData, header: Header, mended: Mapping[tuple[int, int], str]
    ) -> None:
        self._header = header
        self._no_value = sheet.formulas_without_value
        self._mended: dict[int, dict[int, str]] = {}
        for (row, column), text in mended.items():
            self._mended.setdefault(row, {})[column] = text
        self._numbering = frozenset(
            index for index, text in header.texts.items() if is_numbering(text)
        )
        self._headings = {
            index: frozenset(heading_key(part) for part in (text, *text.split("/")))
            for index, text in header.texts.items()
        }
        self._width = _width(header)
        self._used = set(header.columns.values()) | header.ignored | self._numbering
        self._coming = sorted(
            (place for place in sheet.merged if place[0] > header.last_row),
            key=lambda place: place[0],
            reverse=True,
        )
        self._open: list[_Merge] = []

    def read(self, row: int, values: list[CellValue]) -> Entry | SkippedRow:
        """Read the next row (0-based)."""
        mended = self._mend(row, values) if row in self._mended else _NO_TEXTS
        spread = self._open_merges(row, values)
        origins = self._origins(row, mended) if self._open else {}
        own: dict[int, CellValue] = {
            column: value
            for column, value in enumerate(values)
            if value is not None and column not in origins
        }
        reason = skip_reason(
            own,
            headings=self._headings,
            numbering=self._numbering,
            continues=any(merge.top < row for merge in origins.values()),
            spread=spread,
        )
        if reason:
            text = "  ".join(" ".join(parse_text(value).split()) for value in own.values())
            return SkippedRow(row + 1, reason, text[:200])
        return self._entry(row, values, own, origins, mended)

    def _entry(
        self,
        row: int,
        values: list[CellValue],
        own: dict[int, CellValue],
        origins: dict[int, _Merge],
        mended: Mapping[int, str],
    ) -> Entry:
        without_value = self._without_value(row, origins, mended) if self._no_value else _NONE
        if origins:
            values = self._filled(values, origins)
        strange = (own.keys() | origins.keys()) - self._used
        columns = self._header.columns
        continues = _NO_NAMES
        if origins:
            continues = frozenset(
                name
                for name, column in columns.items()
                if column in origins and origins[column].top < row
            )
        return Entry(
            row + 1,
            values,
            columns,
            extra=self._extra(row, values, strange, without_value) if strange else _NO_EXTRA,
            continues=continues,
            without_value=without_value,
            mended=mended,
        )

    def _mend(self, row: int, values: list[CellValue]) -> dict[int, str]:
        """Lay what was typed over what the file says; return the latter."""
        originals: dict[int, str] = {}
        for column, text in self._mended[row].items():
            values += [None] * (column + 1 - len(values))
            originals[column] = parse_text(values[column])
            values[column] = text or None
        return originals

    def _open_merges(self, row: int, values: list[CellValue]) -> int | None:
        """Note the merged cells that begin in this row; return where one over most begins."""
        self._open = [merge for merge in self._open if merge.bottom >= row]
        spread: int | None = None
        while self._coming and self._coming[-1][0] <= row:
            place = self._coming.pop()
            if place[0] < row:
                continue
            if _is_spread(place[1], place[3], self._width):
                spread = place[1] if spread is None else spread
            else:
                lacks = (row, place[1]) in self._no_value and place[1] not in self._mended.get(
                    row, {}
                )
                self._open.append(_Merge(place, values, lacks))
        return spread

    def _origins(self, row: int, mended: Mapping[int, str]) -> dict[int, _Merge]:
        """The merged cell that each column of this row belongs to, unless it begins here."""
        return {
            column: merge
            for merge in self._open
            for column in range(merge.left, min(merge.right, self._width) + 1)
            if (row, column) != (merge.top, merge.left) and column not in mended
        }

    def _filled(self, values: list[CellValue], origins: dict[int, _Merge]) -> list[CellValue]:
        filled = values + [None] * (max(origins) + 1 - len(values))
        for column, merge in origins.items():
            filled[column] = merge.value
        return filled

    def _without_value(
        self, row: int, origins: dict[int, _Merge], mended: Mapping[int, str]
    ) -> frozenset[int]:
        return frozenset(
            column
            for column in range(self._width + 1)
            if column not in mended
            and (
                origins[column].without_value
                if column in origins
                else (row, column) in self._no_value
            )
        )

    def _extra(
        self,
        row: int,
        values: list[CellValue],
        columns: set[int],
        without_value: frozenset[int],
    ) -> Mapping[str, Cell]:
        extra: dict[str, Cell] = {}
        for column in sorted(columns):
            value = values[column] if column < len(values) else None
            lacks = column in without_value
            if is_nothing(value) and not lacks:
                continue
            text = self._header.texts.get(column, f"{column_letter(column)}列")
            name = f"{text}（{column_letter(column)}列）" if text in extra else text
            extra[name] = Cell(value, row + 1, column, lacks)
        return extra or _NO_EXTRA
