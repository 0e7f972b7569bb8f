"""Writes registers as offices print them: A4, titled, bordered, in constant memory.

Lines are taken one group at a time and forgotten. A group is what one entry of the register
fills, one line or several; the cells of its `shared` columns are one cell, merged downwards.
"""

import math
import re
import tempfile
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any, Literal

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

Value = str | int | float | Decimal | date | None
Line = Sequence[Value]
Align = Literal["center", "left"]

LONGEST_TEXT = 32_767  # of one cell, in UTF-16 units: what every spreadsheet program takes
LAST_ROW = 1_048_576
CUT_MARK = "……（文字太长，此处截断）"

_FONT = "宋体"
# Column widths are counted in digits of this font: one that every system has, or its like.
_DEFAULT_FONT = {"font_name": "Arial", "font_size": 10}
_TEXT_POINTS = 9
_LINE_POINTS = 13  # height of one line of that font, with its fallbacks
_WIDE, _NARROW = 3.2, 1.8  # mm that a Chinese and any other character takes
_ROW_MARGIN = 6
_MOST_BREAKS = 1000  # Excel refuses a sheet with more than 1,026
_HIGHEST_ROW = 409  # points: what every spreadsheet program takes
_HEADER_ROWS = 3  # title, station and year, column headers
_TOP_HEIGHTS = (45, 29, 42)  # of those rows, in pixels
_SIDES, _TOP_AND_BOTTOM = 0.8, 1.1  # margins of the page, inches, two at a time
_DATE = "yyyy-m-d"
_ORDINAL_OF_ZERO = date(1899, 12, 30).toordinal()

_NOT_IN_XML = re.compile(r"[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
# What cannot stand as it is: markup, characters XML has no place for, and _x0041_, which
# spreadsheet programs take for an escaped character.
_DELICATE = re.compile(
    r"[&<>\r]|_x[0-9A-Fa-f]{4}_|[^\t\n\u0020-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]"
)
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True)
class Column:
    """One printed column; `width` is in millimetres, scaled so that all fill the page."""

    header: str
    width: float
    align: Align = "center"
    shared: bool = False  # one cell for the whole group
    hidden: bool = False  # not shown and not printed; stands right of all others


@dataclass(frozen=True)
class Written:
    """What went out: lines of the table, texts that did not fit a cell, rows that print cut."""

    lines: int
    cut: int
    overfull: int


class TooManyLines(Exception):
    """The table is longer than a worksheet can be; nothing usable was written."""


def write_register(
    target: IO[bytes] | str,
    *,
    title: str,
    subtitle: str,
    columns: Sequence[Column],
    groups: Iterable[Sequence[Line]],
    notes: Callable[[], Iterable[str]] = tuple,
    page_note: str = "",
    author: str = "",
) -> Written:
    """Write one register to `target`, a path or an open file.

    `notes` is asked for the remarks below the table after the last line was written;
    `page_note` stands at the foot of every page. Text is never taken for a formula, a link or a
    number. A text longer than a cell can hold is cut where the reader sees it, and the remarks
    say how many were. Raises TooManyLines beyond what a worksheet holds.
    """
    title, subtitle = cell_text(title), cell_text(subtitle)
    with tempfile.TemporaryDirectory(prefix="register-", ignore_cleanup_errors=True) as folder:
        options = {"constant_memory": True, "tmpdir": folder, "strings_to_formulas": False,
                   "strings_to_urls": False, "strings_to_numbers": False,
                   "default_format_properties": {**_DEFAULT_FONT}}  # fmt: skip
        workbook = Workbook(target, options)
        workbook.set_properties({"title": title, "subject": subtitle, "author": author})
        sheet = workbook.add_worksheet(sheet_name(title), worksheet_class=_RegisterSheet)
        _write_top(workbook, sheet, title, subtitle, columns)
        sheet.begin(columns, [_cell_formats(workbook, column) for column in columns])
        for group in groups:
            sheet.add(group)
        written = Written(sheet.lines, sheet.cut, sheet.overfull)
        _write_notes(workbook, sheet, columns, [*notes(), *_warnings(written)])
        _set_up_page(sheet, columns, page_note)
        workbook.close()
    return written


def sheet_name(title: str) -> str:
    """Return what of `title` can name a sheet."""
    return re.sub(r"[\[\]:*?/\\']", "", title)[:31] or "Sheet1"


def cell_text(text: str) -> str:
    """Return `text` as a cell takes it: without characters XML forbids, cut if it is too long."""
    text = _NOT_IN_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if _units(text) <= LONGEST_TEXT:
        return text
    room = LONGEST_TEXT - len(CUT_MARK)
    kept = text.encode("utf-16-le")[: 2 * room].decode("utf-16-le", "ignore")
    return kept + CUT_MARK


class _RegisterSheet(Worksheet):
    """A worksheet whose lines are written as XML in one go.

    XlsxWriter takes 7 µs a cell, 14 s for a register of 100,000 lines; put together here a line
    costs a tenth of that (benchmarks/export.py). It also keeps every merged cell in memory and
    cannot merge downwards while it streams; here a merged group is two numbers. This leans on
    three inner parts of XlsxWriter: `fh` is the file of rows in constant memory,
    `_write_single_row` finishes the row before, `_write_merge_cells` lists what is merged.
    """

    def begin(self, columns: Sequence[Column], formats: Sequence[tuple[Format, Format]]) -> None:
        """Make ready for lines below the header."""
        self.lines = 0
        self.cut = 0
        self.overfull = 0
        self._own = _Rooms(columns, shared=False)
        self._common = _Rooms(columns, shared=True)
        self._page_room = _page_room(columns)
        self._page_filled = 0.0
        self._breaks: list[int] = []
        self._shared = [index for index, column in enumerate(columns) if column.shared]
        self._merged_groups = array("I")  # first and last row (1-based) of each
        self._row = _HEADER_ROWS
        self._moulds = [
            (
                f'<c r="{xl_col_to_name(index)}',
                f'" s="{plain._get_xf_index()}',
                f'" s="{dated._get_xf_index()}',
            )
            for index, (plain, dated) in enumerate(formats)
        ]
        self._write_single_row(self._row)

    def add(self, group: Sequence[Line]) -> None:
        """Write the lines of one entry below the last one."""
        if self._row + len(group) >= LAST_ROW - 100:  # room for the notes
            raise TooManyLines
        if len(group) > 1:
            self._merged_groups.extend((self._row + 1, self._row + len(group)))
        heights = self._heights(group)
        self._turn_page(sum(heights))
        for line, height in zip(group, heights, strict=True):
            self._row += 1
            self.fh.write(f'<row r="{self._row}" ht="{height:g}">{self._cells(line)}</row>')
        self.lines += len(group)

    def end(self) -> int:
        """Return the row (0-based) below the last line, where XlsxWriter writes on."""
        self._check_dimensions(self._row - 1, len(self._moulds) - 1)
        self.previous_row = self._row
        self.set_h_pagebreaks(self._breaks)
        return self._row

    def _heights(self, group: Sequence[Line]) -> list[float]:
        """The heights of the rows of one entry in points, guessed rather too high.

        Not every program fits rows on opening, and none fits them to merged cells.
        """
        if len(group) == 1:
            lines = [max(self._own.lines(group[0]), self._common.lines(group[0]))]
        else:
            lines = [self._own.lines(line) for line in group]
            lines[-1] += max(self._common.lines(group[0]) - sum(lines), 0)
        heights = [_ROW_MARGIN + _LINE_POINTS * number for number in lines]
        self.overfull += sum(height > _HIGHEST_ROW for height in heights)
        return [min(height, _HIGHEST_ROW) for height in heights]

    def _turn_page(self, height: float) -> None:
        """End the page where an entry would run over its foot: merged cells print torn there."""
        if self._page_filled and self._page_filled + height > self._page_room:
            self._page_filled = 0.0
            if len(self._breaks) < _MOST_BREAKS:
                self._breaks.append(self._row)
        self._page_filled += height

    def _cells(self, line: Line) -> str:
        row = self._row
        parts = []
        for (start, plain, dated), value in zip(self._moulds, line, strict=True):
            if value is None or value == "":
                parts.append(f'{start}{row}{plain}"/>')
            elif isinstance(value, str):
                text = value
                if len(text) > LONGEST_TEXT // 2 or _DELICATE.search(text):
                    text = self._made_safe(text)
                parts.append(
                    f'{start}{row}{plain}" t="inlineStr"><is><t xml:space="preserve">{text}'
                    "</t></is></c>"
                )
            elif isinstance(value, date):
                parts.append(f'{start}{row}{dated}"><v>{_serial(value)}</v></c>')
            else:
                parts.append(f'{start}{row}{plain}"><v>{value}</v></c>')
        return "".join(parts)

    def _made_safe(self, text: str) -> str:
        fitting = cell_text(text)
        self.cut += fitting.endswith(CUT_MARK) and not text.endswith(CUT_MARK)
        fitting = _LOOKS_ESCAPED.sub("_x005F_", fitting)
        return fitting.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    def _write_merge_cells(self) -> None:
        letters = [xl_col_to_name(index) for index in self._shared]
        count = len(self.merge) + len(self._merged_groups) // 2 * len(letters)
        if not count:
            return
        self._xml_start_tag("mergeCells", [("count", count)])
        for merged in self.merge:
            self._write_merge_cell(merged)
        ends = iter(self._merged_groups)
        for top, bottom in zip(ends, ends, strict=True):
            for letter in letters:
                self.fh.write(f'<mergeCell ref="{letter}{top}:{letter}{bottom}"/>')
        self._xml_end_tag("mergeCells")


def _write_top(
    workbook: Workbook,
    sheet: Worksheet,
    title: str,
    subtitle: str,
    columns: Sequence[Column],
) -> None:
    heading = workbook.add_format(
        {"font_name": _FONT, "font_size": 20, "bold": True, "align": "center", "valign": "vcenter"}
    )
    below = workbook.add_format({"font_name": _FONT, "font_size": 11, "valign": "vcenter"})
    header = workbook.add_format({**_grid("center"), "bold": True, "bg_color": "#F2F2F2"})
    last = _last_shown(columns)
    for index, column in enumerate(columns):
        pixels = round(column.width / 25.4 * 96)
        sheet.set_column_pixels(index, index, pixels, None, {"hidden": column.hidden})
    sheet.set_row_pixels(0, _TOP_HEIGHTS[0])
    sheet.merge_range(0, 0, 0, last, title, heading)
    sheet.set_row_pixels(1, _TOP_HEIGHTS[1])
    sheet.merge_range(1, 0, 1, last, subtitle, below)
    sheet.set_row_pixels(2, _TOP_HEIGHTS[2])
    for index, column in enumerate(columns):
        sheet.write_string(2, index, column.header, header)


def _grid(align: Align) -> dict[str, Any]:
    return {"font_name": _FONT, "font_size": _TEXT_POINTS, "border": 1, "text_wrap": True,
            "align": align, "valign": "vcenter"}  # fmt: skip


def _cell_formats(workbook: Workbook, column: Column) -> tuple[Format, Format]:
    """The formats of a column's texts and numbers, and of its dates."""
    grid = _grid(column.align)
    return workbook.add_format(grid), workbook.add_format({**grid, "num_format": _DATE})


def _write_notes(
    workbook: Workbook, sheet: _RegisterSheet, columns: Sequence[Column], notes: Sequence[str]
) -> None:
    """One merged row a note; 说明： tells a reader of the file that it is no entry."""
    style = {"font_name": _FONT, "font_size": _TEXT_POINTS, "valign": "top", "text_wrap": True}
    remark = workbook.add_format(style)
    row, last = sheet.end(), _last_shown(columns)
    room = _Room(sum(column.width for column in columns if not column.hidden))
    for number, note in enumerate(notes):
        text = cell_text(f"说明：{note}")
        sheet.set_row(row + number, 4 + _LINE_POINTS * room.lines(text))
        sheet.merge_range(row + number, 0, row + number, last, text, remark)


def _warnings(written: Written) -> Iterator[str]:
    if written.cut:
        yield (
            f"有 {written.cut} 处文字超过表格软件一格的上限（{LONGEST_TEXT:,} 字），已截断，"
            "全文在系统里。"
        )
    if written.overfull:
        yield (
            f"有 {written.overfull} 行文字很长，超过表格软件一行的最大高度，打印时显示不全，"
            "单元格里是全文。"
        )


def _set_up_page(sheet: _RegisterSheet, columns: Sequence[Column], page_note: str) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(_SIDES / 2, _SIDES / 2, top=0.5, bottom=_TOP_AND_BOTTOM - 0.5)
    sheet.center_horizontally()
    sheet.repeat_rows(0, _HEADER_ROWS - 1)
    sheet.freeze_panes(_HEADER_ROWS, 0)
    sheet.print_area(0, 0, max(sheet.dim_rowmax, _HEADER_ROWS - 1), _last_shown(columns))
    note = cell_text(page_note)[:90].replace("&", "&&")
    sheet.set_footer(f"&L&9 {note}&R&9 第 &P 页，共 &N 页")


def _last_shown(columns: Sequence[Column]) -> int:
    return max(index for index, column in enumerate(columns) if not column.hidden)


def _serial(day: date) -> float:
    """Return the number by which a spreadsheet knows a day (and an hour)."""
    days = day.toordinal() - _ORDINAL_OF_ZERO
    if isinstance(day, datetime):
        return days + (day.hour * 3600 + day.minute * 60 + day.second) / 86400
    return days


def _units(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


def _page_room(columns: Sequence[Column]) -> float:
    """How many points of lines a page takes, below the rows that are repeated on it."""
    width = sum(column.width for column in columns if not column.hidden)
    scale = min((297 - _SIDES * 25.4) / width, 1)
    height = (210 - _TOP_AND_BOTTOM * 25.4) / 25.4 * 72
    return 0.98 * height / scale - sum(_TOP_HEIGHTS) * 0.75


class _Room:
    """How many lines a text takes in so many millimetres: a guess, rather too high."""

    def __init__(self, width: float) -> None:
        self._width = max(width - 1.3, _WIDE)
        self.surely_fits = int(self._width / _WIDE + 0.01)  # characters in one line
        # A line ends with a whole character, and often one early for a mark that begins none.
        few = self.surely_fits < 8
        self._used = self.surely_fits * _WIDE if few else self._width - _WIDE / 2

    def lines(self, text: str) -> int:
        return sum(self._of_paragraph(paragraph) for paragraph in text.split("\n"))

    def _of_paragraph(self, text: str) -> int:
        wide = (len(text.encode("utf-8", "replace")) - len(text)) // 2
        length = wide * _WIDE + (len(text) - wide) * _NARROW
        return max(math.ceil(length / self._used - 0.01), 1)


class _Rooms:
    """The rooms of those columns of a line that are shared, or of those that are not."""

    def __init__(self, columns: Sequence[Column], *, shared: bool) -> None:
        rooms = [(index, _Room(column.width)) for index, column in enumerate(columns)]
        self._rooms = [
            (index, room.surely_fits, room.lines)
            for index, room in rooms
            if columns[index].shared == shared and not columns[index].hidden
        ]

    def lines(self, line: Line) -> int:
        """How many lines of text the tallest of the cells has."""
        most = 1
        for index, surely_fits, lines in self._rooms:
            value = line[index]
            if isinstance(value, str) and (len(value) > surely_fits or "\n" in value):
                most = max(most, lines(value))
        return most
