"""Long work on the registers. Each kind asks anew what its owner may do and see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import QueryDict

from accounts.roles import Capability, Role, roles_with
from common.jobs import kinds
from common.jobs.kinds import Kind, Result, Work
from common.listing import conditions_of
from visits import documents
from visits.filters import ReceptionFilter
from visits.models import Reception
from visits.querysets import ReceptionQuerySet

RECEPTIONS_EXPORT = "receptions_export"


@dataclass(frozen=True)
class Reader:
    """Who reads: all that a filter asks of a request."""

    user: Any


def chosen_receptions(user, query: QueryDict) -> tuple[ReceptionQuerySet, str]:
    """The receptions that the list at this address shows `user`, and its conditions in words.

    Void ones too: the file counts them. A condition that cannot be read chooses nothing.
    """
    rows = Reception.objects.visible_to(user)
    conditions = ReceptionFilter(query, queryset=rows, request=Reader(user))
    words = "；".join(f"{one['label']} {one['value']}" for one in conditions_of(conditions))
    return (conditions.qs if conditions.is_valid() else rows.none()), words


def export_receptions(work: Work) -> Result:
    """簿一 as the list at `arguments["query"]` shows it to the owner now; logged as any export."""
    if not work.owner.holds([*roles_with(Capability.VIEW_REGISTER), Role.DEPUTY]):
        raise PermissionDenied
    rows, chosen_by = chosen_receptions(work.owner, QueryDict(work.arguments["query"]))
    exported = documents.export_rows(
        rows, work.target, actor=work.owner, chosen_by=chosen_by, progress=work.progress
    )
    return Result(exported.summary, exported.filename)


def register() -> None:
    kinds.register(
        Kind(
            RECEPTIONS_EXPORT,
            "导出代表来访接待登记簿",
            export_receptions,
            nothing_done="没有生成文件",
        )
    )
