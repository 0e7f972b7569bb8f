from __future__ import annotations

from django.db import models

from accounts.roles import Capability
from stations.rules import can_in_area


class DistrictQuerySet(models.QuerySet):
    """Rows that the district's office keeps for itself."""

    def visible_to(self, user):
        if user.is_system or can_in_area(user, Capability.PUBLISH_REPORT, ""):
            return self
        return self.none()


class AdmonitionQuerySet(DistrictQuerySet):
    def standing(self) -> AdmonitionQuerySet:
        return self.filter(voided_at=None)

    def of_year(self, year: int) -> AdmonitionQuerySet:
        return self.filter(year=year)


class ScoreRuleQuerySet(DistrictQuerySet):
    def in_force(self, year: int) -> ScoreRuleQuerySet:
        """The rules that `year` is scored by: those of the last year that made new ones."""
        before = self.filter(valid_from__lte=year).order_by("-valid_from").values("valid_from")
        return self.filter(valid_from=models.Subquery(before[:1]))
