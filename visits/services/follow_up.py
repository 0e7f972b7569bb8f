"""The verbs of an opinion: every one a line of `choices.COURSE`, moved by `_move` alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.roles import Capability
from common.calendar import workdays_when_asked
from common.errors import RuleViolation
from stations.models import Unit
from visits import rules
from visits.choices import COURSE, COURSE_WORDS, Act, Disposal, Resolution, Satisfaction
from visits.models import Opinion
from visits.services.facts import HANDLING, record_step
from visits.services.opinion_rows import (
    describe_facts,
    locked_opinion,
    locked_opinions,
    locked_with_followers,
    require_latest,
    source_changed,
)
from visits.services.telling import tell_by_message

# What one handling settles for all that were merged into it.
SHARED_ACTS = {
    Act.ASSIGN, Act.ACCEPT, Act.RETURN, Act.POSTPONE, Act.ANSWER, Act.DECLINE, Act.GUIDE,
}  # fmt: skip
_NOT_HANDED_OVER = {"handed_over_on": None, "accept_by": None, "accepted_on": None}
_NOT_TOLD = {
    "feedback_on": None, "feedback_method": "", "feedback_by": "", "feedback_said": "",
    "satisfaction": Satisfaction.UNRATED, "deputies_told_on": None, "deputies_told_how": "",
}  # fmt: skip


@dataclass(frozen=True)
class VisitorFeedback:
    """反馈: when, how and by whom the visitor was told, what was said, and how satisfied."""

    on: date
    method: str
    by: str
    said: str
    satisfaction: str = Satisfaction.UNRATED


@dataclass(frozen=True)
class DeputyFeedback:
    """How the deputies of the visit learn of it: by a message of the portal, or as `how` says."""

    on: date
    how: str = ""
    by_message: bool = False


@transaction.atomic
def assign_opinion(
    opinion: Opinion,
    *,
    actor,
    disposal: str,
    unit: Unit | None,
    due_on: date | None = None,
    note: str = "",
    seen: int | None = None,
) -> Opinion:
    """交办: hand the matter over. The visitor is to be told by `due_on`, else after the setting;
    the unit is to accept within the setting. Refuses a way that hands nothing over, one without
    a unit where a unit handles it, and a date that has passed."""
    if disposal not in Disposal.handed_over():
        raise RuleViolation("请选择交给哪里办理。")
    if disposal in Disposal.with_unit() and unit is None:
        raise RuleViolation("请填写承办单位。")
    today, calendar = timezone.localdate(), workdays_when_asked()
    due = due_on or rules.feedback_due(today, calendar)
    if due < today:
        raise RuleViolation("反馈期限不能早于今天。")
    facts = {
        "disposal": disposal, "unit": unit, "handed_over_on": today, "accepted_on": None,
        "accept_by": rules.accept_due(today, calendar), "due_on": due, "first_due_on": None,
    }  # fmt: skip
    return _move(opinion, Act.ASSIGN, facts, actor=actor, note=note, seen=seen)


@transaction.atomic
def reply_to_opinion(
    opinion: Opinion, *, actor, reply: str, disposal: str, seen: int | None = None
) -> Opinion:
    """当场答复 or 咨询解释: the visitor went home with the answer, the deputies gave it."""
    if disposal not in Disposal.answered_at_once():
        raise RuleViolation("请选择当场答复或咨询解释。")
    if not reply.strip():
        raise RuleViolation("请写下是怎么答复的。")
    facts = {
        "disposal": disposal, "on_site_reply": reply.strip(), "unit": None, "due_on": None,
        **_NOT_HANDED_OVER, "closed_on": timezone.localdate(),
    }  # fmt: skip
    return _move(opinion, Act.REPLY, facts, actor=actor, seen=seen)


@transaction.atomic
def decline_opinion(
    opinion: Opinion, *, actor, reason: str, where_to: str, note="", seen: int | None = None
) -> Opinion:
    """不予受理, with the reason and where the visitor may turn; they are still to be told."""
    if not reason:
        raise RuleViolation("不予受理时必须选择原因。")
    if not where_to.strip():
        raise RuleViolation("请写明告知来访人可以去哪里反映。")
    facts = {
        **_pointed_elsewhere(opinion, where_to),
        "disposal": Disposal.DECLINED,
        "decline_reason": reason,
    }
    return _move(opinion, Act.DECLINE, facts, actor=actor, note=note, seen=seen)


@transaction.atomic
def guide_opinion(
    opinion: Opinion, *, actor, where_to: str, note: str = "", seen: int | None = None
) -> Opinion:
    """引导信访司法: the visitor is told which office is the right one."""
    if not where_to.strip():
        raise RuleViolation("请写明引导来访人去哪里。")
    facts = {**_pointed_elsewhere(opinion, where_to), "disposal": Disposal.PETITION}
    return _move(opinion, Act.GUIDE, facts, actor=actor, note=note, seen=seen)


@transaction.atomic
def accept_opinion(opinion: Opinion, *, actor, on: date | None = None, seen=None) -> Opinion:
    """接收: the unit has said that it has the matter."""
    on = _not_to_come(on)
    if opinion.handed_over_on and on < opinion.handed_over_on:
        raise RuleViolation("接收日期早于交办日期，请核对。")
    return _move(opinion, Act.ACCEPT, {"accepted_on": on}, actor=actor, on=on, seen=seen)


@transaction.atomic
def return_opinion(opinion: Opinion, *, actor, note: str, seen: int | None = None) -> Opinion:
    """退回: not this unit's matter. It waits to be handed over anew; the visitor's date stays."""
    facts = {"disposal": "", "unit": None, **_NOT_HANDED_OVER}
    return _move(opinion, Act.RETURN, facts, actor=actor, note=note, seen=seen)


@transaction.atomic
def track_opinion(
    opinion: Opinion, *, actor, note: str, on: date | None = None, seen: int | None = None
) -> Opinion:
    """跟踪: write down how far it has come, today or on a day before."""
    on = _not_to_come(on)
    return _move(opinion, Act.TRACK, {}, actor=actor, on=on, note=note, seen=seen)


@transaction.atomic
def urge_opinion(
    opinion: Opinion, *, actor, note: str = "", on: date | None = None, seen: int | None = None
) -> Opinion:
    """催办: the unit was reminded, today or on a day before."""
    return _move(opinion, Act.URGE, {}, actor=actor, on=_not_to_come(on), note=note, seen=seen)


@transaction.atomic
def postpone_opinion(
    opinion: Opinion, *, actor, due_on: date, note: str, seen: int | None = None
) -> Opinion:
    """延期: a later day to tell the visitor; the first one stays visible."""
    if opinion.due_on and due_on <= opinion.due_on:
        raise RuleViolation("新的期限要晚于现在的期限。")
    if due_on < timezone.localdate():
        raise RuleViolation("新的期限不能早于今天。")
    facts = {"due_on": due_on, "first_due_on": opinion.first_due_on or opinion.due_on}
    return _move(opinion, Act.POSTPONE, facts, actor=actor, note=note, seen=seen)


@transaction.atomic
def answer_opinion(
    opinion: Opinion, *, actor, result: str, resolution: str, on=None, seen: int | None = None
) -> Opinion:
    """办理结果: what came of it and how far it is solved; now the visitor is to be told."""
    if not result.strip():
        raise RuleViolation("请写下办理结果。")
    if resolution not in Resolution.final():
        raise RuleViolation("请选择解决程度；还在办理的，请用“登记进展”。")
    facts = {"result": result.strip(), "resolution": resolution}
    return _move(opinion, Act.ANSWER, facts, actor=actor, on=_not_to_come(on), seen=seen)


@transaction.atomic
def tell_visitor(
    opinion: Opinion, feedback: VisitorFeedback, *, actor, seen: int | None = None
) -> Opinion:
    """反馈来访人. Refuses a day to come or before the visit, and one that says not how."""
    if not feedback.method.strip():
        raise RuleViolation("请填写反馈方式。")
    if feedback.on < opinion.raised_on:
        raise RuleViolation("反馈日期早于接待日期，请核对。")
    facts = {
        "feedback_on": _not_to_come(feedback.on),
        "feedback_method": feedback.method.strip(),
        "feedback_by": feedback.by.strip(),
        "feedback_said": feedback.said.strip(),
        "satisfaction": feedback.satisfaction,
    }
    return _move(opinion, Act.TELL_VISITOR, facts, actor=actor, on=feedback.on, seen=seen)


@transaction.atomic
def tell_deputies(
    opinion: Opinion, feedback: DeputyFeedback, *, actor, seen: int | None = None
) -> Opinion:
    """告知代表. A message reaches those with a log-in: refuses one alone that leaves some out."""
    how = feedback.how.strip()
    if feedback.by_message:
        how = tell_by_message(opinion, how)
    if not how:
        raise RuleViolation("请填写怎么告知代表的，或勾选发站内消息。")
    if feedback.on < opinion.raised_on:
        raise RuleViolation("告知日期早于接待日期，请核对。")
    facts = {"deputies_told_on": _not_to_come(feedback.on), "deputies_told_how": how[:30]}
    return _move(opinion, Act.TELL_DEPUTIES, facts, actor=actor, on=feedback.on, seen=seen)


@transaction.atomic
def close_opinion(opinion: Opinion, *, actor, note: str = "", seen: int | None = None) -> Opinion:
    """办结: refused until visitor and deputies have been told."""
    facts = {"closed_on": timezone.localdate()}
    return _move(opinion, Act.CLOSE, facts, actor=actor, note=note, seen=seen)


@transaction.atomic
def give_feedback(
    opinion: Opinion,
    *,
    actor,
    visitor: VisitorFeedback | None = None,
    deputies: DeputyFeedback | None = None,
    close: bool = False,
    seen: int | None = None,
) -> Opinion:
    """What is filled in on one page: tell one or both, and close it if all is said."""
    if visitor is not None:
        opinion, seen = tell_visitor(opinion, visitor, actor=actor, seen=seen), None
    if deputies is not None:
        opinion, seen = tell_deputies(opinion, deputies, actor=actor, seen=seen), None
    if close:
        opinion = close_opinion(opinion, actor=actor, seen=seen)
    return opinion


@transaction.atomic
def reopen_opinion(opinion: Opinion, *, actor, note: str, seen: int | None = None) -> Opinion:
    """重开: the visitor is not satisfied. A new round begins, told anew; the old one stays on
    record in its steps. One that was merged goes its own way from here."""
    facts = {
        "disposal": "", "decline_reason": "", "where_to": "", "result": "", "resolution": "",
        "due_on": None, "first_due_on": None, "closed_on": None, "merged_into": None,
        **_NOT_TOLD, **_NOT_HANDED_OVER,
        "accept_by": rules.accept_due(timezone.localdate(), workdays_when_asked()),
        "round": opinion.round + 1,
    }  # fmt: skip
    return _move(opinion, Act.REOPEN, facts, actor=actor, note=note, seen=seen)


@transaction.atomic
def merge_opinions(
    lead: Opinion, others: Sequence[Opinion], *, actor, seen: int | None = None
) -> Opinion:
    """并案: the others are handled with `lead`; each visitor is still told for themselves.

    Refuses a lead that is itself merged or answered, a matter merged already, matters of
    different stations where one is confidential, and whoever may not follow them all.
    """
    found = locked_opinions([lead, *others])
    lead = found.pop(lead.pk)
    if not found:
        raise RuleViolation("请选择要并入的意见。")
    require_latest(lead, seen)
    if lead.merged_into_id:
        raise RuleViolation("这一件已经并入别的意见，请在那一件上并案。")
    for other in found.values():
        _check_mergeable(lead, other)
        facts = {name: getattr(lead, name) for name in HANDLING}
        facts |= {"merged_into": lead, "due_on": other.due_on or lead.due_on}
        _move(other, Act.MERGE, facts, actor=actor, note=f"并入 {lead.code}", state=lead.state)
    note = "、".join(other.code for other in found.values())
    return _move(lead, Act.MERGE, {}, actor=actor, note=f"并入了 {note}"[:500])


@transaction.atomic
def split_opinion(opinion: Opinion, *, actor, note: str = "", seen=None) -> Opinion:
    """解除并案: it is handled on its own again, from where the common handling stands."""
    return _move(opinion, Act.SPLIT, {"merged_into": None}, actor=actor, note=note, seen=seen)


def _move(
    opinion: Opinion,
    act: Act,
    facts: dict,
    *,
    actor,
    on: date | None = None,
    note: str = "",
    seen: int | None = None,
    state: str = "",
) -> Opinion:
    """Write one move: the only place where the state of an opinion changes by an act.

    Under the lock of its entry: permission first, then the table, then what the rules ask; the
    facts, one step, one line of the log, and the same for what was merged into it. `seen` is the
    last step the user saw: a page that is out of date, or sent twice, is refused.
    """
    if act in SHARED_ACTS:
        stored, followers = locked_with_followers(opinion)
    else:
        stored, followers = locked_opinion(opinion), []
    if not rules.may(actor, Capability.LOG_RECEPTION, stored.source):
        raise PermissionDenied
    if stored.source.is_void:
        raise RuleViolation(f"{stored.source.code} 已经作废，不能再办理。")
    require_latest(stored, seen)
    line = COURSE.require(act, stored.state, words=COURSE_WORDS)
    note = note.strip()
    if line.needs_note and not note:
        raise RuleViolation(f"请写明{act.label}的原因或情况。")
    if reason := rules.refusal(stored, act):
        raise RuleViolation(reason)
    came_from = stored.state
    _write(stored, act, facts, state or line.lands_in(stored.state), actor, on, note)
    if act in SHARED_ACTS:
        _carry_along(stored, followers, came_from, act, facts, actor, on)
    return stored


def _write(stored: Opinion, act: Act, facts: dict, state: str, actor, on, note: str) -> None:
    before, from_state = describe_facts(stored), stored.state
    for name, value in facts.items():
        setattr(stored, name, value)
    stored.state = state
    stored.save()
    after = describe_facts(stored)
    changed = {label: text for label, text in after.items() if before.get(label) != text}
    record_step(stored, act, from_state, actor=actor, on=on, note=note[:500], facts=changed)
    source_changed(stored, before, after, actor=actor, note=f"{act.label} {note}".strip())


def _carry_along(
    lead: Opinion, followers: Sequence[Opinion], came_from: str, act: Act, facts: dict, actor, on
) -> None:
    """Those merged into `lead` go where it goes, each with a step of its own; one that stands
    elsewhere stays: its visitor is told already, or its matter is closed. Each visitor's date is
    their own: it begins with the lead's, and is never brought forward."""
    shared = {name: value for name, value in facts.items() if name in HANDLING}
    for other in followers:
        if other.state != came_from:
            continue
        dates = {"due_on": other.due_on or lead.due_on}
        if act == Act.POSTPONE and (other.due_on or date.min) < (lead.due_on or date.min):
            dates = {"due_on": lead.due_on, "first_due_on": other.first_due_on or other.due_on}
        _write(other, act, shared | dates, lead.state, actor, on, f"随并案 {lead.code}")


def _check_mergeable(lead: Opinion, other: Opinion) -> None:
    if other.merged_into_id:
        raise RuleViolation(f"{other.code} 已经并案。")
    if other.merged.exists():
        raise RuleViolation(f"{other.code} 上已经并了别的意见，请把这一件并到 {other.code}。")
    hidden = [o for o in (lead, other) if getattr(o.source, "confidential", False)]
    if hidden and lead.station_id != other.station_id:
        raise RuleViolation("保密的意见不能与别的站并案。")


def _pointed_elsewhere(opinion: Opinion, where_to: str) -> dict:
    """Nobody handles it; the visitor is to be told by the date that stood, or after the setting."""
    today = timezone.localdate()
    due = opinion.due_on or rules.feedback_due(today, workdays_when_asked())
    return {"where_to": where_to.strip()[:200], "due_on": due, "unit": None, **_NOT_HANDED_OVER}


def _not_to_come(on: date | None) -> date:
    on = on or timezone.localdate()
    if on > timezone.localdate():
        raise RuleViolation("日期不能在今天之后。")
    return on
