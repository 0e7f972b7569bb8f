"""A deputy's own side: days on which they cannot come, and the feed for their phone."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

from common import audit
from common.errors import RuleViolation
from deputies.models import Deputy, Feed, Unavailability
from deputies.models.duty import random_key
from deputies.rules import duty as rules

LONGEST = timedelta(days=366)
MOST = 60


@transaction.atomic
def set_unavailable(
    deputy: Deputy, from_day: date, to_day: date, *, actor, note: str = ""
) -> Unavailability:
    """Keep days on which the deputy cannot come; the next planning leaves them free.

    Refuses who is neither the deputy nor manages duty at their station, and an end before the
    beginning.
    """
    _require_right(deputy, actor)
    if to_day < from_day:
        raise RuleViolation("结束日期不能早于开始日期。")
    if to_day - from_day > LONGEST:
        raise RuleViolation("一次最多填一年；长期不能来的，请联系联络站。")
    known = deputy.unavailabilities.filter(from_day=from_day, to_day=to_day).first()
    if known:
        return known
    if deputy.unavailabilities.count() >= MOST:
        raise RuleViolation(f"已有 {MOST} 条不便日期，请先删去不再需要的。")
    kept = Unavailability.objects.create(
        deputy=deputy, from_day=from_day, to_day=to_day, note=note.strip()[:100]
    )
    audit.record(audit.Action.CHANGE, deputy, actor=actor, changes={"不便日期": ("", _words(kept))})
    return kept


@transaction.atomic
def unset_unavailable(kept: Unavailability, *, actor) -> None:
    """The deputy can come on these days after all."""
    _require_right(kept.deputy, actor)
    changes = {"不便日期": (_words(kept), "")}
    audit.record(audit.Action.CHANGE, kept.deputy, actor=actor, changes=changes)
    kept.delete()


@transaction.atomic
def feed_of(deputy: Deputy, *, actor) -> Feed:
    """The deputy's own feed, made when first asked for. Refuses anybody else."""
    if not rules.is_own(actor, deputy):
        raise PermissionDenied
    return Feed.objects.get_or_create(deputy=deputy)[0]


@transaction.atomic
def renew_feed(deputy: Deputy, *, actor) -> Feed:
    """Give the feed a new address; phones that know the old one get nothing any more."""
    feed = feed_of(deputy, actor=actor)
    feed.key = random_key()
    feed.save(update_fields=["key"])
    audit.record(audit.Action.CHANGE, deputy, actor=actor, note="更换日历订阅地址")
    return feed


def _require_right(deputy: Deputy, actor) -> None:
    if not (rules.is_own(actor, deputy) or rules.can_manage_at(actor, deputy.station)):
        raise PermissionDenied


def _words(kept: Unavailability) -> str:
    return f"{kept.from_day:%Y-%m-%d} 至 {kept.to_day:%Y-%m-%d}"
