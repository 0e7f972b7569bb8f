from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from accounts.roles import Capability
from stations.models import Area


class SessionQuerySet(models.QuerySet):
    def visible_to(self, user) -> SessionQuerySet:
        """The meetings of the congresses at or above the areas that `user` sees."""
        if user.is_system:
            return self
        areas = Area.objects.visible_to(user)
        return self.filter(Q(area__in=areas) | Q(area__children__in=areas)).distinct()

    def where_user_can(self, user, capability: Capability) -> SessionQuerySet:
        """The meetings of the congresses in whose whole area `user` holds `capability`."""
        return self.filter(area__in=Area.objects.where_user_can(user, capability))

    def latest_of(self, area: Area, on: date):
        """The meeting that a suggestion of `on` belongs to: the last that had begun by then."""
        begun = Q(starts_on__lte=on) | Q(starts_on=None)
        rows = self.filter(begun, area=area).select_related("area")
        return rows.order_by(F("starts_on").desc(nulls_last=True), "-term", "-number").first()


class ClassWordingQuerySet(models.QuerySet):
    def valid_on(self, on: date) -> dict[str, str]:
        """{code: words} as they were on a day."""
        rows = self.filter(valid_from__lte=on).order_by("valid_from")
        return dict(rows.values_list("code", "words"))
