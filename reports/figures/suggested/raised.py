"""T7A: what deputies raised, of which kind and when, and what the office took on. The stations
and the months of T2 and T3 count the same."""

from __future__ import annotations

from collections.abc import Callable

from reports.figures.suggested.items import Found, Lot
from reports.links import Links
from reports.percentages import rate
from reports.tables import Column, Figure, Kind, Row, RowKind, Table
from suggestions.choices import Kind as Sort
from suggestions.choices import Occasion
from suggestions.querysets.figures import FATE_STATES

RAISED, ADOPTED = "提出", "采纳"
ADOPTION_RATE = "采纳率（%）"
_WHEN, _WHAT = "提出时间（件）", "机关审核（件）"
# Column, and the word of FATE_STATES.
FATES = {
    ADOPTED: "adopted",
    "不予接收": "rejected",
    "转作参考": "reference",
    "待审核": "pending",
}
COLUMNS = (
    Column("种类", Kind.TEXT),
    *(Column(one.label, group=_WHEN) for one in Occasion),
    Column(RAISED, group=_WHEN),
    *(Column(name, group=_WHAT) for name in FATES),
    Column(ADOPTION_RATE, Kind.RATE, group=_WHAT, short="采纳率%"),
    Column("撤回"),
)
# The columns of T2.
OF_STATION = {"建议提出": "raised", "建议采纳": "adopted", "建议办结": "closed"}
STATION_COLUMNS = tuple(
    Column(name, group="代表建议（件）", short=name.removeprefix("建议")) for name in OF_STATION
)
STATION_NOTES = (
    "代表建议按提出日期算，归到领衔代表提出时所在的联络站，撤回的不算；"
    "采纳：已接收并编号；办结：各承办单位的答复都已评价（或逾期未评），不再重办。",
)
NOTES = (
    "提出：报告期内提交的代表建议，按提出日期和领衔代表提出时所在的联络站算；草稿、联名中的不算，"
    "撤回的另列，不计入提出。",
    "采纳：已接收并编号。采纳率 = 采纳 ÷ 提出。",
    "提出 = 采纳 + 不予接收 + 转作参考 + 待审核（含退回修改的）。",
    "办理情况都是生成报告时的现状。",
)


def adoption(found: Found) -> Table:
    """T7A: 建议 批评 意见 议案, 大会 or 闭会, and what became of them before any unit had them."""
    links = Links(found.scope)
    rows = [_row(found, links, sort.label, _of_kind(sort), kind=sort.value) for sort in Sort]
    total = _row(found, links, "合计", lambda lot: True)
    return Table(
        "T7A", "建议的提出和采纳", "件", COLUMNS, [*rows, Row(total.cells, RowKind.TOTAL)], NOTES
    )


def _row(found: Found, links: Links, name: str, own: Callable[[Lot], bool], **asked) -> Row:
    def figure(fate: str, **more) -> Figure:
        fits = _fitting(fate, more.get("occasion", ""))
        url = links.suggestions(**asked, **more, fate=fate)
        return Figure(found.count(lambda lot: own(lot) and fits(lot)), url)

    raised, taken = figure("raised"), [figure(fate) for fate in FATES.values()]
    return Row(
        [
            Figure(name),
            *(figure("raised", occasion=one.value) for one in Occasion),
            raised,
            *taken,
            Figure(rate(taken[0].count, raised.count), raised.url),
            figure("withdrawn"),
        ]
    )


def _of_kind(sort: Sort) -> Callable[[Lot], bool]:
    return lambda lot: lot.kind == sort


def _fitting(fate: str, occasion: str) -> Callable[[Lot], bool]:
    states = FATE_STATES[fate]
    return lambda lot: lot.state in states and occasion in ("", lot.occasion)


def of_station(found: Found, links: Links, station: int | None, place: dict) -> list[Figure]:
    """The columns of T2 for one station; for all of them without one."""
    return [
        Figure(_at(found, station, fate), links.suggestions(place=place, fate=fate))
        for fate in OF_STATION.values()
    ]


def _at(found: Found, station: int | None, fate: str) -> int:
    fits = _fitting(fate, "")
    return found.count(lambda lot: station in (None, lot.station) and fits(lot))


def stations_with_any(found: Found) -> set[int]:
    return {lot.station for lot in found.lots}


def of_month(found: Found, month: tuple[int, int]) -> int:
    """提出 in a month, for T3."""
    return found.count(lambda lot: lot.month == month and lot.state in FATE_STATES["raised"])
