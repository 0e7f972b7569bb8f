"""What is said before each duty day, planned by one pass that may run as often as it likes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.conf import settings

from accounts.models import User
from accounts.planners import register_due, register_planner
from accounts.roles import Capability
from accounts.services import Message
from deputies.models import Assignment, DutyDay
from deputies.services.duty import tell
from deputies.services.duty.due import duty_tasks
from stations.models import Posting


def plan_reminders(on: date) -> Iterator[Message]:
    """A message to each deputy expected soon: three days before, and one day before.

    From the date on which the day takes place. Only the step that is due now is said: a day that
    was made late gets the steps it missed in one message.
    """
    steps = sorted(settings.DUTY_REMIND_DAYS)
    last = on + timedelta(days=max(steps))
    rows = Assignment.objects.expected().upcoming(on + timedelta(days=1)).for_page()
    for row in rows.filter(day__date__lte=last):
        left = (row.day.date - on).days
        step = next(days for days in steps if left <= days)
        yield tell.reminder(row, step, left)


def plan_group_message(on: date) -> Iterator[Message]:
    """To the 企业微信 group, where there is one: who receives where tomorrow, in one message."""
    days = list(DutyDay.objects.upcoming(on).filter(date=on + timedelta(days=1)).with_people())
    if days:
        yield tell.to_group(days, on)


def duty_lines(on: date) -> Iterator[tuple[User, str, str, int | None]]:
    """What waits for the staff of each station: a line each in their digest of the day."""
    postings = Posting.objects.who_can(Capability.MANAGE_DUTY).at_stations()
    for user in postings.without_digest(on).users():
        for task in duty_tasks(user, on):
            yield user, f"{task.title}：{task.detail}", task.url, task.station_id


def register() -> None:
    register_planner("接待日提醒", plan_reminders)
    register_planner("接待日群消息", plan_group_message)
    register_due("接待日", duty_lines)
