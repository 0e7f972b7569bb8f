"""The words of the registers, and the whole course of an opinion."""

from django.db import models

from accounts.roles import Capability
from common.workflow import Clock, Course, line


class Channel(models.TextChoices):
    """来访形式: how a voter came."""

    VISIT = "visit", "来访"
    LETTER = "letter", "来信"
    CALL = "call", "来电"
    ONLINE = "online", "网上"
    MAILBOX = "mailbox", "意见箱"
    WALK = "walk", "走访"
    MEETING = "meeting", "座谈"
    APPOINTMENT = "appointment", "预约"
    COMMUNITY = "community", "社区"
    VIDEO = "video", "视频"

    @classmethod
    def letters(cls) -> tuple[str, ...]:
        """What came in writing: nobody came to the station with it."""
        return (cls.LETTER, cls.ONLINE, cls.MAILBOX)


# Channels on which the visitor hears at once what becomes of the matter, and how they are told.
FACE_TO_FACE = {
    Channel.VISIT: "当面",
    Channel.WALK: "当面",
    Channel.MEETING: "当面",
    Channel.APPOINTMENT: "当面",
    Channel.COMMUNITY: "当面",
    Channel.VIDEO: "当面",
    Channel.CALL: "电话",
}


class Disposal(models.TextChoices):
    """处理方式: where an opinion goes from the reception. Deputies pass on, they do not handle."""

    ON_SITE = "on_site", "当场答复"
    EXPLAINED = "explained", "咨询解释"
    VILLAGE = "village", "转村（社区）"
    TOWNSHIP = "township", "转镇（街道）"
    DISTRICT = "district", "转区级部门"
    SUGGESTION = "suggestion", "形成代表建议"
    HIGHER = "higher", "报上级或委托上级代表"
    PETITION = "petition", "引导信访司法"
    DECLINED = "declined", "不予受理"

    @classmethod
    def answered_at_once(cls) -> tuple[str, ...]:
        """What needs nobody else: the visitor went home with the answer."""
        return (cls.ON_SITE, cls.EXPLAINED)

    @classmethod
    def pointed_elsewhere(cls) -> tuple[str, ...]:
        """Not taken on: the visitor is told why, and where to go."""
        return (cls.PETITION, cls.DECLINED)

    @classmethod
    def handed_over(cls) -> tuple[str, ...]:
        """交办: a unit or a higher body takes it from here."""
        return (*cls.with_unit(), cls.SUGGESTION, cls.HIGHER)

    @classmethod
    def with_unit(cls) -> tuple[str, ...]:
        """What a unit handles: it is named, and gets a slip."""
        return (cls.VILLAGE, cls.TOWNSHIP, cls.DISTRICT)


class DeclineReason(models.TextChoices):
    """不予受理 reasons (DOMAIN §4)."""

    IN_COURT = "in_court", "涉诉、复议、仲裁"
    OWN_CASE = "own_case", "本人或亲属个人案件"
    ACCUSATION = "accusation", "检举控告申诉"
    PROMOTION = "promotion", "咨询推介"
    EMPTY = "empty", "内容空泛"
    ELSEWHERE = "elsewhere", "非本行政区域"
    ILLEGAL = "illegal", "违法"


class Resolution(models.TextChoices):
    """解决程度: how far a matter has come."""

    PENDING = "pending", "办理中"
    SOLVED = "solved", "已解决"
    PARTLY = "partly", "部分解决"
    PLANNED = "planned", "列入规划"
    UNSOLVED = "unsolved", "未解决"

    @classmethod
    def final(cls) -> tuple[str, ...]:
        """办结: nothing more is to be done, whatever came of it."""
        return (cls.SOLVED, cls.PARTLY, cls.PLANNED, cls.UNSOLVED)


class Satisfaction(models.TextChoices):
    """满意度; silence is 未评价 and never counted as 满意."""

    SATISFIED = "satisfied", "满意"
    MOSTLY = "mostly", "基本满意"
    UNSATISFIED = "unsatisfied", "不满意"
    UNRATED = "unrated", "未评价"


class Register(models.TextChoices):
    """The three registers 三簿, each numbered by itself."""

    RECEPTION = "reception", "代表来访接待登记簿"
    ASSISTANCE = "assistance", "扶贫帮困办实事登记簿"
    ACTIVITY = "activity", "代表活动情况登记簿"


class AssistanceKind(models.TextChoices):
    """帮扶类型 (DOMAIN §3)."""

    POVERTY = "poverty", "扶贫济困"
    SCHOOLING = "schooling", "助学"
    DISABILITY = "disability", "助残"
    MEDICAL = "medical", "助医"
    WORK = "work", "就业帮扶"
    MEDIATION = "mediation", "矛盾调解"
    WORKS = "works", "基础设施"
    GIFTS = "gifts", "捐款捐物"
    FUNDRAISING = "fundraising", "组织募捐"
    ADVICE = "advice", "政策咨询"
    VOLUNTEERING = "volunteering", "志愿服务"
    OTHER = "other", "其他"


class AssistanceState(models.TextChoices):
    """完成情况."""

    PLANNED = "planned", "计划中"
    ONGOING = "ongoing", "进行中"
    DONE = "done", "已完成"
    STOPPED = "stopped", "未完成"


class MoneySource(models.TextChoices):
    """资金来源."""

    DEPUTY = "deputy", "代表个人"
    RAISED = "raised", "募捐"
    UNIT = "unit", "单位"
    STATE = "state", "财政"
    SOCIETY = "society", "社会"


class ActivityKind(models.TextChoices):
    """活动形式 (DOMAIN §3)."""

    CONGRESS = "congress", "出席人代会"
    SITTING_IN = "sitting_in", "列席会议"
    TRAINING = "training", "学习培训"
    INSPECTION = "inspection", "视察"
    RESEARCH = "research", "专题调研"
    LAW = "law", "执法检查"
    DUTY = "duty", "进站接待"
    CALLING = "calling", "走访选民"
    MEETING = "meeting", "座谈"
    REPORTING = "reporting", "向选民述职"
    APPRAISAL = "appraisal", "工作评议"
    SUPERVISION = "supervision", "建议督办"
    GROUP = "group", "代表小组活动"
    LEGAL_AID = "legal_aid", "普法宣传"
    PUBLIC = "public", "参与公共事务"
    HEARING = "hearing", "听证旁听"
    CHARITY = "charity", "公益志愿"
    FOUR_ONES = "four_ones", "“四个一”"
    OTHER = "other", "其他"

    @classmethod
    def inspecting(cls) -> tuple[str, ...]:
        """视察, 专题调研 and 执法检查: deputies go and see for themselves."""
        return (cls.INSPECTION, cls.RESEARCH, cls.LAW)


class Presence(models.TextChoices):
    """Whether a deputy who was to come did: 实到＋请假＋缺席＝应到."""

    PRESENT = "present", "参加"
    LEAVE = "leave", "请假"
    ABSENT = "absent", "缺席"


class AttachmentKind(models.TextChoices):
    PHOTO = "photo", "照片"
    PAPER = "paper", "文件"


class OpinionState(models.TextChoices):
    """Where an opinion stands (DOMAIN §4)."""

    RECORDED = "recorded", "待处理"
    ASSIGNED = "assigned", "待接收"
    HANDLING = "handling", "办理中"
    ANSWERED = "answered", "待反馈"
    CLOSED = "closed", "已办结"


class Act(models.TextChoices):
    """What is done to an opinion on its way."""

    REPLY = "reply", "当场答复"
    ASSIGN = "assign", "交办"
    DECLINE = "decline", "不予受理"
    GUIDE = "guide", "引导信访司法"
    ACCEPT = "accept", "登记接收"
    RETURN = "return", "退回改派"
    TRACK = "track", "登记进展"
    URGE = "urge", "催办"
    POSTPONE = "postpone", "延期"
    ANSWER = "answer", "登记办理结果"
    TELL_VISITOR = "tell_visitor", "反馈来访人"
    TELL_DEPUTIES = "tell_deputies", "告知代表"
    CLOSE = "close", "办结"
    REOPEN = "reopen", "重开"
    MERGE = "merge", "并案"
    SPLIT = "split", "解除并案"
    CORRECT = "correct", "改登记簿"


_S, _FOLLOW = OpinionState, Capability.LOG_RECEPTION
WITH_UNIT = (_S.ASSIGNED, _S.HANDLING)
OPEN_STATES = (_S.RECORDED, _S.ASSIGNED, _S.HANDLING, _S.ANSWERED)

# The whole course: 登记 → 交办 → 跟踪 → 反馈 → 办结. A visitor and the deputies are told before a
# matter is closed, whichever way it went (`rules.opinions.check_may_close`).
COURSE = Course(
    line(Act.REPLY, [_S.RECORDED], _S.CLOSED, _FOLLOW),
    line(Act.ASSIGN, [_S.RECORDED], _S.ASSIGNED, _FOLLOW, clock=Clock.STARTS),
    line(Act.DECLINE, [_S.RECORDED, *WITH_UNIT], _S.ANSWERED, _FOLLOW, clock=Clock.STARTS),
    line(Act.GUIDE, [_S.RECORDED, *WITH_UNIT], _S.ANSWERED, _FOLLOW, clock=Clock.STARTS),
    line(Act.ACCEPT, [_S.ASSIGNED], _S.HANDLING, _FOLLOW),
    line(Act.RETURN, WITH_UNIT, _S.RECORDED, _FOLLOW, needs_note=True),
    line(Act.TRACK, WITH_UNIT, None, _FOLLOW, needs_note=True),
    line(Act.URGE, WITH_UNIT, None, _FOLLOW),
    line(Act.POSTPONE, WITH_UNIT, None, _FOLLOW, needs_note=True, clock=Clock.MOVES),
    line(Act.ANSWER, WITH_UNIT, _S.ANSWERED, _FOLLOW),
    line(Act.TELL_VISITOR, [_S.ANSWERED], None, _FOLLOW),
    line(Act.TELL_DEPUTIES, [_S.ANSWERED], None, _FOLLOW),
    line(Act.CLOSE, [_S.ANSWERED], _S.CLOSED, _FOLLOW, clock=Clock.STOPS),
    line(
        Act.REOPEN,
        [_S.ANSWERED, _S.CLOSED],
        _S.RECORDED,
        _FOLLOW,
        needs_note=True,
        clock=Clock.STOPS,
    ),
    line(Act.MERGE, [_S.RECORDED, *WITH_UNIT], None, _FOLLOW),
    line(Act.SPLIT, [_S.RECORDED, *WITH_UNIT], None, _FOLLOW),
)
COURSE_WORDS = dict([*OpinionState.choices, *Act.choices])
