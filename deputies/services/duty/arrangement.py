"""How a station arranges its duty days: the rule in words, hours, place, how many come."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from common import audit
from common.errors import RuleViolation
from common.words import words_of
from deputies.models import Arrangement
from deputies.recurrence import Unreadable, parse
from deputies.rules import duty as rules
from stations.models import Station
from stations.services import change_station

_FIELDS = (
    "policy", "month_end", "starts_at", "ends_at", "place", "per_day", "minimum", "accepts",
)  # fmt: skip


def arrangement_of(station: Station) -> Arrangement:
    """The station's own arrangement; one of the district's defaults, unsaved, if it has none."""
    own = Arrangement.objects.filter(station=station).first()
    return own or Arrangement(
        station=station,
        per_day=settings.DUTY_PER_DAY,
        minimum=settings.DUTY_MINIMUM,
        place=f"{station.name}接待室",
    )


@transaction.atomic
def change_arrangement(arrangement: Arrangement, *, actor, rule: str | None = None) -> Arrangement:
    """Keep how a station arranges its days, and the rule 接待日 in words if one is given.

    Announced days stay as they are. Refuses who may not manage duty there, a rule that cannot be
    read, and what `rules.check_arrangement` refuses.
    """
    station = (
        Station.objects.select_for_update(of=("self",)).for_page().get(pk=arrangement.station_id)
    )
    if not rules.can_manage_at(actor, station):
        raise PermissionDenied
    rules.check_arrangement(arrangement)
    if rule is not None:
        _change_rule(station, rule.strip(), actor)
    stored = Arrangement.objects.filter(station=station).first()
    old = words_of(stored, _FIELDS) if stored else {}
    arrangement.pk = stored.pk if stored else None
    arrangement.save()
    changes = audit.changes_between(old, words_of(arrangement, _FIELDS))
    if changes:
        audit.record(audit.Action.CHANGE, station, actor=actor, changes=changes, note="接待安排")
    return arrangement


def _change_rule(station: Station, rule: str, actor) -> None:
    if rule == station.reception_days:
        return
    try:
        parse(rule)
    except Unreadable as refusal:
        raise RuleViolation(str(refusal)) from None
    station.reception_days = rule
    change_station(station, actor=actor, version=station.version)
