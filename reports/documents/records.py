"""履职档案 and 通报 as Word documents in official form."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import IO

from docx.document import Document as Paper
from docx.shared import Pt
from docx.table import Table

from common import word
from common.sheets.cells import chinese_date
from reports.circulars import COLUMNS, NO_ATTENDANCE, TABLE_NOTE, Circular
from reports.performance import Performance, Section

SMALL = Pt(10.5)
_OWN, _STATION = (46, 22, 88), (36, 24, 24, 24, 24, 24)
_FOUR, _LINES = (46, 30, 80), (28, 90, 38)


def write_circulars(letters: Iterable[Circular], target: IO[bytes], *, title: str, on: date) -> int:
    """One document of all letters, each on pages of its own; return how many there are."""
    paper = word.new_paper(title)
    word.make_room(paper)
    written = 0
    for letter in letters:
        heading = word.add_title(paper, letter.title)
        heading.paragraph_format.page_break_before = written > 0
        heading.paragraph_format.space_after = Pt(8)
        _write_letter(paper, letter, on)
        written += 1
    paper.save(target)
    return written


def _write_letter(paper: Paper, letter: Circular, on: date) -> None:
    for text in (letter.salutation, letter.opening):
        line = word.add_line(paper, text, indent=text == letter.opening, size=word.FOURTH)
        line.paragraph_format.line_spacing = Pt(24)
    _heading(paper, "一、您的履职情况")
    _table(paper, ("项目", "数量", "说明"), letter.rows, _OWN, left=(0, 2))
    if letter.without_record:
        _note(paper, letter.without_record)
    _heading(paper, f"二、{letter.signed_by}代表进站接待出勤情况")
    if letter.has_attendance:
        _table(paper, COLUMNS, [line.cells for line in letter.table], _STATION)
        _note(paper, TABLE_NOTE)
    else:
        word.add_line(paper, NO_ATTENDANCE)
    _sign(paper, letter.signed_by, on)


def _sign(paper: Paper, organ: str, on: date) -> None:
    """Closer than a signature stands elsewhere, so that most letters keep to one page; never alone
    on the next."""
    paper.paragraphs[-1].paragraph_format.keep_with_next = True
    name = word.add_right_line(paper, organ, free=4, size=word.FOURTH)
    name.paragraph_format.keep_with_next = True
    day = word.add_right_line(paper, chinese_date(on), free=4, size=word.FOURTH)
    for line in (name, day):
        line.paragraph_format.line_spacing = Pt(22)


def write_performance(performance: Performance, target: IO[bytes], *, on: date) -> None:
    """The file of one deputy's year: what each chapter comes to, then its lines."""
    deputy = performance.deputy
    paper = word.new_paper(f"{deputy}{performance.year}年履职档案")
    word.make_room(paper)
    word.add_title(paper, f"{performance.year}年代表履职档案")
    levels = "、".join(str(one) for one in deputy.mandates.all() if one.ended_on is None)
    word.add_form(
        paper,
        [
            word.Field("姓名", deputy.name),
            word.Field("联络站", str(deputy.station)),
            word.Field("代表职务", levels, wide=True),
        ],
    )
    _heading(paper, "一、概况")
    rows = [
        (section.title, f"{section.count} {section.unit}", section.note)
        for section in performance.sections.values()
    ]
    _table(paper, ("项目", "数量", "说明"), rows, _OWN, left=(0, 2))
    _heading(paper, "二、“四个一”")
    _table(
        paper,
        ("项目", "情况", "依据"),
        [
            (part.kind.label, "已完成" if part.done else "还没有记录", _proof(part.shown))
            for part in performance.four
        ],
        _FOUR,
        left=(0, 2),
    )
    _heading(paper, "三、明细")
    for section in performance.sections.values():
        if section.lines and section.key != "four_ones":
            _write_section(paper, section)
    _note(paper, f"数字取自各项登记，{chinese_date(on)}打印。")
    paper.save(target)


def _proof(lines) -> str:
    return "；".join(f"{line.on.month}月{line.on.day}日 {line.what}" for line in lines[:2])


def _write_section(paper: Paper, section: Section) -> None:
    heading = word.add_line(
        paper, f"{section.title}（{section.count} {section.unit}）", size=word.FOURTH
    )
    heading.paragraph_format.keep_with_next = True
    rows = [
        (f"{line.on.month}月{line.on.day}日", line.what, line.outcome) for line in section.shown
    ]
    if rows:
        _table(paper, ("日期", "内容", "情况"), rows, _LINES, left=(1, 2))
    if section.hidden:
        _note(paper, f"另有 {section.hidden} {section.unit}记在别处或已保密，只计数。")


def _heading(paper: Paper, text: str) -> None:
    line = word.add_line(paper, text, font=word.HEAVY)
    line.paragraph_format.keep_with_next = True
    line.paragraph_format.space_before = Pt(4)


def _table(paper: Paper, columns, rows, widths, *, left=()) -> Table:
    # An empty cell is as tall as the text of the page, and its row with it.
    filled = [[cell or "—" for cell in row] for row in rows]
    return word.add_table(paper, columns, filled, widths, size=SMALL, high=Pt(18), left=left)


def _note(paper: Paper, text: str) -> None:
    line = word.add_line(paper, text, indent=False, size=SMALL)
    line.paragraph_format.line_spacing = Pt(18)
