"""接待公告, 签到表 and 年度接待计划: to print from the browser, or as a file."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.forms.fields import whole
from deputies.choices import DayState
from deputies.documents import excel, papers, word
from deputies.documents.year import year_of
from deputies.models import DutyDay
from deputies.rules import duty as rules
from deputies.views.duty.year import YEARS, station_in_scope

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_MONTHS = 12


@require_safe
def notice(request, pk):
    day = _day(request, pk)
    months = min(whole(request.GET.get("months")) or 0, MOST_MONTHS)
    paper = papers.notice_of(day, papers.days_from(day, months, request.user))
    if request.GET.get("format") == "docx":
        return _file(paper, word.write_notice, "docx", DOCX)
    return render(request, "duty/paper_notice.html", {"paper": paper, "day": day, "months": months})


@require_safe
def sheet(request, pk):
    day = _day(request, pk)
    if not rules.can_manage_at(request.user, day.station):
        raise PermissionDenied
    paper = papers.sheet_of(day)
    made = {"docx": (word.write_sheet, DOCX), "xlsx": (excel.write_sheet, XLSX)}
    wanted = request.GET.get("format", "")
    if wanted in made:
        return _file(paper, made[wanted][0], wanted, made[wanted][1])
    context = {"paper": paper, "day": day, "columns": papers.SIGN_IN_COLUMNS}
    return render(request, "duty/paper_sheet.html", context)


@require_safe
def year_paper(request, station_pk, year):
    if year not in YEARS:
        raise Http404
    book = year_of(station_in_scope(request, station_pk), year, request.user)
    paper = papers.year_paper(book)
    made = {"docx": (word.write_year, DOCX), "xlsx": (excel.write_year, XLSX)}
    wanted = request.GET.get("format", "")
    if wanted in made:
        return _file(paper, made[wanted][0], wanted, made[wanted][1])
    context = {"paper": paper, "columns": papers.YEAR_COLUMNS, "now": timezone.localtime()}
    return render(request, "duty/paper_year.html", context)


def _day(request, pk) -> DutyDay:
    """A day that takes place: of one cancelled nothing is printed."""
    days = DutyDay.objects.visible_to(request.user).exclude(state=DayState.CANCELLED)
    return get_object_or_404(days.with_people(), pk=pk)


def _file(paper, write: Callable, extension: str, content_type: str) -> FileResponse:
    target = BytesIO()
    write(paper, target)
    target.seek(0)
    name = f"{paper.filename}.{extension}"
    return FileResponse(target, as_attachment=True, filename=name, content_type=content_type)
