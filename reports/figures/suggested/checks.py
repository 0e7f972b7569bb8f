"""Sums of the tables of suggestions that must agree (DOMAIN §6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from reports.figures.checks import Check, equal
from reports.figures.suggested import answers, later, raised, units
from reports.figures.suggested.counted import TOTAL
from reports.tables import Table
from suggestions.choices import Duty

ABOUT = "suggestions"
MEND = "打开这些建议核对办理记录，再重新取数。"


def agreeing(tables: Mapping[str, Table]) -> list[Check]:
    return [replace(check, about=ABOUT, mend=MEND) for check in _checks(tables)]


def _checks(tables: Mapping[str, Table]) -> list[Check]:
    raising, timed, classed = tables["T7A"], tables["T8"], tables["T9"]
    rated, again, promised = tables["T10"], tables["T11"], tables["T13"]
    return [
        _sum("采纳 + 未采纳 + 待审核 = 提出", raising, raised.FATES, raised.RAISED),
        _months(raising, tables["T3"]),
        _sum("独办 + 主办 + 分办 + 协办 = 合计", tables["T7"], Duty.labels, TOTAL),
        _units(tables["T7"]),
        _same("T7 应办 = T8 应办", tables["T7"].total_of(units.ANSWERING), timed, answers.DUE),
        _sum("已答复 + 未答复 = 应办", timed, answers.TIMINGS, answers.DUE),
        _sum("A + B + C + D + 未定 = 已答复", classed, answers.CLASSES, answers.REPLIED),
        *(
            _sum(f"对{side}：评价 + 未评价 = 已答复", rated,
                 [f"{side}{word}" for word in answers.RATINGS], answers.REPLIED)
            for side in answers.SIDES
        ),
        _sum("重办中 + 已重新答复 = 重办", again, (later.AGAIN, later.ANSWERED), later.REDONE),
        _sum("已续办 + 未续办 = 承诺续办", promised, (later.FOLLOWED, later.WAITING),
             later.PROMISED),
    ]  # fmt: skip


def _sum(label: str, table: Table, names: Iterable[str], whole: str) -> Check:
    parts = [table.total_of(name) for name in names]
    formula = " + ".join(f"{part:,}" for part in parts)
    return _whole(label, formula, sum(parts), table, whole)


def _units(table: Table) -> Check:
    parts = sum(table.figure(TOTAL, row).count for row in table.body)
    return _whole("各单位之和 = 合计", f"{parts:,}", parts, table, TOTAL)


def _months(raising: Table, months: Table) -> Check:
    parts = sum(row.cells[-1].count for row in months.body)
    return _whole("各月之和 = 提出", f"{parts:,}", parts, raising, raised.RAISED)


def _same(label: str, count: int, table: Table, name: str) -> Check:
    return _whole(label, f"{count:,}", count, table, name)


def _whole(label: str, formula: str, parts: int, table: Table, name: str) -> Check:
    """The parts against the column `name`, which opens the rows to look at."""
    found = table.figure(name)
    return equal(label, formula, parts, found.count, url=found.url)
