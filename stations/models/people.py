from django.conf import settings
from django.db import models

from accounts.roles import Role
from stations.models.places import Area, Station
from stations.querysets import (
    PostingQuerySet,
    UnitQuerySet,
)


class Unit(models.Model):
    """A 承办单位: a department, town office or village that handles what voters raise."""

    name = models.CharField("名称", max_length=60, unique=True)
    area = models.ForeignKey(
        Area,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="units",
        verbose_name="所在区划",
    )
    confirmed = models.BooleanField("已确认", default=True, help_text="表格里第一次出现的先待确认")
    active = models.BooleanField("使用中", default=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "承办单位"
        verbose_name_plural = "承办单位"
        ordering = ["name"]

    def __str__(self):
        return self.name


class Posting(models.Model):
    """One role of one person in one place; a person may hold several.

    Sheets name staff who have no log-in yet: then `user` is empty and `person_name` says who.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="postings",
        verbose_name="账号",
    )
    person_name = models.CharField("姓名", max_length=50)
    role = models.CharField("角色", max_length=20, choices=Role)
    area = models.ForeignKey(
        Area,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="postings",
        verbose_name="区划",
    )
    station = models.ForeignKey(
        Station,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="postings",
        verbose_name="联络站",
    )
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="postings",
        verbose_name="承办单位",
    )

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = "任职"
        verbose_name_plural = "任职"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="posting_has_one_place",
                condition=(
                    models.Q(area__isnull=False, station__isnull=True, unit__isnull=True)
                    | models.Q(area__isnull=True, station__isnull=False, unit__isnull=True)
                    | models.Q(area__isnull=True, station__isnull=True, unit__isnull=False)
                ),
                violation_error_message="任职地点只能选择一个区划、一个联络站或一个承办单位。",
            ),
            models.UniqueConstraint(
                fields=["role", "station", "person_name"],
                condition=models.Q(station__isnull=False),
                name="posting_once_at_a_station",
            ),
            models.UniqueConstraint(
                fields=["role", "unit", "person_name"],
                condition=models.Q(unit__isnull=False),
                name="posting_once_at_a_unit",
            ),
        ]

    def __str__(self):
        return f"{self.person_name}（{self.get_role_display()}，{self.place}）"

    @property
    def place(self):
        return self.station or self.area or self.unit

    def covers(self, station_id: int, area_code: str) -> bool:
        """Whether this posting is at the station, or at an area above it."""
        if self.area_id:
            return area_code.startswith(self.area.code)
        return self.station_id == station_id

    @staticmethod
    def stations_visible_to(user):
        return Station.objects.visible_to(user)

    @staticmethod
    def units_visible_to(user):
        return Unit.objects.visible_to(user)
