from __future__ import annotations

from collections.abc import Sequence

from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Prefetch, Q, Value, When
from django.db.models.functions import Replace

from deputies.choices import Level
from stations.models import Station


class DeputyQuerySet(models.QuerySet):
    def visible_to(self, user) -> DeputyQuerySet:
        """The deputies of the stations `user` sees."""
        if user.is_system:
            return self
        return self.filter(station__in=Station.objects.visible_to(user))

    def in_office(self) -> DeputyQuerySet:
        return self.filter(state="in_office")

    def without_log_in(self) -> DeputyQuerySet:
        """In office, and unable to log in yet; by pinyin."""
        return self.in_office().filter(user=None).order_by("pinyin", "pk")

    def who_may_receive_at(
        self, station: Station, *, picked: Sequence[int] = (), standing: Sequence[int] = ()
    ) -> DeputyQuerySet:
        """The deputies in office of the station's township, the station's own first.

        Those `picked` come at the very front, in their order. Those `standing` in the register
        may stay there, though they have moved or left since.
        """
        order = [When(pk=key, then=Value(place)) for place, key in enumerate(picked)]
        own = When(station=station, then=Value(len(order)))
        return (
            self.filter(
                Q(station__township=station.township_id, state="in_office") | Q(pk__in=standing)
            )
            .select_related("station")
            .order_by(Case(*order, own, default=Value(len(order) + 1)), "pinyin", "pk")
        )

    def at_level(self, level: str) -> DeputyQuerySet:
        return self.filter(
            pk__in=self.model._meta.get_field("mandates")
            .related_model.objects.filter(level=level, ended_on=None)
            .values("deputy")
        )

    def of_constituency(self, text: str) -> DeputyQuerySet:
        """Whose present 选区 or electing body holds `text`."""
        mandates = self.model._meta.get_field("mandates").related_model.objects
        held = mandates.filter(deputy=OuterRef("pk"), ended_on=None, constituency__contains=text)
        return self.filter(Exists(held))

    def within(self, code: str) -> DeputyQuerySet:
        return self.filter(station__area__code__startswith=code)

    def named(self, text: str) -> DeputyQuerySet:
        """Whose name holds `text`, or whose pinyin or initials begin with it."""
        text = text.strip()
        latin = text.lower().replace(" ", "")
        return self.alias(joined=Replace("pinyin", Value(" "), Value(""))).filter(
            Q(name__contains=text) | Q(initials__startswith=latin) | Q(joined__startswith=latin)
        )

    def for_list(self) -> DeputyQuerySet:
        return self.select_related("station", "group").prefetch_related(self._mandates())

    def for_page(self) -> DeputyQuerySet:
        return self.select_related(
            "station__area", "station__township", "group__convener", "user"
        ).prefetch_related(self._mandates())

    def _mandates(self) -> Prefetch:
        """The mandates, those in force first, from the highest congress down."""
        mandates = self.model._meta.get_field("mandates").related_model.objects
        rank = Case(*(When(level=level, then=at) for at, level in enumerate(Level.values)))
        return Prefetch("mandates", mandates.order_by(F("ended_on").desc(nulls_first=True), rank))


class GroupQuerySet(models.QuerySet):
    def visible_to(self, user) -> GroupQuerySet:
        if user.is_system:
            return self
        stations = Station.objects.visible_to(user)
        return self.filter(
            Q(deputies__station__in=stations) | Q(township__in=stations.values("township"))
        ).distinct()

    def for_list(self) -> GroupQuerySet:
        return self.select_related("township", "convener")

    def with_size(self) -> GroupQuerySet:
        """With the number of members in office."""
        in_office = Q(deputies__state="in_office")
        return self.annotate(size=Count("deputies", filter=in_office, distinct=True))
