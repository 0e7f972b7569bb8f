"""意见箱 as the registers know it: letters that become receptions, what is to be opened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from accounts.roles import Capability
from common.errors import RuleViolation
from deputies.models import Deputy
from stations.models import Mailbox, MailboxOpening
from stations.rules import MailboxState, can_void_opening, grants_at, is_opening_due, mailbox_state
from visits.choices import Channel
from visits.models import Reception


@dataclass
class Opened:
    """One opening for its reader: its letters that stand in the register, as far as readable."""

    row: MailboxOpening
    letters: list[Reception]
    may_void: bool

    @property
    def hidden(self) -> int:
        """Letters in the register that this reader may not read: said in number only."""
        return max(self.row.registered - len(self.letters), 0)  # type: ignore[attr-defined]

    @property
    def next_letter(self) -> int:
        return self.row.registered + 1  # type: ignore[attr-defined]

    @property
    def has_more_to_log(self) -> bool:
        return self.row.registered < self.row.letter_count  # type: ignore[attr-defined]

    @property
    def has_too_many(self) -> bool:
        """More letters in the register than were in the box: one of the two figures is wrong."""
        return self.row.registered > self.row.letter_count  # type: ignore[attr-defined]

    @property
    def log_url(self) -> str:
        return log_address(self.row)


@dataclass
class Month:
    """A month of a box: when it was opened; `missed` says why there is nothing."""

    number: int
    opened: list[Opened] = field(default_factory=list)
    missed: MailboxState | None = None


def months_of(mailbox: Mailbox, year: int, today: date, *, reader) -> list[Month]:
    """The months of a year in which the box hung, the latest first; void openings too.

    `mailbox` is read `with_month(today)`.
    """
    opened = _opened(mailbox, year, reader)
    months = []
    for number in range(12, 0, -1):
        first = date(year, number, 1)
        found = opened.get(number, [])
        if found or _hung_in(mailbox, first, today):
            missed = None if _has_valid(found) else _why_not(mailbox, first, today)
            months.append(Month(number, found, missed))
    return months


def _opened(mailbox: Mailbox, year: int, reader) -> dict[int, list[Opened]]:
    rows = mailbox.openings.filter(opened_on__year=year).with_registered()
    found = list(rows.for_page().order_by("-opened_on", "-pk"))
    letters = _letters_of(found, reader)
    by_month: dict[int, list[Opened]] = defaultdict(list)
    for row in found:
        may_void = row.voided_at is None and can_void_opening(reader, row)
        by_month[row.opened_on.month].append(Opened(row, letters[row.pk], may_void))
    return by_month


def _letters_of(openings: Sequence[MailboxOpening], reader) -> dict[int, list[Reception]]:
    rows = Reception.objects.visible_to(reader).valid().filter(opening__in=openings)
    letters: dict[int, list[Reception]] = defaultdict(list)
    for row in rows.order_by("number", "pk"):
        letters[row.opening_id].append(row)
    return letters


def _hung_in(mailbox: Mailbox, first: date, today: date) -> bool:
    """Whether the box hung there in the month that begins on `first`, up to today."""
    taken_down = mailbox.taken_down_on
    begun = (first.year, first.month)
    after = taken_down is not None and (taken_down.year, taken_down.month) < begun
    return (mailbox.hung_on.year, mailbox.hung_on.month) <= begun <= (
        today.year, today.month,
    ) and not after  # fmt: skip


def _has_valid(opened: Sequence[Opened]) -> bool:
    return any(one.row.voided_at is None for one in opened)


def _why_not(mailbox: Mailbox, first: date, today: date) -> MailboxState | None:
    if (first.year, first.month) == (today.year, today.month):
        return mailbox_state(mailbox, today)
    if is_opening_due(mailbox, first):
        return MailboxState("late", "没有开箱", "")
    return None


def boxes_of(user, on: date) -> list[tuple[Mailbox, MailboxState]]:
    """The hanging boxes that `user` may open, each with its state; what is late comes first."""
    rows = Mailbox.objects.where_user_can(user, Capability.KEEP_MAILBOX).hanging()
    boxes = list(rows.with_month(on).for_list().order_by("station__area__code", "pk"))
    found = [(box, mailbox_state(box, on)) for box in boxes]
    rank = {"late": 0, "wait": 1}
    return sorted(found, key=lambda pair: rank.get(pair[1].tone, 2))


def reads_letters(user, mailbox: Mailbox) -> bool:
    """Whether `user` is told which letters stand in the register; an observer is not."""
    return grants_at(user, Capability.VIEW_REGISTER, mailbox.station)


def log_address(opening: MailboxOpening) -> str:
    """The page that enters the next letter of an opening into the register."""
    query = urlencode({"station": opening.mailbox.station_id, "opening": opening.pk})
    return f"{reverse('visits:reception_new')}?{query}"


def waiting_letters(user) -> QuerySet[MailboxOpening]:
    """Openings whose letters `user` is to enter into the register, the oldest first."""
    rows = MailboxOpening.objects.where_user_can(user, Capability.LOG_RECEPTION)
    return rows.with_letters_to_log().for_page()


def waiting_in(mailboxes: Iterable[Mailbox], user) -> dict[int, MailboxOpening]:
    """Of each box the oldest opening with letters that `user` is to enter, by the box's key."""
    rows = waiting_letters(user).filter(mailbox__in=[box.pk for box in mailboxes])
    found: dict[int, MailboxOpening] = {}
    for opening in rows:
        found.setdefault(opening.mailbox_id, opening)
    return found


def next_letter_of(reception: Reception) -> MailboxOpening | None:
    """The opening that a letter came from, while others of its letters wait to be entered."""
    if reception.opening_id is None:
        return None
    rows = MailboxOpening.objects.filter(pk=reception.opening_id).with_letters_to_log()
    return rows.for_page().first()


def log_by(opening: MailboxOpening) -> date:
    """The last day on which a letter of that opening is not entered late (补录)."""
    return opening.opened_on + timedelta(days=settings.LATE_ENTRY_DAYS)


def letter_beginnings(opening: MailboxOpening, *, actor) -> dict:
    """What the reception page of a letter is filled with before anybody types."""
    box = opening.mailbox
    receivers = Deputy.objects.filter(station=box.station_id, name=opening.handed_to)
    keys = list(receivers.in_office().values_list("pk", flat=True)[:2])
    return {
        "received_on": opening.opened_on,
        "place": f"{box.name}（{box.place}）"[:100] if box.place else box.name,
        "channel": Channel.MAILBOX,
        "recorder": str(actor),
        "deputies": keys if len(keys) == 1 else [],  # namesakes: who it was must be said
    }


def hold_opening(reception: Reception) -> None:
    """Lock the opening that a letter came from, until the caller's transaction ends.

    Refuses one of another station, and one that is void.
    """
    if reception.opening_id is None:
        return
    rows = MailboxOpening.objects.select_for_update(of=("self",)).for_page()
    opening = rows.get(pk=reception.opening_id)
    if opening.mailbox.station_id != reception.station_id:
        raise RuleViolation("这封来信出自别的联络站的意见箱。")
    if opening.voided_at:
        raise RuleViolation("这次开箱已经作废，来信不能再登记。")
