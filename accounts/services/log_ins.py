"""What is done to accounts: opening, locking and releasing, first passwords."""

import re
import secrets
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import rules
from accounts.actors import SYSTEM
from accounts.models import User
from common import audit
from common.errors import RuleViolation
from common.pinyin import spell

_MOBILE = re.compile(r"1\d{10}")
# No letters and figures that look alike: first passwords are handed out on paper.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


@transaction.atomic
def settle_log_in(user: User, *, fits: bool) -> bool:
    """Whether a try to log in gets through, now that its password was read.

    Tries at one account come one after the other from here on: a password that fits is refused
    if the account was locked while it was read, and the last wrong one allowed locks it.
    """
    stored = User.objects.select_for_update().get(pk=user.pk)
    if stored.is_locked:
        return False
    if not fits:
        _count_failure(stored)
    elif stored.failed_logins:
        User.objects.filter(pk=stored.pk).update(failed_logins=0)
    return fits


def _count_failure(user: User) -> None:
    """Count one wrong password of an account that is held for update."""
    limit, minutes = settings.LOGIN_FAILURES_BEFORE_LOCK, settings.LOGIN_LOCK_MINUTES
    user.failed_logins += 1
    if user.failed_logins >= limit:
        user.failed_logins = 0
        user.locked_until = timezone.now() + timedelta(minutes=minutes)
        audit.record(audit.Action.LOCK, user, actor=SYSTEM, note=f"连续 {limit} 次密码错误")
    user.save(update_fields=["failed_logins", "locked_until"])


@transaction.atomic
def release_lock(user: User, *, actor) -> None:
    """Let a locked account log in again at once. Refuses who may not manage accounts."""
    _require_account_manager(actor, user)
    User.objects.filter(pk=user.pk).update(failed_logins=0, locked_until=None)
    audit.record(audit.Action.UNLOCK, user, actor=actor)


@transaction.atomic
def give_first_password(user: User, *, actor) -> str:
    """Set a new random password, to be changed at the next log-in, and return it once.

    Ends every session of the account. Refuses who may not manage accounts.
    """
    _require_account_manager(actor, user)
    password = first_password()
    user.set_password(password)
    user.must_change_password = True
    user.failed_logins, user.locked_until = 0, None
    user.save(update_fields=["password", "must_change_password", "failed_logins", "locked_until"])
    audit.record(audit.Action.PASSWORD, user, actor=actor, note="发放初始密码")
    return password


@transaction.atomic
def change_password(user: User, password: str) -> None:
    """Set the password that the user chose."""
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    audit.record(audit.Action.PASSWORD, user, actor=user, note="本人修改密码")


@transaction.atomic
def open_account(name: str, phone: str = "", *, actor) -> tuple[User, str]:
    """Open an account for a person; return it with its first password, which is shown once.

    The user name is the phone, if it is a mobile number that no account is known by; otherwise
    the name in pinyin, with a number where it is taken. Refuses who may not manage accounts.
    """
    if not rules.may_manage_accounts(actor):
        raise PermissionDenied
    free = bool(_MOBILE.fullmatch(phone)) and not User.objects.known_as(phone).exists()
    user_name = phone if free else _free_user_name(name)
    user = User(username=user_name, name=name, phone=phone if free else None)
    password = first_password()
    user.set_password(password)
    user.save()
    audit.record(audit.Action.CREATE, user, actor=actor, note="开通账号，发放初始密码")
    return user, password


@transaction.atomic
def account_for(name: str, phone: str = "", *, actor) -> tuple[User, str]:
    """The account that a person of this name and phone has already, and no password; or a new one.

    One person with several postings logs in once. Refuses who may not manage accounts.
    """
    if not rules.may_manage_accounts(actor):
        raise PermissionDenied
    known = User.objects.filter(name=name, phone=phone).first() if phone else None
    return (known, "") if known else open_account(name, phone, actor=actor)


@transaction.atomic
def rename_account(user: User, name: str, *, actor) -> None:
    """The person's name was put right in a register; the caller has checked who may do that."""
    audit.record(audit.Action.CHANGE, user, actor=actor, changes={"姓名": (user.name, name)})
    User.objects.filter(pk=user.pk).update(name=name)


@transaction.atomic
def change_phone(user: User, phone: str, *, actor) -> None:
    """Let the person log in by another mobile number; a user name that was the old one goes along.

    The password and the open sessions stay. Refuses what is no mobile number, and one that another
    account is known by. The caller has checked who may do that.
    """
    check_phone(user, phone)
    old = {"手机号": user.phone or "", "用户名": user.username}
    if user.username == user.phone:
        user.username = phone
    user.phone = phone
    try:
        with transaction.atomic():
            user.save(update_fields=["phone", "username"])
    except IntegrityError:
        raise _phone_taken(phone) from None
    changes = audit.changes_between(old, {"手机号": phone, "用户名": user.username})
    audit.record(audit.Action.CHANGE, user, actor=actor, changes=changes)


def check_phone(user: User, phone: str) -> None:
    """Refuse what is no mobile number, and one that another account is known by."""
    if not _MOBILE.fullmatch(phone):
        raise RuleViolation("手机号应为 1 开头的 11 位数字。")
    if User.objects.known_as(phone).exclude(pk=user.pk).exists():
        raise _phone_taken(phone)


def _phone_taken(phone: str) -> RuleViolation:
    return RuleViolation(
        f"手机号 {phone} 已是另一个账号的登录手机号，请先核对；确要换，请联系区代表工委。"
    )


def _free_user_name(name: str) -> str:
    """shigang, or shigang2 where there is one already."""
    stem = re.sub(r"[^a-z0-9]", "", spell(name).full)[:140] or "user"
    taken = set(User.objects.filter(username__startswith=stem).values_list("username", flat=True))
    numbered = (f"{stem}{number}" for number in range(2, len(taken) + 3))
    return next(free for free in [stem, *numbered] if free not in taken)


def first_password() -> str:
    """Eight characters that can be read aloud and typed on a phone."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(8))


def _require_account_manager(actor, user: User) -> None:
    if not rules.can_manage(actor, user):
        raise PermissionDenied
