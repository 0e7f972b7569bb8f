"""A station's year as its page and its paper show it: days by month, and who comes how often."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import groupby

from django.db.models import Q
from django.utils import timezone

from common.calendar import workdays
from common.errors import RuleViolation
from common.month_grid import month_of
from common.workdays import Workdays
from deputies.choices import CLOSED_DAYS, Answer, DayState, HolidayPolicy, PlanState
from deputies.documents.rule import Reading, read_rule
from deputies.models import Arrangement, Deputy, DutyDay, DutyPlan
from deputies.rules import duty as rules
from deputies.services import duty as services
from deputies.services.duty.planning import PlannedDay
from stations.models import Station

_LAST_MONTH = 12


@dataclass(frozen=True)
class Person:
    """Somebody on a day; `row` is the assignment, None as long as it is only a preview."""

    deputy: int
    name: str
    row: int | None = None
    confirmed: bool = False


@dataclass(frozen=True)
class ShownDay:
    """One day of the year; `day` is None as long as it is only a preview."""

    date: datetime.date
    planned: datetime.date
    reason: str
    people: list[Person]
    wanted: int
    today: datetime.date
    day: DutyDay | None = None

    @property
    def names(self) -> str:
        return "、".join(person.name for person in self.people)

    @property
    def kind(self) -> str:
        """How it is drawn: what is not announced, what is to come, what went by."""
        if self.day is None or self.day.state == DayState.DRAFT:
            return "draft"
        if self.day.is_closed:
            return "done"
        return "open" if self.date < self.today else "out"

    @property
    def state(self) -> str:
        if self.day is None:
            return "预览"
        return "待办结" if self.kind == "open" else self.day.get_state_display()

    @property
    def tone(self) -> str:
        return {"open": "late", "draft": "wait"}.get(self.kind, "ok" if self.was_held else "")

    @property
    def was_held(self) -> bool:
        return self.day is not None and self.day.state in (DayState.HELD, DayState.NO_VISIT)

    @property
    def missing(self) -> int:
        """How many are still to be found; of a day gone by nobody is."""
        coming = self.kind in ("draft", "out") and self.date >= self.today
        return max(self.wanted - len(self.people), 0) if coming else 0

    @property
    def confirmed(self) -> int:
        return sum(person.confirmed for person in self.people)

    @property
    def is_movable(self) -> bool:
        """Whether its date and people may still be changed, as far as its state says."""
        return self.day is not None and not self.day.is_closed and self.date >= self.today


@dataclass(frozen=True)
class Cell:
    """A day in the grid of a month."""

    date: datetime.date
    mark: str
    name: str
    is_workday: bool
    is_today: bool
    shown: ShownDay | None


@dataclass(frozen=True)
class ShownMonth:
    year: int
    number: int
    weeks: list[list[Cell | None]]
    days: list[ShownDay]


@dataclass(frozen=True)
class Count:
    """How often one deputy comes in the year, and when."""

    deputy: int
    name: str
    dates: list[date]
    is_low: bool

    @property
    def number(self) -> int:
        return len(self.dates)


@dataclass
class YearBook:
    """`stage` is what the reader may do: preview, unready, draft, published, or only read."""

    station: Station
    year: int
    today: date
    manages: bool
    arrangement: Arrangement
    calendar: Workdays
    days: list[ShownDay]
    cancelled: list[DutyDay] = field(default_factory=list)
    plans: list[DutyPlan] = field(default_factory=list)
    members: list[Deputy] = field(default_factory=list)
    stage: str = "read"
    trouble: str = ""
    per_day: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def is_past(self) -> bool:
        return self.year < self.today.year

    @property
    def draft(self) -> DutyPlan | None:
        return next((plan for plan in self.plans if plan.state == PlanState.DRAFT), None)

    @property
    def drafts(self) -> list[ShownDay]:
        return [day for day in self.days if day.kind == "draft"]

    @property
    def own_days(self) -> list[ShownDay]:
        """Without those that the year before left over."""
        return [day for day in self.days if day.planned.year == self.year]

    @cached_property
    def reading(self) -> Reading:
        return read_rule(
            self.station.reception_days, self.arrangement.policy, self.arrangement.month_end,
            self.calendar, year=self.year, today=self.today,
        )  # fmt: skip

    @property
    def unplanned(self) -> list[date]:
        """Days to come that the rule asks for and nobody has planned or cancelled."""
        known = {shown.planned for shown in self.days} | {day.planned_on for day in self.cancelled}
        taken = {shown.date for shown in self.days}
        return [
            found.date
            for found in self.reading.days
            if found.date and found.date >= self.today
            and found.planned not in known and found.date not in taken
        ]  # fmt: skip

    @property
    def on_days_off(self) -> list[tuple[ShownDay, str]]:
        """Days to come that fall on a day off, with its name: the calendar came later than the
        plan, or somebody moved them there. 照常 wants them so."""
        if self.arrangement.policy == HolidayPolicy.KEEP:
            return []
        return [
            (shown, self.calendar.name_of(shown.date) or "周末")
            for shown in self.days
            if shown.day and shown.date > self.today and not self.calendar.is_workday(shown.date)
        ]

    @property
    def without_people(self) -> list[ShownDay]:
        """Days to come that nobody is to come to."""
        return [
            shown
            for shown in self.days
            if shown.day and shown.date > self.today and not shown.people
        ]

    @property
    def fallen_out(self) -> list[str]:
        """What the rule names and does not take place, with why."""
        first = self.today if self.stage == "preview" else date(self.year, 1, 1)
        by_rule = [(day.planned, day.reason) for day in self.reading.dropped]
        by_hand = [
            (day.date, f"{_short(day.date)}取消：{day.closing_note}") for day in self.cancelled
        ]
        return [words for on, words in sorted([*by_rule, *by_hand]) if on >= first]

    @cached_property
    def months(self) -> list[ShownMonth]:
        """The twelve months, and the January after them if a day was moved there."""
        by_date = {shown.date: shown for shown in self.days}
        by_month = {
            month: list(days)
            for month, days in groupby(self.days, key=lambda day: (day.date.year, day.date.month))
        }
        wanted = sorted({(self.year, n) for n in range(1, _LAST_MONTH + 1)} | set(by_month))
        return [
            ShownMonth(
                year,
                number,
                month_of(year, number, lambda on: self._cell(on, by_date.get(on))).weeks,
                by_month.get((year, number), []),
            )
            for year, number in wanted
        ]

    def _cell(self, on: date, shown: ShownDay | None) -> Cell:
        is_off = self.calendar.days.get(on)
        mark = "" if is_off is None else "休" if is_off else "班"
        name = self.calendar.names.get(on, "")
        return Cell(on, mark, name, self.calendar.is_workday(on), on == self.today, shown)

    @cached_property
    def counts(self) -> list[Count]:
        """Everybody in office here, and whoever comes besides: who comes most often first."""
        names = {deputy.pk: deputy.name for deputy in self.members}
        dates: dict[int, list[date]] = {key: [] for key in names}
        for shown in self.own_days:
            for person in shown.people:
                names.setdefault(person.deputy, person.name)
                dates.setdefault(person.deputy, []).append(shown.date)
        low = self.arrangement.minimum
        own = {deputy.pk for deputy in self.members}
        found = [
            Count(key, names[key], dates[key], key in own and len(dates[key]) < low)
            for key in dates
        ]
        return sorted(found, key=lambda count: -count.number)

    @property
    def number_of(self) -> dict[int, int]:
        return {count.deputy: count.number for count in self.counts}

    @property
    def most(self) -> int:
        return max(self._own_numbers, default=0)

    @property
    def least(self) -> int:
        return min(self._own_numbers, default=0)

    @property
    def top(self) -> int:
        """The most of all, who belongs to another station included: how long the bars are."""
        return max((count.number for count in self.counts), default=0)

    @property
    def spread(self) -> int:
        return self.most - self.least

    @property
    def is_even(self) -> bool:
        return self.spread <= 1

    @property
    def _own_numbers(self) -> list[int]:
        own = {deputy.pk for deputy in self.members}
        return [count.number for count in self.counts if count.deputy in own]

    @property
    def told(self) -> int:
        """How many deputies hear of it when the draft is announced."""
        return len({person.deputy for day in self.drafts for person in day.people})

    @property
    def undoable(self) -> list[DutyPlan]:
        """The announced plans of which no day was signed or closed."""
        begun = {
            shown.day.plan_id
            for shown in self.days
            if shown.day and (shown.day.is_closed or any(map(rules.has_signed, _rows(shown.day))))
        }
        standing = {shown.day.plan_id for shown in self.days if shown.day}
        return [
            plan
            for plan in self.plans
            if plan.state == PlanState.PUBLISHED and plan.pk in standing - begun
        ]

    def find(self, key: int | None) -> ShownDay | None:
        return next((day for day in self.days if day.day and day.day.pk == key), None)


def year_of(station: Station, year: int, user) -> YearBook:
    """What `user`, who sees the station, may see of its year."""
    today = timezone.localdate()
    arrangement = services.arrangement_of(station)
    rows = DutyDay.objects.visible_to(user).filter(station=station)
    found = list(rows.filter(Q(planned_on__year=year) | Q(date__year=year)).with_people())
    manages = rules.can_manage_at(user, station)
    standing = [day for day in found if day.state != DayState.CANCELLED]
    book = YearBook(
        station=station,
        year=year,
        today=today,
        manages=manages,
        arrangement=arrangement,
        calendar=workdays(),
        days=[_shown(day, arrangement.per_day, today) for day in standing],
        cancelled=[day for day in found if day.state == DayState.CANCELLED],
        plans=list(station.duty_plans.filter(year=year).exclude(state=PlanState.UNDONE)),
        members=list(Deputy.objects.visible_to(user).in_office().filter(station=station)),
        per_day=arrangement.per_day,
    )
    book.notes = [note for plan in book.plans[:1] for note in plan.notes] if manages else []
    if manages and not book.is_past:
        _settle_stage(book)
    return book


def _settle_stage(book: YearBook) -> None:
    if book.draft:
        book.stage = "draft"
    elif book.own_days:
        book.stage = "published"
    else:
        _preview(book)


def _preview(book: YearBook) -> None:
    try:
        preview = services.preview_year(book.station, book.year, since=book.today)
    except RuleViolation as refusal:
        book.stage, book.trouble = "unready", str(refusal)
        return
    book.stage, book.per_day = "preview", preview.per_day
    book.notes = preview.notes  # what it warns of stands on top of the page
    planned = [_planned(day, preview.per_day, book.today) for day in preview.days]
    book.days = sorted([*book.days, *planned], key=lambda day: day.date)


def _shown(day: DutyDay, wanted: int, today: date) -> ShownDay:
    people = [
        Person(row.deputy_id, row.deputy.name, row.pk, row.answer == Answer.CONFIRMED)
        for row in (day.expected if day.state not in CLOSED_DAYS else _who_came(day))
    ]
    return ShownDay(day.date, day.planned_on, day.reason, people, wanted, today, day)


def _who_came(day: DutyDay) -> list:
    """Of a closed day those who came; if nobody is noted, those who were to come."""
    return [row for row in day.expected if rules.has_signed(row)] or day.expected


def _planned(day: PlannedDay, wanted: int, today: date) -> ShownDay:
    people = [Person(deputy.pk, deputy.name) for deputy in day.deputies]
    return ShownDay(day.date, day.planned, day.reason, people, wanted, today)


def _rows(day: DutyDay) -> Iterable:
    return day.assignments.all()


def _short(on: date) -> str:
    return f"{on.month}月{on.day}日"


def in_words(dates: Sequence[date]) -> str:
    return "、".join(map(_short, dates))
