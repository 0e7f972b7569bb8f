"""What stands around a rule and says nothing about days: hours, holiday remarks, 接待日."""

from __future__ import annotations

import re
import unicodedata

from common.sheets.numerals import CHINESE_NUMERALS

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−~〜", "-"))
_NUMBER = rf"(?:[0-9]{{1,2}}|[{CHINESE_NUMERALS}]{{1,3}})"
_DAYTIME = r"(?:上下午|上午|下午|中午|早上|早晨|晚上|傍晚|全天|工作时间)"
_CLOCK = rf"(?:[0-9]{{1,2}}:[0-9]{{2}}|{_NUMBER}[时点](?:半|整|一刻|{_NUMBER}分?)?)"
_HOURS = re.compile(
    # The weekday before 九点 in 周三九点 is no part of the hour.
    rf"(?<![周週期拜0-9])(?:{_DAYTIME}?\s*(?:{_NUMBER}|{_CLOCK})\s*[-至到]+\s*{_DAYTIME}?\s*{_CLOCK}"
    rf"|{_DAYTIME}?\s*{_CLOCK}|{_DAYTIME})"
)
_DAY_OFF = r"(?:节假日|节日|假日|假期|长假|双休日|周末|公休日|休息日|放假)"
_HOLIDAYS = re.compile(
    rf"(?:[如若凡]?[遇逢]到?)?(?:国家|法定)*{_DAY_OFF}(?:[、和及或与/]?(?:国家|法定)*{_DAY_OFF})*"
    r"[的时则]*,?(?:则|自动|依次)*(?:顺延|除外|另行通知|不接待|不安排|提前|照常|休息)"
    r"(?:[至到]?(?:下一?|后一?|一)个?(?:工作日|天|日|周))?"
)
_ABOUT = r"(?:人大|代表|选民|群众|集中|进站|驻站|赶集|固定|联络站)"
_IS = r"(?:固定为|固定在|定为|定于|定在|作为|为|是|在|:)"
_DUTY = re.compile(
    rf"{_IS}?{_ABOUT}{{0,4}}(?:接待|接访|活动|值班|坐班)"
    rf"(?:选民|来访群众|群众|来访|代表)?(?:日期|时间|日)?{_IS}?"
    rf"|^{_ABOUT}{{0,4}}{_IS}"
)
_MARKET = re.compile(r"(?:[圩墟集场]|赶[集圩场])日|赶[集圩场]")
_BRACKETS = re.compile(r"[\(\[【]([^()\[\]【】]*)[\)\]】]")
# What is in brackets may be left out only if it cannot change the days: not （农历）, （8月除外）.
_ABOUT_DAYS = re.compile(
    rf"[日号月周週年旬季农阴历除单双隔逢]|星期|礼拜|^[-0-9{CHINESE_NUMERALS}、,和至到]*"
    rf"[0-9{CHINESE_NUMERALS}]$"
)

_COMPACT = re.compile(r"(?<![0-9])(20[0-9]{2})([01][0-9])([0-3][0-9])(?![0-9])")
_ISO = re.compile(r"(?<![0-9])(20[0-9]{2})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?![0-9])[日号]?")
_SHORT = r"[0-9]{1,2}[./][0-9]{1,2}"
_SHORT_DATES = re.compile(rf"{_SHORT}(?:[、,;\s]\s*{_SHORT})+[、,;\s]*")


def tidied(text: str) -> str:
    """Fold the spellings of `text` and leave out all that does not speak of days."""
    text = unicodedata.normalize("NFKC", text).translate(_DASHES).strip()
    text = _COMPACT.sub(r"\1年\2月\3日", _ISO.sub(r"\1年\3月\4日", text))
    if _SHORT_DATES.fullmatch(text):
        text = re.sub(r"([0-9]+)[./]([0-9]+)", r"\1月\2日", text)
    text = _HOURS.sub(" ", text)
    text = re.sub(r"(?<=[0-9])[ \t]+(?=[0-9])", "、", text.replace("\n", ";"))
    text = "".join(text.split())
    for without in (_HOLIDAYS, _DUTY, _MARKET):
        text = without.sub("", text)
    return _BRACKETS.sub(_kept_if_about_days, text)


def _kept_if_about_days(match: re.Match[str]) -> str:
    return f"({match[1]})" if _ABOUT_DAYS.search(match[1]) else ""
