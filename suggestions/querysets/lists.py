"""What the list of suggestions asks: worklists by reader, and the day that comes next."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from django.db import models
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.roles import Capability
from stations.models import Area
from suggestions.choices import Consent, Limit, Part, State
from suggestions.querysets.handling import units_of

NO_DATE = date(9999, 12, 31)
TABS_UP_TO = 999
# What waits for the office of a congress is shown to its own office only.
OF_THE_OFFICE = ("review", "assign", "decide", "vet")
OUT = (Part.ANSWERED, Part.RATED)  # the letter has reached the deputy
OF_THE_UNIT = (
    Limit.SIGN, Limit.ASSIST, Limit.COUNTERSIGN, Limit.REPLY, Limit.REDO, Limit.PROMISE
)  # fmt: skip


class Bounded(Subquery):
    """How many rows a query finds, reading no more than one above the bound of tabs."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()

    def __init__(self, rows):
        super().__init__(rows.order_by().values("pk")[: TABS_UP_TO + 1])


class ListedQuerySet(models.QuerySet):
    def at_step(self, step: str, user, today: date):
        """One worklist as `user` has it."""
        if step in OF_THE_OFFICE:
            return self.of_office(user).waiting_for(step)
        if step == "promises":
            return self.promised_by(units_of(user) or None)
        lists = {
            "open": lambda: self.open(),
            "overdue": lambda: self.overdue(today),
            "at_unit": lambda: self.at_unit(user),
            "asking_me": lambda: self.asking_me(user),
            "own": lambda: self.filter(lead__user=user),
            "all": lambda: self,
        }
        return lists[step]() if step in lists else self.waiting_for(step)

    def step_counts(self, steps: Sequence[str], user, today: date) -> dict[str, int]:
        """How many stand in each of `steps`: one query, and no more rows than tabs count."""
        counts = {f"n_{step}": Bounded(self.at_step(step, user, today)) for step in steps}
        one_row = Area.objects.order_by("pk").values(**counts)[:1]
        found = next(iter(one_row), {})
        return {step: found.get(f"n_{step}", 0) for step in steps}

    def of_office(self, user):
        """Of the congresses in whose office `user` works."""
        areas = Area.objects.where_user_can(user, Capability.REVIEW_SUGGESTION)
        return self.filter(session__area__in=areas)

    def promised_by(self, units: Collection[int] | None = None):
        """Of which one of `units`, or any, has promised something in a letter that is out, and not
        answered it yet."""
        shares = self._shares().filter(
            suggestion=OuterRef("pk"), reply__promise__isnull=False,
            reply__promise__answered_on=None, state__in=OUT,
        )  # fmt: skip
        if units is not None:
            shares = shares.filter(unit__in=units)
        return self.filter(Exists(shares))

    def for_clerk(self, user):
        """What the clerk's units have in hand, or still owe an answer about."""
        held, promised = self.at_unit(user), self.promised_by(units_of(user))
        return self.filter(Q(pk__in=held.values("pk")) | Q(pk__in=promised.values("pk")))

    def late_or_with_staff(self, user, today: date):
        """Late ones, those sent back to be mended, and what the user has begun for a deputy."""
        begun = Q(state__in=[State.DRAFT, State.JOINING], created_by=user.pk)
        late = Q(pk__in=self.overdue(today).values("pk"))
        return self.filter(begun | Q(state=State.REVISING) | late)

    def late_by_unit(self, today: date) -> list[dict]:
        """Units that somebody waits for too long, with how many and since when."""
        rows = self._clocks().overdue(today).filter(suggestion__in=self, handling__isnull=False)
        rows = rows.filter(limit__in=OF_THE_UNIT).order_by()
        return list(
            rows.values("handling__unit", name=F("handling__unit__name"))
            .annotate(n=Count("suggestion", distinct=True), oldest=models.Min("due_on"))
            .order_by("oldest", "name")
        )

    def with_next(self, units: Collection[int] = (), limits: Collection[str] = ()):
        """With the clock that runs out first: `next_on`, `next_limit` and `next_unit`; of the
        shares of `units`, and against `limits`, alone where some are named."""
        clocks = self._clocks().waiting().filter(suggestion=OuterRef("pk"))
        if units:
            clocks = clocks.filter(handling__unit__in=units)
        if limits:
            clocks = clocks.filter(limit__in=limits)
        first = clocks.order_by("due_on", "pk")
        return self.annotate(
            next_on=Coalesce(Subquery(first.values("due_on")[:1]), Value(NO_DATE)),
            next_limit=Coalesce(Subquery(first.values("limit")[:1]), Value("")),
            next_unit=Coalesce(Subquery(first.values("handling__unit__name")[:1]), Value("")),
        )

    def for_rows(self):
        """With all that a line shows: its units, and how many signed beside the lead."""
        signed = self._signed().filter(suggestion=OuterRef("pk"), consent=Consent.AGREED)
        counted = signed.order_by().values("suggestion").annotate(n=Count("pk")).values("n")
        shares = self._shares().standing().select_related("unit")
        return (
            self.annotate(
                raised_on=Coalesce(F("submitted_on"), Value(NO_DATE)),
                joined=Coalesce(Subquery(counted), 0),
                is_of_old_session=Exists(self._later_sessions()),
            )
            .select_related("session__area", "station", "category")
            .defer("content", "note")
            .prefetch_related(Prefetch("handlings", shares, to_attr="shares"))
        )

    def _later_sessions(self):
        """Numbers begin anew with each: an old one is read with its meeting."""
        sessions = self.model._meta.get_field("session").related_model.objects.filter(
            area=OuterRef("session__area")
        )
        of_term = Q(term=OuterRef("session__term"), number__gt=OuterRef("session__number"))
        return sessions.filter(Q(term__gt=OuterRef("session__term")) | of_term)

    def handled_by(self, name: str):
        """Which a unit has, or had in an earlier round, whose name holds `name`."""
        shares = self._shares().standing().filter(unit__name__contains=name)
        return self.filter(Exists(shares.filter(suggestion=OuterRef("pk"))))

    def of_deputy(self, key: int, part: str = ""):
        """Led or signed by this deputy; `part` asks for one of the two, "led" or "signed"."""
        signed = self._signed().filter(deputy=key, consent=Consent.AGREED)
        if part:
            return self.filter(
                Q(lead=key) if part == "led" else Q(pk__in=signed.values("suggestion"))
            )
        return self.filter(Q(lead=key) | Q(pk__in=signed.values("suggestion")))

    def _shares(self):
        return self.model._meta.get_field("handlings").related_model.objects.all()

    def _clocks(self):
        return self.model._meta.get_field("deadlines").related_model.objects.all()

    def _signed(self):
        return self.model._meta.get_field("signatures").related_model.objects.all()
