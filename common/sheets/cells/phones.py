"""Cells that hold telephone numbers."""

import re
from dataclasses import dataclass

from common.sheets.cells.base import CellError, CellValue, is_nothing, normalise, short_text, shown

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_MOBILES_IN_A_ROW = re.compile(r"(?:1[3-9][0-9]{9}){2,}")
_LANDLINE = re.compile(r"(0(?:10|2[0-9]|[3-9][0-9]{2}))([0-9]{7,8})")
_SERVICE = re.compile(r"[48]00[0-9]{7}")
_SHORT = re.compile(r"[1-9][0-9]{2,7}")
_COUNTRY = re.compile(r"(?<![0-9])(?:\+|00)86[- ]*|\b86[- ]?(?=1[3-9][0-9])")
_FLOAT = re.compile(r"(?<=\d{7})\.0+(?!\d)")  # 13800138000.0: a number that became text
_EXPONENT = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_EXTENSION = re.compile(r"(?:转|-|#|ext\.?)\s*([0-9]{1,5})$", re.IGNORECASE)
_SEPARATOR = re.compile(r"[/、,;|\n\\或和]+")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−―", "-"))
_WORDS = re.compile(r"[^0-9+\-\s#转.()]+")


@dataclass(frozen=True)
class Phones:
    """The numbers of a cell: mobiles as 11 digits, landlines as 0990-3220191.

    `doubtful` is set where a number was read but is no usual one, or words stood with it.
    """

    numbers: tuple[str, ...]
    text: str
    doubtful: bool = False


def parse_phones(raw: CellValue) -> Phones:
    """Read one or several numbers in a cell; 无, 没有 and strokes are none. Raises CellError."""
    text = short_text(raw)
    if _MOBILE.fullmatch(text):
        return Phones((text,), text)
    if is_nothing(raw):
        return Phones((), text)
    line = _FLOAT.sub("", normalise(text).translate(_DASHES))
    if _EXPONENT.fullmatch(line):
        raise CellError(f"{shown(raw)}是表格软件缩写的号码，后几位已经丢失，请把该列设为文本后重填")
    if "*" in line:
        raise CellError(f"号码{shown(raw)}有被遮盖的位数，请填完整号码")
    numbers: list[str] = []
    plain = _COUNTRY.sub("", line)
    doubtful = _WORDS.search(_SEPARATOR.sub(" ", plain)) is not None
    for chunk in _SEPARATOR.split(plain):
        kept = _WORDS.sub(" ", chunk).replace("()", " ").strip()
        if kept:
            found, odd = _read_chunk(kept, raw)
            numbers += found
            doubtful = doubtful or odd
    if not numbers:
        raise CellError(f"{shown(raw)}里没有电话号码，请填号码，没有就留空")
    return Phones(tuple(dict.fromkeys(numbers)), text, doubtful)


def _read_chunk(chunk: str, raw: CellValue) -> tuple[list[str], bool]:
    """Read one number written with spaces and dashes, or several with only spaces between."""
    digits = _digits(chunk)
    whole = _whole(digits)
    if whole:
        return [whole], False
    if _MOBILES_IN_A_ROW.fullmatch(digits):
        return re.findall(_MOBILE, digits), False
    parts = [_whole(_digits(part)) for part in chunk.split()]
    if len(parts) > 1 and all(parts):
        return [part for part in parts if part], False
    extended = _with_extension(chunk)
    if extended:
        return [extended], False
    return [_odd(digits, raw)], True


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


def _whole(digits: str) -> str | None:
    """Return the usual spelling of a complete number, else None."""
    if _MOBILE.fullmatch(digits) or _SERVICE.fullmatch(digits) or _SHORT.fullmatch(digits):
        return digits
    landline = _LANDLINE.fullmatch(digits)
    return f"{landline[1]}-{landline[2]}" if landline else None


def _with_extension(chunk: str) -> str | None:
    extension = _EXTENSION.search(chunk)
    main = _whole(_digits(chunk[: extension.start()])) if extension else None
    return f"{main}转{extension[1]}" if main and extension else None


def _odd(digits: str, raw: CellValue) -> str:
    """Keep a number that is none of the usual ones, unless it is surely a wrong mobile."""
    if digits.startswith("1") and len(digits) in (9, 10, 12, 13):
        raise CellError(f"手机号{shown(raw)}应为 11 位，现在是 {len(digits)} 位，请核对")
    if not 5 <= len(digits) <= 16:
        raise CellError(f"电话号码{shown(raw)}的位数不对，请核对")
    return digits
