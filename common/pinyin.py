"""Names as they sound: what lists are sorted by and searched with."""

from functools import cache
from typing import NamedTuple

# Surnames that the dictionary reads as the common word.
_SURNAMES = {
    "单": "shan", "仇": "qiu", "朴": "piao", "区": "ou", "查": "zha", "盖": "ge", "覃": "qin",
    "曾": "zeng", "解": "xie", "任": "ren", "尉": "wei", "乐": "yue", "华": "hua", "召": "shao",
    "繁": "po", "洗": "xian", "员": "yun", "翟": "zhai", "缪": "miao", "万": "wan", "折": "she",
}  # fmt: skip


class Spelling(NamedTuple):
    full: str
    initials: str


@cache
def _dictionary():
    # Imported when first needed: the dictionary takes memory that most processes do not want.
    from pypinyin import lazy_pinyin  # noqa: PLC0415

    return lazy_pinyin


def spell(name: str) -> Spelling:
    """石刚 → ("shi gang", "sg"); signs between the parts of a name are left out."""
    syllables = [s.lower() for s in _dictionary()(name) if s.strip("· ")]
    if name[:1] in _SURNAMES and syllables:
        syllables[0] = _SURNAMES[name[0]]
    return Spelling(" ".join(syllables)[:200], "".join(s[0] for s in syllables)[:50])
