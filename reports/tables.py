"""What a table of the report is made of; the page, the workbook and the JSON show the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from itertools import groupby, pairwise

Value = int | Decimal | str | None
DASH = "—"  # nothing to divide by, or nothing given
MOST_ROWS = 300  # that a page shows; longer tables stand in the workbook
MOST_COLUMNS = 16  # side by side on a page, the name among them


class Kind(StrEnum):
    TEXT = "text"
    COUNT = "count"
    RATE = "rate"  # per cent at two decimals


class RowKind(StrEnum):
    PLAIN = ""
    CENTRE = "centre"
    TOTAL = "total"


@dataclass(frozen=True)
class Column:
    """`short` is what stands under the heading `group`, where that says the rest."""

    name: str
    kind: Kind = Kind.COUNT
    group: str = ""
    short: str = ""

    @property
    def heading(self) -> str:
        return self.short or self.name

    @property
    def is_change(self) -> bool:
        """Its figures are differences, which show their sign."""
        return self.name.startswith("增减")


@dataclass(frozen=True)
class Figure:
    """A value, and the address of the rows it counts."""

    value: Value
    url: str = ""
    approximate: int = 0  # how many of the rows behind it give a rough number
    heat: int | None = None  # 0 … 5, how much beside the other cells of the table

    @property
    def count(self) -> int:
        if not isinstance(self.value, int):
            raise TypeError(f"{self.value!r} is no count")
        return self.value

    @property
    def is_text(self) -> bool:
        return isinstance(self.value, str)

    @property
    def shown(self) -> str:
        """As people read it: 1,115, 约 402, 81.12, —."""
        if self.value is None or self.value == "":
            return DASH
        if isinstance(self.value, str):
            return self.value
        digits = f"{self.value:,.2f}" if isinstance(self.value, Decimal) else f"{self.value:,}"
        return f"约 {digits}" if self.approximate else digits

    @property
    def signed(self) -> str:
        """As a difference is read: +12, -3, 0."""
        more = isinstance(self.value, int | Decimal) and self.value > 0
        return f"+{self.shown}" if more else self.shown


@dataclass(frozen=True)
class Row:
    cells: Sequence[Figure]
    kind: RowKind = RowKind.PLAIN

    @property
    def name(self) -> Figure:
        return self.cells[0]

    @property
    def values(self) -> list[Value]:
        return [cell.value for cell in self.cells]


@dataclass(frozen=True)
class Heading:
    """Columns side by side under one word; no word for a column that stands alone."""

    group: str
    columns: Sequence[Column]


@dataclass(frozen=True)
class Table:
    id: str
    title: str
    unit: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    notes: Sequence[str] = field(default_factory=list)

    @property
    def label(self) -> str:
        """The title with the table's number, where it has one."""
        return f"{self.id} {self.title}" if self.id.startswith("T") else self.title

    @property
    def headings(self) -> list[Heading]:
        return [Heading(group, list(found)) for group, found in groupby(self.columns, _group)]

    @property
    def grouped(self) -> bool:
        return any(column.group for column in self.columns)

    @property
    def total(self) -> Row:
        """The last row, which adds up the others."""
        return self.rows[-1]

    @property
    def body(self) -> Sequence[Row]:
        return self.rows[:-1]

    @property
    def is_long(self) -> bool:
        return len(self.rows) > MOST_ROWS

    @property
    def breaks(self) -> list[int]:
        """Where a table too wide for a page goes on below: columns that begin a part."""
        found, place, begins = [], 0, 1
        for heading in self.headings:
            end = place + len(heading.columns)
            if end - begins + 1 > MOST_COLUMNS and place > begins:
                found.append(place)
                begins = place
            place = end
        return found

    @property
    def parts(self) -> list[Table]:
        """The table as pages show it: each part with the names in front, notes under the last."""
        edges = [1, *self.breaks, len(self.columns)]
        return [
            replace(
                self,
                columns=[self.columns[0], *self.columns[first:last]],
                rows=[Row([row.cells[0], *row.cells[first:last]], row.kind) for row in self.rows],
                notes=self.notes if last == len(self.columns) else [],
            )
            for first, last in pairwise(edges)
        ]

    @property
    def labelled(self) -> list[list[tuple[Column, Figure]]]:
        """The rows of the body, each cell with its column: where a row is shown as a card."""
        return [list(zip(self.columns, row.cells, strict=True)) for row in self.body]

    def turned(self) -> list[tuple[Column, list[Figure]]]:
        """Column by column: a table of few columns lies down on a wide page."""
        return [
            (column, [row.cells[place] for row in self.rows])
            for place, column in enumerate(self.columns)
        ]

    def figure(self, name: str, row: Row | None = None) -> Figure:
        """The cell of the column `name`, in the total row unless told otherwise."""
        place = [column.name for column in self.columns].index(name)
        return (row or self.total).cells[place]

    def total_of(self, name: str) -> int:
        """The total of a column of counts."""
        return self.figure(name).count


def _group(column: Column) -> str:
    return column.group


def heat(value: int, most: int) -> int:
    """0 for nothing, else 1 … 5 in five equal steps up to the largest cell of the table."""
    return -(-5 * value // most) if value else 0
