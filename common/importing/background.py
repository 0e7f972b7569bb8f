"""Large sheets are checked and written by the worker; the page of the job leads on.

Writing and the end of its job are one transaction: a batch whose job was interrupted is as it was
before, and can be confirmed again.
"""

from __future__ import annotations

import hashlib
import json

from django.conf import settings
from django.urls import reverse

from common.errors import RuleViolation
from common.importing import kinds, services
from common.importing.preview import words_of
from common.jobs import kinds as jobs
from common.jobs.kinds import Kind, Result, Work
from common.jobs.services import start_job
from common.models import BatchState, ImportBatch, Job

CHECK, WRITE = "import_check", "import_write"


def is_long(batch: ImportBatch) -> bool:
    """Whether nobody should have to wait for it in front of a blank page."""
    return batch.file.size > settings.IMPORT_AT_ONCE


def start_check(batch: ImportBatch, *, actor) -> Job:
    """Check a batch in the background; once more if it was mended since a check began."""
    given = json.dumps(batch.options, sort_keys=True, ensure_ascii=False)
    arguments = {
        "batch": batch.pk,
        "file": batch.file_name,
        "options": hashlib.sha256(given.encode()).hexdigest(),
    }
    return start_job(CHECK, arguments, actor=actor, back=reverse(_resource(batch).url_name))


def start_write(batch: ImportBatch, *, actor, partial: bool) -> Job:
    """Write a batch in the background; confirmed twice at once it is written once."""
    arguments = {"batch": batch.pk, "file": batch.file_name, "partial": partial}
    return start_job(WRITE, arguments, actor=actor, back=_page_of(batch, "check"))


def check(work: Work) -> Result:
    """Check the batch anew as its owner, and lead on to the preview, or to naming its columns."""
    batch = _batch(work)
    if batch.state != BatchState.CHECKED:
        return Result("这一批已经导入过。", next_url=_page_of(batch, "check"))
    try:
        services.check_batch(batch, actor=work.owner, progress=work.progress)
    except services.ColumnsMissing as missing:
        return Result(str(missing), next_url=_page_of(batch, "columns"))
    return Result("核对完了。", next_url=_page_of(batch, "check"))


def write(work: Work) -> Result:
    """Write the batch as its owner; one that has become faulty meanwhile is checked anew."""
    batch = _batch(work)
    outcome = services.write_sheet(
        batch,
        services.content_of(batch),
        actor=work.owner,
        partial=work.arguments["partial"],
        progress=work.progress,
    )
    if outcome.batch is not None:
        said = f"已{words_of(outcome.new, outcome.updated)}。"
        return Result(said, next_url=_page_of(batch, "check"))
    services.check_batch(batch, actor=work.owner, progress=work.progress)
    return Result("有误的行还没有改，什么都没有导入。", next_url=_page_of(batch, "check"))


def register() -> None:
    jobs.register(Kind(CHECK, lambda given: f"核对“{given['file']}”", check, next_label="继续"))
    jobs.register(
        Kind(
            WRITE,
            lambda given: f"导入“{given['file']}”",
            write,
            writes=True,
            next_label="看导入结果",
        )
    )


def _batch(work: Work) -> ImportBatch:
    batch = ImportBatch.objects.visible_to(work.owner).filter(pk=work.arguments["batch"]).first()
    if batch is None:
        raise RuleViolation("上传的文件已经不在了，请重新上传。")
    return batch


def _page_of(batch: ImportBatch, name: str) -> str:
    return reverse(f"{_resource(batch).url_name}_{name}", args=[batch.pk])


def _resource(batch: ImportBatch):
    return kinds.kind(batch.kind)
