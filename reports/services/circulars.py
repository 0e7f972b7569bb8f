"""The year's 通报 goes to the inbox of each deputy."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.services import Message, send
from common import audit
from common.errors import RuleViolation
from deputies.models import Deputy
from reports import rules
from reports.circulars import in_letter_order, key_of, may_be_sent, opens_on
from reports.scope import Scope


@dataclass(frozen=True)
class Sent:
    """How many letters are new, and who of the deputies can get none."""

    new: int
    before: int
    without_log_in: int


@transaction.atomic
def send_circulars(scope: Scope, year: int, *, actor) -> Sent:
    """Tell each deputy in office at these stations that their letter of the year can be read.

    Once a deputy and year, however often it is sent. Refuses who does not sign for one of the
    stations, and a year that has not come to its end.
    """
    stations = list(scope.stations().select_related("area"))
    if not stations or any(not rules.can_send_circulars(actor, one) for one in stations):
        raise PermissionDenied
    if not may_be_sent(year, timezone.localdate()):
        raise RuleViolation(f"{year}年度的通报从{opens_on(year)}起发送；现在可以先看、先打印。")
    deputies = list(in_letter_order(scope.deputies()))
    with_log_in = [deputy for deputy in deputies if deputy.user and deputy.user.is_active]
    if not with_log_in:
        raise RuleViolation("这里没有开通登录的在任代表，请打印后送交。")
    new = send(_message(deputy, year) for deputy in with_log_in)
    note = f"发送{year}年度履职情况通报，{scope.place_name}，{new} 份"
    audit.record(audit.Action.CHANGE, stations[0], actor=actor, note=note[:500])
    return Sent(new, len(with_log_in) - new, len(deputies) - len(with_log_in))


def _message(deputy: Deputy, year: int) -> Message:
    return Message(
        key=key_of(deputy.pk, year),
        title=f"{year}年度履职情况通报",
        text=f"{deputy.station}的通报已经可以看了，里面有您这一年的履职记录和本站的出勤情况。",
        user=deputy.user,
        kind="circular",
        url=f"{reverse('reports:circular', args=[deputy.pk])}?year={year}",
        station_key=deputy.station_id,
        channels=(),
    )
