"""Long work on the suggestions. Each kind asks anew what its owner may do and see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from celery import shared_task
from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.utils import timezone

from accounts.roles import Capability, roles_with
from common.jobs import kinds
from common.jobs.kinds import Kind, Result, Work
from common.listing import conditions_of
from suggestions.documents.ledger import export_ledger
from suggestions.filters import SuggestionFilter
from suggestions.models import Suggestion
from suggestions.querysets import SuggestionQuerySet
from suggestions.services import lapse_overdue_ratings

LEDGER_EXPORT = "suggestions_export"


@dataclass(frozen=True)
class Reader:
    """Who reads: all that a filter asks of a request."""

    user: Any


def may_export(user) -> bool:
    """Whether `user` may take a ledger out at all: not what is read as a deputy or a clerk."""
    return all(
        user.holds(roles_with(one)) for one in (Capability.VIEW_SUGGESTION,
                                                Capability.EXPORT_REGISTER)
    )  # fmt: skip


def chosen_suggestions(user, query: QueryDict) -> tuple[SuggestionQuerySet, str]:
    """The suggestions that the list at this address shows `user`, and its conditions in words.

    A condition that cannot be read chooses nothing.
    """
    rows = Suggestion.objects.visible_to(user)
    if "drill" in query:  # behind a figure only what the figure counts
        rows = Suggestion.objects.reported_to(user)
    conditions = SuggestionFilter(query, queryset=rows, request=Reader(user))
    words = "；".join(f"{one['label']} {one['value']}" for one in conditions_of(conditions))
    return (conditions.qs if conditions.is_valid() else rows.none()), words


def export_suggestions(work: Work) -> Result:
    """The ledger as the list at `arguments["query"]` shows it to the owner now."""
    if not may_export(work.owner):
        raise PermissionDenied
    rows, chosen_by = chosen_suggestions(work.owner, QueryDict(work.arguments["query"]))
    exported = export_ledger(
        rows, work.target, actor=work.owner, chosen_by=chosen_by, progress=work.progress
    )
    return Result(exported.summary, exported.filename)


def register() -> None:
    kinds.register(
        Kind(LEDGER_EXPORT, "导出建议办理台账", export_suggestions, nothing_done="没有生成文件")
    )


@shared_task(name="suggestions.lapse_ratings")
def lapse_ratings() -> int:
    """Each night: what no deputy has rated in time is 未评价. May run twice, and at two places."""
    return lapse_overdue_ratings(timezone.localdate())
