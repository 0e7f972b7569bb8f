"""What may belong together: matters that sound alike, and visitors who come again.

Two texts are alike as far as they share two-letter words: 路灯不亮 holds 路灯, 灯不 and 不亮. What
they share is measured against the shorter of them, so that a long account of the same matter is
found. That is simple enough to be explained, and needs no dictionary.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from accounts.roles import Capability
from stations.models import Station
from visits.choices import WITH_UNIT, OpinionState
from visits.models import Opinion, Reception

A_YEAR = timedelta(days=365)
VISITS_WITHIN = timedelta(days=3 * 365)
CANDIDATES = 300  # the latest of the township that are compared
ALIKE, SHARED_AT_LEAST = 0.3, 2
SHOWN = 3
MERGE_SHOWN, MERGE_OFFERED = 20, 10
NAME_AT_LEAST, PHONE_AT_LEAST, SAID_AT_LEAST = 2, 7, 4

_NOT_WORDS = re.compile(r"[^\w]|_")
# What nearly every account holds says nothing about the matter.
_COMMON = frozenset(
    {"希望", "反映", "我们", "问题", "解决", "没有", "一个", "村里", "能否", "要求", "建议", "群众"}
)


@dataclass(frozen=True)
class Hints:
    """What the page says while a visit is typed."""

    visits: Sequence[Reception]
    matters: Sequence[Opinion]
    matter_count: int

    def __bool__(self) -> bool:
        return bool(self.visits or self.matters)


def pairs_of(text: str) -> frozenset[str]:
    """The two-letter words of a text, without those that every text holds."""
    letters = _NOT_WORDS.sub(" ", text)
    words = (run[at : at + 2] for run in letters.split() for at in range(len(run) - 1))
    return frozenset(words) - _COMMON


def likeness(mine: frozenset[str], theirs: frozenset[str]) -> float:
    """From 0 to 1: the share of the shorter text's two-letter words that the other holds."""
    shared = len(mine & theirs)
    if shared < SHARED_AT_LEAST:
        return 0.0
    return shared / min(len(mine), len(theirs))


def alike(texts: Iterable[str], rows: Iterable[Opinion], category: int | None) -> list[Opinion]:
    """Those of `rows` that sound like one of `texts`, of the same category first, then the most
    alike."""
    mine = [pairs_of(text) for text in texts if len(text.strip()) >= SAID_AT_LEAST]
    found = []
    for row in rows:
        theirs = pairs_of(f"{row.summary} {row.statement}")
        score = max((likeness(words, theirs) for words in mine), default=0.0)
        if score >= ALIKE:
            found.append((category is not None and row.category_id == category, score, row))
    found.sort(key=lambda one: (one[0], one[1], one[2].raised_on, one[2].pk), reverse=True)
    return [row for _, _, row in found]


def hints_for(
    user,
    station: Station,
    *,
    name: str = "",
    phone: str = "",
    statements: Sequence[str] = (),
    category: int | None = None,
) -> Hints:
    """重复来访 and 类似事项 of the township, of what `user` may read and of nothing else."""
    matters: list[Opinion] = []
    if any(len(text.strip()) >= SAID_AT_LEAST for text in statements):
        matters = alike(statements, _recent_matters(user, station), category)
    return Hints(came_before(user, station, name, phone), matters[:SHOWN], len(matters))


def came_before(user, station: Station, name: str, phone: str) -> list[Reception]:
    """Visits of the township by who has this telephone, else this very name; found only where
    `user` sees contacts. Each says how many of its opinions are still open."""
    who = Q()
    if len(phone) >= PHONE_AT_LEAST:
        who |= Q(phone__contains=phone)
    if len(name) >= NAME_AT_LEAST:
        who |= Q(visitor_name=name)
    if not who:
        return []
    seen = Station.objects.where_user_can(user, Capability.VIEW_CONTACT)
    still_open = Count("opinions", filter=~Q(opinions__state=OpinionState.CLOSED))
    rows = (
        Reception.objects.visible_to(user)
        .valid()
        .filter(who, station__in=seen, station__township=station.township_id)
        .filter(received_on__gte=timezone.localdate() - VISITS_WITHIN)
    )
    found = rows.select_related("station__area").annotate(still_open=still_open)
    return list(found.order_by("-received_on", "-pk")[:SHOWN])


def _recent_matters(user, station: Station) -> list[Opinion]:
    since = timezone.localdate() - A_YEAR
    rows = Opinion.objects.visible_to(user).of_valid().filter(raised_on__gte=since)
    of_township = rows.filter(station__township=station.township_id)
    return list(of_township.for_list().order_by("-raised_on", "-pk")[:CANDIDATES])


def merge_candidates(opinion: Opinion, user, words: str = "") -> list[Opinion]:
    """What might be handled with `opinion`: open matters of its township that `user` may follow,
    the newest first.

    With `words` those that hold them all, or have that number or category; without, those of the
    same visitor and those that sound alike. A confidential matter is offered only to its own
    station's.
    """
    rows = (
        Opinion.objects.visible_to(user)
        .followed_by(user)
        .of_valid()
        .filter(
            state__in=[OpinionState.RECORDED, *WITH_UNIT],
            merged_into=None,
            station__township=opinion.station.township_id,
        )
        .exclude(pk=opinion.pk)
    )
    elsewhere = ~Q(station=opinion.station_id)
    rows = rows.exclude(elsewhere & Q(reception__confidential=True))
    if getattr(opinion.source, "confidential", False):
        rows = rows.exclude(elsewhere)
    listed = rows.for_list().order_by("-raised_on", "-pk")
    if words.strip():
        return list(listed.found_by(words)[:MERGE_SHOWN])
    contacts = Station.objects.where_user_can(user, Capability.VIEW_CONTACT)
    sees = set(contacts.values_list("pk", flat=True))
    latest = list(listed[:CANDIDATES])
    return [row for row in latest if _goes_with(opinion, row, sees)][:MERGE_OFFERED]


def _goes_with(mine: Opinion, row: Opinion, sees: set[int]) -> bool:
    """Of the same visitor, where `sees` allows the name to tell; alike; or of the same category
    and half as much alike."""
    if {mine.station_id, row.station_id} <= sees and _same_visitor(mine, row):
        return True
    texts = [pairs_of(f"{one.summary} {one.statement}") for one in (mine, row)]
    same = mine.category_id is not None and mine.category_id == row.category_id
    return likeness(*texts) >= (ALIKE / 2 if same else ALIKE)


def _same_visitor(mine: Opinion, row: Opinion) -> bool:
    one, other = mine.reception, row.reception
    if one is None or other is None:
        return False
    by_name = len(one.visitor_name) >= NAME_AT_LEAST and one.visitor_name == other.visitor_name
    by_phone = len(one.phone) >= PHONE_AT_LEAST and one.phone == other.phone
    return by_name or by_phone


def worded(day: date, today: date) -> str:
    """When a visit was, as people say it: 今年3月, 去年11月, 2024年5月."""
    years = {0: "今年", 1: "去年"}
    return f"{years.get(today.year - day.year, f'{day.year}年')}{day.month}月"
