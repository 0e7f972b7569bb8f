"""The verbs of 簿二 扶贫帮困办实事: log, change, void."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from common import audit
from common.errors import RuleViolation
from common.words import words_of
from deputies.models import Deputy
from visits import rules
from visits.models import Assistance, AssistanceDeputy, Opinion
from visits.services.entries import (
    as_of_the_day,
    differing,
    locked_for_change,
    names_of,
    require_logger,
    same_or_refuse,
    take_number,
    void_entry,
    write_deputies,
)

_FIELDS = (
    "helped_on", "until", "deputy_names", "beneficiary", "address", "kind", "deed", "money",
    "goods", "source", "households", "people", "state", "finished_on", "witness", "note",
)  # fmt: skip
# Masked in the history as they are on the page.
BENEFICIARY_LABELS = frozenset({"帮扶对象", "帮扶事项", "备注"})


@transaction.atomic
def log_assistance(assistance: Assistance, *, actor, deputies: Sequence[Deputy]) -> Assistance:
    """Enter what deputies did for somebody and give it the next number.

    The same submission sent again makes no second row and returns the first one; with other
    content it raises `AlreadyLogged`. Refuses who may not log at the station, an opinion that
    `actor` may not read, and what `rules.check_assistance` refuses.
    """
    require_logger(actor, assistance.station)
    assistance.deputy_names = names_of(deputies)
    rules.check_assistance(assistance, deputies)
    _check_opinion(assistance, actor)
    before = take_number(assistance, actor=actor)
    if before is not None:
        return same_or_refuse(before, describe_assistance(before), describe_assistance(assistance))
    _write(assistance, deputies)
    audit.record(audit.Action.CREATE, assistance, actor=actor)
    return assistance


@transaction.atomic
def change_assistance(
    assistance: Assistance, *, actor, version: int, deputies: Sequence[Deputy]
) -> Assistance:
    """Change a line of 簿二 to what it should be.

    `version` is the one the user saw: if somebody changed the row since, nothing is written and
    `StaleVersion` carries the row as it is. Refuses void rows, another year, and who may not log
    at the station.
    """
    assistance.deputy_names = names_of(deputies)
    stored = locked_for_change(assistance, actor=actor, version=version)
    rules.check_assistance(assistance, deputies)
    if assistance.opinion_id != stored.opinion_id:
        _check_opinion(assistance, actor)
    _write(assistance, deputies)
    changes = audit.changes_between(describe_assistance(stored), describe_assistance(assistance))
    audit.record(audit.Action.CHANGE, assistance, actor=actor, changes=changes)
    return assistance


@transaction.atomic
def void_assistance(assistance: Assistance, *, actor, reason: str) -> Assistance:
    """作废: the row stays and keeps its number, but counts nowhere. Refuses without a reason."""
    return void_entry(assistance, actor=actor, reason=reason)


def describe_assistance(assistance: Assistance) -> dict[str, str]:
    """Every field that a person fills in, as it reads on the page."""
    words = words_of(assistance, _FIELDS)
    for label, name in (("资金（元）", "money"), ("物资折款（元）", "goods")):
        words[label] = f"{getattr(assistance, name):.2f}"
    approximate = "；".join(assistance.approximate.values())
    return {**words, "约数原文": approximate, "出自意见": _code_of(assistance.opinion)}


def compare_assistance(typed: Assistance, current: Assistance, *, masked: bool) -> list[tuple]:
    """What two versions say differently: (label, as typed, as it stands)."""
    hidden = BENEFICIARY_LABELS - {"帮扶事项"} if masked else ()
    return differing(describe_assistance(typed), describe_assistance(current), hidden=hidden)


def assistance_search_text(assistance: Assistance) -> str:
    """What the list is searched by; whom they helped is searched apart, by who may see it, and so
    left out where the deed names them."""
    deed = assistance.deed
    if assistance.beneficiary:
        deed = deed.replace(assistance.beneficiary, "")
    parts = [assistance.code, assistance.address, assistance.deputy_names, deed]
    return "\n".join(part for part in parts if part)


def helper_of(
    assistance: Assistance,
    deputy: Deputy,
    position: int,
    known: AssistanceDeputy | None = None,
) -> AssistanceDeputy:
    return AssistanceDeputy(
        assistance=assistance, deputy=deputy, position=position, **as_of_the_day(deputy, known)
    )


def _write(assistance: Assistance, deputies: Sequence[Deputy]) -> None:
    assistance.search_text = assistance_search_text(assistance)
    assistance.save()
    write_deputies(
        assistance.helpers,
        lambda known: [
            helper_of(assistance, deputy, position, known.get(deputy.pk))
            for position, deputy in enumerate(deputies, start=1)
        ],
    )


def _check_opinion(assistance: Assistance, actor) -> None:
    opinion = assistance.opinion
    if opinion is None:
        return
    if not Opinion.objects.visible_to(actor).filter(pk=opinion.pk).exists():
        raise RuleViolation("出自的意见不在您可以查看的范围内。")
    if opinion.source.is_void:
        raise RuleViolation("出自的意见已经作废，请去掉后再保存。")


def _code_of(opinion: Opinion | None) -> str:
    return opinion.code if opinion else ""
