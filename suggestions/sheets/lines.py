"""One line of a ledger as a whole: who and which units it names, whether its cells agree."""

from __future__ import annotations

from datetime import date
from typing import Any

from common.importing.rows import SheetRow
from common.sheets.cells import Names, normalise_name
from deputies.choices import DeputyState
from deputies.models import Deputy
from suggestions import rules
from suggestions.choices import Kind, Limit, Occasion
from suggestions.models import Session, Suggestion
from suggestions.rules import ledger as printed
from suggestions.rules.entry import LEVEL_OF
from suggestions.services.imported import Answered
from suggestions.sheets.context import LedgerContext, find_deputies, told_apart
from visits.choices import Satisfaction

_UNITS = {printed.ASSIGNED, printed.UNITS, printed.HELPERS, *printed.OF_THE_ANSWERS}
_DAYS = {printed.RAISED, *_UNITS}
_BLANK = (None, "", False, Satisfaction.UNRATED)


def complete(row: SheetRow, context: LedgerContext, stored: Suggestion | None = None) -> None:
    """Find the people and units of a line, and say what is wrong with it or odd about it."""
    values = row.values
    values["lead"] = _lead(row, context, stored)
    values["signers"] = _signers(row, context, stored)
    _check_days(row)
    _check_units(row)
    if row.is_rejected:
        return
    values["answers"] = _answers(row)
    if not values[printed.CONTENT]:
        row.warn(printed.CONTENT, "内容空着，按标题登记")
    context.meet_units((*values[printed.UNITS], *values[printed.HELPERS]))
    _warn_of_breaches(row)


def look_over(row: SheetRow, context: LedgerContext) -> None:
    """Say what else is wrong with a line that is refused already, as far as it can be read."""
    bad = unreadable(row)
    if printed.LEAD not in bad:
        row.values["lead"] = _lead(row, context, None)
    if printed.SIGNERS not in bad:
        find_deputies(row, printed.SIGNERS, context)
    if not bad & _DAYS:
        _check_days(row)
    if not bad & _UNITS:
        _check_units(row)


def is_late(row: SheetRow, context: LedgerContext) -> bool:
    """Whether a day of a sound line has passed by which somebody was to assign or to answer it."""
    values = row.values
    if not values[printed.ASSIGNED]:
        return _due(Limit.ASSIGN, values[printed.RAISED], context) < context.today
    waiting = [told for told in values["answers"] if not told.replied_on]
    if not waiting:
        return False
    usual = _due(Limit.REPLY, values[printed.ASSIGNED], context)
    return any((told.due_on or usual) < context.today for told in waiting)


def _due(limit: Limit, since: date, context: LedgerContext) -> date:
    run = rules.clocks.Running(None, limit, since, "")
    return rules.reckoned(run, since, context.spans, context.calendar).due


def unreadable(row: SheetRow) -> set[str]:
    """The columns of which something is wrong so far."""
    return {problem.column for problem in row.problems}


def is_same(column: str, said: Any, known: Any, stored: Suggestion, context: LedgerContext) -> bool:
    """Whether a cell says what is stored."""
    if column == printed.LEAD:
        return _same_people(said, [(stored.lead_name, stored.lead)], context)
    if column == printed.SIGNERS:
        return _same_people(said, [(one.name, one.deputy) for one in stored.joint], context)
    if column == printed.CONTENT:
        return (said or stored.title) == known
    if column == printed.KIND:
        return (said or Kind.SUGGESTION) == known
    if column in printed.OF_THE_ANSWERS:
        return _stretched(said, known) == _stretched(known, said)
    return said == known


def _stretched(values: Any, other: Any) -> list[Any]:
    """One value stands for every unit."""
    found, size = list(values), len(other)
    return found * size if len(found) == 1 else found


def _same_people(said: Names, known: list[tuple[str, Deputy]], context: LedgerContext) -> bool:
    if len(said.people) != len(known):
        return False
    for person, (name, deputy) in zip(said.people, known, strict=True):
        if normalise_name(person.name) != normalise_name(name):
            return False
        namesakes = context.deputies.get(normalise_name(deputy.name), [])
        if person.hint and deputy not in told_apart(namesakes, person):
            return False
    return True


def _lead(row: SheetRow, context: LedgerContext, stored: Suggestion | None) -> Deputy | None:
    if stored is not None and printed.LEAD not in row.values["changed"]:
        return stored.lead
    found = find_deputies(row, printed.LEAD, context)
    if len(found) > 1:
        row.reject(printed.LEAD, "领衔代表只有一位，其余请填在附议代表一栏")
    return found[0] if found else None


def _signers(row: SheetRow, context: LedgerContext, stored: Suggestion | None) -> list[Deputy]:
    if stored is not None and printed.SIGNERS not in row.values["changed"]:
        return [one.deputy for one in stored.joint]
    found = find_deputies(row, printed.SIGNERS, context)
    if row.values["lead"] in found:
        row.warn(printed.SIGNERS, "领衔代表不用再附议，没有重复登记")
    return [one for one in found if one != row.values["lead"]]


def _check_days(row: SheetRow) -> None:
    """The cells must tell one story: assigned to somebody, then answered, then rated."""
    values = row.values
    raised, assigned = values[printed.RAISED], values[printed.ASSIGNED]
    replies = [day for day in values[printed.REPLIED] if day]
    answered = [
        column for column in (printed.DOCUMENT, printed.RESULT, printed.ATTITUDE, printed.OUTCOME)
        if any(value not in _BLANK for value in values[column])
    ]  # fmt: skip
    if assigned and assigned < raised:
        row.reject(printed.ASSIGNED, "交办日期早于提出日期，请核对")
    if assigned and not values[printed.UNITS]:
        row.reject(printed.UNITS, "已经交办，请填主办单位")
    if replies and not assigned:
        row.reject(printed.ASSIGNED, "有答复日期，请补填交办日期")
    if assigned and any(day < assigned for day in replies):
        row.reject(printed.REPLIED, "答复日期早于交办日期，请核对")
    if answered and not replies:
        row.reject(printed.REPLIED, f"填了{'、'.join(answered)}，请补填答复日期")
    due = [day for day in values[printed.DUE] if day]
    if assigned and any(day < assigned for day in due):
        row.reject(printed.DUE, "办理期限早于交办日期，请核对")


def _check_units(row: SheetRow) -> None:
    """One unit or several that each answer; who assists, assists one."""
    values = row.values
    names, helpers = values[printed.UNITS], values[printed.HELPERS]
    if not values[printed.ASSIGNED] or not names:
        return
    if both := [name for name in helpers if name in names]:
        row.reject(printed.HELPERS, f"“{both[0]}”不能又是主办又是协办")
    if helpers and len(names) > 1:
        row.reject(printed.UNITS, "有协办单位时主办单位只能有一个，其余请填在协办单位一栏")
    for column in printed.OF_THE_ANSWERS:
        if len(values[column]) not in (1, len(names)):
            row.reject(column, f"主办单位有 {len(names)} 个，这里请填一个，或用；隔开依次各填一个")


def _answers(row: SheetRow) -> tuple[Answered, ...]:
    values = row.values
    names = values[printed.UNITS]
    if not values[printed.ASSIGNED]:
        return _set_aside(row)
    of = {column: _for_each(values[column], len(names)) for column in printed.OF_THE_ANSWERS}
    return tuple(
        Answered(
            unit=name, due_on=of[printed.DUE][at], replied_on=of[printed.REPLIED][at],
            document_no=of[printed.DOCUMENT][at], result_class=of[printed.RESULT][at],
            met=of[printed.MET][at], attitude=of[printed.ATTITUDE][at],
            outcome=of[printed.OUTCOME][at],
        )
        for at, name in enumerate(names)
    )  # fmt: skip


def _for_each(values: tuple, count: int) -> tuple:
    return values * count if len(values) == 1 else values


def _set_aside(row: SheetRow) -> tuple:
    """Not assigned yet: who is meant to have it is a note."""
    for column in (printed.UNITS, printed.HELPERS, printed.DUE, printed.MET):
        if text := row.text(column):
            row.warn(column, "还没有交办日期，按待交办登记（原文已记入备注）")
            kept = [row.values["note"], f"{column}：{text}"]
            row.values["note"] = "\n".join(filter(None, kept))
    row.values[printed.HELPERS] = ()
    return ()


def _warn_of_breaches(row: SheetRow) -> None:
    """The rules of entry only warn of history."""
    values, area = row.values, row.values["area"]
    lead: Deputy = values["lead"]
    if values[printed.KIND] == Kind.MOTION:
        if values[printed.NUMBER].occasion != Occasion.SESSION:
            row.warn(printed.KIND, "议案只能在大会期间提出，这一件编在闭会期间，请核对")
        needed = rules.signers_needed(Session(area=area))
        signed = 1 + len(values["signers"])
        if signed < needed:
            row.warn(printed.KIND, f"议案须 {needed} 名以上代表联名，这里只有 {signed} 名")
    level = LEVEL_OF.get(area.level)
    if not any(one.level == level for one in lead.mandates.all()):
        row.warn(printed.LEAD, f"{lead.name}在名册里不是{area.name}人大代表，请核对")
    if lead.state != DeputyState.IN_OFFICE:
        row.warn(printed.LEAD, f"{lead.name}现在是“{lead.get_state_display()}”")
