from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from accounts.roles import Capability


class FundQuerySet(models.QuerySet):
    def visible_to(self, user) -> FundQuerySet:
        """Of the stations whose reports `user` reads."""
        if user.is_system:
            return self
        stations = self.model._meta.get_field("station").related_model.objects
        return self.filter(station__in=stations.where_user_can(user, Capability.VIEW_REPORT))

    def odd(self) -> FundQuerySet:
        """Where 已使用 ≤ 已拨付 ≤ 预算 does not hold."""
        return self.filter(Q(used__gt=F("allotted")) | Q(allotted__gt=F("budget")))
