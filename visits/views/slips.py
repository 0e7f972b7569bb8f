"""The papers of a visit and of its opinions, to print from the browser."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import Capability
from common.errors import RuleViolation
from visits import rules
from visits.choices import Disposal
from visits.documents import slips
from visits.models import Opinion, Reception
from visits.services.receipts import issue_receipt
from visits.views.receptions import require_reader

SLIPS = {"assign": slips.assign_slip, "urge": slips.urge_slip}


@require_safe
def opinion_slip(request, pk, kind):
    """交办单 or 催办单 of a matter that a unit handles."""
    require_reader(request.user)
    row = get_object_or_404(Opinion.objects.visible_to(request.user).for_page(), pk=pk)
    if not rules.may(request.user, Capability.LOG_RECEPTION, row.source):
        raise PermissionDenied
    if reason := _why_no_slip(row):
        messages.error(request, reason)
        return redirect("visits:opinion_detail", pk)
    return render(request, "visits/slip.html", {"paper": SLIPS[kind](row), "opinion": row})


def _why_no_slip(opinion: Opinion) -> str:
    if opinion.disposal not in Disposal.with_unit():
        return "这一件没有交给单位办理，没有单子可打印。"
    if opinion.unit_id is None:
        return "还没有写明交给哪个单位。请先在登记的修改页填写承办单位，再打印单子。"
    return ""


@require_POST
def issue(request, pk):
    """Give the visit its code, and show the receipt to print."""
    reception = _reception(request, pk)
    try:
        issue_receipt(reception, actor=request.user)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return redirect("visits:reception_detail", pk)
    return redirect("visits:reception_receipt", pk)


@require_safe
def receipt(request, pk):
    reception = _reception(request, pk)
    if not rules.may(request.user, Capability.LOG_RECEPTION, reception):
        raise PermissionDenied
    if not reception.receipt_code:
        messages.error(request, "还没有出具回执。")
        return redirect("visits:reception_detail", pk)
    return render(request, "visits/receipt.html", {"paper": slips.receipt_of(reception)})


@require_safe
def record(request, pk):
    """接待记录 for signature; contacts as the page shows them to its reader."""
    paper = slips.record_of(_reception(request, pk))
    return render(request, "visits/record.html", {"paper": paper})


def _reception(request, pk) -> Reception:
    require_reader(request.user)
    reception = get_object_or_404(Reception.objects.visible_to(request.user).for_page(), pk=pk)
    rules.open_contacts([reception], request.user)
    return reception
