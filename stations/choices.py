from django.db import models

from accounts.roles import Capability
from common.workflow import Course, line


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


class StandardKind(models.TextChoices):
    CHECKLIST = "checklist", "对照清单"
    SCORE = "score", "评分表"


class Source(models.TextChoices):
    """The records that have something to say on an item; `reports.standards` reads them."""

    MAILBOX = "mailbox", "意见箱和开箱"
    PHONE = "phone", "联系电话"
    STAFF = "staff", "站长和联络员"
    DEPUTIES = "deputies", "在任代表"
    DUTY_DAYS = "duty_days", "接待日"
    RECEPTIONS = "receptions", "接待登记"
    ACTIVITIES = "activities", "活动登记"


class AssessmentState(models.TextChoices):
    DRAFT = "draft", "自评中"
    SUBMITTED = "submitted", "待审核"
    RETURNED = "returned", "退回修改"
    REVIEWED = "reviewed", "已审核"


class AssessmentAct(models.TextChoices):
    SAVE = "save", "保存"
    SUBMIT = "submit", "提交"
    REVIEW = "review", "审核通过"
    SEND_BACK = "send_back", "退回"


_A = AssessmentState
# The year's self-assessment of a station by one standard: who moves it, from where to where.
ASSESSMENT_COURSE = Course(
    line(AssessmentAct.SAVE, [_A.DRAFT, _A.RETURNED], None, Capability.EDIT_STATION),
    line(AssessmentAct.SUBMIT, [_A.DRAFT, _A.RETURNED], _A.SUBMITTED, Capability.EDIT_STATION),
    line(AssessmentAct.REVIEW, [_A.SUBMITTED], _A.REVIEWED, Capability.MANAGE_STATIONS),
    line(
        AssessmentAct.SEND_BACK,
        [_A.SUBMITTED, _A.REVIEWED],
        _A.RETURNED,
        Capability.MANAGE_STATIONS,
        needs_note=True,
    ),
)
ASSESSMENT_WORDS = dict([*AssessmentState.choices, *AssessmentAct.choices])
