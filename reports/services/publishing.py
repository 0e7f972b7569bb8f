"""A draft becomes the report of its place and days; there is one at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import IO

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from common import audit
from common.errors import RuleViolation, StaleVersion
from reports import rules
from reports.choices import EditionState, Part
from reports.figures import Report
from reports.figures.frozen import differences, freeze, thaw
from reports.models import Edition
from reports.narrative.draft import TO_FILL_IN
from reports.narrative.told import CASES, text_of, with_words
from reports.services.drafting import cases_of, scope_of
from reports.services.editions import as_stored, locked_draft, locked_versions, require_draft
from reports.sources import withdrawn

# Makes the papers of an edition that is about to be out: {"workbook": …, "document": …}.
Papers = Callable[[Edition], Mapping[str, IO[bytes]]]
_ENDINGS = {"workbook": "xlsx", "document": "docx"}


def publish_edition(
    edition: Edition, *, actor, version: int, explained: str = "", papers: Papers | None = None
) -> Edition:
    """发布: figures and text are frozen as they stand in the draft, and with them who signs and
    the files that `papers` makes. A check that does not add up must be explained. A correction
    takes the place of the version it corrects, and keeps what it changes.

    The files are written before anything is locked; a draft that changed meanwhile is refused.
    """
    ready = _ready(edition, actor, version, explained.strip()[:300])
    written: list[File] = []
    try:
        _keep_files(ready, papers(ready) if papers else {}, written)
        return _put_out(ready, actor, version)
    except BaseException:
        for file in written:
            file.storage.delete(file.name)  # type: ignore[attr-defined]
        raise


def _ready(edition: Edition, actor, version: int, explained: str) -> Edition:
    """The draft as it will stand when it is out; nothing of it is stored."""
    row = Edition.objects.for_page().get(pk=edition.pk)
    require_draft(row, actor)
    if row.version != version:
        raise StaleVersion(row)
    report = with_words(thaw(row.figures), text_of(row.text))
    _require_complete(row, report, explained)
    _require_open_cases(row, report, actor)
    if row.corrects is not None:
        row.changes = _changes(row.corrects, row, report)
    row.figures = freeze(report)
    row.state, row.explained = EditionState.PUBLISHED, explained
    row.published_at, row.published_by_id = timezone.now(), actor.pk
    row.organ = rules.organ_of(row.place)
    row.maker = str(row.published_by or row.made_by or "系统")
    row.version += 1
    return row


def _keep_files(ready: Edition, made: Mapping[str, IO[bytes]], written: list[File]) -> None:
    for name, content in made.items():
        file = getattr(ready, name)
        content.seek(0)
        file.save(f"{name}.{_ENDINGS[name]}", File(content), save=False)
        written.append(file)


@transaction.atomic
def _put_out(ready: Edition, actor, version: int) -> Edition:
    versions = locked_versions(ready.place, ready.first, ready.last)
    stored = locked_draft(ready, actor)
    if stored.version != version:
        raise StaleVersion(stored)
    before = versions.filter(state=EditionState.PUBLISHED).first()
    if before is not None and before.pk != ready.corrects_id:
        raise RuleViolation("这个时段已经有发布的报告。请放弃这份草稿，在已发布的报告上点“更正”。")
    if before is not None:
        before.state = EditionState.CORRECTED
        before.save(update_fields=["state"])
        audit.record(audit.Action.CHANGE, before, actor=actor, note="已由更正后的报告代替")
    ready.save()
    audit.record(audit.Action.CHANGE, ready, actor=actor, note=f"发布 {ready}")
    return ready


def _require_complete(row: Edition, report: Report, explained: str) -> None:
    if report.disagreements and not explained:
        names = "、".join(check.label for check in report.disagreements)
        raise RuleViolation(f"数字核对不符：{names}。请先核对登记，或者写明原因再发布。")
    text = text_of(row.text)
    empty = [part.label for part in (Part.STANDING, Part.WORK) if not text[part].strip()]
    if empty:
        raise RuleViolation(f"“{'、'.join(empty)}”还没有内容。")
    waiting = [part.label for part in Part if TO_FILL_IN in text[part]]
    if waiting:
        raise RuleViolation(f"“{'、'.join(waiting)}”里还有“{TO_FILL_IN}”的字样，请写好再发布。")


def _require_open_cases(row: Edition, report: Report, actor) -> None:
    """What became confidential or void since the draft was made is not published with it, neither
    in T17 nor, as it was told, in the text: a correction begins with the text of before."""
    body = report.tables[CASES].body if CASES in report.tables else []
    lost = withdrawn(one.cells[-1].url for one in body)
    for _, _, title, _, source in (one.cells for one in body):
        if source.url in lost:
            raise RuleViolation(
                f"案例“{title.shown}”的来源{lost[source.url]}，不能发布。请点“重新取数”。"
            )
    text = "\n".join(text_of(row.text).values())
    for one in cases_of(scope_of(row, actor))[1]:
        if one.case.title in text or as_stored(one.case.text) in text:
            raise RuleViolation(
                f"正文里还写着案例“{one.case.title}”，它的{one.source}。请删去以后再发布。"
            )


def changed_meanwhile() -> RuleViolation:
    """What a page says that saw an older state of the draft."""
    return RuleViolation("这份草稿刚刚被别人改过，请看过现在的内容再发布。")


def _changes(before: Edition, after: Edition, report: Report) -> list[dict]:
    """What a correction changes: each figure, the title, and each chapter whose text is another."""
    found = [asdict(one) for one in differences(thaw(before.figures), report)]
    old, new = _words_of(before), _words_of(after)
    return found + [
        {"table": "正文", "row": label, "column": "", "old": old[label], "new": new[label]}
        for label in old
        if old[label] != new[label]
    ]


def _words_of(edition: Edition) -> dict[str, str]:
    text = text_of(edition.text)
    return {"标题": edition.title} | {part.label: text[part] for part in Part}
