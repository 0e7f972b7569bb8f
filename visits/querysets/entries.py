"""What entries of all registers are asked for, and those of the second and the third."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Sum

from accounts.roles import Capability, Role
from common.paging import EXACT_UP_TO
from stations.models import Station


class EntryQuerySet(models.QuerySet):
    """Entries of a register whose day is `day_field` and whose deputies are `deputy_rows`."""

    day_field: str
    deputy_rows: str

    def visible_to(self, user):
        """What `user` may read: registers of their stations, and what they took part in."""
        if user.is_system:
            return self
        registers = Station.objects.where_user_can(user, Capability.VIEW_REGISTER)
        scope = Q(station__in=registers)
        if user.holds([Role.DEPUTY]):
            own = Q(**{f"{self.deputy_rows}__deputy__user": user})
            scope |= Q(pk__in=self.model.objects.filter(own).values("pk"))
        return self.filter(scope)

    def countable_by(self, user):
        """What the figures of `user` count, confidential entries of the area among them."""
        if user.is_system:
            return self
        return self.filter(station__in=Station.objects.where_user_can(user, Capability.VIEW_REPORT))

    def valid(self):
        return self.filter(voided_at=None)

    def between(self, first: date | None, last: date | None):
        """From `first` to `last`, both days counted; None leaves the side open."""
        rows = self
        if first:
            rows = rows.filter(**{f"{self.day_field}__gte": first})
        if last:
            rows = rows.filter(**{f"{self.day_field}__lte": last})
        return rows

    def of_deputy(self, deputy):
        """In which `deputy` is named."""
        rows = self.model._meta.get_field(self.deputy_rows).related_model.objects
        field = self.model._meta.get_field(self.deputy_rows).field.name
        return self.filter(Exists(rows.filter(**{field: OuterRef("pk"), "deputy": deputy})))

    def for_list(self):
        """With all that a line of the register shows."""
        return self.select_related("station__area")

    def for_page(self):
        return self.for_list().select_related("created_by", "batch")


class AssistanceQuerySet(EntryQuerySet):
    day_field = "helped_on"
    deputy_rows = "helpers"

    def matching(self, text: str, *, reader) -> AssistanceQuerySet:
        """Whose number, deed, address or deputies hold every word of `text`.

        Whom it helped is found only where `reader` may see it.
        """
        stations = Station.objects.where_user_can(reader, Capability.VIEW_CONTACT)
        rows = self
        for word in text.split():
            named = Q(station__in=stations, beneficiary__contains=word)
            rows = rows.filter(Q(search_text__contains=word) | named)
        return rows

    def totals(self, *, exactly: bool = False) -> dict:
        """件数, 资金 and 物资 (元), 户数 and 人数; unless asked for `exactly`, of no more rows
        than lists count."""
        rows = self.order_by()
        return (rows if exactly else rows[: EXACT_UP_TO + 1]).aggregate(
            deeds=Count("pk"),
            money=Sum("money", default=0),
            goods=Sum("goods", default=0),
            households=Sum("households", default=0),
            people=Sum("people", default=0),
        )


class ActivityQuerySet(EntryQuerySet):
    day_field = "held_on"
    deputy_rows = "attendance"

    def of_deputy(self, deputy, presence: str = ""):
        """To which `deputy` was to come; with a `presence`, those where that became of it."""
        if not presence:
            return super().of_deputy(deputy)
        rows = self.model._meta.get_field("attendance").related_model.objects
        named = rows.filter(activity=OuterRef("pk"), deputy=deputy, presence=presence)
        return self.filter(Exists(named))

    def matching(self, text: str, *, reader=None) -> ActivityQuerySet:
        """Whose number, topic, place, minutes or deputies hold every word of `text`."""
        rows = self
        for word in text.split():
            rows = rows.filter(search_text__contains=word)
        return rows

    def for_list(self):
        opinions = self.model._meta.get_field("opinions").related_model.objects
        return super().for_list()._with_lights(opinions.only("activity", "state", "satisfaction"))

    def for_page(self):
        opinions = self.model._meta.get_field("opinions").related_model.objects
        rows = EntryQuerySet.for_list(self).select_related(
            "created_by", "batch", "group", "duty_day"
        )
        return rows._with_lights(opinions.for_list()).prefetch_related(
            "attendance__deputy", "attachments"
        )

    def _with_lights(self, opinions) -> ActivityQuerySet:
        """With what the six lights ask, read for the rows of a page at once."""
        attachments = self.model._meta.get_field("attachments").related_model.objects
        photos = attachments.standing().filter(kind="photo").only("activity")
        return self.prefetch_related(
            Prefetch("opinions", opinions), Prefetch("attachments", photos, to_attr="photos")
        )

    def lacking(self, what: str) -> ActivityQuerySet:
        """That have no minutes yet, opinions not handed over or not closed, or figures that do
        not add up: 实到＋请假＋缺席＝应到."""
        opinions = self.model._meta.get_field("opinions").related_model.objects
        own = opinions.filter(activity=OuterRef("pk"))
        if what == "minutes":
            return self.filter(minutes="")
        if what == "counts":
            return self.exclude(due_count=F("present_count") + F("leave_count") + F("absent_count"))
        if what == "routing":
            return self.filter(Exists(own.filter(state="recorded")))
        return self.filter(Exists(own.exclude(state="closed")))

    def attended_by_name(self, text: str) -> ActivityQuerySet:
        """Whose deputies, come or not, hold `text` in the name they had that day."""
        rows = self.model._meta.get_field("attendance").related_model.objects
        named = Exists(rows.filter(activity=OuterRef("pk"), name__contains=text))
        return self.filter(Q(deputy_names__contains=text) | named)

    def totals(self, *, exactly: bool = False) -> dict:
        """场次, 应到, 实到 and 请假人次, 形成意见; bounded like `AssistanceQuerySet.totals`."""
        rows = self.order_by()
        return (rows if exactly else rows[: EXACT_UP_TO + 1]).aggregate(
            held=Count("pk"),
            due=Sum("due_count", default=0),
            present=Sum("present_count", default=0),
            leave=Sum("leave_count", default=0),
            opinions=Sum("opinion_count", default=0),
        )

    def by_kind(self) -> dict[str, int]:
        counted = self.order_by().values(what=F("kind")).annotate(n=Count("pk"))
        return {row["what"]: row["n"] for row in counted}


class AttachmentQuerySet(models.QuerySet):
    def visible_to(self, user) -> AttachmentQuerySet:
        """Of the entries that `user` may read."""
        if user.is_system:
            return self
        scope = Q(pk__in=[])
        for name in ("reception", "assistance", "activity"):
            entries = self.model._meta.get_field(name).related_model.objects
            scope |= Q(**{f"{name}__in": entries.visible_to(user)})
        return self.filter(scope)

    def standing(self) -> AttachmentQuerySet:
        return self.filter(removed_at=None)
