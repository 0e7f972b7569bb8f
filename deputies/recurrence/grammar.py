"""The forms of a rule text as patterns, from numbers and weekdays up to whole rules."""

from __future__ import annotations

import re

DAY_SIGNS = "日号號"
WEEKDAY_NUMBERS = {
    **dict(zip("一二三四五六日", range(7), strict=True)),
    **dict(zip("1234567", range(7), strict=True)),
    "天": 6,
}

_CHINESE = "一二三四五六七八九十廿卅"
_NUMBER = rf"(?:[0-9]{{1,2}}(?![0-9])|[{_CHINESE}]{{1,6}}(?![{_CHINESE}]))"
_AND = r"(?:以及|[、,和及与跟/+&.])"
_TO = r"[-至到]"
_DAY = rf"[{DAY_SIGNS}]"
_WEEK = r"(?:周|週|星期|礼拜)"

CHINESE_NUMBER = re.compile(rf"[{_CHINESE}]+")
GAP = re.compile(rf"(?:{_AND}|[;。:!|])+")
NUMBER_IN_LIST = re.compile(
    rf"(?P<to>{_TO})|(?P<last>最后[一1]?|末|倒数第[一1](?![{_CHINESE}0-9]))|(?P<first>首)"
    rf"|(?P<back>倒数)?第?(?P<number>{_NUMBER})"
)
WEEKDAY_IN_LIST = re.compile(rf"(?P<to>{_TO})|(?P<day>[一二三四五六日天1-7])")

# Years and months
YEAR = re.compile(r"(20[0-9]{2}|[0-9]{2}|二[〇○零][一二三四五六七八九〇○零]{2})年度?的?")
EVERY_YEAR = re.compile(r"(?:每一?年|年年)度?的?")
_EACH = r"(?:每逢|每[一1]?个?|逢|各)"
EACH_MONTH = re.compile(r"(?:每[一1]?个?|各个?|逐)月份?")
PARITY = re.compile(rf"{_EACH}?(单|奇|双|偶)数?月份?")
QUARTER = re.compile(
    rf"{_EACH}?季度?的?(?:(首个?月|头[一1]?个?月|第[一1]个?月)"
    r"|(第[二2]个?月|中间?[一1]?个?月|次月)|(第[三3]个?月|末月|最后[一1]?个?月|尾月))?份?"
)
HALF_YEAR = re.compile(r"(上|下)半年")
_MONTH = rf"{_NUMBER}(?:月份?)?"
NAMED_MONTHS = re.compile(rf"{_EACH}?(?:{_MONTH}(?:{_AND}|{_TO}))*{_NUMBER}月份?")
MONTH_LIST = re.compile(rf"\((?:{_MONTH}(?:{_AND}|{_TO}))*{_NUMBER}月份?\)")
OF_MONTH = re.compile(r"的?(?:每个?月)?的?(?:里|中)?的?")

# Weekdays: after the first, 周 may be left out (周一、三、五; 周一至五; 周二四).
_NOT_A_DAY = rf"(?![{_CHINESE}0-9月年个.:]|(?:[、,]{_NUMBER})*{_DAY})"
_WEEKDAYS = (
    rf"{_WEEK}(?:(?:[一二三四五六]+(?:(?<=六)[日天])?|[日天]|[1-7])(?![{_CHINESE}0-9]))"
    rf"(?:(?:{_AND}|{_TO})?{_WEEK}[一二三四五六日天1-7](?![{_CHINESE}0-9])"
    rf"|(?:{_AND}|{_TO})(?:[一二三四五六1-7]{_NOT_A_DAY}|[日天]))*"
)
WEEKLY = re.compile(
    rf"(?:(每[一1]?个?(?:{_WEEK}的?)?逢?|每逢|逢|各)(?={_WEEK})|(?=(?:周|週|星期|礼拜)))({_WEEKDAYS})"
)

# The nth weekday of a month
_END = r"最后[一1]?|末|首|倒数第[一1]"
_UNIT = rf"个?{_WEEK}?"
_FIRST_ORDINAL = rf"(?:{_END}|(?:倒数)?第{_NUMBER}){_UNIT}"
_NEXT_ORDINAL = (
    rf"(?:(?:{_AND}|{_TO})(?:{_END}|(?:倒数)?第?{_NUMBER})|(?:{_END}|第{_NUMBER})){_UNIT}"
)
NTH_WEEKDAYS = re.compile(rf"(?:每?逢)?({_FIRST_ORDINAL}(?:的?{_NEXT_ORDINAL})*)的?({_WEEKDAYS})")

# Days of a month
_PLAIN = rf"{_NUMBER}(?![月年个周週星点时:天])"
DAYS_OF_MONTH = re.compile(
    rf"(?:每?逢)?{_PLAIN}{_DAY}?(?:(?:{_AND}|{_TO}|(?<={_DAY})){_PLAIN}{_DAY}?)*"
)
MARKET_DAYS = re.compile(rf"(?:每旬)?每?逢({_PLAIN}{_DAY}?(?:(?:{_AND}每?逢?|逢){_PLAIN}{_DAY}?)*)")
DAY_LIST = re.compile(rf"\((?:{_NUMBER}{_DAY}?(?:{_AND}|{_TO}))*{_NUMBER}{_DAY}?\)")
LAST_DAY = re.compile(r"最后[一1]?[天日]|末日|月?[末底](?:最后[一1][天日])?")

# What begins a rule even without a separator before it.
NEW_RULE = re.compile(rf"[每逢单双]|(?:{_NUMBER}|20[0-9]{{2}})[月年]")
