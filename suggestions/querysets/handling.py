from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery

from accounts.roles import Capability, roles_with
from suggestions.choices import Duty, Limit, Part


def units_of(user) -> list[int]:
    """The units as whose clerk `user` is posted."""
    roles = roles_with(Capability.HANDLE_SUGGESTION)
    return [held.unit_id for held in user.held_postings if held.unit_id and held.role in roles]


class HandlingQuerySet(models.QuerySet):
    def of_clerk(self, user) -> HandlingQuerySet:
        """What the units of `user` have in hand or answered; not what they gave back."""
        return self.standing().filter(unit__in=units_of(user))

    def standing(self) -> HandlingQuerySet:
        return self.exclude(state=Part.LEFT)

    def answering(self) -> HandlingQuerySet:
        """独办, 主办, 分办."""
        return self.filter(duty__in=Duty.answering())

    def in_last_round(self) -> HandlingQuerySet:
        """Of each unit that still has it the share of its last round (`rules.last_shares`)."""
        newer = self.model.objects.filter(
            suggestion=OuterRef("suggestion"), unit=OuterRef("unit")
        ).alias(has_left=Q(state=Part.LEFT))
        last = newer.order_by("-round", "has_left", "pk").values("pk")[:1]
        return self.standing().filter(pk=Subquery(last))

    def for_page(self) -> HandlingQuerySet:
        return self.select_related(
            "unit", "reply__rating", "reply__promise"
        ).prefetch_related("extensions", "contacts", "deadlines")  # fmt: skip


class DeadlineQuerySet(models.QuerySet):
    def open(self) -> DeadlineQuerySet:
        return self.filter(met_on=None, ended_on=None)

    def waiting(self) -> DeadlineQuerySet:
        """Open ones that run against somebody."""
        return self.open().filter(limit__in=Limit.waited_for())

    def overdue(self, at: date) -> DeadlineQuerySet:
        return self.waiting().filter(due_on__lt=at)

    def due_soon(self, at: date, until: date) -> DeadlineQuerySet:
        return self.waiting().filter(due_on__gte=at, due_on__lte=until)

    def of_answers(self) -> DeadlineQuerySet:
        return self.filter(limit__in=Limit.answers())

    def against(self, limits) -> DeadlineQuerySet:
        return self.filter(limit__in=limits)

    def in_reach_of(self, suggestions) -> DeadlineQuerySet:
        return self.filter(suggestion__in=suggestions)

    def reckoned(self) -> DeadlineQuerySet:
        """Those whose day follows from calendar and settings: not the sheet's, not a promise's,
        not one that was extended by hand."""
        by_hand = Q(by_sheet=True) | Q(limit=Limit.PROMISE) | Q(first_due_on__isnull=False)
        return self.open().exclude(by_hand)


class PromiseQuerySet(models.QuerySet):
    def open(self) -> PromiseQuerySet:
        """Of letters that went out, and not answered yet."""
        out = [Part.ANSWERED, Part.RATED]
        return self.filter(answered_on=None, reply__handling__state__in=out)

    def given(self) -> PromiseQuerySet:
        """Those of letters that have reached the deputy."""
        return self.filter(reply__handling__state__in=[Part.ANSWERED, Part.RATED])

    def of_units(self, units) -> PromiseQuerySet:
        return self.filter(reply__handling__unit__in=units)

    def at_step(self, step: str, today: date) -> PromiseQuerySet:
        """One of "open", "overdue", "answered" or "all"."""
        overdue = Q(answered_on=None, due_on__lt=today)
        fits = {"open": Q(answered_on=None), "overdue": overdue, "all": Q()}
        return self.filter(fits.get(step, Q(answered_on__isnull=False)))

    def step_counts(self, today: date) -> dict[str, int]:
        return self.aggregate(
            all=Count("pk"),
            open=Count("pk", filter=Q(answered_on=None)),
            overdue=Count("pk", filter=Q(answered_on=None, due_on__lt=today)),
            answered=Count("pk", filter=Q(answered_on__isnull=False)),
        )

    def in_reach_of(self, suggestions) -> PromiseQuerySet:
        return self.filter(reply__handling__suggestion__in=suggestions)

    def for_list(self) -> PromiseQuerySet:
        return self.select_related(
            "reply__handling__unit", "reply__handling__suggestion__session"
        )  # fmt: skip
