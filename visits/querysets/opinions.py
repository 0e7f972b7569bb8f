from __future__ import annotations

import re
from datetime import date, timedelta

from django.db import models
from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.roles import Capability, Role
from common.search import holding, narrowed
from stations.models import Station
from visits.choices import Disposal, OpinionState, Resolution, Satisfaction
from visits.querysets.receptions import at_home, receipt_code_in

# How far an opinion has come. Lists filter by these words, reports count by them.
PROGRESS: dict[str, Q] = {
    "on_site": Q(disposal__in=Disposal.answered_at_once()),
    "handed_over": Q(disposal__in=Disposal.handed_over()),
    "finished": Q(disposal__in=[*Disposal.answered_at_once(), *Disposal.pointed_elsewhere()])
    | Q(resolution__in=Resolution.final()),
    "fed_back": Q(feedback_on__isnull=False) | ~Q(feedback_method=""),
    "rated": ~Q(satisfaction=Satisfaction.UNRATED),
    "satisfied": Q(satisfaction=Satisfaction.SATISFIED),
    "mostly": Q(satisfaction=Satisfaction.MOSTLY),
    "unsatisfied": Q(satisfaction=Satisfaction.UNSATISFIED),
}


def is_overdue(at: date | None = None) -> Q:
    """Still open, the visitor not told, and the day for it has passed."""
    waiting = ~Q(state=OpinionState.CLOSED) & ~PROGRESS["fed_back"]
    return waiting & Q(due_on__lt=at or timezone.localdate())


# The worklists: what staff do next with an open matter. One that was merged waits for the matter
# it was merged into, until its own visitor is to be told.
_ON_ITS_OWN = Q(merged_into=None)
WORKLISTS: dict[str, Q] = {
    "route": Q(state=OpinionState.RECORDED) & _ON_ITS_OWN,
    "accept": Q(state=OpinionState.ASSIGNED) & _ON_ITS_OWN,
    "result": Q(state=OpinionState.HANDLING) & _ON_ITS_OWN,
    "tell_visitor": Q(state=OpinionState.ANSWERED, reception__isnull=False) & ~PROGRESS["fed_back"],
    "tell_deputies": Q(state=OpinionState.ANSWERED, deputies_told_on=None)
    & (PROGRESS["fed_back"] | Q(reception=None)),
    "close": Q(state=OpinionState.ANSWERED, deputies_told_on__isnull=False)
    & (PROGRESS["fed_back"] | Q(reception=None)),
}


def late_parts(at: date | None = None) -> dict[str, Q]:
    """超期 at `at` (today), the same on every page and each matter once: the visitor not told in
    time, else a unit that has not accepted, else a matter that nobody has decided."""
    at = at or timezone.localdate()
    in_time = Q(due_on=None) | Q(due_on__gte=at)
    beyond = in_time & Q(accept_by__lt=at)
    return {
        "feedback": is_overdue(at),
        "accept": WORKLISTS["accept"] & beyond,
        "route": WORKLISTS["route"] & beyond,
    }


SEARCHED = ("statement", "summary", "on_site_reply", "result")
# What has no date stands last in the order of dates.
NO_DATE = date(9999, 12, 31)


# How far the tabs count: a glance at seven lists may not cost more than the list itself.
TABS_UP_TO = 200


_NUMBER = re.compile(r"(活动)?(\d{4})-(\d{1,6})(?:-(\d{1,3}))?")


def _numbered(word: str) -> Q | None:
    """The condition of a printed number; None if `word` is none."""
    if not (match := _NUMBER.fullmatch(word)):
        return None
    source = "activity" if match[1] else "reception"
    found = Q(**{f"{source}__year": int(match[2]), f"{source}__number": int(match[3])})
    return found & Q(position=int(match[4])) if match[4] else found


def _of_category(word: str) -> Q:
    return Q(category__name__contains=word) | Q(category__parent__name__contains=word)


class BoundedCount(Subquery):
    """How many rows a query finds, reading no more than one above the bound of tabs."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()

    def __init__(self, rows):
        super().__init__(rows.order_by().values("pk")[: TABS_UP_TO + 1])


class OpinionQuerySet(models.QuerySet):
    def of_visitors(self) -> OpinionQuerySet:
        """What visitors said: the figures of 簿一 count no opinion formed at an activity."""
        return self.filter(reception__isnull=False)

    def countable_by(self, user) -> OpinionQuerySet:
        """The opinions of the receptions that the figures of `user` count."""
        if user.is_system:
            return self.of_visitors()
        stations = Station.objects.where_user_can(user, Capability.VIEW_REPORT)
        return self.of_visitors().filter(station__in=stations)

    def hidden_from(self, user) -> OpinionQuerySet:
        """The opinions of receptions that count for `user` but are not to be read."""
        receptions = self.model._meta.get_field("reception").related_model.objects
        return self.filter(reception__in=receptions.hidden_from(user))

    def by_station_and_month(self):
        return (
            self.order_by()
            .values(
                at=F("station__name"), in_year=F("raised_on__year"), in_month=F("raised_on__month")
            )
            .annotate(n=Count("pk"), heads=Sum("reception__headcount"))
            .order_by("at", "in_year", "in_month")
        )

    def visible_to(self, user) -> OpinionQuerySet:
        """What `user` may read: the opinions of their stations' registers, and of the visits and
        activities they took part in as a deputy. Of a confidential visit, as the visit itself.
        """
        if user.is_system:
            return self
        registers = Station.objects.where_user_can(user, Capability.VIEW_REGISTER)
        confidential = Q(reception__confidential=True) & ~at_home(user)
        scope = Q(station__in=registers) & ~confidential
        if user.holds([Role.DEPUTY]):
            scope |= Q(reception__in=self._source("reception").visible_to(user))
            scope |= Q(activity__in=self._source("activity").visible_to(user))
        return self.filter(scope)

    def _source(self, name: str):
        return self.model._meta.get_field(name).related_model.objects

    def matching(self, text: str) -> OpinionQuerySet:
        """Whose statement, summary, reply or result holds every word of `text`; the code of a
        receipt finds what was said at its visit."""
        code = receipt_code_in(text)
        if code and (of_receipt := self.filter(reception__receipt_code=code)).exists():
            return of_receipt
        rows = self
        for word in text.split():
            rows = narrowed(rows, word, *SEARCHED).filter(holding(word, *SEARCHED))
        return rows

    def found_by(self, text: str) -> OpinionQuerySet:
        """That each word of `text` fits: its number (2026-094, 2026-094-1), its category or what
        it says. For a few rows, narrowed before: no index helps here."""
        rows = self
        for word in text.split():
            fits = holding(word, *SEARCHED) | _of_category(word)
            rows = rows.filter(_numbered(word) or fits)
        return rows

    def of_deputy(self, deputy) -> OpinionQuerySet:
        """Which `deputy` heard: at a visit they received, or an activity they were to come to."""
        received = self._source("reception").of_deputy(deputy)
        attended = self._source("activity").of_deputy(deputy)
        return self.filter(
            Q(reception__in=received.values("pk")) | Q(activity__in=attended.values("pk"))
        )

    def awaiting_feedback(self) -> OpinionQuerySet:
        """Open, and the visitor has not been told what came of it; one that a unit sent back
        still has the visitor's date."""
        return self.open().exclude(PROGRESS["fed_back"])

    def open(self) -> OpinionQuerySet:
        """Not closed: something is still to be done, by whomever."""
        return self.exclude(state=OpinionState.CLOSED)

    def ended(self) -> OpinionQuerySet:
        """Closed on a day that is known."""
        return self.filter(state=OpinionState.CLOSED, closed_on__isnull=False)

    def waiting_for(self, step: str) -> OpinionQuerySet:
        """Whose next step is one of `WORKLISTS`."""
        return self.open().filter(WORKLISTS[step])

    def overdue(self, at: date | None = None) -> OpinionQuerySet:
        """反馈超期: the visitor should have been told by now."""
        return self.filter(is_overdue(at))

    def late(self, at: date | None = None) -> OpinionQuerySet:
        """超期: any of `late_parts`."""
        parts = late_parts(at)
        return self.open().filter(parts["feedback"] | parts["accept"] | parts["route"])

    def late_counts(self, at: date | None = None) -> dict[str, int]:
        """How many are late, by `late_parts`; together they are `late()`."""
        counts = {name: Count("pk", filter=part) for name, part in late_parts(at).items()}
        return self.open().aggregate(**counts)

    def worklist_counts(self) -> dict[str, int]:
        """How many there are in each of `WORKLISTS`, with "open", "all" and "overdue": one
        query, and no more rows of each than tabs count."""
        lists = {name: self.waiting_for(name) for name in WORKLISTS}
        lists |= {"open": self.open(), "all": self, "overdue": self.late()}
        counts = {name: BoundedCount(rows) for name, rows in lists.items()}
        one_row = Station.objects.order_by("pk").values(**counts)[:1]
        return next(iter(one_row), dict.fromkeys(lists, 0))

    def with_next_day(self) -> OpinionQuerySet:
        """With `next_on`, the day of the next step: of a unit's acceptance, or of the visitor.
        Who has told the visitor late is not late any more: what is left is today's."""
        today = timezone.localdate()
        told = Q(due_on__lt=today, reception__isnull=False) & PROGRESS["fed_back"]
        first = Case(
            When(
                state__in=[OpinionState.RECORDED, OpinionState.ASSIGNED],
                merged_into=None,
                then=F("accept_by"),
            ),
            When(told, then=Value(today)),
        )
        return self.annotate(next_on=Coalesce(first, F("due_on"), Value(NO_DATE)))

    def to_do(self, today: date) -> OpinionQuerySet:
        """What the station itself does next: decide, ask a unit that is late, tell somebody."""
        own = Q(state=OpinionState.ANSWERED) | WORKLISTS["route"]
        late = WORKLISTS["accept"] & Q(accept_by__lt=today)
        late |= WORKLISTS["result"] & Q(due_on__lt=today)
        dated = self.open().filter(own | late).with_next_day()
        return dated.exclude(next_on=NO_DATE)

    def followed_by(self, user) -> OpinionQuerySet:
        """What `user` may act on: a confidential one at its own station only."""
        if user.is_system:
            return self
        stations = Station.objects.where_user_can(user, Capability.LOG_RECEPTION)
        confidential = Q(reception__confidential=True) & ~at_home(user)
        return self.filter(Q(station__in=stations) & ~confidential)

    def recorded_by(self, user) -> OpinionQuerySet:
        return self.filter(Q(reception__created_by=user.pk) | Q(activity__created_by=user.pk))

    def waiting_counts(self, on: date, soon: date) -> dict[str, int]:
        """What is late on `on`, and the feedback due on it or until `soon`: one query."""
        feedback, late = ~PROGRESS["fed_back"], late_parts(on)
        return self.open().aggregate(
            undecided=Count("pk", filter=late["route"]),
            unaccepted=Count("pk", filter=late["accept"]),
            late=Count("pk", filter=late["feedback"]),
            today=Count("pk", filter=feedback & Q(due_on=on)),
            soon=Count("pk", filter=feedback & Q(due_on__gt=on, due_on__lte=soon)),
        )

    def urgency(self, today: date, by: str = "due_on") -> dict[str, int]:
        """How many are late, due today, and due within the week after."""
        week = today + timedelta(days=7)
        return self.aggregate(
            late=Count("pk", filter=Q(**{f"{by}__lt": today})),
            today=Count("pk", filter=Q(**{by: today})),
            week=Count("pk", filter=Q(**{f"{by}__gt": today, f"{by}__lte": week})),
        )

    def late_by_station(self, today: date):
        """Stations with visitors who wait too long, those waiting longest first; asked of rows
        that await feedback."""
        # The name comes after the sums: joined before, the planner goes through every pair.
        name = Station.objects.filter(pk=OuterRef("station")).values("name")
        return (
            self.filter(due_on__lt=today)
            .order_by()
            .values("station")
            .annotate(n=Count("pk"), oldest=Min("due_on"), name=Subquery(name))
            .order_by("oldest", "station")
        )

    def of_valid(self) -> OpinionQuerySet:
        """Of entries that are not void."""
        return self.filter(reception__voided_at=None, activity__voided_at=None)

    def for_list(self) -> OpinionQuerySet:
        """With all that a line of the list shows, in one query."""
        return self.select_related(
            "reception__station__area", "activity__station__area", "category__parent", "unit"
        )

    def for_worklist(self) -> OpinionQuerySet:
        """The same with stations and areas read after the page: joined before it is sorted and
        cut, they are what a long worklist costs most."""
        rows = self.select_related("reception", "activity", "category__parent", "unit")
        return rows.prefetch_related("reception__station__area", "activity__station__area")

    def for_page(self) -> OpinionQuerySet:
        return self.for_list().select_related(
            "station", "reception__created_by", "activity__created_by"
        )
