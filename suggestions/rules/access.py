"""Who may do what with a suggestion: what is one's own, and what a posting grants where it is."""

from __future__ import annotations

from accounts.roles import Capability, Role, roles_with
from stations.models import Area
from stations.rules import can_in_area, grants_at
from suggestions.choices import Consent
from suggestions.models import Handling, Session, Suggestion
from suggestions.querysets.handling import units_of

C = Capability
# What the office of the congress does wherever its deputies are posted.
_OF_THE_OFFICE = (C.REVIEW_SUGGESTION, C.HANDLE_SUGGESTION, C.RATE_SUGGESTION)


def may(
    user, capability: Capability, suggestion: Suggestion, handling: Handling | None = None
) -> bool:
    """Whether `user` holds `capability` for this suggestion, or for this share of it.

    A deputy raises, withdraws and rates what they lead, and answers when asked to sign; a clerk
    handles what their unit has; staff of the lead's station key in what deputies do on paper; the
    office of the congress does the rest, and keys in what units and deputies answer on paper.
    """
    if user.is_system:
        return True
    if capability in _OF_THE_OFFICE and is_office(user, suggestion.session):
        return True
    if capability == C.HANDLE_SUGGESTION:
        return handling is not None and is_clerk_of(user, handling)
    if capability == C.RATE_SUGGESTION:
        return is_lead(user, suggestion)
    if capability == C.RAISE_SUGGESTION:
        return is_lead(user, suggestion) or _on_paper(user, capability, suggestion)
    if capability == C.JOIN_SUGGESTION:
        return is_asked(user, suggestion) or _on_paper(user, capability, suggestion)
    return False


def is_office(user, session: Session) -> bool:
    """Whether `user` works in the office of this congress: it reviews, assigns and closes."""
    return user.is_system or can_in_area(user, C.REVIEW_SUGGESTION, session.area.code)


def is_lead(user, suggestion: Suggestion) -> bool:
    return suggestion.lead.user_id is not None and suggestion.lead.user_id == user.pk


def is_asked(user, suggestion: Suggestion) -> bool:
    """Whether `user` is a deputy who was asked to sign, whatever they said."""
    return any(one.deputy.user_id == user.pk for one in suggestion.signatures.all())


def is_clerk_of(user, handling: Handling) -> bool:
    return not handling.has_left and handling.unit_id in units_of(user)


def is_outsider(user, suggestion: Suggestion) -> bool:
    """Whether `user` reads it as a clerk alone: no word of the visitor, none of the register."""
    if user.is_system:
        return False
    stations = grants_at(user, C.VIEW_SUGGESTION, suggestion.station)
    deputy = is_lead(user, suggestion) or is_asked(user, suggestion)
    return not (stations or deputy or is_office(user, suggestion.session))


def can_raise_somewhere(user) -> bool:
    """Whether the menu offers a new suggestion: to deputies, and to staff who type for them."""
    return user.is_system or user.holds([Role.DEPUTY, *roles_with(C.RAISE_SUGGESTION)])


def can_see_any(user) -> bool:
    """Whether the menu leads to the suggestions."""
    allowed = {*roles_with(C.VIEW_SUGGESTION), *roles_with(C.HANDLE_SUGGESTION), Role.DEPUTY}
    return user.is_system or user.holds(list(allowed))


def reviews_somewhere(user) -> bool:
    return user.is_system or user.holds(roles_with(C.REVIEW_SUGGESTION))


def keeps_office(user) -> bool:
    """Whether `user` works in the office of the district's congress, or of one that has met."""
    if keeps_settings(user):
        return True
    return bool(_office_areas(user)) and (
        Session.objects.where_user_can(user, C.REVIEW_SUGGESTION).exists()
    )


def keeps_settings(user) -> bool:
    """Whether `user` sets the times and meetings: one setting for the whole district."""
    return user.is_system or any(area.level == "district" for area in _office_areas(user))


def _office_areas(user) -> list[Area]:
    roles = roles_with(C.REVIEW_SUGGESTION)
    return [held.area for held in user.held_postings if held.role in roles and held.area_id]


def _on_paper(user, capability: Capability, suggestion: Suggestion) -> bool:
    """Staff of the station, or an area above it. A deputy's own draft is nobody else's."""
    if suggestion.submitted_on is None and suggestion.created_by_id != user.pk:
        return False
    return grants_at(user, capability, suggestion.station)


def has_agreed(suggestion: Suggestion, user) -> bool:
    return any(
        one.consent == Consent.AGREED and one.deputy.user_id == user.pk
        for one in suggestion.signatures.all()
    )


def keys_in(user, suggestion: Suggestion, handling: Handling | None) -> bool:
    """Whether `user` writes down what others did on paper: their own acts are of today."""
    if user.is_system:
        return True
    own = is_lead(user, suggestion) or is_asked(user, suggestion)
    return not own and not (handling is not None and is_clerk_of(user, handling))


def standing_of(user, suggestion: Suggestion, handling: Handling | None) -> str:
    """As whom `user` acts, for the history: 代表本人, the unit's clerk, the office."""
    if user.is_system:
        return ""
    if is_lead(user, suggestion):
        return "领衔代表"
    if handling is not None and is_clerk_of(user, handling):
        return str(handling.unit)
    if is_office(user, suggestion.session):
        return f"{suggestion.session.area.name}人大"
    if is_asked(user, suggestion):
        return "附议代表"
    return str(suggestion.station)
