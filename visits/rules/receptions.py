"""Who may see the visitors of a visit, and what a visit must satisfy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils import timezone

from accounts.roles import Capability, Role
from common.errors import RuleViolation
from deputies.models import Deputy
from stations.rules import grants_at
from visits.models import Opinion, Reception, ReceptionDeputy
from visits.rules.entries import may
from visits.rules.opinions import check_opinion


def can_unmask(user, reception: Reception) -> bool:
    return may(user, Capability.UNMASK_CONTACT, reception)


def open_contacts(receptions: Iterable[Reception], user) -> None:
    """Show name and phone of the visitors whom `user` needs to know; all others stay masked."""
    rows = list(receptions)
    received = _received_by(user, rows)
    for row in rows:
        needed = grants_at(user, Capability.VIEW_CONTACT, row.station)
        row.masked = not needed and row.pk not in received


def _received_by(user, rows: Sequence[Reception]) -> set[int]:
    """Which of `rows` the user received as a deputy: they know whom they met."""
    if user.is_system or not user.holds([Role.DEPUTY]):
        return set()
    own = ReceptionDeputy.objects.filter(deputy__user=user, reception__in=rows)
    return set(own.values_list("reception_id", flat=True))


def check_reception(
    reception: Reception, deputies: Sequence[Deputy], opinions: Sequence[Opinion]
) -> None:
    """Refuse, with the reason in Chinese, a visit that no register would take."""
    if reception.received_on > timezone.localdate():
        raise RuleViolation("接待日期不能在今天之后。")
    if reception.until and reception.until < reception.received_on:
        raise RuleViolation("结束日期不能早于接待日期。")
    if not deputies:
        raise RuleViolation("请填写接待代表，至少一位。")
    if len({deputy.pk for deputy in deputies}) != len(deputies):
        raise RuleViolation("同一位接待代表填写了两次。")
    if not opinions:
        raise RuleViolation("请至少填写一条反映内容。")
    for opinion in opinions:
        check_opinion(opinion)
