"""The papers as workbooks: text stays text, whatever it begins with."""

from __future__ import annotations

from typing import IO

from common.sheets.writing import Column, write_register
from deputies.documents.papers import SIGN_IN_COLUMNS, YEAR_COLUMNS, SignInSheet, YearPaper

_SHEET_WIDTHS = (14, 34, 60, 62, 40, 56)
_YEAR_WIDTHS = (12, 28, 22, 30, 56, 78, 50)


def write_sheet(sheet: SignInSheet, target: IO[bytes]) -> None:
    write_register(
        target,
        title=sheet.title,
        subtitle="    ".join(f"{label}：{value}" for label, value in sheet.facts),
        columns=[Column(*pair) for pair in zip(SIGN_IN_COLUMNS, _SHEET_WIDTHS, strict=True)],
        groups=([(int(row[0]), *row[1:])] for row in sheet.rows),
    )


def write_year(year: YearPaper, target: IO[bytes]) -> None:
    write_register(
        target,
        title=year.title,
        subtitle=f"联络站：{year.book.station}    年度：{year.book.year}年",
        columns=[Column(*pair) for pair in zip(YEAR_COLUMNS, _YEAR_WIDTHS, strict=True)],
        groups=([(int(row[0]), *row[1:])] for row in year.rows),
        notes=lambda: year.notes,
    )
