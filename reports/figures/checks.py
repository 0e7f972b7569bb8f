"""Sums that must agree (DOMAIN §6): each with its figures, so that a reader can add them up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count

from reports.figures import categories, stations
from reports.scope import Scope
from reports.tables import Table
from visits.choices import Satisfaction


@dataclass(frozen=True)
class Check:
    label: str
    formula: str
    ok: bool


def ratings(scope: Scope) -> Counter:
    """How many opinions got each satisfaction, 未评价 among them."""
    found = scope.opinions().values_list("satisfaction").annotate(n=Count("pk"))
    return Counter(dict(found))


def checks(tables: Mapping[str, Table], rated: Mapping[str, int]) -> list[Check]:
    return [
        _heads(tables["T2"]),
        _disposals(tables["T2"], tables["T4"]),
        _months(tables["T2"], tables["T3"]),
        _ratings(tables["T2"], rated),
        _same_opinions(tables["T2"], tables["T4"], tables["T5"]),
    ]


def _heads(work: Table) -> Check:
    visits, heads = work.total_of(stations.VISITS), work.total_of(stations.HEADS)
    ok = visits <= heads
    return Check("批次不多于人次", f"{visits:,} {'≤' if ok else '>'} {heads:,}", ok)


def _disposals(work: Table, disposals: Table) -> Check:
    *known, unknown = [cell.count for cell in disposals.total.cells[1:-2]]
    formula = f"{sum(known):,} + {unknown:,}"
    whole = work.total_of(stations.OPINIONS)
    return _equal("处理方式 + 未填 = 意见", formula, sum(known) + unknown, whole)


def _months(work: Table, by_month: Table) -> Check:
    parts = sum(row.cells[1].count for row in by_month.body)
    return _equal("各月之和 = 全期批次", f"{parts:,}", parts, work.total_of(stations.VISITS))


def _ratings(work: Table, rated: Mapping[str, int]) -> Check:
    unrated = rated.get(Satisfaction.UNRATED, 0)
    given = sum(rated.values()) - unrated
    whole = work.total_of(stations.OPINIONS)
    formula = f"{given:,} + {unrated:,}"
    return _equal("评价 + 未评价 = 意见", formula, given + unrated, whole)


def _same_opinions(work: Table, disposals: Table, townships: Table) -> Check:
    whole = work.total_of(stations.OPINIONS)
    first, second = disposals.total_of(categories.SUM), townships.total_of(categories.SUM)
    ok = whole == first == second
    return Check("T2 = T4 = T5 意见", " = ".join(f"{n:,}" for n in (whole, first, second)), ok)


def _equal(label: str, formula: str, parts: int, whole: int) -> Check:
    ok = parts == whole
    return Check(label, f"{formula} {'=' if ok else '≠'} {whole:,}", ok)
