"""回执: what the visitor takes home, with the code under which to ask how far it is."""

from __future__ import annotations

import secrets

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.roles import Capability
from common import audit
from common.errors import RuleViolation
from visits import rules
from visits.models import Reception
from visits.querysets.receptions import CODE_LENGTH

# Without what looks alike in print: 0 O, 1 I L.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_GROUPS = (3, 3, 4)


@transaction.atomic
def issue_receipt(reception: Reception, *, actor) -> Reception:
    """Give a visit its code, once: asked again, it stays what it is. The log keeps who gave it.

    Refuses who may not keep the register of the station, and a void row.
    """
    stored = Reception.objects.select_for_update(of=("self",)).get(pk=reception.pk)
    if not rules.may(actor, Capability.LOG_RECEPTION, stored):
        raise PermissionDenied
    if stored.is_void:
        raise RuleViolation(f"{stored.code} 已经作废，不能出具回执。")
    if stored.receipt_code:
        return stored
    stored.receipt_code = _unused_code()
    stored.save(update_fields=["receipt_code"])
    audit.record(audit.Action.CHANGE, stored, actor=actor, note="出具回执")
    return stored


def grouped(code: str) -> str:
    """A code as it is printed and read out: ABC-DEF-GHJK."""
    parts, at = [], 0
    for length in _GROUPS:
        parts.append(code[at : at + length])
        at += length
    return "-".join(parts)


def _unused_code() -> str:
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        if not Reception.objects.filter(receipt_code=code).exists():
            return code
