"""What a deputy did or was given that no register holds: awards, and the 四个一 of a year."""

from django.conf import settings
from django.db import models

from deputies.choices import FourKind
from deputies.models.people import Deputy
from deputies.querysets.records import FourOnesQuerySet, RecordQuerySet


class Record(models.Model):
    """One line about one deputy: voided with a reason, never deleted."""

    note = models.CharField("备注", max_length=200, blank=True)
    voided_at = models.DateTimeField("作废时间", null=True, blank=True, editable=False)
    void_reason = models.CharField("作废原因", max_length=200, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="录入人"
    )
    created_at = models.DateTimeField("录入时间", auto_now_add=True)

    class Meta:
        abstract = True

    @property
    def is_void(self) -> bool:
        return self.voided_at is not None


class Award(Record):
    """表彰奖励 that a deputy was given."""

    deputy = models.ForeignKey(Deputy, models.PROTECT, related_name="awards", verbose_name="代表")
    on = models.DateField("日期")
    title = models.CharField("名称", max_length=100, help_text="如：优秀人大代表")
    granted_by = models.CharField("授予单位", max_length=100, blank=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = "表彰奖励"
        verbose_name_plural = "表彰奖励"
        ordering = ["-on", "-pk"]

    def __str__(self):
        return f"{self.deputy} {self.title}"

    @property
    def day(self):
        return self.on


class FourOnes(Record):
    """One of the 四个一 of a year, as the deputy or the station tells of it."""

    deputy = models.ForeignKey(
        Deputy, models.PROTECT, related_name="four_ones", verbose_name="代表"
    )
    # The year it is done for: what was put off to January may still be last year's.
    year = models.PositiveSmallIntegerField("年度")
    kind = models.CharField("哪一项", max_length=10, choices=FourKind)
    done_on = models.DateField("日期")
    title = models.CharField("内容", max_length=100, help_text="做了什么，在哪里")

    objects = FourOnesQuerySet.as_manager()

    class Meta:
        verbose_name = "“四个一”"
        verbose_name_plural = "“四个一”"
        ordering = ["-done_on", "-pk"]

    def __str__(self):
        return f"{self.deputy} {self.get_kind_display()}：{self.title}"

    @property
    def day(self):
        return self.done_on
