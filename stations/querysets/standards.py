from __future__ import annotations

from django.db import models
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Sum
from django.db.models.functions import Coalesce

from accounts.roles import Capability, roles_with


class StandardQuerySet(models.QuerySet):
    def visible_to(self, user) -> StandardQuerySet:
        """The district's lists, for everybody who keeps the page of a station."""
        keeps = user.is_system or user.holds(roles_with(Capability.EDIT_STATION))
        return self if keeps else self.none()

    def offered(self, year: int) -> StandardQuerySet:
        """By which stations assess themselves in that year: in use, and in force by its end."""
        in_force = Q(valid_from=None) | Q(valid_from__year__lte=year)
        return self.filter(in_force, in_use=True)

    def of_year(self, year: int) -> StandardQuerySet:
        """Those offered in that year, and those by which a station was assessed then."""
        assessed = self._model_of("assessments").objects.filter(year=year)
        offered = self.offered(year).values("pk")
        return self.filter(Q(pk__in=offered) | Q(pk__in=assessed.values("standard"))).order_by("pk")

    def with_counts(self) -> StandardQuerySet:
        """With the number of items, their points, and whether an assessment stands on it."""
        assessed = self._model_of("assessments").objects.filter(standard=OuterRef("pk"))
        return self.annotate(
            item_count=Count("criteria"),
            total_points=Coalesce(Sum("criteria__points"), 0),
            is_assessed=Exists(assessed),
        )

    def _model_of(self, name: str):
        return self.model._meta.get_field(name).related_model


class CriterionQuerySet(models.QuerySet):
    def visible_to(self, user) -> CriterionQuerySet:
        standards = self.model._meta.get_field("standard").related_model.objects
        return self.filter(standard__in=standards.visible_to(user)).select_related("standard")


class AssessmentQuerySet(models.QuerySet):
    def visible_to(self, user) -> AssessmentQuerySet:
        """The assessments of the stations whose page `user` keeps."""
        if user.is_system:
            return self
        stations = self.model._meta.get_field("station").related_model.objects
        return self.filter(station__in=stations.where_user_can(user, Capability.EDIT_STATION))

    def waiting(self) -> AssessmentQuerySet:
        """For the district to review."""
        return self.filter(state="submitted")

    def with_results(self) -> AssessmentQuerySet:
        """With what the findings come to, as the station says and as the district does."""
        return self.annotate(
            met_count=Count("findings", filter=Q(findings__met=True)),
            points_sum=Coalesce(Sum("findings__points"), 0),
            reviewed_met_count=Count("findings", filter=Q(findings__reviewed_met=True)),
            reviewed_points_sum=Coalesce(Sum("findings__reviewed_points"), 0),
        )

    def for_page(self) -> AssessmentQuerySet:
        findings = self.model._meta.get_field("findings").related_model.objects
        rows = self.select_related(
            "station__area", "station__township", "standard", "submitted_by", "reviewed_by"
        )
        return rows.prefetch_related(Prefetch("findings", findings.for_page()))


class FindingQuerySet(models.QuerySet):
    def visible_to(self, user) -> FindingQuerySet:
        assessments = self.model._meta.get_field("assessment").related_model.objects
        return self.filter(assessment__in=assessments.visible_to(user))

    def for_page(self) -> FindingQuerySet:
        return self.select_related("criterion__standard").order_by("criterion__position", "pk")
