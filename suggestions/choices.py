"""The words of a 代表建议, and its whole course."""

from django.db import models

from accounts.roles import Capability
from common.workflow import Clock, Course, line


class Kind(models.TextChoices):
    SUGGESTION = "suggestion", "建议"
    CRITICISM = "criticism", "批评"
    OPINION = "opinion", "意见"
    MOTION = "motion", "议案"


class Occasion(models.TextChoices):
    """大会: raised while the congress sat; 闭会: between two of its meetings."""

    SESSION = "session", "大会期间"
    BETWEEN = "between", "闭会期间"


class Consent(models.TextChoices):
    """附议: what became of asking a deputy to sign."""

    ASKED = "asked", "待答复"
    AGREED = "agreed", "已附议"
    DECLINED = "declined", "不附议"


class Duty(models.TextChoices):
    """分工 of a unit."""

    SOLE = "sole", "独办"
    LEAD = "lead", "主办"
    SEPARATE = "separate", "分办"
    ASSIST = "assist", "协办"

    @classmethod
    def answering(cls) -> tuple[str, ...]:
        """Who answers the deputy: result classes and satisfaction are counted on these only."""
        return (cls.SOLE, cls.LEAD, cls.SEPARATE)


class ResultClass(models.TextChoices):
    """办理结果类别; how a class is worded is the place's own (`ClassWording`)."""

    SOLVED = "A", "A"
    PLANNED = "B", "B"
    LATER = "C", "C"
    NOTED = "D", "D"

    @classmethod
    def promising(cls) -> tuple[str, ...]:
        """续办: an answer that promises something is answered again."""
        return (cls.PLANNED, cls.LATER)


class Contact(models.TextChoices):
    """面商方式."""

    CALLING = "calling", "走访"
    MEETING = "meeting", "座谈"
    PHONE = "phone", "电话"
    LETTER = "letter", "信函"


class Asked(models.TextChoices):
    """What became of a request for more time."""

    OPEN = "open", "待批"
    GRANTED = "granted", "已批准"
    REFUSED = "refused", "未批准"


class Source(models.TextChoices):
    """How a rating came."""

    SELF = "self", "本人评价"
    PAPER = "paper", "据征询意见表"
    LAPSED = "lapsed", "逾期未评"
    SHEET = "sheet", "据台账"


class Limit(models.TextChoices):
    """期限: everything that somebody is given time for; how long is the district's setting."""

    JOIN = "join", "答复附议"
    REVISE = "revise", "修改后提交"
    HAND_IN = "hand_in", "联名后提交"
    ASSIGN = "assign", "审核交办"
    SIGN = "sign", "签收"
    RETURN = "return", "退办"
    DECIDE = "decide", "审批退办或延期"
    ASSIST = "assist", "提协办意见"
    COUNTERSIGN = "countersign", "会签"
    REPLY = "reply", "答复"
    REDO = "redo", "重办答复"
    LONGEST = "longest", "延期后最长"
    VET = "vet", "审核答复"
    RATE = "rate", "代表评价"
    PROMISE = "promise", "续办答复"

    @classmethod
    def waited_for(cls) -> list[str]:
        """Those that run against somebody; the others say how long something is possible."""
        return [limit for limit in cls.values if limit not in (cls.RETURN, cls.LONGEST)]

    @classmethod
    def answers(cls) -> tuple[str, ...]:
        return (cls.REPLY, cls.REDO)


class State(models.TextChoices):
    """Where a suggestion stands (DOMAIN §5)."""

    DRAFT = "draft", "草稿"
    JOINING = "joining", "联名中"
    SUBMITTED = "submitted", "待审核"
    REVISING = "revising", "退回修改"
    ACCEPTED = "accepted", "待交办"
    ASSIGNED = "assigned", "待签收"
    HANDLING = "handling", "办理中"
    REVIEWING = "reviewing", "答复待审"
    REPLIED = "replied", "待评价"
    CLOSED = "closed", "已办结"
    ARCHIVED = "archived", "已归档"
    REJECTED = "rejected", "不予接收"
    REFERENCE = "reference", "转作参考"
    WITHDRAWN = "withdrawn", "已撤回"


class Part(models.TextChoices):
    """Where one unit stands with its share of a suggestion, in one round."""

    WAITING = "p_waiting", "待签收"
    WORKING = "p_working", "办理中"
    RETURNING = "p_returning", "申请退办"
    OPINED = "p_opined", "已提协办意见"
    COUNTERSIGNED = "p_countersigned", "已会签"
    SENT = "p_sent", "答复待审"
    ANSWERED = "p_answered", "待评价"
    RATED = "p_rated", "已评价"
    LEFT = "p_left", "已退办"


class Act(models.TextChoices):
    """What is done to a suggestion on its way."""

    CHANGE = "change", "修改"
    INVITE = "invite", "请代表附议"
    AGREE = "agree", "同意附议"
    DECLINE = "decline", "不附议"
    SUBMIT = "submit", "提交"
    WITHDRAW = "withdraw", "撤回"
    TURN_BACK = "turn_back", "退回修改"
    REJECT = "reject", "不予接收"
    REFER = "refer", "转作参考"
    ACCEPT = "accept", "接收编号"
    MERGE = "merge", "并案"
    SPLIT = "split", "解除并案"
    ASSIGN = "assign", "交办"
    RECALL = "recall", "收回改派"
    MARK = "mark", "标记"
    URGE = "urge", "催办"
    SUPERVISE = "supervise", "督办"
    SIGN = "sign", "签收"
    ASK_RETURN = "ask_return", "申请退办"
    AGREE_RETURN = "agree_return", "同意退办"
    REFUSE_RETURN = "refuse_return", "不同意退办"
    REASSIGN = "reassign", "另派单位"
    DISPENSE = "dispense", "不再另派"
    ASK_EXTENSION = "ask_extension", "申请延期"
    GRANT_EXTENSION = "grant_extension", "批准延期"
    REFUSE_EXTENSION = "refuse_extension", "不批准延期"
    CONTACT = "contact", "登记面商"
    OPINE = "opine", "提协办意见"
    CIRCULATE = "circulate", "送会签"
    COUNTERSIGN = "countersign", "会签"
    WAIVE = "waive", "免予会签"
    SEND = "send", "报送答复"
    SEND_BACK = "send_back", "退回重拟"
    RELEASE = "release", "审核答复代表"
    CORRECT_CLASS = "correct_class", "更正结果类别"
    RATE = "rate", "评价"
    LAPSE = "lapse", "逾期未评"
    FOLLOW_UP = "follow_up", "续办答复"
    REDO = "redo", "重办"
    ARCHIVE = "archive", "归档"
    RECKON = "reckon", "重算期限"
    IMPORT = "import", "据台账录入"


# What passes between units and office: deputies read that it was done, and not in which words.
AMONG_OFFICES = (
    Act.OPINE, Act.CIRCULATE, Act.COUNTERSIGN, Act.WAIVE, Act.SEND, Act.SEND_BACK, Act.ASK_RETURN,
    Act.AGREE_RETURN, Act.REFUSE_RETURN, Act.DISPENSE, Act.ASK_EXTENSION, Act.REFUSE_EXTENSION,
)  # fmt: skip

_S, _P = State, Part
_RAISE, _JOIN = Capability.RAISE_SUGGESTION, Capability.JOIN_SUGGESTION
_OFFICE, _UNIT, _RATE = (
    Capability.REVIEW_SUGGESTION,
    Capability.HANDLE_SUGGESTION,
    Capability.RATE_SUGGESTION,
)
WITH_UNITS = (_S.ASSIGNED, _S.HANDLING, _S.REVIEWING)
BEFORE_REPLY = (_S.DRAFT, _S.JOINING, _S.SUBMITTED, _S.REVISING, _S.ACCEPTED, *WITH_UNITS)
ENDED = (_S.CLOSED, _S.ARCHIVED, _S.REJECTED, _S.REFERENCE, _S.WITHDRAWN)
NUMBERED = (_S.ACCEPTED, *WITH_UNITS, _S.REPLIED, _S.CLOSED, _S.ARCHIVED)

# The whole course. A line that begins in a `Part` is a move of one unit, and the suggestion goes
# where the slowest of its answering units stands (`rules.course.state_of_parts`); every other line
# moves the suggestion itself. Which time runs in which state stands in `rules/clocks.py`.
COURSE = Course(
    # 提出: the deputy, or staff of the station from paper
    line(Act.CHANGE, [_S.DRAFT, _S.JOINING, _S.REVISING], None, _RAISE),
    line(Act.INVITE, [_S.DRAFT, _S.JOINING, _S.REVISING], _S.JOINING, _RAISE, clock=Clock.STARTS),
    line(Act.AGREE, [_S.JOINING], None, _JOIN),
    line(Act.DECLINE, [_S.JOINING, _S.SUBMITTED, _S.REVISING], None, _JOIN),
    line(Act.SUBMIT, [_S.DRAFT, _S.JOINING, _S.REVISING], _S.SUBMITTED, _RAISE, clock=Clock.STARTS),
    line(Act.WITHDRAW, BEFORE_REPLY, _S.WITHDRAWN, _RAISE, needs_note=True, clock=Clock.STOPS),
    # 审核交办: the office of the congress
    line(Act.TURN_BACK, [_S.SUBMITTED], _S.REVISING, _OFFICE, needs_note=True, clock=Clock.STARTS),
    line(Act.REJECT, [_S.SUBMITTED], _S.REJECTED, _OFFICE, needs_note=True, clock=Clock.STOPS),
    line(Act.REFER, [_S.SUBMITTED], _S.REFERENCE, _OFFICE, needs_note=True, clock=Clock.STOPS),
    line(Act.ACCEPT, [_S.SUBMITTED], _S.ACCEPTED, _OFFICE),
    line(Act.MERGE, [_S.ACCEPTED], None, _OFFICE),
    line(Act.SPLIT, [_S.ACCEPTED], None, _OFFICE),
    line(Act.ASSIGN, [_S.ACCEPTED], _S.ASSIGNED, _OFFICE, clock=Clock.STARTS),
    line(Act.RECALL, WITH_UNITS, _S.ACCEPTED, _OFFICE, needs_note=True, clock=Clock.STARTS),
    line(Act.MARK, NUMBERED, None, _OFFICE),
    line(Act.URGE, WITH_UNITS, None, _OFFICE),
    line(Act.SUPERVISE, WITH_UNITS, None, _OFFICE, needs_note=True),
    # 办理: one unit, or the office from the unit's paper
    line(Act.SIGN, [_P.WAITING], _P.WORKING, _UNIT),
    line(Act.ASK_RETURN, [_P.WAITING, _P.WORKING], _P.RETURNING, _UNIT, needs_note=True),
    line(Act.AGREE_RETURN, [_P.RETURNING], _P.LEFT, _OFFICE, clock=Clock.STOPS),
    line(Act.REFUSE_RETURN, [_P.RETURNING], _P.WORKING, _OFFICE, needs_note=True),
    # 分办: the part of a unit that has left goes to another one, the others go on meanwhile
    line(Act.REASSIGN, [_P.LEFT], None, _OFFICE, clock=Clock.STARTS),
    line(Act.DISPENSE, [_P.LEFT], None, _OFFICE, needs_note=True, clock=Clock.STOPS),
    line(Act.ASK_EXTENSION, [_P.WORKING], None, _UNIT, needs_note=True),
    line(Act.GRANT_EXTENSION, [_P.WORKING], None, _OFFICE, clock=Clock.MOVES),
    line(Act.REFUSE_EXTENSION, [_P.WORKING], None, _OFFICE, needs_note=True),
    line(Act.CONTACT, [_P.WORKING, _P.SENT, _P.ANSWERED], None, _UNIT),
    line(Act.OPINE, [_P.WORKING], _P.OPINED, _UNIT, needs_note=True),
    line(Act.CIRCULATE, [_P.WORKING], None, _UNIT, clock=Clock.STARTS),
    line(Act.COUNTERSIGN, [_P.WORKING, _P.OPINED], _P.COUNTERSIGNED, _UNIT),
    line(
        Act.WAIVE, [_P.WAITING, _P.WORKING, _P.OPINED], _P.COUNTERSIGNED, _OFFICE, needs_note=True
    ),
    line(Act.SEND, [_P.WORKING], _P.SENT, _UNIT, clock=Clock.STOPS),
    line(Act.SEND_BACK, [_P.SENT], _P.WORKING, _OFFICE, needs_note=True, clock=Clock.STARTS),
    line(Act.RELEASE, [_P.SENT], _P.ANSWERED, _OFFICE, clock=Clock.STARTS),
    line(Act.CORRECT_CLASS, [_P.ANSWERED, _P.RATED], None, _OFFICE, needs_note=True),
    # 评价 and what follows from it
    line(Act.RATE, [_P.ANSWERED], _P.RATED, _RATE, clock=Clock.STOPS),
    line(Act.LAPSE, [_P.ANSWERED], _P.RATED, _OFFICE, clock=Clock.STOPS),
    line(Act.FOLLOW_UP, [_P.ANSWERED, _P.RATED], None, _UNIT, needs_note=True),
    line(Act.REDO, [_S.CLOSED], _S.ASSIGNED, _OFFICE, needs_note=True, clock=Clock.STARTS),
    line(Act.ARCHIVE, [_S.CLOSED], _S.ARCHIVED, _OFFICE),
)
COURSE_WORDS = dict([*State.choices, *Part.choices, *Act.choices])
