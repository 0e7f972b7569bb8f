"""What a district sets for its suggestions: times, meetings, wordings. Nothing runs backwards."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import Capability
from common.errors import RuleViolation
from suggestions import rules, services
from suggestions.forms.settings import LimitTable, SessionForm, WordingForm, areas_of
from suggestions.models import ClassWording, Session


@require_safe
def overview(request):
    """The meetings of one's own congresses; for the district its times and wordings, too."""
    _require_office(request.user)
    return render(request, "suggestions/settings.html", _page_of(request.user))


def _page_of(user, **forms) -> dict:
    keeps = rules.keeps_settings(user)
    context = {
        "keeps": keeps,
        "sessions": Session.objects.where_user_can(user, Capability.REVIEW_SUGGESTION)
        .select_related("area"),
    }  # fmt: skip
    if keeps:
        today = timezone.localdate()
        context |= {
            "limits": LimitTable(),
            "out_of_step": services.days_out_of_step(),
            "wordings": ClassWording.objects.valid_on(today).items(),
            "wording_history": ClassWording.objects.order_by("-valid_from", "code"),
            "wording_form": WordingForm(initial={"valid_from": today}),
            "today": today,
        }
    return context | forms


@require_POST
def set_limits(request):
    """First the preview of what would move, then, confirmed, the change."""
    _require_keeper(request.user)
    table = LimitTable(request.POST)
    if not table.is_valid():
        page = _page_of(request.user, limits=table, failed=True)
        return render(request, "suggestions/settings.html", page, status=422)
    if not table.changes:
        messages.info(request, "期限没有变化。")
        return redirect("suggestions:settings")
    if "confirm" in request.POST:
        return _change_limits(request, table)
    return _preview(request, table)


def _preview(request, table: LimitTable, refusal: str = "", status: int = 200):
    shifts = services.shifts([new.as_row() for new in table.changes])
    context = {
        "table": table, "changes": table.changes, "refusal": refusal,
        "shifts": [one for one in shifts if one.moves],
    }  # fmt: skip
    return render(request, "suggestions/settings_preview.html", context, status=status)


def _change_limits(request, table: LimitTable):
    try:
        moved = services.set_time_limits(
            table.changes, actor=request.user, reckon_running="reckon" in request.POST
        )
    except RuleViolation as refusal:
        fresh = LimitTable()
        page = _page_of(request.user, limits=fresh, refusal=str(refusal))
        return render(request, "suggestions/settings.html", page, status=409)
    words = f"，正在走的期限移动了 {moved} 个" if moved else "，正在走的期限没有动"
    messages.success(request, f"期限已保存{words}。")
    return redirect("suggestions:settings")


@require_http_methods(["GET", "POST"])
def reckon(request):
    """Where calendar and settings of now put the running days; on POST they go there."""
    _require_keeper(request.user)
    if request.method == "POST":
        moved = services.reckon_anew(actor=request.user)
        messages.success(request, f"已重算，移动了 {moved} 个期限。")
        return redirect("suggestions:settings")
    shifts = [one for one in services.shifts() if one.moves]
    return render(request, "suggestions/settings_reckon.html", {"shifts": shifts})


@require_http_methods(["GET", "POST"])
def session_new(request):
    _require_office(request.user)
    return _session(request, Session())


@require_http_methods(["GET", "POST"])
def session_change(request, pk):
    _require_office(request.user)
    rows = Session.objects.where_user_can(request.user, Capability.REVIEW_SUGGESTION)
    return _session(request, get_object_or_404(rows.select_related("area"), pk=pk))


def _session(request, row: Session):
    form = SessionForm(request.POST or None, instance=row, areas=areas_of(request.user))
    if request.method == "POST" and form.is_valid():
        try:
            session = form.save(actor=request.user)
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{session.area.name}{session}已保存。")
            return redirect("suggestions:settings")
    status = 422 if request.method == "POST" else 200
    return render(request, "suggestions/settings_session.html", {"form": form}, status=status)


@require_POST
def set_wording(request):
    _require_keeper(request.user)
    form = WordingForm(request.POST)
    if form.is_valid():
        try:
            row = form.save(actor=request.user)
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{row.code} 类的含义已保存。")
            return redirect("suggestions:settings")
    page = _page_of(request.user, wording_form=form)
    return render(request, "suggestions/settings.html", page, status=422)


def out_of_step(user) -> int:
    """How many running days are not where the calendar puts them, for the district's home; 0 for
    everybody else."""
    return services.days_out_of_step() if rules.keeps_settings(user) else 0


def _require_office(user) -> None:
    if not rules.reviews_somewhere(user):
        raise PermissionDenied


def _require_keeper(user) -> None:
    if not rules.keeps_settings(user):
        raise PermissionDenied
