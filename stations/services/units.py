"""承办单位: entered, changed, confirmed, and a misspelt one merged into the one that was meant."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError

from common import audit
from common.errors import RuleViolation, StaleVersion
from common.sheets.cells import normalise_name
from common.words import words_of
from stations import rules
from stations.models import Unit

_FIELDS = ("name", "area", "confirmed", "active")
_ROWS_AT_ONCE = 1000


def describe_unit(unit: Unit) -> dict[str, str]:
    """Every field that a person fills in, as it reads on the page."""
    return words_of(unit, _FIELDS)


def compare_units(typed: Unit, current: Unit) -> list[tuple]:
    """What two versions say differently: (label, as typed, as it stands)."""
    changes = audit.changes_between(describe_unit(typed), describe_unit(current))
    return [(label, *pair) for label, pair in changes.items()]


@transaction.atomic
def create_unit(unit: Unit, *, actor) -> Unit:
    """Enter a new unit. Refuses who does not manage the units of its area, a blank name, and one
    that another unit has."""
    _require_right_to(unit, actor)
    _save(unit)
    audit.record(audit.Action.CREATE, unit, actor=actor)
    return unit


@transaction.atomic
def change_unit(unit: Unit, *, actor, version: int) -> Unit:
    """Change a unit to what it should be; 停用 is a change of `active`, and rows keep the unit.

    `version` is the one the user saw: if somebody changed the row since, nothing is written and
    `StaleVersion` carries the row as it is. Refuses who does not manage the units of its area, or
    of the one it moves to, and what `create_unit` refuses of a name.
    """
    stored = _locked([unit.pk])[unit.pk]
    _require_right_to(stored, actor)
    _require_right_to(unit, actor)
    if stored.version != version:
        raise StaleVersion(stored)
    unit.name = normalise_name(unit.name)
    changes = audit.changes_between(describe_unit(stored), describe_unit(unit))
    if not changes:
        return stored
    unit.version = stored.version + 1
    _save(unit)
    audit.record(audit.Action.CHANGE, unit, actor=actor, changes=changes)
    return unit


@transaction.atomic
def confirm_unit(unit: Unit, *, actor) -> Unit:
    """Say that a unit that came in by a sheet, or was typed, is one and is written right."""
    stored = _locked([unit.pk])[unit.pk]
    stored.confirmed = True
    return change_unit(stored, actor=actor, version=stored.version)


@transaction.atomic
def merge_units(unit: Unit, *, into: Unit, actor) -> int:
    """Give all that refers to `unit` to `into`, delete `unit`, and return how many rows moved.

    Each row that moved has its line in the log. Refuses who does not manage both units, what
    `rules.check_merge` refuses, and units of which both have what only one may have: then nothing
    moves.
    """
    both = _locked([unit.pk, into.pk])
    unit, into = both[unit.pk], both[into.pk]
    for row in (unit, into):
        _require_right_to(row, actor)
    rules.check_merge(unit, into)
    moved = references_to(unit)
    for reference in _references():
        _repoint(reference, unit, into, actor)
    counts = "、".join(f"{name} {count} 条" for name, count in moved.items())
    audit.record(audit.Action.VOID, unit, actor=actor, note=f"并入“{into}”")
    note = f"“{unit}”并入本单位" + (f"：{counts}" if counts else "")
    audit.record(audit.Action.CHANGE, into, actor=actor, note=note)
    try:
        unit.delete()
    except ProtectedError:  # a row that was saved while the others moved
        raise RuleViolation(f"刚刚又有登记用到“{unit}”，请再并一次。") from None
    return sum(moved.values())


def _references() -> Iterator[models.ForeignObject]:
    """Every key of any app that refers to a unit, those without a way back among them."""
    for relation in Unit._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel):
            yield relation.field


def references_to(unit: Unit) -> dict[str, int]:
    """How many rows of each kind refer to the unit, by the name of the kind."""
    found: dict[str, int] = {}
    for reference in _references():
        count = reference.model._base_manager.filter(**{reference.name: unit}).count()
        if count:
            name = str(reference.model._meta.verbose_name)
            found[name] = found.get(name, 0) + count
    return found


def _repoint(reference: models.ForeignObject, unit: Unit, into: Unit, actor) -> None:
    rows = reference.model._base_manager.filter(**{reference.name: unit})
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    label, pair = str(reference.verbose_name), (unit.name, into.name)
    for start in range(0, len(keys), _ROWS_AT_ONCE):
        part = keys[start : start + _ROWS_AT_ONCE]
        # Many a row is called after its unit.
        found = reference.model._base_manager.select_related(reference.name).filter(pk__in=part)
        audit.record_all(
            audit.entry(audit.Action.CHANGE, row, actor=actor, changes={label: pair}, note="并入")
            for row in found
        )
    try:
        with transaction.atomic():
            rows.update(**{reference.name: into})
    except IntegrityError:
        kind = reference.model._meta.verbose_name
        raise RuleViolation(
            f"“{unit}”和“{into}”有相同的{kind}，请先在其中一个单位里处理掉再合并。"
        ) from None


def _locked(keys: list[int]) -> dict[int, Unit]:
    """The units of these keys, locked in one order whoever asks."""
    rows = Unit.objects.select_for_update(of=("self",)).for_page().filter(pk__in=keys)
    found = {row.pk: row for row in rows.order_by("pk")}
    if len(found) < len(set(keys)):
        raise RuleViolation("这个单位刚刚被并入别的单位，请回到名录再看。")
    return found


def _require_right_to(unit: Unit, actor) -> None:
    if not rules.can_manage_unit(actor, unit):
        raise PermissionDenied


def _save(unit: Unit) -> None:
    unit.name = normalise_name(unit.name)
    if not unit.name:
        raise RuleViolation("请填写单位名称。")
    try:
        with transaction.atomic():
            unit.save()
    except IntegrityError:
        raise RuleViolation(
            f"已有名为“{unit.name}”的承办单位；要是写错了的同一个单位，请用“并入”。"
        ) from None
