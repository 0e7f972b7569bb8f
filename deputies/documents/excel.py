"""The papers as workbooks: text stays text, whatever it begins with."""

from __future__ import annotations

from typing import IO

from xlsxwriter import Workbook

from common.sheets.writing import Column, cell_text, write_register
from deputies.documents.papers import SIGN_IN_COLUMNS, YEAR_COLUMNS, SignInSheet, YearPaper

_YEAR_WIDTHS = (12, 28, 22, 30, 56, 78, 50)
_SHEET_WIDTHS = (6, 14, 22, 22, 12, 12)  # in characters: a standing A4 page
_FONT = "宋体"
_ROOM_TO_SIGN = 32  # points


def write_year(year: YearPaper, target: IO[bytes]) -> None:
    write_register(
        target,
        title=year.title,
        subtitle=f"联络站：{year.book.station}    年度：{year.book.year}年",
        columns=[Column(*pair) for pair in zip(YEAR_COLUMNS, _YEAR_WIDTHS, strict=True)],
        groups=([(int(row[0]), *row[1:])] for row in year.rows),
        notes=lambda: year.notes,
    )


def write_sheet(sheet: SignInSheet, target: IO[bytes]) -> None:
    """Standing, with rows high enough to sign: registers are written lying and tight."""
    workbook = Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    page = workbook.add_worksheet("签到表")
    centred = {"font_name": _FONT, "align": "center", "valign": "vcenter", "text_wrap": True}
    title = workbook.add_format({**centred, "font_size": 20, "bold": True})
    plain = workbook.add_format({"font_name": _FONT, "font_size": 12, "valign": "vcenter"})
    head = workbook.add_format({**centred, "font_size": 12, "bold": True, "border": 1})
    cell = workbook.add_format({**centred, "font_size": 12, "border": 1})
    last = len(SIGN_IN_COLUMNS) - 1
    for index, width in enumerate(_SHEET_WIDTHS):
        page.set_column(index, index, width)
    page.set_row(0, 42)
    page.merge_range(0, 0, 0, last, sheet.title, title)
    facts = [cell_text(f"{label}：{value}") for label, value in sheet.facts]
    for row, text in enumerate(("    ".join(facts[:2]), "    ".join(facts[2:])), start=1):
        page.set_row(row, 22)
        page.merge_range(row, 0, row, last, text, plain)
    for row, line in enumerate((SIGN_IN_COLUMNS, *sheet.rows), start=3):
        page.set_row(row, _ROOM_TO_SIGN)
        for column, text in enumerate(line):
            page.write_string(row, column, cell_text(text), head if row == 3 else cell)
    foot = 4 + len(sheet.rows)
    page.set_row(foot, 30)
    page.merge_range(foot, 0, foot, last, "记录人：                    站长：", plain)
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0, 3)
    page.center_horizontally()
    workbook.close()
