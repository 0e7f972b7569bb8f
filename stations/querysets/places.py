from __future__ import annotations

from django.db import models
from django.db.models import (
    Case,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce

from accounts.roles import Capability, Role, roles_with

# The order of the 名册: by township, the centre first, then its stations by village.
TREE = ("township__code", "tier", "area__code", "pk")


class AreaQuerySet(models.QuerySet):
    def visible_to(self, user) -> AreaQuerySet:
        """The areas of which `user` sees at least one station, or that are theirs."""
        if user.is_system:
            return self
        stations = self.model._meta.get_field("township_stations").related_model.objects
        visible = stations.visible_to(user)
        scope = Q(pk__in=visible.values("township")) | Q(pk__in=visible.values("village"))
        for held in user.held_postings:
            if held.area_id:
                scope |= Q(code__startswith=held.area.code)
        return self.filter(scope)

    def where_user_can(self, user, capability: Capability) -> AreaQuerySet:
        """The areas in the whole of which `user` holds `capability`.

        The first administrator has no posting and keeps the accounts of every area.
        """
        keeps_all = user.is_system or (
            user.is_superuser and capability == Capability.MANAGE_ACCOUNTS
        )
        if keeps_all:
            return self
        roles = roles_with(capability)
        scope = Q(pk__in=[])
        for held in user.held_postings:
            if held.role in roles and held.area_id:
                scope |= Q(code__startswith=held.area.code)
        return self.filter(scope)

    def with_offices(self) -> AreaQuerySet:
        """The district and its townships as a tree, each with its officers at hand."""
        postings = self.model._meta.get_field("postings").related_model.objects
        officers = Prefetch("postings", postings.officers(), to_attr="officers")
        return self.exclude(level="village").order_by("code").prefetch_related(officers)

    def townships(self) -> AreaQuerySet:
        return self.filter(level="township")

    def villages(self) -> AreaQuerySet:
        return self.filter(level="village")

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

    def where_posted_can(self, user, capability: Capability) -> StationQuerySet:
        """The stations where a posting at the station itself, not at the area above, grants
        `capability` to `user`."""
        if user.is_system:
            return self
        roles = roles_with(capability)
        keys = [held.station_id for held in user.held_postings if held.role in roles]
        return self.filter(pk__in=[key for key in keys if key])

    def within(self, code: str) -> StationQuerySet:
        return self.filter(area__code__startswith=code)

    def open(self) -> StationQuerySet:
        return self.filter(state="open")

    def matching(self, text: str) -> StationQuerySet:
        """Whose name, address, phone or staff hold `text`."""
        postings = self.model._meta.get_field("postings").related_model.objects
        staff = postings.filter(station=OuterRef("pk"), person_name__contains=text)
        return self.filter(
            Q(name__contains=text)
            | Q(address__contains=text)
            | Q(phone__contains=text)
            | Exists(staff.exclude(role=Role.DEPUTY))
        )

    def for_list(self) -> StationQuerySet:
        """In the order of the 名册 (`TREE`), with deputies counted and liaisons at hand."""
        postings = self.model._meta.get_field("postings").related_model.objects
        deputies = self.model._meta.get_field("deputies").related_model.objects
        counted = (
            deputies.in_office()
            .filter(station=OuterRef("pk"))
            .order_by()
            .values("station")
            .annotate(n=Count("pk"))
            .values("n")
        )
        return (
            self.select_related("area", "township", "village")
            .annotate(
                tier=Case(When(kind="centre", then=0), default=1, output_field=IntegerField()),
                deputy_count=Coalesce(Subquery(counted), 0),
            )
            .prefetch_related(
                Prefetch("postings", postings.filter(role=Role.LIAISON), to_attr="liaisons")
            )
        )

    def for_page(self) -> StationQuerySet:
        return self.select_related("area", "township", "village", "parent")

    def _in_scope_of(self, postings) -> StationQuerySet:
        scope = Q(pk__in=[held.station_id for held in postings if held.station_id])
        for held in postings:
            if held.area_id:
                scope |= Q(area__code__startswith=held.area.code)
        return self.filter(scope)
