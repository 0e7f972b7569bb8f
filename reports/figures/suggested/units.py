"""T7: what each unit handles, and as what."""

from __future__ import annotations

from reports.figures.suggested.counted import TOTAL, Counted, columns_of, rate_column, rows_of
from reports.figures.suggested.items import Found
from reports.links import Links
from reports.percentages import shares
from reports.tables import Figure, Row, Table
from suggestions.choices import Duty

ANSWERING = "应办"
SHARE = rate_column("占比（%）")
NOTES = (
    "一件建议由几个单位分办、或有协办单位的，每个单位算一项，所以项数可以多于件数；"
    "点开列出的是建议，一件只列一次。",
    "只算报告期内提出、已接收编号并交办的建议；已退办、已收回的不算；重办的只算最后一轮。",
    "应办 = 独办 + 主办 + 分办，由单位答复代表，下面各表都以它为准；"
    "协办单位向主办单位提出意见，不直接答复代表，不计入应办。",
    "占比是该单位占全部项数的百分比，按最大余数法保留两位小数，相加正好是 100.00。",
)
_DUTIES = "分工（项）"


def _of(duty: Duty, group: str = _DUTIES) -> Counted:
    return Counted(
        duty.label, lambda item: item.duty == duty, {"duty": duty.value}, group=group
    )  # fmt: skip


_PARTS = (
    _of(Duty.SOLE),
    _of(Duty.LEAD),
    _of(Duty.SEPARATE),
    Counted(ANSWERING, lambda item: item.answers, {"duty": "answering"}, group=_DUTIES),
    _of(Duty.ASSIST),
    Counted(TOTAL, lambda item: True, {"duty": "any"}, group=_DUTIES),
)


def duties(found: Found) -> Table:
    """T7: units by role; 21 items are 13 that answer and 8 that assist."""
    rows = rows_of(found.shares, _PARTS, Links(found.scope))
    parts = shares([row.cells[-1].count for row in rows[:-1]])
    whole = shares([rows[-1].cells[-1].count])
    with_share = [
        Row([*row.cells, Figure(share)], row.kind)
        for row, share in zip(rows, [*parts, *whole], strict=True)
    ]
    columns = [*columns_of(_PARTS), SHARE]
    return Table("T7", "承办单位与分工", "项", columns, with_share, NOTES)
