"""What a line of 簿三 must satisfy, and the six lights of a complete activity."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from common.errors import RuleViolation
from deputies.models import Deputy
from visits.choices import ActivityKind, OpinionState, Presence, Satisfaction
from visits.models import Activity, Opinion
from visits.rules.entries import check_days
from visits.rules.opinions import check_opinion

# A deputy who was to come, and whether they did.
Attended = tuple[Deputy, str]

# An `Activity` read `for_list` or `for_page`: its opinions and photos are at hand.
WithLights = Any

LIT, UNLIT, OPTIONAL = "lit", "unlit", "optional"

_DONE = re.compile(r"落实|已办|办结|办好|反馈|答复|完成|解决|整改到位")
_NOT_YET = re.compile(r"未|没|(?<!接)待|尚|正在|拟|将|计划")
# What closing a duty day wrote into its minutes (`services.duty_activities.minutes_of`).
_IN_FIRST_REGISTER = re.compile(r"接待群众 .*，意见 ([1-9]\d*) 条。")
_CLAUSES = re.compile(r"[，。；,;、\s]+")


class Light(NamedTuple):
    """One of the six: lit, unlit or optional, and a word why."""

    name: str
    state: str
    why: str

    @property
    def is_lit(self) -> bool:
        return self.state == LIT


def check_activity(
    activity: Activity,
    attendance: Sequence[Attended],
    opinions: Sequence[Opinion],
    *,
    figures_stand: bool = False,
) -> None:
    """Refuse, with the reason in Chinese, a line that no register would take.

    `figures_stand`: those of a sheet are kept as the paper has them, even where they disagree.
    """
    check_days(activity.held_on, activity.until, "活动日期")
    if not activity.topic.strip():
        raise RuleViolation("活动主题不能为空。")
    if len({deputy.pk for deputy, _ in attendance}) != len(attendance):
        raise RuleViolation("同一位代表填写了两次。")
    if not figures_stand:
        check_counts(activity)
    for opinion in opinions:
        check_opinion(opinion)


def check_counts(activity: Activity) -> None:
    """实到＋请假＋缺席＝应到 (DOMAIN §6); the refusal says which figure does not fit."""
    due, present = activity.due_count, activity.present_count
    if present > due:
        raise RuleViolation(f"实到 {present} 人，多于应到 {due} 人，请核对。")
    found = present + activity.leave_count + activity.absent_count
    if found != due:
        odd = f"少 {due - found} 人" if found < due else f"多 {found - due} 人"
        raise RuleViolation(
            f"实到 {present}＋请假 {activity.leave_count}＋缺席 {activity.absent_count}"
            f"＝{found} 人，比应到 {due} 人{odd}，请核对。"
        )


def counts_of(attendance: Sequence[Attended]) -> dict[str, int]:
    """The four figures as the names tell them."""
    present, leave, absent = (
        sum(presence == wanted for _, presence in attendance) for wanted in Presence.values
    )
    return {
        "due_count": len(attendance),
        "present_count": present,
        "leave_count": leave,
        "absent_count": absent,
    }


def lights(activity: WithLights) -> list[Light]:
    """The six lights (DOMAIN §3), in order, of a row read `for_list`.

    Photos are optional. Where no opinion was formed, and the minutes show that it was thought of,
    there is nothing to hand over or to answer, and a rating is optional, too.
    """
    return [
        Light("登记", LIT, f"已登记为 {activity.code}"),
        _photos(activity),
        _sorted_out(activity),
        _handed_over(activity),
        _answered(activity),
        _rated(activity),
    ]


def _photos(activity: WithLights) -> Light:
    if activity.photos:
        return Light("现场图片", LIT, "已有图片")
    return Light("现场图片", OPTIONAL, "没有图片，可不补")


def _formed_none(activity: WithLights) -> bool:
    return activity.opinion_count == 0 and bool(activity.minutes.strip())


def _in_first_register(activity: WithLights) -> int:
    """How many opinions 簿一 has of a 进站接待, as its minutes tell; they are followed there."""
    if activity.kind != ActivityKind.DUTY or activity.opinion_count:
        return 0
    told = _IN_FIRST_REGISTER.match(activity.minutes)
    return int(told[1]) if told else 0


def _sorted_out(activity: WithLights) -> Light:
    name = "意见梳理"
    if activity.opinions.all():
        return Light(name, LIT, f"逐条写出 {activity.opinion_count} 条")
    if activity.opinion_count:
        return Light(name, UNLIT, f"形成 {activity.opinion_count} 条，还没有逐条写出")
    if count := _in_first_register(activity):
        return Light(name, LIT, f"意见记在簿一（{count} 条）")
    if _formed_none(activity):
        return Light(name, LIT, "纪要已写，没有形成意见")
    return Light(name, UNLIT, "还没有写纪要")


def _handed_over(activity: WithLights) -> Light:
    name = "交办记录"
    if activity.opinions.all():
        if any(opinion.state == OpinionState.RECORDED for opinion in activity.opinions.all()):
            return Light(name, UNLIT, "还有意见没有交办")
        return Light(name, LIT, "意见都已交办")
    if _in_first_register(activity):
        return Light(name, LIT, "在簿一逐条交办")
    if _formed_none(activity):
        return Light(name, LIT, "没有形成意见，不用交办")
    if activity.follow_up.strip():
        return Light(name, LIT, "落实情况里有记录")
    return Light(name, UNLIT, "还没有交办记录")


def _answered(activity: WithLights) -> Light:
    name = "办理反馈"
    if activity.opinions.all():
        if not all(opinion.is_closed for opinion in activity.opinions.all()):
            return Light(name, UNLIT, "还有意见没有办结")
        return Light(name, LIT, "意见都已办结")
    if _in_first_register(activity):
        return Light(name, LIT, "在簿一逐条反馈")
    if _formed_none(activity):
        return Light(name, LIT, "没有形成意见，不用反馈")
    if _says_done(activity.follow_up):
        return Light(name, LIT, "落实情况里写明已办")
    return Light(name, UNLIT, "还没有办理结果")


def _rated(activity: WithLights) -> Light:
    name = "满意度测评"
    if activity.is_rated:
        return Light(name, LIT, "已有测评结果")
    ratings = {opinion.satisfaction for opinion in activity.opinions.all()}
    if ratings and Satisfaction.UNRATED not in ratings:
        return Light(name, LIT, "每条意见都已评价")
    if _formed_none(activity):
        why = "在簿一逐条评价" if _in_first_register(activity) else "没有形成意见，可不测评"
        return Light(name, OPTIONAL, why)
    return Light(name, UNLIT, "还没有测评")


def _says_done(text: str) -> bool:
    """Whether a clause of the text says that something was done, and not that it is to be."""
    return any(
        _DONE.search(clause) and not _NOT_YET.search(clause) for clause in _CLAUSES.split(text)
    )
