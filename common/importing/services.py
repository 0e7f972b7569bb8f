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
from common.sheets.layout import find_tables
from common.sheets.reading import read_workbook
from common.sheets.workbook import Limits


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


def _read(kind: str, content: bytes, filename: str, actor, options: Options):
    resource = kinds.kind(kind)
    if not resource.may_import(actor):
        raise PermissionDenied("您没有权限导入这种表格。")
    limits = Limits(file_bytes=settings.SHEET_FILE_BYTES)
    sheets = read_workbook(content, filename, limits=limits)
    tables = find_tables(sheets, resource.columns(), mapping=options.mapping or None)
    _refuse_missing_columns(tables)
    return resource, tables, resource.begin(tables, filename, options, actor)


def _check(resource: SheetResource, tables, context) -> Outcome:
    rows = [
        resource.clean_row(table, entry, context) for table in tables for entry in table.entries
    ]
    resource.resolve([row for row in rows if not row.is_rejected], context)
    return Outcome(resource.kind, rows, context, tables, notes=list(context.notes))


def _claim(batch: ImportBatch) -> None:
    """Only one confirmation of a batch gets through, however often it is clicked."""
    claimed = ImportBatch.objects.filter(pk=batch.pk, state=BatchState.CHECKED).update(
        state=BatchState.WRITTEN, written_at=timezone.now()
    )
    if not claimed:
        raise RuleViolation("这一批已经导入过，没有重复导入。")
    batch.refresh_from_db()


def _refuse_missing_columns(tables) -> None:
    for table in tables:
        if table.missing:
            names = "、".join(table.missing)
            raise RuleViolation(
                f"工作表“{table.sheet}”缺少列：{names}。请在表头写上这几列，或在导入页面指定对应的列。"
            )


def _counts(outcome: Outcome) -> dict:
    shape = outcome.as_json()
    return {name: shape[name] for name in shape if name not in {"errors", "warnings"}}


def _in_words(outcome: Outcome) -> str:
    return (
        f"共 {len(outcome.rows)} 条，导入 {outcome.written} 条，"
        f"重复 {outcome.duplicates} 条，有误 {outcome.rejected} 条"
    )
