"""What every verb of an opinion begins and ends with: rows under lock, and their entry told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from common import audit
from common.errors import RuleViolation
from common.words import words_of
from visits.models import Activity, Opinion, Reception
from visits.services.describe import OPINION_FIELDS, search_text

A_MOMENT = timedelta(seconds=10)
TRIES = 5  # against merges that come in between


def locked_opinion(opinion: Opinion) -> Opinion:
    return locked_opinions([opinion])[opinion.pk]


def locked_opinions(opinions: Iterable[Opinion]) -> dict[int, Opinion]:
    """The opinions under lock, read anew; their entries are locked first, in one order, as the
    change of an entry does. Refuses one that is no longer there."""
    wanted = list(opinions)
    visits = sorted({o.reception_id for o in wanted if o.reception_id})
    held = sorted({o.activity_id for o in wanted if o.activity_id})
    list(Reception.objects.select_for_update(of=("self",)).filter(pk__in=visits).order_by("pk"))
    list(Activity.objects.select_for_update(of=("self",)).filter(pk__in=held).order_by("pk"))
    keys = [opinion.pk for opinion in wanted]
    rows = Opinion.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    found = {row.pk: row for row in rows.for_list()}
    if len(found) != len(set(keys)):
        raise RuleViolation("这条意见已被改动，请刷新页面。")
    return found


class _GrownMeanwhile(Exception):
    """Another opinion was merged while the locks were waited for."""


def locked_with_followers(opinion: Opinion) -> tuple[Opinion, list[Opinion]]:
    """An opinion and what was merged into it, under lock in the order of `locked_opinions`.

    If another was merged while this waited, all locks are given back and taken anew: that one
    could only be locked out of order.
    """
    merged = Opinion.objects.filter(merged_into=opinion.pk)
    for _ in range(TRIES):
        try:
            with transaction.atomic():  # a savepoint: leaving it by an error gives the locks back
                found = locked_opinions([opinion, *merged.all()])
                if set(merged.values_list("pk", flat=True)) - set(found):
                    raise _GrownMeanwhile
        except _GrownMeanwhile:
            continue
        stored = found.pop(opinion.pk)
        return stored, [row for row in found.values() if row.merged_into_id == opinion.pk]
    raise RuleViolation("这一件刚刚有人办理过，请看过最新情况再操作。")


def require_latest(opinion: Opinion, seen: int | None) -> None:
    """Refuse a page that shows less than what has happened since."""
    if seen is not None and last_step(opinion) != seen:
        raise RuleViolation("这一件刚刚有人办理过，请看过最新情况再操作。")


def last_step(opinion: Opinion) -> int:
    """The key of the latest step, 0 before the first: what a form remembers having seen."""
    return opinion.steps.order_by("-pk").values_list("pk", flat=True).first() or 0


def describe_facts(opinion: Opinion) -> dict[str, str]:
    """Every fact of an opinion as it reads on the page."""
    facts = words_of(opinion, (*OPINION_FIELDS, "closed_on"))
    return {**facts, "状态": opinion.get_state_display()}


def source_changed(
    opinion: Opinion, before: Mapping[str, str], after: Mapping[str, str], *, actor, note: str
) -> None:
    """The entry has another version and other words to be found by; its history says why."""
    source = opinion.source
    changes = {
        f"意见{opinion.position}·{label}": pair
        for label, pair in audit.changes_between(before, after).items()
    }
    audit.record(audit.Action.CHANGE, source, actor=actor, changes=changes, note=note[:500])
    rows = type(source).objects.filter(pk=source.pk)
    if isinstance(source, Reception):
        rows.update(
            version=F("version") + 1, search_text=search_text(source, list(source.opinions.all()))
        )
    else:
        rows.update(version=F("version") + 1)


def sent_twice(opinion: Opinion, act: str, *, actor, seen: int) -> bool:
    """Whether what was refused as out of date is what the same person did a moment ago from the
    same page: a double click, which deserves the answer of the first one."""
    since = list(opinion.steps.filter(pk__gt=seen))
    return bool(since) and all(
        step.actor_id == actor.pk and timezone.now() - step.at < A_MOMENT for step in since
    ) and since[0].act == act  # fmt: skip
