"""Photos and papers of an entry: taken in, taken away, and forgotten after a while."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from accounts.roles import Capability
from common import audit
from common.errors import RuleViolation
from common.files import Accepted, FileRefused, accept
from visits import rules
from visits.choices import AttachmentKind
from visits.models import Attachment, RegisterEntry
from visits.services.entries import locked_entry

# A removed file is kept this long: who removed the wrong one can still ask for it.
KEPT_DAYS = 30


@dataclass
class Added:
    """What became of the files handed in: the good ones are kept, the others named."""

    rows: list[Attachment] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)


def can_add(user, entry: RegisterEntry) -> bool:
    """Whether `user` may add to and take from what is attached: who may change the entry."""
    return rules.can_change(user, entry)


def add_attachments(entry: RegisterEntry, files: Sequence[File], *, actor) -> Added:
    """Attach photos and papers to an entry; one log line for all.

    A file that `common.files.accept` refuses, and one beyond `settings.ATTACHMENTS_PER_ENTRY`,
    does not keep the others from being attached. A file that is attached already is not attached
    twice. Refuses who may not change the entry, a void one, and nothing at all.
    """
    _require_right(entry, actor)
    if not files:
        raise RuleViolation("请先选择照片或文件。")
    added = Added()
    taken = list(_taken(files, added))  # outside of the transaction: pictures take their time
    written: list[Attachment] = []
    try:
        with transaction.atomic():
            _attach(entry, taken, added, written, actor)
    except BaseException:
        for row in written:
            _delete_files(row)
        raise
    return added


def _taken(files: Sequence[File], added: Added) -> Iterable[Accepted]:
    """What may be kept; no more is even looked into than an entry may have."""
    most = settings.ATTACHMENTS_PER_ENTRY
    for file in files[most:]:
        added.refused.append(f"“{file.name}”没有上传，一条登记最多 {most} 个附件。")
    for file in files[:most]:
        try:
            yield accept(file)
        except FileRefused as refusal:
            added.refused.append(str(refusal))


def _attach(
    entry: RegisterEntry,
    taken: Sequence[Accepted],
    added: Added,
    written: list[Attachment],
    actor,
) -> None:
    """Write rows and files; `written` names the files also when this fails halfway."""
    stored = locked_entry(entry)
    _require_right(stored, actor)
    standing = Attachment.objects.standing().filter(**{entry.register.value: stored})
    digests = set(standing.values_list("digest", flat=True))
    for file in taken:
        if file.digest in digests:
            added.known.append(file.name)
        elif len(digests) >= settings.ATTACHMENTS_PER_ENTRY:
            most = settings.ATTACHMENTS_PER_ENTRY
            added.refused.append(f"“{file.name}”没有上传，一条登记最多 {most} 个附件。")
        else:
            row = _row_of(file, stored, actor)
            written.append(row)
            _store(row, file)
            digests.add(file.digest)
            added.rows.append(row)
    if added.rows:
        changes = {"附件": ("", "、".join(row.name for row in added.rows))}
        audit.record(audit.Action.CHANGE, stored, actor=actor, changes=changes, note="增加附件")


def _row_of(file: Accepted, entry: RegisterEntry, actor) -> Attachment:
    return Attachment(
        **{entry.register.value: entry},
        kind=AttachmentKind.PHOTO if file.is_photo else AttachmentKind.PAPER,
        name=file.name,
        size=file.size,
        digest=file.digest,
        added_by_id=actor.pk,
    )


def _store(row: Attachment, file: Accepted) -> None:
    row.file.save(f"file{file.ending}", file.content, save=False)
    if file.thumbnail is not None:
        row.thumbnail.save(f"thumbnail{file.ending}", file.thumbnail, save=False)
    row.save()


@transaction.atomic
def remove_attachment(attachment: Attachment, *, actor) -> Attachment:
    """Take a file away from its entry: the row stays, the file is deleted KEPT_DAYS later.

    Refuses who may not change the entry, a void entry, and a file that is gone already.
    """
    stored = Attachment.objects.select_for_update(of=("self",)).get(pk=attachment.pk)
    _require_right(stored.entry, actor)
    if stored.removed_at is not None:
        raise RuleViolation(f"“{stored.name}”已经移除。")
    stored.removed_at = timezone.now()
    stored.save(update_fields=["removed_at"])
    changes = {"附件": (stored.name, "")}
    audit.record(audit.Action.CHANGE, stored.entry, actor=actor, changes=changes, note="移除附件")
    return stored


def sweep_attachments() -> int:
    """Delete the files that were removed long enough ago; return how many.

    The file goes first, so that a row never forgets a file that is still there.
    """
    before = timezone.now() - timedelta(days=KEPT_DAYS)
    gone = list(Attachment.objects.filter(removed_at__lt=before).exclude(file=""))
    for row in gone:
        _delete_files(row)
        Attachment.objects.filter(pk=row.pk).update(file="", thumbnail="")
    return len(gone)


def _delete_files(row: Attachment) -> None:
    for stored in (row.file, row.thumbnail):
        if stored.name:
            stored.storage.delete(stored.name)


def _require_right(entry: RegisterEntry, actor) -> None:
    if not rules.may(actor, Capability.LOG_RECEPTION, entry):
        raise PermissionDenied
    if entry.is_void:
        raise RuleViolation(f"{entry.code} 已经作废，附件不能再改。")
