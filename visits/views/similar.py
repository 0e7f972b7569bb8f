"""What the reception page says while one types: who came before, and what sounds alike."""

from __future__ import annotations

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from common.forms.fields import whole
from common.sheets.cells import CellError, parse_phones
from visits import rules
from visits.services import suggesting
from visits.views.entry_pages import station_to_log_at

# Characters of a statement that are compared: what the matter is, people say first.
SAID_UP_TO = 80


@require_POST
def similar(request):
    """A part of the reception page; names and words come as the form calls them, or plainly.

    Nothing is written: it is posted because what a visitor says belongs into no address and no
    log of addresses.
    """
    typed, user = request.POST, request.user
    station = station_to_log_at(request)
    statements = [typed[name][:SAID_UP_TO] for name in typed if name.endswith("statement")][:20]
    categories = [whole(typed[name]) for name in typed if name.endswith("category")]
    hints = suggesting.hints_for(
        user,
        station,
        name=(typed.get("name") or typed.get("visitor_name") or "").strip(),
        phone=_number(typed.get("phone", "")),
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
