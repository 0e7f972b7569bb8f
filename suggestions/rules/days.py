"""The days of a paper that is keyed in: they tell one story, in the order of the course."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from operator import itemgetter

from common.sheets.cells import chinese_date
from suggestions.choices import Act, Limit
from suggestions.models import Handling, Suggestion
from suggestions.rules.clocks import circulated_on
from suggestions.rules.course import assisting, clock_of

# What is keyed in late is keyed in within a term of the congress.
LOOK_BACK = timedelta(days=5 * 366)
# Before the standing committees of the counties were set up there is no ledger: a slip of the pen.
NO_LEDGER_BEFORE = date(1979, 7, 1)

Before = Iterator[tuple[date | None, str]]


def too_early(
    act: Act, on: date, suggestion: Suggestion, share: Handling | None,
    shares: Sequence[Handling], today: date,
) -> str:  # fmt: skip
    """Why `act` cannot have been done on `on`: something that comes before it is later; "" if
    it can."""
    told = _of_a_share(act, share, shares) if share else _of_the_whole(act, suggestion, shares)
    days = [(day, words) for day, words in told if day is not None]
    if share is None and suggestion.submitted_on is None:
        days.append((suggestion.session.starts_on or today - LOOK_BACK, "这次会议开幕"))
    last, words = max(days, key=itemgetter(0), default=(None, ""))
    if last is None or on >= last:
        return ""
    return f"日期不能早于{words}日期（{chinese_date(last)}）。"


def _of_the_whole(act: Act, suggestion: Suggestion, shares: Iterable[Handling]) -> Before:
    yield suggestion.submitted_on, "提交"
    if act == Act.SUBMIT:
        sent_back = suggestion.deadlines.against([Limit.REVISE])
        yield _latest(one.starts_on for one in sent_back), "退回修改"
    else:
        yield suggestion.accepted_on, "接收"
    if act == Act.ASSIGN:
        yield _latest(one.left_on for one in shares), "退办或收回"
    elif act != Act.SUBMIT:
        yield _latest(one.assigned_on for one in shares), "交办"


def _of_a_share(act: Act, share: Handling, shares: Sequence[Handling]) -> Before:
    yield share.assigned_on, "交办"
    yield share.signed_on, "签收"
    yield share.left_on, "退办"
    reply = getattr(share, "reply", None)
    vetted = clock_of(share, Limit.VET)
    if act in (Act.CIRCULATE, Act.SEND):
        yield _latest(one.on for one in share.contacts.all()), "面商"
        yield (vetted.met_on if vetted else None), "退回重拟"
    if act == Act.SEND:
        yield share.circulated_on, "送会签"
        yield _latest(one.countersigned_on for one in assisting(share, shares)), "会签"
    if act == Act.COUNTERSIGN:
        yield circulated_on(share, shares), "送会签"
    if act == Act.RELEASE:
        yield (vetted.starts_on if vetted else None), "报送答复"
        yield (reply.written_on if reply else None), "答复"
    if act in (Act.RATE, Act.FOLLOW_UP):
        yield (reply.released_on if reply else None), "答复"


def _latest(days: Iterable[date | None]) -> date | None:
    return max((day for day in days if day), default=None)
