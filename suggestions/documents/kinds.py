"""Which papers there are of a suggestion, and who may have which."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.urls import reverse

from suggestions import rules
from suggestions.documents import course, forms, letters, slips
from suggestions.documents.sheet import Part, Reader, Sheet
from suggestions.models import Handling, Step, Suggestion


class Paper(NamedTuple):
    """A kind of paper: what there is of it, who may have it, what stands on it."""

    label: str
    parts: Callable[[Reader], list[Part]]
    may: Callable[[Reader, Part], bool]
    make: Callable[[Reader, Part], Sheet]


class PaperLink(NamedTuple):
    label: str
    url: str
    word_url: str


def offered_papers(
    user, suggestion: Suggestion, shares: Sequence[Handling], steps: Sequence[Step] | None = None
) -> list[PaperLink]:
    """What `user` may print of it; `shares` as `HandlingQuerySet.for_page` reads them."""
    reader = Reader(user, suggestion, shares, steps)
    found = []
    for kind, paper in PAPERS.items():
        parts = [part for part in paper.parts(reader) if paper.may(reader, part)]
        units = {part.share.unit_id for part in parts if part.share}
        found += [_link(reader, kind, part, len(units) > 1) for part in parts]
    return found


def sheets_of(reader: Reader, kind: str, *, share: int | None, step: int | None) -> list[Sheet]:
    """The papers of a kind that the reader asks for, one for each unit.

    There is none: an empty list. There are, but not for this reader: `PermissionDenied`.
    """
    paper = PAPERS[kind]
    parts = [
        part
        for part in paper.parts(reader)
        if (share is None or (part.share and part.share.pk == share))
        and (step is None or (part.step and part.step.pk == step))
    ]
    allowed = [part for part in parts if paper.may(reader, part)]
    if parts and not allowed:
        raise PermissionDenied
    return [paper.make(reader, part) for part in allowed]


def _link(reader: Reader, kind: str, part: Part, several: bool) -> PaperLink:
    label = PAPERS[kind].label
    if part.step:
        label = f"{part.step.get_act_display()}单 {part.step.on.month}月{part.step.on.day}日"
    if part.share and (several or part.share.round > 1):
        again = f"，第 {part.share.round} 轮" if part.share.round > 1 else ""
        label += f"（{part.share.unit}{again}）"
    keys = {"share": part.share and part.share.pk, "step": part.step and part.step.pk}
    query = urlencode({name: key for name, key in keys.items() if key})
    addresses = [
        reverse(f"suggestions:{name}", args=[reader.suggestion.pk, kind])
        + (f"?{query}" if query else "")
        for name in ("paper", "paper_word")
    ]
    return PaperLink(label, *addresses)


def _whole(reader: Reader) -> list[Part]:
    return [Part()]


def _course(reader: Reader) -> list[Part]:
    return [Part()] if reader.suggestion.submitted_on else []


def _assigned(reader: Reader) -> list[Part]:
    return [Part(one) for one in rules.last_shares(reader.shares) if one.assigned_on]


def _urged(reader: Reader) -> list[Part]:
    return [
        Part(share, step)
        for step in reader.urgings
        for share in slips.urged_by(step, reader.shares)
    ]


def _written(reader: Reader) -> list[Part]:
    """Letters that have a text here: what came as a file alone is printed from its file."""
    return [Part(one) for one in _standing(reader) if letters.text_of(one)]


def _released(reader: Reader) -> list[Part]:
    return [Part(one) for one in _standing(reader) if letters.is_released(one)]


def _standing(reader: Reader) -> list[Handling]:
    return [one for one in reader.shares if one.answers and not one.has_left]


def _insider(reader: Reader, part: Part) -> bool:
    return not reader.is_outsider


def _insider_or_own(reader: Reader, part: Part) -> bool:
    return not reader.is_outsider or reader.is_clerk_of(part.share)


def _reads_letter(reader: Reader, part: Part) -> bool:
    """Until it is released a letter is read by its unit, by the office, and by the units that are
    to countersign it once it was sent round."""
    if reader.is_office or reader.is_clerk_of(part.share) or _countersigns(reader, part):
        return True
    return not reader.is_outsider and part.share is not None and letters.is_released(part.share)


def _countersigns(reader: Reader, part: Part) -> bool:
    if part.share is None or part.share.circulated_on is None:
        return False
    return any(reader.is_clerk_of(one) for one in rules.assisting(part.share, reader.shares))


PAPERS = {
    "form": Paper("建议用纸", _whole, _insider, forms.suggestion_form),
    "assign": Paper("交办单", _assigned, _insider_or_own, slips.assign_slip),
    "urge": Paper("催办单", _urged, _insider_or_own, slips.urge_slip),
    "letter": Paper("答复函", _written, _reads_letter, letters.reply_letter),
    "rating": Paper("征询意见表", _released, _insider, letters.rating_form),
    "course": Paper("办理情况", _course, _insider, course.course_sheet),
}
