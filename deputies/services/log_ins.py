"""A deputy's own log-in: an account, and a posting that is where the deputy is."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import rules as account_rules
from accounts import services as accounts
from accounts.models import User
from accounts.roles import Role
from common import audit
from common.errors import RuleViolation
from common.phones import first_mobile
from deputies import rules
from deputies.choices import DeputyState
from deputies.models import Deputy
from stations.models import Posting, Station
from stations.rules import manages_log_ins_at
from stations.services import end_posting, post

AT_ONCE = 40


@dataclass(frozen=True)
class OpenedLogIn:
    """One slip: the password is "" where an account of before goes on being used."""

    deputy: Deputy
    user: User | None
    password: str
    refusal: str


@transaction.atomic
def open_log_in(deputy: Deputy, *, actor) -> tuple[User, str]:
    """Give a deputy a log-in; return the account and its first password.

    The deputy logs in by phone if it is a mobile number of their own. Who already has an account
    under this name and phone uses that one, and the password is "". Refuses who may not manage
    accounts there, who has a log-in, who is not in office, and the actor's own account.
    """
    deputy = Deputy.objects.select_for_update(of=("self",)).for_page().get(pk=deputy.pk)
    if not rules.can_manage_log_in(actor, deputy):
        raise PermissionDenied
    if deputy.user_id:
        raise RuleViolation(f"{deputy}已有登录账号。")
    if deputy.state != DeputyState.IN_OFFICE:
        raise RuleViolation(f"{deputy}现在不在任，不开通登录。")
    user, password = accounts.account_for(deputy.name, first_mobile(deputy.phone), actor=actor)
    account_rules.check_not_own(actor, user)
    if Deputy.objects.filter(user=user).exists():
        raise RuleViolation(f"手机号 {user.phone} 已是另一位代表“{user}”的账号，请先核对电话。")
    deputy.user = user
    deputy.version += 1
    deputy.save(update_fields=["user", "version"])
    place_posting(deputy, actor=actor)
    changes = {"登录账号": ("", user.username)}
    audit.record(audit.Action.CHANGE, deputy, actor=actor, changes=changes)
    return user, password


@transaction.atomic
def open_log_ins(station: Station, *, actor) -> list[OpenedLogIn]:
    """Give every deputy in office of a station who has none a log-in: a sheet of slips.

    At most `AT_ONCE` a call, by pinyin: hashing a password takes its time, and the next call goes
    on. Who cannot have one now (a phone that is another's) is in the list with the reason. Refuses
    who may not manage accounts there, and a station where everybody has a log-in.
    """
    station = Station.objects.select_for_update(of=("self",)).for_page().get(pk=station.pk)
    if not manages_log_ins_at(actor, station):
        raise PermissionDenied
    waiting = list(Deputy.objects.without_log_in().filter(station=station)[:AT_ONCE])
    if not waiting:
        raise RuleViolation(f"{station}的在任代表都已开通登录。")
    return [_opened(deputy, actor) for deputy in waiting]


def _opened(deputy: Deputy, actor) -> OpenedLogIn:
    try:
        user, password = open_log_in(deputy, actor=actor)
    except RuleViolation as refusal:
        return OpenedLogIn(deputy, None, "", str(refusal))
    return OpenedLogIn(deputy, user, password, "")


def check_phone(deputy: Deputy, phone: str) -> None:
    """Refuse a new phone that the deputy's log-in would follow to, if another account has it."""
    number = _number_to_follow(deputy, deputy.phone, phone)
    if deputy.user and number:
        accounts.check_phone(deputy.user, number)


def follow_phone(deputy: Deputy, old_phone: str, *, actor) -> None:
    """Who logs in by the number that stood in the register logs in by the one that stands there.

    Without a mobile number the old one stays: otherwise they could log in no longer.
    """
    number = _number_to_follow(deputy, old_phone, deputy.phone)
    if deputy.user and number:
        accounts.change_phone(deputy.user, number, actor=actor)


def _number_to_follow(deputy: Deputy, old_phone: str, new_phone: str) -> str:
    """The mobile number to log in by from now on; "" if that stays as it is."""
    old, new = first_mobile(old_phone), first_mobile(new_phone)
    if not deputy.user or not old or old == new or deputy.user.phone != old:
        return ""
    return new if account_rules.follows_register(deputy.user) else ""


def place_posting(deputy: Deputy, *, actor) -> None:
    """Let the posting follow the deputy: at their station under their name, while in office."""
    if deputy.user_id is None:
        return
    wanted = deputy.state == DeputyState.IN_OFFICE
    for posting in Posting.objects.filter(user=deputy.user_id, role=Role.DEPUTY).for_list():
        right_name = posting.person_name.split("(")[0] == deputy.name
        if wanted and posting.station_id == deputy.station_id and right_name:
            return
        end_posting(posting, actor=actor)
    if wanted:
        name = _free_name(deputy)
        post(name, Role.DEPUTY, deputy.station, actor=actor, user=deputy.user)


def _free_name(deputy: Deputy) -> str:
    """The deputy's name, numbered if a namesake at the station has a log-in too."""
    taken = set(
        Posting.objects.filter(role=Role.DEPUTY, station=deputy.station_id).values_list(
            "person_name", flat=True
        )
    )
    numbered = (f"{deputy.name[:46]}({number})" for number in range(2, len(taken) + 3))
    return next(name for name in [deputy.name, *numbered] if name not in taken)
