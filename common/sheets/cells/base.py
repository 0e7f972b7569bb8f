"""What all parsers of a cell share: its raw kinds, its text, the words for "nothing"."""

import re
import unicodedata
from datetime import date, datetime

CellValue = str | int | float | bool | date | datetime | None

_NOT_IN_XML = re.compile(r"[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
_LINE_ENDS = re.compile(r"\r\n?|\u2028|\u2029")
_SPACES_AROUND_BREAK = re.compile(r"[^\S\n]*\n[^\S\n]*")
_NOTHING = frozenset({"", "无", "没有", "/", "//", "\\", "-", "--", "—", "——", "–", "一一", "空"})
_DITTO = frozenset({"同上", "同前", "〃", '"', "''", "″", "“", "”", "””", "“”", "々", "同上行"})


class CellError(ValueError):
    """A cell cannot be read; the message says in Chinese what is wrong and what to write."""


def parse_text(raw: CellValue) -> str:
    """Return the text of a cell as its user sees it, without spaces at the ends of lines.

    A whole float loses its ".0", dates are ISO, control characters are removed, and breaks
    inside the text stay. A blank cell is "".
    """
    if raw is None:
        return ""
    if isinstance(raw, str):
        text = _NOT_IN_XML.sub("", _LINE_ENDS.sub("\n", raw))
        return _SPACES_AROUND_BREAK.sub("\n", text).strip()
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, datetime):
        return _datetime_text(raw)
    if isinstance(raw, date):
        return raw.isoformat()
    return _number_text(raw)


def normalise(text: str) -> str:
    """Fold full-width and compatibility forms (NFKC) and strip the ends."""
    return unicodedata.normalize("NFKC", text).strip()


def squeezed(raw: CellValue) -> str:
    """Return the normalised text of a cell without any white space."""
    return "".join(normalise(parse_text(raw)).split())


def is_nothing(raw: CellValue) -> bool:
    """Tell whether the cell is blank or holds a stroke or word for "nothing" (/, -, 无)."""
    return squeezed(raw) in _NOTHING


def is_ditto(raw: CellValue) -> bool:
    """Tell whether the cell stands for the one above it (同上, 同前, 〃)."""
    return isinstance(raw, str) and "".join(raw.split()) in _DITTO


def shown(raw: CellValue) -> str:
    """Quote the text of a cell for a message, shortened."""
    text = " ".join(parse_text(raw).split())
    return f"“{text[:20]}…”" if len(text) > 21 else f"“{text}”"


def _datetime_text(moment: datetime) -> str:
    at_midnight = (moment.hour, moment.minute, moment.second) == (0, 0, 0)
    return moment.date().isoformat() if at_midnight else moment.isoformat(" ", "seconds")


def _number_text(number: float) -> str:
    if isinstance(number, float) and number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return str(number)
