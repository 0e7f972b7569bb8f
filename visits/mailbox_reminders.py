"""意见箱 that wait to be opened: a line in the digest of who keeps the key, and of the staff."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from accounts.planners import register_due
from accounts.roles import Capability, Role
from stations.models import Posting
from stations.rules import is_for_keeper
from visits.services.mailboxes import boxes_of

# So many days before the day of the setting the digest begins to speak of it.
DAYS_BEFORE = 5


def mailbox_lines(on: date) -> Iterator[tuple[User, str, str, int | None]]:
    """How many boxes are to be opened this month: from DAYS_BEFORE on, and what is late at once."""
    postings = Posting.objects.who_can(Capability.KEEP_MAILBOX).at_stations()
    for user in postings.without_digest(on).users():
        waiting = [
            (box, state)
            for box, state in boxes_of(user, on)
            if not state.is_done and is_for_keeper(user, box)
        ]
        late = sum(state.is_late for _, state in waiting)
        soon = len(waiting) - late if on.day >= settings.MAILBOX_OPEN_BY - DAYS_BEFORE else 0
        until = f"请在 {settings.MAILBOX_OPEN_BY} 日前开箱"
        said = [f"{count} 个{words}" for count, words in ((late, "已逾期"), (soon, until)) if count]
        if said:
            yield user, f"意见箱还没有开箱：{'，'.join(said)}", _address(user), None


def _address(user) -> str:
    is_observer = user.holds([Role.OBSERVER])
    return "/" if is_observer else f"{reverse('visits:mailbox_list')}?state=todo"


def register() -> None:
    register_due("意见箱", mailbox_lines)
