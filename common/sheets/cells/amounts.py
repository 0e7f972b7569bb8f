"""Cells that hold a quantity: heads, money, plain numbers."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from common.sheets.cells.base import CellError, CellValue, is_nothing, short_text, shown, squeezed
from common.sheets.numerals import NUMBER, parse_number, parse_numeral, parse_open_pair

_LARGEST_COUNT = 1_000_000
_LARGEST_MONEY = Decimal(10) ** 12

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_BEFORE = r"(?:约为?|大约|大概|近|将近|接近|超过?|逾|不少于|至少|不足|不到|上|共计?|合计|等|多达)*"
_AFTER = r"(?:余|多|来|左右|以上|上下|\+)*"
_PEOPLE = r"人次|人份|人|名|位|口"
_HOUSEHOLDS = re.compile(
    rf"(?P<before>{_BEFORE})(?P<low>{NUMBER})(?P<after>{_AFTER})(?:余|多)?(?:户|家)"
)
_GROUP_OF_PEOPLE = re.compile(r"(?:群众|村民|居民|选民|代表)?")
_HEADS = re.compile(
    rf"(?P<before>{_BEFORE})(?P<low>{NUMBER})(?:[、,~至到或-](?P<high>{NUMBER}))?"
    rf"(?P<after>{_AFTER})(?:个|批)?(?P<unit>{_PEOPLE}|条|件|次|项)?"
    rf"{_GROUP_OF_PEOPLE.pattern}(?P<tail>{_AFTER})"
)
_COMMA_BETWEEN = re.compile(r",(?![0-9]{3}(?![0-9]))")
_EXACT_BEFORE = re.compile(r"(?:共计?|合计)*")

_MONEY = re.compile(
    rf"(?:[¥￥$]|人民币|RMB)?(?P<before>{_BEFORE})(?:[¥￥]|人民币|RMB)?(?P<number>{NUMBER})"
    rf"(?P<after>{_AFTER})(?P<scale>[百千万亿]?)(?P<after_scale>{_AFTER})"
    rf"(?P<unit>元整?|圆整?|块钱?|人民币|RMB)?(?P<tail>{_AFTER})",
    re.IGNORECASE,
)
_SCALES = {"": 1, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_UNIT_AFTER = re.compile(
    r"(?:㎡|m2|m²|平方米|平米|平方|元|人|户|个|名|条|件|次|岁|张|本|套|分|%)$", re.IGNORECASE
)


@dataclass(frozen=True)
class Count:
    """A number of heads (or other wholes); None when the cell is blank."""

    value: int | None
    approximate: bool
    text: str


@dataclass(frozen=True)
class Money:
    """An amount in yuan with at most two decimals; None when the cell is blank."""

    amount: Decimal | None
    approximate: bool
    text: str


def parse_count(raw: CellValue, *, least: int = 1) -> Count:
    """Read a number of people: 5, 5人, 等5人, 3户12人 (12), 100多人, 十余人, 约20人, 叁.

    Of 6、7人 and 六七人 the larger is taken, and marked approximate; households without heads
    (等3户) count as heads, approximate too. Raises CellError below `least`, above a million and
    for anything without a number (若干).
    """
    text = short_text(raw)
    if is_nothing(raw):
        return Count(None, False, text)
    words = _COMMA_BETWEEN.sub("、", _BRACKETS.sub("", squeezed(raw)))
    value, approximate = _read_count(words, raw)
    if value < least:
        raise CellError(f"人数{shown(raw)}应不小于 {least}，请核对")
    if value > _LARGEST_COUNT:
        raise CellError(f"人数{shown(raw)}太大，请核对")
    return Count(value, approximate, text)


def parse_money(raw: CellValue, *, unit: str = "元") -> Money:
    """Read an amount of money in yuan: 1000, 1,000元, 1.5万元, 5万余元, 约3000元, 三千元.

    `unit` (元, 千元, 万元) is that of the heading and holds for cells that name none. A stroke or
    无 is blank. Raises CellError for negative amounts and for several amounts in one.
    """
    text = short_text(raw)
    if is_nothing(raw):
        return Money(None, False, text)
    match = None if isinstance(raw, bool) else _MONEY.fullmatch(squeezed(raw))
    number = parse_number(match["number"]) if match else None
    if match is None or number is None:
        raise CellError(f"看不出{shown(raw)}是多少钱，请填以元为单位的数字，如 1000")
    names_unit = match["unit"] or match["scale"] or match["number"][-1] in _SCALES
    scale = match["scale"] if names_unit else unit.removesuffix("元")
    exact = number * _SCALES.get(scale, 1)
    if exact > _LARGEST_MONEY:
        raise CellError(f"金额{shown(raw)}太大，请核对")
    amount = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
    signs = match["after"] + match["after_scale"] + match["tail"]
    approximate = bool(signs) or not _EXACT_BEFORE.fullmatch(match["before"])
    return Money(amount, approximate, text)


def parse_int(raw: CellValue) -> int | None:
    """Read a whole number that may be zero or negative, with a unit behind it; blank is None."""
    number = parse_decimal(raw)
    if number is None:
        return None
    if number != number.to_integral_value():
        raise CellError(f"{shown(raw)}不是整数，请填整数")
    return int(number)


def parse_decimal(raw: CellValue) -> Decimal | None:
    """Read a number with a unit behind it (65㎡, 1,000.5 平方米); blank or a stroke is None."""
    short_text(raw)
    if is_nothing(raw):
        return None
    plain = _UNIT_AFTER.sub("", squeezed(raw))
    negative = plain.startswith(("-", "−"))
    number = None if isinstance(raw, bool) else parse_number(plain[1:] if negative else plain)
    if number is None:
        raise CellError(f"{shown(raw)}不是数字，请只填数字")
    return -number if negative else number


def _read_count(words: str, raw: CellValue) -> tuple[int, bool]:
    """Return the number of heads and whether it is approximate."""
    households = _HOUSEHOLDS.match(words)
    rest = words[households.end() :].lstrip(",、.;") if households else words
    match = _HEADS.fullmatch(rest) if rest and not isinstance(raw, bool) else None
    if match is None and households and _GROUP_OF_PEOPLE.fullmatch(rest):
        value = parse_numeral(households["low"])
        if value is not None:
            return value, True
    if match is None:
        raise CellError(f"看不出{shown(raw)}是多少人，请填人数，如 5")
    return _heads_of(match, raw)


def _heads_of(match: re.Match[str], raw: CellValue) -> tuple[int, bool]:
    approximate = bool(match["high"] or match["after"] or match["tail"])
    # 等5人 in a column of heads is five heads in all, so 等 leaves nothing open.
    approximate = approximate or not _EXACT_BEFORE.fullmatch(match["before"].replace("等", ""))
    written = match["high"] or match["low"]
    value, pair = parse_numeral(written), parse_open_pair(written)
    if value is None and pair is None:
        raise CellError(f"看不出{shown(raw)}是多少人，请填人数（整数），如 5")
    if value is None:
        return pair or 0, True
    return value, approximate
