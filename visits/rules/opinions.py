"""Where an opinion stands, what comes next, and what must be true before it is closed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone

from accounts.roles import Capability
from common.errors import RuleViolation
from common.workdays import Workdays
from common.workflow import Transition
from visits.choices import (
    COURSE,
    Act,
    DeclineReason,
    Disposal,
    OpinionState,
    Resolution,
    Satisfaction,
)
from visits.models import Opinion
from visits.rules.entries import may

# 告知去处: what is proposed for each reason of 不予受理; the person at the desk knows better.
PLACES_TO_GO = {
    DeclineReason.IN_COURT: "受理该案的人民法院、仲裁机构或行政复议机关",
    DeclineReason.OWN_CASE: "办案机关；需要法律帮助的，可拨打 12348",
    DeclineReason.ACCUSATION: "纪检监察机关，可拨打 12388",
    DeclineReason.PROMOTION: "有关主管部门，或拨打 12345",
    DeclineReason.EMPTY: "请补充具体的时间、地点和事情后再来，或拨打 12345",
    DeclineReason.ELSEWHERE: "事情发生地的人大代表联络站或信访部门",
    DeclineReason.ILLEGAL: "公安机关，可拨打 110",
}
GUIDED_PLACES = ("区信访局", "人民法院", "人民检察院", "劳动人事争议仲裁委员会", "司法所")

# What a merged opinion still does by itself: its visitor is told, and it is closed.
OWN_WHEN_MERGED = {Act.TELL_VISITOR, Act.TELL_DEPUTIES, Act.CLOSE, Act.SPLIT, Act.REOPEN}


LATE_WORDS = {"feedback": "反馈", "accept": "接收", "route": "待处理", "duty": "值班",
              "letter": "来信"}  # fmt: skip


class NextStep(NamedTuple):
    """What is to be done with an opinion, by when and by whom."""

    act: Act
    words: str
    due_on: date | None
    who: str

    @property
    def told(self) -> str:
        """The same for who cannot do it: by whom it will be done."""
        return _TOLD.get(self.act, self.words)


_TOLD = {
    Act.ASSIGN: "联络站将决定怎么处理",
    Act.TELL_VISITOR: "联络站将把结果告诉来访人",
    Act.TELL_DEPUTIES: "联络站将把结果告诉代表",
    Act.CLOSE: "都已告知，等联络站办结",
    Act.REOPEN: "来访人不满意，联络站可以重开",
}


def state_of(opinion: Opinion) -> OpinionState:
    """Where the facts in the register put an opinion, however they came there."""
    told = opinion.is_fed_back or not opinion.has_visitor
    at_once = opinion.disposal in Disposal.answered_at_once()
    if at_once and not (opinion.handed_over_on or opinion.round > 1 or opinion.merged_into_id):
        return OpinionState.CLOSED
    if told and opinion.deputies_told_on and (opinion.disposal or opinion.result):
        return OpinionState.CLOSED
    if _is_answered(opinion):
        return OpinionState.ANSWERED
    if not opinion.disposal:
        return OpinionState.RECORDED
    return OpinionState.HANDLING if opinion.accepted_on else OpinionState.ASSIGNED


def _is_answered(opinion: Opinion) -> bool:
    return (
        opinion.is_fed_back
        or opinion.disposal in (*Disposal.pointed_elsewhere(), *Disposal.answered_at_once())
        or opinion.resolution in Resolution.final()
    )


def feedback_due(handed_over_on: date, calendar: Workdays) -> date:
    """Until when the visitor is to be told: a setting, in calendar days from 交办.

    A deadline on a day off rolls to the next workday.
    """
    return calendar.next_workday(handed_over_on + timedelta(days=settings.FEEDBACK_DAYS))


def accept_due(handed_over_on: date, calendar: Workdays) -> date:
    """Until when the unit is to say that it has the matter: a setting, in workdays from 交办."""
    return calendar.add_workdays(handed_over_on, settings.ACCEPT_WORKDAYS)


def offered_acts(user, opinion: Opinion) -> list[Transition]:
    """What `user` may do with the opinion now: the buttons of its page."""
    if opinion.source.is_void:
        return []
    lines = COURSE.offered(
        opinion.state, lambda capability: may(user, Capability(capability), opinion.source)
    )
    return [line for line in lines if refusal(opinion, Act(line.action)) == ""]


def refusal(opinion: Opinion, act: Act) -> str:
    """Why `act` is not to be had now although the table would allow it; "" if it is."""
    if opinion.merged_into_id and act not in OWN_WHEN_MERGED:
        return "已并案，请在并入的那一件上办理。"
    if act == Act.SPLIT and not opinion.merged_into_id:
        return "这一件没有并案。"
    if act == Act.TELL_VISITOR and not opinion.has_visitor:
        return "这一件由代表提出，没有来访人，请直接告知代表。"
    if act == Act.REPLY and _has_begun(opinion):
        return "已经交办过、重开过或有并入的意见，要告知来访人和代表后才能办结。"
    if act == Act.CLOSE:
        return missing_before_closing(opinion)
    return ""


def _has_begun(opinion: Opinion) -> bool:
    """Whether the visitor went home without an answer: no answer at the table ends it any more."""
    return (
        opinion.round > 1
        or opinion.due_on is not None
        or opinion.merged_into_id is not None
        or opinion.merged.exists()
    )


def missing_before_closing(opinion: Opinion) -> str:
    """Who has not been told yet: no matter is closed before visitor and deputies know."""
    if opinion.has_visitor and not opinion.is_fed_back:
        return "还没有向来访人反馈，不能办结。"
    if not opinion.deputies_told_on:
        return "还没有告知接待代表，不能办结。"
    return ""


def next_step(opinion: Opinion) -> NextStep | None:
    """The one thing to do next; None when nothing is left."""
    staff = "联络站"
    if opinion.state == OpinionState.CLOSED:
        if opinion.satisfaction == Satisfaction.UNSATISFIED:
            return NextStep(Act.REOPEN, "来访人不满意，可以重开", None, staff)
        return None
    if opinion.merged_into_id and opinion.state != OpinionState.ANSWERED:
        return NextStep(Act.SPLIT, "随并入的那一件办理", opinion.due_on, "并入件")
    if awaits_suggestion(opinion):
        return _of_a_suggestion(opinion)
    unit = str(opinion.unit or "对方")
    if opinion.state == OpinionState.RECORDED:
        return NextStep(Act.ASSIGN, "决定怎么处理", opinion.accept_by, staff)
    if opinion.state == OpinionState.ASSIGNED:
        return NextStep(Act.ACCEPT, f"等{unit}接收", opinion.accept_by, unit)
    if opinion.state == OpinionState.HANDLING:
        return NextStep(Act.ANSWER, f"等{unit}的办理结果", opinion.due_on, unit)
    return _telling(opinion, staff)


def awaits_suggestion(opinion: Opinion) -> bool:
    """形成代表建议: it goes on, and is answered, with a suggestion."""
    waiting = opinion.state in (OpinionState.ASSIGNED, OpinionState.HANDLING)
    return waiting and opinion.disposal == Disposal.SUGGESTION


def _of_a_suggestion(opinion: Opinion) -> NextStep:
    if opinion.state == OpinionState.ASSIGNED:
        return NextStep(Act.ACCEPT, "等代表提出建议", opinion.accept_by, "代表")
    return NextStep(Act.ANSWER, "等代表建议的办理结果", opinion.due_on, "代表建议")


def _telling(opinion: Opinion, staff: str) -> NextStep:
    if opinion.has_visitor and not opinion.is_fed_back:
        return NextStep(Act.TELL_VISITOR, "把结果告诉来访人", opinion.due_on, staff)
    due = _due_after_visitor(opinion)
    if not opinion.deputies_told_on:
        return NextStep(Act.TELL_DEPUTIES, "把结果告诉代表", due, staff)
    return NextStep(Act.CLOSE, "都已告知，可以办结", due, staff)


def _due_after_visitor(opinion: Opinion) -> date | None:
    """The date is the visitor's: once they know, nothing is late any more."""
    is_past = opinion.due_on is not None and opinion.due_on < timezone.localdate()
    return None if opinion.has_visitor and is_past else opinion.due_on


def late_words(counts: dict[str, int]) -> str:
    """What is late, by kind (`late_parts`): 反馈 3 · 接收 2."""
    return " · ".join(f"{word} {counts[name]}" for name, word in LATE_WORDS.items()
                      if counts.get(name))  # fmt: skip


def check_opinion(opinion: Opinion) -> None:
    """Refuse, with the reason in Chinese, an opinion that no register would take."""
    if not opinion.statement.strip():
        raise RuleViolation("反映内容不能为空。")
    if opinion.disposal == Disposal.DECLINED and not opinion.decline_reason:
        raise RuleViolation("不予受理时必须选择原因。")
