"""The cell that says when, or how, somebody was told the outcome."""

import re
from dataclasses import dataclass
from datetime import date

from common.sheets.cells.base import CellError, CellValue, is_nothing, short_text, squeezed
from common.sheets.cells.dates import DateSpan, parse_date

_NOT_YET = frozenset({"未反馈", "尚未反馈", "待反馈", "未答复", "待答复"})
_SAME_DAY = re.compile(r"当天|当日|即日|当场|现场|即时")
_METHOD = re.compile(
    r"(?:口头|电话|短信|微信|书面|上门|入户|当面|当场|现场|走访|信函|网上|公示|座谈|转达)"
    r"(?:反馈|答复|告知|回复|通知)?|已?(?:反馈|答复|告知|回复)"
)


@dataclass(frozen=True)
class Feedback:
    """When (`on`) and by what means (`method`, in the words of the cell) somebody was told."""

    on: date | None
    method: str
    text: str


def parse_feedback(
    raw: CellValue,
    *,
    day: date | None = None,
    year: int | None = None,
    previous: "DateSpan | date | None" = None,
    not_after: date | None = None,
) -> Feedback:
    """Read a feedback cell: a date, 当天 (then `day`), a method (口头反馈), or both.

    The other arguments are those of `parse_date`. Raises CellError.
    """
    text, words = short_text(raw), squeezed(raw)
    if is_nothing(raw) or words in _NOT_YET:
        return Feedback(None, "", text)
    found = _METHOD.search(words) if isinstance(raw, str) else None
    method = found[0] if found else ""
    rest = words.replace(method, "", 1) if method else words
    if _SAME_DAY.search(words) and not re.search(r"\d", rest):
        return Feedback(_required(day, text), method, text)
    if method and not rest.strip("(),.;、。"):
        return Feedback(None, method, text)
    span = parse_date(
        rest.strip("(),;、") if method else raw, year=year, previous=previous, not_after=not_after
    )
    return Feedback(span.end, method, text)


def _required(day: date | None, text: str) -> date:
    if day is None:
        raise CellError(f"“{text}”要有本行的日期才知道是哪一天，请改写成日期")
    return day
