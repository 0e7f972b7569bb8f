"""A file that somebody asked for: at once when it is short, otherwise as a job."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from common.errors import RuleViolation
from common.jobs import kinds, services
from common.jobs.kinds import Work

_OFFICE = "application/vnd.openxmlformats-officedocument."
# What the machine itself knows of these endings differs from one to the next.
_TYPES = {
    ".xlsx": f"{_OFFICE}spreadsheetml.sheet",
    ".docx": f"{_OFFICE}wordprocessingml.document",
}
IN_MEMORY = 2 * 1024 * 1024  # a larger file waits on disk until it is sent


def answer_with_file(
    request: HttpRequest, kind: str, arguments: Mapping[str, Any], *, lines: int, back: str
) -> HttpResponseBase:
    """The file that `kind` makes of `arguments`; beyond EXPORT_AT_ONCE lines the page of its job.

    What is refused is said on the page `back`.
    """
    try:
        if lines > settings.EXPORT_AT_ONCE:
            return redirect(
                "jobs:detail", services.start_job(kind, arguments, actor=request.user, back=back).pk
            )
        return _made_now(request, kind, arguments)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return redirect(back)


def _made_now(request, kind: str, arguments: Mapping[str, Any]) -> FileResponse:
    target = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - sent, then closed
    try:
        result = kinds.kind(kind).run(Work(request.user, arguments, target))
    except BaseException:
        target.close()
        raise
    target.seek(0)
    return as_download(target, result.filename)


def as_download(file, name: str) -> FileResponse:
    """An answer that browsers save under `name` and never show."""
    kind = _TYPES.get(PurePath(name).suffix.lower(), "application/octet-stream")
    answer = FileResponse(file, as_attachment=True, filename=name, content_type=kind)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
