"""The papers of a suggestion as one Word document, each on a page of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from common.word import (
    FOURTH,
    HEAVY,
    SMALL,
    THIRD,
    Paper,
    add_copies,
    add_form,
    add_letterhead,
    add_line,
    add_page_numbers,
    add_signature,
    add_table,
    add_tear_line,
    add_title,
    make_room,
    new_paper,
)
from suggestions.documents.sheet import Annex, Form, Sheet

_FINE = Pt(10.5)  # in lists: seven columns, or many words


def write_sheets(sheets: Sequence[Sheet], target: IO[bytes]) -> None:
    paper = new_paper(sheets[0].title)
    if not sheets[0].organ:
        make_room(paper)
    for sheet in sheets:
        before = len(paper.paragraphs)
        _write_head(paper, sheet)
        _write_body(paper, sheet)
        _write_foot(paper, sheet)
        if before:
            paper.paragraphs[before].paragraph_format.page_break_before = True
    if len(sheets) == 1 and sheets[0].is_paged:
        add_page_numbers(paper)
    paper.save(target)


def _write_body(paper: Paper, sheet: Sheet) -> None:
    for text in sheet.opening:
        line = add_line(paper, text)
        line.paragraph_format.space_after = Pt(8 if sheet.forms else 0)
    for form in sheet.forms:
        _write_form(paper, form)
    for rows in sheet.lists:
        _write_heading(paper, rows.heading)
        add_table(
            paper, rows.columns, rows.rows, rows.widths, size=_FINE, left=rows.left, splits=True
        )
    if sheet.signed and sheet.signed_on:
        if not sheet.forms:
            paper.paragraphs[-1].paragraph_format.keep_with_next = True
        add_signature(paper, sheet.signed, sheet.signed_on)


def _write_head(paper: Paper, sheet: Sheet) -> None:
    if sheet.mark:
        add_line(paper, sheet.mark, indent=False, font=HEAVY)
    if sheet.organ:
        add_letterhead(paper, sheet.organ, sheet.number, corner=sheet.corner)
    add_title(paper, sheet.title)
    if sheet.addressed_to:
        add_line(paper, sheet.addressed_to, indent=False)


def _write_annex(paper: Paper, annex: Annex) -> None:
    heading = add_line(paper, annex.label, indent=False, font=HEAVY)
    heading.paragraph_format.page_break_before = True
    add_title(paper, annex.title)
    for text in annex.paragraphs:
        add_line(paper, text)


def _write_form(paper: Paper, form: Form) -> None:
    _write_heading(paper, form.heading)
    add_form(paper, form.fields)


def _write_heading(paper: Paper, text: str) -> None:
    if text:
        heading = add_line(paper, text, indent=False, size=FOURTH, font=HEAVY)
        heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
        layout = heading.paragraph_format
        layout.line_spacing, layout.keep_with_next = Pt(24), True


def _write_foot(paper: Paper, sheet: Sheet) -> None:
    if sheet.after:
        add_tear_line(paper)
        _write_form(paper, sheet.after)
    is_letter = bool(sheet.organ)
    for at, note in enumerate(sheet.notes):
        size = THIRD if is_letter else SMALL
        line = add_line(paper, note, indent=is_letter, size=size)
        if not is_letter:
            line.paragraph_format.line_spacing = Pt(20)
            line.paragraph_format.space_before = Pt(0 if at else 6)
    if sheet.copies:
        add_copies(paper, sheet.copies)
    if sheet.annex:
        _write_annex(paper, sheet.annex)
