from __future__ import annotations

import re
import unicodedata
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Sum

from accounts.roles import Capability, Role
from common.paging import EXACT_UP_TO
from common.search import holding, narrowed
from stations.models import Station
from visits.querysets.entries import EntryQuerySet

# 查询码: letters and digits of the code on a receipt.
CODE_LENGTH = 10


def receipt_code_in(text: str) -> str:
    """The code of a receipt as it is stored, if that is what `text` is; else "". People write it
    with or without its hyphens, small or large."""
    code = re.sub(r"[\s\-‐-―]", "", unicodedata.normalize("NFKC", text)).upper()
    return code if re.fullmatch(rf"[0-9A-Z]{{{CODE_LENGTH}}}", code) else ""


def at_home(user) -> Q:
    """Rows of the stations whose register `user` keeps in person, not from the area above."""
    return Q(station__in=Station.objects.where_posted_can(user, Capability.VIEW_REGISTER))


class ReceptionQuerySet(EntryQuerySet):
    day_field = "received_on"
    deputy_rows = "receivers"

    def visible_to(self, user) -> ReceptionQuerySet:
        """What `user` may read: registers of their stations, and what they received themselves.

        A confidential reception is read at its own station only (DOMAIN §9), and by the deputies
        who received it.
        """
        if user.is_system:
            return self
        registers = Station.objects.where_user_can(user, Capability.VIEW_REGISTER)
        scope = Q(station__in=registers) & (Q(confidential=False) | at_home(user))
        if user.holds([Role.DEPUTY]):
            scope |= Q(pk__in=self.model.objects.filter(receivers__deputy__user=user).values("pk"))
        return self.filter(scope)

    def hidden_from(self, user) -> ReceptionQuerySet:
        """Counted for `user` but not to be read: a drill-down shows them only as 保密件."""
        if user.is_system:
            return self.none()
        return self.countable_by(user).filter(confidential=True).exclude(at_home(user))

    def matching(self, text: str, *, reader) -> ReceptionQuerySet:
        """Whose number, address or opinions hold every word of `text`.

        A visitor's name or phone is found only where `reader` may see it. The code of a receipt
        finds its visit and no other.
        """
        code = receipt_code_in(text)
        if code and (of_receipt := self.filter(receipt_code=code)).exists():
            return of_receipt
        stations = Station.objects.where_user_can(reader, Capability.VIEW_CONTACT)
        rows = self
        for word in text.split():
            contact = holding(word, "visitor_name", "phone")
            rows = narrowed(rows, word, "search_text", "visitor_name", "phone")
            rows = rows.filter(holding(word, "search_text") | Q(station__in=stations) & contact)
        return rows

    def with_opinion(self, condition: Q) -> ReceptionQuerySet:
        """That hold at least one opinion of which `condition` is true."""
        opinions = self.model._meta.get_field("opinions").related_model.objects
        return self.filter(Exists(opinions.filter(condition, reception=OuterRef("pk"))))

    def for_list(self) -> ReceptionQuerySet:
        """With all that a line of the register shows, in three queries."""
        opinions = self.model._meta.get_field("opinions").related_model.objects
        return self.select_related("station__area").prefetch_related(
            Prefetch("opinions", opinions.select_related("category__parent", "unit"))
        )

    def for_page(self) -> ReceptionQuerySet:
        return self.for_list().select_related("station__area", "created_by", "batch")

    def by_month(self, first: date) -> dict[tuple[int, int], int]:
        """批次 of every month from `first` on, as {(year, month): n}."""
        rows = (
            self.order_by()
            .filter(received_on__gte=first)
            .values(year_of=F("received_on__year"), month_of=F("received_on__month"))
            .annotate(n=Count("pk"))
        )
        return {(row["year_of"], row["month_of"]): row["n"] for row in rows}

    def by_station_and_month(self):
        """How many rows there are a station and month: all that is told of a 保密件."""
        return (
            self.order_by()
            .values(at=F("station__name"), in_year=F("year"), in_month=F("received_on__month"))
            .annotate(n=Count("pk"), heads=Sum("headcount"))
            .order_by("at", "in_year", "in_month")
        )

    def totals(self, *, exactly: bool = False) -> dict[str, int]:
        """批次, 人次 and 条; unless asked for `exactly`, of no more rows than lists count."""
        rows = self.order_by()
        return (rows if exactly else rows[: EXACT_UP_TO + 1]).aggregate(
            visits=Count("pk"), heads=Sum("headcount"), opinions=Sum("opinion_count")
        )
