"""Turns sheets into tables of entries: header, columns, titles, and the rows that count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from common.sheets.entries import Cell, Entries, Entry, SkippedRow, column_letter
from common.sheets.headers import Column, Header, Vocabulary, find_header, heading_key, unit_of
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

# Cells mended by hand: {sheet: {(row, column): text}}, both 0-based.
Mended = Mapping[str, Mapping[tuple[int, int], str]]


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
    entries: Entries

    @property
    def skipped(self) -> list[SkippedRow]:
        """The rows below the header that are no entries; of many blank ones the first."""
        return self.entries.skipped

    @property
    def size(self) -> int:
        """How many rows stand below the header, at most."""
        return self.entries.most


def find_tables(
    sheets: Sequence[SheetData],
    columns: Sequence[Column],
    *,
    mapping: Mapping[str, str | None] | None = None,
    mended: Mended | None = None,
) -> list[Table]:
    """Find the table of each sheet that has a header of at least two known columns.

    `mapping` names columns by hand: heading as written → column name, or None to ignore it;
    `mended` has what is to stand in cells instead of what the file says. A table may lack
    required columns (`missing`): the caller decides. Raises SheetFileError when no sheet has a
    header.
    """
    vocabulary = Vocabulary(columns, mapping)
    tables = [
        _read_table(sheet, header, columns, (mended or {}).get(sheet.name, {}))
        for sheet in sheets
        if (header := find_header(sheet, vocabulary)) is not None
    ]
    if not tables:
        names = "、".join(column.name for column in columns if column.required) or "、".join(
            column.name for column in columns
        )
        raise SheetFileError(f"没有找到表头，要找的列有：{names}。请核对是不是选错了表格")
    return tables


def _read_table(
    sheet: SheetData,
    header: Header,
    columns: Sequence[Column],
    mended: Mapping[tuple[int, int], str],
) -> Table:
    headers = {name: header.texts[index] for name, index in header.columns.items()}
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
        title=read_titles(sheet.head(header.first_row), sheet.name),
        entries=Entries(sheet, header, mended),
    )
