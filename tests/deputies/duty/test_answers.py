from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Notice
from common.errors import RuleViolation
from deputies.actors import ByLink
from deputies.choices import Answer, Attendance, Request
from deputies.models import LeaveRequest
from deputies.services.duty import (
    ask_leave,
    confirm,
    decide_leave,
    drop_day,
    record_contact,
    withdraw_leave,
)
from tests.factories import assignment, make_day

pytestmark = pytest.mark.django_db


def test_a_deputy_confirms_and_a_second_time_changes_nothing(day, deputy):
    row = confirm(assignment(day, deputy), actor=deputy.user)
    again = confirm(row, actor=deputy.user)
    assert again.answer == Answer.CONFIRMED
    assert again.answered_at == row.answered_at


def test_who_confirms_asks_for_leave_no_longer(day, deputy):
    request = ask_leave(assignment(day, deputy), actor=deputy.user, reason="出差")
    confirm(assignment(day, deputy), actor=deputy.user)
    request.refresh_from_db()
    assert request.state == Request.WITHDRAWN


def test_nobody_confirms_for_another_deputy(day, deputy, other):
    with pytest.raises(PermissionDenied):
        confirm(assignment(day, deputy), actor=other.user)
    with pytest.raises(PermissionDenied):
        confirm(assignment(day, deputy), actor=ByLink(other))


def test_a_deputy_confirms_by_the_link_and_the_history_says_so(day, deputy):
    confirm(assignment(day, deputy), actor=ByLink(deputy))
    assert assignment(day, deputy).answer == Answer.CONFIRMED


def test_a_cancelled_day_is_not_confirmed(day, deputy, liaison):
    drop_day(day, actor=liaison, reason="防汛")
    with pytest.raises(RuleViolation, match="接待日已取消，您不用来"):
        confirm(assignment(day, deputy), actor=deputy.user)


def test_a_day_gone_by_is_not_confirmed(station, deputy):
    past = make_day(station, date(2026, 3, 31), deputy)
    with pytest.raises(RuleViolation, match="已经过去"):
        confirm(assignment(past, deputy), actor=deputy.user)


def test_the_liaison_records_that_a_deputy_was_not_reached(day, deputy, liaison):
    row = record_contact(assignment(day, deputy), "unreachable", actor=liaison, note="三次无人接听")
    assert (row.answer, row.answer_note) == (Answer.UNREACHABLE, "三次无人接听")


def test_an_outcome_that_no_call_gives_is_refused(day, deputy, liaison):
    with pytest.raises(RuleViolation, match="请选择联系结果"):
        record_contact(assignment(day, deputy), "swapped", actor=liaison)


def test_leave_said_to_the_liaison_waits_for_the_head(day, deputy, liaison, station_head):
    row = record_contact(assignment(day, deputy), "leave", actor=liaison, note="出差")
    assert row.answer == Answer.WAITING
    assert LeaveRequest.objects.get().state == Request.ASKED
    assert Notice.objects.get(user=station_head).title == "石刚请假"


def test_leave_said_to_the_head_is_granted_at_once(day, deputy, station_head):
    row = record_contact(assignment(day, deputy), "leave", actor=station_head, note="出差")
    assert (row.answer, row.attendance) == (Answer.LEAVE, Attendance.LEAVE)


def test_leave_needs_a_reason(day, deputy):
    with pytest.raises(RuleViolation, match="请写明请假的原因"):
        ask_leave(assignment(day, deputy), actor=deputy.user, reason=" ")


def test_leave_asked_twice_is_asked_once(day, deputy):
    first = ask_leave(assignment(day, deputy), actor=deputy.user, reason="出差")
    second = ask_leave(assignment(day, deputy), actor=deputy.user, reason="出差")
    assert first == second


def test_the_head_grants_leave_and_the_deputy_hears(day, deputy, station_head):
    request = ask_leave(assignment(day, deputy), actor=deputy.user, reason="出差")
    decide_leave(request, actor=station_head, agreed=True)
    assert assignment(day, deputy).answer == Answer.LEAVE
    assert Notice.objects.get(user=deputy.user).title == "请假已同意"


def test_a_refusal_of_leave_says_why(day, deputy, station_head):
    request = ask_leave(assignment(day, deputy), actor=deputy.user, reason="出差")
    with pytest.raises(RuleViolation, match="写明原因"):
        decide_leave(request, actor=station_head, agreed=False)
    decide_leave(request, actor=station_head, agreed=False, note="当天只有您一位")
    assert assignment(day, deputy).answer == Answer.WAITING
    assert "当天只有您一位" in Notice.objects.get(user=deputy.user).text


def test_the_liaison_does_not_decide_leave(day, deputy, liaison):
    request = ask_leave(assignment(day, deputy), actor=deputy.user, reason="出差")
    with pytest.raises(PermissionDenied):
        decide_leave(request, actor=liaison, agreed=True)


def test_leave_is_decided_once(day, deputy, station_head):
    request = ask_leave(assignment(day, deputy), actor=deputy.user, reason="出差")
    decide_leave(request, actor=station_head, agreed=True)
    with pytest.raises(RuleViolation, match="不用再答复"):
        decide_leave(request, actor=station_head, agreed=False, note="不行")


def test_a_deputy_takes_leave_back_while_nobody_decided(day, deputy, station_head):
    request = ask_leave(assignment(day, deputy), actor=deputy.user, reason="出差")
    withdraw_leave(request, actor=deputy.user)
    with pytest.raises(RuleViolation, match="已撤回"):
        decide_leave(request, actor=station_head, agreed=True)
