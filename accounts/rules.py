from django.conf import settings

from accounts.roles import Capability, Role, roles_with


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
