"""What waits in the registers, a line each in the daily digest of those who keep them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from accounts.models import User
from accounts.planners import register_due
from accounts.roles import Capability
from stations.models import Posting
from visits.models import Opinion


def feedback_lines(on: date) -> Iterator[tuple[User, str, str, int | None]]:
    """How many visitors are to be told what came of their matter: overdue, and due today."""
    postings = Posting.objects.who_can(Capability.LOG_RECEPTION).at_stations()
    for user in postings.without_digest(on).users():
        waiting = Opinion.objects.visible_to(user).of_valid().awaiting_feedback()
        urgency = waiting.urgency(on)
        said = [
            f"{count} 件{words}"
            for count, words in ((urgency["late"], "已超期"), (urgency["today"], "今天到期"))
            if count
        ]
        if said:
            url = f"{reverse('visits:opinion_list')}?progress=not_fed_back"
            yield user, f"向来访人反馈办理结果：{'，'.join(said)}", url, None


def register() -> None:
    register_due("反馈", feedback_lines)
