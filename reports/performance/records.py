"""One reader a register: what it holds of some deputies and a year."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.urls import reverse

from deputies.choices import CAME, Attendance, DayState
from deputies.models import Assignment, Award, DutyDay, FourOnes
from reports.choices import RecordClass as Kind
from reports.performance.shape import Line
from suggestions.choices import NUMBERED, Consent, Duty
from suggestions.models import Signature, Suggestion
from visits.choices import ActivityKind, AssistanceState, Presence, Satisfaction
from visits.models import (
    Activity,
    ActivityDeputy,
    Assistance,
    AssistanceDeputy,
    Opinion,
    Reception,
    ReceptionDeputy,
    VoterReport,
)
from visits.querysets import PROGRESS

# In which chapter an activity stands; 进站接待 of a duty day stands among the duty days.
CHAPTERS: dict[str, Kind] = {
    ActivityKind.CONGRESS: Kind.MEETINGS,
    ActivityKind.SITTING_IN: Kind.MEETINGS,
    ActivityKind.TRAINING: Kind.TRAINING,
    ActivityKind.INSPECTION: Kind.INSPECTIONS,
    ActivityKind.RESEARCH: Kind.INSPECTIONS,
    ActivityKind.LAW: Kind.INSPECTIONS,
    ActivityKind.GROUP: Kind.GROUP,
    ActivityKind.REPORTING: Kind.VOTER_REPORTS,
}
HELD_KINDS = (*dict.fromkeys(CHAPTERS.values()), Kind.ACTIVITIES)
OPINION_FACTS = (
    ("on_site", "当场答复"), ("handed_over", "交办"), ("finished", "已有结果"),
    ("fed_back", "已反馈"), ("satisfied", "满意"),
)  # fmt: skip
_DONE_DEEDS = (AssistanceState.DONE, "")


@dataclass(frozen=True)
class Asked:
    """Whose year, seen when and by whom."""

    deputies: list[int]
    year: int
    today: date
    reader: Any = None

    @cached_property
    def first(self) -> date:
        return date(self.year, 1, 1)

    @cached_property
    def last(self) -> date:
        return date(self.year, 12, 31)

    def readable(self, model, keys: Iterable[int]) -> set[int]:
        """Those of `keys` that the reader may read."""
        if self.reader is None:
            return set()
        rows = model.objects.visible_to(self.reader).filter(pk__in=set(keys))
        return set(rows.order_by().values_list("pk", flat=True))


@dataclass(frozen=True)
class Found:
    """One record of one deputy. `word` is its state, `facts` what a chapter sums up; `proves`:
    it shows one of the 四个一 as done."""

    deputy: int
    kind: Kind
    pk: int
    line: Line
    readable: bool = True
    word: str = ""
    facts: tuple[str, ...] = ()
    proves: bool = False


def duty(asked: Asked) -> Iterator[Found]:
    """Days that were held and closed, as the deputy's own page counts them."""
    rows = (
        Assignment.objects.filter(
            deputy__in=asked.deputies,
            day__date__range=(asked.first, asked.last),
            day__state__in=(DayState.HELD, DayState.NO_VISIT),
        )
        .exclude(attendance=Attendance.OPEN)
        .once_a_day()
    )
    rows = list(rows.select_related("day__station", "stands_in_for__deputy"))
    readable = asked.readable(DutyDay, (row.day_id for row in rows))
    for row in rows:
        instead = f"（替{row.stands_in_for.deputy}）" if row.stands_in_for else ""
        line = Line(
            row.day.date,
            f"{row.day.station}接待日{instead}",
            row.get_attendance_display(),
            _tone(row.attendance),
            reverse("duty:day", args=[row.day_id]),
            counts=row.attendance in CAME,
        )
        yield Found(
            row.deputy_id, Kind.DUTY, row.pk, line, row.day_id in readable, word=row.attendance
        )


def _tone(attendance: str) -> str:
    if attendance == Attendance.PRESENT:
        return "ok"
    return "late" if attendance == Attendance.ABSENT else ""


def activities(asked: Asked) -> Iterator[Found]:
    """All other activities in which a deputy is named; a duty day that was also written down by
    hand is not counted twice."""
    planned = Assignment.objects.filter(
        deputy=OuterRef("deputy"),
        day__station=OuterRef("activity__station"),
        day__date=OuterRef("activity__held_on"),
        day__state__in=(DayState.HELD, DayState.NO_VISIT),
    )
    rows = ActivityDeputy.objects.filter(
        deputy__in=asked.deputies,
        activity__voided_at=None,
        activity__duty_day=None,
        activity__held_on__range=(asked.first, asked.last),
    )
    told = _voter_reports(asked).filter(
        Q(activity=OuterRef("activity")) | Q(held_on=OuterRef("activity__held_on")),
        deputy=OuterRef("deputy"),
    )
    rows = rows.exclude(Exists(planned), activity__kind=ActivityKind.DUTY)
    # 述职 that is kept with its ballots is told there.
    rows = rows.exclude(Exists(told), activity__kind=ActivityKind.REPORTING)
    rows = list(rows.select_related("activity__station"))
    readable = asked.readable(Activity, (row.activity_id for row in rows))
    for row in rows:
        activity = row.activity
        line = Line(
            activity.held_on,
            f"{activity.topic}（{activity.get_kind_display() or activity.station.name}）",
            row.get_presence_display(),
            {Presence.PRESENT: "ok", Presence.ABSENT: "late"}.get(Presence(row.presence), ""),
            reverse("visits:activity_detail", args=[activity.pk]),
            counts=row.presence == Presence.PRESENT,
        )
        yield Found(
            row.deputy_id,
            CHAPTERS.get(activity.kind, Kind.ACTIVITIES),
            row.pk,
            line,
            activity.pk in readable,
            word=row.presence,
        )


def _voter_reports(asked: Asked):
    rows = VoterReport.objects.held().between(asked.first, asked.last)
    return rows.filter(deputy__in=asked.deputies).order_by()


def voter_reports(asked: Asked) -> Iterator[Found]:
    """述职 that was held, with what the voters said of it."""
    rows = list(_voter_reports(asked).select_related("station"))
    readable = asked.readable(VoterReport, (row.pk for row in rows))
    for row in rows:
        said = [
            f"{label} {count} 票"
            for label, count in (
                ("满意", row.satisfied), ("基本满意", row.mostly), ("不满意", row.unsatisfied),
            )
            if count is not None
        ]  # fmt: skip
        line = Line(
            row.held_on,
            f"向选民述职（{row.place or row.station}）",
            "，".join(said) or "没有测评",
            url=reverse("visits:voter_report", args=[row.pk]),
        )
        yield Found(row.deputy_id, Kind.VOTER_REPORTS, row.pk, line, row.pk in readable)


def receptions(asked: Asked) -> Iterator[Found]:
    """Visits, and what was said at them."""
    rows = ReceptionDeputy.objects.filter(
        deputy__in=asked.deputies,
        reception__voided_at=None,
        reception__received_on__range=(asked.first, asked.last),
    )
    rows = list(rows.select_related("reception__station"))
    readable = asked.readable(Reception, (row.reception_id for row in rows))
    receivers: dict[int, list[int]] = {}
    for row in rows:
        visit = row.reception
        receivers.setdefault(visit.pk, []).append(row.deputy_id)
        line = Line(
            visit.received_on,
            f"{visit.code}　{visit.get_channel_display()}，{visit.opinion_count} 条意见",
            visit.station.name,
            url=reverse("visits:reception_detail", args=[visit.pk]),
        )
        yield Found(row.deputy_id, Kind.RECEPTIONS, row.pk, line, visit.pk in readable)
    yield from _opinions(asked, receivers)


def _opinions(asked: Asked, receivers: dict[int, list[int]]) -> Iterator[Found]:
    facts = {
        f"fact_{name}": ExpressionWrapper(PROGRESS[name], output_field=BooleanField())
        for name, _ in OPINION_FACTS
    }
    rows = Opinion.objects.filter(reception__in=list(receivers)).annotate(**facts).order_by()
    rows = list(rows.select_related("category", "reception"))
    readable = asked.readable(Opinion, (row.pk for row in rows))
    for row in rows:
        outcome = row.get_resolution_display() or row.get_disposal_display()
        if row.satisfaction != Satisfaction.UNRATED:
            outcome = f"{outcome}，{row.get_satisfaction_display()}"
        line = Line(
            row.raised_on,
            f"{row.code}　{row.category.name if row.category else '未分类'}",
            outcome.strip("，") or row.get_state_display(),
            url=reverse("visits:opinion_detail", args=[row.pk]),
        )
        said = tuple(name for name, _ in OPINION_FACTS if getattr(row, f"fact_{name}"))
        for deputy in receivers[row.reception_id]:
            yield Found(deputy, Kind.OPINIONS, row.pk, line, row.pk in readable, facts=said)


def assistance(asked: Asked) -> Iterator[Found]:
    """Deeds by their kind alone: the words of one often name whom it was done for."""
    rows = AssistanceDeputy.objects.filter(
        deputy__in=asked.deputies,
        assistance__voided_at=None,
        assistance__helped_on__range=(asked.first, asked.last),
    )
    rows = list(rows.select_related("assistance__station"))
    readable = asked.readable(Assistance, (row.assistance_id for row in rows))
    for row in rows:
        deed = row.assistance
        worth = f"，资金物资 {deed.worth.normalize():f} 元" if deed.worth else ""
        line = Line(
            deed.helped_on,
            f"{deed.code}　{deed.get_kind_display() or '帮困办实事'}{worth}",
            deed.get_state_display(),
            "ok" if deed.state == AssistanceState.DONE else "",
            reverse("visits:assistance_detail", args=[deed.pk]),
        )
        yield Found(
            row.deputy_id,
            Kind.ASSISTANCE,
            row.pk,
            line,
            deed.pk in readable,
            proves=deed.state in _DONE_DEEDS,
        )


def suggestions(asked: Asked) -> Iterator[Found]:
    """Raised in the year: led, and signed; with class and rating of the answer."""
    raised = Suggestion.objects.raised().between(asked.first, asked.last)
    led = [(row.lead_id, row) for row in raised.filter(lead__in=asked.deputies)]
    agreed = Signature.objects.filter(
        deputy__in=asked.deputies, consent=Consent.AGREED, suggestion__in=raised.order_by()
    )
    signed = [(one.deputy_id, one.suggestion) for one in agreed.select_related("suggestion")]
    keys = {row.pk for _, row in [*led, *signed]}
    readable = asked.readable(Suggestion, keys)
    answers = _answers(asked, keys)
    for kind, rows in ((Kind.LED, led), (Kind.SIGNED, signed)):
        for deputy, row in rows:
            yield _suggestion(deputy, kind, row, answers.get(row.pk, []), row.pk in readable)


def _suggestion(
    deputy: int, kind: Kind, row: Suggestion, answers: list[tuple[str, str]], readable: bool
) -> Found:
    said = [*(words for _, words in answers), *(["优秀"] if row.is_excellent else [])]
    line = Line(
        row.submitted_on,
        f"{row.code}　{row.title}",
        "；".join(said) or row.get_state_display(),
        "ok" if answers else "",
        reverse("suggestions:detail", args=[row.pk]),
    )
    # A suggestion answered by several units counts once, by the first of them.
    facts = (f"{answers[0][0]} 类",) if answers and answers[0][0] else ()
    proves = row.is_excellent or row.state in NUMBERED
    return Found(deputy, kind, row.pk, line, readable, facts=facts, proves=proves)


def _answers(asked: Asked, keys: set[int]) -> dict[int, list[tuple[str, str]]]:
    """Class of each answer that is out, with what the deputy says of the result."""
    found: dict[int, list[tuple[str, str]]] = {}
    shares = Suggestion.objects.filter(pk__in=keys).shares_counted(asked.today)
    answered = shares.filter(replied=True, duty__in=Duty.answering()).order_by("position", "pk")
    for share in answered.values("suggestion", "answer_class", "outcome"):
        words = f"{share['answer_class'] or '未定'} 类"
        if share["outcome"] != Satisfaction.UNRATED:
            words = f"{words}，{Satisfaction(share['outcome']).label}"
        found.setdefault(share["suggestion"], []).append((share["answer_class"], words))
    return found


def entered(asked: Asked) -> Iterator[Found]:
    """What is entered about deputies themselves: awards, and the 四个一."""
    awards = Award.objects.standing().between(asked.first, asked.last)
    for award in awards.filter(deputy__in=asked.deputies):
        address = reverse("deputies:records", args=[award.deputy_id])
        line = Line(award.on, award.title, award.granted_by, url=address)
        yield Found(award.deputy_id, Kind.AWARDS, award.pk, line)
    deeds = FourOnes.objects.standing().of_year(asked.year)
    for deed in deeds.filter(deputy__in=asked.deputies):
        address = f"{reverse('deputies:records', args=[deed.deputy_id])}?year={asked.year}"
        line = Line(deed.done_on, deed.title, deed.get_kind_display(), url=address)
        yield Found(deed.deputy_id, Kind.FOUR_ONES, deed.pk, line, word=deed.kind)


READERS: tuple[Callable[[Asked], Iterator[Found]], ...] = (
    duty, activities, voter_reports, receptions, assistance, suggestions, entered,
)  # fmt: skip
