from django.db import models

from stations.choices import AreaLevel, Star, StationKind, StationState
from stations.querysets import (
    AreaQuerySet,
    StationQuerySet,
)


class Area(models.Model):
    """A district, township or village; its code starts with the code of the area above."""

    code = models.CharField("区划代码", max_length=12, unique=True)
    name = models.CharField("名称", max_length=50)
    level = models.CharField("级别", max_length=10, choices=AreaLevel)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    provisional = models.BooleanField("代码待核实", default=False)

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = "行政区划"
        verbose_name_plural = "行政区划"
        ordering = ["code"]

    def __str__(self):
        return self.name


class Station(models.Model):
    """A 联络站: where deputies receive voters and the registers are kept."""

    name = models.CharField("站名", max_length=60, unique=True)
    kind = models.CharField("类型", max_length=10, choices=StationKind, default=StationKind.STATION)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="上级站",
    )
    area = models.ForeignKey(
        Area,
        models.PROTECT,
        related_name="stations",
        verbose_name="所在区划",
        help_text="村社区，没有时为乡镇街道；决定谁能看到本站",
    )
    township = models.ForeignKey(
        Area, models.PROTECT, related_name="township_stations", verbose_name="乡镇街道"
    )
    village = models.ForeignKey(
        Area,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="village_stations",
        verbose_name="村社区",
    )
    address = models.CharField("地址", max_length=200, blank=True)
    floor_area = models.DecimalField(
        "面积（㎡）", max_digits=8, decimal_places=1, null=True, blank=True
    )
    phone = models.CharField("联系电话", max_length=40, blank=True)
    reception_days = models.CharField(
        "接待日", max_length=100, blank=True, help_text="如：每周三；每月10、20、30日"
    )
    star = models.PositiveSmallIntegerField("星级", choices=Star, null=True, blank=True)
    built_on = models.DateField("建成日期", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=StationState, default=StationState.OPEN)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = StationQuerySet.as_manager()

    class Meta:
        verbose_name = "联络站"
        verbose_name_plural = "联络站"
        ordering = ["area__code", "pk"]

    def __str__(self):
        return self.name
