from django.db import models


class AreaLevel(models.TextChoices):
    DISTRICT = "district", "区县"
    TOWNSHIP = "township", "乡镇／街道"
    VILLAGE = "village", "村／社区"


class StationKind(models.TextChoices):
    CENTRE = "centre", "中心联络站"
    STATION = "station", "联络站"
    HOME = "home", "代表之家"
    POINT = "point", "联系点"
    ONLINE = "online", "网上站"


class StationState(models.TextChoices):
    PLANNED = "planned", "规划中"
    BUILDING = "building", "在建"
    OPEN = "open", "已建成"
    CLOSED = "closed", "撤销"


class Star(models.IntegerChoices):
    THREE = 3, "三星"
    FOUR = 4, "四星"
    FIVE = 5, "五星"
