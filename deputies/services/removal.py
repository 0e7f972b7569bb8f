"""Deputies that a sheet brought in by mistake."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import ProtectedError

from common import audit
from common.errors import RuleViolation
from deputies import rules
from deputies.models import Deputy


@transaction.atomic
def remove_deputies(keys: Sequence[int], *, actor) -> int:
    """Delete deputies whom nothing refers to yet, with their mandates.

    Refuses who may not manage deputies there, and a deputy with a log-in or a register row: then
    none is deleted.
    """
    deputies = list(Deputy.objects.for_page().filter(pk__in=keys))
    for deputy in deputies:
        if not rules.can_manage(actor, deputy):
            raise PermissionDenied
        if deputy.user_id:
            raise RuleViolation(f"{deputy}已开通登录，不能撤销导入。")
        audit.record(audit.Action.VOID, deputy, actor=actor, note="撤销导入")
        try:
            deputy.delete()
        except ProtectedError:
            raise RuleViolation(f"{deputy}已有登记记录，不能撤销导入。") from None
    return len(deputies)
