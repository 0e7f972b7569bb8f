"""What waits for the people who keep duty days: the next steps of a day, the work of a user."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Count, F, Min, Q
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Capability
from common.templatetags.wording import day as in_words
from deputies.addresses import screen_path
from deputies.choices import Answer, DayState, Request
from deputies.models import DutyDay, LeaveRequest
from stations.models import Station

# Work shows itself this long before it is due.
AHEAD = timedelta(days=7)
# Somebody who did not answer the telephone is still to be asked.
UNSETTLED = (Answer.WAITING, Answer.UNREACHABLE)


@dataclass(frozen=True)
class DueTask:
    """One thing to do, until when, and where it is done."""

    date: date
    title: str
    detail: str
    url: str
    verb: str
    station_id: int


def steps_of(day: DutyDay, today: date) -> list[DueTask]:
    """What is to be done next for a day read `with_people`, the most pressing first."""
    if day.state != DayState.PUBLISHED:
        return []
    if day.date < today:
        return [_closing(day)]
    if day.date == today:
        return [_screen(day), *_notice(day, today)]
    return sorted([*_contact(day, today), *_notice(day, today)], key=lambda task: task.date)


def duty_tasks(user, today: date) -> list[DueTask]:
    """What the user's stations wait for, the longest due first: days not closed, leave to
    decide, deputies to contact, notices to hang. Four queries, however many days."""
    coming = DutyDay.objects.managed_by(user).upcoming(today).with_people()
    coming = coming.filter(date__lte=today + timedelta(days=settings.DUTY_CONTACT_DAYS) + AHEAD)
    tasks = [
        task
        for day in coming
        for task in [*_contact(day, today), *_notice(day, today)]
        if task.date <= today + AHEAD
    ]
    tasks += _closings(user, today)
    tasks += _leave(user, today)
    return sorted(tasks, key=lambda task: task.date)


def unclosed_by_station(user, today: date):
    """The stations that have not said what came of past days, those waiting longest first."""
    return (
        DutyDay.objects.managed_by(user)
        .unclosed(today)
        .order_by()
        .values("station_id", name=F("station__name"))
        .annotate(n=Count("pk"), oldest=Min("date"), first=Min("pk"))
        .order_by("oldest", "station_id")
    )


def month_span(today: date) -> tuple[date, date]:
    first = today.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def month_so_far(user, today: date) -> dict[str, int]:
    """This month's days in figures: planned, held, gone by without being closed, not held."""
    days = DutyDay.objects.managed_by(user).standing().between(*month_span(today))
    return days.aggregate(
        planned=Count("pk"),
        held=Count("pk", filter=Q(state__in=(DayState.HELD, DayState.NO_VISIT))),
        unclosed=Count("pk", filter=Q(state=DayState.PUBLISHED, date__lt=today)),
        not_held=Count("pk", filter=Q(state=DayState.NOT_HELD)),
    )


def _contact(day: DutyDay, today: date) -> list[DueTask]:
    """提前 7 天电话确认. On the day itself they come or they do not."""
    asked = [row for row in day.expected if row.answer in UNSETTLED]
    if not asked or day.date == today:
        return []
    names = "、".join(row.deputy.name for row in asked)
    unreachable = sum(row.answer == Answer.UNREACHABLE for row in asked)
    said = f"，{unreachable} 位上次联系不上" if unreachable else ""
    due = _not_before_announced(day, settings.DUTY_CONTACT_DAYS, today)
    title = f"联系 {len(asked)} 位代表，确认{in_words(day.date)}接待日"
    return [_task(day, due, title, f"{names}{said} · {day.station}", "去联系", "#people")]


def _notice(day: DutyDay, today: date) -> list[DueTask]:
    if day.notice_posted_on:
        return []
    due = _not_before_announced(day, settings.DUTY_NOTICE_DAYS, today)
    title = f"张贴{in_words(day.date)}的接待公告"
    detail = f"{day.station} · 提前 {settings.DUTY_NOTICE_DAYS} 天张贴"
    return [_task(day, due, title, detail, "去张贴", "#notice")]


def _not_before_announced(day: DutyDay, days: int, today: date) -> date:
    """So many days before; a day that was announced later than that is not late at once."""
    due = day.date - timedelta(days=days)
    if day.plan is None or day.plan.published_at is None:
        return max(due, today)
    return max(due, timezone.localdate(day.plan.published_at))


def _screen(day: DutyDay) -> DueTask:
    return DueTask(
        day.date, "今天接待", str(day.station), screen_path(day), "打开签到屏", day.station_id
    )


def _closing(day: DutyDay) -> DueTask:
    # The verb looks at the register, so its page stands in visits.
    url = reverse("visits:close_day", args=[day.pk])
    title = f"办结{in_words(day.date)}的接待日"
    return DueTask(day.date, title, str(day.station), url, "办结", day.station_id)


def _closings(user, today: date) -> list[DueTask]:
    """Days gone by, a line a station: one is closed at once, several are listed."""
    return [
        DueTask(
            line["oldest"],
            f"办结{in_words(line['oldest'])}的接待日"
            if line["n"] == 1
            else f"办结 {line['n']} 个接待日",
            line["name"] if line["n"] == 1 else f"{line['name']} · 最早 {in_words(line['oldest'])}",
            reverse("visits:close_day", args=[line["first"]])
            if line["n"] == 1
            else f"{reverse('duty:index')}?station={line['station_id']}&show=unclosed",
            "办结" if line["n"] == 1 else "去办结",
            line["station_id"],
        )
        for line in unclosed_by_station(user, today)
    ]


def _leave(user, today: date) -> list[DueTask]:
    """Leave that waits for this user's word; who asked wants it today."""
    decided = Station.objects.where_user_can(user, Capability.DECIDE_LEAVE)
    asked = LeaveRequest.objects.filter(
        state=Request.ASKED,
        assignment__day__state=DayState.PUBLISHED,
        assignment__day__station__in=decided,
    ).select_related("assignment__day__station", "assignment__deputy")
    return [
        _task(
            leave.assignment.day,
            min(today, leave.assignment.day.date),
            f"{leave.assignment.deputy}请假，等您答复",
            f"{in_words(leave.assignment.day.date)} · {leave.reason}"
            f" · {leave.assignment.day.station}",
            "去答复",
            f"#person-{leave.assignment_id}",
        )
        for leave in asked
    ]


def _task(day: DutyDay, due: date, title: str, detail: str, verb: str, part: str) -> DueTask:
    url = reverse("duty:day", args=[day.pk]) + part
    return DueTask(due, title, detail, url, verb, day.station_id)
