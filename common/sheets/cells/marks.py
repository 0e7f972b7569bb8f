"""Cells that hold one of a few marks: ratings and ticks."""

from dataclasses import dataclass

from common.sheets.cells.base import (
    CellError,
    CellValue,
    is_nothing,
    short_text,
    shown,
    squeezed,
)

SATISFIED, FAIRLY_SATISFIED, DISSATISFIED = "满意", "基本满意", "不满意"

_RATINGS = {
    **dict.fromkeys(
        ("满意", "很满意", "非常满意", "十分满意", "特别满意", "√", "✓", "✔", "☑", "好"), SATISFIED
    ),
    **dict.fromkeys(
        ("基本满意", "较满意", "比较满意", "较为满意", "一般", "一般满意", "还可以"),
        FAIRLY_SATISFIED,
    ),
    **dict.fromkeys(
        ("不满意", "不太满意", "很不满意", "非常不满意", "不够满意", "差"), DISSATISFIED
    ),
    **dict.fromkeys(("未评价", "未评", "未测评", "未反馈", "无评价", "待评价", "未填"), ""),
}
_YES = frozenset({"√", "✓", "✔", "☑", "V", "是", "有", "已", "1", "Y", "YES", "TRUE", "对"})
_NO = frozenset(
    {"否", "无", "没有", "未", "×", "X", "✗", "✘", "☒", "0", "N", "NO", "FALSE", "不是"}
)


@dataclass(frozen=True)
class Rating:
    """满意, 基本满意, 不满意, or "" when nobody rated."""

    value: str
    text: str


def parse_rating(raw: CellValue) -> Rating:
    """Read a rating in any of its wordings (满 意, 很满意, √, 一般, /). Raises CellError."""
    text = short_text(raw)
    words = squeezed(raw).strip("。.!")
    if is_nothing(raw):
        return Rating("", text)
    if words not in _RATINGS:
        raise CellError(f"看不懂评价{shown(raw)}，请填 满意、基本满意 或 不满意")
    return Rating(_RATINGS[words], text)


def parse_tick(raw: CellValue) -> bool | None:
    """Read a tick or a yes/no; None when the cell is blank. Raises CellError."""
    if isinstance(raw, bool):
        return raw
    short_text(raw)
    words = squeezed(raw).upper()
    if words in _YES:
        return True
    if words in _NO:
        return False
    if is_nothing(raw):
        return None
    raise CellError(f"看不懂{shown(raw)}，请填 是 或 否")
