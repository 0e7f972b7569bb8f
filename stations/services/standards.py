"""The lists that stations are held against: editions and their items, kept by the district."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from common import audit
from common.errors import RuleViolation
from common.words import words_of
from stations import rules
from stations.models import Criterion, Standard

_FIELDS = (
    "name", "kind", "edition", "valid_from", "note",
    "three_stars_from", "four_stars_from", "five_stars_from",
)  # fmt: skip
_ITEM_FIELDS = ("group", "words", "points", "source")


@transaction.atomic
def add_standard(standard: Standard, *, actor) -> Standard:
    """A list of another name, empty and not in use yet.

    Refuses who does not keep the standards, a name that has the same edition already, and what
    `rules.check_standard` refuses.
    """
    _require_keeper(actor)
    standard.in_use = False
    _save(standard)
    audit.record(audit.Action.CREATE, standard, actor=actor)
    return standard


@transaction.atomic
def change_standard(standard: Standard, *, actor) -> Standard:
    """Change what stands above the items: name, edition, day, note, points of the stars.

    Refuses who does not keep the standards, an edition that an assessment stands on, and what
    `rules.check_standard` refuses. The form of an edition with items stays.
    """
    stored = _open_edition(standard, actor)
    if standard.kind != stored.kind and stored.criteria.exists():
        raise RuleViolation("已有条目的标准不能改形式，请另建一个标准。")
    changes = audit.changes_between(words_of(stored, _FIELDS), words_of(standard, _FIELDS))
    if not changes:
        return stored
    standard.in_use = stored.in_use
    _save(standard)
    audit.record(audit.Action.CHANGE, standard, actor=actor, changes=changes)
    return standard


@transaction.atomic
def make_edition(standard: Standard, edition: str, *, actor) -> Standard:
    """A new edition with the same items, to be changed and then put in use.

    Refuses who does not keep the standards, and an edition that there is already.
    """
    _require_keeper(actor)
    items = list(standard.criteria.all())
    made = Standard.objects.get(pk=standard.pk)
    made.pk, made.edition, made.in_use, made.valid_from = None, edition.strip(), False, None
    made._state.adding = True
    _save(made)
    for item in items:
        item.pk, item.standard = None, made
        item._state.adding = True
    Criterion.objects.bulk_create(items)
    audit.record(audit.Action.CREATE, made, actor=actor, note=f"由“{standard}”新建版本")
    return made


@transaction.atomic
def put_in_use(standard: Standard, *, actor) -> Standard:
    """Let stations assess themselves by this edition, and no longer by another of its name.

    Assessments by the other edition stay. Refuses who does not keep the standards, and an edition
    without items.
    """
    _require_keeper(actor)
    # All of the name, in one order: of two put in use at once, the later one is.
    editions = Standard.objects.select_for_update().filter(name=standard.name).order_by("pk")
    found = {row.pk: row for row in editions}
    stored = found.get(standard.pk)
    if stored is None:
        raise _removed(standard)
    if stored.in_use:
        return stored
    if not stored.criteria.exists():
        raise RuleViolation(f"“{stored}”还没有条目，请先填写。")
    for other in found.values():
        if other.in_use:
            _switch(other, False, actor)
    return _switch(stored, True, actor)


@transaction.atomic
def take_out_of_use(standard: Standard, *, actor) -> Standard:
    """No station begins an assessment by it any more. Refuses who does not keep the standards."""
    stored = _locked(standard, actor)
    return _switch(stored, False, actor) if stored.in_use else stored


@transaction.atomic
def remove_standard(standard: Standard, *, actor) -> None:
    """Delete an edition with its items.

    Refuses who does not keep the standards, an edition in use, and one an assessment stands on.
    """
    stored = _open_edition(standard, actor)
    if stored.in_use:
        raise RuleViolation(f"“{stored}”在用，请先停用。")
    audit.record(audit.Action.VOID, stored, actor=actor, note="删除")
    stored.delete()


@transaction.atomic
def add_criterion(criterion: Criterion, *, actor) -> Criterion:
    """A new item at the end of its edition.

    Refuses what `change_standard` refuses of an edition, and what `rules.check_criterion` does.
    """
    stored = _open_edition(criterion.standard, actor)
    rules.check_criterion(criterion)
    last = stored.criteria.order_by("position").last()
    criterion.position = last.position + 1 if last else 0
    criterion.save()
    _record_item(stored, "增加条目", ("", _describe(criterion)), actor)
    return criterion


@transaction.atomic
def change_criterion(criterion: Criterion, *, actor) -> Criterion:
    """Change an item's words, group, points or source. Refuses what `add_criterion` refuses."""
    edition = _open_edition(criterion.standard, actor)
    stored = _stored_item(criterion)
    rules.check_criterion(criterion)
    before, after = _describe(stored), _describe(criterion)
    if before == after:
        return stored
    criterion.position = stored.position
    criterion.save(update_fields=_ITEM_FIELDS)
    _record_item(edition, "修改条目", (before, after), actor)
    return criterion


@transaction.atomic
def move_criterion(criterion: Criterion, *, up: bool, actor) -> None:
    """Let an item change places with the one before or after it; at the end nothing happens."""
    edition = _open_edition(criterion.standard, actor)
    items = list(edition.criteria.order_by("position", "pk"))
    at = next((place for place, row in enumerate(items) if row.pk == criterion.pk), None)
    if at is None:
        raise _gone(criterion)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(items):
        return
    items[at], items[to] = items[to], items[at]
    for place, row in enumerate(items):
        row.position = place
    Criterion.objects.bulk_update(items, ["position"])
    _record_item(edition, f"“{criterion.words}”的顺序", (at + 1, to + 1), actor)


@transaction.atomic
def remove_criterion(criterion: Criterion, *, actor) -> None:
    """Delete an item. Refuses what `add_criterion` refuses, and the last one of a list in use."""
    edition = _open_edition(criterion.standard, actor)
    stored = _stored_item(criterion)
    if edition.in_use and edition.criteria.count() == 1:
        raise RuleViolation(f"“{edition}”在用，至少要有一个条目。")
    _record_item(edition, "删除条目", (_describe(stored), ""), actor)
    stored.delete()


def _require_keeper(actor) -> None:
    if not rules.can_keep_standards(actor):
        raise PermissionDenied


def _locked(standard: Standard, actor) -> Standard:
    _require_keeper(actor)
    stored = Standard.objects.select_for_update().filter(pk=standard.pk).first()
    if stored is None:
        raise _removed(standard)
    return stored


def _removed(standard: Standard) -> RuleViolation:
    return RuleViolation(f"“{standard}”已被别人删除。")


def _open_edition(standard: Standard, actor) -> Standard:
    """The edition, locked: while no assessment stands on it, it may be changed.

    Whoever begins an assessment locks it too (`services.assessments`).
    """
    stored = _locked(standard, actor)
    if stored.assessments.exists():
        raise RuleViolation(f"已有联络站按“{stored}”自评，不能再改；要改的，请由它新建一个版本。")
    return stored


def _stored_item(criterion: Criterion) -> Criterion:
    rows = Criterion.objects.select_related("standard")
    stored = rows.filter(pk=criterion.pk, standard=criterion.standard_id).first()
    if stored is None:
        raise _gone(criterion)
    return stored


def _gone(criterion: Criterion) -> RuleViolation:
    return RuleViolation(f"“{criterion.words}”已被别人删除。")


def _describe(criterion: Criterion) -> str:
    described = words_of(criterion, _ITEM_FIELDS).values()
    return "；".join(word for word in described if word not in ("", "0"))


def _record_item(standard: Standard, label: str, pair: tuple, actor) -> None:
    audit.record(audit.Action.CHANGE, standard, actor=actor, changes={label: pair})


def _switch(standard: Standard, in_use: bool, actor) -> Standard:
    standard.in_use = in_use
    standard.save(update_fields=["in_use"])
    words = ("未启用", "在用") if in_use else ("在用", "停用")
    audit.record(audit.Action.CHANGE, standard, actor=actor, changes={"状态": words})
    return standard


def _save(standard: Standard) -> None:
    rules.check_standard(standard)
    try:
        with transaction.atomic():
            standard.save()
    except IntegrityError:
        raise RuleViolation(f"已有“{standard}”，请改版本的名称。") from None
