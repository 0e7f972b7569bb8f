"""A sheet in the browser: upload, name its columns, look it through, confirm, undo."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.errors import RuleViolation
from common.importing import kinds, preview, services
from common.importing.forms import MappingForm, UploadForm
from common.importing.resources import Options, SheetResource
from common.importing.rows import Outcome
from common.models import BatchState, ImportBatch
from common.sheets.workbook import SheetFileError


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, kind: str) -> HttpResponse:
    resource = _resource(request, kind)
    form = UploadForm(
        request.POST or None, request.FILES or None, stations=resource.stations(request.user)
    )
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        content, options = file.read(), form.options()
        if _can_be_checked(request, form, kind, content, file.name, options):
            batch = services.store_upload(
                kind, content, file.name, actor=request.user, options=options
            )
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
        return render(request, "importing/result.html", context)
    try:
        outcome = _check_again(batch, request.user)
    except services.ColumnsMissing:
        return redirect(f"{resource.url_name}_columns", batch.pk)
    except (RuleViolation, SheetFileError) as error:
        messages.error(request, str(error))
        return redirect(resource.url_name)
    context |= preview.of(outcome, request.GET)
    return render(request, "importing/check.html", context)


@require_http_methods(["GET", "POST"])
def columns(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Which column each heading is that was not recognised."""
    resource, batch = _resource(request, kind), _batch(request, kind, pk)
    tables = services.read_tables(
        kind,
        _content(batch),
        batch.file_name,
        actor=request.user,
        options=Options(**batch.options),
    )
    form = MappingForm(
        request.POST or None,
        tables=tables,
        columns=resource.columns(),
        chosen=batch.options["mapping"],
    )
    if request.method == "POST" and form.is_valid():
        services.name_columns(batch, form.mapping())
        return redirect(f"{resource.url_name}_check", pk)
    context = {"resource": resource, "batch": batch, "form": form, "tables": tables}
    return render(request, "importing/columns.html", context)


@require_POST
def confirm(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    resource, batch = _resource(request, kind), _batch(request, kind, pk)
    try:
        outcome = services.write_sheet(
            batch, _content(batch), actor=request.user, partial="partial" in request.POST
        )
    except (RuleViolation, SheetFileError) as error:
        messages.error(request, str(error))
    else:
        if outcome.batch is None:
            messages.error(request, "有误的行还没有改，什么都没有导入。")
        else:
            messages.success(request, f"已导入 {outcome.written} 条。")
    return redirect(f"{resource.url_name}_check", pk)


@require_POST
def undo(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    resource, batch = _resource(request, kind), _batch(request, kind, pk)
    try:
        messages.success(request, services.undo_batch(batch, actor=request.user))
    except RuleViolation as error:
        messages.error(request, str(error))
    return redirect(f"{resource.url_name}_check", pk)


def _resource(request, kind: str) -> SheetResource:
    resource = kinds.kind(kind)
    if not resource.may_import(request.user):
        raise PermissionDenied
    return resource


def _batch(request, kind: str, pk: int) -> ImportBatch:
    return get_object_or_404(ImportBatch.objects.visible_to(request.user), kind=kind, pk=pk)


def _can_be_checked(request, form, kind, content, filename, options: Options) -> bool:
    """Check an upload; what is wrong with the file is said at the field it belongs to."""
    try:
        services.check_sheet(kind, content, filename, actor=request.user, options=options)
    except services.ColumnsMissing:
        return True  # the user will name them
    except SheetFileError as error:
        form.add_error("file", str(error))
    except RuleViolation as error:
        form.add_error(None, str(error))
    except PermissionDenied as error:
        form.add_error(None, str(error))
    else:
        return True
    return False


def _content(batch: ImportBatch) -> bytes:
    with batch.file.open() as file:
        return file.read()


def _check_again(batch: ImportBatch, actor) -> Outcome:
    return services.check_sheet(
        batch.kind,
        _content(batch),
        batch.file_name,
        actor=actor,
        options=Options(**batch.options),
    )
