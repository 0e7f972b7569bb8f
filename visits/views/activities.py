"""簿三 代表活动: the list, one line with its six lights, and the page on which it is filled in."""

from __future__ import annotations

from typing import ClassVar

from django.views.decorators.http import require_http_methods, require_POST

from common import audit
from visits import rules, services
from visits.choices import Presence
from visits.filters import ActivityFilter
from visits.forms import ActivityEntry
from visits.forms.activity import with_members
from visits.forms.entry import with_one_more_opinion
from visits.models import Activity
from visits.views.entry_lists import EntryDetail, EntryList, voided
from visits.views.entry_pages import EntryPages


class ActivityList(EntryList):
    model = Activity
    filterset_class = ActivityFilter
    template_name = "visits/activity_list.html"
    order = ("-held_on", "-pk")
    counted_as = "held"

    def shown(self, page):
        for activity in page.rows:
            activity.lights = rules.lights(activity)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        totals = context["totals"]
        expected = totals["due"] - totals["leave"]
        rate = f"{100 * totals['present'] / expected:.1f}%" if expected > 0 else ""
        return {**context, "attendance_rate": rate}


class ActivityDetail(EntryDetail):
    model = Activity
    template_name = "visits/activity_detail.html"

    def get_context_data(self, **kwargs):
        activity = self.object
        attendance = list(activity.attendance.all())
        return {
            **super().get_context_data(**kwargs),
            "history": audit.shown_history(activity),
            "lights": rules.lights(activity),
            "first_waiting": _first_waiting(activity, self.request.user),
            "attendance": [
                (label, [row for row in attendance if row.presence == presence])
                for presence, label in Presence.choices
            ],
            "has_names": bool(attendance),
        }


def _first_waiting(activity: Activity, user):
    """The first of its opinions with something left for `user` to do."""
    waiting = (row for row in activity.opinions.all() if not row.is_closed)
    return next(waiting, None) if rules.can_change(user, activity) else None


class ActivityPages(EntryPages):
    model = Activity
    entry_class = ActivityEntry
    name = "activity"
    keep_name, drop_name = "activity_draft_keep", "activity_draft_drop"
    buttons: ClassVar = {
        "add_opinion": lambda data, row, user: with_one_more_opinion(data),
        "fill_members": with_members,
    }

    def initial(self, request, station):
        return services.activity_beginnings(station, actor=request.user)

    def differences(self, entry, current):
        return services.compare_activity(entry.row, entry.attendance, entry.typed_opinions, current)

    def as_change(self, data, row, entry):
        return entry.with_stored_opinions(super().as_change(data, row, entry))


_pages = ActivityPages()
_GET_AND_POST = ["GET", "POST"]


@require_http_methods(_GET_AND_POST)
def activity_new(request):
    """登记活动: a new line of the register of one of the user's stations."""
    return _pages.new(request)


@require_http_methods(_GET_AND_POST)
def activity_change(request, pk):
    return _pages.change(request, pk)


@require_POST
def activity_keep_draft(request, key):
    return _pages.keep_draft(request, key)


@require_POST
def activity_drop_draft(request, key):
    return _pages.drop_draft(request, key)


@require_POST
def activity_void(request, pk):
    return voided(request, Activity, pk, services.void_activity, "visits:activity_detail")
