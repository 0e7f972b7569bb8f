from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.roles import Capability, roles_with


class AreaQuerySet(models.QuerySet):
    def within(self, code: str) -> AreaQuerySet:
        """The area with `code` and everything below it: national codes nest by prefix."""
        return self.filter(code__startswith=code)


class StationQuerySet(models.QuerySet):
    """Every row scope of the portal is written on top of these two methods."""

    def visible_to(self, user) -> StationQuerySet:
        """The stations where `user` is posted in whatever role, or whose area is theirs."""
        if user.is_system:
            return self
        return self._in_scope_of(user.held_postings)

    def where_user_can(self, user, capability: Capability) -> StationQuerySet:
        """The stations where a role of `user` holds `capability`."""
        if user.is_system:
            return self
        roles = roles_with(capability)
        return self._in_scope_of([held for held in user.held_postings if held.role in roles])

    def posted_directly(self, user) -> StationQuerySet:
        """The stations where `user` is posted in person, not through the area above."""
        return self.filter(pk__in=[held.station_id for held in user.held_postings])

    def within(self, code: str) -> StationQuerySet:
        return self.filter(area__code__startswith=code)

    def open(self) -> StationQuerySet:
        return self.filter(state="open")

    def for_list(self) -> StationQuerySet:
        return self.select_related("township", "village", "parent")

    def _in_scope_of(self, postings) -> StationQuerySet:
        scope = Q(pk__in=[held.station_id for held in postings if held.station_id])
        for held in postings:
            if held.area_id:
                scope |= Q(area__code__startswith=held.area.code)
        return self.filter(scope)


class CategoryQuerySet(models.QuerySet):
    def offered(self) -> CategoryQuerySet:
        """The categories that may be chosen now, in the district's order."""
        return self.filter(active=True).select_related("parent")


class UnitQuerySet(models.QuerySet):
    def offered(self) -> UnitQuerySet:
        """The units that may be named now."""
        return self.filter(active=True)

    def unconfirmed(self) -> UnitQuerySet:
        return self.filter(confirmed=False)


class PostingQuerySet(models.QuerySet):
    def visible_to(self, user) -> PostingQuerySet:
        """Who works where, for those who see the place."""
        if user.is_system:
            return self
        from_areas = [held.area.code for held in user.held_postings if held.area_id]
        scope = Q(station__in=self.model.stations_visible_to(user))
        for code in from_areas:
            scope |= Q(area__code__startswith=code)
        return self.filter(scope)
