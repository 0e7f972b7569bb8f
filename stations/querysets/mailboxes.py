from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import (
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce

from accounts.roles import Capability


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
