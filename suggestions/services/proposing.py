"""提出: drafts, who signs, submission; by the deputy, or by staff from the deputy's paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actors import SYSTEM
from accounts.roles import Capability
from common import audit
from common.errors import RuleViolation, StaleVersion
from common.words import words_of
from deputies.models import Deputy
from stations.rules import grants_at
from suggestions import rules
from suggestions.choices import Act, Consent, Kind, Occasion, State
from suggestions.models import Signature, Suggestion
from suggestions.services.moves import Move, lock_with_followers, moving
from suggestions.services.sources import hand_over_sources, link_opinions, release_sources
from visits.models import Opinion

EDITED = ("session", "kind", "title", "content", "category", "lead")
# What a deputy has signed: other words, or another one who leads, are signed anew.
SIGNED = ("session", "kind", "title", "content", "lead")


@transaction.atomic
def draft_suggestion(
    suggestion: Suggestion,
    *,
    actor,
    signers: Sequence[Deputy] = (),
    opinions: Sequence[Opinion] = (),
) -> Suggestion:
    """Begin a suggestion: a draft that its author alone reads, and who is asked to sign.

    A deputy begins their own; staff begin one for a deputy of their station. The same
    `submission_key` a second time is the first row. Refuses a lead or signer of another congress,
    and an opinion that already stands in a suggestion.
    """
    known = Suggestion.objects.filter(submission_key=suggestion.submission_key).first()
    if known is not None:
        return _own_of(known, actor)
    _check_author(suggestion.lead, actor)
    _settle(suggestion, timezone.localdate())
    rules.check_text(suggestion)
    rules.check_signers(suggestion.lead, signers, suggestion.session)
    suggestion.created_by_id = actor.pk
    try:
        with transaction.atomic():
            suggestion.save()
    except IntegrityError:  # the same form came twice at once: the other one was quicker
        return _own_of(Suggestion.objects.get(submission_key=suggestion.submission_key), actor)
    _put_signers(suggestion, signers)
    link_opinions(suggestion, opinions, actor=actor)
    audit.record(audit.Action.CREATE, suggestion, actor=actor)
    return suggestion


def _own_of(known: Suggestion, actor) -> Suggestion:
    if known.created_by_id != actor.pk:
        raise PermissionDenied
    return known


@transaction.atomic
def change_suggestion(
    suggestion: Suggestion,
    *,
    actor,
    version: int,
    signers: Sequence[Deputy] | None = None,
    opinions: Sequence[Opinion] | None = None,
) -> Suggestion:
    """Change a draft, one that is being signed, or one that was sent back. Who is named while it
    is being signed is asked with the change, and who has signed other words is asked anew; of one
    that was sent back they stay signed, and are told. A stale `version` writes nothing."""
    typed = {name: getattr(suggestion, name) for name in EDITED}
    with moving(suggestion, Act.CHANGE, actor=actor) as move:
        stored = move.suggestion
        if stored.version != version:
            raise StaleVersion(stored)
        before, signed = words_of(stored, EDITED), words_of(stored, SIGNED)
        if typed["lead"].pk != stored.lead_id:
            if stored.submitted_on:
                raise RuleViolation("已经提交过的建议不能换领衔代表，请撤回后另提。")
            _check_author(typed["lead"], actor)
        for name, value in typed.items():
            setattr(stored, name, value)
        _settle(stored, stored.submitted_on or timezone.localdate())
        rules.check_text(stored)
        if signers is not None:
            rules.check_signers(stored.lead, signers, stored.session)
            _put_signers(stored, signers)
        if opinions is not None:
            link_opinions(stored, opinions, actor=actor)
        changed = audit.changes_between(before, words_of(stored, EDITED))
        move.say(改动="、".join(changed))
        if stored.state == State.JOINING:
            _ask_with_change(move, is_other=words_of(stored, SIGNED) != signed)
    return move.suggestion


@transaction.atomic
def invite_signers(suggestion: Suggestion, *, actor, seen: int | None = None) -> Suggestion:
    """请代表附议: everybody named who was not asked yet is asked. Refuses if there is nobody."""
    with moving(suggestion, Act.INVITE, actor=actor, seen=seen) as move:
        waiting = move.suggestion.signatures.filter(consent=Consent.ASKED)
        names = list(waiting.values_list("name", flat=True))
        waiting.filter(asked_on=None).update(asked_on=move.on)
        move.say(附议代表="、".join(names))
    return move.suggestion


@transaction.atomic
def answer_invitation(
    suggestion: Suggestion,
    *,
    actor,
    agrees: bool,
    deputy: Deputy | None = None,
    note: str = "",
    seen: int | None = None,
) -> Suggestion:
    """A deputy signs or does not; `deputy` is named by staff who key in a signature on paper.
    Who has signed may take it back until the suggestion is accepted."""
    act = Act.AGREE if agrees else Act.DECLINE
    with moving(suggestion, act, actor=actor, note=note, seen=seen) as move:
        row = _signature(move.suggestion, actor, deputy)
        if row.consent == Consent.DECLINED or (agrees and row.consent == Consent.AGREED):
            raise RuleViolation(f"{row.name}已经答复过了。")
        row.consent = Consent.AGREED if agrees else Consent.DECLINED
        row.answered_on, row.on_paper = move.on, row.deputy.user_id != actor.pk
        row.save(update_fields=["consent", "answered_on", "on_paper"])
        move.say(附议代表=row.name, 方式="书面" if row.on_paper else "")
        _forget_signatures(move.suggestion)
    return move.suggestion


@transaction.atomic
def submit_suggestion(
    suggestion: Suggestion, *, actor, on: date | None = None, seen: int | None = None
) -> Suggestion:
    """提交 to the office. Who has not answered by now does not sign. Refuses what breaks the
    rules of entry (议案 without its names or out of session, a lead of another congress)."""
    with moving(suggestion, Act.SUBMIT, actor=actor, on=on, seen=seen) as move:
        stored = move.suggestion
        stored.submitted_on = stored.submitted_on or move.on
        _settle(stored, stored.submitted_on)
        for _, reason in rules.breaches(stored, stored.lead):
            raise RuleViolation(reason)
        stored.signatures.filter(consent=Consent.ASKED).update(consent=Consent.DECLINED)
        _forget_signatures(stored)
        move.say(附议代表="、".join(one.name for one in stored.joint))
        hand_over_sources(stored)
    return move.suggestion


@transaction.atomic
def withdraw_suggestion(
    suggestion: Suggestion, *, actor, note: str, on: date | None = None, seen: int | None = None
) -> Suggestion:
    """撤回 in writing, at any time before a unit has replied; its opinions go back to the desk."""
    followers = lock_with_followers(suggestion)
    with moving(suggestion, Act.WITHDRAW, actor=actor, note=note, on=on, seen=seen) as move:
        release_sources(move.suggestion, "建议已撤回")
        move.suggestion.merged_into = None
    for other in followers:
        _let_go(other, move.suggestion)
    return move.suggestion


def _let_go(follower: Suggestion, lead: Suggestion) -> None:
    """It stands for itself: assigned on its own, or gone on with by the units that have it."""
    if follower.state == State.ACCEPTED:
        with moving(follower, Act.SPLIT, actor=SYSTEM, note=f"{lead.code}已撤回") as move:
            move.suggestion.merged_into = None
    else:
        follower.merged_into = None
        follower.save(update_fields=["merged_into"])


def _check_author(lead: Deputy, actor) -> None:
    own = lead.user_id is not None and lead.user_id == actor.pk
    if not (actor.is_system or own or grants_at(actor, Capability.RAISE_SUGGESTION, lead.station)):
        raise PermissionDenied


def _settle(suggestion: Suggestion, day: date) -> None:
    """What follows from lead, meeting and day."""
    suggestion.lead_name = suggestion.lead.name
    suggestion.lead_title = rules.title_of(suggestion.lead, suggestion.session)
    suggestion.station = suggestion.lead.station
    suggestion.occasion = rules.occasion_on(suggestion.session, day)
    if suggestion.kind == Kind.MOTION and suggestion.occasion != Occasion.SESSION:
        raise RuleViolation("议案只能在大会期间提出，闭会期间请改为“建议”。")


def _put_signers(suggestion: Suggestion, signers: Sequence[Deputy]) -> None:
    """The names in their order; who is no longer named is left out, what was answered stays: also
    of who has said no, until they are named once more."""
    known = {one.deputy_id: one for one in suggestion.signatures.all()}
    wanted = {one.pk for one in signers}
    left_out = suggestion.signatures.exclude(deputy__in=wanted)
    left_out.exclude(consent=Consent.DECLINED).delete()
    for position, deputy in enumerate(signers):
        row = known.get(deputy.pk) or Signature(suggestion=suggestion, deputy=deputy)
        row.position, row.name = position, deputy.name
        if row.consent == Consent.DECLINED:  # named once more: asked once more
            row.consent, row.answered_on, row.asked_on = Consent.ASKED, None, None
        row.save()
    _forget_signatures(suggestion)


def _ask_with_change(move: Move, *, is_other: bool) -> None:
    """Who is named but was not asked is asked; who signed what now reads otherwise is asked
    anew."""
    rows = move.suggestion.signatures
    if is_other:
        signed = rows.filter(consent=Consent.AGREED)
        move.say(重新请附议="、".join(signed.values_list("name", flat=True)))
        signed.update(consent=Consent.ASKED, asked_on=None, answered_on=None, on_paper=False)
    rows.filter(consent=Consent.ASKED, asked_on=None).update(asked_on=move.on)
    _forget_signatures(move.suggestion)


def _signature(suggestion: Suggestion, actor, deputy: Deputy | None) -> Signature:
    rows = Signature.objects.select_for_update(of=("self",)).select_related("deputy")
    rows = rows.filter(suggestion=suggestion)
    own = rows.filter(deputy__user=actor.pk).first() if actor.pk else None
    if own is not None and (deputy is None or deputy.pk == own.deputy_id):
        return own
    if deputy is None:
        raise RuleViolation("请选择是哪位代表的附议。")
    found = rows.filter(deputy=deputy).first()
    may = rules.is_office(actor, suggestion.session) or grants_at(
        actor, Capability.JOIN_SUGGESTION, suggestion.station
    )
    if found is None or not may:
        raise PermissionDenied
    return found


def _forget_signatures(suggestion: Suggestion) -> None:
    """Signatures were written: whoever asks next reads them anew."""
    getattr(suggestion, "_prefetched_objects_cache", {}).pop("signatures", None)
