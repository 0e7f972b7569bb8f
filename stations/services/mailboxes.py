"""意见箱: hung, changed, taken down; opened each month, and what was found in it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.roles import Capability, roles_with
from common import audit
from common.errors import RuleViolation, StaleVersion
from common.sheets.cells import chinese_date, normalise_name
from common.words import words_of
from stations import rules
from stations.models import Mailbox, MailboxOpening, Posting

_FIELDS = ("name", "place", "keeper", "hung_on", "taken_down_on")


def describe_mailbox(mailbox: Mailbox) -> dict[str, str]:
    """Every field that a person fills in, as it reads on the page."""
    return words_of(mailbox, _FIELDS)


def compare_mailboxes(typed: Mailbox, current: Mailbox) -> list[tuple]:
    """What two versions say differently: (label, as typed, as it stands)."""
    changes = audit.changes_between(describe_mailbox(typed), describe_mailbox(current))
    return [(label, *pair) for label, pair in changes.items()]


@transaction.atomic
def create_mailbox(mailbox: Mailbox, *, actor) -> Mailbox:
    """Hang a new box at a station.

    Refuses who does not keep the station's page, a name that another box of the station has, and
    what `rules.check_mailbox` refuses.
    """
    if not rules.can_edit(actor, mailbox.station):
        raise PermissionDenied
    _settle(mailbox)
    _save(mailbox)
    audit.record(audit.Action.CREATE, mailbox, actor=actor, note=str(mailbox.station))
    return mailbox


@transaction.atomic
def change_mailbox(mailbox: Mailbox, *, actor, version: int) -> Mailbox:
    """Change a box, or take it down by giving it a `taken_down_on`; without one it hangs again.

    `version` is the one the user saw: if somebody changed the row since, nothing is written and
    `StaleVersion` carries the row as it is. Refuses as `create_mailbox` does, and days that leave
    out an opening on record.
    """
    stored = Mailbox.objects.select_for_update(of=("self",)).for_list().get(pk=mailbox.pk)
    if not rules.can_edit(actor, stored.station):
        raise PermissionDenied
    if stored.version != version:
        raise StaleVersion(stored)
    mailbox.station = stored.station  # a box stays where it hangs
    _settle(mailbox)
    _check_openings(mailbox)
    changes = audit.changes_between(describe_mailbox(stored), describe_mailbox(mailbox))
    if not changes:
        return stored
    mailbox.version = stored.version + 1
    _save(mailbox)
    audit.record(audit.Action.CHANGE, mailbox, actor=actor, changes=changes)
    return mailbox


def _settle(mailbox: Mailbox) -> None:
    mailbox.name = normalise_name(mailbox.name)
    mailbox.keeper = normalise_name(mailbox.keeper)
    rules.check_mailbox(mailbox, timezone.localdate())
    mailbox.keeper_user_id = _account_of(mailbox)


def _account_of(mailbox: Mailbox) -> int | None:
    """The log-in of the keeper, if exactly one person of that name may keep boxes there."""
    if not mailbox.keeper:
        return None
    named = Posting.objects.filter(station=mailbox.station_id, person_name=mailbox.keeper)
    roles = roles_with(Capability.KEEP_MAILBOX)
    keys = set(named.filter(role__in=roles).values_list("user_id", flat=True)) - {None}
    return keys.pop() if len(keys) == 1 else None


def _check_openings(mailbox: Mailbox) -> None:
    days = mailbox.openings.valid().order_by("opened_on").values_list("opened_on", flat=True)
    first, last = days.first(), days.last()
    if first and first < mailbox.hung_on:
        raise RuleViolation(f"{chinese_date(first)}已有开箱记录，设置日期不能在这以后。")
    if last and mailbox.taken_down_on and last > mailbox.taken_down_on:
        raise RuleViolation(f"{chinese_date(last)}还有开箱记录，撤除日期不能在这以前。")


def _save(mailbox: Mailbox) -> None:
    try:
        with transaction.atomic():
            mailbox.save()
    except IntegrityError:
        raise RuleViolation(f"本站已有“{mailbox.name}”。") from None


@transaction.atomic
def record_opening(opening: MailboxOpening, *, actor) -> MailboxOpening:
    """Register that a box was opened, and how many letters were in it.

    Refuses who does not keep the box, a second opening on one day, and what
    `rules.check_opening` refuses: a day to come, letters handed to nobody.
    """
    box = Mailbox.objects.select_for_update(of=("self",)).for_list().get(pk=opening.mailbox_id)
    if not rules.can_keep_mailbox(actor, box):
        raise PermissionDenied
    opening.mailbox = box
    rules.check_opening(opening, timezone.localdate())
    if box.openings.valid().filter(opened_on=opening.opened_on).exists():
        raise RuleViolation(
            f"{chinese_date(opening.opened_on)}已登记过开箱；登记错的，请先作废再重新登记。"
        )
    opening.created_by_id = actor.pk
    opening.save()
    note = f"{chinese_date(opening.opened_on)}开箱，来信 {opening.letter_count} 件"
    audit.record(audit.Action.CREATE, opening, actor=actor, note=note)
    return opening


@transaction.atomic
def void_opening(opening: MailboxOpening, *, actor, reason: str) -> MailboxOpening:
    """作废: the opening stays on record and counts nowhere.

    Refuses who neither registered it nor keeps the station's page, no reason, and an opening of
    which letters stand in the register.
    """
    stored = MailboxOpening.objects.select_for_update(of=("self",)).for_page().get(pk=opening.pk)
    if not rules.can_void_opening(actor, stored):
        raise PermissionDenied
    if stored.voided_at:
        raise RuleViolation("这次开箱已经作废。")
    if not reason.strip():
        raise RuleViolation("请填写作废原因。")
    letters = stored.letters.valid().count()
    if letters:
        raise RuleViolation(f"这次开箱已有 {letters} 封来信登记为接待，请先作废那些接待。")
    stored.voided_at, stored.void_reason = timezone.now(), reason.strip()
    stored.save(update_fields=["voided_at", "void_reason"])
    audit.record(audit.Action.VOID, stored, actor=actor, note=stored.void_reason)
    return stored
