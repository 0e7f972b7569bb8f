"""A suggestion as one line of the 办理台账: what each printed column says of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date

from suggestions.choices import Act, Duty, Limit, Occasion
from suggestions.models import Handling, Rating, Reply, Step, Suggestion
from suggestions.rules.course import answering, clock_of, last_shares
from visits.choices import Satisfaction

NUMBER, SESSION, KIND, TITLE, CONTENT = "建议编号", "届次", "类型", "标题", "内容"
LEAD, SIGNERS, RAISED, ASSIGNED = "领衔代表", "附议代表", "提出日期", "交办日期"
UNITS, HELPERS, DUE, REPLIED = "主办单位", "协办单位", "办理期限", "答复日期"
DOCUMENT, RESULT, MET, ATTITUDE = "答复文号", "结果类别", "是否面商", "对办理工作"
OUTCOME, NOTE = "对办理结果", "备注"
CONGRESS = "人大"
# One value for each unit that answers, where they are not all alike.
OF_THE_ANSWERS = (DUE, REPLIED, DOCUMENT, RESULT, MET, ATTITUDE, OUTCOME)
BETWEEN_UNITS, NOTHING = "；", "/"
# As whom a sheet tells what happened: everything else in a history was done here.
BY_SHEET = "据台账"

Printed = str | date


def line_of(suggestion: Suggestion, namesakes: Collection[str] = ()) -> dict[str, Printed]:
    """The printed columns of a suggestion that was read with its shares (`for_ledger`).

    `namesakes` are names that several deputies bear: they are told apart by their station.
    """
    shares = list(suggestion.handlings.all())
    answers = answering(shares)
    helpers = [one for one in last_shares(shares) if one.duty == Duty.ASSIST]
    lead = (suggestion.lead_name, suggestion.lead)
    signers = [(one.name, one.deputy) for one in suggestion.joint]
    return {
        CONGRESS: suggestion.session.area.name,
        NUMBER: number_words(suggestion),
        SESSION: str(suggestion.session),
        KIND: suggestion.get_kind_display(),
        TITLE: suggestion.title,
        CONTENT: suggestion.content,
        LEAD: _named(*lead, namesakes),
        SIGNERS: "、".join(_named(*one, namesakes) for one in signers),
        RAISED: suggestion.submitted_on or "",
        ASSIGNED: suggestion.assigned_on or "",
        UNITS: "、".join(str(one.unit) for one in answers),
        HELPERS: "、".join(str(one.unit) for one in helpers),
        **{column: _of_all(answers, read) for column, read in _ANSWERS.items()},
        NOTE: suggestion.note,
    }


def number_words(suggestion: Suggestion) -> str:
    """001, 闭会001; what has no number yet keeps the one for the time being."""
    if suggestion.number is None:
        return suggestion.code
    between = suggestion.occasion == Occasion.BETWEEN
    return f"{'闭会' if between else ''}{suggestion.number:03d}"


def lives_by_sheet(suggestion: Suggestion, steps: Sequence[Step]) -> bool:
    """Whether a sheet alone tells of it: nothing has been done to it here. That its days were
    reckoned anew by other settings, or that nobody rated it in time, is nothing done to it."""
    came = suggestion.batch_id is not None
    return came and all(step.actor_role == BY_SHEET for step in steps if not _by_itself(step))


def _by_itself(step: Step) -> bool:
    """What the portal does as days go by."""
    return step.act == Act.RECKON or (step.act == Act.LAPSE and step.actor_id is None)


def lacks_redo(suggestion: Suggestion) -> bool:
    """不满意，台账没有重办记录: closed by a sheet although the result does not satisfy; the
    office may have it handled once more."""
    if suggestion.batch_id is None or suggestion.closed_on is None:
        return False
    rows = Rating.objects.filter(
        reply__handling__suggestion=suggestion, reply__handling__round=suggestion.round
    )
    return rows.filter(source="sheet", outcome=Satisfaction.UNSATISFIED).exists()


def _named(name: str, deputy, namesakes: Collection[str]) -> str:
    return f"{name}（{deputy.station}）" if name in namesakes else name


def _of_all(shares: Sequence[Handling], read: Callable[[Handling], Printed]) -> Printed:
    values = [read(share) for share in shares]
    if len(set(values)) <= 1:
        return values[0] if values else ""
    return BETWEEN_UNITS.join(str(value or NOTHING) for value in values)


def _letter(share: Handling) -> Reply | None:
    """The answer, once it has gone to the deputies."""
    reply = getattr(share, "reply", None)
    return reply if reply is not None and reply.released_on else None


def _due(share: Handling) -> Printed:
    clock = clock_of(share, Limit.REPLY, Limit.REDO)
    return clock.due_on if clock else ""


def _met(share: Handling) -> str:
    if share.contacts.all():
        return "是"
    return "否" if _letter(share) else ""


def _rated(name: str) -> Callable[[Handling], str]:
    def read(share: Handling) -> str:
        rating = getattr(_letter(share), "rating", None)
        said = getattr(rating, name, Satisfaction.UNRATED)
        return "" if said == Satisfaction.UNRATED else Satisfaction(said).label

    return read


_ANSWERS: dict[str, Callable[[Handling], Printed]] = {
    DUE: _due,
    REPLIED: lambda share: getattr(_letter(share), "released_on", None) or "",
    DOCUMENT: lambda share: getattr(_letter(share), "document_no", ""),
    RESULT: lambda share: getattr(_letter(share), "result_class", ""),
    MET: _met,
    ATTITUDE: _rated("attitude"),
    OUTCOME: _rated("outcome"),
}
