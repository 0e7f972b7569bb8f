"""A sheet in the browser: upload, name its columns, look it through, mend, confirm, undo."""

from __future__ import annotations

import tempfile

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.errors import RuleViolation
from common.importing import background, kinds, preview, returning, services
from common.importing.forms import MappingForm, UploadForm
from common.importing.resources import SheetResource
from common.models import BatchState, ImportBatch
from common.sheets.workbook import SheetFileError

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, kind: str) -> HttpResponse:
    resource = _resource(request, kind)
    form = UploadForm(
        request.POST or None, request.FILES or None, stations=resource.stations(request.user)
    )
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        batch = services.store_upload(
            kind, file.read(), file.name, actor=request.user, options=form.options()
        )
        if background.is_long(batch):
            return _check_in_background(request, resource, batch)
        if _is_checked(request, batch, form):
            return redirect(f"{resource.url_name}_check", batch.pk)
    batches = ImportBatch.objects.visible_to(request.user).written().filter(kind=kind)[:10]
    return render(
        request,
        "importing/upload.html",
        {"resource": resource, "form": form, "batches": batches},
        status=422 if form.is_bound and form.errors else 200,
    )


@require_GET
def check(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The preview: what would become of each entry, page by page; afterwards the result."""
    resource, batch = _resource(request, kind), _batch(request, kind, pk)
    context = {"resource": resource, "batch": batch}
    if batch.state != BatchState.CHECKED:
        new = batch.outcome.get("written", 0) - batch.outcome.get("updated", 0)
        is_listed = bool(resource.list_name and new and batch.state == BatchState.WRITTEN)
        context["is_listed"] = is_listed
        return render(request, "importing/result.html", context)
    if not batch.preview:
        if background.is_long(batch):
            return _check_in_background(request, resource, batch)
        try:
            services.check_batch(batch, actor=request.user)
        except services.ColumnsMissing:
            return redirect(f"{resource.url_name}_columns", batch.pk)
        except (RuleViolation, SheetFileError) as error:
            messages.error(request, str(error))
            return redirect(resource.url_name)
    return render(request, "importing/check.html", context | preview.of(batch, request.GET))


@require_http_methods(["GET", "POST"])
def columns(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Which column each heading is that was not recognised."""
    resource, batch = _resource(request, kind), _open_batch(request, kind, pk)
    found = services.headings_of_batch(batch, actor=request.user)
    form = MappingForm(
        request.POST or None,
        tables=found.tables,
        columns=resource.columns(),
        chosen=found.remembered | (batch.options["mapping"] or {}),
    )
    if request.method == "POST" and form.is_valid():
        services.name_columns(batch, form.mapping(), actor=request.user)
        return _checked_anew(request, resource, batch)
    context = {"resource": resource, "batch": batch, "form": form, "found": found}
    return render(request, "importing/columns.html", context)


@require_POST
def cells(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """What was typed over the bad cells of a page of the preview; then all is checked again."""
    resource, batch = _resource(request, kind), _open_batch(request, kind, pk)
    try:
        count = services.mend_cells(batch, preview.typed_cells(request.POST), actor=request.user)
    except RuleViolation as error:
        messages.error(request, str(error))
        return redirect(f"{resource.url_name}_check", pk)
    if not count:
        messages.info(request, "没有改动。请在红框里改好再核对。")
        return redirect(_page_of(request, resource, pk))
    return _checked_anew(request, resource, batch)


@require_POST
def confirm(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    resource, batch = _resource(request, kind), _batch(request, kind, pk)
    partial = "partial" in request.POST
    try:
        if background.is_long(batch):
            job = background.start_write(batch, actor=request.user, partial=partial)
            return redirect("jobs:detail", job.pk)
        outcome = services.write_sheet(
            batch, services.content_of(batch), actor=request.user, partial=partial
        )
    except (RuleViolation, SheetFileError) as error:
        messages.error(request, str(error))
    else:
        if outcome.batch is None:
            messages.error(request, "有误的行还没有改，什么都没有导入。")
            return _checked_anew(request, resource, batch)
        messages.success(request, f"已{preview.words_of(outcome.new, outcome.updated)}。")
    return redirect(f"{resource.url_name}_check", pk)


@require_POST
def undo(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    resource, batch = _resource(request, kind), _batch(request, kind, pk)
    try:
        messages.success(request, services.undo_batch(batch, actor=request.user))
    except RuleViolation as error:
        messages.error(request, str(error))
    return redirect(f"{resource.url_name}_check", pk)


@require_GET
def rejected(request: HttpRequest, kind: str, pk: int) -> FileResponse:
    """The rejected rows as a workbook, to be corrected and uploaded again."""
    _resource(request, kind)
    batch = _batch(request, kind, pk)
    if not batch.preview or not batch.outcome.get("rejected"):
        raise Http404
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    returning.write_rejected(batch, file)
    file.seek(0)
    return FileResponse(
        file, as_attachment=True, filename=returning.filename_of(batch), content_type=EXCEL
    )


def _resource(request, kind: str) -> SheetResource:
    resource = kinds.kind(kind)
    if not resource.may_import(request.user):
        raise PermissionDenied
    return resource


def _batch(request, kind: str, pk: int) -> ImportBatch:
    return get_object_or_404(ImportBatch.objects.visible_to(request.user), kind=kind, pk=pk)


def _open_batch(request, kind: str, pk: int) -> ImportBatch:
    """A batch that can still be changed."""
    batch = _batch(request, kind, pk)
    if batch.state != BatchState.CHECKED:
        raise Http404
    return batch


def _is_checked(request, batch: ImportBatch, form) -> bool:
    """Check an upload; what is wrong with the file is said at the field it belongs to."""
    try:
        services.check_batch(batch, actor=request.user)
    except services.ColumnsMissing:
        return True  # the user will name them
    except SheetFileError as error:
        form.add_error("file", str(error))
    except services.OtherKind as error:
        form.add_error("file", str(error))
        form.other = error.resource if error.resource.may_import(request.user) else None
    except (RuleViolation, PermissionDenied) as error:
        form.add_error(None, str(error))
    else:
        return True
    services.drop_upload(batch)
    return False


def _checked_anew(request, resource: SheetResource, batch: ImportBatch) -> HttpResponse:
    """Back to the preview, with all checked again."""
    if background.is_long(batch):
        return _check_in_background(request, resource, batch)
    try:
        services.check_batch(batch, actor=request.user)
    except services.ColumnsMissing:
        return redirect(f"{resource.url_name}_columns", batch.pk)
    except (RuleViolation, SheetFileError) as error:
        messages.error(request, str(error))
    return redirect(_page_of(request, resource, batch.pk))


def _check_in_background(request, resource: SheetResource, batch: ImportBatch) -> HttpResponse:
    """The page of the job that checks, and leads on to the preview."""
    try:
        job = background.start_check(batch, actor=request.user)
    except RuleViolation as error:
        messages.error(request, str(error))
        return redirect(resource.url_name)
    return redirect("jobs:detail", job.pk)


def _page_of(request, resource: SheetResource, pk: int) -> str:
    """The page of the preview that a form was sent from."""
    query = request.GET.urlencode()
    return reverse(f"{resource.url_name}_check", args=[pk]) + (f"?{query}" if query else "")
