"""The words of a report that is published, and of what is told about one deputy's year."""

from django.db import models


class EditionState(models.TextChoices):
    """Where one version of a report stands."""

    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已发布"
    CORRECTED = "corrected", "已更正"  # published, and a later version stands in its place
    DROPPED = "dropped", "已放弃"


class Part(models.TextChoices):
    """The chapters of a report's text."""

    STANDING = "standing", "基本情况"
    WORK = "work", "主要做法和成效"
    CASES = "cases", "典型案例"
    PROBLEMS = "problems", "存在的问题"
    PLANS = "plans", "下步打算"


class RecordClass(models.TextChoices):
    """The chapters of a 履职档案, in their order."""

    MEETINGS = "meetings", "出席和列席会议"
    DUTY = "duty", "进站接待"
    RECEPTIONS = "receptions", "接待群众"
    OPINIONS = "opinions", "听取意见"
    ASSISTANCE = "assistance", "帮困办实事"
    LED = "led", "领衔提出建议"
    SIGNED = "signed", "附议建议"
    INSPECTIONS = "inspections", "视察、调研和执法检查"
    TRAINING = "training", "学习培训"
    GROUP = "group", "代表小组活动"
    ACTIVITIES = "activities", "其他活动"
    VOTER_REPORTS = "voter_reports", "向选民述职"
    FOUR_ONES = "four_ones", "“四个一”"
    AWARDS = "awards", "表彰奖励"


UNITS = {
    RecordClass.RECEPTIONS: "批",
    RecordClass.OPINIONS: "条",
    RecordClass.ASSISTANCE: "件",
    RecordClass.LED: "件",
    RecordClass.SIGNED: "件",
    RecordClass.FOUR_ONES: "项",
    RecordClass.AWARDS: "项",
}  # all others: 次


class Step(models.TextChoices):
    """What the district does about absences without leave, one after the other."""

    REMIND = "remind", "提醒"
    TALK = "talk", "约谈"
    ADVISE = "advise", "劝辞"


DONE = {Step.REMIND: "已提醒", Step.TALK: "已约谈", Step.ADVISE: "已建议劝辞"}
