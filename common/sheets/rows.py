"""Tells the rows below a header apart: entries, blanks, subtotals, notes, repeated headers."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Literal

from common.sheets.cells.base import CellValue, normalise, parse_text
from common.sheets.headers import heading_key

SkipReason = Literal["blank", "subtotal", "note", "header"]

_TELLING = 300  # characters that tell what a row is; longer text is an entry's
_NUMBERING = frozenset({"序号", "序", "no", "№", "行号"})
_SUM = re.compile(
    r"[\u4e00-\u9fff0-9()~-]{0,8}(?:小计|合计|总计|累计|共计)(?:[(:].*|[0-9].*)?", re.DOTALL
)
_SENTENCE = re.compile(r"[,。;!?]")
_NUMBER = re.compile(r"[0-9.,、]*")
_NOTE = re.compile(
    r"(?:备注|附注|注|说明|填表说明|填写说明|以上|(?:填表|填报|制表|审核|复核|审批|经办|记录|联系|统计|负责|打印|报送)"
    r"(?:人员?|单位|部门|日期|时间)?(?:签字|签名)?|(?:单位|部门|站|主管|分管)(?:负责人|领导|站长)(?:签字|签名)?"
    r"|签字|签名|盖章|站长|联系电话|第[0-9一二三四五六七八九十]+页)"
    r"(?:[0-9一二三四五六七八九十]*)(?:\([^()]*\))?[:：、]"
)
_NUMERAL = "[0-9〇零一二三四五六七八九十]"
_DAY = re.compile(rf"{_NUMERAL}{{4}}年{_NUMERAL}{{1,3}}月{_NUMERAL}{{1,3}}[日号]")
_PAGE = re.compile(
    r"第[0-9一二三四五六七八九十]+页.{0,12}|\(?(?:以下|此页|本页)(?:为?空白?|完|无内容)\)?"
)


def is_numbering(header_text: str) -> bool:
    """Tell whether a column only numbers the lines."""
    return heading_key(header_text) in _NUMBERING


def skip_reason(
    own: Mapping[int, CellValue],
    *,
    headings: Mapping[int, frozenset[str]],
    numbering: frozenset[int],
    continues: bool,
    spread: int | None,
) -> SkipReason | None:
    """Say why a row is no entry; None when it is one.

    `own` are its values by column, without those filled from merges; `headings` the keys of the
    header's texts by column; `continues` tells that the row goes on a vertical merge, `spread`
    is the column where a cell merged over most of the table begins.
    """
    if spread is None and len(own) > 1 and _starts_plainly(own, numbering):
        return None
    telling = [column for column in own if column not in numbering]
    if not telling:
        is_number = all(_NUMBER.fullmatch(_plain(value)) for value in own.values())
        return "blank" if is_number else _reason_of_text(own, spread=True, continues=False)
    first = min(telling)
    if _is_heading(own[first], first, headings) and _repeats_header(own, headings):
        return "header"
    is_spread = spread is not None and spread <= first
    return _reason_of_text(own, spread=is_spread, continues=continues)


def _starts_plainly(own: Mapping[int, CellValue], numbering: frozenset[int]) -> bool:
    """Whether a row begins with line numbers and then a date: so do most, and none says more."""
    for column, value in own.items():
        kind = type(value)
        if kind is int and column in numbering:
            continue
        return kind is date or kind is datetime
    return False


def _reason_of_text(
    own: Mapping[int, CellValue], *, spread: bool, continues: bool
) -> SkipReason | None:
    if _is_sum(own):
        return "subtotal"
    if spread:
        return "note"
    text = _plain(own[min(own)])
    is_note = _NOTE.match(text) or _PAGE.fullmatch(text)
    if len(own) == 1 and _DAY.fullmatch(text):
        return "note"  # the day below the signatures
    return "note" if is_note and not continues else None


def _plain(value: CellValue) -> str:
    return _plain_text(value) if isinstance(value, str) else _squeeze(parse_text(value))


@lru_cache(maxsize=4096)
def _plain_text(value: str) -> str:
    return _squeeze(parse_text(value)[:_TELLING])


def _squeeze(text: str) -> str:
    return "".join(normalise(text).split())


def _is_heading(value: CellValue, column: int, headings: Mapping[int, frozenset[str]]) -> bool:
    if not isinstance(value, str) or len(value) > _TELLING:
        return False
    return heading_key(value) in headings.get(column, frozenset())


def _repeats_header(own: Mapping[int, CellValue], headings: Mapping[int, frozenset[str]]) -> bool:
    same = sum(_is_heading(value, column, headings) for column, value in own.items())
    return same >= 2 and same * 2 >= len(own)


def _is_sum(own: Mapping[int, CellValue]) -> bool:
    """A subtotal says so in its first cell that is no line number, and not in a sentence."""
    for column in sorted(own):
        value = own[column]
        text = _plain(value)
        if not _NUMBER.fullmatch(text):
            is_sum = isinstance(value, str) and _SUM.fullmatch(text) is not None
            return is_sum and not _SENTENCE.search(text)
    return False
