from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import (
    Case,
    Count,
    Exists,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from accounts.roles import Capability, Role, roles_with

# What waits to be confirmed, then the district's own units, then those of the townships.
UNITS = ("confirmed", "place", "name", "pk")


class UnitQuerySet(models.QuerySet):
    def visible_to(self, user) -> UnitQuerySet:
        """The units whose clerks `user` keeps, as they keep the staff of the stations there.

        The first administrator has no posting and keeps the log-ins of every unit.
        """
        keeps_all = user.is_system or user.is_superuser
        return self if keeps_all else self.where_user_can(user, Capability.EDIT_STATION)

    def where_user_can(self, user, capability: Capability) -> UnitQuerySet:
        """The units in whose whole area `user` holds `capability`; without one, the district's."""
        if user.is_system:
            return self
        roles = roles_with(capability)
        scope = Q(pk__in=[])
        for held in user.held_postings:
            if held.role in roles and held.area_id:
                scope |= Q(area__code__startswith=held.area.code)
                if held.area.level == "district":
                    scope |= Q(area=None)
        return self.filter(scope)

    def offered(self) -> UnitQuerySet:
        """The units that may be named now."""
        return self.filter(active=True)

    def merged_into(self) -> UnitQuerySet:
        """The units that another may be merged into: in use, and known to be written right."""
        return self.offered().filter(confirmed=True)

    def within(self, code: str) -> UnitQuerySet:
        return self.filter(area__code__startswith=code)

    def matching(self, text: str) -> UnitQuerySet:
        """Whose name or clerks hold every word of `text`."""
        rows = self
        for word in text.split():
            clerk = self._clerks().filter(person_name__contains=word)
            rows = rows.filter(Q(name__contains=word) | Exists(clerk))
        return rows

    def without_clerk(self) -> UnitQuerySet:
        """In use, and nobody there can log in: what is handed to them waits unseen."""
        return self.offered().exclude(Exists(self._clerks().exclude(user=None)))

    def for_list(self) -> UnitQuerySet:
        """What waits to be confirmed first, then the district's own; with the clerks counted."""
        return self.select_related("area__parent").annotate(
            place=Coalesce("area__code", Value("")),
            clerk_count=Coalesce(_counted(self._clerks()), 0),
            log_in_count=Coalesce(_counted(self._clerks().exclude(user=None)), 0),
        )

    def for_page(self) -> UnitQuerySet:
        return self.select_related("area__parent")

    def _clerks(self) -> models.QuerySet:
        postings = self.model._meta.get_field("postings").related_model.objects
        return postings.filter(unit=OuterRef("pk")).order_by()


def _counted(clerks: models.QuerySet) -> Subquery:
    return Subquery(clerks.values("unit").annotate(n=Count("pk")).values("n"))


class PostingQuerySet(models.QuerySet):
    def visible_to(self, user) -> PostingQuerySet:
        """Who works where, for those who see the place."""
        if user.is_system:
            return self
        from_areas = [held.area.code for held in user.held_postings if held.area_id]
        scope = Q(station__in=self.model.stations_visible_to(user))
        scope |= Q(unit__in=self.model.units_visible_to(user))
        for code in from_areas:
            scope |= Q(area__code__startswith=code)
        return self.filter(scope)

    def where_user_can(self, user, capability: Capability) -> PostingQuerySet:
        """Who holds office in the areas where `user` holds `capability`."""
        areas = self.model._meta.get_field("area").related_model.objects
        return self.filter(area__in=areas.where_user_can(user, capability))

    def officers(self) -> PostingQuerySet:
        """Those who hold office in an area, who keeps the accounts last."""
        last = Case(When(role=Role.ADMINISTRATOR, then=1), default=0)
        return self.select_related("user").order_by(last, "pk")

    def staff(self) -> PostingQuerySet:
        """Those who work at the place, heads first; its deputies are a list of their own."""
        order = [Role.STATION_HEAD, Role.DEPUTY_HEAD, Role.LIAISON, Role.OBSERVER]
        rank = Case(*(When(role=role, then=at) for at, role in enumerate(order)), default=9)
        return self.exclude(role=Role.DEPUTY).order_by(rank, "pk")

    def who_can(self, capability: Capability) -> PostingQuerySet:
        """The postings that grant `capability` to somebody with a log-in."""
        return self.filter(role__in=roles_with(capability), user__is_active=True)

    def at_stations(self) -> PostingQuerySet:
        return self.exclude(station=None)

    def without_digest(self, on: date) -> PostingQuerySet:
        """Of those who have not been told yet what waits for them on that day."""
        users = self.model._meta.get_field("user").related_model.objects
        return self.filter(user__in=users.without_digest(on))

    def users(self) -> list:
        """Who holds these postings, each once."""
        return list({held.user_id: held.user for held in self.select_related("user")}.values())

    def for_list(self) -> PostingQuerySet:
        return self.select_related("user", "station__area", "area", "unit__area")
