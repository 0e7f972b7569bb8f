"""What stands above a table: its title lines, labelled values and the year they name."""

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import PurePath

from common.sheets.cells.base import CellValue, parse_text
from common.sheets.numerals import parse_digits

_LABEL = re.compile(r"(?:^|(?<=\s))([^\s:：，。,;；]{1,12}?)\s*[:：][ \t\u3000]*")
_SPACED_LABEL = re.compile(r"(?<!\S)(?:[\u4e00-\u9fff][ \u3000]+){1,7}[\u4e00-\u9fff](?=\s*[:：])")
_GAP = re.compile(r"[ \t\u3000]{2,}|\n")
_YEAR_WITH_SIGN = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})\s*年")
_YEAR_IN_WORDS = re.compile(r"([一二][〇○零Oo九][〇○零Oo一二三四五六七八九]{2})年")
_YEAR_ALONE = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?![0-9])")
_LONGEST_LINE = 500  # characters of a cell that are looked at
_OTHER_DATE = re.compile(r"日期|时间")


@dataclass(frozen=True)
class TitleFacts:
    """The lines above the header, their label:value pairs, and the one year they agree on."""

    lines: tuple[str, ...] = ()
    label_values: dict[str, str] = field(default_factory=dict)
    year: int | None = None


def read_titles(rows: list[list[CellValue]], sheet_name: str) -> TitleFacts:
    """Read the rows above a header; the year may also come from the name of the sheet."""
    lines: list[str] = []
    labels: dict[str, str] = {}
    for row in rows:
        texts = [text[:_LONGEST_LINE] for text in map(parse_text, row) if text]
        if texts:
            lines.append("  ".join(dict.fromkeys(texts)))
            labels.update(_labels_of(texts))
    return TitleFacts(tuple(lines), labels, _year_of(lines, labels, sheet_name))


def year_from_filename(name: str) -> int | None:
    """Return the year a file name tells (登记簿-石桥镇-2025.xlsx), or None if none or several."""
    stem = PurePath(name).name
    stem = re.sub(r"\.(?:xlsx?|xlsm|csv|txt|ods)$", "", stem, flags=re.IGNORECASE)
    return year_in(stem)


def year_in(text: str) -> int | None:
    """Return the one year a text names; a year with 年 counts before a bare number."""
    plain = unicodedata.normalize("NFKC", text)
    signed = {int(year) for year in _YEAR_WITH_SIGN.findall(plain)}
    for words in _YEAR_IN_WORDS.findall(plain):
        signed.add(parse_digits(re.sub("[Oo]", "〇", words)) or 0)
    years = signed or {int(year) for year in _YEAR_ALONE.findall(plain)}
    return years.pop() if len(years) == 1 else None


def _labels_of(texts: list[str]) -> dict[str, str]:
    """Find 填表单位:柳河镇…, several in one cell, and a value standing in the next cell."""
    found: dict[str, str] = {}
    for index, text in enumerate(texts):
        text = _SPACED_LABEL.sub(lambda match: "".join(match[0].split()), text)
        matches = list(_LABEL.finditer(text))
        for position, match in enumerate(matches):
            is_last = position + 1 == len(matches)
            end = len(text) if is_last else matches[position + 1].start()
            value = _GAP.split(text[match.end() : end].strip())[0].strip()
            if not value and is_last and index + 1 < len(texts):
                following = texts[index + 1]
                value = "" if _LABEL.search(following) else following
            if value:
                found.setdefault("".join(match[1].split()), value)
    return found


def _year_of(lines: list[str], labels: dict[str, str], sheet_name: str) -> int | None:
    for label, value in labels.items():
        if "年度" in label or label == "年份":
            return year_in(value)
    text = "\n".join(lines)
    for label, value in labels.items():
        # The day a sheet was filled in is often in the next year.
        if _OTHER_DATE.search(label):
            text = text.replace(value, " ")
    signed = year_in(text)
    return signed if signed is not None else year_in(sheet_name)
