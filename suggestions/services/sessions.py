"""会次: the meetings by which suggestions are numbered."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from common import audit
from common.errors import RuleViolation
from common.words import words_of
from suggestions import rules
from suggestions.models import Session

SHOWN = ("term", "number", "starts_on", "ends_on")


@transaction.atomic
def create_session(session: Session, *, actor) -> Session:
    """Enter a meeting of a congress. Refuses one that is there, and a 街道."""
    if not rules.is_office(actor, session):
        raise PermissionDenied
    rules.check_session(session)
    try:
        with transaction.atomic():
            session.save()
    except IntegrityError:
        raise RuleViolation(f"{session.area}{session}已经有了。") from None
    audit.record(audit.Action.CREATE, session, actor=actor)
    return session


@transaction.atomic
def change_session(session: Session, *, actor) -> Session:
    """Change when it opens and closes; suggestions that were submitted keep 大会 or 闭会."""
    if not rules.is_office(actor, session):
        raise PermissionDenied
    rules.check_session(session)
    stored = Session.objects.select_for_update().get(pk=session.pk)
    changes = audit.changes_between(words_of(stored, SHOWN), words_of(session, SHOWN))
    session.save(update_fields=list(SHOWN))
    audit.record(audit.Action.CHANGE, session, actor=actor, changes=changes)
    return session
