"""The day's work of each role: what the first page shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from accounts import rules as account_rules
from accounts.roles import Capability, Role, roles_with
from deputies import own_duty
from deputies.addresses import screen_path
from deputies.choices import Answer, DayState
from deputies.models import DutyDay
from deputies.services.duty.due import (
    duty_tasks,
    month_so_far,
    month_span,
)
from liaison_portal.home import matters as suggested
from liaison_portal.home import overview
from stations.models import MailboxOpening
from stations.rules import holds_several
from visits import rules
from visits.choices import Act
from visits.models import Opinion, Reception
from visits.services import drafts_of
from visits.services.mailboxes import boxes_of, log_address, log_by, waiting_letters

MONTHS_SHOWN = 12
MATTERS_SHOWN = 8
OPINIONS_SHOWN = 6  # what is long late leaves room for today's duty
LETTERS_SHOWN = 3
COMING_SHOWN = 6
OWN_SHOWN = 6
ENDED_SHOWN = 5
# From here on the page is left to read, and to the list of all.
TODAY_SHOWN = 6
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Matter:
    """One line of 等您处理: until when, what, of whom, and the button that does it."""

    due: date
    title: str
    detail: str
    url: str
    verb: str
    do_url: str
    is_duty: bool = False

    @property
    def days_left(self) -> int:
        return (self.due - timezone.localdate()).days

    @property
    def days_late(self) -> int:
        return -self.days_left


@dataclass(frozen=True)
class TodaysDay:
    """A duty day of today, with the address of its sign-in screen while it is open."""

    day: DutyDay
    screen: str


def page_for(user) -> tuple[str, dict]:
    """The template and context of the first page of `user`."""
    if user.holds(roles_with(Capability.LOG_RECEPTION)):
        return "home/staff.html", _staff(user)
    if user.holds(roles_with(Capability.VIEW_REGISTER)):
        return "home/district.html", _district(user)
    if user.holds([Role.DEPUTY]):
        return "home/deputy.html", _deputy(user)
    if user.holds(roles_with(Capability.HANDLE_SUGGESTION)):
        return "home/unit.html", _unit(user)
    return "home/other.html", _other(user)


def _staff(user) -> dict:
    today = timezone.localdate()
    tasks = duty_tasks(user, today)
    return {
        **_register(user, today),
        **_matters(user, tasks, today),
        **_duty_days(user, today),
        "today_totals": Reception.objects.visible_to(user)
        .valid()
        .between(today, today)
        .totals(exactly=True),
        "drafts": drafts_of(user)[:3],
        **_overseen(user, today),
        **suggested.station_matters(user, today),
    }


def _overseen(user, today: date) -> dict:
    """What the office of a township sees of its stations, in place of their latest visits."""
    waiting = suggested.office_waiting(user, today)
    if not waiting:
        return {"office_waiting": []}
    return {
        "office_waiting": waiting,
        "late_units": suggested.late_units(user, today),
        "is_office": True,
        **overview.late_places(user, today),
    }


def _matters(user, tasks: list, today: date) -> dict:
    """Opinions to follow and duty to do as one list: what is late, of today, then later."""
    followed = Opinion.objects.visible_to(user).followed_by(user).of_valid()
    waiting = followed.to_do(today)
    first = list(waiting.for_list().order_by("next_on", "pk")[:OPINIONS_SHOWN])
    rules.open_contacts([row.reception for row in first if row.has_visitor], user)
    matters = [_opinion(opinion, several=holds_several(user)) for opinion in first]
    matters += [
        Matter(task.date, task.title, task.detail, task.url, task.verb, task.url, is_duty=True)
        for task in tasks
    ]
    matters.sort(key=lambda matter: matter.due)
    openings = list(waiting_letters(user))
    letters = [_letters(opening) for opening in openings[:LETTERS_SHOWN]]
    room = MATTERS_SHOWN - len(letters)
    duty_dates = [task.date for task in tasks]
    letter_dates = [log_by(opening) for opening in openings]
    dates = duty_dates + letter_dates
    opinions = waiting.urgency(today, by="next_on")
    late = dict(followed.late_counts(today))
    late_opinions = sum(late.values())
    late["letter"] = sum(due < today for due in letter_dates)
    late["duty"] = sum(due < today for due in duty_dates)
    urgency = {
        "late": sum(late.values()),
        "today": opinions["today"] + dates.count(today),
        "week": opinions["week"] + sum(today < due <= today + WEEK for due in dates),
    }
    return {
        "matters": sorted([*matters[:room], *letters], key=lambda matter: matter.due),
        "more_duty": sum(matter.is_duty for matter in matters[room:]),
        "urgency": urgency,
        "late_words": rules.late_words(late),
        "late_opinions": late_opinions,
    }


def _letters(opening: MailboxOpening) -> Matter:
    """Letters that were found in a box and do not stand in the register yet."""
    box, next_one = opening.mailbox, opening.registered + 1  # type: ignore[attr-defined]
    opened = f"{opening.opened_on.month}月{opening.opened_on.day}日开箱"
    detail = " · ".join(filter(None, [box.station.name, opened, opening.handed_to]))
    return Matter(
        log_by(opening),
        f"{opening.letter_count - next_one + 1} 封来信待登记 · {box.name}",
        detail,
        f"{reverse('visits:mailbox_detail', args=[box.pk])}#opening-{opening.pk}",
        f"登记第 {next_one} 封",
        log_address(opening),
    )


def _opinion(opinion: Opinion, *, several: bool) -> Matter:
    """The next step of a matter, leading to the place on its page where it is done; it says
    where, to who keeps several registers."""
    step = rules.next_step(opinion)
    who = _who_said(opinion)
    unit = opinion.unit or opinion.get_disposal_display()
    title, verb = {
        Act.ASSIGN: (f"决定怎么处理{who}反映的事", "交办"),
        Act.ACCEPT: (f"催{unit}接收", "去催"),
        Act.ANSWER: (f"催{unit}的办理结果", "去催"),
        Act.TELL_VISITOR: (f"把办理结果告诉{who}", "登记反馈"),
        Act.TELL_DEPUTIES: ("把办理结果告诉接待代表", "告知代表"),
        Act.CLOSE: ("都已告知，可以办结", "办结"),
    }[step.act]
    if rules.awaits_suggestion(opinion):
        title, verb = step.words, "去看"
    said = Truncator(opinion.statement).chars(26)
    url = reverse("visits:opinion_detail", args=[opinion.pk])
    where = opinion.source.station.name if several else ""
    detail = " · ".join(filter(None, [said, str(unit), opinion.code, where]))
    return Matter(opinion.next_on, title, detail, url, verb, f"{url}#next")


def _who_said(opinion: Opinion) -> str:
    if not opinion.has_visitor:
        return "代表"
    named = opinion.reception.visitor_name
    return f"来访人{opinion.reception.shown_name}" if named else "来访人"


def _duty_days(user, today: date) -> dict:
    """Today's duty days of the stations the user keeps, and the next ones."""
    kept = DutyDay.objects.managed_by(user)
    now = kept.standing().filter(date=today).with_people().order_by("starts_at", "pk")
    found = list(now[: TODAY_SHOWN + 1])
    coming = kept.upcoming(today + timedelta(days=1)).with_people()
    next_ones = list(coming.order_by("date", "pk")[:COMING_SHOWN])
    for day in next_ones:
        answers = {row.answer for row in day.expected}
        day.all_confirmed = answers == {Answer.CONFIRMED}
    return {
        "todays": list(_with_screens(found[:TODAY_SHOWN])),
        "more_today": len(found) > TODAY_SHOWN,
        "coming": next_ones,
    }


def _with_screens(days: Iterable[DutyDay]) -> Iterable[TodaysDay]:
    for day in days:
        yield TodaysDay(day, screen_path(day) if day.state == DayState.PUBLISHED else "")


def _district(user) -> dict:
    today = timezone.localdate()
    receptions = Reception.objects.visible_to(user).valid()
    waiting = Opinion.objects.visible_to(user).of_valid().awaiting_feedback()
    return {
        "today": today,
        "urgency": waiting.urgency(today),
        **_kept_figures(user, receptions, today),
        **overview.late_places(user, today),
        "ahead": overview.days_ahead(user, today),
        "duty_month": month_so_far(user, today),
        "month_end": month_span(today)[1],
        "office_waiting": suggested.office_waiting(user, today),
        "late_units": suggested.late_units(user, today),
        "raised_table": overview.raised_this_year(user, today),
    }


def _kept_figures(user, receptions, today: date) -> dict:
    """The months and the year of an office, which may have a million rows."""

    def count() -> dict:
        months = _months(receptions, today)
        year = receptions.between(date(today.year, 1, 1), today).totals(exactly=True)
        has_months = any(month["value"] for month in months)
        return {"months": months, "has_months": has_months, "year_totals": year}

    return overview.kept(
        "months", user, today, count, lambda found: sum(one["value"] for one in found["months"])
    )


def _register(user, today: date) -> dict:
    """What staff and offices both see: what is due, what came last, the months."""
    receptions = Reception.objects.visible_to(user).valid()
    waiting = Opinion.objects.visible_to(user).of_valid().awaiting_feedback()
    recent = list(receptions.for_list().order_by("-received_on", "-pk")[:5])
    rules.open_contacts(recent, user)
    months = _months(receptions, today)
    return {
        "today": today,
        "has_months": any(month["value"] for month in months),
        "urgency": waiting.urgency(today),
        "recent": recent,
        "several_stations": holds_several(user),
        "months": months,
        "year_totals": receptions.between(date(today.year, 1, 1), today).totals(exactly=True),
    }


def _deputy(user) -> dict:
    today = timezone.localdate()
    own = Reception.objects.visible_to(user).valid()
    opinions = Opinion.objects.visible_to(user).of_visitors().of_valid().for_list()
    raised = list(opinions.open().order_by("-raised_on", "-pk")[:OWN_SHOWN])
    ended = list(opinions.ended().order_by("-closed_on", "-pk")[:ENDED_SHOWN])
    rules.open_contacts([opinion.reception for opinion in [*raised, *ended]], user)
    for opinion in raised:
        opinion.next = rules.next_step(opinion)
    duty, own_ones = _own_duty(user, today), suggested.deputy_matters(user, today)
    return {
        "today": today,
        "waiting": len(duty["swaps"]) + len(own_ones["asking"]),
        "raised": raised,
        "ended": ended,
        "year_totals": own.between(date(today.year, 1, 1), today).totals(exactly=True),
        "year_of_suggestions": suggested.deputy_year(user, today),
        **duty,
        **own_ones,
    }


def _own_duty(user, today: date) -> dict:
    """The next duty day, what waits for an answer, and how often the deputy came this year."""
    deputy = getattr(user, "deputy", None)
    coming = own_duty.coming_days(user, today)
    return {
        "next_day": coming[0] if coming else None,
        "swaps": own_duty.swaps_to_answer(deputy, today) if deputy else [],
        "asked": [day for day in coming if day.leave_asked or day.swap_asked],
        "attended": own_duty.attended(own_duty.past_days(user, today.year, today)),
    }


def _unit(user) -> dict:
    today = timezone.localdate()
    return {"today": today, **suggested.clerk_items(user, today)}


def _other(user) -> dict:
    """Who keeps no register: an observer with the mailboxes to open, an administrator."""
    today = timezone.localdate()
    keeps = user.holds(roles_with(Capability.KEEP_MAILBOX))
    return {
        "manages_accounts": account_rules.may_manage_accounts(user),
        "boxes": boxes_of(user, today) if keeps else [],
        "keeps_mailboxes": keeps,
        "today": today,
    }


def _months(receptions, today: date) -> list[dict]:
    """The last twelve months as points of the chart; the present one is marked."""
    first = date(today.year - 1, today.month, 1)
    months = [_month_after(first, step) for step in range(1, MONTHS_SHOWN + 1)]
    counted = receptions.by_month(first)
    return [
        {
            "label": f"{month}月" if month == 1 or position == 0 else str(month),
            "value": counted.get((year, month), 0),
            "now": (year, month) == (today.year, today.month),
        }
        for position, (year, month) in enumerate(months)
    ]


def _month_after(first: date, step: int) -> tuple[int, int]:
    years, month = divmod(first.month - 1 + step, 12)
    return first.year + years, month + 1
