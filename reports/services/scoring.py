"""The district settles how years are scored, and whether they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction

from common import audit
from common.errors import RuleViolation, StaleVersion
from common.words import words_of
from reports import rules
from reports.choices import RecordClass
from reports.models import RecordSetting, ScoreRule

_LADDER = ("remind_from", "talk_from", "advise_from")
_POINTS = ("base", "extra", "cap")


@transaction.atomic
def switch_scoring(on: bool, *, actor) -> RecordSetting:
    """Switch scores on or off; on only with rules to score by. Only the district's office may."""
    setting = _locked(actor)
    if on and not ScoreRule.objects.filter(cap__gt=0).exists():
        raise RuleViolation("请先填写积分办法，再启用。")
    if setting.scoring == on:
        return setting
    old = words_of(setting, ["scoring"])
    setting.scoring = on
    return _saved(setting, actor, old, ["scoring"])


@transaction.atomic
def change_ladder(steps: Iterable[int], *, actor, version: int) -> RecordSetting:
    """From how many absences without leave on the district reminds, talks, advises to resign.

    Refuses everybody else, thresholds that do not rise, and a stale `version`.
    """
    setting = _locked(actor)
    if setting.version != version:
        raise StaleVersion(setting)
    old = words_of(setting, _LADDER)
    for name, least in zip(_LADDER, steps, strict=True):
        setattr(setting, name, least)
    rules.check_ladder(setting)
    return _saved(setting, actor, old, _LADDER)


@transaction.atomic
def set_score_rules(
    points: Mapping[RecordClass, tuple[Decimal, Decimal, Decimal]], *, actor, valid_from: int
) -> list[ScoreRule]:
    """The rules from `valid_from` on, as (first, each further, at most) a class of record; a class
    whose cap is 0 does not score. Years before keep theirs.

    Refuses everybody but the district's office, and a first that is above its cap.
    """
    setting = _locked(actor)
    known = {
        rule.record: rule
        for rule in ScoreRule.objects.select_for_update().filter(valid_from=valid_from)
    }
    saved, changes = [], {}
    for record, (base, extra, cap) in points.items():
        if base > cap:
            raise RuleViolation(f"“{record.label}”第一次的分数不能高于最多的分数。")
        rule = known.get(record) or ScoreRule(record=record, valid_from=valid_from)
        before = _in_words(rule) if rule.pk else ""
        rule.base, rule.extra, rule.cap = base, extra, cap
        rule.save()
        saved.append(rule)
        if before != _in_words(rule):
            changes[f"{record.label}（{valid_from}年起）"] = (before, _in_words(rule))
    audit.record(audit.Action.CHANGE, setting, actor=actor, changes=changes, note="积分办法")
    return saved


def _in_words(rule: ScoreRule) -> str:
    return f"{rule.base:.1f}＋{rule.extra:.1f}，最多 {rule.cap:.1f}"


def _locked(actor) -> RecordSetting:
    if not rules.is_district(actor):
        raise PermissionDenied
    RecordSetting.objects.get_or_create(pk=1, defaults={"version": 0})
    return RecordSetting.objects.select_for_update().get(pk=1)


def _saved(setting: RecordSetting, actor, old: dict[str, str], names) -> RecordSetting:
    setting.version += 1
    setting.save()
    changes = audit.changes_between(old, words_of(setting, names))
    audit.record(audit.Action.CHANGE, setting, actor=actor, changes=changes)
    return setting
