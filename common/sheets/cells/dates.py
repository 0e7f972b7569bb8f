"""Dates as offices write them: one day, a span of days, a third of a month, a whole month."""

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from common.sheets.cells.base import (
    CellError,
    CellValue,
    is_ditto,
    is_nothing,
    normalise,
    parse_text,
    short_text,
    shown,
)
from common.sheets.numerals import CHINESE_NUMERALS, parse_digits, parse_numeral

_SERIAL_ZERO = date(1899, 12, 30)  # the 1900 system, past its phantom 29 February
_SERIALS = range(32874, 73416)  # 1990-01-01 … 2100-12-31
_YEARS = range(1900, 2101)
_REMEDY = "请写成 2024-3-5 或 2024年3月5日 的形式"

_LOOKALIKES = str.maketrans({"。": ".", "·": ".", "\\": "/"} | dict.fromkeys("‐‑‒–—−", "-"))
_LATIN_ZERO = re.compile(rf"(?<=[{CHINESE_NUMERALS}])[Oo](?=[{CHINESE_NUMERALS}])")
_WEEKDAY = re.compile(r"[(\[【]?(?:星期|周|礼拜)[一二三四五六日天1-6][)\]】]?")
_CLOCK = r"[0-9]{1,2}(?::[0-9]{2}){1,2}(?:\.[0-9]+)?|[0-9]{1,2}[时点](?:半|[0-9]{1,2}分?|整)?"
_DAYTIME = r"上午|下午|中午|早上|早晨|晚上|凌晨|傍晚|全天"
_TIME = re.compile(
    rf"[(T,]?(?:(?:{_DAYTIME})|(?:{_DAYTIME})?(?<![0-9])(?:{_CLOCK})"
    rf"(?:[-~至到](?:{_DAYTIME})?(?:{_CLOCK}))?)\)?"
)
_CHINESE_YEAR = re.compile(rf"([{CHINESE_NUMERALS}0-9]{{2,4}})年")
_CHINESE_NUMBER = re.compile(rf"[{CHINESE_NUMERALS}]+")
_RANGE_MARK = re.compile(r"至|到|-+|[~、和]")

_DAY = re.compile(r"(?:(\d{4}|\d{2})([年./-]))?(\d{1,2})([月./-])(\d{1,2})(?:日|号)?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_BARE_DAY = re.compile(r"(\d{1,2})(?:日|号)?", re.ASCII)
_PART_OF_MONTH = re.compile(
    r"(?:(\d{4}|\d{2})(?:年|[./-]))?(\d{1,2})月(?:份)?(上旬|中旬|下旬|初|中|底|末)?", re.ASCII
)
_YEAR_AND_MONTH = re.compile(r"(\d{4})(?:年|[./-])(\d{1,2})", re.ASCII)
_NUMBER = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_PARTS = {"上旬": (1, 10), "初": (1, 10), "中旬": (11, 20), "中": (11, 20)}


@dataclass(frozen=True)
class DateSpan:
    """One day (start = end), several days, or an approximate part of a month; or nothing."""

    start: date | None
    end: date | None
    text: str
    approximate: bool = False


@dataclass(frozen=True)
class _Days:
    """A span under construction; `dated` tells that its text named the year itself."""

    start: date
    end: date
    approximate: bool = False
    dated: bool = True


def parse_date(
    raw: CellValue,
    *,
    year: int | None = None,
    previous: "DateSpan | date | None" = None,
    not_after: date | None = None,
) -> DateSpan:
    """Read a date cell; a blank one, or a stroke, gives a span without days.

    `year` completes 3月5日; `previous` is what 同上 stands for; a day after `not_after`
    (usually today) is refused. Raises CellError.
    """
    text = short_text(raw)
    if is_nothing(raw):
        return DateSpan(None, None, text)
    if is_ditto(raw):
        return _same_as(previous, text)
    days = _read(raw, year)
    latest = days.start if days.approximate else days.end
    if not_after is not None and latest > not_after:
        raise CellError(f"日期 {chinese_date(latest)} 在今天之后，请核对年份和日期")
    return DateSpan(days.start, days.end, text, days.approximate)


def chinese_date(day: date) -> str:
    """Write a day as 2024年3月5日."""
    return f"{day.year}年{day.month}月{day.day}日"


def _same_as(previous: "DateSpan | date | None", text: str) -> DateSpan:
    if isinstance(previous, date):
        return DateSpan(previous, previous, text)
    if previous is None or previous.start is None:
        raise CellError(f"“{text}”的上一行没有日期，{_REMEDY}")
    return replace(previous, text=text)


def _read(raw: CellValue, year: int | None) -> _Days:
    if isinstance(raw, datetime):
        return _Days(raw.date(), raw.date())
    if isinstance(raw, date):
        return _Days(raw, raw)
    if isinstance(raw, bool) or raw is None:
        raise CellError(f"{shown(raw)}不是日期，{_REMEDY}")
    if isinstance(raw, str):
        return _read_text(parse_text(raw), year)
    return _read_number(raw, year)


def _read_number(number: float, year: int | None) -> _Days:
    """Read 20240305, 45356 (with a time of day as its fraction), 3.5 and 2024.3 from a number."""
    whole = int(number) if abs(number) < 1e9 else 0
    if whole in _SERIALS:
        day = _SERIAL_ZERO + timedelta(days=whole)
        return _Days(day, day)
    text = parse_text(number)
    days = _read_text(text, year)
    # A cell that shows 3.10 or 3.20 stores 3.1 or 3.2: nobody can tell it from 3月1日.
    could_be_tens = re.fullmatch(r"\d+\.[123]", text) is not None
    if could_be_tens and days.start == days.end:
        last = calendar.monthrange(days.start.year, days.start.month)[1]
        return replace(days, approximate=days.start.day * 10 <= last)
    return days


def _read_text(raw: str, year: int | None) -> _Days:
    text = _tidy(raw)
    days = _read_digits_only(text) or _read_part(text, year) or _read_range(text, year)
    if days is None:
        raise CellError(f"看不出{shown(raw)}是哪一天，{_REMEDY}")
    return days


def _tidy(raw: str) -> str:
    """Reduce the many spellings to digits, 年月日, 上旬…, one dot and the range marks."""
    text = normalise(raw).translate(_LOOKALIKES)
    text = _TIME.sub(" ", _WEEKDAY.sub("", text))
    text = re.sub(r"(?<=\d)\s+(?=\d)", ".", text.strip())
    text = "".join(text.split()).replace("元月", "1月").replace("年度", "年")
    text = _LATIN_ZERO.sub("〇", text)
    text = _CHINESE_YEAR.sub(lambda match: f"{parse_digits(match[1]) or match[1]}年", text)
    text = _CHINESE_NUMBER.sub(lambda match: str(parse_numeral(match[0]) or match[0]), text)
    return re.sub(r"\.{2,}", ".", text).strip(".,;()[]")


def _read_digits_only(text: str) -> _Days | None:
    """Read 20240305, 240305, 202403 and serial numbers written as text."""
    if not _NUMBER.fullmatch(text):
        return None
    whole = text.partition(".")[0]
    compact = _COMPACT.fullmatch(whole)
    if compact:
        day = _day(int(compact[1]), int(compact[2]), int(compact[3]))
        return _Days(day, day)
    if len(whole) == 5 and int(whole) in _SERIALS:
        day = _SERIAL_ZERO + timedelta(days=int(whole))
        return _Days(day, day)
    if len(whole) == 6 and whole == text:
        return _read_six_digits(whole)
    return None


def _read_six_digits(text: str) -> _Days | None:
    is_month = int(text[:4]) in range(1990, 2101) and int(text[4:]) in range(1, 13)
    is_day = int(text[2:4]) in range(1, 13) and int(text[4:]) in range(1, 32)
    if is_month == is_day:
        return None
    if is_month:
        return _month(int(text[:4]), int(text[4:]), None)
    day = _day(_full_year(text[:2]), int(text[2:4]), int(text[4:]))
    return _Days(day, day)


def _read_range(text: str, year: int | None) -> _Days | None:
    """Read two days joined by a range mark; the second may leave out what it shares."""
    for mark in _RANGE_MARK.finditer(text):
        before = text[: mark.start()]
        first = _read_part(before, year)
        # In 3-5-6 nobody can tell a year from a span.
        if first is None or (mark[0] == "-" and "-" in before and not first.dated):
            continue
        last = _read_last(text[mark.end() :], first)
        if last is None:
            continue
        if last.end < first.start:
            raise CellError(f"结束日期 {chinese_date(last.end)} 早于开始日期，请核对")
        return _Days(first.start, last.end, first.approximate or last.approximate)
    return None


def _read_last(text: str, first: _Days) -> _Days | None:
    bare = _BARE_DAY.fullmatch(text)
    if bare:
        day = _day(first.start.year, first.start.month, int(bare[1]))
        return _Days(day, day)
    last = _read_part(text, first.start.year)
    if last is not None and not last.dated and last.end < first.start:
        # 12月30日至1月2日 runs over the new year.
        return _read_part(text, first.start.year + 1)
    return last


def _read_part(text: str, year: int | None) -> _Days | None:
    """Read one day or one part of a month; None when the text has another shape."""
    compact = _COMPACT.fullmatch(text)
    if compact:
        day = _day(int(compact[1]), int(compact[2]), int(compact[3]))
        return _Days(day, day)
    match = _DAY.fullmatch(text)
    if match and _separators_agree(match[2], match[4]):
        named = _named_year(match[1], year, text)
        day = _day(named, int(match[3]), int(match[5]))
        return _Days(day, day, dated=match[1] is not None)
    match = _PART_OF_MONTH.fullmatch(text)
    if match:
        named = _named_year(match[1], year, text)
        days = _month(named, int(match[2]), match[3])
        return replace(days, dated=match[1] is not None)
    match = _YEAR_AND_MONTH.fullmatch(text)
    return _month(int(match[1]), int(match[2]), None) if match else None


def _separators_agree(after_year: str | None, after_month: str) -> bool:
    """Keep 10.5-7 (5th to 7th of October) from being read as a day of 2010."""
    if after_year is None or after_year == after_month:
        return True
    return after_month == "月" or (after_year == "年" and after_month != "-")


def _named_year(written: str | None, year: int | None, text: str) -> int:
    if written is not None:
        return _full_year(written)
    if year is None:
        raise CellError(
            f"“{text}”没有写年份，请写成 2024年3月5日 的形式，或在标题、文件名或导入页面注明年份"
        )
    return year


def _full_year(written: str) -> int:
    if len(written) == 4:
        return int(written)
    return int(written) + (1900 if int(written) >= 90 else 2000)


def _day(year: int, month: int, day: int) -> date:
    last = _last_of_month(year, month)
    if not 1 <= day <= last:
        raise CellError(f"{year}年{month}月没有{day}日，请核对")
    return date(year, month, day)


def _month(year: int, month: int, part: str | None) -> _Days:
    last = _last_of_month(year, month)
    first_day, last_day = _PARTS.get(part, (21, last)) if part else (1, last)
    return _Days(date(year, month, first_day), date(year, month, last_day), approximate=True)


def _last_of_month(year: int, month: int) -> int:
    if year not in _YEARS:
        raise CellError(f"年份 {year} 不合理，请核对")
    if not 1 <= month <= 12:
        raise CellError(f"没有{month}月，请核对；{_REMEDY}")
    return calendar.monthrange(year, month)[1]
