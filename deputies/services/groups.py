"""代表小组: who belongs to one, and who convenes it."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F

from common import audit
from common.errors import RuleViolation
from common.sheets.cells import normalise_name
from deputies import rules
from deputies.models import Deputy, Group
from stations.models import Area


@transaction.atomic
def create_group(group: Group, *, actor, members: Collection[Deputy] = ()) -> Group:
    """Make a group of a township with its members and convener.

    Refuses who may not manage the township's deputies, a name that another group has, members of
    another township, and a convener who is no member.
    """
    _require_right(actor, group.township)
    _check(group, members)
    _save(group)
    _assign(group, members, actor)
    audit.record(audit.Action.CREATE, group, actor=actor, changes=_as_new(group, members))
    return group


@transaction.atomic
def change_group(group: Group, *, actor, members: Collection[Deputy]) -> Group:
    """Change name, township, members and convener of a group; who is left out belongs to none.

    Refuses what `create_group` refuses, in the old township and in the new one.
    """
    stored = Group.objects.select_for_update(of=("self",)).for_list().get(pk=group.pk)
    for township in [stored.township or group.township, group.township]:
        _require_right(actor, township)
    _check(group, members)
    old = _describe(stored, stored.deputies.order_by("pinyin", "pk"))
    _save(group)
    _assign(group, members, actor)
    changes = audit.changes_between(old, _describe(group, members))
    audit.record(audit.Action.CHANGE, group, actor=actor, changes=changes)
    return group


@transaction.atomic
def group_named(name: str, township: Area, *, actor) -> Group:
    """The group of this name; a new one without members if there is none."""
    known = Group.objects.filter(name=normalise_name(name)).first()
    return known or create_group(Group(name=name, township=township), actor=actor)


def _require_right(actor, township: Area | None) -> None:
    if township is None:
        raise RuleViolation("请先选定小组所在的乡镇街道。")
    if not rules.can_manage_group_in(actor, township):
        raise PermissionDenied


def _check(group: Group, members: Collection[Deputy]) -> None:
    group.name = normalise_name(group.name)
    if not group.name:
        raise RuleViolation("请填写小组名称。")
    for member in members:
        if member.station.township_id != group.township_id:
            raise RuleViolation(f"{member}不在{group.township}，不能编入本组。")
    rules.check_group(members, group.convener)


def _save(group: Group) -> None:
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError:
        raise RuleViolation(f"已有名为“{group.name}”的代表小组。") from None


def _assign(group: Group, members: Collection[Deputy], actor) -> None:
    """Write who belongs to the group, and say so in the history of each who came or went."""
    wanted = {member.pk for member in members}
    before = list(group.deputies.select_for_update(of=("self",)).select_related("group"))
    gone = [deputy for deputy in before if deputy.pk not in wanted]
    known = {deputy.pk for deputy in before}
    came = [member for member in members if member.pk not in known]
    _move(gone, None, actor)
    _move(came, group, actor)


def _move(deputies: Collection[Deputy], group: Group | None, actor) -> None:
    keys = [deputy.pk for deputy in deputies]
    leave_convening(deputies, actor=actor, except_for=group)
    Deputy.objects.filter(pk__in=keys).update(group=group, version=F("version") + 1)
    audit.record_all(
        audit.entry(
            audit.Action.CHANGE,
            deputy,
            actor=actor,
            changes={"代表小组": (str(deputy.group or ""), str(group or ""))},
        )
        for deputy in deputies
    )


def leave_convening(
    deputies: Collection[Deputy], *, actor, except_for: Group | None = None
) -> None:
    """Who leaves a group, or office, convenes it no longer."""
    groups = Group.objects.filter(convener__in=[deputy.pk for deputy in deputies])
    for group in groups.select_related("convener"):
        if group == except_for:
            continue
        changes = {"召集人": (str(group.convener), "")}
        group.convener = None
        group.save(update_fields=["convener"])
        audit.record(audit.Action.CHANGE, group, actor=actor, changes=changes)


def _describe(group: Group, members: Collection[Deputy]) -> dict[str, str]:
    return {
        "名称": group.name,
        "乡镇街道": str(group.township or ""),
        "召集人": str(group.convener or ""),
        "成员": "、".join(str(member) for member in members),
    }


def _as_new(group: Group, members: Collection[Deputy]) -> dict[str, tuple[str, str]]:
    return {label: ("", text) for label, text in _describe(group, members).items() if text}
