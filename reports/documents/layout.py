"""How wide and how high the tables of the Word document are, so that none is torn needlessly.

Word lays out by itself; what is measured here only decides where a table begins a new page.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from docx.shared import Length, Pt

from reports.tables import Row, Table

WIDE, ROOM = 237.0, 162.0  # millimetres of text across and down A4 lying down
SMALL, TIGHT = Pt(9), Pt(8)
MANY_COLUMNS, MANY_ROWS = 12, 24
LETTER = 0.53  # of the size: half a Chinese one, and some air
HEADING = 11.0  # a title with the space above it
PADDING = 5.4  # of a cell, left and right together
NARROWEST, PROSE = 10.0, 36  # PROSE half-width characters: longer texts take what is left
LEAST_WHOLE = 130.0  # narrow tables are spread


def size_of(table: Table) -> Length:
    """Small print, and smaller where there is much of it."""
    many = len(table.columns) > MANY_COLUMNS or len(table.rows) > MANY_ROWS
    return TIGHT if many or sum(_natural(table, SMALL)) > WIDE else SMALL


def width_of(text: str) -> int:
    """In half-width characters: Chinese ones count two."""
    return sum(2 if ord(letter) > 0x2E7F or letter in "“”—…" else 1 for letter in text)


def widths_of(table: Table) -> list[float]:
    """Room for the longest value and half the heading of each column; prose takes the rest."""
    natural = _natural(table, size_of(table))
    prose = [_need(table, place) > PROSE for place in range(len(table.columns))]
    spare = WIDE - sum(natural)
    if any(prose) and spare > 0:
        return [width + (spare / sum(prose) if long else 0)
                for width, long in zip(natural, prose, strict=True)]  # fmt: skip
    whole = min(WIDE, max(sum(natural) * 1.35, LEAST_WHOLE))
    return [width * whole / sum(natural) for width in natural]


def _natural(table: Table, size: Length) -> list[float]:
    """Each column as wide as its longest value asks for; prose is given no more than a start."""
    letter = size.mm * LETTER
    needs = [min(_need(table, place), PROSE) for place in range(len(table.columns))]
    return [max(need * letter + PADDING, NARROWEST) for need in needs]


def _need(table: Table, place: int) -> int:
    values = max(width_of(row.cells[place].shown) for row in table.rows)
    heading = width_of(table.columns[place].heading)
    return max(values, heading if heading <= 8 else ceil(heading / 4) * 2 + 1)


def heights_of(table: Table, widths: Sequence[float]) -> list[float]:
    """Of the heading rows, then of each row."""
    names = [column.heading for column in table.columns]
    heads = [_height(names, table, widths)]
    if table.grouped:
        heads.insert(0, _height([""], table, widths[:1]))
    return [*heads, *(height_of(row, table, widths) for row in table.rows)]


def height_of(row: Row, table: Table, widths: Sequence[float]) -> float:
    return _height([cell.shown for cell in row.cells], table, widths)


def _height(texts: Sequence[str], table: Table, widths: Sequence[float]) -> float:
    """As many lines as the longest text takes in its column."""
    letter = size_of(table).mm * LETTER
    lines = max(
        ceil(width_of(text) * letter / (width - PADDING + 0.3)) or 1
        for text, width in zip(texts, widths, strict=True)
    )
    return lines * size_of(table).mm * 1.3 + 0.9


class Room:
    """How much of the page is left; a table that does not fit begins the next one."""

    def __init__(self) -> None:
        self._left = ROOM - HEADING  # under the word 附件

    def begins_page(self, height: float, least: float = 0.0) -> bool:
        """Whether a block of this height begins a page. One that is longer than any page begins
        where `least` of it finds room, and goes on overleaf."""
        fits = height <= self._left or (height > ROOM and (least or height) <= self._left)
        if not fits:
            self._left = ROOM
        self._left -= height
        while self._left < 0:
            self._left += ROOM
        return not fits
