"""The verbs of a deputy: create, change (also move and leave)."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.rules import follows_register
from accounts.services import rename_account
from common import audit
from common.errors import RuleViolation, StaleVersion
from common.pinyin import spell
from common.sheets.cells import normalise_name
from common.words import words_of
from deputies import rules
from deputies.choices import DeputyState
from deputies.models import Deputy, Mandate
from deputies.services.duty.leaving import leave_duty
from deputies.services.groups import leave_convening
from deputies.services.log_ins import follow_phone, place_posting
from stations.models import Station

_FIELDS = (
    "name", "gender", "ethnicity", "born", "party", "education", "employer", "phone", "station",
    "group", "state", "note",
)  # fmt: skip
# Hidden in the history from those to whom the page shows a masked phone.
PHONE_LABEL = "联系电话"


class SameName(RuleViolation):
    """Somebody of this name is at the station already; who means another person says so."""

    def __init__(self, other: Deputy):
        levels = "、".join(str(mandate) for mandate in other.mandates.all())
        super().__init__(
            f"{other.station}已有“{other}”（{levels or other.get_state_display()}）。"
            "确是另一个人，请勾选“确有同名”后再保存。"
        )
        self.other = other


def describe(deputy: Deputy) -> dict[str, str]:
    """Every field that a person fills in, as it reads on the page."""
    return words_of(deputy, _FIELDS)


def compare(typed: Deputy, current: Deputy) -> list[tuple]:
    """What two versions say differently: (label, as typed, as it stands)."""
    changes = audit.changes_between(describe(typed), describe(current))
    return [(label, *pair) for label, pair in changes.items()]


@transaction.atomic
def create_deputy(
    deputy: Deputy, *, actor, mandates: Sequence[Mandate] = (), same_name: bool = False
) -> Deputy:
    """Enter a deputy at a station, with what they are deputy of.

    Refuses who may not manage deputies there, and a group of another township; raises `SameName`
    if the station has somebody of this name, unless told that it is another person.
    """
    if not rules.can_manage_at(actor, deputy.station):
        raise PermissionDenied
    # Two clicks come one after the other, and the second finds the first one's deputy.
    Station.objects.select_for_update().get(pk=deputy.station_id)
    _settle(deputy)
    if not same_name:
        _require_only_name(deputy)
    deputy.save()
    held: list[Mandate] = []
    for mandate in mandates:
        rules.check_mandate(mandate, held)
        mandate.deputy = deputy
        mandate.save()
        held.append(mandate)
    audit.record(
        audit.Action.CREATE, deputy, actor=actor, note="、".join(str(mandate) for mandate in held)
    )
    return deputy


@transaction.atomic
def change_deputy(deputy: Deputy, *, actor, version: int, same_name: bool = False) -> Deputy:
    """Change a deputy to what they should be; pinyin, log-in and convener follow.

    An account that has other roles too keeps its name and phone. Who leaves office or the township
    is taken off the duty days to come.

    `version` is the one the user saw: if somebody changed the row since, nothing is written and
    `StaleVersion` carries the row as it is. Who moves to another station must be managed at both;
    past receptions keep the name, station and level of their day. Raises `SameName` as
    `create_deputy` does when the name or the station changes. Refuses a group of
    another township, and a new mobile number that the log-in would follow to, if another account
    has it.
    """
    stored = Deputy.objects.select_for_update(of=("self",)).for_page().get(pk=deputy.pk)
    if not rules.can_manage(actor, stored) or not rules.can_manage_at(actor, deputy.station):
        raise PermissionDenied
    if stored.version != version:
        raise StaleVersion(stored)
    _settle(deputy)
    renamed = deputy.name != stored.name
    if (renamed or deputy.station_id != stored.station_id) and not same_name:
        _require_only_name(deputy)
    changes = audit.changes_between(describe(stored), describe(deputy))
    if not changes:
        return deputy
    deputy.version = stored.version + 1
    deputy.save()
    if deputy.user and renamed and follows_register(deputy.user):
        rename_account(deputy.user, deputy.name, actor=actor)
    follow_phone(deputy, stored.phone, actor=actor)
    place_posting(deputy, actor=actor)
    leave_duty(deputy, actor=actor)
    if deputy.group_id != stored.group_id or deputy.state != DeputyState.IN_OFFICE:
        leave_convening([deputy], actor=actor)
    audit.record(audit.Action.CHANGE, deputy, actor=actor, changes=changes)
    return deputy


def _settle(deputy: Deputy) -> None:
    deputy.name = normalise_name(deputy.name)
    if not deputy.name:
        raise RuleViolation("请填写姓名。")
    if deputy.group:
        rules.check_group_at(deputy.group, deputy.station)
    deputy.pinyin, deputy.initials = spell(deputy.name)


def _require_only_name(deputy: Deputy) -> None:
    others = Deputy.objects.filter(station=deputy.station_id, name=deputy.name)
    other = others.exclude(pk=deputy.pk).for_list().first()
    if other:
        raise SameName(other)
