"""Long work on the registers. Each kind asks anew what its owner may do and see."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from celery import shared_task
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import QueryDict

from accounts.roles import Capability, Role, roles_with
from common.jobs import kinds
from common.jobs.kinds import Kind, Result, Work
from common.listing import AddressFilter, conditions_of
from visits import documents
from visits.choices import Register
from visits.filters import ActivityFilter, AssistanceFilter, ReceptionFilter
from visits.models import Activity, Assistance, Reception, RegisterEntry
from visits.services import attachments

RECEPTIONS_EXPORT = "receptions_export"


@dataclass(frozen=True)
class Reader:
    """Who reads: all that a filter asks of a request."""

    user: Any


@dataclass(frozen=True)
class EntryList:
    """A list of a register: its rows, the conditions of its address, the job that exports it."""

    model: type[RegisterEntry]
    conditions: type[AddressFilter]
    export: str


LISTS = {
    entries.model.register: entries
    for entries in (
        EntryList(Reception, ReceptionFilter, RECEPTIONS_EXPORT),
        EntryList(Assistance, AssistanceFilter, "assistance_export"),
        EntryList(Activity, ActivityFilter, "activities_export"),
    )
}


def chosen_entries(register: Register, user, query: QueryDict) -> tuple[QuerySet, str]:
    """The entries that the list at this address shows `user`, and its conditions in words.

    Void ones too: the file counts them. A condition that cannot be read chooses nothing.
    """
    entries = LISTS[register]
    rows = entries.model.objects.visible_to(user)
    conditions = entries.conditions(query, queryset=rows, request=Reader(user))
    words = "；".join(f"{one['label']} {one['value']}" for one in conditions_of(conditions))
    return (conditions.qs if conditions.is_valid() else rows.none()), words


def export_entries(register: Register, work: Work) -> Result:
    """A register as the list at `arguments["query"]` shows it to the owner now; logged as any
    export."""
    if not work.owner.holds([*roles_with(Capability.VIEW_REGISTER), Role.DEPUTY]):
        raise PermissionDenied
    rows, chosen_by = chosen_entries(register, work.owner, QueryDict(work.arguments["query"]))
    exported = documents.export_rows(
        rows, work.target, actor=work.owner, chosen_by=chosen_by, progress=work.progress
    )
    return Result(exported.summary, exported.filename)


export_receptions = partial(export_entries, Register.RECEPTION)


@shared_task(name="visits.sweep_attachments")
def sweep_attachments():
    """Delete the files of attachments that were removed long enough ago."""
    attachments.sweep_attachments()


def register() -> None:
    for which, entries in LISTS.items():
        kinds.register(
            Kind(
                entries.export,
                f"导出{which.label}",
                partial(export_entries, which),
                nothing_done="没有生成文件",
            )
        )
