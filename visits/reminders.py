"""What waits in the registers, a line each in the daily digest of those who keep them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from accounts.planners import register_due
from accounts.roles import Capability
from stations.models import Posting
from visits.models import Opinion

Line = tuple[User, str, str, int | None]
SOON = timedelta(days=3)


def opinion_lines(on: date) -> Iterator[Line]:
    """What waits too long to be decided or accepted, and whose visitor is to be told soon."""
    postings = Posting.objects.who_can(Capability.LOG_RECEPTION).at_stations()
    for user in postings.without_digest(on).users():
        rows = Opinion.objects.visible_to(user).followed_by(user).of_valid()
        counts = rows.waiting_counts(on, on + SOON)
        yield from ((user, words, _address(**where), None) for words, where in _said(counts))


def _said(counts: dict[str, int]) -> Iterator[tuple[str, dict[str, str]]]:
    late = f"超过 {settings.ACCEPT_WORKDAYS} 个工作日"
    if counts["undecided"]:
        yield f"决定怎么处理：{counts['undecided']} 件{late}没有交办或答复", {"step": "route"}
    if counts["unaccepted"]:
        yield f"催承办单位接收：{counts['unaccepted']} 件{late}没有接收", {"step": "accept"}
    said = [
        f"{counts[name]} 件{words}"
        for name, words in (("late", "已超期"), ("today", "今天到期"), ("soon", "三天内到期"))
        if counts[name]
    ]
    if said:
        yield f"向来访人反馈办理结果：{'，'.join(said)}", {"due": "soon"}


def _address(**conditions: str) -> str:
    asked = "&".join(f"{name}={value}" for name, value in conditions.items())
    return f"{reverse('visits:opinion_list')}?{asked}"


# What makes up the digest, by its name in the list of dues: a mailbox that was not opened this
# month is one line more here.
DUES = {"意见": opinion_lines}


def register() -> None:
    for name, lines in DUES.items():
        register_due(name, lines)
