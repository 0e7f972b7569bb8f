"""意见箱: the boxes of a user's stations, what was found in them, and what becomes of it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import Capability, Role, roles_with
from common import audit
from common.errors import RuleViolation, StaleVersion
from common.forms.fields import whole
from common.listing import FilteredList
from stations.filters import MailboxFilter
from stations.models import Mailbox, MailboxOpening, Station
from stations.rules import can_edit, can_keep_mailbox, mailbox_state
from stations.services.mailboxes import compare_mailboxes, void_opening
from visits import rules
from visits.forms import VoidForm
from visits.forms.mailboxes import MailboxForm, OpeningForm
from visits.services import mailboxes as services

YEARS = range(2000, 2101)


def require_mailbox_reader(user) -> None:
    """Boxes are for who opens them, for who reads the registers, and for the deputies."""
    readers = {*roles_with(Capability.KEEP_MAILBOX), *roles_with(Capability.VIEW_REGISTER)}
    if not user.holds([*readers, Role.DEPUTY]):
        raise PermissionDenied


class MailboxList(FilteredList):
    """The boxes by station, each with what this month says of it."""

    model = Mailbox
    filterset_class = MailboxFilter
    template_name = "visits/mailbox_list.html"
    order = ("station__area__code", "pk")
    page_size = 30

    def get_rows(self):
        require_mailbox_reader(self.request.user)
        self.today = timezone.localdate()
        return Mailbox.objects.visible_to(self.request.user).with_month(self.today)

    def shown(self, page):
        waiting = services.waiting_in(page, self.request.user)
        for box in page:
            box.state = mailbox_state(box, self.today)
            box.waiting = waiting.get(box.pk)
            box.log_url = services.log_address(box.waiting) if box.waiting else ""
            box.may_open = not box.taken_down_on and can_keep_mailbox(self.request.user, box)

    def get_context_data(self, **kwargs):
        user = self.request.user
        return {
            **super().get_context_data(**kwargs),
            "today": self.today,
            "can_create": user.holds(roles_with(Capability.EDIT_STATION)),
        }


def _mailbox(request, pk) -> Mailbox:
    require_mailbox_reader(request.user)
    rows = Mailbox.objects.visible_to(request.user).with_month(timezone.localdate())
    return get_object_or_404(rows.for_list(), pk=pk)


@require_safe
def mailbox_detail(request, pk):
    mailbox = _mailbox(request, pk)
    return _page(request, mailbox)


def _page(request, mailbox: Mailbox, form: OpeningForm | None = None):
    user, today = request.user, timezone.localdate()
    asked = whole(request.GET.get("year"))
    year = asked if asked in YEARS else today.year
    may_open = not mailbox.taken_down_on and can_keep_mailbox(user, mailbox)
    if may_open and form is None:
        form = OpeningForm(instance=MailboxOpening(mailbox=mailbox), actor=user)
    last = (mailbox.taken_down_on or today).year
    context = {
        "mailbox": mailbox,
        "state": mailbox_state(mailbox, today),
        "year": year,
        "previous": year - 1 if year > mailbox.hung_on.year else None,
        "next": year + 1 if year < last else None,
        "months": services.months_of(mailbox, year, today, reader=user),
        "form": form,
        "void_form": VoidForm(),
        "reads_letters": services.reads_letters(user, mailbox),
        "can_log": rules.can_log_at(user, mailbox.station),
        "can_change": can_edit(user, mailbox.station),
        "history": audit.shown_history(mailbox) if can_edit(user, mailbox.station) else [],
    }
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "visits/mailbox_detail.html", context, status=status)


@require_http_methods(["GET", "POST"])
def mailbox_new(request):
    require_mailbox_reader(request.user)
    if not request.user.holds(roles_with(Capability.EDIT_STATION)):
        raise PermissionDenied
    stations = Station.objects.where_user_can(request.user, Capability.EDIT_STATION)
    asked = stations.filter(pk=whole(request.GET.get("station"))).first()
    initial = {"station": asked} if asked else {}
    form = MailboxForm(request.POST or None, actor=request.user, initial=initial)
    return _save_or_show(request, form, "已设置意见箱。")


@require_http_methods(["GET", "POST"])
def mailbox_change(request, pk):
    mailbox = _mailbox(request, pk)
    if not can_edit(request.user, mailbox.station):
        raise PermissionDenied
    form = MailboxForm(request.POST or None, instance=mailbox, actor=request.user)
    return _save_or_show(request, form, "已保存。")


def _save_or_show(request, form: MailboxForm, done: str):
    status = 200
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                mailbox = form.save()
                messages.success(request, done)
                return redirect("visits:mailbox_detail", mailbox.pk)
        except StaleVersion as stale:
            status = 409
            form.show_conflict(compare_mailboxes, stale.current)
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
    return render(request, "visits/mailbox_form.html", {"form": form}, status=status)


@require_POST
def mailbox_open(request, pk):
    """Register an opening; letters found in it are then entered one by one."""
    mailbox = _mailbox(request, pk)
    if not can_keep_mailbox(request.user, mailbox):
        raise PermissionDenied
    opening = MailboxOpening(mailbox=mailbox)
    form = OpeningForm(request.POST, instance=opening, actor=request.user)
    try:
        if form.is_valid():
            form.save()
            messages.success(request, f"已登记开箱，来信 {opening.letter_count} 件。")
            if name := form.unknown_receiver:
                messages.warning(request, f"代表名册里没有“{name}”，请核对交给了哪位代表。")
            return redirect("visits:mailbox_detail", pk)
    except RuleViolation as refusal:
        form.add_error(None, str(refusal))
    return _page(request, mailbox, form)


@require_POST
def mailbox_void_opening(request, pk):
    require_mailbox_reader(request.user)
    openings = MailboxOpening.objects.visible_to(request.user)
    opening, form = get_object_or_404(openings, pk=pk), VoidForm(request.POST)
    try:
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        void_opening(opening, actor=request.user, reason=reason)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "这次开箱已作废。")
    return redirect("visits:mailbox_detail", opening.mailbox_id)


def letter_asked_for(request, station: Station | None, key: str | None) -> MailboxOpening | None:
    """The opening whose letter is to be entered; 404 if it is not of that station.

    A void one too: saving refuses it in words, and what was typed stays.
    """
    if not key:
        return None
    rows = MailboxOpening.objects.visible_to(request.user).with_registered().for_page()
    found = rows.filter(pk=whole(key)).first()
    if found is None or (station is not None and found.mailbox.station_id != station.pk):
        raise Http404
    return found
