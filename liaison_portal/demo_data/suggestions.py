"""The demo's suggestions: told as stories, and played by the services day by day.

A story is a matter, its people and what happens on which day after it was submitted; whatever is
not past yet has not happened. So the same story stands in another state when it began later.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from accounts.models import Delivery, Notice
from common.calendar import workdays
from deputies.models import Deputy
from liaison_portal.demo_data.days import next_workday
from liaison_portal.demo_data.suggestion_cast import Cast, books_before, make_cast
from liaison_portal.demo_data.suggestion_player import INBOX_DAYS, Player
from liaison_portal.demo_data.suggestion_rows import Rows
from liaison_portal.demo_data.suggestion_stories import Told, grown, stories
from liaison_portal.demo_data.suggestion_texts import MATTERS
from liaison_portal.demo_data.world import World
from suggestions.models import Suggestion
from visits.choices import Disposal, OpinionState
from visits.models import Opinion

FROM_OPINIONS = 7
ASKED_FOR = "建议：请有关单位到现场了解情况，拿出办法，限期解决，并把结果告诉群众。"


def write_suggestions(world: World, now: datetime, more: int = 0) -> int:
    """Every story up to today: what is usual of it as rows, the rest played. Return how many."""
    with the_day_is(now):
        cast = make_cast(world, now.date())
        players = _players(cast, now, more)
    rows = Rows(workdays(), now, books_before(cast.sessions))
    written: dict[int, int] = {}
    for player in sorted(players, key=lambda one: one.starts):
        if moves := player.told_as_rows(now.date()):
            player.row = rows.add(player, moves)
        written[id(player)] = len(moves)
    rows.save()
    scenes = sorted(
        (day, order, at, player, move)
        for order, player in enumerate(players)
        for at, (day, move) in enumerate(player.moves(now.date()))
        if at >= written[id(player)]
    )
    for day, order, _, player, move in scenes:
        clock = datetime.combine(day, time(9, order % 60), now.tzinfo)
        with the_day_is(min(clock, now)):
            player.play(move)
    _forget_old_news(now)
    return Suggestion.objects.count()


@contextmanager
def the_day_is(moment: datetime) -> Iterator[None]:
    """What is written meanwhile was written at `moment`: the services ask the clock of Django."""
    kept = timezone.now
    timezone.now = lambda: moment
    try:
        yield
    finally:
        timezone.now = kept


def _players(cast: Cast, now: datetime, more: int) -> list[Player]:
    today = now.date()
    towns = sorted(name for name in cast.deputies if name != "镇")
    found = [_player(cast, told, today) for told in [*stories(), *grown(more, towns)]]
    return [*found, *_from_opinions(cast, today)]


def _player(cast: Cast, told: Told, today: date) -> Player:
    matter = MATTERS[told.matter]
    session = cast.sessions[told.session] if told.session else None
    starts = next_workday(today - timedelta(days=told.ago))
    if session and not told.ago:
        starts = session.starts_on + timedelta(days=1)
    elif session is None:
        session = cast.sessions["区五次"]
        if starts < session.starts_on:
            session = cast.sessions["区四次"]
    lead = cast.lead("镇" if told.session == "镇" else told.lead)
    place = told.place
    return Player(
        cast, told, starts, session, lead,
        matter.title.replace("{地}", place), matter.content.replace("{地}", place),
    )  # fmt: skip


def _from_opinions(cast: Cast, today: date) -> Iterator[Player]:
    """What was heard at receptions and is to become a suggestion: some of it has become one."""
    leads = {one.pk: one for name, rows in cast.deputies.items() if name != "镇" for one in rows}
    rows = Opinion.objects.of_valid().filter(disposal=Disposal.SUGGESTION, reception__isnull=False)
    rows = rows.select_related("reception", "category__parent").order_by("-raised_on", "pk")
    recent = rows.filter(state__in=[OpinionState.ASSIGNED, OpinionState.HANDLING])
    for opinion in [*recent[: FROM_OPINIONS * 2], *_answered(rows)]:
        receivers = opinion.reception.receivers.all()
        here = [leads[one.deputy_id] for one in receivers if one.deputy_id in leads]
        here = [one for one in here if one.station_id == opinion.reception.station_id]
        lead = here[0] if here else None
        if lead is None or lead.user is not None or opinion.reception.confidential:
            continue
        yield _of_opinion(cast, opinion, lead, today)


def _answered(rows) -> Iterator[Opinion]:
    """Those of last year's that had time enough for a suggestion before their visitor was told."""
    told = rows.filter(state=OpinionState.CLOSED, feedback_on__isnull=False)
    wanted = [one for one in told[:150] if (one.feedback_on - one.raised_on).days > 45]
    yield from wanted[:FROM_OPINIONS]


def _of_opinion(cast: Cast, opinion: Opinion, lead: Deputy, today: date) -> Player:
    about = opinion.summary.split("，")[0].removeprefix("反映")
    starts = next_workday(opinion.raised_on + timedelta(days=4))
    session = cast.sessions["区五次"]
    if starts < session.starts_on:
        session = cast.sessions["区四次"]
    unit = _unit_for(opinion)
    moves = "2 accept; 4 assign; 7 sign; 35 meet; 60 send A; 63 release; 75 rate 满意 满意"
    if opinion.is_closed:
        days = (opinion.feedback_on - opinion.raised_on).days - 4
        moves = (
            f"2 accept; 4 assign; 7 sign; {days // 2} meet; {days - 6} send A;"
            f" {days - 3} release; {days} rate 满意 满意"
        )
    told = Told("", "", lead.name, unit, 0, moves)
    content = f"接待选民时有群众反映：{opinion.summary}。\n{ASKED_FOR}"
    return Player(
        cast, told, starts, session, lead, f"关于{about}问题的建议", content,
        opinion=opinion, category=opinion.category_id,
    )  # fmt: skip


def _unit_for(opinion: Opinion) -> str:
    """Who answers for such matters; a unit of the district that the desk thought of goes first."""
    if opinion.unit is not None and str(opinion.unit).startswith("区"):
        return str(opinion.unit)
    parent = opinion.category.parent.name if opinion.category.parent else ""
    known = {matter.category: matter.unit for matter in reversed(MATTERS.values())}
    exact = known.get((parent, opinion.category.name))
    near = (unit for (above, _), unit in known.items() if above == parent)
    return exact or next(near, "区民政局")


def _forget_old_news(now: datetime) -> None:
    """Of years of news only the last days lie in the inboxes, and none goes out."""
    news = Notice.objects.filter(kind="suggestion")
    Delivery.objects.filter(notice__in=news).delete()
    news.filter(created_at__lt=now - timedelta(days=INBOX_DAYS)).delete()
