"""提出 in one go: what a button of the page on which a suggestion is written does."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from common.errors import RuleViolation
from deputies.models import Deputy
from suggestions.choices import Consent, State
from suggestions.models import Suggestion
from suggestions.services.proposing import (
    answer_invitation,
    change_suggestion,
    draft_suggestion,
    invite_signers,
    submit_suggestion,
)
from visits.models import Opinion

KEEP, INVITE, SUBMIT = "keep", "invite", "submit"


@transaction.atomic
def raise_suggestion(
    suggestion: Suggestion,
    *,
    actor,
    then: str,
    version: int,
    signers: Sequence[Deputy] = (),
    opinions: Sequence[Opinion] = (),
    on_paper: bool = False,
) -> Suggestion:
    """Write a suggestion down, new or changed, and do what follows: `KEEP` it as a draft, `INVITE`
    those named to sign, or `SUBMIT` it; all of it or nothing.

    `on_paper`: everybody named has signed on paper. Refuses to submit while somebody who is named
    was never asked, and what the single steps refuse. The same new form a second time changes
    nothing.
    """
    agreed = _agreed(suggestion)
    if suggestion.pk is None:
        stored = draft_suggestion(suggestion, actor=actor, signers=signers, opinions=opinions)
        if stored is not suggestion:
            return stored
    else:
        stored = change_suggestion(
            suggestion, actor=actor, version=version, signers=signers, opinions=opinions
        )
    waiting = [one for one in stored.signatures.all() if one.consent == Consent.ASKED]
    if waiting and on_paper and then != KEEP:
        stored = _signed_on_paper(stored, [one.deputy for one in waiting], actor)
    elif then == INVITE:
        asked = waiting and stored.state == State.JOINING  # with the change already
        return stored if asked else invite_signers(stored, actor=actor)
    if then == SUBMIT:
        _check_asked(stored)
        _check_signed_this(agreed, stored)
        return submit_suggestion(stored, actor=actor)
    return stored


def _signed_on_paper(stored: Suggestion, deputies: Sequence[Deputy], actor) -> Suggestion:
    if stored.state != State.JOINING:
        stored = invite_signers(stored, actor=actor)
    for deputy in deputies:
        stored = answer_invitation(stored, actor=actor, agrees=True, deputy=deputy)
    return stored


def _agreed(suggestion: Suggestion) -> set[int]:
    """Who has signed so far."""
    if suggestion.pk is None:
        return set()
    rows = suggestion.signatures.filter(consent=Consent.AGREED)
    return set(rows.values_list("deputy", flat=True))


def _check_signed_this(agreed: set[int], stored: Suggestion) -> None:
    """Submitted with the change, nobody could sign the new words."""
    rows = stored.signatures.all()
    again = [one.name for one in rows if one.consent == Consent.ASKED and one.deputy_id in agreed]
    if again:
        raise RuleViolation(
            f"内容改了，{'、'.join(again)}要重新答复是否附议。请先保存，等他们答复后再提交。"
        )


def _check_asked(stored: Suggestion) -> None:
    never = [
        one.name for one in stored.signatures.all()
        if one.consent == Consent.ASKED and one.asked_on is None
    ]  # fmt: skip
    if never:
        raise RuleViolation(
            f"还没有请{'、'.join(never)}附议。请先点“请代表附议”，等他们答复后再提交；"
            "不用他们附议的，请去掉姓名。"
        )
