"""One duty day as its staff keep it: who comes, who came, what is to be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from functools import partial

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.forms import Form
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import Capability
from common import audit
from common.errors import RuleViolation
from deputies import rules as people_rules
from deputies.addresses import screen_path
from deputies.choices import EXPECTED, Answer, Attendance, DayState, Request, SignedBy
from deputies.forms.duty_day import (
    ContactForm,
    DecisionForm,
    LeaveEarlyForm,
    PostedForm,
    SignInForm,
    StandInForm,
    WithdrawSignInForm,
)
from deputies.models import Assignment, Deputy, DutyDay, LeaveRequest
from deputies.rules import duty as rules
from deputies.services import duty as services
from deputies.services.duty.due import UNSETTLED, steps_of
from deputies.services.duty.tell import when_and_where
from deputies.views.duty.year import address_of
from stations.rules import grants_at

# A form that was refused, by its name and the row it is about: shown again as it was typed.
Typed = dict[tuple[str, int], Form]


@dataclass
class Line:
    """One deputy on the page: the row, what its reader may do with it, and the forms for that."""

    row: Assignment
    phone: str
    leave: LeaveRequest | None
    forms: dict[str, Form]
    opened: str = ""

    @property
    def signed(self):
        return getattr(self.row, "sign_in", None)

    @property
    def is_expected(self) -> bool:
        return self.row.answer in EXPECTED

    @property
    def calls(self) -> bool:
        """Whether the deputy is to be called now: the form stands open."""
        if self.leave:
            return False
        left = (self.row.day.date - timezone.localdate()).days
        return self.row.answer in UNSETTLED and 0 < left <= settings.DUTY_CONTACT_DAYS

    @property
    def tone(self) -> str:
        return {Answer.CONFIRMED: "ok", Answer.WAITING: "wait", Answer.UNREACHABLE: "late"}.get(
            Answer(self.row.answer), ""
        )


@require_safe
def day(request, pk):
    return _show(request, _day(request, pk))


@require_POST
def contact(request, pk):
    row = _row(request, pk)
    form = ContactForm(request.POST, auto_id=f"contact_{pk}_%s")
    verb = partial(services.record_contact, row, actor=request.user)
    return _act(request, row.day, "contact", pk, form, verb, f"已记录与{row.deputy}的联系结果。")


@require_POST
def decide_leave(request, pk):
    rows = Assignment.objects.visible_to(request.user).for_page()
    row = get_object_or_404(rows, leave_requests=pk)
    if not rules.can_decide_leave_at(request.user, row.day.station):
        raise PermissionDenied
    form = DecisionForm(request.POST, auto_id=f"leave_{row.pk}_%s")

    def verb(decision, note):
        agreed, leave = decision == DecisionForm.AGREED, row.leave_requests.get(pk=pk)
        services.decide_leave(leave, actor=request.user, agreed=agreed, note=note)

    return _act(request, row.day, "leave", row.pk, form, verb, f"已答复{row.deputy}的请假。")


@require_POST
def sign_in_for(request, pk):
    row = _row(request, pk)
    form = SignInForm(request.POST, auto_id=f"sign_{pk}_%s")
    verb = partial(services.sign_in_for, row, actor=request.user)
    return _act(request, row.day, "sign", pk, form, verb, f"已为{row.deputy}代签。")


@require_POST
def withdraw_sign_in(request, pk):
    row = _row(request, pk)
    form = WithdrawSignInForm(request.POST, auto_id=f"unsign_{pk}_%s")
    verb = partial(services.withdraw_sign_in, row, actor=request.user)
    return _act(request, row.day, "unsign", pk, form, verb, f"已撤回{row.deputy}的代签。")


@require_POST
def leave_early(request, pk):
    row = _row(request, pk)
    form = LeaveEarlyForm(request.POST, auto_id=f"early_{pk}_%s")
    verb = partial(services.leave_early, row, actor=request.user)
    return _act(request, row.day, "early", pk, form, verb, f"已记{row.deputy}早退。")


@require_POST
def stand_in(request, pk):
    row = _row(request, pk)
    deputies = _who_may_join(row.day)
    form = StandInForm(request.POST, deputies=deputies, auto_id=f"stand_{pk}_%s")
    verb = partial(services.stand_in, row, actor=request.user)
    return _act(request, row.day, "stand", pk, form, verb, "替班已登记，来了请签到。")


@require_POST
def renew_screen(request, pk):
    day = _managed(request, pk)
    services.renew_screen(day, actor=request.user)
    messages.success(request, "签到屏地址已更换，请在站里的屏幕上重新打开。")
    return redirect("duty:day", pk)


@require_POST
def post_notice(request, pk):
    day = _managed(request, pk)
    form = PostedForm(request.POST, auto_id="posted_%s")
    verb = partial(services.post_notice, day, actor=request.user)
    return _act(request, day, "posted", pk, form, verb, "已记录公告张贴。")


def _day(request, pk) -> DutyDay:
    return get_object_or_404(DutyDay.objects.visible_to(request.user).with_people(), pk=pk)


def _managed(request, pk) -> DutyDay:
    """A day of the user's scope that the user also keeps."""
    day = _day(request, pk)
    if not rules.can_manage_at(request.user, day.station):
        raise PermissionDenied
    return day


def _row(request, pk) -> Assignment:
    """An assignment of the user's scope, on a day that the user also keeps."""
    row = get_object_or_404(Assignment.objects.visible_to(request.user).for_page(), pk=pk)
    if not rules.can_manage_at(request.user, row.day.station):
        raise PermissionDenied
    return row


def _act(request, day: DutyDay, name: str, pk: int, form: Form, verb: Callable, done: str):
    """Do what the form says and go back to the day; refused, show it with what was typed."""
    try:
        if form.is_valid():
            verb(**form.cleaned_data)
            messages.success(request, done)
            return redirect("duty:day", day.pk)
    except RuleViolation as refusal:
        form.add_error(None, str(refusal))
    return _show(request, _day(request, day.pk), {(name, pk): form}, status=422)


def _show(request, day: DutyDay, typed: Typed | None = None, *, status: int = 200):
    context = _page_of(day, request.user, typed or {})
    return render(request, "duty/day.html", context, status=status)


def _page_of(day: DutyDay, user, typed: Typed) -> dict:
    today = timezone.localdate()
    manages = rules.can_manage_at(user, day.station)
    others = list(_who_may_join(day)) if manages and not day.is_closed else []
    lines = _lines(day, user, manages, typed, others)
    expected = [line for line in lines if line.is_expected]
    reads = grants_at(user, Capability.VIEW_REGISTER, day.station)
    return {
        "day": day,
        "today": today,
        "manages": manages,
        "people": expected,
        "gone": [line for line in lines if not line.is_expected],
        "signed_count": sum(line.signed is not None for line in lines),
        "steps": steps_of(day, today) if manages else [],
        "screen": screen_path(day) if manages and _is_now(day, today) else "",
        "is_over": day.date < today or (_is_now(day, today) and _hours_are_over(day)),
        "is_now": _is_now(day, today),
        "is_past": day.date < today,
        "is_open": day.state == DayState.PUBLISHED,
        "may_add": manages and _takes_people(day, today),
        "others": others,
        "posted_form": typed.get(("posted", day.pk)) or PostedForm(auto_id="posted_%s"),
        "change_url": address_of(day),
        "refused": next(iter(typed.values()), None),
        "notice": _for_the_group(day),
        "reads_receptions": reads,
        "activity": _activity_of(day) if reads else None,
        "history": audit.shown_history(day) if manages else [],
    }


def _activity_of(day: DutyDay):
    """The line of 簿三 that closing the day entered; none while it is void."""
    activity = getattr(day, "activity", None) if day.is_closed else None
    return None if activity is None or activity.is_void else activity


def _is_now(day: DutyDay, today) -> bool:
    return day.state == DayState.PUBLISHED and day.date == today


def _hours_are_over(day: DutyDay) -> bool:
    return timezone.localtime().time() >= day.ends_at


def _takes_people(day: DutyDay, today) -> bool:
    return day.state in (DayState.DRAFT, DayState.PUBLISHED) and day.date >= today


def _lines(day: DutyDay, user, manages: bool, typed: Typed, others) -> list[Line]:
    rows = list(day.assignments.all())
    prefetch_related_objects(rows, "deputy__station__area", "leave_requests")
    for row in rows:
        row.day = day
    return [_line(row, user, manages, typed, others) for row in rows]


def _line(row: Assignment, user, manages: bool, typed: Typed, others: list[Deputy]) -> Line:
    sees = manages or people_rules.sees_phone(user, row.deputy)
    asked = (leave for leave in row.leave_requests.all() if leave.state == Request.ASKED)
    leave = next(asked, None)
    blank = _blank_forms(row, others) if manages else {}
    decides = rules.can_decide_leave_at(user, row.day.station)
    if leave and decides:
        blank["leave"] = DecisionForm
    forms = {
        name: typed.get((name, row.pk)) or make(auto_id=f"{name}_{row.pk}_%s")
        for name, make in blank.items()
    }
    opened = next((name for name in forms if (name, row.pk) in typed), "")
    return Line(
        row, row.deputy.phone if sees else "", leave if manages or decides else None, forms, opened
    )


def _blank_forms(row: Assignment, others: list[Deputy]) -> dict[str, Callable[..., Form]]:
    """What may be recorded of a deputy now: before the day the call, from the day on who came."""
    today, day = timezone.localdate(), row.day
    if day.state != DayState.PUBLISHED:
        return {}
    found: dict[str, Callable[..., Form]] = {}
    if rules.has_signed(row):
        if row.attendance != Attendance.LEFT_EARLY:
            found["early"] = LeaveEarlyForm
        if row.sign_in.by == SignedBy.STAFF:
            found["unsign"] = WithdrawSignInForm
        return found
    expected, begun = row.answer in EXPECTED, day.date <= today
    if expected and day.date >= today:
        found["contact"] = partial(ContactForm, initial=_said(row))
    if begun and expected:
        found["sign"] = partial(SignInForm, initial={"at": _begun_at(day, today)})
    replaced = any(other.stands_in_for_id == row.pk for other in day.assignments.all())
    if begun and not replaced and row.answer in (*EXPECTED, Answer.LEAVE):
        found["stand"] = partial(StandInForm, offered=others)
    return found


def _begun_at(day: DutyDay, today) -> time:
    """When a deputy who signed on paper came, most likely; before the hours begin, now."""
    now = timezone.localtime().time()
    return min(day.starts_at, now) if day.date == today else day.starts_at


def _said(row: Assignment) -> dict:
    return {} if row.answer == Answer.WAITING else {"outcome": row.answer, "note": row.answer_note}


def _who_may_join(day: DutyDay):
    """The deputies of the township who are not on the day yet, the station's own first."""
    taken = [row.deputy_id for row in day.expected]
    return Deputy.objects.who_may_receive_at(day.station).exclude(pk__in=taken)


def _for_the_group(day: DutyDay) -> str:
    """What is copied into the station's WeChat group."""
    names = "、".join(row.deputy.name for row in day.expected)
    who = f"接待代表：{names}。" if names else ""
    return (
        f"【接待提醒】{when_and_where(day)}。{who}"
        "请代表提前到站签到，来不了请尽早告诉联络员；欢迎群众到站反映意见。"
    )
