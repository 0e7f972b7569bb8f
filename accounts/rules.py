from django.conf import settings

from accounts.roles import Capability, Role, roles_with
from common.errors import RuleViolation


def may_manage_accounts(actor) -> bool:
    """The first administrator, and whoever holds the capability somewhere."""
    if actor.is_system or actor.is_superuser:
        return True
    return actor.holds(roles_with(Capability.MANAGE_ACCOUNTS))


def can_manage(actor, user) -> bool:
    """Nobody takes over the account of somebody with more rights over accounts."""
    if actor.is_system or actor.is_superuser:
        return True
    if user.is_superuser:
        return False
    if user.holds([Role.ADMINISTRATOR]) and not actor.holds([Role.ADMINISTRATOR]):
        return False
    return may_manage_accounts(actor)


def check_not_own(actor, user) -> None:
    """Refuse to give the actor's own account a posting: rights come from somebody else."""
    if user.pk == actor.pk:
        raise RuleViolation("不能给自己授予任职，请由别的管理人员办理。")


def follows_register(user) -> bool:
    """Whether the register of deputies puts name and phone of the account right.

    Who keeps that register must not get at an account with more rights than a deputy's.
    """
    if user.is_superuser or user.is_staff:
        return False
    return all(posting.role == Role.DEPUTY for posting in user.held_postings)


def is_deputy_only(user) -> bool:
    """A deputy's own phone stays signed in: such a user can only reach own matters."""
    return bool(user.held_postings) and all(
        posting.role == Role.DEPUTY for posting in user.held_postings
    )


def idle_limit(user) -> int:
    """Seconds after which an idle session of `user` ends."""
    if is_deputy_only(user):
        return settings.DEPUTY_SESSION_DAYS * 24 * 3600
    return settings.IDLE_LOGOUT_MINUTES * 60
