"""How offices fill the cells of a 办理台账, and what they mean."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from common.sheets.cells import (
    CellError,
    chinese_date,
    is_nothing,
    normalise_name,
    parse_date,
    parse_names,
    parse_rating,
    parse_text,
    parse_tick,
)
from common.sheets.numerals import parse_numeral
from suggestions.choices import Kind, Occasion, ResultClass
from suggestions.rules import NO_LEDGER_BEFORE
from visits.choices import Satisfaction

KINDS = {
    "议案": Kind.MOTION, "批评": Kind.CRITICISM, "建议": Kind.SUGGESTION, "意见": Kind.OPINION,
}  # fmt: skip
RATINGS = {
    "满意": Satisfaction.SATISFIED,
    "基本满意": Satisfaction.MOSTLY,
    "不满意": Satisfaction.UNSATISFIED,
    "": Satisfaction.UNRATED,
}
# Looked for in this order; the first that stands in the words.
_RESULTS = (
    ("参考|解释|说明", ResultClass.NOTED),
    ("以后|今后|条件|暂[时不缓]|不能解决|无法解决|难以解决", ResultClass.LATER),
    ("正在|规划|计划|逐步|部分解决|着手", ResultClass.PLANNED),
    ("未解决|没有解决|没解决", None),
    ("解决|办结|落实|采纳", ResultClass.SOLVED),
)
_LETTER = re.compile(r"(?:结果)?([A-D])(?:类|级|类件)?(?:[:,，（( ].*)?")
_NUMBER = re.compile(r"(闭会|大会)?(?:期间)?[-—]?第?(\d{1,6})[号件]?")
_FOR_NOW = re.compile(r"临\d{1,12}")
_SESSION = re.compile(r"第?([0-9零一二三四五六七八九十]{1,3})届.{0,12}?第?"
                      r"([0-9零一二三四五六七八九十]{1,3})次.{0,10}")  # fmt: skip
_UNITS = re.compile(r"[、，,；;/\s]+")
_PARTS = re.compile(r"[；;\n]")
_LONGEST_UNIT = 60


class Number(NamedTuple):
    """闭会001; `value` is None for what has no number yet."""

    occasion: Occasion
    value: int | None


class Term(NamedTuple):
    """第五届第四次会议."""

    term: int
    number: int


class Unreadable(NamedTuple):
    """What is wrong with a cell that decides where a suggestion stands: it costs the line."""

    message: str


def strictly(parse: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """A cell that may be blank but not wrong."""

    def read(value, context):
        try:
            return parse(value, context)
        except CellError as error:
            return Unreadable(str(error))

    return read


def of_each_unit(parse: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """One value, or one for each unit that answers, parted by ；."""

    def read(value, context) -> tuple:
        parts = _PARTS.split(value) if isinstance(value, str) else [value]
        return tuple(parse(part, context) for part in parts)

    return strictly(read)


def number(value, context) -> Number | None:
    """001, 闭会001, 第003号, 闭会第003号."""
    words = normalise_name(parse_text(value)).replace(" ", "").strip("()")
    if not words:
        return None
    if _FOR_NOW.fullmatch(words):
        return Number(Occasion.BETWEEN, None)
    found = _NUMBER.fullmatch(words)
    if found is None or not int(found[2]):
        raise CellError(f"看不懂编号“{words[:20]}”，请写成 001、闭会001 或 闭会第001号")
    return Number(Occasion.BETWEEN if found[1] == "闭会" else Occasion.SESSION, int(found[2]))


def session(value, context) -> Term | None:
    words = normalise_name(parse_text(value)).replace(" ", "")
    if not words:
        return None
    found = _SESSION.fullmatch(words)
    parts = [parse_numeral(part) for part in found.groups()] if found else []
    if not parts or not all(part and 0 < part < 100 for part in parts):
        raise CellError(f"看不懂届次“{words[:20]}”，请写成 第五届第四次会议")
    return Term(int(parts[0] or 0), int(parts[1] or 0))


def past_day(value, context):
    """A day that has come, and of which a ledger can tell."""
    if is_nothing(value):
        return None
    day = parse_date(value, year=context.year, not_after=context.today).start
    if day < NO_LEDGER_BEFORE:
        raise CellError(f"日期 {chinese_date(day)} 太早，请核对年份")
    return day


def any_day(value, context):
    """A day that may be to come."""
    return None if is_nothing(value) else parse_date(value, year=context.year).start


def names(value, context):
    return parse_names(value, known=context.names)


def units(value, context) -> tuple[str, ...]:
    """区住建局、区水务局."""
    if is_nothing(value):
        return ()
    found = [normalise_name(part) for part in _UNITS.split(parse_text(value))]
    for name in found:
        if len(name) > _LONGEST_UNIT:
            raise CellError(f"单位名称“{name[:20]}…”太长，最多 {_LONGEST_UNIT} 个字")
    return tuple(dict.fromkeys(name for name in found if name))


def document(value, context) -> str:
    words = "" if is_nothing(value) else parse_text(value)
    if len(words) > _LONGEST_UNIT:
        raise CellError(f"文号太长，最多 {_LONGEST_UNIT} 个字")
    return words


def result(value, context) -> str:
    """A, A类, 已解决, 列入规划…"""
    words = normalise_name(parse_text(value))
    if is_nothing(value):
        return ""
    if found := _LETTER.fullmatch(words.upper()):
        return ResultClass(found[1])
    for pattern, meaning in _RESULTS:
        if meaning and re.search(pattern, words):
            return meaning
        if re.search(pattern, words):
            break
    raise CellError(f"看不懂结果类别“{words[:20]}”，请填 A、B、C 或 D")


def rating(value, context) -> Satisfaction:
    return RATINGS[parse_rating(value).value]


def tick(value, context) -> bool:
    return bool(parse_tick(value))
