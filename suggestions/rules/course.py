"""Where a suggestion stands, what may be done with it, and what must be true before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from accounts.roles import Capability
from common.sheets.cells import chinese_date
from common.workflow import Transition
from suggestions.choices import (
    COURSE,
    Act,
    Asked,
    Consent,
    Duty,
    Limit,
    Part,
    State,
)
from suggestions.models import Deadline, Handling, Promise, Suggestion
from suggestions.rules.access import may
from suggestions.rules.entry import missing_signers
from visits.choices import Satisfaction

# From the unit that is behind to the one that is through.
_ORDER = (
    (Part.WAITING, State.ASSIGNED), (Part.WORKING, State.HANDLING),
    (Part.SENT, State.REVIEWING), (Part.ANSWERED, State.REPLIED), (Part.RATED, State.CLOSED),
)  # fmt: skip


class Offer(NamedTuple):
    """A line of the table that somebody may take now: of the whole, or of one share."""

    act: Act
    handling: Handling | None


def last_shares(shares: Iterable[Handling]) -> list[Handling]:
    """Of each unit that still has it the share of its last round, in the order of the paper. A
    unit that has left in a later round has it no more, whatever it answered before."""
    found: dict[int, Handling] = {}
    for share in shares:
        before = found.get(share.unit_id)
        if before is None or _is_later(share, before):
            found[share.unit_id] = share
    standing = [one for one in found.values() if not one.has_left]
    return sorted(standing, key=lambda one: (one.position, one.pk or 0))


def _is_later(share: Handling, other: Handling) -> bool:
    """In one round what stands is later than what was recalled before."""
    return (share.round, not share.has_left) > (other.round, not other.has_left)


def answering(shares: Iterable[Handling]) -> list[Handling]:
    """The shares that answer the deputy, each in its last round."""
    return [one for one in last_shares(shares) if one.answers]


def assisting(share: Handling, shares: Iterable[Handling]) -> list[Handling]:
    """Who assists this lead unit in its round."""
    if share.duty != Duty.LEAD:
        return []
    return [one for one in shares if not one.answers and one.round == share.round
            and not one.has_left]  # fmt: skip


def leaves_a_part(share: Handling, shares: Iterable[Handling]) -> bool:
    """分办: whether others go on answering in its round when this unit leaves, so that its part
    alone needs another unit."""
    return share.duty == Duty.SEPARATE and any(
        one.answers and one.pk != share.pk and not one.has_left and one.round == share.round
        for one in shares
    )


def vacant(shares: Iterable[Handling]) -> list[Handling]:
    """分办: the parts whose unit has left and that wait for another one."""
    return [one for one in shares if one.vacant]


def state_of_parts(shares: Iterable[Handling]) -> State:
    """Where the slowest of the answering units stands; when nobody is left to answer in its last
    round, it waits to be assigned. A part without a unit stands where its unit left it."""
    shares = list(shares)
    last, found = max((one.round for one in shares), default=1), answering(shares)
    if not any(one.round == last for one in found):
        return State.ACCEPTED
    standing = {_place_of(one) for one in [*found, *vacant(shares)]}
    return next((state for part, state in _ORDER if part in standing), State.ACCEPTED)


def _place_of(share: Handling) -> Part:
    if share.state in (Part.RETURNING, Part.LEFT):
        return Part.WORKING if share.signed_on else Part.WAITING
    return Part(share.state)


def is_unsatisfied(share: Handling) -> bool:
    """重办: the deputy is not satisfied with the result."""
    reply = getattr(share, "reply", None)
    rating = getattr(reply, "rating", None)
    return rating is not None and rating.outcome == Satisfaction.UNSATISFIED


def offers(user, suggestion: Suggestion, shares: Sequence[Handling], today: date) -> list[Offer]:
    """What `user` may do now: the buttons of the page, in the order of the table."""
    found = []
    for one in [None, *last_shares(shares), *vacant(shares)]:

        def granted(capability: str, share: Handling | None = one) -> bool:
            return may(user, Capability(capability), suggestion, share)

        for line in COURSE.offered(one.state if one else suggestion.state, granted):
            if not refusal(suggestion, Act(line.action), one, shares, today):
                found.append(Offer(Act(line.action), one))
    return found


def find(act: Act, suggestion: Suggestion, handling: Handling | None) -> Transition | None:
    return COURSE.find(act, handling.state if handling else suggestion.state)


class Case(NamedTuple):
    """What a question of `refusal` is about: the whole, or one share, and all that go with it."""

    suggestion: Suggestion
    part: Handling | None
    shares: Sequence[Handling]
    today: date

    @property
    def share(self) -> Handling:
        """The share, in a question about one."""
        if self.part is None:
            raise LookupError("this question is about one unit's share")
        return self.part


def refusal(
    suggestion: Suggestion,
    act: Act,
    handling: Handling | None,
    shares: Sequence[Handling],
    today: date,
) -> str:
    """Why `act` is not to be had now although the table would allow it; "" if it is."""
    if handling is not None and suggestion.state == State.WITHDRAWN:
        return "代表已撤回这一件，不用再办。"
    if handling is not None and act in ONLY_ANSWERING and not handling.answers:
        return "协办单位向主办单位提出意见，不直接答复代表。"
    if handling is not None and act in ONLY_ASSISTING and handling.answers:
        return "只有协办单位提协办意见、会签。"
    asks = _ASKED_BEFORE.get(act)
    return asks(Case(suggestion, handling, shares, today)) if asks else ""


ONLY_ANSWERING = (Act.ASK_EXTENSION, Act.CIRCULATE, Act.SEND, Act.CONTACT)
ONLY_ASSISTING = (Act.OPINE, Act.COUNTERSIGN, Act.WAIVE)


def clock_of(share: Handling, *limits: Limit) -> Deadline | None:
    """The latest clock of the share against one of `limits`, open or not."""
    rows = [one for one in share.deadlines.all() if one.limit in limits]
    return max(rows, key=lambda one: one.pk or 0, default=None)


def _is_circulated(share: Handling, shares: Iterable[Handling]) -> bool:
    return any(
        one.duty == Duty.LEAD and one.round == share.round and one.circulated_on for one in shares
    )


def missing_countersigns(share: Handling, shares: Iterable[Handling]) -> str:
    """Which assisting units have not signed yet: only then the lead may send its letter."""
    helpers = assisting(share, shares)
    waiting = [str(one.unit) for one in helpers if one.state != Part.COUNTERSIGNED]
    if waiting:
        return f"{'、'.join(waiting)}还没有会签，会签后才能报送答复。"
    return ""


def _nobody_to_answer(case: Case) -> str:
    waits = any(one.consent == Consent.ASKED for one in case.suggestion.signatures.all())
    return "" if waits else "没有等待答复的附议。"


def _nobody_to_ask(case: Case) -> str:
    return "还没有填写附议代表，请先修改草稿，填上姓名。" if _nobody_to_answer(case) else ""


def _nobody_signed(case: Case) -> str:
    stands = any(one.consent != Consent.DECLINED for one in case.suggestion.signatures.all())
    return "" if stands else "没有等待答复的附议。"


def _answered_already(case: Case) -> str:
    done = any(one.state in (Part.ANSWERED, Part.RATED) for one in case.shares)
    return "已经有单位答复，不能再撤回或收回。" if done else ""


def _answered_in_this_round(case: Case) -> str:
    """What a round before answered stays as it is, and holds nothing back."""
    of_round = [one for one in case.shares if one.round == case.suggestion.round]
    return _answered_already(case._replace(shares=of_round))


def _too_late_to_return(case: Case) -> str:
    window = clock_of(case.share, Limit.RETURN)
    if window and case.today > window.due_on:
        return f"退办期限是 {chinese_date(window.due_on)}，已经过了，不能再退办。"
    return ""


def _is_asking(case: Case) -> bool:
    return any(one.outcome == Asked.OPEN for one in case.share.extensions.all())


def _not_lapsed(case: Case) -> str:
    clock = clock_of(case.share, Limit.RATE)
    is_over = clock is not None and case.today > clock.due_on
    return "" if is_over else "代表评价的期限还没有到。"


def _nothing_promised(case: Case) -> str:
    return "" if open_promise(case.share) else "没有等待续办的承诺。"


def open_promise(share: Handling | None) -> Promise | None:
    """What the answer of this share promised and nobody has answered yet."""
    if share is None or share.state not in (Part.ANSWERED, Part.RATED):
        return None
    promise = getattr(getattr(share, "reply", None), "promise", None)
    return promise if promise is not None and promise.answered_on is None else None


def _not_to_archive(case: Case) -> str:
    waiting = [str(one.unit) for one in case.shares if open_promise(one)]
    return f"{'、'.join(waiting)}承诺的事项还没有续办答复，暂不归档。" if waiting else ""


_ASKED_BEFORE: dict[Act, Callable[[Case], str]] = {
    Act.SUBMIT: lambda case: missing_signers(case.suggestion),
    Act.INVITE: _nobody_to_ask,
    Act.AGREE: _nobody_to_answer,
    Act.DECLINE: _nobody_signed,
    Act.WITHDRAW: _answered_already,
    Act.RECALL: _answered_in_this_round,
    Act.ASSIGN: lambda case: (
        "已并案，随并入的那一件交办。" if case.suggestion.merged_into_id else ""
    ),
    Act.MERGE: lambda case: "已经并案。" if case.suggestion.merged_into_id else "",
    Act.SPLIT: lambda case: "" if case.suggestion.merged_into_id else "这一件没有并案。",
    Act.ARCHIVE: _not_to_archive,
    Act.ASK_RETURN: _too_late_to_return,
    Act.REASSIGN: lambda case: "" if case.share.vacant else "这一部分不用另派单位。",
    Act.DISPENSE: lambda case: "" if case.share.vacant else "这一部分不用另派单位。",
    Act.ASK_EXTENSION: lambda c: "已经申请延期，正在等待审批。" if _is_asking(c) else "",
    Act.GRANT_EXTENSION: lambda c: "" if _is_asking(c) else "没有等待审批的延期申请。",
    Act.REFUSE_EXTENSION: lambda c: "" if _is_asking(c) else "没有等待审批的延期申请。",
    Act.CIRCULATE: lambda c: (
        "" if assisting(c.share, c.shares) else "没有协办单位，不用会签，可以直接报送答复。"
    ),
    Act.COUNTERSIGN: lambda c: (
        "" if _is_circulated(c.share, c.shares) else "主办单位还没有送会签。"
    ),
    Act.SEND: lambda c: missing_countersigns(c.share, c.shares),
    Act.LAPSE: _not_lapsed,
    Act.FOLLOW_UP: _nothing_promised,
}
