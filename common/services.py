from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from common.errors import RuleViolation
from common.models import BatchState, Draft, ImportBatch

DRAFT_DAYS = 30
DRAFTS_PER_USER = 50
DRAFT_CHARACTERS = 200_000
UPLOAD_DAYS = 7


def keep_draft(user, form: str, key: UUID, data: dict) -> Draft:
    """Keep what `user` has typed so far into one form; the newest state wins.

    Refuses a form larger than anybody types, and more unsaved forms than anybody has.
    """
    if len(json.dumps(data)) > DRAFT_CHARACTERS:
        raise RuleViolation("内容太多，草稿没有保存，请先保存。")
    others = Draft.objects.filter(user=user).exclude(form=form, key=key).count()
    if others >= DRAFTS_PER_USER:
        raise RuleViolation("没保存的草稿太多，请先保存或丢弃一些。")
    draft, _ = Draft.objects.update_or_create(
        user=user, form=form, key=key, defaults={"data": data}
    )
    return draft


def drop_draft(user, form: str, key: UUID) -> None:
    """Forget a draft: its form was saved, or its user threw it away."""
    Draft.objects.filter(user_id=user.pk, form=form, key=key).delete()


def sweep() -> None:
    """Delete drafts untouched for a month and uploads unconfirmed for a week."""
    now = timezone.now()
    Draft.objects.filter(updated_at__lt=now - timedelta(days=DRAFT_DAYS)).delete()
    forgotten = ImportBatch.objects.filter(
        state=BatchState.CHECKED, created_at__lt=now - timedelta(days=UPLOAD_DAYS)
    )
    for batch in forgotten:
        _forget(batch)


@transaction.atomic
def _forget(batch: ImportBatch) -> None:
    storage, names = batch.file.storage, [batch.file.name, batch.preview.name]
    batch.delete()
    transaction.on_commit(lambda: [storage.delete(name) for name in names if name])
