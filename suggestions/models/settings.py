"""What a district sets for itself: its congresses' meetings, its times, its wordings."""

from __future__ import annotations

from django.db import models

from common.reckoning import Span, Unit
from stations.models import Area
from suggestions.choices import Limit, Occasion, ResultClass
from suggestions.querysets import ClassWordingQuerySet, SessionQuerySet

_DIGITS = "零一二三四五六七八九"


def _in_chinese(number: int) -> str:
    """1 to 99 as they are said: 五, 十二, 二十."""
    tens, ones = divmod(number, 10)
    ten = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return f"{ten}{_DIGITS[ones] if ones or not tens else ''}"


class Session(models.Model):
    """会次: one meeting of one congress; numbers and 大会/闭会 go by it."""

    area = models.ForeignKey(
        Area, models.PROTECT, related_name="sessions", verbose_name="区划",
        help_text="区县或镇；街道没有人代会",
    )  # fmt: skip
    term = models.PositiveSmallIntegerField("届")
    number = models.PositiveSmallIntegerField("次")
    starts_on = models.DateField("开幕", null=True, blank=True)
    ends_on = models.DateField("闭幕", null=True, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = "人代会会次"
        verbose_name_plural = "人代会会次"
        ordering = ["area__code", "-term", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["area", "term", "number"], name="session_once")
        ]

    def __str__(self):
        return f"第{_in_chinese(self.term)}届第{_in_chinese(self.number)}次会议"

    @property
    def congress(self) -> str:
        return f"{self.area.name}第{_in_chinese(self.term)}届人大"


class NumberSeries(models.Model):
    """The last number given to a suggestion of one meeting, in 大会 or in 闭会."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="series")
    occasion = models.CharField("提出时间", max_length=10, choices=Occasion)
    last = models.PositiveIntegerField("最后编号", default=0)

    class Meta:
        verbose_name = "建议编号"
        verbose_name_plural = "建议编号"
        constraints = [
            models.UniqueConstraint(fields=["session", "occasion"], name="suggestion_series_once")
        ]

    def __str__(self):
        return f"{self.session} {self.get_occasion_display()} {self.last}"


class TimeLimit(models.Model):
    """How long somebody is given: a setting of the district, one row for each `Limit`."""

    limit = models.CharField("期限", max_length=12, choices=Limit, unique=True)
    count = models.PositiveSmallIntegerField("数")
    unit = models.CharField(
        "单位", max_length=10,
        choices=[(Unit.WORKDAYS, "个工作日"), (Unit.DAYS, "天"), (Unit.MONTHS, "个月")],
    )  # fmt: skip
    rolls = models.BooleanField("逢休息日顺延", default=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    class Meta:
        verbose_name = "办理期限"
        verbose_name_plural = "办理期限"
        ordering = ["pk"]

    def __str__(self):
        return f"{self.get_limit_display()} {self.span.words}"

    @property
    def span(self) -> Span:
        return Span(self.count, Unit(self.unit), self.rolls)


class ClassWording(models.Model):
    """How a result class is worded from a day on; answers keep the words they were given in."""

    code = models.CharField("类别", max_length=1, choices=ResultClass)
    words = models.CharField("含义", max_length=60)
    valid_from = models.DateField("起用")

    objects = ClassWordingQuerySet.as_manager()

    class Meta:
        verbose_name = "结果类别的含义"
        verbose_name_plural = "结果类别的含义"
        ordering = ["code", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="class_wording_once")
        ]

    def __str__(self):
        return f"{self.code} {self.words}"
