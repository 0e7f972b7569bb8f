from __future__ import annotations

from django.db import models
from django.db.models import Case, Q, When

from stations.models import Station


class DeputyQuerySet(models.QuerySet):
    def visible_to(self, user) -> DeputyQuerySet:
        """The deputies of the stations `user` sees."""
        if user.is_system:
            return self
        return self.filter(station__in=Station.objects.visible_to(user))

    def in_office(self) -> DeputyQuerySet:
        return self.filter(state="in_office")

    def who_may_receive_at(self, station: Station) -> DeputyQuerySet:
        """The deputies in office of the station's township, the station's own first."""
        own = Case(When(station=station, then=0), default=1)
        return (
            self.in_office()
            .filter(station__township=station.township_id)
            .order_by(own, "pinyin", "pk")
        )

    def at_level(self, level: str) -> DeputyQuerySet:
        return self.filter(
            pk__in=self.model._meta.get_field("mandates")
            .related_model.objects.filter(level=level, ended_on=None)
            .values("deputy")
        )

    def named(self, text: str) -> DeputyQuerySet:
        """Whose name holds `text`, or whose pinyin or initials begin with it."""
        text = text.strip()
        latin = text.lower().replace(" ", "")
        return self.filter(
            Q(name__contains=text) | Q(initials__startswith=latin) | Q(pinyin__startswith=latin)
        )

    def for_list(self) -> DeputyQuerySet:
        return self.select_related("station", "group").prefetch_related("mandates")


class GroupQuerySet(models.QuerySet):
    def visible_to(self, user) -> GroupQuerySet:
        if user.is_system:
            return self
        stations = Station.objects.visible_to(user)
        return self.filter(
            Q(deputies__station__in=stations) | Q(township__in=stations.values("township"))
        ).distinct()
