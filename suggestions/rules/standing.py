"""Where a suggestion stands, in a word and a tone; and whom it waits for."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from suggestions.choices import Duty, Limit, Part, State
from suggestions.models import Handling, Suggestion
from suggestions.rules.clocks import colour_of
from suggestions.rules.course import last_shares

_TONES = {
    State.DRAFT: "", State.JOINING: "wait", State.SUBMITTED: "wait", State.REVISING: "wait",
    State.ACCEPTED: "wait", State.ASSIGNED: "go", State.HANDLING: "go", State.REVIEWING: "wait",
    State.REPLIED: "wait", State.CLOSED: "ok", State.ARCHIVED: "ok", State.REJECTED: "",
    State.REFERENCE: "", State.WITHDRAWN: "",
}  # fmt: skip
_PART_TONES = {
    Part.WAITING: "wait", Part.WORKING: "go", Part.RETURNING: "wait", Part.OPINED: "go",
    Part.COUNTERSIGNED: "ok", Part.SENT: "go", Part.ANSWERED: "go", Part.RATED: "ok", Part.LEFT: "",
}  # fmt: skip
_WAITS = {
    Limit.JOIN: "等附议代表答复",
    Limit.REVISE: "等代表修改",
    Limit.HAND_IN: "等领衔代表提交",
    Limit.ASSIGN: "等人大机关审核交办",
    Limit.SIGN: "等{unit}签收",
    Limit.DECIDE: "等人大机关审批",
    Limit.ASSIST: "等{unit}提协办意见",
    Limit.COUNTERSIGN: "等{unit}会签",
    Limit.REPLY: "等{unit}答复",
    Limit.REDO: "等{unit}重新答复",
    Limit.VET: "等人大机关审核答复",
    Limit.RATE: "等代表评价",
    Limit.PROMISE: "等{unit}续办答复",
}
# What a unit's clerk is to do, and the word on the button.
_DUTIES = {
    Limit.SIGN: ("签收，看看是不是本单位的职责", "去签收"),
    Limit.ASSIST: ("向主办单位提协办意见", "提意见"),
    Limit.COUNTERSIGN: ("会签主办单位的答复", "去会签"),
    Limit.REPLY: ("办理并答复代表", "去办理"),
    Limit.REDO: ("代表不满意，重新办理并答复", "去办理"),
    Limit.PROMISE: ("答复承诺的事项办得怎样", "续办答复"),
}


class Badge(NamedTuple):
    tone: str
    words: str


def badge_of(suggestion: Suggestion) -> Badge:
    """Where the whole stands; a second round says so."""
    state = State(suggestion.state)
    again = suggestion.round > 1 and state in (State.ASSIGNED, State.HANDLING)
    return Badge("go", "重办中") if again else Badge(_TONES[state], state.label)


def badge_of_share(share: Handling) -> Badge:
    """Where one unit stands with it."""
    if share.vacant:
        return Badge("wait", "已退办，待另派")
    return Badge(_PART_TONES[Part(share.state)], share.get_state_display())


def words_of_wait(limit: str, unit: str) -> str:
    """等区公安分局答复; "" where nobody is waited for."""
    return _WAITS[Limit(limit)].format(unit=unit or "单位") if limit else ""


def duty_of_clerk(limit: str) -> tuple[str, str]:
    """What the clerk does next, and the button for it; without a clock there is only to look."""
    return _DUTIES.get(Limit(limit), ("", "查看")) if limit else ("", "查看")


def fill_row(row, today: date, units: Collection[int] = ()) -> None:
    """Put into a row of a list what its line says: the units of its round, where it stands, who is
    waited for until when. A clerk of `units` reads where their own unit stands."""
    row.last_shares = last_shares(row.shares)
    row.own_share = next((one for one in row.last_shares if one.unit_id in units), None)
    row.badge = badge_of_share(row.own_share) if row.own_share else badge_of(row)
    row.colour = colour_of(row.next_on, today) if row.next_limit else None
    row.waits = words_of_wait(row.next_limit, row.next_unit)
    row.round_words = f"第 {row.round} 轮"
    row.names_duties = any(share.duty != Duty.SOLE for share in row.last_shares)
