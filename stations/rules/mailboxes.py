"""Who keeps a mailbox, where it stands this month, what an opening must satisfy."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from django.conf import settings

from accounts.roles import Capability
from common.errors import RuleViolation
from common.sheets.cells import chinese_date
from stations.models import Mailbox, MailboxOpening
from stations.rules.access import can_edit, grants_at


def can_keep_mailbox(user, mailbox: Mailbox) -> bool:
    """Whether `user` registers what was found in the box."""
    return grants_at(user, Capability.KEEP_MAILBOX, mailbox.station)


def is_for_keeper(user, mailbox: Mailbox) -> bool:
    """Whether `user` is to be told that the box waits: an observer without its key is not."""
    return mailbox.keeper_user_id in (None, user.pk) or can_edit(user, mailbox.station)


def can_void_opening(user, opening: MailboxOpening) -> bool:
    """Who registered it, or who keeps the station's page."""
    own = opening.created_by_id is not None and opening.created_by_id == user.pk
    keeps = can_keep_mailbox(user, opening.mailbox)
    return keeps and (own or can_edit(user, opening.mailbox.station))


def is_opening_due(mailbox: Mailbox, month: date) -> bool:
    """Whether the box was to be opened in the month of that day: it hung there in time."""
    until = month.replace(day=settings.MAILBOX_OPEN_BY)
    taken_down = mailbox.taken_down_on
    return mailbox.hung_on <= until and (taken_down is None or taken_down > until)


class MailboxState(NamedTuple):
    """Where a box stands this month: a tone for its badge, the word, and why."""

    tone: str
    word: str
    detail: str

    @property
    def is_done(self) -> bool:
        return self.tone in ("ok", "")

    @property
    def is_late(self) -> bool:
        return self.tone == "late"


def mailbox_state(mailbox: Mailbox, on: date) -> MailboxState:
    """The state of a box read `with_month`, on a day of that month."""
    last_month = on.replace(day=1) - timedelta(days=1)
    until = settings.MAILBOX_OPEN_BY
    if mailbox.taken_down_on:
        return MailboxState("", "已撤除", chinese_date(mailbox.taken_down_on))
    if mailbox.opened_on:  # type: ignore[attr-defined]
        day = mailbox.opened_on  # type: ignore[attr-defined]
        letters = f"来信 {mailbox.letters} 件"  # type: ignore[attr-defined]
        return MailboxState("ok", f"已开箱 {day.month}.{day.day}", letters)
    missed = is_opening_due(mailbox, last_month) and not mailbox.opened_before  # type: ignore[attr-defined]
    if missed:
        return MailboxState("late", "逾期未开箱", f"{last_month.month}月没有开箱")
    if not is_opening_due(mailbox, on):
        return MailboxState("", "下月起开箱", f"{chinese_date(mailbox.hung_on)}设置")
    if on.day > until:
        return MailboxState("late", "本月未开箱", f"应于 {until} 日前开箱")
    return MailboxState("wait", "本月未开箱", f"{until} 日前开箱")


def check_mailbox(mailbox: Mailbox, today: date) -> None:
    """Refuse, with the reason in Chinese, a box that cannot hang as it is said to."""
    if not mailbox.name:
        raise RuleViolation("请填写名称。")
    if mailbox.hung_on > today:
        raise RuleViolation("设置日期不能在今天之后。")
    if mailbox.taken_down_on and not mailbox.hung_on <= mailbox.taken_down_on <= today:
        raise RuleViolation("撤除日期应在设置日期之后，不能在今天之后。")


def check_opening(opening: MailboxOpening, today: date) -> None:
    """Refuse, with the reason in Chinese, an opening that cannot have been."""
    box = opening.mailbox
    if opening.opened_on > today:
        raise RuleViolation("开箱日期不能在今天之后。")
    if opening.opened_on < box.hung_on:
        raise RuleViolation(f"这个意见箱{chinese_date(box.hung_on)}才设置。")
    if box.taken_down_on and opening.opened_on > box.taken_down_on:
        raise RuleViolation(f"这个意见箱{chinese_date(box.taken_down_on)}已撤除。")
    if not opening.opened_by:
        raise RuleViolation("请填写开箱人。")
    if opening.letter_count and not opening.handed_to:
        raise RuleViolation("有来信的，请写明交给哪位代表。")
