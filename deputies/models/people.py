from django.conf import settings
from django.db import models

from deputies.choices import DeputyState, Gender, Level
from deputies.querysets.people import DeputyQuerySet, GroupQuerySet
from stations.models import Area, Station


class Group(models.Model):
    """A 代表小组 of one township, with its convener."""

    name = models.CharField("名称", max_length=60, unique=True)
    township = models.ForeignKey(
        Area,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="deputy_groups",
        verbose_name="乡镇街道",
    )
    convener = models.ForeignKey(
        "Deputy",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="convened_groups",
        verbose_name="召集人",
    )

    objects = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = "代表小组"
        verbose_name_plural = "代表小组"
        ordering = ["name"]

    def __str__(self):
        return self.name


class Deputy(models.Model):
    """A 人大代表, placed at one station (就近编组); what they are deputy of is in `mandates`."""

    name = models.CharField("姓名", max_length=50)
    pinyin = models.CharField("拼音", max_length=200, editable=False, db_index=True)
    initials = models.CharField("拼音首字母", max_length=50, editable=False, db_index=True)
    gender = models.CharField("性别", max_length=10, choices=Gender, blank=True)
    ethnicity = models.CharField("民族", max_length=20, blank=True)
    born = models.CharField("出生年月", max_length=10, blank=True, help_text="如 1975.12")
    party = models.CharField("政治面貌", max_length=20, blank=True)
    education = models.CharField("学历", max_length=20, blank=True)
    employer = models.CharField("工作单位及职务", max_length=100, blank=True)
    phone = models.CharField("联系电话", max_length=40, blank=True)
    station = models.ForeignKey(
        Station, models.PROTECT, related_name="deputies", verbose_name="所属联络站"
    )
    group = models.ForeignKey(
        Group,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="deputies",
        verbose_name="代表小组",
    )
    state = models.CharField(
        "状态", max_length=10, choices=DeputyState, default=DeputyState.IN_OFFICE
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="deputy",
        verbose_name="登录账号",
    )
    note = models.CharField("备注", max_length=500, blank=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = DeputyQuerySet.as_manager()

    class Meta:
        verbose_name = "代表"
        verbose_name_plural = "代表"
        ordering = ["pinyin", "pk"]

    def __str__(self):
        return self.name

    def highest_level(self) -> str:
        """The highest congress of which this person is a deputy now; "" without a mandate."""
        held = {mandate.level for mandate in self.mandates.all() if mandate.ended_on is None}
        return next((level for level in Level.values if level in held), "")


class Mandate(models.Model):
    """What somebody is deputy of: one congress, one term. A person may hold several at once."""

    deputy = models.ForeignKey(Deputy, models.CASCADE, related_name="mandates", verbose_name="代表")
    level = models.CharField("代表层级", max_length=10, choices=Level)
    term = models.CharField("届次", max_length=20, blank=True)
    constituency = models.CharField("选区（选举单位）", max_length=60, blank=True)
    started_on = models.DateField("开始", null=True, blank=True)
    ended_on = models.DateField("结束", null=True, blank=True)

    class Meta:
        verbose_name = "代表职务"
        verbose_name_plural = "代表职务"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["deputy", "level", "term"], name="mandate_once_a_level_and_term"
            )
        ]

    def __str__(self):
        return f"{self.get_level_display()}{self.term}"
