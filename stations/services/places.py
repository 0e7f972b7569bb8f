"""Areas and units: found by name, or made on the spot for the office to confirm."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.roles import Capability, roles_with
from common import audit
from common.errors import RuleViolation
from common.sheets.cells import normalise_name
from common.words import words_of
from stations import rules
from stations.models import Area, Unit

_NAMES_UNITS = {*roles_with(Capability.LOG_RECEPTION), *roles_with(Capability.MANAGE_STATIONS)}
_AREA_FIELDS = ("code", "name", "level", "parent", "provisional")


@transaction.atomic
def area_named(name: str, level: str, parent: Area, *, actor) -> Area:
    """The area of this name directly below `parent`; made with a provisional code if unknown.

    The code is the next free one below the parent's, marked 代码待核实. Refuses a name that is
    blank or too long; only who may manage the stations of `parent` makes a new one.
    """
    name = normalise_name(name)
    known = Area.objects.filter(name=name, level=level, code__startswith=parent.code).first()
    if known:
        return known
    if not rules.can_in_area(actor, Capability.MANAGE_STATIONS, parent.code):
        raise PermissionDenied
    _check_name(name, 50)
    parent = Area.objects.select_for_update().get(pk=parent.pk)
    area, created = Area.objects.get_or_create(
        name=name,
        level=level,
        parent=parent,
        defaults={"code": _next_code(parent), "provisional": True},
    )
    if created:
        audit.record(audit.Action.CREATE, area, actor=actor, note=f"代码 {area.code} 待核实")
    return area


def _next_code(parent: Area) -> str:
    """One above the highest code below `parent`; when that is 999, the lowest free one."""
    length = len(parent.code) + 3
    below = Area.objects.within(parent.code).values_list("code", flat=True)
    used = {int(code[-3:]) for code in below if len(code) == length}
    free = [max(used, default=0) + 1, *range(1, 1000)]
    number = next((number for number in free if number <= 999 and number not in used), None)
    if number is None:
        raise RuleViolation(f"“{parent}”下的区划代码已用完。")
    return f"{parent.code}{number:03d}"


@transaction.atomic
def save_area(area: Area, *, actor) -> Area:
    """Write a new or changed area; a new code is carried into the codes of all areas below.

    Refuses a code that does not fit the tree, or one that would collide with another area's.
    The caller sees to it that only administrators come here.
    """
    rules.check_area(area)
    stored = Area.objects.select_for_update().filter(pk=area.pk).first()
    old = words_of(stored, _AREA_FIELDS) if stored else {}
    if stored and stored.code != area.code:
        _renumber(stored, area.code)
    area.save()
    changes = audit.changes_between(old, words_of(area, _AREA_FIELDS)) if stored else {}
    action = audit.Action.CHANGE if stored else audit.Action.CREATE
    audit.record(action, area, actor=actor, changes=changes)
    return area


def _renumber(area: Area, code: str) -> None:
    check_renumbering(area, code)
    below = list(Area.objects.within(area.code).exclude(pk=area.pk))
    for lower in below:
        lower.code = code + lower.code[len(area.code) :]
    Area.objects.bulk_update(below, ["code"])


def check_renumbering(area: Area, code: str) -> None:
    """Refuse a code that another area has, or of which an area below would get another's."""
    stored = Area.objects.filter(pk=area.pk).first()
    moved = {}
    if stored:
        below = Area.objects.within(stored.code).exclude(pk=stored.pk)
        moved = {lower.pk: code + lower.code[len(stored.code) :] for lower in below}
    others = Area.objects.exclude(pk__in=[area.pk, *moved])
    taken = others.filter(code__in=[code, *moved.values()]).first()
    if taken:
        raise RuleViolation(f"代码 {taken.code} 已是“{taken}”的。")


@transaction.atomic
def unit_named(name: str, *, actor) -> Unit:
    """The 承办单位 of this name; one that is seen for the first time is kept as 待确认.

    Refuses who neither logs receptions nor manages stations, and a blank or overlong name.
    """
    if not actor.is_system and not actor.holds(_NAMES_UNITS):
        raise PermissionDenied
    name = normalise_name(name)
    _check_name(name, 60)
    unit, created = Unit.objects.get_or_create(name=name, defaults={"confirmed": False})
    if created:
        audit.record(audit.Action.CREATE, unit, actor=actor, note="首次出现，待确认")
    return unit


def _check_name(name: str, limit: int) -> None:
    if not name:
        raise RuleViolation("名称不能为空。")
    if len(name) > limit:
        raise RuleViolation(f"“{name[:20]}…”太长，名称最多 {limit} 字。")
