"""A file is checked, written in one transaction, and can be taken back."""

from __future__ import annotations

from pathlib import PurePath

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from common import audit
from common.errors import RuleViolation
from common.importing import kinds
from common.importing.resources import Options, SheetResource
from common.importing.rows import Outcome
from common.models import BatchState, ImportBatch
from common.sheets.layout import Table, find_tables
from common.sheets.reading import read_workbook
from common.sheets.workbook import Limits


class ColumnsMissing(RuleViolation):
    """No heading was recognised as a column that no entry can do without."""

    def __init__(self, table: Table):
        names = "、".join(table.missing)
        super().__init__(
            f"工作表“{table.sheet}”没有认出这些列：{names}。请改表头，或在网页导入时指定对应的列。"
        )


def check_sheet(
    kind: str, content: bytes, filename: str, *, actor, options: Options | None = None
) -> Outcome:
    """Read a file and say what would become of each of its entries; nothing is written.

    Raises SheetFileError for a file that cannot be read, RuleViolation where the station or the
    like is missing, PermissionDenied where `actor` may not import.
    """
    return _check(*_read(kind, content, filename, actor, options or Options()))


@transaction.atomic
def write_sheet(batch: ImportBatch, content: bytes, *, actor, partial: bool = False) -> Outcome:
    """Write the accepted entries of a checked batch, all or nothing.

    Without `partial` nothing is written if any entry is rejected. The rows concerned are locked
    before the check, so two imports of one file at once make no row twice. Refuses a batch that
    was written before.
    """
    _claim(batch)
    options = Options(**batch.options)
    resource, tables, context = _read(batch.kind, content, batch.file_name, actor, options)
    resource.lock(context)
    outcome = _check(resource, tables, context)
    if outcome.rejected and not partial:
        transaction.set_rollback(True)
        return outcome
    accepted = [row for row in outcome.rows if row.is_accepted]
    resource.write(accepted, batch, outcome.context, actor)
    outcome.written, outcome.batch = len(accepted), batch.pk
    batch.outcome = _counts(outcome)
    batch.save(update_fields=["outcome", "created_rows"])
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
            batch.file.delete(save=False)


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


def read_tables(
    kind: str, content: bytes, filename: str, *, actor, options: Options
) -> list[Table]:
    """The tables of a file with the columns as far as they are recognised."""
    resource = kinds.kind(kind)
    if not resource.may_import(actor):
        raise PermissionDenied("您没有权限导入这种表格。")
    limits = Limits(file_bytes=settings.SHEET_FILE_BYTES)
    sheets = read_workbook(content, filename, limits=limits)
    return find_tables(sheets, resource.columns(), mapping=options.mapping or None)


def name_columns(batch: ImportBatch, mapping: dict[str, str | None]) -> None:
    """Keep what the user says of the headings that were not recognised."""
    batch.options = {**batch.options, "mapping": mapping}
    batch.save(update_fields=["options"])


def _read(kind: str, content: bytes, filename: str, actor, options: Options):
    tables = read_tables(kind, content, filename, actor=actor, options=options)
    _refuse_missing_columns(tables)
    resource = kinds.kind(kind)
    return resource, tables, resource.begin(tables, filename, options, actor)


def _check(resource: SheetResource, tables, context) -> Outcome:
    rows = [
        resource.clean_row(table, entry, context) for table in tables for entry in table.entries
    ]
    resource.resolve([row for row in rows if not row.is_rejected], context)
    return Outcome(
        resource.kind,
        rows,
        context,
        tables,
        preview_columns=resource.preview_columns,
        notes=list(context.notes),
    )


def _claim(batch: ImportBatch) -> None:
    """Only one confirmation of a batch gets through, however often it is clicked."""
    claimed = ImportBatch.objects.filter(pk=batch.pk, state=BatchState.CHECKED).update(
        state=BatchState.WRITTEN, written_at=timezone.now()
    )
    if not claimed:
        raise RuleViolation("这一批已经导入过，没有重复导入。")
    batch.refresh_from_db()


def _refuse_missing_columns(tables: list[Table]) -> None:
    for table in tables:
        if table.missing:
            raise ColumnsMissing(table)


def _counts(outcome: Outcome) -> dict:
    shape = outcome.as_json()
    return {name: shape[name] for name in shape if name not in {"errors", "warnings"}}


def _in_words(outcome: Outcome) -> str:
    return (
        f"共 {len(outcome.rows)} 条，导入 {outcome.written} 条，"
        f"重复 {outcome.duplicates} 条，有误 {outcome.rejected} 条"
    )
