"""值班: what a deputy sees of the own duty days, and says about them."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from common.errors import RuleViolation
from common.forms.fields import whole
from common.views import safe_next
from deputies import addresses, own_duty
from deputies.choices import Request
from deputies.forms.duty_own import LeaveForm, SwapForm, UnavailableForm
from deputies.models import Assignment, Deputy, SwapRequest, Unavailability
from deputies.services import duty as services


@require_GET
def mine(request):
    return _page(request, _deputy(request), UnavailableForm())


def _page(request, deputy: Deputy, form: UnavailableForm, status: int = 200):
    today = timezone.localdate()
    years = own_duty.years_of(request.user, today)
    asked = whole(request.GET.get("year"))
    year = asked if asked in years else today.year
    past = own_duty.past_days(request.user, year, today)
    coming = own_duty.coming_days(request.user, today)
    context = {
        "deputy": deputy,
        "coming": coming,
        "main": next((day.row.pk for day in coming if day.can_confirm), None),
        "left": own_duty.left_days(request.user, today),
        "swaps": own_duty.swaps_to_answer(deputy, today),
        "past": past,
        "year": year,
        "years": years,
        "attended": own_duty.attended(past),
        "unavailable": deputy.unavailabilities.filter(to_day__gte=today),
        "unavailable_form": form,
        **_feed_of(deputy),
    }
    return render(request, "duty/mine.html", context, status=status)


def _feed_of(deputy: Deputy) -> dict:
    """The address that a phone subscribes to, to copy and to open its calendar with."""
    if not hasattr(deputy, "feed"):
        return {"feed": "", "feed_link": ""}
    address = addresses.absolute(addresses.feed_path(deputy.feed))
    return {"feed": address, "feed_link": f"webcal:{address.partition(':')[2]}"}


@require_GET
def mine_day(request, pk):
    return _day_page(request, _own_row(request, pk))


def _day_page(request, row: Assignment, *, leave=None, swap=None, status: int = 200):
    own = own_duty.OwnDay(row, timezone.localdate())
    if own.can_change and swap is None:
        swap = SwapForm(row=row, user=request.user)
    context = {"own": own, "leave_form": leave or LeaveForm(), "swap_form": swap}
    return render(request, "duty/mine_day.html", context, status=status)


def _deputy(request) -> Deputy:
    deputy = getattr(request.user, "deputy", None)
    if deputy is None:
        raise PermissionDenied
    return deputy


def _own_row(request, pk) -> Assignment:
    return get_object_or_404(own_duty.with_requests(Assignment.objects.own(request.user)), pk=pk)


def _done(request, words: str, verb, subject, **arguments) -> None:
    """Do it and say so, or say why not."""
    try:
        verb(subject, actor=request.user, **arguments)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words)


def _written(request, form, verb, subject) -> bool:
    """Whether what was written could be done; otherwise the form says why not."""
    try:
        if form.is_valid():
            verb(subject, actor=request.user, **form.cleaned_data)
            return True
    except RuleViolation as refusal:
        form.add_error(None, str(refusal))
    return False


def _back(request):
    return redirect(safe_next(request, reverse("duty:mine")))


@require_POST
def confirm(request, pk):
    row = _own_row(request, pk)
    _done(request, f"{_short(row)}您能来，已经记下。", services.confirm, row)
    return _back(request)


@require_POST
def leave(request, pk):
    row = _own_row(request, pk)
    form = LeaveForm(request.POST)
    if not _written(request, form, services.ask_leave, row):
        return _day_page(request, row, leave=form, status=422)
    messages.success(request, f"{_short(row)}的请假已提出，等站长答复。")
    return redirect("duty:mine_day", pk)


@require_POST
def withdraw_leave(request, pk):
    row = _own_row(request, pk)
    asked = get_object_or_404(row.leave_requests, state=Request.ASKED)
    _done(request, f"{_short(row)}的请假已撤回。", services.withdraw_leave, asked)
    return redirect("duty:mine_day", pk)


@require_POST
def swap(request, pk):
    row = _own_row(request, pk)
    form = SwapForm(request.POST, row=row, user=request.user)
    if not _written(request, form, _ask_swap, row):
        return _day_page(request, row, swap=form, status=422)
    messages.success(request, f"已请{form.cleaned_data['other'].name}答复，对方同意才算换好。")
    return redirect("duty:mine_day", pk)


def _ask_swap(row: Assignment, *, actor, other, taken, note):
    return services.ask_swap(row, other, actor=actor, taken=taken, note=note)


@require_POST
def agree_swap(request, pk):
    asked = get_object_or_404(SwapRequest, pk=pk, other__user=request.user)
    words = f"已同意。{_short(asked.given)}由您来"
    words += f"，{_short(asked.taken)}您不用来。" if asked.taken else "。"
    _done(request, words, services.answer_swap, asked, agreed=True)
    return _back(request)


@require_POST
def refuse_swap(request, pk):
    asked = get_object_or_404(SwapRequest, pk=pk, other__user=request.user)
    words = f"已告诉{asked.given.deputy.name}：没有同意。"
    _done(request, words, services.answer_swap, asked, agreed=False)
    return _back(request)


@require_POST
def withdraw_swap(request, pk):
    asked = get_object_or_404(SwapRequest, pk=pk, given__in=Assignment.objects.own(request.user))
    words = f"已撤回，{_short(asked.given)}仍由您来。"
    _done(request, words, services.withdraw_swap, asked)
    return redirect("duty:mine_day", asked.given_id)


@require_POST
def add_unavailable(request):
    deputy = _deputy(request)
    form = UnavailableForm(request.POST)
    if not _written(request, form, services.set_unavailable, deputy):
        return _page(request, deputy, form, status=422)
    messages.success(request, "已记下，以后排班会避开这几天。")
    return redirect(f"{reverse('duty:mine')}#unavailable")


@require_POST
def remove_unavailable(request, pk):
    kept = get_object_or_404(Unavailability, pk=pk, deputy__user=request.user)
    _done(request, "已去掉。", services.unset_unavailable, kept)
    return redirect(f"{reverse('duty:mine')}#unavailable")


@require_POST
def renew_feed(request):
    """The first address, or another one: then the old one gives nothing any more."""
    deputy = _deputy(request)
    renews = hasattr(deputy, "feed")
    words = "地址已更换，原来的订阅不再更新。" if renews else "订阅地址已生成。"
    _done(request, words, services.renew_feed if renews else services.feed_of, deputy)
    return redirect(f"{reverse('duty:mine')}#feed")


def _short(row: Assignment) -> str:
    return f"{row.day.date.month}月{row.day.date.day}日"
