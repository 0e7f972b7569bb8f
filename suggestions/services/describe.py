"""A suggestion in words: what two versions say differently, and how one begins from opinions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from django.utils.text import Truncator

from common.masking import mask_numbers
from suggestions.choices import Consent
from suggestions.models import Suggestion
from visits.models import Opinion

COMPARED = {
    "lead": "领衔代表", "session": "届次", "kind": "种类", "title": "标题", "content": "内容",
    "category": "类别",
}  # fmt: skip
TITLE_UP_TO, SHORTEST_SUBJECT = 40, 6


def compare(typed: Suggestion, stored: Suggestion, cleaned: Mapping) -> list[tuple[str, str, str]]:
    """(what, as typed, as it stands) of all that differs."""
    rows = []
    for name, label in COMPARED.items():
        mine, theirs = _said(typed, name), _said(stored, name)
        if mine != theirs:
            rows.append((label, mine, theirs))
    names = "、".join(deputy.name for deputy in cleaned.get("deputies", ()))
    rows = stored.signatures.all()
    standing = "、".join(one.name for one in rows if one.consent != Consent.DECLINED)
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
    text = mask_numbers(text.strip())
    name = opinion.reception.visitor_name if opinion.reception else ""
    for person in re.split(r"[、，,；;/\s和及]+", name):
        if len(person) > 1:
            text = text.replace(person, "来访人")
    return text


def _who_heard(opinion: Opinion) -> int | None:
    if opinion.reception is None:
        return None
    return opinion.reception.receivers.values_list("deputy", flat=True).first()


def _said(row: Suggestion, name: str) -> str:
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    return "" if value is None else str(value)
