from django.db import models


class Level(models.TextChoices):
    NATION = "nation", "全国"
    PROVINCE = "province", "省"
    CITY = "city", "市"
    DISTRICT = "district", "区县"
    TOWNSHIP = "township", "乡镇"


class Gender(models.TextChoices):
    MALE = "male", "男"
    FEMALE = "female", "女"


class DeputyState(models.TextChoices):
    IN_OFFICE = "in_office", "在任"
    SUSPENDED = "suspended", "停止"
    RESIGNED = "resigned", "辞职"
    RECALLED = "recalled", "罢免"
    MOVED = "moved", "调离"
    ENDED = "ended", "终止"
    DECEASED = "deceased", "逝世"
