"""What was typed into an act and is not done yet: kept for its user, and filled in again."""

from __future__ import annotations

import uuid

from common.models import Draft
from common.services import drop_draft, keep_draft
from suggestions.forms.acts import ActForm
from suggestions.models import Suggestion

# Which act of which share somebody types at: under this a draft is found again.
Place = tuple[str, int]


def place_of(form: ActForm) -> Place:
    return form.name(), form.share.pk if form.share else 0


def drafts_of(user, suggestion: Suggestion) -> dict[Place, Draft]:
    """All that `user` has typed into acts of this suggestion and not done, by their places."""
    rows = Draft.objects.visible_to(user).filter(form=_form(suggestion)).order_by("updated_at")
    return {(row.data["act"][0], int(row.data["share"][0])): row for row in rows}


def keep(form: ActForm, typed) -> Draft | None:
    """Keep what was typed into `form`; what says no more than the empty form is forgotten."""
    if not set(form.changed_data) - {"seen"}:
        drop(form.user, form.suggestion, place_of(form))
        return None
    act, share = place_of(form)
    data = {name: typed.getlist(name) for name in form.fields if name in typed}
    data |= {"act": [act], "share": [str(share)]}
    return keep_draft(form.user, _form(form.suggestion), _key((act, share)), data)


def drop(user, suggestion: Suggestion, place: Place) -> None:
    """The act was done, or its user does not want the words any more."""
    drop_draft(user, _form(suggestion), _key(place))


def _form(suggestion: Suggestion) -> str:
    return f"suggestion_act:{suggestion.pk}"


def _key(place: Place) -> uuid.UUID:
    act, share = place
    return uuid.uuid5(uuid.NAMESPACE_OID, f"{act}/{share}")
