"""Photos and papers of the registers: given out to who may read the entry, and to nobody else.

No browser keeps them (`accounts.middleware`): offices share their computers, and a thumbnail that
lay in the cache would be shown to whoever comes next without anybody being asked.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from common.errors import RuleViolation
from common.files import CONTENT_TYPES
from visits.choices import AttachmentKind
from visits.forms.attachments import chosen_files
from visits.models import Activity, Assistance, Attachment, Reception, RegisterEntry
from visits.services.attachments import Added, add_attachments, remove_attachment
from visits.views.receptions import require_reader

ENTRIES: dict[str, type[RegisterEntry]] = {
    model.register.value: model for model in (Reception, Assistance, Activity)
}


@require_POST
def attachment_add(request, register, pk):
    """Attach the files that were chosen; those not taken are named, the others stay."""
    require_reader(request.user)
    if register not in ENTRIES:
        raise Http404
    entry = get_object_or_404(ENTRIES[register].objects.visible_to(request.user), pk=pk)
    try:
        added = add_attachments(entry, chosen_files(request.FILES), actor=request.user)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        _say(request, added)
    return _back_to(entry)


def _say(request, added: Added) -> None:
    if added.rows:
        messages.success(request, f"已上传 {len(added.rows)} 个附件。")
    if added.known:
        messages.info(request, f"“{'”“'.join(added.known)}”已经有了，没有重复上传。")
    for refusal in added.refused:
        messages.error(request, refusal)


def _back_to(entry: RegisterEntry):
    return redirect(f"visits:{entry.register.value}_detail", entry.pk)


def _attachment(request, pk) -> Attachment:
    require_reader(request.user)
    rows = Attachment.objects.visible_to(request.user).standing()
    return get_object_or_404(rows.select_related("reception", "assistance", "activity"), pk=pk)


@require_safe
def attachment_open(request, pk):
    """A photo to look at: it is our own JPEG. A paper only to be saved, under its own name."""
    row = _attachment(request, pk)
    is_photo = row.kind == AttachmentKind.PHOTO
    return _given_out(row.file, row.name, as_attachment=not is_photo)


@require_safe
def attachment_thumbnail(request, pk):
    row = _attachment(request, pk)
    if not row.thumbnail:
        raise Http404
    return _given_out(row.thumbnail, row.name, as_attachment=False)


def _given_out(stored, name: str, *, as_attachment: bool) -> FileResponse:
    """The type is that of what we stored, whatever was said of it when it came."""
    kind = CONTENT_TYPES.get(PurePosixPath(stored.name).suffix, "application/octet-stream")
    try:
        content = stored.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, as_attachment=as_attachment, filename=name, content_type=kind)
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
def attachment_remove(request, pk):
    row = _attachment(request, pk)
    try:
        remove_attachment(row, actor=request.user)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"已移除“{row.name}”。")
    return _back_to(row.entry)
