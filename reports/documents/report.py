"""The report as a Word document in official form: the text, then its tables lying on A4."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import IO

from docx.document import Document as Paper
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table as Ruled
from docx.table import _Cell, _Row

from common import word
from reports.choices import Part
from reports.documents.layout import (
    HEADING,
    Room,
    height_of,
    heights_of,
    size_of,
    widths_of,
)  # fmt: skip
from reports.figures import Report
from reports.narrative.told import CASE_TEXT, CASES, WORDS, chapters_of, heading_of, printed_tables
from reports.narrative.words import in_chinese
from reports.tables import Kind, Row, RowKind, Table

SECOND_LEVEL = "楷体_GB2312"  # （一）
NOTE, NOTE_LINE = Pt(9), Pt(14)
LAST_ROWS = 4  # of a table, which stay on one page


def write_document(
    target: IO[bytes],
    report: Report,
    text: Mapping[str, str],
    *,
    organ: str,
    signed_on: date,
    draft: bool = False,
) -> None:
    """Write text and tables of a report; `organ` signs it."""
    title = f"{report.scope.place_name}{report.scope.title}"
    paper = word.new_paper(title)
    _keep_numbers_whole(paper)
    word.STAND_INS.setdefault(SECOND_LEVEL, "楷体")
    word.add_title(paper, title + ("（草稿）" if draft else ""))
    for number, chapter in enumerate(chapters_of(text), start=1):
        _add_chapter(paper, f"{in_chinese(number)}、{chapter.part.label}", chapter.lines)
    word.add_signature(paper, organ, signed_on)
    word.add_page_numbers(paper)
    _lie_down(paper)
    room = Room()
    for table in printed_tables(report):
        if table.id != WORDS:  # the text itself
            _add(paper, table, room)
    _add_notes(paper, report)
    paper.save(target)


def _keep_numbers_whole(paper: Paper) -> None:
    """Digits that are said to be Chinese may be torn at the end of a line, as its letters are."""
    for language in paper.styles["Normal"].element.rPr.findall(qn("w:lang")):
        language.set(qn("w:val"), "en-US")


def _add_chapter(paper: Paper, title: str, lines: Sequence[str]) -> None:
    word.add_line(paper, title, font=word.HEAVY).paragraph_format.keep_with_next = True
    for line in lines:
        head, words = heading_of(line)
        paragraph = word.add_line(paper, "")
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        if head:
            word.add_run(paragraph, head, font=SECOND_LEVEL)
        word.add_run(paragraph, words)


def _lie_down(paper: Paper) -> None:
    section = paper.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin, section.bottom_margin = Mm(25), Mm(20)
    section.left_margin = section.right_margin = Mm(30)
    word.add_line(
        paper, "附件", indent=False, font=word.HEAVY
    ).paragraph_format.keep_with_next = True


def _add(paper: Paper, table: Table, room: Room) -> None:
    """The table in parts that fit the page, each under its title and, where it can, on one page."""
    if table.id == CASES:
        table = _without_text(table)
    if not table.body:
        _add_title(paper, table, "　本期没有", room.begins_page(HEADING))
        return
    parts = table.parts
    for number, part in enumerate(parts, start=1):
        more = f"（{number}／{len(parts)}）" if len(parts) > 1 else ""
        unit = f"　单位：{table.unit}" if table.unit else ""
        widths = widths_of(part)
        heights = heights_of(part, widths)
        begins = room.begins_page(HEADING + sum(heights), least=HEADING + sum(heights[:6]))
        _add_title(paper, table, f"{more}{unit}", begins)
        _fill(paper, part, widths, heights)


def _without_text(table: Table) -> Table:
    """T17 without what the chapter of cases tells in full."""
    kept = [place for place, one in enumerate(table.columns) if one.name != CASE_TEXT]
    rows = [Row([row.cells[place] for place in kept], row.kind) for row in table.rows]
    columns = [table.columns[place] for place in kept]
    title = f"{table.title}（案例见正文“{Part.CASES.label}”）"
    return replace(table, title=title, columns=columns, rows=rows)


def _add_title(paper: Paper, table: Table, more: str, begins_page: bool) -> None:
    words = f"{table.label.replace(' ', '　', 1)}{more}"
    line = word.add_line(paper, words, indent=False, size=word.SMALL, font=word.HEAVY)
    line.paragraph_format.line_spacing = Pt(20)
    line.paragraph_format.space_before = Pt(0 if begins_page else 10)
    line.paragraph_format.keep_with_next = True
    line.paragraph_format.page_break_before = begins_page


def _fill(paper: Paper, table: Table, widths: Sequence[float], heights: Sequence[float]) -> None:
    size = size_of(table)
    heads = 2 if table.grouped else 1
    ruled = word.ruled_table(paper, rows=heads, widths=widths)
    _fill_heads(ruled, table, heads, size)
    for row, height in zip(ruled.rows, heights, strict=False):
        _set_height(row, height)
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for line in table.rows:
        row = ruled.add_row()
        _set_height(row, height_of(line, table, widths))
        _fill_row(row, line, table, widths, size)
    _keep_together(ruled.rows[heads:][-LAST_ROWS:])
    if table.id == "T1":
        _join_equal(ruled, table, size)


def _fill_heads(ruled: Ruled, table: Table, heads: int, size) -> None:
    place = 0
    for heading in table.headings:
        last = place + len(heading.columns) - 1
        if heading.group:
            _write(ruled.cell(0, place).merge(ruled.cell(0, last)), heading.group, size, head=True)
        for column in heading.columns:
            cell = ruled.cell(heads - 1, place)
            if heads == 2 and not heading.group:
                cell = ruled.cell(0, place).merge(cell)
            _write(cell, column.heading, size, head=True)
            place += 1


def _keep_together(rows: Sequence[_Row]) -> None:
    """The sum never stands alone overleaf."""
    for row in rows[:-1]:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def _set_height(row: _Row, height: float) -> None:
    row.height, row.height_rule = Mm(height), WD_ROW_HEIGHT_RULE.AT_LEAST


def _fill_row(row: _Row, line: Row, table: Table, widths: Sequence[float], size) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    cells = zip(row.cells, line.cells, table.columns, widths, strict=True)
    is_headed = line.kind != RowKind.PLAIN
    for place, (cell, figure, column, width) in enumerate(cells):
        cell.width = Mm(width)
        left = column.kind == Kind.TEXT and (place == 0 or table.id in (CASES, "T12", "T1"))
        shown = figure.signed if column.is_change else figure.shown
        _write(cell, shown, size, head=is_headed, left=left)


def _join_equal(ruled: Ruled, table: Table, size) -> None:
    """One cell for each 分类 of T1, in place of its word on every row."""
    first = 0
    names = [row.name.shown for row in table.rows]
    for place in range(1, len(names) + 1):
        if place == len(names) or names[place] != names[first]:
            cell = ruled.cell(first + 1, 0).merge(ruled.cell(place, 0))
            _write(cell, names[first], size)
            first = place


def _write(cell: _Cell, text: str, size, *, head: bool = False, left: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    for extra in cell.paragraphs[1:]:
        extra._p.getparent().remove(extra._p)
    for run in paragraph.runs:
        run._r.getparent().remove(run._r)
    cell.vertical_alignment = 1
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT if left else WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(0)
    word.add_run(paragraph, text, font=word.HEAVY if head else word.BODY, size=size)


def _add_notes(paper: Paper, report: Report) -> None:
    """How the figures are counted: a paragraph a table."""
    line = word.add_line(paper, "怎样计数", indent=False, size=word.SMALL, font=word.HEAVY)
    line.paragraph_format.page_break_before = True
    for table in printed_tables(report):
        noted = word.add_line(paper, "", indent=False, size=NOTE)
        word.add_run(noted, f"{table.label}　", font=word.HEAVY, size=NOTE)
        numbered = table.notes if len(table.notes) < 2 else [
            f"（{at}）{note}" for at, note in enumerate(table.notes, start=1)
        ]  # fmt: skip
        word.add_run(noted, "".join(numbered), size=NOTE)
        noted.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        noted.paragraph_format.line_spacing = NOTE_LINE
        noted.paragraph_format.space_after = Pt(3)
