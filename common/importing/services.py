"""A file is checked, mended, written in one transaction, and can be taken back."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import PurePath
from typing import IO, Any

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils import timezone

from common import audit
from common.errors import RuleViolation
from common.importing import kinds, naming
from common.importing.checking import (
    READING,
    ColumnsMissing,
    Progress,
    Walk,
    headings_of,
    open_sheet,
    silent,
)
from common.importing.mistaken import OtherKind
from common.importing.resources import Options
from common.importing.rows import Outcome, SheetRow
from common.importing.stored import StoredPreview
from common.models import BatchState, ImportBatch

__all__ = [
    "ColumnsMissing",
    "OtherKind",
    "check_batch",
    "check_sheet",
    "content_of",
    "drop_upload",
    "headings_of_batch",
    "import_sheet",
    "mend_cells",
    "name_columns",
    "store_upload",
    "stored_preview",
    "undo_batch",
    "write_sheet",
]

_IN_MEMORY = 1 << 20  # bytes of a preview that need no file
LONGEST_MENDED = 5000  # characters of one cell
MOST_MENDED = 5000  # cells of one file


def check_sheet(
    kind: str,
    content: bytes,
    filename: str,
    *,
    actor,
    options: Options | None = None,
    progress: Progress | None = None,
    target: IO[bytes] | None = None,
) -> Outcome:
    """Read a file and say what would become of each of its entries; nothing is written.

    The rows are stored in `target`, an open file (common/importing/stored.py). Raises
    SheetFileError for a file that cannot be read, RuleViolation where the station or the like is
    missing, PermissionDenied where `actor` may not import.
    """
    (progress or silent)(READING, 0, 0)
    opened = open_sheet(kind, content, filename, actor=actor, options=options or Options())
    return Walk(opened, target or _scratch(), progress).run()


def check_batch(batch: ImportBatch, *, actor, progress: Progress | None = None) -> None:
    """Check a stored upload and keep what was found with it: counts, and rows for the preview.

    Raises what `check_sheet` raises, and then keeps nothing; refuses a batch that is written.
    """
    with _scratch() as target:
        outcome = check_sheet(
            batch.kind,
            content_of(batch),
            batch.file_name,
            actor=actor,
            options=Options(**batch.options),
            progress=progress,
            target=target,
        )
        with transaction.atomic():
            stands = _locked(batch)
            if stands.options != batch.options:
                return  # mended meanwhile: the check that follows it says what counts
            batch.outcome = outcome.summary()
            _keep_preview(batch, target)
            batch.save(update_fields=["outcome", "preview"])


def write_sheet(
    batch: ImportBatch,
    content: bytes,
    *,
    actor,
    partial: bool = False,
    progress: Progress | None = None,
) -> Outcome:
    """Write the accepted entries of a checked batch, all or nothing.

    Without `partial` nothing is written if any entry is rejected. The rows concerned are locked
    before the check, so two imports of one file at once make no row twice. Refuses a batch that
    was written before. `progress` may raise, and then nothing is written.
    """
    (progress or silent)(READING, 0, 0)
    with transaction.atomic():
        outcome = _write(batch, content, actor, partial, progress)
        if outcome.batch is None:
            transaction.set_rollback(True)
    if outcome.batch is None:
        batch.refresh_from_db()
    return outcome


def _write(batch: ImportBatch, content: bytes, actor, partial: bool, progress) -> Outcome:
    _claim(batch)
    options = Options(**batch.options)
    opened = open_sheet(batch.kind, content, batch.file_name, actor=actor, options=options)
    resource, context = opened.resource, opened.context
    resource.lock(context)

    def write(rows: list[SheetRow]) -> None:
        resource.write(rows, batch, context, actor)

    target = _scratch()
    outcome = Walk(opened, target, progress, write=write, partial=partial).run()
    if outcome.rejected and not partial:
        return outcome
    resource.finish(batch, context, actor)
    outcome.written, outcome.batch = outcome.accepted, batch.pk
    batch.outcome = {**outcome.summary(), "batch": batch.pk}
    _keep_preview(batch, target)
    batch.save(update_fields=["outcome", "created_rows", "preview"])
    audit.record(audit.Action.IMPORT, batch, actor=actor, note=_in_words(outcome))
    return outcome


def import_sheet(
    kind: str,
    content: bytes,
    filename: str,
    *,
    actor,
    options: Options | None = None,
    partial: bool = False,
) -> Outcome:
    """Check and write a file in one go; a file that is not written leaves nothing behind."""
    batch = None
    outcome = None
    try:
        with transaction.atomic():
            batch = store_upload(kind, content, filename, actor=actor, options=options or Options())
            outcome = write_sheet(batch, content, actor=actor, partial=partial)
            if outcome.batch is None:
                transaction.set_rollback(True)
        return outcome
    finally:
        if batch is not None and (outcome is None or outcome.batch is None):
            _delete_files(batch)


def store_upload(
    kind: str, content: bytes, filename: str, *, actor, options: Options
) -> ImportBatch:
    """Keep an uploaded file until its user confirms it."""
    name = PurePath(filename).name[-200:]
    batch = ImportBatch(
        kind=kind, file_name=name, options=options.as_json(), created_by_id=actor.pk
    )
    batch.file.save(name, ContentFile(content), save=False)
    batch.save()
    return batch


def drop_upload(batch: ImportBatch) -> None:
    """Forget an upload that cannot be imported; one that was written is kept."""
    dropped, _ = ImportBatch.objects.filter(pk=batch.pk, state=BatchState.CHECKED).delete()
    if dropped:
        _delete_files(batch)


@transaction.atomic
def undo_batch(batch: ImportBatch, *, actor) -> str:
    """Take a written batch back and return what was done; refuses one that is not written."""
    taken = ImportBatch.objects.filter(pk=batch.pk, state=BatchState.WRITTEN).update(
        state=BatchState.UNDONE
    )
    if not taken:
        raise RuleViolation("这一批没有导入，或已经撤销过。")
    batch.refresh_from_db()
    done = kinds.kind(batch.kind).undo(batch, actor)
    audit.record(audit.Action.UNDO_IMPORT, batch, actor=actor, note=done)
    return done


@transaction.atomic
def name_columns(batch: ImportBatch, mapping: Mapping[str, str | None], *, actor) -> None:
    """Keep what the user says of headings: a column, None to leave one out, "" for 不认识.

    It holds for this file and is remembered for the next one of the same station, as far as it
    is known which that is. The stored check counts no more. Refuses a batch that is written.
    """
    batch.options = _locked(batch).options
    named = {heading: column for heading, column in mapping.items() if column != ""}
    batch.options = {**batch.options, "mapping": named}
    try:
        found = headings_of_batch(batch, actor=actor)
        kinds.kind(batch.kind).begin(found.tables, batch.file_name, _of(batch), actor)
    except RuleViolation:
        pass  # not known whose it is, so there is nobody to remember it for
    else:
        naming.remember(batch.kind, found.place, mapping, actor=actor)
    batch.save(update_fields=["options"])
    words = [
        f"“{heading}”{f'→{column}' if column else '不要'}" for heading, column in named.items()
    ]
    note = f"指定列：{'，'.join(words) or '都不认识'}"[:500]
    audit.record(audit.Action.CHANGE, batch, actor=actor, note=note)


@transaction.atomic
def mend_cells(batch: ImportBatch, typed: Mapping[tuple[int, int, int], str], *, actor) -> int:
    """Lay what was typed over cells of the file, and return how many that changed.

    `typed` is {(table, row, column): text}, row and column as the file counts from 0; only cells
    that the stored check found at fault, or that were mended before, are taken. What the file
    itself says is typed again to take a mended cell back. The file stays as it came, and the
    stored check counts no more. Refuses a batch that is written.
    """
    batch.options = _locked(batch).options
    cells = {(sheet, row, column): text for sheet, row, column, text in _of(batch).cells}
    changes: dict[str, tuple[str, str]] = {}
    for place, label, before, original in _mendable(batch, {key[:2] for key in typed}):
        sheet, row, column = place
        text = typed.get((label[0], row, column))
        if text is None or _bare(text) == _bare(before):
            continue
        if len(text) > LONGEST_MENDED:
            raise RuleViolation(f"第 {row + 1} 行的内容太长，最多 {LONGEST_MENDED} 个字。")
        cells[sheet, row, column] = text.strip()
        if _bare(text) == _bare(original):
            del cells[sheet, row, column]
        changes[f"{sheet} 第 {row + 1} 行 {label[1]}"] = (before, text.strip())
    if len(cells) > MOST_MENDED:
        raise RuleViolation(f"一个文件最多在这里改 {MOST_MENDED} 处，请在原表里改好再上传。")
    if changes:
        batch.options = {**batch.options, "cells": [[*key, text] for key, text in cells.items()]}
        batch.save(update_fields=["options"])
        audit.record(audit.Action.CHANGE, batch, actor=actor, changes=changes, note="核对时改正")
    return len(changes)


def headings_of_batch(batch: ImportBatch, *, actor) -> naming.Recognised:
    """The tables of an upload with the columns as far as they are recognised."""
    return headings_of(
        batch.kind, content_of(batch), batch.file_name, actor=actor, options=_of(batch)
    )


@contextmanager
def stored_preview(batch: ImportBatch) -> Iterator[StoredPreview]:
    """What the last check or writing of a batch kept of its rows."""
    with batch.preview.open() as file:
        yield StoredPreview(file)


def content_of(batch: ImportBatch) -> bytes:
    with batch.file.open() as file:
        return file.read()


def _mendable(
    batch: ImportBatch, wanted: set[tuple[int, int]]
) -> Iterator[tuple[tuple[str, int, int], tuple[int, str], str, str]]:
    """The cells of these (table, row) that may be mended: place, label, text, text of the file."""
    if not batch.preview:
        return
    with stored_preview(batch) as stored:
        for view in ("troubled", "mended"):
            for row in stored.rows(view):
                if (row.sheet_index, row.number - 1) not in wanted:
                    continue
                noticed = [problem.column for problem in (*row.problems, *row.warnings)]
                for name in dict.fromkeys([*noticed, *row.mended]):
                    column = row.place(name)
                    if column is not None:
                        text = row.text(name)
                        place = (row.sheet, row.number - 1, column)
                        yield place, (row.sheet_index, name), text, row.mended.get(name, text)


def _bare(text: str) -> str:
    """A field of one line gives line breaks back as nothing."""
    return "".join(text.split())


def _of(batch: ImportBatch) -> Options:
    return Options(**batch.options)


def _locked(batch: ImportBatch) -> ImportBatch:
    stands = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if stands.state != BatchState.CHECKED:
        raise RuleViolation("这一批已经导入过，不能再改。")
    return stands


def _claim(batch: ImportBatch) -> None:
    """Only one confirmation of a batch gets through, however often it is clicked."""
    claimed = ImportBatch.objects.filter(pk=batch.pk, state=BatchState.CHECKED).update(
        state=BatchState.WRITTEN, written_at=timezone.now()
    )
    if not claimed:
        raise RuleViolation("这一批已经导入过，没有重复导入。")
    batch.refresh_from_db()


def _scratch() -> Any:
    return tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY, prefix="import-")


def _keep_preview(batch: ImportBatch, source: IO[bytes]) -> None:
    """Store a preview in place of the one before, which goes once this one is sure."""
    storage, before = batch.preview.storage, batch.preview.name
    source.seek(0)
    batch.preview.save("check.rows", File(source), save=False)
    if before:
        transaction.on_commit(lambda: storage.delete(before))


def _delete_files(batch: ImportBatch) -> None:
    files: Iterable[Any] = (batch.file, batch.preview)
    for file in files:
        if file:
            file.delete(save=False)


def _in_words(outcome: Outcome) -> str:
    return (
        f"共 {outcome.total} 条，导入 {outcome.written} 条，"
        f"重复 {outcome.duplicates} 条，有误 {outcome.rejected} 条"
    )
