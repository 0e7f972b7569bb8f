"""The report as an XLSX: a page of explanations, then a sheet a table, ready for A4."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import IO

import xlsxwriter
from django.utils import timezone
from xlsxwriter.utility import xl_range_abs

from reports.documents.workbook_styles import CHARTS, FONT, RULE, TITLE_FONT, Drawn, Styles
from reports.figures import Report
from reports.narrative.told import chapters_of, printed_tables
from reports.narrative.words import in_chinese
from reports.scope import Scope
from reports.tables import DASH, Kind, Row, Table

PAPER_A4 = 9
NARROWEST, WIDEST = 8, 40  # columns, in half-width characters
PAGE_WIDTH, MOST_STRETCH = 110, 1.5  # narrow tables are spread towards the width of the page
PRINTED_WIDTH = 770  # pixels across A4 lying at full size, as column widths are drawn
BREAK_BEFORE = {"T1": "代表层级"}  # a new page here, and the sheet keeps its size
CHART_ROWS = 16  # of one chart on the sheet of charts
TEXT_WIDTH = 110  # of the sheet of chapters
LINE = 16.5  # points, of one line of body text
HEAD_ROW = 2  # under the title and the line below it
_BARRED_IN_FILE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
_BARRED_IN_SHEET = re.compile(r"[\[\]:*?/\\]")


def file_name(scope: Scope) -> str:
    """年度报告-临溪区-2025, without the ending; other periods as they read."""
    period = scope.period
    days = str(period.first.year) if period.is_year else period.label
    return _BARRED_IN_FILE.sub("_", f"年度报告-{scope.place_name}-{days}")[:120]


def write_workbook(
    stream: IO[bytes], report: Report, *, maker: str, text: Mapping[str, str] | None = None
) -> None:
    """Write the whole report, with its chapters on a sheet where it has `text`; text stays text,
    whatever it starts with."""
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"title": report.scope.title, "author": maker})
        styles = Styles(book)
        _write_cover(book, styles, report, maker)
        charts: list = []
        if text:
            _write_text(book, styles, report, text)
        for table in printed_tables(report):
            sheet = _Sheet(book, styles, report, table)
            sheet.write()
            if table.id == "T3":
                drawn = sheet.chart(CHARTS["T3"])
                sheet.sheet.insert_chart(HEAD_ROW, len(table.columns) + 1, drawn)
            elif table.id in CHARTS and table.body:
                charts.append(sheet.chart(CHARTS[table.id]))
        if charts:
            _write_charts(book, styles, report, charts)


class _Sheet:
    """One table on one sheet: title, heading that repeats, rows, notes."""

    def __init__(self, book, styles: Styles, report: Report, table: Table):
        self.book, self.styles, self.report, self.table = book, styles, report, table
        self.sheet = book.add_worksheet(_sheet_name(table))
        # Title and notes stand above and below the first part of a table that has several.
        self.last_column = (table.breaks or [len(table.columns)])[0] - 1
        self.prose = _prose(table)
        self.widths = _widths(table)
        self.first_row = HEAD_ROW + (2 if table.grouped else 1)

    def write(self) -> None:
        self._write_title()
        self._write_heading()
        for offset, row in enumerate(self.table.rows):
            self._write_row(self.first_row + offset, row)
        self._write_notes(self.first_row + len(self.table.rows) + 1)
        for place, width in enumerate(self.widths):
            self.sheet.set_column(place, place, width)
        self.sheet.freeze_panes(self.first_row, 1)
        self.sheet.repeat_rows(HEAD_ROW, self.first_row - 1)
        _set_page(self.sheet, self.report)
        self._break_page()

    def _break_page(self) -> None:
        if self.table.breaks:
            self._print_in_parts()
        if self.table.id not in self.report.tables:
            self.sheet.fit_to_pages(1, 1)  # a year beside a year, at one glance
        names = [row.name.value for row in self.table.rows]
        if (name := BREAK_BEFORE.get(self.table.id)) in names:
            # Sheets that are fitted to the page take no breaks.
            self.sheet.set_print_scale(100)
            self.sheet.set_h_pagebreaks([self.first_row + names.index(name)])

    def _print_in_parts(self) -> None:
        """A table too wide for a page goes on with the next, the names in front of each part."""
        edges = [1, *self.table.breaks, len(self.widths)]
        parts = [[self.widths[0], *self.widths[a:b]] for a, b in pairwise(edges)]
        widest = max(sum(width * 7 + 5 for width in part) for part in parts)
        self.sheet.set_print_scale(int(min(100, PRINTED_WIDTH / widest * 100)))
        self.sheet.set_v_pagebreaks(self.table.breaks)
        self.sheet.repeat_columns(0)

    def _write_title(self) -> None:
        table, scope = self.table, self.report.scope
        size = {"font_name": TITLE_FONT, "font_size": 16, "align": "center"}
        period = f"（{scope.period.title}）" if table.id in self.report.tables else ""
        self._across(0, f"{table.label}{period}", self.styles(**size), 32)
        under = [scope.place_name, scope.period.label]
        if table.unit:
            under.append(f"单位：{table.unit}")
        self._across(1, "　　".join(under), self.styles(align="center"), 20)

    def _write_heading(self) -> None:
        head, top, place = self.styles.head(), HEAD_ROW, 0
        for heading in self.table.headings:
            end = place + len(heading.columns) - 1
            if heading.group:
                self._merge(top, place, top, end, heading.group, head)
            for column in heading.columns:
                if heading.group:
                    self.sheet.write_string(top + 1, place, column.heading, head)
                else:
                    self._merge(top, place, self.first_row - 1, place, column.heading, head)
                place += 1
        for row in range(top, self.first_row):
            self.sheet.set_row(row, self._head_height(row))

    def _head_height(self, row: int) -> float:
        if self.table.grouped and row == HEAD_ROW:
            return 20
        lines = max(
            -(-_width(column.heading) // (width - 1))
            for width, column in zip(self.widths, self.table.columns, strict=True)
        )
        return max(20, lines * 14 + 8)

    def _write_row(self, at: int, row: Row) -> None:
        self.sheet.set_row(at, self._height(row))
        for place, figure in enumerate(row.cells):
            style = self.styles.cell(
                figure, row, first=place == 0, indented=self.table.id == "T2",
                prose=place in self.prose, change=self.table.columns[place].is_change,
            )  # fmt: skip
            if figure.value is None or figure.value == "":
                self.sheet.write_string(at, place, DASH, style)
            elif isinstance(figure.value, str):
                self.sheet.write_string(at, place, figure.value, style)
            else:
                self.sheet.write_number(at, place, figure.value, style)

    def _height(self, row: Row) -> float:
        """One line, or as many as the longest words take in their column."""
        lines = max(
            -(-_width(figure.shown) // (width - 1)) if figure.is_text else 1
            for figure, width in zip(row.cells[1:], self.widths[1:], strict=True)
        )
        return 19 if lines <= 1 else lines * 15 + 6

    def _write_notes(self, at: int) -> None:
        style = self.styles(font_size=9, text_wrap=True, valign="top", font_color="#575049")
        room = max(sum(self.widths[: self.last_column + 1]), 40)
        # What goes on over several pages has its notes on the cover, where all of them stand.
        notes = ["怎样计数，见“说明”。"] if self.table.breaks else self.table.notes
        for number, note in enumerate(notes, start=1):
            text = note if self.table.breaks else f"{number}. {note}"
            lines = -(-_width(text) * 0.88 // room)
            self._across(at, text, style, lines * 13 + 4)
            at += 1

    def chart(self, wanted: Drawn):
        """One column of the table as a chart, or the totals of several."""
        name, table = self.sheet.get_name(), self.table
        last = self.first_row + len(table.body) - 1
        chart = self.book.add_chart({"type": "column"})
        if wanted.columns:  # the totals side by side
            places = [[one.name for one in table.columns].index(one) for one in wanted.columns]
            total = last + 1
            heads = self.first_row - 1, places[0], self.first_row - 1, places[-1]
            data = total, places[0], total, places[-1]
        else:
            place = [one.name for one in table.columns].index(wanted.column)
            heads, data = (self.first_row, 0, last, 0), (self.first_row, place, last, place)
        chart.add_series(
            {
                "name": wanted.title,
                "categories": f"='{name}'!{xl_range_abs(*heads)}",
                "values": f"='{name}'!{xl_range_abs(*data)}",
                "fill": {"color": "#A89E91"},
                "gap": 60,
                "data_labels": {"value": True, "font": {"name": FONT, "size": 9}},
            }
        )
        chart.set_title({"name": wanted.title, "name_font": {"name": TITLE_FONT, "size": 12}})
        chart.set_legend({"none": True})
        chart.set_y_axis({"visible": False, "major_gridlines": {"visible": False}})
        chart.set_x_axis({"num_font": {"name": FONT, "size": 9}})
        chart.set_size({"width": 640, "height": 340})
        return chart

    def _across(self, at: int, text: str, style, height: float) -> None:
        self._merge(at, 0, at, self.last_column, text, style)
        self.sheet.set_row(at, height)

    def _merge(self, top: int, left: int, bottom: int, right: int, text: str, style) -> None:
        if (top, left) == (bottom, right):
            self.sheet.write_string(top, left, text, style)
            return
        self.sheet.merge_range(top, left, bottom, right, "", style)
        self.sheet.write_string(top, left, text, style)


def _prose(table: Table) -> set[int]:
    """The columns that hold sentences."""
    return {
        place
        for place, column in enumerate(table.columns)
        if column.kind == Kind.TEXT
        and place
        and max(_width(row.cells[place].shown) for row in table.rows) > WIDEST
    }


def _widths(table: Table) -> list[float]:
    """Room for the longest value, and for half a heading, which may wrap."""
    if prose := _prose(table):
        rest = [0 if place in prose else _column_width(table, place)
                for place in range(len(table.columns))]  # fmt: skip
        room = max((PAGE_WIDTH * MOST_STRETCH - sum(rest)) / len(prose), WIDEST)
        return [width or min(room, 90) for width in rest]
    widths = [_column_width(table, place) for place in range(len(table.columns))]
    fills_page = table.id == "T3" or table.breaks
    stretch = 1 if fills_page else min(PAGE_WIDTH / sum(widths), MOST_STRETCH)
    return [width * max(stretch, 1) for width in widths]


def _column_width(table: Table, place: int) -> float:
    heading = _width(table.columns[place].heading)
    values = max(_width(row.cells[place].shown) for row in table.rows)
    wanted = max(values + 4, heading + 2 if heading <= 8 else heading / 2 + 3)
    return min(max(wanted, NARROWEST), WIDEST)


def _write_cover(book, styles: Styles, report: Report, maker: str) -> None:
    sheet = book.add_worksheet("说明")
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 100)
    sheet.hide_gridlines(2)
    size = {"font_name": TITLE_FONT, "font_size": 20, "align": "center"}
    sheet.merge_range(0, 0, 0, 1, "", styles(**size))
    sheet.write_string(0, 0, report.scope.title, styles(**size))
    sheet.set_row(0, 44)
    at = 2
    for title, lines in _cover_parts(report, maker):
        at = _write_part(sheet, styles, at, title, lines)
    _set_page(sheet, report)


def _write_text(book, styles: Styles, report: Report, text: Mapping[str, str]) -> None:
    """The chapters as they are read, a row a paragraph."""
    sheet = book.add_worksheet("正文")
    sheet.set_column(0, 0, TEXT_WIDTH)
    sheet.hide_gridlines(2)
    title = styles(font_name=TITLE_FONT, font_size=16, align="center")
    sheet.write_string(0, 0, f"{report.scope.place_name}{report.scope.title}", title)
    sheet.set_row(0, 36)
    head = styles(font_name=TITLE_FONT, font_size=12)
    body = styles(valign="top", text_wrap=True, font_size=11)
    at = 1
    for number, chapter in enumerate(chapters_of(text), start=1):
        at += 1
        sheet.write_string(at, 0, f"{in_chinese(number)}、{chapter.part.label}", head)
        sheet.set_row(at, 24)
        for line in chapter.lines:
            at += 1
            sheet.write_string(at, 0, f"　　{line}", body)
            sheet.set_row(at, -(-(_width(line) + 4) * 1.06 // TEXT_WIDTH) * 18 + 4)
    _set_page(sheet, report)


def _write_charts(book, styles: Styles, report: Report, charts: Sequence) -> None:
    """The charts of wide tables, one below the other on a sheet of their own."""
    sheet = book.add_worksheet("图")
    sheet.hide_gridlines(2)
    for number, chart in enumerate(charts):
        chart.set_size({"width": 960, "height": 290})
        sheet.insert_chart(number * CHART_ROWS, 0, chart)
    _set_page(sheet, report)


def _cover_parts(report: Report, maker: str) -> Sequence[tuple[str, list[tuple[str, str]]]]:
    scope, made = report.scope, timezone.localtime(report.made_at)
    days = scope.period
    about = [
        ("范围", f"{scope.place_name}，{report.station_count} 个站"),
        ("报告期", f"{days.first:%Y-%m-%d} 至 {days.last:%Y-%m-%d}（{days.label}）"),
        ("生成时间", f"{made.year}年{made.month}月{made.day}日 {made:%H:%M}"),
        ("生成人", maker),
    ]
    figures = [
        (line.label, f"{line.figure.shown} {line.unit}（{line.note}）")
        for line in [*report.headlines, *report.of_suggestions]
    ]
    checked = [
        (check.label, f"{'相符' if check.ok else '不符，请核对'}：{check.formula}")
        for check in report.checks
    ]
    notes = [
        (table.label if number == 0 else "", note)
        for table in printed_tables(report)
        for number, note in enumerate(table.notes)
    ]
    return [("基本情况", about), ("主要数字", figures), ("数字核对", checked), ("怎样计数", notes)]


def _write_part(sheet, styles: Styles, at: int, title: str, lines) -> int:
    """Write one part of the cover and return the row after it."""
    rule = {"bottom": 1, "bottom_color": RULE}
    head = styles(font_name=TITLE_FONT, font_size=12, **rule)
    sheet.write_string(at, 0, title, head)
    sheet.write_blank(at, 1, None, head)
    sheet.set_row(at, 26)
    name = styles(valign="top", text_wrap=True)
    text = styles(valign="top", text_wrap=True)
    for label, words in lines:
        at += 1
        sheet.write_string(at, 0, label, name)
        sheet.write_string(at, 1, words, text)
        sheet.set_row(at, max(-(-_width(words) // 96), -(-_width(label) // 27)) * LINE + 3)
    return at + 2


def _set_page(sheet, report: Report) -> None:
    made = timezone.localtime(report.made_at)
    place = report.scope.place_name.replace("&", "&&")[:60]
    sheet.set_landscape()
    sheet.set_paper(PAPER_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.center_horizontally()
    sheet.set_footer(
        f"&L{place}　{report.scope.period.label}&C第 &P 页，共 &N 页&R生成于 {made:%Y-%m-%d %H:%M}"
    )


def _sheet_name(table: Table) -> str:
    name = table.label if table.id.startswith("T") else table.label.partition("（")[0]
    return _BARRED_IN_SHEET.sub("", name)[:31]


def _width(text: str) -> int:
    """In half-width characters: Chinese ones count two."""
    return sum(2 if ord(letter) > 0x2E7F or letter in "“”—…" else 1 for letter in text)
