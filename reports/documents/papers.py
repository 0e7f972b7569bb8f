"""The files of a report: the workbook, the Word document, the plain figures."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.utils import timezone

from reports import rules
from reports.documents.report import write_document
from reports.documents.workbook import file_name, write_workbook
from reports.figures import Report
from reports.figures.frozen import thaw
from reports.figures.plain import plain
from reports.models import Edition
from reports.narrative.told import text_of, with_words

IN_MEMORY = 2 * 1024 * 1024


@dataclass(frozen=True)
class Form:
    """One of the files: what people call it, how its name ends, where a published one is kept."""

    name: str
    ending: str
    field: str = ""


FORMS = {
    "workbook": Form("Excel", "xlsx", "workbook"),
    "document": Form("Word", "docx", "document"),
    "figures": Form("数据（JSON）", "json"),
}


def report_of(edition: Edition) -> Report:
    """The report that an edition keeps, with what its text tells."""
    return with_words(thaw(edition.figures), text_of(edition.text))


def name_of(edition: Edition, form: str) -> str:
    """年度报告-临溪区-2025（第2版）.docx; a draft says so."""
    mark = "（草稿）" if edition.is_draft else ""
    if not mark and edition.number > 1:
        mark = f"（第{edition.number}版）"
    return f"{file_name(thaw(edition.figures).scope)}{mark}.{FORMS[form].ending}"


def write_form(target: IO[bytes], edition: Edition, form: str) -> None:
    """Write one file of an edition as it stands."""
    _WRITERS[form](target, edition)


def kept(edition: Edition, form: str) -> IO[bytes] | None:
    """The file that was kept when the edition was published; None if it is made anew."""
    field = FORMS[form].field
    file = getattr(edition, field) if field else None
    if not file:
        return None
    try:
        return file.open("rb")
    except FileNotFoundError:  # the same comes out of what the edition keeps
        return None


def write_papers(
    edition: Edition, progress: Callable[[str], None] = lambda stage: None
) -> Mapping[str, IO[bytes]]:
    """Both papers of an edition that is about to be out, for `publish_edition`."""
    made: dict[str, IO[bytes]] = {}
    for form in ("workbook", "document"):
        progress(f"写 {FORMS[form].name}")
        made[form] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - kept, then closed
        write_form(made[form], edition, form)
    return made


def plain_text(report: Report) -> str:
    return json.dumps(plain(report), ensure_ascii=False, indent=1) + "\n"


def organ_of(edition: Edition) -> str:
    """Who signs: as the place was called when the report came out."""
    return edition.organ or rules.organ_of(edition.place)


def _workbook(target: IO[bytes], edition: Edition) -> None:
    maker = edition.maker or str(edition.published_by or edition.made_by or "系统")
    write_workbook(target, report_of(edition), maker=maker, text=text_of(edition.text))


def _document(target: IO[bytes], edition: Edition) -> None:
    signed = edition.published_at or timezone.now()
    write_document(
        target, report_of(edition), text_of(edition.text), organ=organ_of(edition),
        signed_on=timezone.localdate(signed), draft=edition.is_draft,
    )  # fmt: skip


def _figures(target: IO[bytes], edition: Edition) -> None:
    target.write(plain_text(report_of(edition)).encode())


_WRITERS: dict[str, Callable[[IO[bytes], Edition], Any]] = {
    "workbook": _workbook,
    "document": _document,
    "figures": _figures,
}
