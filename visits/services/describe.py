"""A reception in words, {label: text}: what the history compares."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from common.audit import changes_between
from common.words import words_of
from visits.models import Opinion, Reception

_VISIT_FIELDS = (
    "received_on", "until", "started_at", "ended_at", "place", "deputy_names", "recorder",
    "channel", "visitor_name", "gender", "age", "address", "employer", "phone", "headcount",
    "headcount_text", "confidential", "note",
)  # fmt: skip
OPINION_FIELDS = (
    "category", "statement", "summary", "on_site_reply", "disposal", "decline_reason", "where_to",
    "unit", "due_on", "result", "resolution", "feedback_on", "feedback_method", "feedback_by",
    "feedback_said", "satisfaction", "deputies_told_on", "deputies_told_how",
)  # fmt: skip
# Contacts are masked in the history as they are on the page.
CONTACT_LABELS = {"来访人姓名", "联系电话", "备注"}


def describe(reception: Reception, opinions: Iterable[Opinion]) -> dict[str, str]:
    """Every field that a person fills in, as it reads on the page."""
    return words_of(reception, _VISIT_FIELDS) | describe_opinions(opinions)


def describe_opinions(opinions: Iterable[Opinion]) -> dict[str, str]:
    """The opinions of an entry, each field under 意见1·反映内容; blank fields left out."""
    return {
        f"意见{opinion.position}·{label}": text
        for opinion in opinions
        for label, text in words_of(opinion, OPINION_FIELDS).items()
        if text
    }


def search_text(reception: Reception, opinions: Sequence[Opinion]) -> str:
    """What the list is searched by; name and phone are searched apart, by who may see them."""
    parts = [reception.code, reception.address, reception.deputy_names]
    for opinion in opinions:
        parts += [opinion.statement, opinion.summary, opinion.on_site_reply, opinion.result]
    return "\n".join(part for part in parts if part)


def compare(
    typed: Reception, opinions: Sequence[Opinion], current: Reception, *, masked: bool
) -> list[tuple]:
    """What two versions of a row say differently: (label, as typed, as it stands).

    For a `masked` reader contacts are left out: they cannot have been typed.
    """
    mine = describe(typed, opinions)
    theirs = describe(current, current.opinions.all())
    hidden = CONTACT_LABELS if masked else frozenset()
    changes = changes_between(mine, theirs).items()
    return [(label, *pair) for label, pair in changes if label not in hidden]
