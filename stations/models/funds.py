from decimal import Decimal

from django.db import models

from stations.models.places import Station
from stations.querysets import FundQuerySet


class Fund(models.Model):
    """工作经费: what a station was to have in a year, what it was given, and what it spent; 元."""

    station = models.ForeignKey(
        Station, models.PROTECT, related_name="funds", verbose_name="联络站"
    )
    year = models.PositiveSmallIntegerField("年度")
    budget = models.DecimalField("预算", max_digits=13, decimal_places=2, default=Decimal(0))
    allotted = models.DecimalField("已拨付", max_digits=13, decimal_places=2, default=Decimal(0))
    used = models.DecimalField("已使用", max_digits=13, decimal_places=2, default=Decimal(0))
    note = models.CharField("备注", max_length=200, blank=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = FundQuerySet.as_manager()

    class Meta:
        verbose_name = "经费"
        verbose_name_plural = "经费"
        ordering = ["year", "station__area__code", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["station", "year"], name="fund_once_a_year"),
            models.CheckConstraint(
                name="fund_not_negative",
                condition=models.Q(budget__gte=0, allotted__gte=0, used__gte=0),
            ),
        ]

    def __str__(self):
        return f"{self.station}{self.year}年经费"

    @property
    def unallotted(self) -> Decimal:
        return self.budget - self.allotted
