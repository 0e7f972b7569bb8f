"""Finds the header of a table and which of its columns is which."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from common.sheets.cells.base import CellValue, normalise, parse_text
from common.sheets.workbook import SheetData

_ROWS_LOOKED_AT = 30
_GROUP_PENALTY = 10  # more than any rank
_LONGEST_HEADER = 40  # characters of a heading; longer text is data
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕|<[^<>]*>")
_UNIT = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]\s*$")
_DECORATION = re.compile(r"[\s*※:：、。.,;_\-—/|★●]+")


@dataclass(frozen=True)
class Column:
    """A column to look for, by its printed name or one of its synonyms."""

    name: str
    synonyms: tuple[str, ...] = ()
    required: bool = False


@dataclass
class Header:
    """A header found: its rows (0-based) and what its columns (0-based) are."""

    first_row: int
    last_row: int
    columns: dict[str, int] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)  # of every column with a heading
    unknown: dict[int, str] = field(default_factory=dict)
    ignored: frozenset[int] = frozenset()

    is_merged: bool = False  # merged cells prove that both rows belong to it

    @property
    def weight(self) -> tuple[int, bool, int]:
        """Order headers: by columns found, then by proof, then the one of fewer rows."""
        return len(self.columns), self.is_merged, self.first_row - self.last_row


@dataclass(frozen=True)
class _Heading:
    """One column's heading: its own text and that of the group above it."""

    text: str
    group: str = ""
    is_group: bool = False  # the text spans several columns and says little about this one

    @property
    def shown(self) -> str:
        return f"{self.group}/{self.text}" if self.group else self.text


class Vocabulary:
    """Knows which heading names which column: hand-made mapping, name, synonym, in this order."""

    def __init__(
        self, columns: Sequence[Column], mapping: Mapping[str, str | None] | None = None
    ) -> None:
        names = {column.name for column in columns}
        wrong = sorted({name for name in (mapping or {}).values() if name} - names)
        if wrong:
            raise KeyError(f"mapping names columns that do not exist: {wrong}")
        self._by_hand = {_exactly(text): name for text, name in (mapping or {}).items()}
        self._names = {_exactly(column.name): column.name for column in columns}
        self._bare_names: dict[str, str] = {}
        self._synonyms: dict[str, str] = {}
        for column in columns:
            self._bare_names.setdefault(_without_unit(column.name), column.name)
            for synonym in column.synonyms:
                self._synonyms.setdefault(_exactly(synonym), column.name)
                self._synonyms.setdefault(_without_unit(synonym), column.name)

    def lookup(self, heading: _Heading) -> tuple[str | None, int] | None:
        """Return (column, rank) with a smaller rank for a better match, or None if unknown.

        A column of None was marked by hand as one to ignore.
        """
        spellings = (
            [heading.group + heading.text, heading.text] if heading.group else [heading.text]
        )
        for spelling in (heading.shown, *spellings):
            if _exactly(spelling) in self._by_hand:
                return self._by_hand[_exactly(spelling)], 0
        for spelling in spellings:
            exact, bare = _exactly(spelling), _without_unit(spelling)
            for rank, (key, table) in enumerate(
                (
                    (exact, self._names),
                    (bare, self._bare_names),
                    (exact, self._synonyms),
                    (bare, self._synonyms),
                ),
                start=1,
            ):
                if key in table:
                    return table[key], rank
        return None

    def knows(self, text: str) -> bool:
        """Tell whether a heading of this text alone is known."""
        return bool(text) and self.lookup(_Heading(text)) is not None


def find_header(sheet: SheetData, vocabulary: Vocabulary) -> Header | None:
    """Return the header that names most columns among the first rows, or None below two."""
    best: Header | None = None
    rows = sheet.head(_ROWS_LOOKED_AT + 1)
    for row in range(min(_ROWS_LOOKED_AT, len(rows))):
        for header in _headers_from(sheet, rows, row, vocabulary):
            if best is None or header.weight > best.weight:
                best = header
    return best if best is not None and len(best.columns) >= 2 else None


def unit_of(header_text: str) -> str:
    """Return the unit a heading names in brackets at its end (资金(万元) → 万元), else ""."""
    match = _UNIT.search(normalise(header_text))
    return match[1].strip() if match else ""


@lru_cache(maxsize=4096)  # the first cells of rows are asked for, which are often the same
def heading_key(text: str) -> str:
    """Return the text of a heading as it is compared: no spaces, marks or units."""
    return _without_unit(text)


def _headers_from(
    sheet: SheetData, rows: list[list[CellValue]], row: int, vocabulary: Vocabulary
) -> list[Header]:
    upper = _texts(rows[row])
    known = sum(vocabulary.knows(text) for text in upper)
    headers: list[Header] = []
    if known:
        headers.append(_assign(row, row, [_Heading(text) for text in upper], vocabulary))
    if row + 1 < len(rows) and sum(map(bool, upper)) > 1:
        lower = _texts(rows[row + 1])
        is_merged = any(top == row and bottom == row + 1 for top, _, bottom, _ in sheet.merged)
        headings = _two_levels(upper, lower, _group_columns(sheet, row))
        if headings and (is_merged or _mostly_known(lower, vocabulary)):
            header = _assign(row, row + 1, headings, vocabulary)
            header.is_merged = is_merged
            headers.append(header)
    return headers


def _texts(row: list[CellValue]) -> list[str]:
    """Return the heading texts of a row; a cell that can be no heading is blank."""
    return [_heading_text(value) for value in row]


def _heading_text(value: CellValue) -> str:
    text = " ".join(parse_text(value).split()) if isinstance(value, str) else ""
    if len(text) > _LONGEST_HEADER:
        return ""
    return "" if re.fullmatch(r"[0-9.,:/-]*", normalise(text)) else text


def _group_columns(sheet: SheetData, row: int) -> dict[int, int]:
    """Return, for the columns below a heading merged over several, the column of that heading."""
    return {
        column: first
        for top, first, bottom, last in sheet.merged
        if top == bottom == row and last > first and last - first < 256
        for column in range(first, last + 1)
    }


def _mostly_known(texts: list[str], vocabulary: Vocabulary) -> bool:
    present = [text for text in texts if text]
    return bool(present) and 2 * sum(map(vocabulary.knows, present)) >= len(present)


def _two_levels(
    upper: list[str], lower: list[str], groups: dict[int, int]
) -> list[_Heading] | None:
    """Join two rows to headings; None where both say something else about one column."""
    width = max(len(upper), len(lower))
    upper = upper + [""] * (width - len(upper))
    lower = lower + [""] * (width - len(lower))
    headings: list[_Heading] = []
    for column in range(width):
        group = _group_of(column, upper, lower, groups)
        if group is None and lower[column] and upper[column] not in ("", lower[column]):
            return None
        group_text = upper[group] if group is not None else ""
        if lower[column]:
            headings.append(_Heading(lower[column], group_text))
        elif group is not None:
            headings.append(_Heading(group_text, is_group=True))
        else:
            headings.append(_Heading(upper[column]))
    return headings


def _group_of(
    column: int, upper: list[str], lower: list[str], groups: dict[int, int]
) -> int | None:
    """Return the column whose upper cell spans this one: by a merge, or by blanks beside it."""
    if column in groups:
        return groups[column]
    if not lower[column]:
        return None
    if upper[column]:
        spans = column + 1 < len(upper) and not upper[column + 1] and bool(lower[column + 1])
        return column if spans else None
    left = column
    while left and not upper[left] and lower[left]:
        left -= 1
    return left if upper[left] and lower[left] else None


def _assign(first: int, last: int, headings: list[_Heading], vocabulary: Vocabulary) -> Header:
    """Give each column of the vocabulary its best heading; the rest are unknown."""
    header = Header(first, last)
    ranks: dict[str, int] = {}
    ignored: set[int] = set()
    for index, heading in enumerate(headings):
        if not heading.text:
            continue
        header.texts[index] = heading.shown
        name, rank = vocabulary.lookup(heading) or ("", 0)
        rank += _GROUP_PENALTY * heading.is_group
        if name is None:
            ignored.add(index)
        elif not name or ranks.get(name, 99) <= rank:
            header.unknown[index] = heading.shown
        else:
            if name in header.columns:
                header.unknown[header.columns[name]] = header.texts[header.columns[name]]
            header.columns[name], ranks[name] = index, rank
    header.ignored = frozenset(ignored)
    return header


def _exactly(text: str) -> str:
    return _DECORATION.sub("", normalise(text)).casefold()


def _without_unit(text: str) -> str:
    bare = _exactly(_BRACKETS.sub("", normalise(text)))
    return bare or _exactly(text)
