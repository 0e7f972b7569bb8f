"""办理情况: the whole course of one suggestion on paper."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from common.sheets.cells import chinese_date
from common.word import Field
from suggestions.choices import AMONG_OFFICES
from suggestions.documents.letters import is_released
from suggestions.documents.sheet import Form, List, Part, Reader, Sheet, matter
from suggestions.models import Handling, Step

UNITS = ("轮次", "承办单位", "分工", "交办", "答复", "类别", "代表评价")
_UNIT_WIDTHS = (15, 42, 14, 23, 23, 14, 25)
STEPS = ("日期", "事项", "经手", "说明")
_STEP_WIDTHS = (23, 26, 36, 71)


def course_sheet(reader: Reader, part: Part) -> Sheet:
    row = reader.suggestion
    days = [
        ("提出", row.submitted_on), ("接收", row.accepted_on), ("交办", row.assigned_on),
        ("答复", row.replied_on), ("办结", row.closed_on),
    ]  # fmt: skip
    dates = "　".join(f"{words} {chinese_date(day)}" for words, day in days if day)
    about = [
        *matter(reader, Field("种类", row.get_kind_display()), phone=False),
        Field("现在状态", row.get_state_display(), wide=True),
        Field("各步日期", dates, wide=True),
    ]
    units = [_unit(reader, one) for one in reader.shares if not one.has_left]
    steps = [_step(reader, step) for step in row.steps.order_by("pk")]
    lists = [
        *([List("units", UNITS, units, _UNIT_WIDTHS, "承办单位")] if units else []),
        *([List("steps", STEPS, steps, _STEP_WIDTHS, "办理过程", left=[3])] if steps else []),
    ]
    printed = f"{reader.user}于{chinese_date(timezone.localdate())}打印，以系统中的记录为准。"
    return Sheet(
        title="代表建议办理情况", name="办理情况", forms=[Form(about)], lists=lists,
        notes=[printed], is_paged=True,
    )  # fmt: skip


def _unit(reader: Reader, share: Handling) -> tuple[str, ...]:
    reply = getattr(share, "reply", None) if is_released(share) else None
    rating = getattr(reply, "rating", None)
    return (
        str(share.round),
        str(share.unit),
        share.get_duty_display(),
        _short(share.assigned_on),
        _short(reply.released_on) if reply else "",
        reply.result_class if reply else "",
        _said(rating),
    )


def _said(rating) -> str:
    if rating is None:
        return ""
    return f"工作{rating.get_attitude_display()}，结果{rating.get_outcome_display()}"


def _short(day: date | None) -> str:
    """2026.3.2: a column of a list is narrow."""
    return f"{day.year}.{day.month}.{day.day}" if day else ""


def _step(reader: Reader, step: Step) -> tuple[str, ...]:
    who = step.actor_role or step.actor_name
    about = f"单位：{step.unit_name}" if step.unit_name and step.unit_name != who else ""
    said = "；".join(filter(None, [about, _words(reader, step)]))
    return (_short(step.on), step.get_act_display(), who, said)


def _words(reader: Reader, step: Step) -> str:
    if step.act in AMONG_OFFICES and not reader.is_office:
        return ""
    facts = [f"{name}：{said}" for name, said in step.facts.items()]
    return "；".join(filter(None, [step.note.rstrip("。；"), *facts]))
