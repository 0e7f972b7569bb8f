"""Which time runs in which state, from when, and how its last day is reckoned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from common.reckoning import Reckoned, Span, reckon
from common.sheets.cells import chinese_date
from common.workdays import Workdays
from suggestions.choices import Asked, Consent, Limit, Part, State
from suggestions.models import Deadline, Handling, Suggestion

# Whom a limit runs against, as pages say it.
WHO = {
    Limit.JOIN: "附议代表",
    Limit.REVISE: "领衔代表",
    Limit.HAND_IN: "领衔代表",
    Limit.ASSIGN: "人大机关",
    Limit.SIGN: "承办单位",
    Limit.RETURN: "承办单位",
    Limit.DECIDE: "人大机关",
    Limit.ASSIST: "协办单位",
    Limit.COUNTERSIGN: "协办单位",
    Limit.REPLY: "承办单位",
    Limit.REDO: "承办单位",
    Limit.VET: "人大机关",
    Limit.RATE: "领衔代表",
    Limit.PROMISE: "承办单位",
}
OF_THE_OFFICE = (Limit.ASSIGN, Limit.DECIDE, Limit.VET)
OF_THE_DEPUTY = (Limit.HAND_IN, Limit.REVISE, Limit.RATE)
OF_THE_UNIT = (
    Limit.SIGN, Limit.ASSIST, Limit.COUNTERSIGN, Limit.REPLY, Limit.REDO, Limit.PROMISE
)  # fmt: skip
# A clock that stood still goes on where it was: a letter that was sent back is due as before.
GOES_ON = (Limit.REPLY, Limit.REDO, Limit.ASSIST)


class Running(NamedTuple):
    """A clock that is to run: of which share, against which limit, since when and why."""

    handling: Handling | None
    limit: Limit
    since: date | None  # None: since the move that led here
    began: str


def running(
    suggestion: Suggestion, shares: Iterable[Handling], on: date | None = None
) -> Iterator[Running]:
    """Every clock that runs as things stand: each state that waits for somebody has one. `on` is
    the day of the move that led here."""
    if suggestion.merged_into_id is None or suggestion.state != State.ACCEPTED:
        yield from _of_the_whole(suggestion, on)
    if suggestion.state in (State.ASSIGNED, State.HANDLING, State.REVIEWING, State.REPLIED):
        shares = list(shares)
        yield from (Running(one, Limit.ASSIGN, None, "同意退办") for one in shares if one.vacant)
        shares = [one for one in shares if not one.has_left]
        shares = [one for one in shares if one.round == _round_of(one, shares)]
        for share in shares:
            yield from _of_a_share(share, shares)


def _round_of(share: Handling, shares: Iterable[Handling]) -> int:
    """The last round in which the unit has this suggestion."""
    return max(one.round for one in shares if one.unit_id == share.unit_id)


def _of_the_whole(suggestion: Suggestion, on: date | None) -> Iterator[Running]:
    state = suggestion.state
    asked = any(one.consent == Consent.ASKED for one in suggestion.signatures.all())
    if state == State.JOINING and asked:
        yield Running(None, Limit.JOIN, None, "请代表附议")
    elif state == State.JOINING:
        yield Running(None, Limit.HAND_IN, None, "附议答复完毕")
    elif state == State.REVISING:
        yield Running(None, Limit.REVISE, None, "退回修改")
    elif state == State.SUBMITTED:
        since = _handed_in(suggestion, on)
        began = "提交" if since == (on or suggestion.submitted_on) else "大会闭幕"
        yield Running(None, Limit.ASSIGN, since, began)
    elif state == State.ACCEPTED:
        yield Running(None, Limit.ASSIGN, None, "等待交办")  # goes on, if it was never assigned


def _handed_in(suggestion: Suggestion, on: date | None) -> date | None:
    """闭会: from the day it was submitted, the last time if it was sent back; at a meeting, all
    are handed over after its end."""
    day, ends_on = on or suggestion.submitted_on, suggestion.session.ends_on
    if suggestion.occasion == "session" and ends_on and day:
        return max(ends_on, day)
    return day


def _of_a_share(share: Handling, shares: Iterable[Handling]) -> Iterator[Running]:
    began = "交办" if share.round == 1 else "重新交办"
    if share.state == Part.WAITING:
        yield Running(share, Limit.SIGN, share.assigned_on, began)
    if share.state in (Part.WAITING, Part.WORKING):
        yield Running(share, Limit.RETURN, share.assigned_on, began)
    if share.state == Part.RETURNING or any(
        one.outcome == Asked.OPEN for one in share.extensions.all()
    ):
        yield Running(share, Limit.DECIDE, None, "提出申请")
    if share.answers:
        yield from _of_an_answer(share, began)
    else:
        yield from _of_an_assist(share, shares, began)


def _of_an_answer(share: Handling, began: str) -> Iterator[Running]:
    if share.state in (Part.WAITING, Part.WORKING, Part.RETURNING):
        limit = Limit.REPLY if share.round == 1 else Limit.REDO
        yield Running(share, limit, share.assigned_on, began)
    elif share.state == Part.SENT:
        yield Running(share, Limit.VET, None, "报送答复")
    elif share.state == Part.ANSWERED:
        yield Running(share, Limit.RATE, None, "答复代表")


def _of_an_assist(share: Handling, shares: Iterable[Handling], began: str) -> Iterator[Running]:
    if share.state in (Part.WAITING, Part.WORKING, Part.RETURNING):
        yield Running(share, Limit.ASSIST, share.assigned_on, began)
    circulated = circulated_on(share, shares)
    if circulated and share.state in (Part.WORKING, Part.OPINED):
        yield Running(share, Limit.COUNTERSIGN, circulated, "送会签")


def circulated_on(share: Handling, shares: Iterable[Handling]) -> date | None:
    """The day on which the lead unit of its round sent its letter round."""
    days = [one.circulated_on for one in shares if one.answers and one.round == share.round]
    return max((day for day in days if day), default=None)


def reckoned(run: Running, today: date, spans: Mapping[str, Span], calendar: Workdays) -> Reckoned:
    """The last day of a clock and how it was found."""
    return reckon(run.since or today, spans[run.limit], calendar, began=run.began)


def longest(share: Handling, spans: Mapping[str, Span], calendar: Workdays) -> Reckoned:
    """The day beyond which nothing is extended (6 months from 交办 unless set otherwise)."""
    began = "交办" if share.round == 1 else "重新交办"
    return reckon(share.assigned_on or date.min, spans[Limit.LONGEST], calendar, began=began)


class Colour(NamedTuple):
    """How urgent a day is: a tone for its badge, and the words."""

    tone: str
    words: str


SOON_DAYS = 7


def colour_of(due_on: date | None, today: date) -> Colour:
    """Three colours: red when the day has passed, yellow in its last week, green before."""
    if due_on is None:
        return Colour("", "没有期限")
    days = (due_on - today).days
    if days < 0:
        return Colour("late", f"超期 {-days} 天")
    if days == 0:
        return Colour("wait", "今天到期")
    return Colour("wait" if days <= SOON_DAYS else "ok", f"{days} 天后到期")


def words_of_day(deadline: Deadline) -> str:
    """A deadline in one line: what until when, and what it was before it was extended."""
    first = f"（原定 {chinese_date(deadline.first_due_on)}）" if deadline.first_due_on else ""
    return f"{deadline.get_limit_display()}：{chinese_date(deadline.due_on)}{first}"
