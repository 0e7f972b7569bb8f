"""A suggestion in words: what two versions say differently, and how one begins from opinions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from django.utils.text import Truncator

from suggestions.choices import Consent
from suggestions.models import Suggestion
from visits.models import Opinion

COMPARED = {
    "lead": "领衔代表", "session": "届次", "kind": "种类", "title": "标题", "content": "内容",
    "category": "类别",
}  # fmt: skip
TITLE_UP_TO, SHORTEST_SUBJECT = 40, 6
NUMBER_LEFT_OUT, HOME_LEFT_OUT = "（号码略）", "（住址略）"
# Telephone and identity numbers, however they are parted.
# Days and amounts are not meant.
_NUMBER = re.compile(
    r"(?<!\d)(?!(?:19|20)\d\d[-.]\d{1,2}[-.]\d{1,2}(?!\d))"
    r"\d(?:[\s\-－.·]?\d){6,}[XxＸ]?(?!\d|\s*[元万亿平米吨人户])"
)
# A door: 3幢2单元502室, 5组23号. A house without one may be what the matter is about.
_HOME = re.compile(
    r"(?:\d+\s?(?:号楼|号|栋|幢|楼)\s?)?(?:\d+\s?单元\s?)?\d{2,4}\s?室"
    r"|\d+\s?(?:村民小组|组)\s?\d+\s?号"
)
_BETWEEN_NAMES = re.compile(r"[、，,；;/和及]+")


def compare(typed: Suggestion, stored: Suggestion, cleaned: Mapping) -> list[tuple[str, str, str]]:
    """(what, as typed, as it stands) of all that differs."""
    rows = []
    for name, label in COMPARED.items():
        mine, theirs = _said(typed, name), _said(stored, name)
        if mine != theirs:
            rows.append((label, mine, theirs))
    names = "、".join(deputy.name for deputy in cleaned.get("deputies", ()))
    signed = stored.signatures.all()
    standing = "、".join(one.name for one in signed if one.consent != Consent.DECLINED)
    if names != standing:
        rows.append(("附议代表", names, standing))
    return rows


def from_opinions(opinions: Sequence[Opinion]) -> dict:
    """How a suggestion begins that comes from what people said: its words without whoever said
    them, the category if they share one, and the deputy who heard them first."""
    if not opinions:
        return {}
    said = [_without_visitor(one.statement, one) for one in opinions]
    about = _subject(_without_visitor(opinions[0].summary, opinions[0]) or said[0])
    categories = {one.category_id for one in opinions}
    return {
        "title": f"关于{Truncator(about).chars(TITLE_UP_TO)}的建议",
        "content": said[0] if len(said) == 1 else "\n".join(
            f"{at}. {text}" for at, text in enumerate(said, start=1)
        ),
        "category": categories.pop() if len(categories) == 1 else None,
        "opinions": [one.pk for one in opinions],
        "lead": _who_heard(opinions[0]),
    }  # fmt: skip


def _subject(said: str) -> str:
    """What it is about, for the title: the first clause or two after the greeting."""
    said = re.sub(r"^[^，。！、]{0,8}[您你]好[，。！、 ]*|^(反映|建议)", "", said)
    clauses = re.split(r"[，。！？；\n]", said)
    first = clauses[0]
    return first if len(first) >= SHORTEST_SUBJECT else "".join(clauses[:2])


def _without_visitor(text: str, opinion: Opinion) -> str:
    """What was said, without who said it; units read a suggestion, and perhaps the public."""
    visit = opinion.reception
    text = _NUMBER.sub(NUMBER_LEFT_OUT, text.strip())
    for home in filter(None, [visit.address.strip() if visit else ""]):
        text = _spaced(home).sub(HOME_LEFT_OUT, text)
    text = _HOME.sub(HOME_LEFT_OUT, text)
    for person in _persons(visit.visitor_name if visit else ""):
        text = _spaced(person).sub("来访人", text)
    return text


def _persons(names: str) -> list[str]:
    """Everybody named, the longest first; 王 建国 is one, 张三 李四 are two."""
    found: set[str] = set()
    for one in _BETWEEN_NAMES.split(names):
        parts = one.split()
        apart = parts if all(len(part) > 1 for part in parts) else []
        found |= {"".join(parts), *apart}
    return sorted((one for one in found if len(one) > 1), key=len, reverse=True)


def _spaced(words: str) -> re.Pattern[str]:
    """These words, however they are spaced."""
    return re.compile(r"\s*".join(re.escape(one) for one in words if not one.isspace()))


def _who_heard(opinion: Opinion) -> int | None:
    if opinion.reception is None:
        return None
    return opinion.reception.receivers.values_list("deputy", flat=True).first()


def _said(row: Suggestion, name: str) -> str:
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    return "" if value is None else str(value)
