"""Chinese numerals as people write them in registers.

Everything here expects text that is already NFKC-normalised and without spaces.
"""

import re
from decimal import Decimal

_DIGITS = {
    **dict(zip("零一二三四五六七八九", range(10), strict=True)),
    **dict(zip("〇壹贰叁肆伍陆柒捌玖", range(10), strict=True)),
    **{str(digit): digit for digit in range(10)},
    **dict(zip("○两俩仨弍参幺", (0, 2, 2, 3, 2, 3, 1), strict=True)),
}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = {"万": 10_000, "萬": 10_000, "亿": 100_000_000}
_SPOKEN = {"廿": "二十", "卅": "三十"}

_LONGEST = 40  # characters; nobody writes a longer number

CHINESE_DIGITS = "".join(key for key in _DIGITS if not key.isdigit() or not key.isascii())
CHINESE_NUMERALS = CHINESE_DIGITS + "".join(_UNITS) + "".join(_MYRIADS) + "".join(_SPOKEN)

# A pattern for one number, Arabic or Chinese, to build larger patterns from.
NUMBER = rf"(?:[0-9][0-9,.]*[{CHINESE_NUMERALS}0-9]*|[{CHINESE_NUMERALS}]+)"

_TOKEN = re.compile(r"[0-9]+(?:\.[0-9]+)?|[^0-9]")
_ZEROS = ("零", "〇", "○")
_READABLE = re.compile(rf"[0-9.{CHINESE_NUMERALS}]+")
_ARABIC = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9,])")
# 六七, 十七八, 二三十: two neighbouring digits that leave open which one it was.
_PAIR = re.compile(
    r"([^一二三四五六七八九]*)([一二三四五六七八九])([一二三四五六七八九])([十百千万]?)"
)


def parse_digits(text: str) -> int | None:
    """Read digits written one by one (二〇二四 → 2024); None when anything else stands there."""
    if not 0 < len(text) <= _LONGEST or any(character not in _DIGITS for character in text):
        return None
    return int("".join(str(_DIGITS[character]) for character in text))


def parse_numeral(text: str) -> int | None:
    """Read a whole number in words (一百二十 → 120, 廿五 → 25, 两万五 → 25000) or in digits.

    None when the text is no number, has a fraction, or leaves the value open (六七).
    """
    number = parse_number(text)
    return int(number) if number is not None and number == number.to_integral_value() else None


def parse_number(text: str) -> Decimal | None:
    """Read a number in digits, words or both (1,000; 1.5万; 三千五); None when it is none."""
    if len(text) > _LONGEST or ("," in text and not _GROUPED.match(text)):
        return None
    plain = text.replace(",", "")
    if not _READABLE.fullmatch(plain):
        return None
    if _ARABIC.fullmatch(plain):
        return Decimal(plain)
    if len(plain) > 1 and all(character in _DIGITS for character in plain):
        return _spelled_out(plain)
    for spoken, written in _SPOKEN.items():
        plain = plain.replace(spoken, written)
    return _read_with_units(plain)


def parse_open_pair(text: str) -> int | None:
    """Read 六七 (6 or 7), 十七八, 二三十, 三五 as the larger of the two; None for anything else."""
    match = _PAIR.fullmatch(text)
    if match is None:
        return None
    before, low, high, unit = match.groups()
    step = _DIGITS[high] - _DIGITS[low]
    if step != 1 and low + high != "三五":
        return None
    return parse_numeral(before + high + unit)


def _spelled_out(text: str) -> Decimal | None:
    # 六七 is "six or seven" and not 67; with a zero or a third digit it is a spelled-out number.
    if len(text) == 2 and not any(character in "零〇○0" for character in text):
        return None
    return Decimal(parse_digits(text) or 0)


def _read_with_units(text: str) -> Decimal | None:
    """Add up 亿, 万 and the part below; each part is read by `_read_section`."""
    total, rest = Decimal(0), text
    unit_before: int | None = None
    for sign, factor in (("亿", 10**8), ("万", 10**4), ("萬", 10**4)):
        head, found, tail = rest.partition(sign)
        if not found:
            continue
        part = _read_section(head, None)
        if part is None:
            return None
        total, rest, unit_before = total + part * factor, tail, factor
    last = _read_section(rest, unit_before) if rest else Decimal(0)
    return None if last is None else total + last


def _read_section(text: str, unit_before: int | None) -> Decimal | None:
    """Read a number below 万; `unit_before` is the unit in front of it, for 两万五 (25000)."""
    total, pending = Decimal(0), None
    for piece in _TOKEN.findall(text):
        if piece in _UNITS:
            unit_before = _UNITS[piece]
            total += (Decimal(1) if pending is None else pending) * unit_before
            pending = None
        elif piece not in _ZEROS:
            if pending is not None or piece == "." or piece in _MYRIADS:
                return None
            pending = Decimal(_DIGITS.get(piece, piece))
    if pending is None:
        return total if text else None
    return total + pending * _spoken_step(text, pending, unit_before)


def _spoken_step(text: str, last: Decimal, unit_before: int | None) -> Decimal:
    """What a last digit counts: 一百二 is 120 and 三千五 3500, but 一百零二 is 102 and 十二 12."""
    if unit_before is None or unit_before <= 10 or last >= 10 or text[-2:-1] in _ZEROS:
        return Decimal(1)
    return Decimal(unit_before) / 10
