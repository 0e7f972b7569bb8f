from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import Count, Exists, F, Min, OuterRef, Prefetch, Q, Sum
from django.utils import timezone

from accounts.roles import Capability, Role
from common.paging import EXACT_UP_TO
from stations.models import Station
from visits.choices import Disposal, Resolution, Satisfaction

# How far an opinion has come. Lists filter by these words, reports count by them.
PROGRESS: dict[str, Q] = {
    "on_site": Q(disposal__in=Disposal.answered_at_once()),
    "handed_over": Q(disposal__in=Disposal.handed_over()),
    "finished": Q(disposal__in=[*Disposal.answered_at_once(), Disposal.DECLINED])
    | Q(resolution__in=Resolution.final()),
    "fed_back": Q(feedback_on__isnull=False) | ~Q(feedback_method=""),
    "rated": ~Q(satisfaction=Satisfaction.UNRATED),
    "satisfied": Q(satisfaction=Satisfaction.SATISFIED),
    "mostly": Q(satisfaction=Satisfaction.MOSTLY),
    "unsatisfied": Q(satisfaction=Satisfaction.UNSATISFIED),
}


def is_overdue(at: date | None = None) -> Q:
    """Handed over, the visitor not told, and the day for it has passed."""
    waiting = PROGRESS["handed_over"] & ~PROGRESS["fed_back"]
    return waiting & Q(due_on__lt=at or timezone.localdate())


def _at_home(user) -> Q:
    """Rows of the stations whose register `user` keeps in person, not from the area above."""
    registers = Station.objects.where_user_can(user, Capability.VIEW_REGISTER)
    return Q(station__in=registers.posted_directly(user))


def _by_station_and_month(rows, path: str):
    return (
        rows.order_by()
        .values(
            at=F(f"{path}station__name"),
            in_year=F(f"{path}year"),
            in_month=F(f"{path}received_on__month"),
        )
        .annotate(n=Count("pk"), heads=Sum(f"{path}headcount"))
        .order_by("at", "in_year", "in_month")
    )


class ReceptionQuerySet(models.QuerySet):
    def visible_to(self, user) -> ReceptionQuerySet:
        """What `user` may read: registers of their stations, and what they received themselves.

        A confidential reception is read at its own station only (DOMAIN §9), and by the deputies
        who received it.
        """
        if user.is_system:
            return self
        registers = Station.objects.where_user_can(user, Capability.VIEW_REGISTER)
        scope = Q(station__in=registers) & (Q(confidential=False) | _at_home(user))
        if user.holds([Role.DEPUTY]):
            scope |= Q(pk__in=self.model.objects.filter(receivers__deputy__user=user).values("pk"))
        return self.filter(scope)

    def countable_by(self, user) -> ReceptionQuerySet:
        """What the figures of `user` count: also the confidential receptions of the area."""
        if user.is_system:
            return self
        stations = Station.objects.where_user_can(user, Capability.VIEW_REPORT)
        return self.filter(station__in=stations)

    def hidden_from(self, user) -> ReceptionQuerySet:
        """Counted for `user` but not to be read: a drill-down shows them only as 保密件."""
        if user.is_system:
            return self.none()
        return self.countable_by(user).filter(confidential=True).exclude(_at_home(user))

    def valid(self) -> ReceptionQuerySet:
        return self.filter(voided_at=None)

    def between(self, first: date | None, last: date | None) -> ReceptionQuerySet:
        """Received from `first` to `last`, both days counted; None leaves the side open."""
        rows = self
        if first:
            rows = rows.filter(received_on__gte=first)
        if last:
            rows = rows.filter(received_on__lte=last)
        return rows

    def matching(self, text: str, *, reader) -> ReceptionQuerySet:
        """Whose number, address or opinions hold every word of `text`.

        A visitor's name or phone is found only where `reader` may see it.
        """
        stations = Station.objects.where_user_can(reader, Capability.VIEW_CONTACT)
        rows = self
        for word in text.split():
            contact = Q(visitor_name__contains=word) | Q(phone__contains=word)
            rows = rows.filter(Q(search_text__contains=word) | Q(station__in=stations) & contact)
        return rows

    def with_opinion(self, condition: Q) -> ReceptionQuerySet:
        """That hold at least one opinion of which `condition` is true."""
        opinions = self.model._meta.get_field("opinions").related_model.objects
        return self.filter(Exists(opinions.filter(condition, reception=OuterRef("pk"))))

    def received_by(self, deputy) -> ReceptionQuerySet:
        receivers = self.model._meta.get_field("receivers").related_model.objects
        return self.filter(Exists(receivers.filter(reception=OuterRef("pk"), deputy=deputy)))

    def for_list(self) -> ReceptionQuerySet:
        """With all that a line of the register shows, in three queries."""
        opinions = self.model._meta.get_field("opinions").related_model.objects
        return self.select_related("station__area").prefetch_related(
            Prefetch("opinions", opinions.select_related("category__parent", "unit"))
        )

    def for_page(self) -> ReceptionQuerySet:
        return self.for_list().select_related("station__area", "created_by", "batch")

    def by_month(self, first: date) -> dict[tuple[int, int], int]:
        """批次 of every month from `first` on, as {(year, month): n}."""
        rows = (
            self.order_by()
            .filter(received_on__gte=first)
            .values(year_of=F("received_on__year"), month_of=F("received_on__month"))
            .annotate(n=Count("pk"))
        )
        return {(row["year_of"], row["month_of"]): row["n"] for row in rows}

    def by_station_and_month(self):
        """How many rows there are a station and month: all that is told of a 保密件."""
        return _by_station_and_month(self, "")

    def totals(self, *, exactly: bool = False) -> dict[str, int]:
        """批次, 人次 and 条; unless asked for `exactly`, of no more rows than lists count."""
        rows = self.order_by()
        return (rows if exactly else rows[: EXACT_UP_TO + 1]).aggregate(
            visits=Count("pk"), heads=Sum("headcount"), opinions=Sum("opinion_count")
        )


class OpinionQuerySet(models.QuerySet):
    def countable_by(self, user) -> OpinionQuerySet:
        """The opinions of the receptions that the figures of `user` count."""
        receptions = self.model._meta.get_field("reception").related_model.objects
        if user.is_system:
            return self
        return self.filter(reception__in=receptions.countable_by(user))

    def hidden_from(self, user) -> OpinionQuerySet:
        """The opinions of receptions that count for `user` but are not to be read."""
        receptions = self.model._meta.get_field("reception").related_model.objects
        return self.filter(reception__in=receptions.hidden_from(user))

    def by_station_and_month(self):
        return _by_station_and_month(self, "reception__")

    def visible_to(self, user) -> OpinionQuerySet:
        """The opinions of the receptions that `user` may read."""
        receptions = self.model._meta.get_field("reception").related_model.objects
        if user.is_system:
            return self
        return self.filter(reception__in=receptions.visible_to(user))

    def matching(self, text: str) -> OpinionQuerySet:
        """Whose statement, summary, reply or result holds every word of `text`."""
        rows = self
        for word in text.split():
            rows = rows.filter(
                Q(statement__contains=word)
                | Q(summary__contains=word)
                | Q(on_site_reply__contains=word)
                | Q(result__contains=word)
            )
        return rows

    def awaiting_feedback(self) -> OpinionQuerySet:
        """Handed over, and the visitor has not been told what came of it."""
        return self.filter(PROGRESS["handed_over"]).exclude(PROGRESS["fed_back"])

    def overdue(self, at: date | None = None) -> OpinionQuerySet:
        return self.filter(is_overdue(at))

    def urgency(self, today: date) -> dict[str, int]:
        """How many are late, due today, and due within the week after."""
        week = today + timedelta(days=7)
        return self.aggregate(
            late=Count("pk", filter=Q(due_on__lt=today)),
            today=Count("pk", filter=Q(due_on=today)),
            week=Count("pk", filter=Q(due_on__gt=today, due_on__lte=week)),
        )

    def late_by_station(self, today: date):
        """Stations with visitors who wait too long, those waiting longest first."""
        return (
            self.overdue(today)
            .order_by()
            .values(station=F("reception__station"), name=F("reception__station__name"))
            .annotate(n=Count("pk"), oldest=Min("due_on"))
            .order_by("oldest")
        )

    def of_valid(self) -> OpinionQuerySet:
        return self.filter(reception__voided_at=None)

    def for_list(self) -> OpinionQuerySet:
        return self.select_related("reception__station__area", "category__parent", "unit")
