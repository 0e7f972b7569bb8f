"""How the result classes are worded: from a day on, and never changed backwards."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from common import audit
from common.errors import RuleViolation
from suggestions import rules
from suggestions.choices import ResultClass
from suggestions.models import ClassWording


@transaction.atomic
def set_class_wording(code: str, *, words: str, valid_from: date, actor) -> ClassWording:
    """Word a result class anew from a day on; letters keep the words they were given in.

    Refuses a day that is past, and one that is not after the wording before it. A wording that is
    not in use yet is replaced.
    """
    if not rules.keeps_settings(actor):
        raise PermissionDenied
    words = words.strip()
    if code not in ResultClass.values or not words:
        raise RuleViolation("请写明这一类的含义。")
    if valid_from < timezone.localdate():
        raise RuleViolation("起用日期不能在今天之前：已经答复的，保留当时的含义。")
    rows = ClassWording.objects.select_for_update().filter(code=code).order_by("valid_from")
    last = list(rows)[-1:]
    if last and last[0].words == words:
        raise RuleViolation(f"{code} 类的含义没有变化。")
    if last and last[0].valid_from > timezone.localdate():
        return _put(last[0], words, valid_from, actor)
    if last and last[0].valid_from == valid_from:
        return _put(last[0], words, valid_from, actor)
    return _put(ClassWording(code=code), words, valid_from, actor)


def _put(row: ClassWording, words: str, valid_from: date, actor) -> ClassWording:
    before = (f"{row.words}（{row.valid_from:%Y-%m-%d} 起）") if row.pk else ""
    row.words, row.valid_from = words, valid_from
    row.save()
    after = f"{words}（{valid_from:%Y-%m-%d} 起）"
    audit.record(audit.Action.CHANGE, row, actor=actor, changes={f"{row.code} 类": (before, after)})
    return row
