"""The verbs of a station: create, change (also close)."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.roles import Capability
from common import audit
from common.errors import RuleViolation, StaleVersion
from common.sheets.cells import normalise_name
from common.words import words_of
from stations import rules
from stations.choices import StationState
from stations.models import Area, Station

_FIELDS = (
    "name", "kind", "parent", "township", "village", "address", "floor_area", "phone",
    "reception_days", "star", "built_on", "state",
)  # fmt: skip


def describe(station: Station) -> dict[str, str]:
    """Every field that a person fills in, as it reads on the page."""
    return words_of(station, _FIELDS)


def compare(typed: Station, current: Station) -> list[tuple]:
    """What two versions say differently: (label, as typed, as it stands)."""
    changes = audit.changes_between(describe(typed), describe(current))
    return [(label, *pair) for label, pair in changes.items()]


@transaction.atomic
def create_station(station: Station, *, actor) -> Station:
    """Enter a new station; its scope is its village, or the township if it has none.

    Refuses who may not manage stations in that township, a name that another station has, and
    what `rules.check_station` refuses.
    """
    if not rules.can_in_area(actor, Capability.MANAGE_STATIONS, station.township.code):
        raise PermissionDenied
    _settle(station)
    _save(station)
    audit.record(audit.Action.CREATE, station, actor=actor)
    return station


@transaction.atomic
def change_station(station: Station, *, actor, version: int) -> Station:
    """Change a station to what it should be.

    `version` is the one the user saw: if somebody changed the row since, nothing is written and
    `StaleVersion` carries the row as it is. Staff of the station change its address, phone,
    reception days, area and building date; name, kind, place, star and state are refused to who
    may not manage stations there (in a new township too). Refuses to close a station that still
    has deputies in office or open stations below it.
    """
    stored = Station.objects.select_for_update(of=("self",)).for_page().get(pk=station.pk)
    _require_right_to(station, stored, actor)
    if stored.version != version:
        raise StaleVersion(stored)
    _settle(station)
    if station.state == StationState.CLOSED and stored.state != StationState.CLOSED:
        _check_empty(stored)
    changes = audit.changes_between(describe(stored), describe(station))
    if not changes:
        return station
    station.version = stored.version + 1
    _save(station)
    audit.record(audit.Action.CHANGE, station, actor=actor, changes=changes)
    return station


def _require_right_to(station: Station, stored: Station, actor) -> None:
    if not rules.can_edit(actor, stored):
        raise PermissionDenied
    above = [name for name in rules.DECIDED_ABOVE if _of(station, name) != _of(stored, name)]
    if not above:
        return
    moved_to = station.township.code
    if not rules.can_manage(actor, stored) or not rules.can_in_area(
        actor, Capability.MANAGE_STATIONS, moved_to
    ):
        raise PermissionDenied


def _of(station: Station, name: str):
    """The stored value of a field: a key where it is a relation, so nothing is fetched."""
    return station.serializable_value(name)


def _settle(station: Station) -> None:
    station.name = normalise_name(station.name)
    if not station.name:
        raise RuleViolation("请填写站名。")
    # One after the other in a township: two at once would both be its only centre.
    Area.objects.select_for_update().get(pk=station.township_id)
    rules.check_station(station)
    station.area = station.village or station.township


def _check_empty(station: Station) -> None:
    deputies = station.deputies.in_office().count()
    if deputies:
        raise RuleViolation(f"本站还有 {deputies} 位在任代表，请先转到别的站再撤销。")
    below = station.children.exclude(state=StationState.CLOSED).count()
    if below:
        raise RuleViolation(f"本站还有 {below} 个下级站点，请先撤销或改挂别的站。")


def _save(station: Station) -> None:
    try:
        with transaction.atomic():
            station.save()
    except IntegrityError:
        raise RuleViolation(f"已有名为“{station.name}”的联络站。") from None
