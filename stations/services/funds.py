"""工作经费 of the stations, year by year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction

from common import audit
from common.errors import RuleViolation, StaleVersion
from common.words import words_of
from stations import rules
from stations.models import Fund, Station

_MONEY = ("budget", "allotted", "used")


@dataclass(frozen=True)
class Entered:
    """The line of one station as it was typed; `version` 0 where there was nothing before."""

    station: Station
    budget: Decimal
    allotted: Decimal
    used: Decimal
    note: str = ""
    version: int = 0


class StaleFunds(StaleVersion):
    """Lines that somebody changed since the page was read, by station."""

    def __init__(self, current: dict[int, Fund | None]):
        super().__init__(current)


def describe_fund(fund: Fund) -> dict[str, str]:
    """Every field that a person fills in, as it reads on the page."""
    words = words_of(fund, (*_MONEY, "note"))
    amounts = zip(words, _MONEY, strict=False)  # the note stands last
    return words | {label: _yuan(getattr(fund, name)) for label, name in amounts}


def _yuan(amount: Decimal) -> str:
    return f"{amount:,.2f}".removesuffix(".00")


@transaction.atomic
def set_funds(lines: Sequence[Entered], year: int, *, actor) -> list[Fund]:
    """Write what changed of the funds of a year, all or nothing, and return those rows.

    Lines that say the same as what stands are passed over. Refuses a station that is not the
    actor's to fund, amounts below nothing, and a line that somebody changed since (`StaleFunds`
    with all of these). 已使用 ≤ 已拨付 ≤ 预算 is not insisted on: `rules.funds_odd` says it.
    """
    if not rules.FIRST_FUND_YEAR <= year <= rules.LAST_FUND_YEAR:
        raise RuleViolation("年度不对，请从列表里选。")
    if not all(rules.can_set_funds(actor, line.station) for line in lines):
        raise PermissionDenied
    # The stations first: of a line that does not exist yet there is nothing else to lock.
    keys = sorted(line.station.pk for line in lines)
    list(Station.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
    stored = {fund.station_id: fund for fund in Fund.objects.filter(year=year, station__in=keys)}
    changed = [line for line in lines if _differs(line, stored.get(line.station.pk))]
    stale = {line.station.pk: stored.get(line.station.pk) for line in changed
             if line.version != _version(stored.get(line.station.pk))}  # fmt: skip
    if stale:
        raise StaleFunds(stale)
    return [_write(line, stored.get(line.station.pk), year, actor) for line in changed]


def _version(fund: Fund | None) -> int:
    return fund.version if fund else 0


def _differs(line: Entered, fund: Fund | None) -> bool:
    if fund is None:
        return any(getattr(line, name) for name in _MONEY) or bool(line.note)
    return line.note != fund.note or any(
        getattr(line, name) != getattr(fund, name) for name in _MONEY
    )


def _write(line: Entered, fund: Fund | None, year: int, actor) -> Fund:
    row = fund or Fund(station=line.station, year=year, version=0)
    before = describe_fund(row) if fund else {}
    for name in _MONEY:
        amount = getattr(line, name)
        if not 0 <= amount <= rules.MOST_FUNDS:
            raise RuleViolation(f"{line.station}：金额不对，请核对。")
        setattr(row, name, amount)
    row.note, row.version = line.note[:200], row.version + 1
    row.save()
    action = audit.Action.CHANGE if fund else audit.Action.CREATE
    changes = audit.changes_between(before, describe_fund(row))
    audit.record(action, row, actor=actor, changes=changes)
    return row
