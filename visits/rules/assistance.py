"""Who may see whom deputies helped, and what a line of 簿二 must satisfy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils import timezone

from accounts.roles import Capability, Role
from common.errors import RuleViolation
from deputies.models import Deputy
from stations.rules import grants_at
from visits.choices import AssistanceState
from visits.models import Assistance, AssistanceDeputy
from visits.rules.entries import check_days, check_deputies


def open_beneficiaries(rows: Iterable[Assistance], user) -> None:
    """Show whom they helped to those who need to know it: the station's staff, and the deputies
    who helped. For all others 帮扶对象 stays masked."""
    rows = list(rows)
    helped = _helped_by(user, rows)
    for row in rows:
        needed = grants_at(user, Capability.VIEW_CONTACT, row.station)
        row.masked = not needed and row.pk not in helped


def _helped_by(user, rows: Sequence[Assistance]) -> set[int]:
    if user.is_system or not user.holds([Role.DEPUTY]):
        return set()
    own = AssistanceDeputy.objects.filter(deputy__user=user, assistance__in=rows)
    return set(own.values_list("assistance_id", flat=True))


def check_assistance(assistance: Assistance, deputies: Sequence[Deputy]) -> None:
    """Refuse, with the reason in Chinese, a line that no register would take."""
    check_days(assistance.helped_on, assistance.until, "帮扶日期")
    check_deputies(deputies)
    if not assistance.deed.strip():
        raise RuleViolation("帮扶事项不能为空。")
    if assistance.money < 0 or assistance.goods < 0:
        raise RuleViolation("资金和物资折款不能是负数。")
    if assistance.finished_on:
        if assistance.finished_on < assistance.helped_on:
            raise RuleViolation("完成日期不能早于帮扶日期。")
        if assistance.finished_on > timezone.localdate():
            raise RuleViolation("完成日期不能在今天之后。")


def hint_on_finishing(assistance: Assistance) -> str:
    """What looks odd but is not refused: a day of finishing in something not finished."""
    if assistance.finished_on and assistance.state not in (AssistanceState.DONE, ""):
        return f"填了完成日期，完成情况却是“{assistance.get_state_display()}”，请核对。"
    return ""
