"""The papers as Word documents, set as GB/T 9704 wants: 小标宋 over 仿宋, 3号 text on A4."""

from __future__ import annotations

import re
from typing import IO

from docx import Document
from docx.document import Document as Paper
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from common.sheets.cells import chinese_date
from deputies.documents.papers import (
    SIGN_IN_COLUMNS,
    YEAR_COLUMNS,
    Notice,
    SignInSheet,
    YearPaper,
)

TITLE, BODY, HEAVY = "方正小标宋简体", "仿宋_GB2312", "黑体"
# What a computer without the prescribed fonts takes instead.
STAND_INS = {TITLE: "宋体", BODY: "仿宋"}
SECOND, THIRD, FOURTH, SMALL = Pt(22), Pt(16), Pt(14), Pt(12)  # 2号, 3号, 4号, 小4
LINE, ROW = Pt(28), Mm(9)
_NOT_IN_XML = re.compile(r"[^\t\n\u0020-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")


def write_notice(notice: Notice, target: IO[bytes]) -> None:
    paper = _paper(notice.title)
    _title(paper, notice.title)
    _line(paper, notice.opening)
    for number, (label, text) in enumerate(_matters(notice)):
        paragraph = _line(paper, "")
        _run(paragraph, f"{'一二三四五六'[number]}、{label}：", font=HEAVY)
        _run(paragraph, text)
    if len(notice.days) > 1:
        _table(
            paper, ("日期", "时间", "接待代表"),
            [(day.when, day.hours, day.deputies) for day in notice.days], (46, 30, 80),
        )  # fmt: skip
    _line(paper, "欢迎广大选民和群众到站反映意见建议。")
    _line(paper, "", indent=False)
    for text in (str(notice.station), chinese_date(notice.signed_on)):
        signed = _line(paper, text, indent=False)
        signed.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        signed.paragraph_format.right_indent = Pt(64)
    paper.save(target)


def _matters(notice: Notice) -> list[tuple[str, str]]:
    day = notice.days[0]
    found = [("接待地点", day.place)]
    if len(notice.days) == 1:
        why = f"（{day.reason}）" if day.reason else ""
        who = day.deputies or "届时公布"
        found = [("接待时间", f"{day.when}{day.hours}{why}"), *found, ("接待代表", who)]
    found.append(("受理范围", notice.accepts))
    if notice.phone:
        found.append(("联系电话", notice.phone))
    if len(notice.days) > 1:
        found.append(("接待时间和代表", "见下表"))
    return found


def write_sheet(sheet: SignInSheet, target: IO[bytes]) -> None:
    paper = _paper(sheet.title)
    _title(paper, sheet.title)
    for label, value in sheet.facts:
        _line(paper, f"{label}：{value}", indent=False, size=FOURTH)
    _table(paper, SIGN_IN_COLUMNS, sheet.rows, (13, 25, 40, 32, 26, 20), high=Mm(11.5))
    foot = _line(paper, "记录人：　　　　　　　　站长：", indent=False, size=FOURTH)
    foot.paragraph_format.space_before = Pt(8)
    paper.save(target)


def write_year(year: YearPaper, target: IO[bytes]) -> None:
    paper = _paper(year.title)
    _title(paper, year.title + ("（草稿）" if year.is_draft else ""))
    _table(paper, YEAR_COLUMNS, year.rows, (11, 22, 18, 25, 28, 32, 20), size=Pt(10.5))
    for note in year.notes:
        _line(paper, note, indent=False, size=Pt(12)).paragraph_format.line_spacing = Pt(20)
    paper.save(target)


def _paper(title: str) -> Paper:
    paper = Document()
    paper.core_properties.title = title
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(32)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    normal = paper.styles["Normal"]
    normal.font.size = THIRD
    normal.font.name = BODY
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), BODY)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "zh-CN")
    language.set(qn("w:eastAsia"), "zh-CN")
    normal.element.rPr.append(language)
    _name_stand_ins(paper)
    return paper


def _name_stand_ins(paper: Paper) -> None:
    part = paper.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    fonts = "".join(
        f'<w:font w:name="{font}"><w:altName w:val="{other}"/></w:font>'
        for font, other in STAND_INS.items()
    )
    part._blob = part.blob.replace(b"</w:fonts>", fonts.encode() + b"</w:fonts>")


def _title(paper: Paper, text: str) -> None:
    paragraph = paper.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(18)
    _run(paragraph, text, font=TITLE, size=SECOND)


def _line(paper: Paper, text: str, *, indent: bool = True, size=THIRD) -> Paragraph:
    paragraph = paper.add_paragraph()
    layout = paragraph.paragraph_format
    layout.space_after = Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    if indent:
        layout.first_line_indent = 2 * size
    if text:
        _run(paragraph, text, size=size)
    return paragraph


def _run(paragraph: Paragraph, text: str, *, font: str = BODY, size=THIRD) -> Run:
    run = paragraph.add_run(_NOT_IN_XML.sub("", text))
    run.font.name, run.font.size = font, size
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    return run


def _table(paper: Paper, columns, rows, widths, *, high=ROW, size=SMALL) -> None:
    table = paper.add_table(rows=1, cols=len(columns), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    table.rows[0].height = ROW
    _fill(table.rows[0], columns, widths, size=size, font=HEAVY)
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for line in rows:
        row = table.add_row()
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        row.height = high
        _fill(row, line, widths, size=size, font=BODY)


def _fill(row, texts, widths, *, size, font) -> None:
    for cell, text, width in zip(row.cells, texts, widths, strict=True):
        cell.width, cell.vertical_alignment = Mm(width), 1
        paragraph = cell.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_after = Pt(0)
        _run(paragraph, text, font=font, size=size)
