"""From a number or an address to the entry it means, as the beginning of a case.

Nothing of the visitor comes along: no name, no telephone, no address.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve, reverse

from common.errors import RuleViolation
from common.masking import mask_numbers
from stations.models import Station
from suggestions.choices import Occasion
from suggestions.models import Reply, Suggestion
from visits.choices import Resolution
from visits.models import Activity, Assistance, Opinion, Reception

MOST_FOUND = 12
_REGISTER_NUMBER = re.compile(r"(\d{4})\s*[-－—]\s*(\d{1,6})")
_SUGGESTION_NUMBER = re.compile(r"(闭会)?第?\s*0*(\d{1,5})\s*号")
_CONFIDENTIAL = "保密件不能选作案例。"


@dataclass(frozen=True)
class Source:
    """An entry that could be told, and what is known of it."""

    station: Station
    on: date
    title: str
    text: str
    source: str
    url: str


def find_sources(words: str, user) -> list[Source]:
    """The entries that `words` may mean, as far as `user` reads them: 2025-108, 石桥镇 2025-108,
    闭会第011号, or the address of a page. Refuses what is confidential, and words that mean
    nothing."""
    words = words.strip()
    found = _at_address(words, user) if "/" in words else _by_number(words, user)
    rows = list(found)
    if not rows:
        raise RuleViolation(f"没有找到“{words[:40]}”，请核对编号，或者粘贴那一条的网址。")
    open_rows = [row for row in rows if not getattr(row, "confidential", False)]
    if not open_rows:
        raise RuleViolation(_CONFIDENTIAL)
    return [_READERS[type(row)](row) for row in open_rows]


def _by_number(words: str, user) -> Iterator:
    if match := _REGISTER_NUMBER.search(words):
        year, number = int(match[1]), int(match[2])
        station = _REGISTER_NUMBER.sub("", words).strip()
        for model in (Reception, Assistance, Activity):
            rows = model.objects.visible_to(user).valid().filter(year=year, number=number)
            rows = rows.filter(station__name__contains=station).order_by("station__area__code")
            yield from rows.select_related("station")[:MOST_FOUND]
    elif match := _SUGGESTION_NUMBER.fullmatch(words):
        rows = Suggestion.objects.reported_to(user).filter(number=int(match[2]))
        if match[1]:
            rows = rows.filter(occasion=Occasion.BETWEEN)
        yield from rows.select_related("station").order_by("-pk")[:MOST_FOUND]


def _at_address(words: str, user) -> Iterator:
    try:
        match = resolve(urlsplit(words).path)
    except (Resolver404, ValueError):
        return
    pk = match.kwargs.get("pk")
    if match.view_name == _OPINION:
        opinion = Opinion.objects.visible_to(user).filter(pk=pk).first()
        if opinion is not None:
            source = opinion.source
            yield from type(source).objects.visible_to(user).valid().filter(pk=source.pk)
    elif match.view_name == "suggestions:detail":
        yield from Suggestion.objects.reported_to(user).filter(pk=pk).select_related("station")
    elif model := _PAGES.get(match.view_name):
        yield from model.objects.visible_to(user).valid().filter(pk=pk).select_related("station")


_OPINION = "visits:opinion_detail"
_PAGES: dict[str, type[Reception] | type[Assistance] | type[Activity]] = {
    "visits:reception_detail": Reception,
    "visits:assistance_detail": Assistance,
    "visits:activity_detail": Activity,
}


def withdrawn(urls: Iterable[str]) -> dict[str, str]:
    """Those of these addresses whose entry may not be told any more, and why not: 已经作废."""
    meant = {url: _entry_at(url) for url in urls if url}
    keys: dict[str, set[int]] = defaultdict(set)
    for view, pk in filter(None, meant.values()):
        keys[view].add(pk)
    why = {(view, pk): why for view, pks in keys.items() for pk, why in _withdrawn(view, pks)}
    return {url: why[entry] for url, entry in meant.items() if entry in why}


def _entry_at(url: str) -> tuple[str, int] | None:
    try:
        match = resolve(urlsplit(url).path)
    except (Resolver404, ValueError):
        return None
    known = match.view_name == _OPINION or match.view_name in _PAGES
    return (match.view_name, match.kwargs["pk"]) if known else None


def _withdrawn(view: str, keys: set[int]) -> Iterator[tuple[int, str]]:
    if view == _OPINION:
        opinions = Opinion.objects.filter(pk__in=keys).select_related("reception", "activity")
        rows = [(opinion.pk, opinion.source) for opinion in opinions]
    else:
        rows = [(row.pk, row) for row in _PAGES[view].objects.filter(pk__in=keys)]
    for pk, row in rows:
        if row.is_void:
            yield pk, "已经作废"
        elif getattr(row, "confidential", False):
            yield pk, "已经转为保密件"


def _of_reception(row: Reception) -> Source:
    opinions = list(row.opinions.select_related("category"))
    told = [words for opinion in opinions for words in _of_opinion(opinion)]
    title = opinions[0].summary or opinions[0].statement if opinions else "接待来访群众"
    hidden = (row.visitor_name, row.phone, row.address)
    return Source(
        row.station, row.received_on, _without(title, hidden)[:40],
        _without("".join(["群众到站反映：", *told]), hidden),
        f"接待 {row.code}", reverse("visits:reception_detail", args=[row.pk]),
    )  # fmt: skip


def _of_opinion(opinion: Opinion) -> Iterator[str]:
    yield _ended(opinion.summary or opinion.statement)
    if opinion.on_site_reply:
        yield f"当场答复：{_ended(opinion.on_site_reply)}"
    if opinion.result:
        yield f"办理结果：{_ended(opinion.result)}"
    elif opinion.resolution:
        yield f"办理结果：{Resolution(opinion.resolution).label}。"


def _of_assistance(row: Assistance) -> Source:
    hidden = (row.beneficiary, row.address)
    return Source(
        row.station, row.helped_on, _without(row.deed, hidden)[:40],
        _without(f"代表帮办实事：{_ended(row.deed)}", hidden),
        f"帮扶 {row.code}", reverse("visits:assistance_detail", args=[row.pk]),
    )  # fmt: skip


def _of_activity(row: Activity) -> Source:
    told = [_ended(words) for words in (row.topic, row.minutes, row.follow_up) if words]
    return Source(
        row.station, row.held_on, row.topic[:40], mask_numbers("".join(told)),
        f"活动 {row.code}", reverse("visits:activity_detail", args=[row.pk]),
    )  # fmt: skip


def _of_suggestion(row: Suggestion) -> Source:
    letters = Reply.objects.filter(handling__suggestion=row).exclude(released_on=None)
    letter = letters.order_by("-pk").first()
    answered = f"承办单位答复：{_ended(letter.text)}" if letter and letter.text else ""
    return Source(
        row.station, row.submitted_on or row.created_at.date(), row.title[:40],
        mask_numbers(f"代表建议：{_ended(row.content)}{answered}"),
        f"{row.code}建议", reverse("suggestions:detail", args=[row.pk]),
    )  # fmt: skip


_READERS = {
    Reception: _of_reception,
    Assistance: _of_assistance,
    Activity: _of_activity,
    Suggestion: _of_suggestion,
}


def _ended(words: str) -> str:
    words = " ".join(words.split())
    return words if words.endswith(("。", "！", "？")) else f"{words}。"


def _without(words: str, hidden: tuple[str, ...]) -> str:
    """Without what would tell who it was; numbers of telephones are masked wherever they stand."""
    for secret in sorted(filter(None, hidden), key=len, reverse=True):
        for one in re.split(r"[、，,；;\s]+", secret):
            if len(one) > 1:
                words = words.replace(one, "某某")
    return mask_numbers(words)
