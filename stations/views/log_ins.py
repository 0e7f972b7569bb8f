"""How a log-in that was just opened is handed over: its first password is shown this once."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render

from common.errors import RuleViolation
from stations import rules, services
from stations.forms import LogInForm
from stations.models import Posting


def with_rights(postings: Iterable[Posting], user) -> list[Posting]:
    """The postings as a list says them: each with what `user` may do to it."""
    rows = list(postings)
    for posting in rows:
        posting.may_end = rules.can_end(user, posting)
        posting.may_open_log_in = not posting.user_id and rules.can_manage_log_in(user, posting)
    return rows


def open_log_in_of(request, posting: Posting, place: str, back: str):
    if not rules.can_manage_log_in(request.user, posting):
        raise PermissionDenied
    form = LogInForm(request.POST)
    try:
        if not form.is_valid():
            raise RuleViolation(form.errors["phone"][0])
        user, password = services.open_log_in(posting, actor=request.user, **form.cleaned_data)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    return hand_out(request, user, password, place, back)


def hand_out(request, user, password: str, place: str, back: str):
    """The slip with the first password, or word that an account of old serves."""
    if not password:
        messages.success(request, f"{user}用原有账号 {user.username} 登录，密码不变。")
        return redirect(back)
    context = {"person": user, "password": password, "place": place, "back": back}
    return render(request, "stations/log_in_slip.html", context)
