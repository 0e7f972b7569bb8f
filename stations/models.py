from django.conf import settings
from django.db import models

from accounts.roles import Role
from stations.choices import AreaLevel, Star, StationKind, StationState
from stations.querysets import (
    AreaQuerySet,
    CategoryQuerySet,
    MailboxOpeningQuerySet,
    MailboxQuerySet,
    PostingQuerySet,
    StationQuerySet,
    UnitQuerySet,
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

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "承办单位"
        verbose_name_plural = "承办单位"
        ordering = ["name"]

    def __str__(self):
        return self.name


class Category(models.Model):
    """A 问题类别 of what voters raise: a tree of two levels that the district edits."""

    name = models.CharField("名称", max_length=30)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="大类"
    )
    position = models.PositiveSmallIntegerField("顺序", default=0)
    active = models.BooleanField("使用中", default=True)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = "问题类别"
        verbose_name_plural = "问题类别"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], name="category_once_in_parent"),
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(parent=None), name="category_once_on_top"
            ),
        ]

    def __str__(self):
        return self.name


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
