"""What the reception page says while one types: who came before, and what sounds alike."""

from __future__ import annotations

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.forms.fields import whole
from common.sheets.cells import CellError, parse_phones
from visits import rules
from visits.services import suggesting
from visits.views.entry_pages import station_to_log_at


@require_safe
def similar(request):
    """A part of the reception page; names and words come as the form calls them, or plainly."""
    get, user = request.GET, request.user
    station = station_to_log_at(request)
    statements = [get[name] for name in get if name.endswith("statement")][:20]
    categories = [whole(get[name]) for name in get if name.endswith("category")]
    hints = suggesting.hints_for(
        user,
        station,
        name=(get.get("name") or get.get("visitor_name") or "").strip(),
        phone=_number(get.get("phone", "")),
        statements=statements,
        category=next(filter(None, categories), None),
    )
    rules.open_contacts(hints.visits, user)
    today = timezone.localdate()
    for visit in hints.visits:
        visit.when = suggesting.worded(visit.received_on, today)
    return render(request, "visits/reception_similar.html", {"hints": hints})


def _number(text: str) -> str:
    try:
        return next(iter(parse_phones(text).numbers), "")
    except CellError:
        return ""
