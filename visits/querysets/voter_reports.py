from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Count, Q, Sum

from accounts.roles import Capability, Role
from stations.models import Station


class VoterReportQuerySet(models.QuerySet):
    def visible_to(self, user) -> VoterReportQuerySet:
        """Of the stations whose registers `user` reads; deputies see their own, too."""
        if user.is_system:
            return self
        scope = Q(station__in=Station.objects.where_user_can(user, Capability.VIEW_REGISTER))
        if user.holds([Role.DEPUTY]):
            scope |= Q(deputy__user=user)
        return self.filter(scope)

    def countable_by(self, user) -> VoterReportQuerySet:
        """What the figures of `user` count."""
        if user.is_system:
            return self
        return self.filter(station__in=Station.objects.where_user_can(user, Capability.VIEW_REPORT))

    def standing(self) -> VoterReportQuerySet:
        """Planned or held, and not called off."""
        return self.filter(dropped_at=None)

    def held(self) -> VoterReportQuerySet:
        return self.standing().filter(held_on__isnull=False)

    def late(self, today: date) -> VoterReportQuerySet:
        """The planned day has passed, and nothing was recorded."""
        return self.standing().filter(held_on=None, planned_on__lt=today)

    def between(self, first: date | None, last: date | None) -> VoterReportQuerySet:
        """Held from `first` to `last`; None leaves the side open."""
        rows = self
        if first:
            rows = rows.filter(held_on__gte=first)
        return rows.filter(held_on__lte=last) if last else rows

    def of_deputy(self, deputy) -> VoterReportQuerySet:
        return self.filter(deputy=deputy)

    def totals(self) -> dict[str, int]:
        """How many are planned, held and rated, and the ballots together."""
        held = Q(held_on__isnull=False)
        return self.order_by().aggregate(
            planned=Count("pk"),
            held=Count("pk", filter=held),
            sent=Sum("ballots_sent", default=0),
            returned=Sum("ballots_returned", default=0),
            satisfied=Sum("satisfied", default=0),
            mostly=Sum("mostly", default=0),
            unsatisfied=Sum("unsatisfied", default=0),
        )

    def for_list(self) -> VoterReportQuerySet:
        return self.select_related("station__area", "deputy", "activity")
