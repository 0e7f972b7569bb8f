"""Word documents set as GB/T 9704 wants: 小标宋 over 仿宋, 3号 text on A4; no domain noun.

Begin with `new_paper`, add from top to bottom, then `paper.save(target)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from docx import Document
from docx.document import Document as Paper
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from common.sheets.cells import chinese_date

TITLE, BODY, HEAVY, DIGITS = "方正小标宋简体", "仿宋_GB2312", "黑体", "宋体"
# What a computer without the prescribed fonts takes instead.
STAND_INS = {TITLE: "宋体", BODY: "仿宋"}
SECOND, THIRD, FOURTH, SMALL = Pt(22), Pt(16), Pt(14), Pt(12)  # 2号, 3号, 4号, 小4
LINE, ROW = Pt(28), Mm(9)
TEXT_WIDTH = Mm(156)
RED = RGBColor(0xFF, 0, 0)
FORM_WIDTHS = (27, 51, 27, 51)
_NOT_IN_XML = re.compile(r"[^\t\n\u0020-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
_LARGEST_HEAD = Pt(48)


def new_paper(title: str) -> Paper:
    """An empty A4 page with the prescribed margins; `title` is what file managers show."""
    paper = Document()
    paper.core_properties.title = title
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(32)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    normal: Any = paper.styles["Normal"]
    normal.font.size = THIRD
    normal.font.name = BODY
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), BODY)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "zh-CN")
    language.set(qn("w:eastAsia"), "zh-CN")
    normal.element.rPr.append(language)
    _name_stand_ins(paper)
    return paper


def make_room(paper: Paper) -> None:
    """Narrower margins above and below, for a form that is to stay on one page."""
    section = paper.sections[0]
    section.top_margin, section.bottom_margin = Mm(20), Mm(18)


def _name_stand_ins(paper: Paper) -> None:
    part = paper.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    fonts = "".join(
        f'<w:font w:name="{font}"><w:altName w:val="{other}"/></w:font>'
        for font, other in STAND_INS.items()
    )
    part._blob = part.blob.replace(b"</w:fonts>", fonts.encode() + b"</w:fonts>")


def add_letterhead(paper: Paper, organ: str, number: str = "", *, corner: str = "") -> None:
    """版头: who sends it in red, 发文字号, and the red rule over the whole width.

    `corner` stands at the top right, above all else (a class letter, 特急).
    """
    if corner:
        add_right_line(paper, corner, font=HEAVY)
    head = paper.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    head.paragraph_format.space_before = Pt(12)
    head.paragraph_format.space_after = LINE if number else Pt(0)
    name = add_run(head, organ, font=TITLE, size=_head_size(organ))
    name.font.color.rgb = RED
    ruled = add_line(paper, number, indent=False)
    ruled.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _rule_below(ruled)
    add_line(paper, "", indent=False)


def _head_size(organ: str) -> Length:
    """As large as it can be on one line; a name too long for that takes two."""
    one_line = TEXT_WIDTH.pt // max(len(organ), 1)
    return Pt(max(SECOND.pt, min(_LARGEST_HEAD.pt, one_line)))


def _rule_below(paragraph: Paragraph) -> None:
    _rule(paragraph, "bottom", width=18, space=11, colour=str(RED))


def _rule(
    paragraph: Paragraph, *sides: str, kind: str = "single", width: int, space: int = 1,
    colour: str = "auto",
) -> None:  # fmt: skip
    """Rules over the width of the paragraph; `width` in eighths of a point."""
    borders = OxmlElement("w:pBdr")
    for side in sides:
        rule = OxmlElement(f"w:{side}")
        look = {"val": kind, "sz": str(width), "space": str(space), "color": colour}
        for name, value in look.items():
            rule.set(qn(f"w:{name}"), value)
        borders.append(rule)
    # The schema has an order: borders come before these.
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def add_title(paper: Paper, text: str) -> Paragraph:
    paragraph = paper.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(18)
    add_run(paragraph, text, font=TITLE, size=SECOND)
    return paragraph


def add_line(
    paper: Paper, text: str, *, indent: bool = True, size: Length = THIRD, font: str = BODY
) -> Paragraph:
    """A paragraph of the body; `indent` leaves two characters free at its beginning."""
    paragraph = paper.add_paragraph()
    layout = paragraph.paragraph_format
    layout.space_after = Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    if indent:
        layout.first_line_indent = Length(2 * size)
    if text:
        add_run(paragraph, text, size=size, font=font)
    return paragraph


def add_right_line(
    paper: Paper, text: str, *, free: int = 0, size: Length = THIRD, font: str = BODY
) -> Paragraph:
    """A line at the right edge, with `free` characters between the two."""
    paragraph = add_line(paper, text, indent=False, size=size, font=font)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if free:
        paragraph.paragraph_format.right_indent = Length(free * size)
    return paragraph


def add_signature(paper: Paper, organ: str, signed_on: date) -> None:
    """落款: a blank line, who signs and the day, four characters from the right edge; the three
    stay on one page."""
    blank = add_line(paper, "", indent=False)
    name = add_right_line(paper, organ, free=4)
    add_right_line(paper, chinese_date(signed_on), free=4)
    for line in (blank, name):
        line.paragraph_format.keep_with_next = True


def add_copies(paper: Paper, text: str) -> Paragraph:
    """版记: who else gets it, between two rules, one character from each edge."""
    paragraph = add_line(paper, text, indent=False, size=FOURTH)
    layout = paragraph.paragraph_format
    layout.left_indent = layout.right_indent = FOURTH
    layout.space_before = LINE
    _rule(paragraph, "top", "bottom", width=8)
    return paragraph


def add_tear_line(paper: Paper) -> Paragraph:
    """A dashed line: what is below it is torn off and sent back."""
    paragraph = add_line(paper, "", indent=False, size=SMALL)
    _rule(paragraph, "bottom", kind="dashed", width=8)
    layout = paragraph.paragraph_format
    layout.line_spacing, layout.keep_with_next = Pt(12), True
    return paragraph


def add_run(paragraph: Paragraph, text: str, *, font: str = BODY, size: Length = THIRD) -> Run:
    """Text in one font for Chinese and Latin; what XML cannot hold is left out."""
    run = paragraph.add_run(_NOT_IN_XML.sub("", text))
    run.font.name, run.font.size = font, size
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    return run


def add_table(
    paper: Paper,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    widths: Sequence[float],
    *,
    high: Length = ROW,
    size: Length = SMALL,
    left: Sequence[int] = (),
    splits: bool = False,
) -> Table:
    """A ruled table whose heading comes again on each page; `widths` in millimetres.

    The columns in `left` begin at their left edge, all others are centred. `splits` lets a row run
    over to the next page: where rows are tall and the table begins low on its page, LibreOffice
    otherwise drops the rows it finds no room for.
    """
    table = ruled_table(paper, rows=1, widths=widths)
    table.rows[0].height = ROW
    _fill(table.rows[0], columns, widths, size=size, font=HEAVY)
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for line in rows:
        row = table.add_row()
        if not splits:
            _keep_whole(row)
        row.height = high
        _fill(row, line, widths, size=size, font=BODY, left=left)
    return table


def ruled_table(paper: Paper, *, rows: int, widths: Sequence[float]) -> Table:
    """An empty ruled table of the given widths, in millimetres."""
    table = paper.add_table(rows=rows, cols=len(widths), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    return table


def _keep_whole(row: _Row) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _fill(
    row: _Row, texts: Sequence[str], widths: Sequence[float], *, size: Length, font: str,
    left: Sequence[int] = (),
) -> None:  # fmt: skip
    lines = zip(row.cells, texts, widths, strict=True)
    for at, (cell, text, width) in enumerate(lines):
        cell.width = Mm(width)
        _write(cell, text, size=size, font=font, centred=at not in left)


def _write(
    cell: _Cell, text: str, *, size: Length, font: str, centred: bool = True, top: bool = False
) -> None:
    place = WD_CELL_VERTICAL_ALIGNMENT.TOP if top else WD_CELL_VERTICAL_ALIGNMENT.CENTER
    cell.vertical_alignment = place
    paragraph = cell.paragraphs[0]
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(0)
    add_run(paragraph, text, font=font, size=size)


@dataclass(frozen=True)
class Field:
    """A box of a form: its label and what is written in it.

    Two boxes share a line; a `wide` one has a line to itself. Without a label the text has the
    whole width. `lines` is how much room there is at least, for what is written by hand.
    """

    label: str
    text: str = ""
    wide: bool = False
    lines: int = 1


def add_form(
    paper: Paper, fields: Sequence[Field], *, widths: Sequence[float] = FORM_WIDTHS
) -> Table:
    """A ruled form: label and value twice a line, a box alone on its line over all of it."""
    table = ruled_table(paper, rows=0, widths=widths)
    for line in lines_of(fields):
        row = table.add_row()
        row.height = Length(ROW * max(field.lines for field in line))
        if len(line) > 1:
            _keep_whole(row)
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
        _fill_boxes(row, line)
    return table


def lines_of(fields: Iterable[Field]) -> Iterator[list[Field]]:
    """One wide box or two narrow ones; a narrow one that finds no other becomes wide."""
    waiting: Field | None = None
    for field in fields:
        alone = field.wide or not field.label
        if waiting and not alone:
            yield [waiting, field]
            waiting = None
            continue
        if waiting:
            yield [replace(waiting, wide=True)]
        waiting = None if alone else field
        if alone:
            yield [field]
    if waiting:
        yield [replace(waiting, wide=True)]


def _fill_boxes(row: _Row, line: Sequence[Field]) -> None:
    cells = list(row.cells)
    if len(line) == 1:
        first = 1 if line[0].label else 0
        cells[first].merge(cells[-1])
    for field, (label, value) in zip(line, (cells[:2], cells[2:]), strict=False):
        if field.label:
            _write(label, field.label, size=SMALL, font=HEAVY)
        box = value if field.label else label
        _write(box, field.text, size=SMALL, font=BODY, centred=False, top=field.lines > 1)
        # Longer texts need air between their lines, and from the rule above.
        layout = box.paragraphs[0].paragraph_format
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(20)
        layout.space_before = layout.space_after = Pt(3)


def add_page_numbers(paper: Paper) -> None:
    """—1— at the foot, one character from the outer edge: right on odd pages, left on even."""
    paper.settings.odd_and_even_pages_header_footer = True
    section = paper.sections[0]
    section.footer_distance = Mm(20)
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        layout = paragraph.paragraph_format
        layout.left_indent = layout.right_indent = FOURTH
        add_run(paragraph, "—", font=DIGITS, size=FOURTH)
        _add_page_field(paragraph)
        add_run(paragraph, "—", font=DIGITS, size=FOURTH)


def _add_page_field(paragraph: Paragraph) -> None:
    number = add_run(paragraph, "1", font=DIGITS, size=FOURTH)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    number._r.addprevious(field)
    field.append(number._r)
