"""Parts of the page of a suggestion: the line of its stages, its clocks, its rounds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from common.templatetags.wording import day as in_words
from common.templatetags.wording import long_day, weekday
from suggestions import rules
from suggestions.choices import AMONG_OFFICES, Limit, Part, Source, State
from suggestions.documents import letters
from suggestions.forms.acts import ActForm
from suggestions.models import Deadline, Handling, Reply, Step, Suggestion
from visits.choices import Satisfaction

DONE, HERE = "done", "here"
# How far each state has come on the line of stages; what has ended early stops where it was.
_PLACES = {
    State.DRAFT: 0, State.JOINING: 0, State.REVISING: 0, State.SUBMITTED: 1, State.ACCEPTED: 2,
    State.ASSIGNED: 2, State.HANDLING: 3, State.REVIEWING: 4, State.REPLIED: 5, State.CLOSED: 7,
    State.ARCHIVED: 7,
}  # fmt: skip
ENDED_EARLY = (State.REJECTED, State.REFERENCE, State.WITHDRAWN)
_TO_DO = {
    Limit.JOIN: "答复是否附议",
    Limit.REVISE: "修改后再提交",
    Limit.HAND_IN: "提交建议",
    Limit.ASSIGN: "审核并交办",
    Limit.SIGN: "签收",
    Limit.DECIDE: "审批单位的申请",
    Limit.ASSIST: "提协办意见",
    Limit.COUNTERSIGN: "会签答复稿",
    Limit.REPLY: "答复代表",
    Limit.REDO: "再次答复代表",
    Limit.VET: "审核答复",
    Limit.RATE: "作出评价",
    Limit.PROMISE: "办好承诺的事项，再答复代表",
}


@dataclass(frozen=True)
class Stage:
    """A dot of the line 提交 → 接收编号 → … → 办结."""

    name: str
    note: str
    state: str = ""  # done, here, or still to come


def stages(suggestion: Suggestion, shares: Sequence[Handling], today: date) -> list[Stage]:
    notes = _notes(suggestion, shares)
    if suggestion.state in ENDED_EARLY:
        reached = [name for name, note in notes if note]
        past = [Stage(name, note, DONE) for name, note in notes if name in reached]
        return [*past, Stage(suggestion.get_state_display(), "", HERE)]
    at = _PLACES[State(suggestion.state)]
    return [
        Stage(name, note, DONE if place < at else HERE if place == at else "")
        for place, (name, note) in enumerate(notes)
    ]


def _notes(suggestion: Suggestion, shares: Sequence[Handling]) -> list[tuple[str, str]]:
    current = [one for one in shares if one.round == suggestion.round and not one.has_left]
    answering = [one for one in current if one.answers]
    signed = [one.signed_on for one in current if one.signed_on]
    all_signed = bool(current) and len(signed) == len(current)
    assigned = max((one.assigned_on for one in current if one.assigned_on), default=None)
    replies = [one.reply for one in answering if hasattr(one, "reply")]
    released = max((one.released_on for one in replies if one.released_on), default=None)
    ratings = [one.rating for one in replies if hasattr(one, "rating")]
    rated = max((one.rated_on for one in ratings if one.rated_on), default=None)
    lapsed = any(one.source == Source.LAPSED for one in ratings)
    return [
        ("提交", in_words(suggestion.submitted_on)),
        ("接收编号", in_words(suggestion.accepted_on)),
        ("交办签收", in_words(max(signed) if all_signed else assigned or suggestion.assigned_on)),
        ("办理中", f"第 {suggestion.round} 轮" if suggestion.round > 1 else ""),
        ("答复审核", in_words(released)),
        ("代表评价", in_words(rated) or ("逾期未评" if lapsed else "")),
        ("办结", in_words(suggestion.closed_on)),
    ]


@dataclass(frozen=True)
class ShownClock:
    """A day on which somebody is waited for, as the page says it."""

    deadline: Deadline
    who: str
    to_do: str
    days: int
    colour: rules.Colour

    @property
    def sentence(self) -> str:
        """区公安分局应在 2026年5月6日（星期三）前再次答复代表."""
        due = self.deadline.due_on
        return f"{self.who}应在 {long_day(due)}（{weekday(due)}）前{self.to_do}"

    @property
    def days_late(self) -> int:
        return -self.days


def shown_clock(
    deadline: Deadline, suggestion: Suggestion, shares: Sequence[Handling], today: date
) -> ShownClock:
    limit = Limit(deadline.limit)
    if limit in rules.OF_THE_UNIT:
        unit = next((one.unit for one in shares if one.pk == deadline.handling_id), None)
        who = str(unit or rules.WHO[limit])
    elif limit in rules.OF_THE_DEPUTY:
        who = f"{suggestion.lead_name}代表"
    else:
        who = rules.WHO[limit]
    to_do = _to_assign(deadline, suggestion) or _TO_DO[limit]
    days = (deadline.due_on - today).days
    return ShownClock(deadline, who, to_do, days, rules.colour_of(deadline.due_on, today))


def _to_assign(deadline: Deadline, suggestion: Suggestion) -> str:
    """What the office owes once there is nothing left to review."""
    if deadline.limit != Limit.ASSIGN:
        return ""
    if deadline.handling_id:
        return "另派承办单位"
    return "交办" if suggestion.state == State.ACCEPTED else ""


@dataclass(frozen=True)
class ShareRow:
    """One unit in the table of a round."""

    share: Handling
    badge: rules.Badge
    clock: Deadline | None
    colour: rules.Colour | None
    reads_opinion: bool

    @property
    def opinion_words(self) -> str:
        """Of an assisting unit: when its opinion came, in words for who reads them."""
        if self.share.answers:
            return ""
        if self.share.opined_on:
            return f"已提 · {in_words(self.share.opined_on)}"
        return "免予会签" if self.share.waived else "未提"


@dataclass(frozen=True)
class ShownLetter:
    """答复函 of one unit, with what the deputy said of it."""

    reply: Reply
    share: Handling
    clock: Deadline | None

    @property
    def is_out(self) -> bool:
        return self.reply.released_on is not None

    @property
    def timing(self) -> str:
        """3月6日，按期（期限 3月12日）."""
        if self.clock is None or not self.is_out:
            return in_words(self.reply.released_on)
        answered = self.clock.met_on or self.reply.released_on
        late = answered and answered > self.clock.due_on
        how = "超期" if late else "延期后按期" if self.clock.first_due_on else "按期"
        return f"{in_words(self.reply.released_on)}，{how}（期限 {in_words(self.clock.due_on)}）"

    @property
    def needs_address(self) -> bool:
        return not letters.addresses(self.reply.text)

    @property
    def corrected(self) -> bool:
        return bool(self.reply.unit_class) and self.reply.unit_class != self.reply.result_class

    @property
    def how_rated(self) -> str:
        rating = self.reply.rating
        said = "" if rating.source == Source.LAPSED else in_words(rating.rated_on)
        return " ".join(word for word in (said, rating.get_source_display()) if word)


@dataclass(frozen=True)
class Round:
    """One round: who had it, and what they answered."""

    number: int
    rows: list[ShareRow]
    letters: list[ShownLetter]

    @property
    def has_assist(self) -> bool:
        return any(not row.share.answers for row in self.rows)

    @property
    def awaits_countersigns(self) -> bool:
        waiting = (Part.WAITING, Part.WORKING, Part.OPINED, Part.RETURNING)
        shares = [row.share for row in self.rows if row.clock]
        return any(not one.answers and one.state in waiting for one in shares)


def rounds(
    shares: Sequence[Handling], today: date, *, reads: Callable[[Handling], bool]
) -> list[Round]:  # fmt: skip
    """The latest first; what was given back stands last, without a letter."""
    ordered = sorted(shares, key=lambda one: (-one.round, one.has_left, one.position, one.pk))
    found = []
    for number, members in groupby(ordered, lambda one: one.round):
        of_round = list(members)
        circulated = any(one.circulated_on for one in of_round if not one.has_left)
        rows = [_row(one, today, reads(one), circulated) for one in of_round]
        found.append(Round(number, rows, list(_letters(of_round, reads))))
    return found


def _row(share: Handling, today: date, insider: bool, circulated: bool) -> ShareRow:
    is_over = share.suggestion.state == State.WITHDRAWN
    clock = None if is_over else rules.clock_of(share, *answer_limits(share))
    badge = rules.badge_of_share(share)
    if not share.answers and circulated and share.state in (Part.WORKING, Part.OPINED):
        badge = rules.Badge("wait", "等会签")
    if is_over:
        badge = rules.Badge("", "不再办理")
    running = clock is not None and clock.is_open
    colour = rules.colour_of(clock.due_on, today) if clock and running else None
    return ShareRow(share, badge, clock, colour, insider)


def answer_limits(share: Handling) -> tuple[str, ...]:
    return Limit.answers() if share.answers else (Limit.ASSIST,)


def _letters(
    shares: Sequence[Handling], reads: Callable[[Handling], bool]
) -> Iterator[ShownLetter]:
    for share in shares:
        reply = getattr(share, "reply", None)
        if reply is not None and (reply.released_on or (reads(share) and not share.has_left)):
            yield ShownLetter(reply, share, rules.clock_of(share, *Limit.answers()))


def past_rounds(suggestion: Suggestion, shares: Sequence[Handling]) -> list[str]:
    """第 1 轮：12月12日交办，3月6日答复，4月1日代表对办理结果不满意，因此重办."""
    found = []
    for number in range(1, suggestion.round):
        of_round = [one for one in shares if one.round == number and not one.has_left]
        words = [f"第 {number} 轮："]
        assigned = next((one.assigned_on for one in of_round if one.assigned_on), None)
        parts = [f"{in_words(assigned)}交办"] if assigned else []
        parts += _answered_words([one.reply for one in of_round if hasattr(one, "reply")])
        found.append(words[0] + "，".join([*parts, "因此重办。"]))
    return found


def _answered_words(replies: Collection[Reply]) -> Iterator[str]:
    days = sorted({one.released_on for one in replies if one.released_on})
    if days:
        yield f"{in_words(days[-1])}答复"
    ratings = [one.rating for one in replies if hasattr(one, "rating")]
    bad = next((one for one in ratings if one.outcome == Satisfaction.UNSATISFIED), None)
    if bad:
        yield f"{in_words(bad.rated_on)}代表对办理结果不满意"


@dataclass(frozen=True)
class History:
    """The steps of one round, the newest first."""

    number: int
    steps: list[ShownStep] = field(default_factory=list)


@dataclass(frozen=True)
class ShownStep:
    step: Step
    note: str
    facts: list[tuple[str, str]]


def history(steps: Sequence[Step], *, reads: Callable[[Step], bool]) -> list[History]:
    newest_first = sorted(steps, key=lambda one: (one.round, one.pk), reverse=True)
    return [
        History(number, [_shown(one, reads(one)) for one in members])
        for number, members in groupby(newest_first, lambda one: one.round)
    ]


def _shown(step: Step, insider: bool) -> ShownStep:
    if not insider and step.act in AMONG_OFFICES:
        return ShownStep(step, "", [])
    return ShownStep(step, step.note, [(name, text) for name, text in step.facts.items() if text])


@dataclass(frozen=True)
class Group:
    """Acts that stand together: those of the whole, or those for one unit."""

    label: str
    forms: list[ActForm]


@dataclass(frozen=True)
class Request:
    """退办 or 延期 that a unit asks for, with the forms to answer it."""

    share: Handling
    words: str
    reason: str
    forms: list[ActForm]
