"""交办单, 督办单, 答复函, 征询意见表 and the others: to print from the browser, or for Word."""

from __future__ import annotations

from io import BytesIO

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from common.forms.fields import whole
from suggestions.documents import PAPERS, sheets_of
from suggestions.documents.sheet import Reader, Sheet, file_name
from suggestions.documents.word import write_sheets
from suggestions.models import Handling, Suggestion
from suggestions.views.detail import require_reader

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
def paper(request, pk, kind):
    """A paper for the printer: one sheet, or one for each unit."""
    suggestion, sheets = _asked_for(request, pk, kind)
    context = {"suggestion": suggestion, "kind": kind, "sheets": sheets}
    return render(request, "suggestions/paper_sheet.html", context)


@require_safe
def paper_word(request, pk, kind):
    """The same as a Word document."""
    suggestion, sheets = _asked_for(request, pk, kind)
    target = BytesIO()
    write_sheets(sheets, target)
    target.seek(0)
    name = f"{file_name(suggestion, sheets)}.docx"
    return FileResponse(target, as_attachment=True, filename=name, content_type=DOCX)


def _asked_for(request, pk, kind) -> tuple[Suggestion, list[Sheet]]:
    """`?share=` asks for one unit's, `?step=` for those of one 催办 or 督办."""
    require_reader(request.user)
    rows = Suggestion.objects.visible_to(request.user).for_page()
    suggestion = get_object_or_404(rows, pk=pk)
    if kind not in PAPERS:
        raise Http404
    shares = list(Handling.objects.filter(suggestion=suggestion).for_page())
    wanted = {name: _key(request, name) for name in ("share", "step")}
    sheets = sheets_of(Reader(request.user, suggestion, shares), kind, **wanted)
    if not sheets:
        raise Http404
    return suggestion, sheets


def _key(request, name: str) -> int | None:
    """A key of the address; what is no number asks for nothing that exists."""
    return (whole(request.GET[name]) or 0) if request.GET.get(name) else None
