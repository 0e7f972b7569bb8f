"""Unsaved pages of the registers that may still be offered to their user."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.roles import Capability
from common.models import Draft
from stations.models import Station
from visits.models import Activity, Assistance, Reception

OFFERED = 10
AnyRegister = type[Reception] | type[Assistance] | type[Activity]


def draft_form(register: AnyRegister) -> str:
    """Under which name the drafts of a register are kept."""
    return register._meta.model_name or ""


def drafts_of(user, register: AnyRegister = Reception) -> list[Draft]:
    """The newest drafts of `user` for one register, as far as they may still be finished.

    A draft holds what a register holds: it goes out of reach with the station or the row itself.
    """
    rows = Draft.objects.visible_to(user).filter(form=draft_form(register))
    drafts = list(rows.order_by("-updated_at")[:OFFERED])
    stations = Station.objects.where_user_can(user, Capability.LOG_RECEPTION)
    names = {str(pk) for pk in stations.values_list("pk", flat=True)} if drafts else set()
    hidden = _of_rows_out_of_reach(drafts, user, register)
    return [
        draft
        for draft in drafts
        if draft.key not in hidden and set(draft.data.get("station", [])) <= names
    ]


def _of_rows_out_of_reach(drafts: Iterable[Draft], user, register: AnyRegister) -> set:
    keys = [draft.key for draft in drafts]
    standing = register.objects.filter(submission_key__in=keys)
    readable = register.objects.visible_to(user).filter(submission_key__in=keys)
    names = ("submission_key",)
    return {*standing.values_list(*names, flat=True)} - {*readable.values_list(*names, flat=True)}
