"""What the entries of the three registers 三簿 have in common."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models

from deputies.choices import Level
from stations.models import Station
from visits.choices import Register
from visits.querysets import EntryQuerySet


class NumberSeries(models.Model):
    """The last number given in one register of one station and year; locked while one is given."""

    station = models.ForeignKey(Station, models.PROTECT, related_name="+")
    register = models.CharField(max_length=10, choices=Register)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "register", "year"], name="series_once")
        ]

    def __str__(self):
        return f"{self.station} {self.year} {self.last}"


class RegisterEntry(models.Model):
    """A numbered line of a register: voided with a reason, never deleted."""

    register: Register  # which of the three
    if TYPE_CHECKING:  # what each of the three has under a field of its own
        station_id: int
        station: Station
        day: date
        deputy_names: str
        objects: ClassVar[EntryQuerySet]

    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveIntegerField("编号")
    note = models.TextField("备注", blank=True)
    late_entry = models.BooleanField("补录", default=False)
    search_text = models.TextField(editable=False, default="")
    voided_at = models.DateTimeField("作废时间", null=True, blank=True)
    void_reason = models.CharField("作废原因", max_length=200, blank=True)
    batch = models.ForeignKey(
        "common.ImportBatch",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="导入批次",
    )
    submission_key = models.UUIDField("提交标识", unique=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    class Meta:
        abstract = True

    masked = True  # until `rules.open_contacts` says that the reader needs to know

    def __str__(self):
        return f"{self.station.name} {self.code}"

    @property
    def code(self) -> str:
        """The printed number, like 2026-042."""
        return f"{self.year}-{self.number:03d}" if self.number else "未编号"

    @property
    def is_void(self) -> bool:
        return self.voided_at is not None

    @property
    def deputy_name_list(self) -> list[str]:
        return self.deputy_names.split("、") if self.deputy_names else []


class EntryDeputy(models.Model):
    """A deputy named in an entry, in its order, with name and level of that day."""

    position = models.PositiveSmallIntegerField("顺序")
    name = models.CharField("姓名", max_length=50)
    level = models.CharField("代表层级", max_length=10, choices=Level, blank=True)

    class Meta:
        abstract = True
        ordering = ["position"]

    def __str__(self):
        return self.name
