"""What a suggestion must satisfy before it is submitted (DOMAIN §5)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date

from django.conf import settings

from common.errors import RuleViolation
from deputies.choices import DeputyState, Level
from deputies.models import Deputy
from suggestions.choices import Consent, Kind, Occasion
from suggestions.models import Session, Suggestion

LONGEST_CONTENT = 20_000
# Letters and signs by their category that no font shows: Hangul fillers, the blank of braille.
_BLANK = "\u115f\u1160\u3164\uffa0\u2800"
LEVEL_OF = {"district": Level.DISTRICT, "township": Level.TOWNSHIP}


def occasion_on(session: Session, day: date) -> Occasion:
    """Whether the congress sat that day."""
    if session.starts_on and session.starts_on <= day <= (session.ends_on or session.starts_on):
        return Occasion.SESSION
    return Occasion.BETWEEN


def signers_needed(session: Session) -> int:
    """How many deputies a 议案 needs, the lead among them (a setting; 10 at a district, 5 at a
    township)."""
    if session.area.level == "township":
        return settings.MOTION_SIGNERS_TOWNSHIP
    return settings.MOTION_SIGNERS_DISTRICT


def missing_signers(suggestion: Suggestion) -> str:
    """What a 议案 still lacks; "" for what needs no joint names."""
    if suggestion.kind != Kind.MOTION:
        return ""
    needed = signers_needed(suggestion.session)
    signed = 1 + sum(one.consent == Consent.AGREED for one in suggestion.signatures.all())
    if signed >= needed:
        return ""
    return f"议案须 {needed} 名以上代表联名，现有 {signed} 名（含领衔代表）。"


def breaches(suggestion: Suggestion, lead: Deputy) -> Iterator[tuple[str, str]]:
    """The rules of entry that a suggestion breaks: (field, what is wrong). On imported history
    they only warn."""
    session = suggestion.session
    if suggestion.kind == Kind.MOTION and suggestion.occasion != Occasion.SESSION:
        yield "kind", "议案只能在大会期间提出，闭会期间请改为“建议”。"
    if short := missing_signers(suggestion):
        yield "kind", short
    if not speaks_at(lead, session):
        yield "lead", f"{lead.name}不是{session.congress}的代表。"
    if lead.state != DeputyState.IN_OFFICE:
        yield "lead", f"{lead.name}现在是“{lead.get_state_display()}”，不能提出建议。"


def check_text(suggestion: Suggestion) -> None:
    """Refuse, with the reason in Chinese, what no office would take."""
    if not _can_be_seen(suggestion.title):
        raise RuleViolation("请填写标题。")
    if not _can_be_seen(suggestion.content):
        raise RuleViolation("请填写内容。")
    if len(suggestion.content) > LONGEST_CONTENT:
        raise RuleViolation(
            f"内容最多 {LONGEST_CONTENT} 字，现在有 {len(suggestion.content)} 字，"
            "请精简，或把调研材料另附。"
        )


def _can_be_seen(text: str) -> bool:
    """Whether anything of it is printed: not blanks alone, nor marks that steer how text is set."""
    return any(unicodedata.category(one)[0] in "LNPS" and one not in _BLANK for one in text)


def check_signers(lead: Deputy, signers: Sequence[Deputy], session: Session) -> None:
    """Refuse the lead among those who sign, one named twice, or one of another congress."""
    if len({one.pk for one in signers}) != len(signers):
        raise RuleViolation("同一位附议代表填写了两次。")
    for one in signers:
        if one.pk == lead.pk:
            raise RuleViolation("领衔代表不用再附议。")
        if one.state != DeputyState.IN_OFFICE:
            raise RuleViolation(f"{one.name}现在是“{one.get_state_display()}”，不能附议。")
        if not speaks_at(one, session):
            raise RuleViolation(f"{one.name}不是{session.congress}的代表，不能附议。")


def speaks_at(lead: Deputy, session: Session) -> bool:
    """Whether somebody is a deputy of this congress: of its level, and of its area."""
    level = LEVEL_OF.get(session.area.level)
    at_home = lead.station.area.code.startswith(session.area.code)
    return at_home and any(
        one.level == level and one.ended_on is None for one in lead.mandates.all()
    )


def title_of(lead: Deputy, session: Session) -> str:
    """区，第6选区: as what the lead speaks."""
    level = LEVEL_OF.get(session.area.level)
    held = [one for one in lead.mandates.all() if one.level == level]
    held = held or list(lead.mandates.all())
    if not held:
        return ""
    words = [held[0].get_level_display(), held[0].constituency]
    return "，".join(word for word in words if word)[:80]


def check_session(session: Session) -> None:
    """Refuse a meeting of what has no congress, or that ends before it begins."""
    if session.area.level not in LEVEL_OF:
        raise RuleViolation("只有区县和乡镇有人民代表大会。")
    if session.area.level == "township" and session.area.name.endswith("街道"):
        raise RuleViolation("街道没有人民代表大会，请选择区县或乡镇。")
    if session.starts_on and session.ends_on and session.ends_on < session.starts_on:
        raise RuleViolation("闭幕日期不能早于开幕日期。")
