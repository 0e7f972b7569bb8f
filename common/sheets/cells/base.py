"""What all parsers of a cell share: its raw kinds, its text, the words for "nothing"."""

import re
import unicodedata
from datetime import date, datetime

CellValue = str | int | float | bool | date | datetime | None

_NOT_IN_XML = re.compile(r"[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
_LINE_ENDS = re.compile(r"\r\n?|\u2028|\u2029")
_LONGEST = 200  # characters that a date, a number, a mark or telephone numbers may take
_FAR_TOO_LONG = 10_000  # whatever of it may be spaces
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
        if raw.isprintable():  # one line without any control character: nearly all of them
            return raw.strip()
        text = _NOT_IN_XML.sub("", _LINE_ENDS.sub("\n", raw))
        return "\n".join(line.strip() for line in text.split("\n")).strip()
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, datetime):
        return _datetime_text(raw)
    if isinstance(raw, date):
        return raw.isoformat()
    return _number_text(raw)


def short_text(raw: CellValue, longest: int = _LONGEST) -> str:
    """Return the text of a cell that has to be short; raises CellError when it is not.

    What searches such a cell may then take its time: everything longer stops here.
    """
    bare = raw.strip() if isinstance(raw, str) else ""
    text = bare if len(bare) > _FAR_TOO_LONG else parse_text(raw)
    if len(text) > longest:
        raise CellError(
            f"{shown(text[:_LONGEST])}太长（{len(text)} 个字），这一栏最多 {longest} 个字，"
            "请核对是不是填错了列"
        )
    return text


def normalise(text: str) -> str:
    """Fold full-width and compatibility forms (NFKC) and strip the ends."""
    return unicodedata.normalize("NFKC", text).strip()


def squeezed(raw: CellValue) -> str:
    """Return the normalised text of a cell without any white space."""
    return "".join(normalise(parse_text(raw)).split())


def is_nothing(raw: CellValue) -> bool:
    """Tell whether the cell is blank or holds a stroke or word for "nothing" (/, -, 无)."""
    return len(parse_text(raw)) <= _LONGEST and squeezed(raw) in _NOTHING


def is_ditto(raw: CellValue) -> bool:
    """Tell whether the cell stands for the one above it (同上, 同前, 〃)."""
    return isinstance(raw, str) and "".join(raw.split()) in _DITTO


def shown(raw: CellValue) -> str:
    """Quote the text of a cell for a message, shortened."""
    text = " ".join(parse_text(raw)[:_LONGEST].split())
    return f"“{text[:20]}…”" if len(text) > 21 else f"“{text}”"


def _datetime_text(moment: datetime) -> str:
    at_midnight = (moment.hour, moment.minute, moment.second) == (0, 0, 0)
    return moment.date().isoformat() if at_midnight else moment.isoformat(" ", "seconds")


def _number_text(number: float) -> str:
    if isinstance(number, float) and number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return str(number)
