from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from django.db import models
from django.db.models import Count, Exists, Min, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.roles import Capability, Role
from stations.models import Area, Station
from suggestions.choices import (
    ENDED,
    NUMBERED,
    Asked,
    Consent,
    Part,
    State,
)
from suggestions.querysets.figures import FiguresMixin
from suggestions.querysets.handling import units_of
from suggestions.querysets.lists import ListedQuerySet

NO_DATE = date(9999, 12, 31)
SIGNS = 4
_KIND_OF_PLACE = re.compile("(社区|街道|[区县市镇乡村])$")

# The worklists: who has it. What is asked of the office stands in `decide`.
WORKLISTS: dict[str, Q] = {
    "drafts": Q(state__in=[State.DRAFT, State.JOINING, State.REVISING]),
    "review": Q(state=State.SUBMITTED),
    "assign": Q(state=State.ACCEPTED),
    "units": Q(state__in=[State.ASSIGNED, State.HANDLING]),
    "vet": Q(state=State.REVIEWING),
    "rate": Q(state=State.REPLIED),
    "closed": Q(state=State.CLOSED),
}


def parts_of_title(title: str, places: Iterable[str]) -> list[str]:
    """What a title is about, in pieces of four signs, without the names of places; 石桥镇 is named
    as 石桥, too."""
    title = title.removeprefix("关于").removesuffix("的建议").removesuffix("问题")
    names = {name for place in places for name in (place, _KIND_OF_PLACE.sub("", place))}
    for name in sorted(names, key=len, reverse=True):
        if len(name) > 1:
            title = title.replace(name, " ")
    said = title.split()
    long = [one for one in said if len(one) >= SIGNS]
    if not long:
        return sorted(one for one in said if len(one) > 1)
    pieces = {one[at : at + SIGNS] for one in long for at in range(0, len(one) - SIGNS + 1, 2)}
    return sorted(pieces)


class SuggestionQuerySet(FiguresMixin, ListedQuerySet):
    def visible_to(self, user) -> SuggestionQuerySet:
        """What `user` may read: as staff of the lead's station or of an area above it, as the
        office of the congress, as lead or asked to sign, as clerk of a unit that has it.

        What is not submitted yet is read by its deputies and by who typed it in.
        """
        if user.is_system:
            return self
        stations = Station.objects.where_user_can(user, Capability.VIEW_SUGGESTION)
        areas = Area.objects.where_user_can(user, Capability.REVIEW_SUGGESTION)
        submitted = Q(submitted_on__isnull=False)
        scope = submitted & (Q(station__in=stations) | Q(session__area__in=areas))
        scope |= Q(created_by=user.pk, station__in=stations)
        if user.holds([Role.DEPUTY]):
            scope |= Q(lead__user=user) | Q(pk__in=self._signed_by(user))
        if units_of(user):
            scope |= Q(pk__in=self._handlings().of_clerk(user).values("suggestion"))
        return self.filter(scope)

    def own(self, user) -> SuggestionQuerySet:
        """Of a deputy: led, or signed, or asked to sign."""
        return self.filter(Q(lead__user=user) | Q(pk__in=self._signed_by(user)))

    def countable_by(self, user) -> SuggestionQuerySet:
        """What the figures of `user` count."""
        if user.is_system:
            return self.raised()
        stations = Station.objects.where_user_can(user, Capability.VIEW_REPORT)
        return self.raised().filter(station__in=stations)

    def raised(self) -> SuggestionQuerySet:
        """提出: submitted, and not taken back before a number was given."""
        return self.filter(submitted_on__isnull=False).exclude(
            state=State.WITHDRAWN
        )  # fmt: skip

    def numbered(self) -> SuggestionQuerySet:
        """采纳: accepted, with a number, and not withdrawn."""
        return self.filter(state__in=NUMBERED)

    def open(self) -> SuggestionQuerySet:
        return self.exclude(state__in=ENDED)

    def between(self, first: date | None, last: date | None) -> SuggestionQuerySet:
        """Raised from `first` to `last`, both days counted; None leaves the side open."""
        rows = self
        if first:
            rows = rows.filter(submitted_on__gte=first)
        if last:
            rows = rows.filter(submitted_on__lte=last)
        return rows

    def waiting_for(self, step: str) -> SuggestionQuerySet:
        """In one of `WORKLISTS`; "decide": a unit asks to give it back, or for more time."""
        if step == "decide":
            return self.filter(Exists(self._asking())).exclude(state=State.WITHDRAWN)
        if step == "assign":
            return self.filter(self._to_assign())
        return self.filter(WORKLISTS[step])

    def asking_me(self, user) -> SuggestionQuerySet:
        """Where the deputy is asked to sign, to hand in what all have answered, to mend, or to
        rate."""
        silent = self._signatures().filter(suggestion=OuterRef("pk"), consent=Consent.ASKED)
        to_sign = Q(Exists(silent.filter(deputy__user=user)), state=State.JOINING)
        answered = self._handlings().filter(suggestion=OuterRef("pk"), state=Part.ANSWERED)
        own = (
            Q(state=State.REVISING)
            | Q(~Exists(silent), state=State.JOINING)
            | (Q(Exists(answered)) & ~Q(state=State.WITHDRAWN))
        )
        return self.filter(to_sign | (Q(lead__user=user) & own))

    def at_unit(self, user) -> SuggestionQuerySet:
        """Which the clerk's units have in hand: something is still to be done by them."""
        doing = [Part.WAITING, Part.WORKING, Part.OPINED]
        rows = self._handlings().of_clerk(user).filter(suggestion=OuterRef("pk"), state__in=doing)
        return self.filter(Exists(rows)).exclude(state=State.WITHDRAWN)

    def with_promises(self) -> SuggestionQuerySet:
        """续办台账: an answer promised something that is not answered yet."""
        rows = self._handlings().filter(
            suggestion=OuterRef("pk"),
            state__in=[Part.ANSWERED, Part.RATED],
            reply__promise__isnull=False,
            reply__promise__answered_on=None,
        )
        return self.filter(Exists(rows))

    def overdue(self, at: date) -> SuggestionQuerySet:
        return self.filter(Exists(self._deadlines().overdue(at).filter(suggestion=OuterRef("pk"))))

    def due_until(self, last: date) -> SuggestionQuerySet:
        rows = self._deadlines().waiting().filter(suggestion=OuterRef("pk"), due_on__lte=last)
        return self.filter(Exists(rows))

    def with_next_day(self) -> SuggestionQuerySet:
        """With `next_on`, the first day on which somebody is waited for."""
        first = (
            self._deadlines().waiting().filter(suggestion=OuterRef("pk"))
            .order_by().values("suggestion").annotate(day=Min("due_on")).values("day")
        )  # fmt: skip
        return self.annotate(next_on=Coalesce(Subquery(first), Value(NO_DATE)))

    def worklist_counts(self, at: date) -> dict[str, int]:
        """How many there are in each of `WORKLISTS`, with "open", "decide" and "overdue"."""
        counts = {name: Count("pk", filter=part) for name, part in WORKLISTS.items()}
        counts["assign"] = Count("pk", filter=self._to_assign())
        counts["open"] = Count("pk", filter=~Q(state__in=ENDED))
        return {
            **self.aggregate(**counts),
            "all": self.count(),
            "decide": self.waiting_for("decide").count(),
            "overdue": self.overdue(at).count(),
            "promises": self.with_promises().count(),
        }

    def matching(self, text: str) -> SuggestionQuerySet:
        """Whose number, title, content, deputies or units hold every word of `text`."""
        rows = self
        for word in text.split():
            signed = self._signatures().filter(suggestion=OuterRef("pk"), name__contains=word)
            signed = signed.exclude(consent=Consent.DECLINED)
            handled = self._handlings().filter(suggestion=OuterRef("pk"), unit__name__contains=word)
            fits = Q(title__contains=word) | Q(content__contains=word)
            fits |= Q(lead_name__contains=word) | Exists(signed) | Exists(handled)
            digits = word.removeprefix("闭会").strip("第号")
            if digits.isascii() and digits.isdecimal() and len(digits) < 9:
                fits |= Q(number=int(digits))
            rows = rows.filter(fits)
        return rows

    def similar_to(self, suggestion) -> SuggestionQuerySet:
        """Others of the same congress and term in whose title stands a part of this title; where
        it is alone makes none alike: 石桥镇 has many suggestions."""
        session = suggestion.session
        rows = self.exclude(pk=suggestion.pk).filter(
            session__area=session.area_id, session__term=session.term
        )
        places = Area.objects.filter(code__startswith=session.area.code)
        fits = Q(pk__in=[])
        for part in parts_of_title(suggestion.title, places.values_list("name", flat=True)):
            fits |= Q(title__contains=part)
        return rows.filter(fits)

    def for_list(self) -> SuggestionQuerySet:
        handlings = self._handlings().standing().select_related("unit")
        return self.select_related("session__area", "station__area", "category").prefetch_related(
            models.Prefetch("handlings", handlings, to_attr="shares"), "signatures"
        )

    def for_ledger(self) -> SuggestionQuerySet:
        """With all that a line of the 办理台账 says."""
        return self.select_related("session__area", "lead__station").prefetch_related(
            models.Prefetch("handlings", self._handlings().for_page()),
            "signatures__deputy__station",
        )

    def for_page(self) -> SuggestionQuerySet:
        return self.select_related(
            "session__area", "station__area", "category", "lead__user", "created_by",
            "merged_into__session", "batch",
        ).prefetch_related(
            models.Prefetch("signatures", self._signatures().select_related("deputy"))
        )  # fmt: skip

    def _related(self, name: str):
        return self.model._meta.get_field(name).related_model.objects

    def _handlings(self):
        return self._related("handlings").all()

    def _deadlines(self):
        return self._related("deadlines").all()

    def _signatures(self):
        return self._related("signatures").all()

    def _signed_by(self, user):
        """Those that the deputy was asked to sign, until they said no; named is not asked yet."""
        rows = self._signatures().filter(deputy__user=user).exclude(consent=Consent.DECLINED)
        rows = rows.exclude(consent=Consent.ASKED, asked_on=None)
        return rows.values("suggestion")

    def _to_assign(self) -> Q:
        """To be assigned as a whole, or a part of it whose unit has left."""
        left = self._handlings().filter(suggestion=OuterRef("pk"), vacant=True)
        return WORKLISTS["assign"] | (Q(Exists(left)) & ~Q(state=State.WITHDRAWN))

    def _asking(self):
        """The shares of which something is asked of the office."""
        rows = self._handlings().filter(suggestion=OuterRef("pk"))
        return rows.filter(Q(state=Part.RETURNING) | Q(extensions__outcome=Asked.OPEN))
