"""The papers as Word documents."""

from __future__ import annotations

from typing import IO

from docx.shared import Mm, Pt

from common.word import (
    FOURTH,
    HEAVY,
    add_line,
    add_run,
    add_signature,
    add_table,
    add_title,
    new_paper,
)
from deputies.documents.papers import (
    SIGN_IN_COLUMNS,
    YEAR_COLUMNS,
    Notice,
    SignInSheet,
    YearPaper,
)


def write_notice(notice: Notice, target: IO[bytes]) -> None:
    paper = new_paper(notice.title)
    add_title(paper, notice.title)
    add_line(paper, notice.opening)
    for number, (label, text) in enumerate(_matters(notice)):
        paragraph = add_line(paper, "")
        add_run(paragraph, f"{'一二三四五六'[number]}、{label}：", font=HEAVY)
        add_run(paragraph, text)
    if len(notice.days) > 1:
        add_table(
            paper, ("日期", "时间", "接待代表"),
            [(day.when, day.hours, day.deputies) for day in notice.days], (46, 30, 80),
        )  # fmt: skip
    add_line(paper, "欢迎广大选民和群众到站反映意见建议。")
    add_signature(paper, str(notice.station), notice.signed_on)
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
    paper = new_paper(sheet.title)
    add_title(paper, sheet.title)
    for label, value in sheet.facts:
        add_line(paper, f"{label}：{value}", indent=False, size=FOURTH)
    add_table(paper, SIGN_IN_COLUMNS, sheet.rows, (13, 25, 40, 32, 26, 20), high=Mm(11.5))
    foot = add_line(paper, "记录人：　　　　　　　　站长：", indent=False, size=FOURTH)
    foot.paragraph_format.space_before = Pt(8)
    paper.save(target)


def write_year(year: YearPaper, target: IO[bytes]) -> None:
    paper = new_paper(year.title)
    add_title(paper, year.title + ("（草稿）" if year.is_draft else ""))
    add_table(paper, YEAR_COLUMNS, year.rows, (11, 22, 18, 25, 28, 32, 20), size=Pt(10.5))
    for note in year.notes:
        add_line(paper, note, indent=False, size=Pt(12)).paragraph_format.line_spacing = Pt(20)
    paper.save(target)
