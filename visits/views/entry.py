"""The reception page as it is filled in: new, changed, kept as a draft."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST

from visits import rules, services
from visits.forms import ReceptionEntry
from visits.forms.entry import with_one_more_opinion
from visits.models import Reception
from visits.services.mailboxes import letter_beginnings, log_address, next_letter_of
from visits.views.entry_pages import EntryPages
from visits.views.mailboxes import letter_asked_for


class ReceptionPages(EntryPages):
    model = Reception
    entry_class = ReceptionEntry
    name = "reception"
    keep_name, drop_name = "draft_keep", "draft_drop"
    buttons: ClassVar = {"add_opinion": lambda data, row, user: with_one_more_opinion(data)}

    def submitted(self, request, row):
        if row.pk is None:
            row.opening = letter_asked_for(request, row.station, request.POST.get("opening"))
        return super().submitted(request, row)

    def page(self, request, entry, status=200, **context):
        """A letter from a mailbox keeps the opening it came from, in the form and in its draft."""
        if entry.row.pk is None:
            data = request.GET if entry.data is None else entry.data
            entry.row.opening = letter_asked_for(request, entry.row.station, data.get("opening"))
        return super().page(request, entry, status, **context)

    def next_one(self, saved):
        if next_letter_of(saved) is None:
            return super().next_one(saved)
        letter = f"&station={saved.station_id}&opening={saved.opening_id}"
        return super().next_one(saved) + letter

    def after_saving(self, request, saved):
        """The letters of one opening are entered one after the other."""
        opening = None if "save_and_next" in request.POST else next_letter_of(saved)
        if opening is not None:
            words = '这次开箱还有 {} 封没有登记。<a class="link" href="{}">登记下一封</a>'
            left = opening.letter_count - opening.registered
            messages.info(request, format_html(words, left, log_address(opening)))

    def unmask(self, rows, user):
        rules.open_contacts(rows, user)

    def initial(self, request, station):
        like = self.like(request)
        letter = letter_asked_for(request, station, request.GET.get("opening"))
        if letter and letter.voided_at:
            raise Http404
        if letter and not like:
            return letter_beginnings(letter, actor=request.user)
        return services.beginnings(station, like=like, actor=request.user)

    def differences(self, entry, current):
        return services.compare(entry.row, entry.typed_opinions, current, masked=entry.row.masked)

    def as_change(self, data, row, entry):
        return entry.with_stored_opinions(super().as_change(data, row, entry))


_pages = ReceptionPages()
_GET_AND_POST = ["GET", "POST"]


@require_http_methods(_GET_AND_POST)
def reception_new(request):
    """登记接待: a new line of the register of one of the user's stations."""
    if "opening" in request.GET and "station" not in request.GET:
        letter = letter_asked_for(request, None, request.GET["opening"])
        if letter is not None:
            return redirect(log_address(letter))
    return _pages.new(request)


@require_http_methods(_GET_AND_POST)
def reception_change(request, pk):
    return _pages.change(request, pk)


@require_POST
def keep_draft(request, key):
    return _pages.keep_draft(request, key)


@require_POST
def drop_draft(request, key):
    return _pages.drop_draft(request, key)
