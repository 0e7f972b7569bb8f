from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models

from common.masking import mask_name, mask_name_in, mask_numbers
from deputies.models import Deputy
from stations.models import Station
from visits.choices import AssistanceKind, AssistanceState, MoneySource, Register
from visits.models.register import EntryDeputy, RegisterEntry
from visits.querysets import AssistanceQuerySet


class Assistance(RegisterEntry):
    """One line of 簿二 扶贫帮困办实事登记簿: what deputies did for somebody."""

    register = Register.ASSISTANCE

    station = models.ForeignKey(
        Station, models.PROTECT, related_name="assistance", verbose_name="联络站"
    )
    helped_on = models.DateField("日期")
    until = models.DateField("至", null=True, blank=True, help_text="跨几天的填最后一天")
    date_approximate = models.BooleanField("日期为约数", default=False)
    deputies = models.ManyToManyField(
        Deputy, through="AssistanceDeputy", related_name="assistance", verbose_name="代表"
    )
    deputy_names = models.CharField("代表姓名", max_length=500, help_text="当日的姓名，保留不变")
    beneficiary = models.CharField("帮扶对象", max_length=100, blank=True)
    address = models.CharField("住址", max_length=200, blank=True)
    kind = models.CharField("帮扶类型", max_length=14, choices=AssistanceKind, blank=True)
    deed = models.TextField("帮扶事项")
    money = models.DecimalField(
        "资金（元）",
        max_digits=12,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
    )
    goods = models.DecimalField(
        "物资折款（元）",
        max_digits=12,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
    )
    source = models.CharField("资金来源", max_length=10, choices=MoneySource, blank=True)
    households = models.PositiveIntegerField("受益户数", default=0)
    people = models.PositiveIntegerField("受益人数", default=0)
    # {"money": "3万余元"}: figures that were written in words, and stay 约数.
    approximate = models.JSONField("约数原文", default=dict, blank=True)
    state = models.CharField(
        "完成情况", max_length=10, choices=AssistanceState, default=AssistanceState.DONE, blank=True
    )
    finished_on = models.DateField("完成日期", null=True, blank=True)
    witness = models.CharField("证明人", max_length=50, blank=True)
    opinion = models.ForeignKey(
        "visits.Opinion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assistance",
        verbose_name="出自意见",
    )

    objects = AssistanceQuerySet.as_manager()

    class Meta:
        verbose_name = "帮扶"
        verbose_name_plural = "帮扶"
        ordering = ["-helped_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["station", "year", "number"], name="assistance_number_once"
            )
        ]
        indexes = [
            models.Index(fields=["-helped_on", "-id"], name="assistance_by_day"),
            models.Index(fields=["station", "-helped_on", "-id"], name="assistance_by_station_day"),
        ]

    @property
    def day(self):
        return self.helped_on

    @property
    def worth(self) -> Decimal:
        """Money and goods together, in 元."""
        return self.money + self.goods

    @property
    def shown_beneficiary(self) -> str:
        return mask_name(self.beneficiary) if self.masked else self.beneficiary

    @property
    def shown_deed(self) -> str:
        """The deed often names whom it was done for: masked there, too."""
        return mask_name_in(self.deed, self.beneficiary) if self.masked else self.deed

    @property
    def shown_note(self) -> str:
        if not self.masked:
            return self.note
        return mask_name_in(mask_numbers(self.note), self.beneficiary)


class AssistanceDeputy(EntryDeputy):
    """A deputy who helped, in the order of the register."""

    assistance = models.ForeignKey(Assistance, models.CASCADE, related_name="helpers")
    deputy = models.ForeignKey(Deputy, models.PROTECT, related_name="helped")

    class Meta(EntryDeputy.Meta):
        constraints = [models.UniqueConstraint(fields=["assistance", "deputy"], name="helper_once")]
