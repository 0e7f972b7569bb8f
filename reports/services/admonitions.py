"""提醒、约谈、劝辞: the district writes down what it did."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from common import audit
from common.errors import RuleViolation
from deputies.models import Deputy
from reports import rules
from reports.choices import Step
from reports.ladder import absences_of
from reports.models import Admonition, RecordSetting


@transaction.atomic
def record_admonition(admonition: Admonition, *, actor) -> Admonition:
    """Write down that a deputy was reminded, talked to, or advised to resign.

    Refuses everybody but the district's office, a day to come, a step that the absences of the
    year do not call for, and the same step of a year twice.
    """
    if not rules.is_district(actor):
        raise PermissionDenied
    Deputy.objects.select_for_update(of=("self",)).get(pk=admonition.deputy_id)
    today, step = timezone.localdate(), Step(admonition.step)
    if not admonition.year <= admonition.on.year or admonition.on > today:
        raise RuleViolation(f"日期应在 {admonition.year} 年年初以后、今天以前。")
    admonition.absences = absences_of(admonition.deputy, admonition.year, today)
    rules.check_admonition(step, admonition.absences, RecordSetting.current())
    same = Admonition.objects.standing().of_year(admonition.year).filter(step=step)
    if same.filter(deputy=admonition.deputy_id).exists():
        raise RuleViolation(f"{admonition.year}年{admonition.done}，已经登记过了。")
    admonition.created_by_id = actor.pk
    admonition.save()
    audit.record(audit.Action.CREATE, admonition, actor=actor)
    return admonition


@transaction.atomic
def void_admonition(admonition: Admonition, *, actor, reason: str) -> Admonition:
    """作废 what was written down by mistake; refuses without a reason, and a second time."""
    if not rules.is_district(actor):
        raise PermissionDenied
    stored = Admonition.objects.select_for_update(of=("self",)).get(pk=admonition.pk)
    if stored.voided_at:
        raise RuleViolation("这一条已经作废。")
    if not reason.strip():
        raise RuleViolation("请写明作废的原因。")
    stored.voided_at, stored.void_reason = timezone.now(), reason.strip()[:200]
    stored.save(update_fields=["voided_at", "void_reason"])
    audit.record(audit.Action.VOID, stored, actor=actor, note=stored.void_reason)
    return stored
