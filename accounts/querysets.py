from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.choices import OPEN_STATES, DeliveryState


class UserQuerySet(models.QuerySet):
    def known_as(self, login: str) -> UserQuerySet:
        """The accounts that `login` may mean: a user name, or a phone number."""
        login = login.strip()
        return self.filter(Q(username=login) | Q(phone=login)) if login else self.none()

    def meant_by(self, login: str):
        """The one account that `login` means: somebody's phone may be another's user name."""
        name = login.strip()
        return max(self.known_as(login), key=lambda found: found.username == name, default=None)

    def matching(self, text: str) -> UserQuerySet:
        """The accounts whose name, user name or phone holds `text`."""
        text = text.strip()
        wanted = Q(name__contains=text) | Q(username__contains=text) | Q(phone__contains=text)
        return self.filter(wanted) if text else self.all()

    def with_unread(self) -> UserQuerySet:
        """With the number of notices not read yet, as `unread_notices`."""
        notices = self.model._meta.get_field("notices").related_model.objects
        own = notices.unread().filter(user=OuterRef("pk")).order_by().values("user")
        counted = Subquery(own.annotate(n=Count("pk")).values("n"))
        return self.annotate(unread_notices=Coalesce(counted, 0))

    def without_digest(self, on: date) -> UserQuerySet:
        """Who has not been told yet what waits for them on that day."""
        notices = self.model._meta.get_field("notices").related_model.objects
        told = notices.filter(user=OuterRef("pk"), kind="digest", expires_on=on)
        return self.exclude(Exists(told))

    def for_list(self) -> UserQuerySet:
        return self


class UserManager(DjangoUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_superuser(self, username, email=None, password=None, **extra):
        """The first administrator chose this password: nobody has to change it."""
        extra.setdefault("must_change_password", False)
        return super().create_superuser(username, email, password, **extra)


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, user) -> NoticeQuerySet:
        """An inbox is its user's alone."""
        return self if user.is_system else self.filter(user_id=user.pk)

    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at=None)

    def leading_to(self, url: str, station_key: int | None) -> NoticeQuerySet:
        """Those of one station that lead to `url`."""
        return self.filter(station_key=station_key, url=url)

    def for_list(self) -> NoticeQuerySet:
        return self


class DeliveryQuerySet(models.QuerySet):
    def within(self, stations, *, unplaced: bool = False) -> DeliveryQuerySet:
        """What went out for `stations`, and with `unplaced` what belongs to none of them."""
        scope = Q(notice__station_key__in=stations)
        return self.filter(scope | Q(notice__station_key=None) if unplaced else scope)

    def claimable(self, at: datetime) -> DeliveryQuerySet:
        """What still goes out, whose time has come at `at`, and that nobody holds."""
        free = Q(lease_until=None) | Q(lease_until__lt=at)
        return self.still_open().filter(free, next_try_at__lte=at)

    def due(self, at: datetime, on: date) -> DeliveryQuerySet:
        """What may be claimed at `at`: its day is not over either."""
        in_time = Q(notice__expires_on=None) | Q(notice__expires_on__gte=on)
        return self.claimable(at).filter(in_time)

    def outlived(self, at: datetime, on: date) -> DeliveryQuerySet:
        """What nobody handed over on its day, and nobody is handing over now."""
        free = Q(lease_until=None) | Q(lease_until__lt=at)
        return self.still_open().filter(free).about(Q(expires_on__lt=on))

    def about(self, condition: Q) -> DeliveryQuerySet:
        """Those of notices that meet `condition`.

        No join: an update must look at the state of its rows again once it has waited for them.
        """
        notices = self.model._meta.get_field("notice").related_model.objects
        return self.filter(notice__in=notices.filter(condition))

    def still_open(self) -> DeliveryQuerySet:
        return self.filter(state__in=OPEN_STATES)

    def held_by(self, claim: UUID | None) -> DeliveryQuerySet:
        return self.filter(claim=claim, state=DeliveryState.SENDING)

    def matching(self, text: str) -> DeliveryQuerySet:
        """Whose recipient or title holds `text`."""
        wanted = Q(notice__recipient__contains=text) | Q(notice__title__contains=text)
        return self.filter(wanted)

    def for_list(self) -> DeliveryQuerySet:
        return self.select_related("notice")
