"""A station's year: previewed by its rule, kept as a draft, published, undone as a whole."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from django.db import transaction
from django.utils import timezone

from common import audit
from common.calendar import workdays
from common.errors import RuleViolation
from common.workdays import Workdays
from deputies.choices import DayState, DeputyState, Level, PlanState
from deputies.models import Arrangement, Assignment, Deputy, DutyDay, DutyPlan, Unavailability
from deputies.recurrence import Recurrence, Shifted, Unreadable, parse, shift
from deputies.recurrence.rules import MonthEnd
from deputies.roster import Member, Roster, Short, assign
from deputies.rules import duty as rules
from deputies.services.duty import tell
from deputies.services.duty.arrangement import arrangement_of
from deputies.services.duty.rows import locked_station, withdraw_requests
from stations.models import Station


@dataclass(frozen=True)
class PlannedDay:
    date: datetime.date
    planned: datetime.date
    reason: str
    deputies: list[Deputy]
    kept: DutyDay | None = None


@dataclass(frozen=True)
class Preview:
    """A year as it would be: its days, the planned ones that fall out, and what to look at."""

    days: list[PlannedDay]
    dropped: list[Shifted]
    words: str
    per_day: int
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def preview_year(station: Station, year: int, *, since: date | None = None) -> Preview:
    """Plan a year by the station's rule; what is announced or past stays as it is.

    Days before `since` are planned only if they stand already; without it the whole year is.
    Refuses a closed station, and a rule that is missing or cannot be read.
    """
    rules.check_plannable(station)
    arranged, calendar = arrangement_of(station), workdays()
    rule = _rule_of(station)
    standing = list(DutyDay.objects.standing().in_year(year).filter(station=station).with_people())
    by_rule = _shifted(rule, arranged, calendar, year)
    moved = _not_settled(by_rule, standing, station, year)
    new = [day for day in moved if day.date and (since is None or day.date >= since)]
    members = list(Deputy.objects.in_office().filter(station=station).for_list())
    minimum = _share(arranged.minimum, len(new) + len(standing), len(by_rule))
    roster = _roster(new, standing, members, arranged, minimum)
    days = sorted([*_kept(standing), *_new(new, roster, members)], key=lambda day: day.date)
    return Preview(
        days=days,
        dropped=[day for day in moved if day.date is None and (not since or day.planned >= since)],
        words=rule.words,
        per_day=roster.per_day,
        notes=_notes(roster, members),
        warnings=_warnings(calendar, [day.planned for day in moved], members, station),
    )


@transaction.atomic
def draft_plan(station: Station, year: int, *, actor) -> DutyPlan:
    """Keep the preview of a year, from today on, as a draft that its station can work over.

    An older draft of the year gives way. Refuses who may not manage duty there, a year gone by,
    and what `preview_year` refuses.
    """
    station = locked_station(station, actor)
    if year < timezone.localdate().year:
        raise RuleViolation(f"{year}年已经过去，不能再编排。")
    for old in station.duty_plans.filter(year=year, state=PlanState.DRAFT):
        _delete_draft(old)
    preview = preview_year(station, year, since=timezone.localdate())
    plan = DutyPlan.objects.create(
        station=station,
        year=year,
        created_by_id=actor.pk,
        notes=[*preview.warnings, *preview.notes],
    )
    _write(plan, [day for day in preview.days if day.kept is None])
    audit.record(audit.Action.CREATE, plan, actor=actor, note=f"{len(preview.days)} 个接待日")
    return plan


@transaction.atomic
def publish_plan(plan: DutyPlan, *, actor) -> DutyPlan:
    """Announce a draft: its days stand, and every deputy is told theirs.

    Refuses who may not manage duty there, a plan that is no draft, and one without a day to come.
    """
    plan = _locked_plan(plan, actor)
    if plan.state != PlanState.DRAFT:
        raise RuleViolation(f"这份计划{plan.get_state_display()}，不能再公布。")
    today = timezone.localdate()
    days = plan.days.drafts()
    days.filter(date__lt=today).delete()  # the draft lay too long: a past day is announced no more
    if not days.exists():
        raise RuleViolation("这份计划里没有今天以后的接待日，请先编排。")
    rules.check_plannable(plan.station)
    rows = Assignment.objects.filter(day__in=days)
    rows.exclude(deputy__state=DeputyState.IN_OFFICE).delete()  # who left since it was drafted
    keys = list(days.values_list("pk", flat=True))
    days.update(state=DayState.PUBLISHED)
    plan.state, plan.published_at = PlanState.PUBLISHED, timezone.now()
    plan.save(update_fields=["state", "published_at"])
    audit.record(audit.Action.CHANGE, plan, actor=actor, changes={"状态": ("草稿", "已公布")})
    rows = Assignment.objects.expected().filter(day__in=keys).for_page()
    tell.published(plan, list(rows.order_by("day__date")))
    return plan


@transaction.atomic
def discard_plan(plan: DutyPlan, *, actor) -> None:
    """Throw a draft away. Refuses who may not manage duty there, and a plan that is announced."""
    plan = _locked_plan(plan, actor)
    if plan.state != PlanState.DRAFT:
        raise RuleViolation(f"这份计划{plan.get_state_display()}，不能当草稿删除。")
    audit.record(audit.Action.VOID, plan, actor=actor, note="删除草稿")
    _delete_draft(plan)


@transaction.atomic
def undo_plan(plan: DutyPlan, *, actor, reason: str) -> DutyPlan:
    """Take an announced plan back: its days are cancelled, and everybody is told.

    Refuses who may not manage duty there, a plan that is not announced, no reason, and a plan on
    whose days somebody signed in or that was closed in part.
    """
    plan = _locked_plan(plan, actor)
    if plan.state != PlanState.PUBLISHED:
        raise RuleViolation(f"这份计划{plan.get_state_display()}，不能撤销。")
    if not reason.strip():
        raise RuleViolation("请填写撤销的原因，代表会收到。")
    days = list(plan.days.select_for_update(of=("self",)).standing().with_people())
    if any(day.is_closed or any(map(rules.has_signed, day.assignments.all())) for day in days):
        raise RuleViolation("已有代表签到或接待日已办结，整份计划不能撤销；可以逐日改期或取消。")
    coming = [day for day in days if day.date >= timezone.localdate()]
    for day in coming:
        day.state, day.closing_note = DayState.CANCELLED, reason.strip()
        day.version += 1
        for row in day.expected:
            withdraw_requests(row)
    DutyDay.objects.bulk_update(coming, ["state", "closing_note", "version"], batch_size=200)
    audit.record_all(
        audit.entry(audit.Action.VOID, day, actor=actor, note=reason.strip()) for day in coming
    )
    tell.undone(plan, [row for day in coming for row in day.expected], reason.strip())
    plan.state = PlanState.UNDONE
    plan.save(update_fields=["state"])
    changes = {"状态": ("已公布", "已撤销")}
    audit.record(audit.Action.VOID, plan, actor=actor, changes=changes, note=reason.strip())
    return plan


def _rule_of(station: Station) -> Recurrence:
    if not station.reception_days.strip():
        raise RuleViolation(f"{station}还没有填写接待日，如：每周三；每月15日。")
    try:
        return parse(station.reception_days)
    except Unreadable as refusal:
        raise RuleViolation(f"{station}的接待日读不懂：{refusal}") from None


def _shifted(
    rule: Recurrence, arranged: Arrangement, calendar: Workdays, year: int
) -> list[Shifted]:
    planned = rule.planned(year, month_end=cast(MonthEnd, arranged.month_end))
    return shift(planned, calendar, arranged.policy)


def _not_settled(
    moved: Sequence[Shifted], standing: Sequence[DutyDay], station: Station, year: int
) -> list[Shifted]:
    """Without the days that stand already, that staff cancelled, or whose date is taken."""
    settled = {day.planned_on for day in standing} | set(_dropped_on(station, year))
    taken = set(_taken_dates(station, year))
    return [day for day in moved if day.planned not in settled and day.date not in taken]


def _taken_dates(station: Station, year: int) -> list[date]:
    """Also by a day of the year before that was moved past its end."""
    days = DutyDay.objects.standing().filter(station=station)
    return list(
        days.between(date(year, 1, 1), date(year + 1, 1, 31)).values_list("date", flat=True)
    )


def _dropped_on(station: Station, year: int) -> list[date]:
    """What staff cancelled one by one stays cancelled; a plan undone is planned anew."""
    days = DutyDay.objects.in_year(year).filter(station=station, state=DayState.CANCELLED)
    return list(days.exclude(plan__state=PlanState.UNDONE).values_list("planned_on", flat=True))


def _roster(
    new: Sequence[Shifted],
    standing: Sequence[DutyDay],
    members: Sequence[Deputy],
    arranged: Arrangement,
    minimum: int,
) -> Roster:
    fixed = {day.date: [row.deputy_id for row in day.expected] for day in standing}
    days = sorted([*fixed, *(day.date for day in new if day.date)])
    return assign(
        days,
        [Member(deputy.pk, _is_senior(deputy)) for deputy in members],
        per_day=arranged.per_day,
        minimum=minimum,
        unavailable=_unavailable(members, days),
        fixed=fixed,
    )


def _share(minimum: int, days: int, of_year: int) -> int:
    """What is left of the yearly minimum when only a part of the year is planned."""
    return minimum * min(days, of_year) // of_year if of_year else minimum


def _is_senior(deputy: Deputy) -> bool:
    return deputy.highest_level() not in ("", Level.TOWNSHIP)


def _unavailable(members: Sequence[Deputy], days: Sequence[date]) -> dict[int, set[date]]:
    """On which of `days` each deputy cannot come."""
    if not days:
        return {}
    kept = Unavailability.objects.filter(
        deputy__in=members, from_day__lte=days[-1], to_day__gte=days[0]
    )
    away: dict[int, set[date]] = {}
    for row in kept:
        span = {day for day in days if row.from_day <= day <= row.to_day}
        away.setdefault(row.deputy_id, set()).update(span)
    return away


def _kept(standing: Sequence[DutyDay]) -> list[PlannedDay]:
    return [
        PlannedDay(
            day.date, day.planned_on, day.reason, [row.deputy for row in day.expected], kept=day
        )
        for day in standing
    ]


def _new(days: Sequence[Shifted], roster: Roster, members: Sequence[Deputy]) -> list[PlannedDay]:
    by_key = {deputy.pk: deputy for deputy in members}
    return [
        PlannedDay(
            day.date,
            day.planned,
            day.reason,
            [by_key[key] for key in roster.assigned.get(day.date, [])],
        )
        for day in days
        if day.date
    ]


def _notes(roster: Roster, members: Sequence[Deputy]) -> list[str]:
    names = {deputy.pk: str(deputy) for deputy in members}
    return [
        f"{note.day.month}月{note.day.day}日只有 {note.got} 位代表能来，应排 {note.wanted} 位。"
        if isinstance(note, Short)
        else f"{names.get(note.key, '')}共 {note.count} 次，其他代表 {note.usual} 次："
        "不便日期或已公布的排班使次数不能再平均。"
        for note in roster.notes
    ]


def _warnings(
    calendar: Workdays, planned: Sequence[date], members: Sequence[Deputy], station: Station
) -> list[str]:
    years = "、".join(str(year) for year in calendar.missing(planned))
    found = []
    if years:
        found.append(f"{years}年的放假安排还没有录入，暂按周一至周五上班推算，公布后请再核对。")
    if not members:
        found.append(f"{station}还没有在任代表，接待日没有排人。")
    return found


def _write(plan: DutyPlan, planned: Sequence[PlannedDay]) -> None:
    arranged = arrangement_of(plan.station)
    days = DutyDay.objects.bulk_create(
        DutyDay(
            station=plan.station,
            plan=plan,
            date=day.date,
            planned_on=day.planned,
            reason=day.reason,
            starts_at=arranged.starts_at,
            ends_at=arranged.ends_at,
            place=arranged.place,
        )
        for day in planned
    )
    Assignment.objects.bulk_create(
        Assignment(day=day, deputy=deputy, position=position)
        for day, source in zip(days, planned, strict=True)
        for position, deputy in enumerate(source.deputies)
    )


def _delete_draft(plan: DutyPlan) -> None:
    """A draft was never announced: it leaves no days behind."""
    plan.days.drafts().delete()
    plan.delete()


def _locked_plan(plan: DutyPlan, actor) -> DutyPlan:
    """The plan as it stands once its station is locked: two clicks come one after the other."""
    locked_station(plan.station, actor)
    found = DutyPlan.objects.select_related("station").filter(pk=plan.pk).first()
    if found is None:
        raise RuleViolation("这份计划已被删除或重新编排，请刷新页面。")
    return found
