from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Max, Q

from accounts.roles import Capability
from reports.choices import EditionState
from stations.models import Area, Station


class EditionQuerySet(models.QuerySet):
    def visible_to(self, user) -> EditionQuerySet:
        """The reports of the whole places that `user` reads reports of; drafts are read by who
        may publish there."""
        if user.is_system:
            return self
        areas = Area.objects.where_user_can(user, Capability.VIEW_REPORT)
        stations = Station.objects.where_user_can(user, Capability.VIEW_REPORT)
        own = Q(area__in=areas) | Q(station__in=stations)
        publishing = Q(area__in=Area.objects.where_user_can(user, Capability.PUBLISH_REPORT)) | Q(
            station__in=Station.objects.where_user_can(user, Capability.PUBLISH_REPORT)
        )
        drafts = Q(state__in=[EditionState.DRAFT, EditionState.DROPPED])
        return self.filter(own & ~drafts | publishing & ~Q(state=EditionState.DROPPED))

    def of(self, place: Area | Station, first: date, last: date) -> EditionQuerySet:
        """All versions of one report."""
        where = {"area": place} if isinstance(place, Area) else {"station": place}
        return self.filter(first=first, last=last, **where).exclude(state=EditionState.DROPPED)

    def next_number(self) -> int:
        return (self.aggregate(n=Max("number"))["n"] or 0) + 1

    def for_list(self) -> EditionQuerySet:
        """Without what is large."""
        return self.select_related("area", "station", "published_by", "made_by").defer(
            "figures", "text", "changes"
        )

    def for_page(self) -> EditionQuerySet:
        """With all that the page of one says; only `corrects` is named."""
        return self.select_related(
            "area", "station__area", "station__township", "published_by", "made_by", "corrects"
        )


class CaseQuerySet(models.QuerySet):
    def visible_to(self, user) -> CaseQuerySet:
        """The cases of the stations whose reports `user` reads."""
        if user.is_system:
            return self
        return self.filter(station__in=Station.objects.where_user_can(user, Capability.VIEW_REPORT))

    def standing(self) -> CaseQuerySet:
        return self.filter(dropped_at=None)

    def for_list(self) -> CaseQuerySet:
        return self.select_related("station", "created_by")

    def between(self, first: date, last: date) -> CaseQuerySet:
        return self.filter(on__gte=first, on__lte=last)
