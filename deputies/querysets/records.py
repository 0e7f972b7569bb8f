from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from accounts.roles import Capability
from stations.models import Station


class RecordQuerySet(models.QuerySet):
    """What is entered about one deputy beside the registers; `day_field` is the day it is of."""

    day_field = "on"

    def visible_to(self, user):
        """The records of the deputies whose work `user` reports on, and the user's own."""
        if user.is_system:
            return self
        stations = Station.objects.where_user_can(user, Capability.VIEW_REPORT)
        return self.filter(Q(deputy__station__in=stations) | Q(deputy__user=user))

    def standing(self):
        return self.filter(voided_at=None)

    def between(self, first: date, last: date):
        return self.filter(**{f"{self.day_field}__range": (first, last)})


class FourOnesQuerySet(RecordQuerySet):
    day_field = "done_on"

    def of_year(self, year: int) -> FourOnesQuerySet:
        return self.filter(year=year)
