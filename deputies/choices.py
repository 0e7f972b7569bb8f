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


class HolidayPolicy(models.TextChoices):
    """What becomes of a planned day that is a day off."""

    NEXT_WORKDAY = "next_workday", "顺延到下一个工作日"
    NEXT_WEEK = "next_week", "顺延一周"
    SKIP = "skip", "不安排"
    KEEP = "keep", "照常"


class MonthEnd(models.TextChoices):
    """What 每月30日 means in February."""

    LAST_DAY = "last_day", "改为当月最后一天"
    SKIP = "skip", "当月不安排"


class PlanState(models.TextChoices):
    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已公布"
    UNDONE = "undone", "已撤销"


class DayState(models.TextChoices):
    DRAFT = "draft", "未公布"
    PUBLISHED = "published", "已公布"
    HELD = "held", "已接待"
    NO_VISIT = "no_visit", "无来访"
    NOT_HELD = "not_held", "未开展"
    CANCELLED = "cancelled", "已取消"


# A day that takes place or took place: it stands in calendars and counts.
STANDING_DAYS = (DayState.PUBLISHED, DayState.HELD, DayState.NO_VISIT, DayState.NOT_HELD)
CLOSED_DAYS = (DayState.HELD, DayState.NO_VISIT, DayState.NOT_HELD)


class Answer(models.TextChoices):
    """What became of asking a deputy to come (7 天前联系的结果)."""

    WAITING = "waiting", "待确认"
    CONFIRMED = "confirmed", "已确认"
    UNREACHABLE = "unreachable", "联系不上"
    LEAVE = "leave", "请假"
    SWAPPED = "swapped", "换班"
    DROPPED = "dropped", "已调整"


# The deputy is expected that day.
EXPECTED = (Answer.WAITING, Answer.CONFIRMED, Answer.UNREACHABLE)


class Attendance(models.TextChoices):
    """出勤: a fact of its own, beside being assigned and having signed in."""

    OPEN = "", "未到"
    PRESENT = "present", "出席"
    LATE = "late", "迟到"
    LEFT_EARLY = "left_early", "早退"
    LEAVE = "leave", "请假"
    ABSENT = "absent", "缺席"
    SUBSTITUTED = "substituted", "替班"


CAME = (Attendance.PRESENT, Attendance.LATE, Attendance.LEFT_EARLY)


class Request(models.TextChoices):
    """A request that somebody else decides: for leave the 站长, for a swap the other deputy."""

    ASKED = "asked", "待答复"
    AGREED = "agreed", "已同意"
    REFUSED = "refused", "未同意"
    WITHDRAWN = "withdrawn", "已撤回"


class SignedBy(models.TextChoices):
    SELF = "self", "本人扫码"
    STAFF = "staff", "代签"


class FourKind(models.TextChoices):
    """四个一: what each deputy is to do once a year."""

    COMMUNITY = "community", "进社区一天"
    LESSON = "lesson", "讲一堂课（办一次活动）"
    DEED = "deed", "办一件实事"
    ESSAY = "essay", "写一篇文章（提一条好建议）"
