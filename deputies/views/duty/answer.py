"""The address in a message: one deputy, one day, no log-in. Opening it changes nothing."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from common.errors import RuleViolation
from deputies import addresses
from deputies.actors import ByLink
from deputies.choices import Request
from deputies.forms.duty_own import LeaveForm
from deputies.models import Assignment
from deputies.own_duty import OwnDay
from deputies.services import duty as services


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request, token):
    row = addresses.assignment_of(token)
    if row is None:
        return render(request, "duty/answer_gone.html", status=404)
    form = LeaveForm(request.POST if "leave" in request.POST else None)
    if request.method == "POST" and _is_done(request, row, form):
        return redirect(request.path)
    own = OwnDay(row, timezone.localdate())
    status = 422 if form.is_bound else 200
    return render(request, "duty/answer.html", {"own": own, "leave_form": form}, status=status)


def _is_done(request, row: Assignment, form: LeaveForm) -> bool:
    """Whether the answer needs no mending; a refusal is said on the day's own page."""
    actor = ByLink(row.deputy)
    try:
        if "withdraw" in request.POST:
            _withdraw(row, actor)
            messages.success(request, "请假已撤回。")
        elif not form.is_bound:
            services.confirm(row, actor=actor)
            messages.success(request, "已经记下，谢谢您。")
        elif form.is_valid():
            services.ask_leave(row, actor=actor, **form.cleaned_data)
            messages.success(request, "请假已提出，等站长答复。")
        else:
            return False
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    return True


def _withdraw(row: Assignment, actor: ByLink) -> None:
    asked = row.leave_requests.filter(state=Request.ASKED).first()
    if asked is None:
        raise RuleViolation("没有待答复的请假。")
    services.withdraw_leave(asked, actor=actor)
