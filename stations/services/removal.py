"""Stations that a sheet brought in by mistake."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import ProtectedError

from accounts.roles import Capability
from common import audit
from common.errors import RuleViolation
from stations import rules
from stations.models import Station


@transaction.atomic
def remove_stations(keys: Sequence[int], *, actor) -> int:
    """Delete stations that nothing refers to yet, those below before those above.

    Refuses who may not manage stations there, and a station that has deputies or registers: then
    none is deleted.
    """
    stations = list(Station.objects.filter(pk__in=keys).order_by("-parent", "-pk"))
    for station in sorted(stations, key=lambda station: station.parent_id is None):
        if not rules.can_in_area(actor, Capability.MANAGE_STATIONS, station.township.code):
            raise PermissionDenied
        audit.record(audit.Action.VOID, station, actor=actor, note="撤销导入")
        try:
            station.delete()
        except ProtectedError:
            raise RuleViolation(f"“{station}”已有代表或登记，不能撤销导入。") from None
    return len(stations)
