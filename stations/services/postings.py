"""Who works where, and the log-in of who does."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import rules as account_rules
from accounts import services as accounts
from accounts.models import User
from accounts.roles import Role
from common import audit
from common.errors import RuleViolation
from common.sheets.cells import normalise_name
from stations import rules
from stations.models import Area, Posting, Station, Unit

# Hidden in the history from who does not manage log-ins.
LOG_IN_LABEL = "登录账号"


@transaction.atomic
def post(
    person_name: str, role: str, place: Station | Area | Unit, *, actor, user: User | None = None
) -> Posting:
    """Say that a person holds `role` at `place`; who holds it already keeps that posting.

    Refuses who may not post there, the actor's own account, a role that does not belong to such a
    place, and a name that a namesake with another log-in holds there.
    """
    if not rules.can_post(actor, role, place):
        raise PermissionDenied
    if user:
        account_rules.check_not_own(actor, user)
    person_name = normalise_name(person_name)
    rules.check_posting(person_name, role, place)
    if isinstance(place, Area):  # no constraint keeps two clicks apart there
        Area.objects.select_for_update().get(pk=place.pk)
    # A unit may be merged away in the meantime.
    if isinstance(place, Unit) and not Unit.objects.select_for_update().filter(pk=place.pk):
        raise RuleViolation(f"“{place}”刚刚被并入别的单位，请回到名录再看。")
    where = {str(place._meta.model_name): place}
    posting, created = Posting.objects.get_or_create(
        person_name=person_name, role=role, **where, defaults={"user": user}
    )
    if user and posting.user_id != user.pk:
        raise RuleViolation(f"{place}已有叫“{person_name}”的{Role(role).label}。")
    if created:
        changes = {Role(role).label: ("", person_name)}
        audit.record(audit.Action.CHANGE, place, actor=actor, changes=changes, note="任职")
    return posting


@transaction.atomic
def end_posting(posting: Posting, *, actor) -> None:
    """End what somebody does at a place, and with it their rights there; the account stays.

    Refuses who may not: a posting with a log-in is ended by who manages accounts there.
    """
    posting = Posting.objects.for_list().get(pk=posting.pk)
    if not rules.can_end(actor, posting):
        raise PermissionDenied
    changes = {posting.get_role_display(): (posting.person_name, "")}
    audit.record(audit.Action.CHANGE, posting.place, actor=actor, changes=changes, note="结束任职")
    posting.delete()


@transaction.atomic
def open_log_in(posting: Posting, *, actor, phone: str = "") -> tuple[User, str]:
    """Give the person of a posting a log-in; return the account and its first password.

    Who already has an account under this name and phone uses that one, and the password is "".
    Refuses who may not manage accounts there, a posting that has a log-in, and the actor's own
    account.
    """
    posting = Posting.objects.select_for_update(of=("self",)).for_list().get(pk=posting.pk)
    if not rules.can_manage_log_in(actor, posting):
        raise PermissionDenied
    if posting.user_id:
        raise RuleViolation(f"{posting.person_name}已有登录账号。")
    user, password = accounts.account_for(posting.person_name, phone, actor=actor)
    account_rules.check_not_own(actor, user)
    posting.user = user
    posting.save(update_fields=["user"])
    changes = {LOG_IN_LABEL: ("", user.username)}
    audit.record(
        audit.Action.CHANGE, posting.place, actor=actor, changes=changes, note=str(posting)[:500]
    )
    return user, password
