"""The tree of 问题类别, kept by the district: two levels, in an order of its own."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, QuerySet

from common import audit
from common.errors import RuleViolation
from common.sheets.cells import normalise_name
from stations import rules
from stations.models import Category

NAME_CHARACTERS = 30


@transaction.atomic
def add_category(name: str, *, actor, parent: Category | None = None) -> Category:
    """A new category at the end of its level: below `parent`, or on top.

    Refuses who does not keep the categories, a blank or overlong name, one that another category
    beside it has, and a third level.
    """
    _require_keeper(actor)
    name = _checked(name)
    if parent is not None:
        parent = _locked(parent)
        if parent.parent_id:
            raise RuleViolation(f"“{parent.name}”已是小类，下面不能再分。")
        if not parent.active:
            raise RuleViolation(f"“{parent.name}”已停用，请先恢复再加小类。")
    beside = list(_level(parent))
    _check_free(name, beside)
    last = beside[-1].position if beside else -1
    category = Category(name=name, parent=parent, position=last + 1)
    _save(category)
    audit.record(audit.Action.CREATE, category, actor=actor, note=_path(category))
    return category


@transaction.atomic
def rename_category(category: Category, name: str, *, actor, was: str) -> Category:
    """Give a category another name; rows that hold it show the new one.

    `was` is the name the user saw: refuses if somebody gave it another since, and what
    `add_category` refuses of a name.
    """
    _require_keeper(actor)
    stored = _locked(category)
    name = _checked(name)
    if stored.name == name:
        return stored
    if stored.name != was:
        raise RuleViolation(f"“{was}”刚刚被别人改成“{stored.name}”，请核对后再改。")
    _check_free(name, [row for row in _level(stored.parent) if row.pk != stored.pk])
    stored.name = name
    _save(stored)
    _record(stored, {"名称": (was, name)}, actor)
    return stored


@transaction.atomic
def move_category(category: Category, *, up: bool, actor) -> Category:
    """Let a category change places with the one before or after it; at the end nothing happens."""
    _require_keeper(actor)
    stored = _locked(category)
    level = list(_level(stored.parent))
    at = next(place for place, row in enumerate(level) if row.pk == stored.pk)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(level):
        return stored
    old = level[at].position
    level[at], level[to] = level[to], level[at]
    for place, row in enumerate(level):
        row.position = place
    Category.objects.bulk_update(level, ["position"])
    if level[to].position != old:
        _record(stored, {"顺序": (at + 1, to + 1)}, actor)
    return level[to]


@transaction.atomic
def set_category_active(category: Category, *, active: bool, actor) -> Category:
    """停用: neither it nor what is below it is offered; rows keep it. 恢复: offered again."""
    _require_keeper(actor)
    stored = _locked(category)
    if stored.active == active:
        return stored
    stored.active = active
    stored.save(update_fields=["active"])
    words = {True: "使用中", False: "已停用"}
    _record(stored, {"状态": (words[not active], words[active])}, actor)
    return stored


@transaction.atomic
def remove_category(category: Category, *, actor) -> None:
    """Delete a category that no row holds. Refuses one that is used, or that has others below."""
    _require_keeper(actor)
    stored = _locked(category)
    if stored.children.exists():
        raise RuleViolation(f"“{stored.name}”下面还有小类，请先删除小类，或改为停用。")
    audit.record(audit.Action.VOID, stored, actor=actor, note=f"删除{_path(stored)}")
    try:
        stored.delete()
    except ProtectedError:
        raise RuleViolation(f"“{stored.name}”已有登记使用，不能删除，可以停用。") from None


def _require_keeper(actor) -> None:
    if not rules.can_keep_categories(actor):
        raise PermissionDenied


def _locked(category: Category) -> Category:
    found = Category.objects.select_for_update(of=("self",)).filter(pk=category.pk)
    stored = found.select_related("parent").first()
    if stored is None:
        raise RuleViolation(f"“{category.name}”已被别人删除。")
    return stored


def _level(parent: Category | None) -> QuerySet[Category]:
    """The categories side by side, locked and in order: what is added or moved last is last."""
    rows = Category.objects.select_for_update(of=("self",)).filter(parent=parent)
    return rows.order_by("position", "pk")


def _checked(name: str) -> str:
    name = normalise_name(name)
    if not name:
        raise RuleViolation("请填写名称。")
    if len(name) > NAME_CHARACTERS:
        raise RuleViolation(f"名称最多 {NAME_CHARACTERS} 字。")
    return name


def _check_free(name: str, beside: list[Category]) -> None:
    taken = next((row for row in beside if row.name == name), None)
    if taken and taken.active:
        raise RuleViolation(f"已有“{name}”。")
    if taken:
        raise RuleViolation(f"已有停用的“{name}”，请在下面恢复它。")


def _save(category: Category) -> None:
    try:
        with transaction.atomic():
            category.save()
    except IntegrityError:
        raise RuleViolation(f"已有“{category.name}”。") from None


def _path(category: Category) -> str:
    return f"{category.parent.name} › {category.name}" if category.parent else category.name


def _record(category: Category, changes: dict, actor) -> None:
    audit.record(audit.Action.CHANGE, category, actor=actor, changes=changes, note=_path(category))
