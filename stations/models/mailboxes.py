from django.conf import settings
from django.db import models

from stations.models.places import Station
from stations.querysets import (
    MailboxOpeningQuerySet,
    MailboxQuerySet,
)


class Mailbox(models.Model):
    """A 意见箱 of a station: where it hangs, who keeps its key, when it is to be opened."""

    station = models.ForeignKey(
        Station, models.PROTECT, related_name="mailboxes", verbose_name="联络站"
    )
    name = models.CharField("名称", max_length=50, help_text="如：清溪村口意见箱")
    place = models.CharField("位置", max_length=100, blank=True)
    keeper = models.CharField("保管人", max_length=50, blank=True, help_text="持钥匙的民意观察员")
    keeper_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="保管人账号",
    )
    hung_on = models.DateField("设置日期")
    taken_down_on = models.DateField("撤除日期", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = MailboxQuerySet.as_manager()

    class Meta:
        verbose_name = "意见箱"
        verbose_name_plural = "意见箱"
        ordering = ["station__area__code", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["station", "name"], name="mailbox_once_at_a_station")
        ]

    def __str__(self):
        return self.name


class MailboxOpening(models.Model):
    """One monthly opening 开箱 of a mailbox: how many letters there were, who took them on."""

    mailbox = models.ForeignKey(
        Mailbox, models.PROTECT, related_name="openings", verbose_name="意见箱"
    )
    opened_on = models.DateField("开箱日期")
    letter_count = models.PositiveSmallIntegerField("来信件数", default=0)
    opened_by = models.CharField("开箱人", max_length=50)
    present = models.CharField("在场人", max_length=100, blank=True)
    handed_to = models.CharField("交给", max_length=50, blank=True, help_text="哪位代表接收")
    note = models.CharField("说明", max_length=300, blank=True)
    voided_at = models.DateTimeField("作废时间", null=True, blank=True)
    void_reason = models.CharField("作废原因", max_length=200, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = MailboxOpeningQuerySet.as_manager()

    class Meta:
        verbose_name = "开箱记录"
        verbose_name_plural = "开箱记录"
        ordering = ["-opened_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mailbox", "opened_on"],
                condition=models.Q(voided_at=None),
                name="opening_once_a_day",
            )
        ]

    def __str__(self):
        return f"{self.mailbox} {self.opened_on}"
