"""Sums that must agree (DOMAIN §6): each with its figures, so that a reader can add them up, and
where they do not, with what to mend and the rows to mend it in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q, Sum

from reports.figures import categories, funds, stations
from reports.links import Links
from reports.scope import Scope
from reports.tables import Table
from visits.choices import Satisfaction


@dataclass(frozen=True)
class Check:
    label: str
    formula: str
    ok: bool
    about: str = ""  # "suggestions": shown beside their tables
    mend: str = ""  # what to do about it
    url: str = ""  # the rows that break it, or may
    warns: bool = False  # said, but no reason to hold a report back


@dataclass(frozen=True)
class Panel:
    """Checks that are shown together."""

    checks: Sequence[Check]

    @property
    def wrong(self) -> int:
        return sum(not check.ok for check in self.checks)


def ratings(scope: Scope) -> Counter:
    """How many opinions got each satisfaction, 未评价 among them."""
    found = scope.opinions().values_list("satisfaction").annotate(n=Count("pk"))
    return Counter(dict(found))


def checks(
    tables: Mapping[str, Table], rated: Mapping[str, int], links: Links | None = None
) -> list[Check]:
    """What the tables of the registers must agree in; `links` to say where to mend it."""
    visits, opinions = tables["T2"].figure(stations.VISITS), tables["T2"].figure(stations.OPINIONS)
    unsorted = links.opinions(disposal="none") if links else opinions.url
    return [
        _heads(tables["T2"], visits.url),
        _disposals(tables["T2"], tables["T4"], unsorted),
        _months(tables["T2"], tables["T3"], visits.url),
        _ratings(tables["T2"], rated, opinions.url),
        _same_opinions(tables["T2"], tables["T4"], tables["T5"], opinions.url),
    ]


def checks_of_records(scope: Scope, tables: Mapping[str, Table]) -> list[Check]:
    """What single rows must satisfy: the people of an activity, the funds of a station."""
    found = [presence(scope)]
    if "T14" in tables and tables["T14"].body:
        found.append(_funds(scope, tables["T14"]))
    return found


def presence(scope: Scope) -> Check:
    """实到＋请假＋缺席＝应到, activity by activity: a sheet's figures stand as on paper."""
    fits = Q(due_count=F("present_count") + F("leave_count") + F("absent_count"))
    sums = scope.activities().aggregate(
        came=Sum("present_count", default=0),
        leave=Sum("leave_count", default=0),
        absent=Sum("absent_count", default=0),
        due=Sum("due_count", default=0),
        odd=Count("pk", filter=~fits),
    )
    formula = f"{sums['came']:,} + {sums['leave']:,} + {sums['absent']:,}"
    whole = equal("", formula, sums["came"] + sums["leave"] + sums["absent"], sums["due"])
    said = f"{whole.formula}，{sums['odd']:,} 次活动对不上" if sums["odd"] else whole.formula
    return Check(
        "活动实到 + 请假 + 缺席 = 应到", said, not sums["odd"],
        mend="打开对不上的活动，核对人数后保存。", url=Links(scope).activities(light="counts"),
    )  # fmt: skip


def _funds(scope: Scope, table: Table) -> Check:
    used, allotted, budget = (
        table.total_of(name) for name in (funds.USED, funds.ALLOTTED, funds.BUDGET)
    )
    odd = funds.odd_funds(scope)
    formula = f"{used:,}、{allotted:,}、{budget:,}"
    return Check(
        "已使用 ≤ 已拨付 ≤ 预算", f"{formula}，{odd} 个站不符" if odd else formula, not odd,
        mend="核对这些站的预算、拨付和使用；确实如此的，可以照发。",
        url=Links(scope).funds(show="odd"), warns=True,
    )  # fmt: skip


def _heads(work: Table, url: str) -> Check:
    visits, heads = work.total_of(stations.VISITS), work.total_of(stations.HEADS)
    ok = visits <= heads
    mend = "核对来访人数：一次接待至少 1 人。"
    formula = f"{visits:,} {'≤' if ok else '>'} {heads:,}"
    return Check("批次不多于人次", formula, ok, mend=mend, url=url)


def _disposals(work: Table, disposals: Table, url: str) -> Check:
    *known, unknown = [cell.count for cell in disposals.total.cells[1:-2]]
    formula = f"{sum(known):,} + {unknown:,}"
    whole = work.total_of(stations.OPINIONS)
    mend = "补填没有填处理方式的意见，再重新取数。"
    return equal("处理方式 + 未填 = 意见", formula, sum(known) + unknown, whole, mend, url)


def _months(work: Table, by_month: Table, url: str) -> Check:
    parts = sum(row.cells[1].count for row in by_month.body)
    whole = work.total_of(stations.VISITS)
    mend = "核对接待日期，再重新取数。"
    return equal("各月之和 = 全期批次", f"{parts:,}", parts, whole, mend, url)


def _ratings(work: Table, rated: Mapping[str, int], url: str) -> Check:
    unrated = rated.get(Satisfaction.UNRATED, 0)
    given = sum(rated.values()) - unrated
    whole = work.total_of(stations.OPINIONS)
    formula = f"{given:,} + {unrated:,}"
    mend = "核对意见的满意度，再重新取数。"
    return equal("评价 + 未评价 = 意见", formula, given + unrated, whole, mend, url)


def _same_opinions(work: Table, disposals: Table, townships: Table, url: str) -> Check:
    whole = work.total_of(stations.OPINIONS)
    first, second = disposals.total_of(categories.SUM), townships.total_of(categories.SUM)
    ok = whole == first == second
    formula = " = ".join(f"{n:,}" for n in (whole, first, second))
    mend = "核对意见所属的联络站和类别，再重新取数。"
    return Check("T2 = T4 = T5 意见", formula, ok, mend=mend, url=url)


def equal(label: str, formula: str, parts: int, whole: int, mend: str = "", url: str = "") -> Check:
    ok = parts == whole
    shown = f"{formula} {'=' if ok else '≠'} {whole:,}"
    return Check(label, shown, ok, mend=mend, url=url)
