"""签到: the screen in the station, its code, and the page on the deputy's phone."""

from __future__ import annotations

from dataclasses import dataclass

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRefresh

from common.errors import RuleViolation
from deputies import addresses
from deputies.choices import EXPECTED, Answer, Attendance
from deputies.documents.papers import levels_of
from deputies.models import Assignment, DutyDay
from deputies.rules import duty as rules
from deputies.services import duty as services

# More of them stand closer, so that a screen shows all.
MANY = 6


@login_not_required
@never_cache
@require_GET
def screen(request, token):
    """What hangs in the station: the code of this minute, and who has come. Nothing else."""
    day = addresses.day_of_screen(token)
    if day is None and request.htmx:
        return HttpResponseClientRefresh()
    if day is None:
        return render(request, "duty/screen_gone.html", status=404)
    part = "#board" if request.htmx else ""
    return render(request, f"duty/screen.html{part}", _screen_of(day, request))


def _screen_of(day: DutyDay, request) -> dict:
    lines = signers(day)
    return {
        "day": day,
        "now": timezone.localtime(),
        "left": addresses.seconds_left(),
        "code": code_of(addresses.absolute(addresses.scan_path(day))),
        "lines": lines,
        "is_tight": len(lines) >= MANY,
        "came": sum(line.signed_at is not None for line in lines),
        "due": len(day.expected),
        "is_dark": "dark" in request.GET,
    }


def code_of(address: str) -> str:
    """A QR code as inline SVG; its colours are attributes, which the CSP allows."""
    code = segno.make(address, micro=False)
    return mark_safe(code.svg_inline(omitsize=True, svgclass="qr", lineclass=None))  # noqa: S308 - drawn by segno


@dataclass(frozen=True)
class Signer:
    """One line of the screen."""

    name: str
    levels: str
    instead_of: str
    signed_at: object
    away: str  # 请假, 廖波英替班


def signers(day: DutyDay) -> list[Signer]:
    """Who is expected, and who would have been: on leave, or somebody came in their place."""
    rows = list(day.assignments.all())
    stand_ins = {row.stands_in_for_id: row.deputy.name for row in rows if row.stands_in_for_id}
    shown = [row for row in rows if row.answer in EXPECTED or _away(row, stand_ins)]
    return [
        Signer(
            name=row.deputy.name,
            levels=levels_of(row.deputy, day.station),
            instead_of=row.stands_in_for.deputy.name if row.stands_in_for else "",
            signed_at=row.sign_in.at if rules.has_signed(row) else None,
            away="" if row.answer in EXPECTED else _away(row, stand_ins),
        )
        for row in shown
    ]


def _away(row: Assignment, stand_ins: dict[int, str]) -> str:
    on_leave = row.answer == Answer.LEAVE or row.attendance == Attendance.LEAVE
    instead = f"{stand_ins[row.pk]}替班" if row.pk in stand_ins else ""
    return " · ".join(filter(None, ["请假" if on_leave else "", instead]))


@login_not_required
@never_cache
@require_GET
def scan(request, token):
    """Remember that this phone stood before the screen; signing in is the next page's button."""
    day = addresses.day_of_scan(token)
    if day is None:
        return render(request, "duty/sign_in_old.html", status=404)
    addresses.remember_scan(request.session, day)
    return redirect("duty:sign_in", day.pk)


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request, pk):
    scanned = addresses.scanned_day(request.session, pk)
    own = Assignment.objects.own(request.user).filter(day=pk).expected().for_page().first()
    if scanned is None and own is None:
        raise Http404
    if request.method == "POST":
        _sign(request, scanned)
        return redirect("duty:sign_in", pk)
    today = timezone.localdate()
    context = {
        "own": own,
        "day": own.day if own else scanned,
        "scanned": scanned is not None,
        "signed": own.sign_in if own and rules.has_signed(own) else None,
        "can_sign": own and scanned and rules.can_sign_in(request.user, own, today),
    }
    return render(request, "duty/sign_in.html", context)


def _sign(request, scanned: DutyDay | None) -> None:
    try:
        if scanned is None:
            raise RuleViolation("时间过得久了，请再扫一次签到屏上的二维码。")
        services.sign_in(scanned, actor=request.user)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
