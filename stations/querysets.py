from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.db import models
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Sum,
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


class CategoryQuerySet(models.QuerySet):
    def tops(self) -> CategoryQuerySet:
        """The upper level, with categories no longer offered: registers still hold them."""
        return self.filter(parent=None)

    def offered(self, *, held: Collection[int | None] = ()) -> CategoryQuerySet:
        """The categories that may be chosen now, in the district's order.

        And those of the keys `held`: what a row holds it keeps, offered or not.
        """
        now = Q(active=True) & (Q(parent=None) | Q(parent__active=True))
        kept = [key for key in held if key is not None]
        return self.filter((now | Q(pk__in=kept)) if kept else now).select_related("parent")

    def offered_or_not(self) -> CategoryQuerySet:
        """All that rows may hold, those offered now first: an old sheet keeps its words."""
        return self.select_related("parent").order_by("-active", "position", "pk")

    def tree(self) -> list:
        """The upper level with `below`, the lower one; each says whether a row holds it."""
        opinions = self.model._meta.get_field("opinions").related_model.objects
        used = Exists(opinions.filter(category=OuterRef("pk")).order_by())
        rows = list(self.annotate(is_used=used).order_by("position", "pk"))
        for row in rows:
            row.below = [lower for lower in rows if lower.parent_id == row.pk]
        return [row for row in rows if row.parent_id is None]


class UnitQuerySet(models.QuerySet):
    def offered(self) -> UnitQuerySet:
        """The units that may be named now."""
        return self.filter(active=True)


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


class MailboxQuerySet(models.QuerySet):
    def visible_to(self, user) -> MailboxQuerySet:
        """The mailboxes of the stations that `user` sees."""
        stations = self.model._meta.get_field("station").related_model.objects
        return self if user.is_system else self.filter(station__in=stations.visible_to(user))

    def where_user_can(self, user, capability: Capability) -> MailboxQuerySet:
        stations = self.model._meta.get_field("station").related_model.objects
        return self.filter(station__in=stations.where_user_can(user, capability))

    def hanging(self) -> MailboxQuerySet:
        return self.filter(taken_down_on=None)

    def with_month(self, on: date) -> MailboxQuerySet:
        """With what the month of `on` says of each box: the day it was opened last, its letters,
        and whether it was opened the month before."""
        openings = self.model._meta.get_field("openings").related_model.objects.valid()
        own = openings.filter(mailbox=OuterRef("pk")).order_by()
        now, before = (own.in_month_of(day) for day in (on, on.replace(day=1) - timedelta(days=1)))
        letters = now.values("mailbox").annotate(n=Sum("letter_count")).values("n")
        return self.annotate(
            opened_on=Subquery(now.order_by("-opened_on").values("opened_on")[:1]),
            letters=Coalesce(Subquery(letters), 0),
            opened_before=Exists(before),
        )

    def matching(self, text: str) -> MailboxQuerySet:
        """Whose name, place, keeper or station hold every word of `text`."""
        rows = self
        for word in text.split():
            rows = rows.filter(
                Q(name__contains=word)
                | Q(place__contains=word)
                | Q(keeper__contains=word)
                | Q(station__name__contains=word)
            )
        return rows

    def for_list(self) -> MailboxQuerySet:
        return self.select_related("station__area", "station__township")


class MailboxOpeningQuerySet(models.QuerySet):
    def visible_to(self, user) -> MailboxOpeningQuerySet:
        """The openings of the mailboxes that `user` sees."""
        mailboxes = self.model._meta.get_field("mailbox").related_model.objects
        return self if user.is_system else self.filter(mailbox__in=mailboxes.visible_to(user))

    def valid(self) -> MailboxOpeningQuerySet:
        return self.filter(voided_at=None)

    def in_month_of(self, on: date) -> MailboxOpeningQuerySet:
        return self.filter(opened_on__year=on.year, opened_on__month=on.month)

    def with_registered(self) -> MailboxOpeningQuerySet:
        """With how many of its letters stand in the register."""
        registered = Count("letters", filter=Q(letters__voided_at=None))
        return self.annotate(registered=registered)

    def with_letters_to_log(self) -> MailboxOpeningQuerySet:
        """Valid ones whose letters do not all stand in the register yet, the oldest first."""
        rows = self.valid().filter(letter_count__gt=0).with_registered()
        return rows.filter(registered__lt=F("letter_count")).order_by("opened_on", "pk")

    def where_user_can(self, user, capability: Capability) -> MailboxOpeningQuerySet:
        mailboxes = self.model._meta.get_field("mailbox").related_model.objects
        return self.filter(mailbox__in=mailboxes.where_user_can(user, capability))

    def for_page(self) -> MailboxOpeningQuerySet:
        return self.select_related("mailbox__station__area", "created_by")
