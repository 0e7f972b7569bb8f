"""What the page of one opinion shows: how far it is, what comes next, and what has happened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.conf import settings
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.roles import Capability, Role
from common.calendar import workdays_when_asked
from common.templatetags.wording import day as in_words
from common.templatetags.wording import weekday
from stations.models import Unit
from stations.rules import grants_at
from visits import rules
from visits.choices import WITH_UNIT, Act, Disposal, OpinionState, Satisfaction
from visits.forms.acts import ActForm
from visits.forms.opinions import FORMS, DeclineForm, MergeForm
from visits.models import Opinion, OpinionStep
from visits.services.telling import deputies_of

DONE, HERE = "done", "here"
# The form that stands in the box of the next step, by its act.
BOXED = {
    Act.ASSIGN: "assign", Act.ACCEPT: "accept", Act.ANSWER: "answer",
    Act.TELL_VISITOR: "feedback", Act.TELL_DEPUTIES: "feedback", Act.CLOSE: "close",
    Act.REOPEN: "reopen",
}  # fmt: skip
ORDER = (
    Act.ASSIGN, Act.REPLY, Act.GUIDE, Act.DECLINE, Act.ACCEPT, Act.TRACK, Act.URGE, Act.ANSWER,
    Act.POSTPONE, Act.RETURN, Act.TELL_VISITOR, Act.TELL_DEPUTIES, Act.CLOSE, Act.SPLIT, Act.REOPEN,
)  # fmt: skip


@dataclass(frozen=True)
class Stage:
    """A dot of the line 登记 → 交办 → 接收 → 办理 → 反馈 → 办结."""

    name: str
    note: str
    state: str = ""  # done, here, or still to come


@dataclass(frozen=True)
class Round:
    number: int
    steps: list[OpinionStep]


class OpinionPage:
    """One opinion for one reader; `typed` is a form that was refused, shown as it was typed."""

    def __init__(self, opinion: Opinion, user, *, typed: ActForm | None = None, words=None):
        self.opinion, self.user, self.typed, self.words = opinion, user, typed, words
        self.today = timezone.localdate()
        rules.open_contacts([opinion.reception] if opinion.has_visitor else [], user)

    @cached_property
    def next_step(self):
        return rules.next_step(self.opinion)

    @property
    def step_words(self) -> str:
        """The next step in the reader's words; of a merged one, whose handling it waits for."""
        step = self.next_step
        if step.act == Act.SPLIT and self.lead:
            return f"随 {self.lead.code} 办理"
        if step.act == Act.ACCEPT and self.waits_for_suggestion:
            return self._suggestion_words
        return step.words if self.can_follow else step.told

    @cached_property
    def neighbours(self) -> tuple[Opinion | None, Opinion | None]:
        """The opinions of the same visit or activity before and after this one."""
        if (getattr(self.opinion.source, "opinion_count", 0) or 0) < 2:
            return None, None
        rows = list(self.opinion.source.opinions.order_by("position"))
        at = rows.index(self.opinion)
        return (rows[at - 1] if at else None), (rows[at + 1] if at + 1 < len(rows) else None)

    @cached_property
    def can_follow(self) -> bool:
        source = self.opinion.source
        return not source.is_void and rules.may(self.user, Capability.LOG_RECEPTION, source)

    @cached_property
    def offered(self) -> list[Act]:
        if not self.can_follow:
            return []
        return [Act(line.action) for line in rules.offered_acts(self.user, self.opinion)]

    @cached_property
    def steps(self) -> list[OpinionStep]:
        return list(self.opinion.steps.all())

    @property
    def seen(self) -> int:
        """What a form of this page remembers: the last step shown."""
        return self.steps[-1].pk if self.steps else 0

    @cached_property
    def box(self) -> ActForm | None:
        """The form of the next step."""
        step = self.next_step
        name = BOXED.get(step.act, "") if step and not self.waits_for_suggestion else ""
        allowed = step and (step.act in self.offered or name == "feedback")
        return self._form(name) if name and self.can_follow and allowed else None

    @cached_property
    def others(self) -> list[ActForm]:
        """Whatever else may be done, in the order of the course."""
        covered = {Act(self.next_step.act)} if self.box and self.next_step else set()
        if self.box and self.box.name() == "feedback":
            covered |= {Act.CLOSE}
            covered |= set() if self.opinion.is_fed_back else {Act.TELL_VISITOR}
            covered |= set() if self.opinion.deputies_told_on else {Act.TELL_DEPUTIES}
        covered |= {Act.REOPEN} if self.again else set()
        left = [act for act in ORDER if act in self.offered and act not in covered]
        return [self._form(FORMS[act.value].name()) for act in left]

    @cached_property
    def again(self) -> ActForm | None:
        """重开, held out before the end: the visitor has been told and is not satisfied."""
        unsatisfied = self.opinion.satisfaction == Satisfaction.UNSATISFIED
        offered = unsatisfied and Act.REOPEN in self.offered
        in_box = self.box is not None and self.box.act == Act.REOPEN
        return self._form("reopen") if offered and not in_box else None

    @property
    def is_refused_elsewhere(self) -> bool:
        """Something was typed for an act that the page does not offer any more."""
        if self.typed is None:
            return False
        return self.typed not in [self.box, self.again, self.merge, *self.others]

    @cached_property
    def _links(self) -> list:
        return list(self.opinion.suggestion_links.select_related("suggestion"))

    @cached_property
    def suggestion(self):
        """The 代表建议 that it is part of, or was answered by; `is_readable` by this user."""
        found = next((link.suggestion for link in self._links if not link.ended_on), None)
        if found is None and self.opinion.result:
            found = next((link.suggestion for link in reversed(self._links)), None)
        if found is not None:
            readable = type(found).objects.visible_to(self.user)
            found.is_readable = readable.filter(pk=found.pk).exists()
        return found

    @property
    def waits_for_suggestion(self) -> bool:
        """It is to become a suggestion or has: what comes of that is entered by itself."""
        awaits = rules.awaits_suggestion(self.opinion)
        return awaits and (
            self.suggestion is not None or self.opinion.state == OpinionState.ASSIGNED
        )

    @property
    def _suggestion_words(self) -> str:
        if self.suggestion is None:
            return "由代表写成建议"
        return "等人大机关接收建议" if self.suggestion.submitted_on else "等代表提交建议"

    @property
    def may_become_suggestion(self) -> bool:
        """Deputies who read it, and staff who type for them; one opinion goes into one of them."""
        if self.opinion.is_closed or self.opinion.source.is_void or self.opinion.merged_into_id:
            return False
        deputy = self.user.holds([Role.DEPUTY])
        staff = grants_at(self.user, Capability.RAISE_SUGGESTION, self.opinion.source.station)
        return (deputy or staff) and all(link.ended_on for link in self._links)

    @property
    def may_merge(self) -> bool:
        return Act.MERGE in self.offered and not self.opinion.merged_into_id

    @cached_property
    def merge(self) -> ActForm | None:
        """The matters that could be handled with this one, when they are asked for."""
        if isinstance(self.typed, MergeForm) and self.may_merge:
            return self.typed
        if self.words is None or not self.may_merge:
            return None
        return MergeForm(opinion=self.opinion, user=self.user, words=self.words)

    @cached_property
    def merged(self) -> list[Opinion]:
        """What was merged into this one, as far as the reader may open it."""
        rows = Opinion.objects.visible_to(self.user).filter(merged_into=self.opinion)
        found = list(rows.for_list().order_by("raised_on", "pk"))
        rules.open_contacts([row.reception for row in found if row.has_visitor], self.user)
        return found

    @cached_property
    def merged_elsewhere(self) -> int:
        return self.opinion.merged.count() - len(self.merged)

    @cached_property
    def lead(self) -> Opinion | None:
        """What this one was merged into, if the reader may open it."""
        rows = Opinion.objects.visible_to(self.user).filter(pk=self.opinion.merged_into_id)
        return rows.for_list().first() if self.opinion.merged_into_id else None

    @cached_property
    def deputy_names(self) -> str:
        return "、".join(deputy.name for deputy in deputies_of(self.opinion))

    @cached_property
    def can_unmask(self) -> bool:
        reception = self.opinion.reception
        return bool(reception and reception.masked and rules.can_unmask(self.user, reception))

    @property
    def has_slip(self) -> bool:
        """A matter that was merged goes out on the slip of the one it was merged into."""
        if self.opinion.merged_into_id:
            return False
        return self.can_follow and self.opinion.disposal in Disposal.with_unit()

    @property
    def has_urge_slip(self) -> bool:
        """Only when a unit is late with its word or its result, or has been urged."""
        opinion = self.opinion
        days = [opinion.due_on]
        if opinion.state == OpinionState.ASSIGNED:
            days.append(opinion.accept_by)
        late = any(day and day < self.today for day in days)
        urged = any(step.act == Act.URGE and step.round == opinion.round for step in self.steps)
        return self.has_slip and opinion.state in WITH_UNIT and (late or urged)

    @property
    def round_words(self) -> str:
        return f"第 {self.opinion.round} 轮"

    @property
    def unit_names(self) -> list[str]:
        return list(Unit.objects.offered().values_list("name", flat=True))

    @property
    def places(self) -> list[str]:
        return DeclineForm.places()

    @property
    def rounds(self) -> list[Round]:
        """The steps by rounds, the latest first."""
        newest_first = sorted(self.steps, key=lambda step: (step.round, step.pk), reverse=True)
        for step in newest_first:
            step.shown_facts = [pair for pair in step.facts.items() if pair[0] != "状态"]
        return [Round(n, list(steps)) for n, steps in groupby(newest_first, lambda s: s.round)]

    @property
    def days_left(self) -> int | None:
        due = self.next_step.due_on if self.next_step else None
        return (due - self.today).days if due else None

    @property
    def days_late(self) -> int:
        return -(self.days_left or 0)

    @property
    def sum_of_date(self) -> str:
        """Where the date of the next step comes from."""
        opinion, step = self.opinion, self.next_step
        if not step or not step.due_on:
            return ""
        if step.act == Act.SPLIT:
            return "这是告诉这一位来访人的期限。"
        if opinion.state == OpinionState.RECORDED and opinion.round > 1:
            return f"重开后 {settings.ACCEPT_WORKDAYS} 个工作日内决定怎么处理。"
        if opinion.state == OpinionState.RECORDED:
            return f"登记后 {settings.ACCEPT_WORKDAYS} 个工作日内决定怎么处理。"
        if opinion.state == OpinionState.ASSIGNED and opinion.handed_over_on:
            begun = in_words(opinion.handed_over_on)
            return f"{begun}交办，{settings.ACCEPT_WORKDAYS} 个工作日内接收。"
        return self._sum_of_feedback()

    def _sum_of_feedback(self) -> str:
        opinion = self.opinion
        if opinion.first_due_on:
            return f"原定 {in_words(opinion.first_due_on)}，已延期。"
        if not opinion.handed_over_on:
            return ""
        plain = opinion.handed_over_on + timedelta(days=settings.FEEDBACK_DAYS)
        begun = f"{in_words(opinion.handed_over_on)}交办"
        if opinion.due_on == plain:
            return f"{begun}，{settings.FEEDBACK_DAYS} 天内告诉来访人。"
        if opinion.due_on == workdays_when_asked().next_workday(plain):
            why = f"第 {settings.FEEDBACK_DAYS} 天 {in_words(plain)}（{weekday(plain)}）是休息日"
            return f"{begun}，{why}，顺延。"
        return f"{begun}时定的期限。"

    @property
    def stages(self) -> list[Stage]:
        return list(_stages(self.opinion, self.lead))

    def _form(self, name: str) -> ActForm:
        if self.typed is not None and self.typed.name() == name:
            return self.typed
        return FORMS[name](opinion=self.opinion, user=self.user)


def _stages(opinion: Opinion, lead: Opinion | None) -> Iterator[Stage]:
    yield Stage("登记", in_words(opinion.raised_on), DONE)
    at_once = opinion.disposal in Disposal.answered_at_once()
    if at_once or opinion.disposal in Disposal.pointed_elsewhere():
        yield Stage(opinion.get_disposal_display(), "", DONE)
    elif opinion.merged_into_id:
        is_over = opinion.state in (OpinionState.ANSWERED, OpinionState.CLOSED)
        yield Stage("并案办理", f"随 {lead.code}" if lead else "", DONE if is_over else HERE)
    else:
        yield from _handling(opinion)
    closed, answered = opinion.is_closed, opinion.state == OpinionState.ANSWERED
    if not at_once:
        told = opinion.feedback_on or opinion.deputies_told_on
        note = in_words(told) if told else _until(opinion.due_on)
        yield Stage("反馈", note, DONE if closed else HERE if answered else "")
    yield Stage("办结", in_words(opinion.closed_on), DONE if closed else "")


def _handling(opinion: Opinion) -> Iterator[Stage]:
    """交办 → 接收 → 办理, of what a unit handles."""
    order = [OpinionState.RECORDED, OpinionState.ASSIGNED, OpinionState.HANDLING]
    notes = [
        in_words(opinion.handed_over_on) or _until(opinion.accept_by),
        in_words(opinion.accepted_on) or _until(opinion.accept_by),
        opinion.get_resolution_display() if opinion.resolution else "",
    ]
    at = order.index(OpinionState(opinion.state)) if opinion.state in order else len(order)
    for place, name in enumerate(("交办", "接收", "办理")):
        state = DONE if place < at else HERE if place == at else ""
        shown = notes[place] if place <= at and (place < 2 or place < at) else ""
        yield Stage(name, "" if _is_stale(place, at, opinion) else shown, state)


def _is_stale(place: int, at: int, opinion: Opinion) -> bool:
    """A date until when something should have been, once it is past that step without a date."""
    dates = (opinion.handed_over_on, opinion.accepted_on, True)
    return place < at and not dates[place]


def _until(due: date | None) -> str:
    return f"{in_words(due)}前" if due else ""
