from datetime import date, time

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from common.errors import RuleViolation
from deputies.actors import ByLink
from deputies.choices import Answer, Attendance, DayState, SignedBy
from deputies.models import SignIn
from deputies.services.duty import (
    ask_leave,
    decide_leave,
    follow_register,
    leave_early,
    post_notice,
    sign_in,
    sign_in_for,
    stand_in,
    store_closing,
)
from tests.factories import DeputyFactory, assignment, make_day

pytestmark = pytest.mark.django_db


def test_a_deputy_signs_in_on_time(today, deputy, april):
    april.move_to("2026-04-01T08:52:00+08:00", tick=False)
    signed = sign_in(today, actor=deputy.user)
    assert (signed.by, signed.recorded_by) == (SignedBy.SELF, deputy.user)
    row = assignment(today, deputy)
    assert (row.attendance, row.answer) == (Attendance.PRESENT, Answer.CONFIRMED)


@pytest.mark.parametrize(
    ("moment", "attendance"), [("09:15", "present"), ("09:16", "late"), ("11:29", "late")]
)
def test_a_quarter_of_an_hour_after_the_beginning_is_late(today, deputy, april, moment, attendance):
    april.move_to(f"2026-04-01T{moment}:00+08:00", tick=False)
    sign_in(today, actor=deputy.user)
    assert assignment(today, deputy).attendance == attendance


def test_a_second_scan_finds_the_first_sign_in(today, deputy, april):
    first = sign_in(today, actor=deputy.user)
    april.move_to("2026-04-01T10:05:00+08:00", tick=False)
    assert sign_in(today, actor=deputy.user).at == first.at
    assert SignIn.objects.count() == 1


def test_who_is_not_expected_today_does_not_sign_in(today, station, observer):
    with pytest.raises(RuleViolation, match="今天这里没有您的班"):
        sign_in(today, actor=observer)


def test_nobody_signs_in_for_another_day(day, deputy):
    with pytest.raises(RuleViolation, match="只能在接待日当天"):
        sign_in(day, actor=deputy.user)


def test_an_address_in_a_message_is_no_sign_in(today, deputy):
    deputy.user = None
    deputy.save()
    with pytest.raises(PermissionDenied):
        sign_in(today, actor=ByLink(deputy))


def test_staff_sign_in_a_deputy_without_a_phone_with_the_reason(today, deputy, liaison):
    with pytest.raises(RuleViolation, match="代签的原因"):
        sign_in_for(assignment(today, deputy), actor=liaison, reason="")
    signed = sign_in_for(
        assignment(today, deputy), actor=liaison, reason="没带手机", at=time(8, 50)
    )
    assert (signed.by, signed.recorded_by, signed.reason) == ("staff", liaison, "没带手机")
    assert f"{timezone.localtime(signed.at):%H:%M}" == "08:50"
    assert assignment(today, deputy).attendance == Attendance.PRESENT


def test_a_sign_in_later_than_now_is_refused(today, deputy, liaison):
    with pytest.raises(RuleViolation, match="不能在现在之后"):
        sign_in_for(assignment(today, deputy), actor=liaison, reason="纸上签名", at=time(10, 30))


def test_a_paper_signature_of_yesterday_is_taken_down_today(station, deputy, liaison):
    past = make_day(station, date(2026, 3, 31), deputy)
    sign_in_for(assignment(past, deputy), actor=liaison, reason="纸上签名")
    assert assignment(past, deputy).attendance == Attendance.PRESENT


def test_who_left_early_signed_in_before(today, deputy, liaison, april):
    row = assignment(today, deputy)
    with pytest.raises(RuleViolation, match="还没有签到"):
        leave_early(row, actor=liaison, at=time(10, 30))
    sign_in(today, actor=deputy.user)
    with pytest.raises(RuleViolation, match="应在接待时间之内"):
        leave_early(row, actor=liaison, at=time(11, 30))
    with pytest.raises(RuleViolation, match="签到之后、现在之前"):
        leave_early(row, actor=liaison, at=time(10, 30))
    april.move_to("2026-04-01T10:40:00+08:00", tick=False)
    leave_early(row, actor=liaison, at=time(10, 30))
    assert assignment(today, deputy).attendance == Attendance.LEFT_EARLY


def test_somebody_stands_in_for_a_deputy_who_did_not_come(today, deputy, station, liaison):
    third = DeputyFactory(station=station)
    row = stand_in(assignment(today, deputy), third, actor=liaison)
    assert row.stands_in_for.deputy == deputy
    assert assignment(today, deputy).attendance == Attendance.SUBSTITUTED
    assert assignment(today, third).answer == Answer.CONFIRMED


def test_who_is_on_leave_stays_on_leave_when_somebody_stands_in(
    today, deputy, station, station_head, liaison
):
    request = ask_leave(assignment(today, deputy), actor=deputy.user, reason="生病")
    decide_leave(request, actor=station_head, agreed=True)
    stand_in(assignment(today, deputy), DeputyFactory(station=station), actor=liaison)
    assert assignment(today, deputy).attendance == Attendance.LEAVE


def test_closing_makes_who_did_not_come_absent(today, deputy, other, liaison):
    sign_in(today, actor=deputy.user)
    store_closing(today, DayState.NO_VISIT, actor=liaison)
    assert assignment(today, deputy).attendance == Attendance.LATE
    assert assignment(today, other).attendance == Attendance.ABSENT


def test_a_day_that_did_not_take_place_makes_nobody_absent(today, deputy, liaison):
    store_closing(today, DayState.NOT_HELD, actor=liaison, note="防汛")
    assert assignment(today, deputy).attendance == Attendance.OPEN


def test_a_day_is_closed_once_and_not_before_it_comes(today, day, liaison):
    store_closing(today, DayState.HELD, actor=liaison)
    with pytest.raises(RuleViolation, match="已接待，不用再办结"):
        store_closing(today, DayState.NO_VISIT, actor=liaison)
    with pytest.raises(RuleViolation, match="还没到"):
        store_closing(day, DayState.HELD, actor=liaison)


def test_a_closed_day_takes_no_sign_in(today, deputy, liaison):
    store_closing(today, DayState.HELD, actor=liaison)
    with pytest.raises(RuleViolation, match="办结之前"):
        sign_in(today, actor=deputy.user)


def test_a_visit_entered_later_makes_an_empty_day_held(today, deputy, liaison):
    sign_in(today, actor=deputy.user)
    store_closing(today, DayState.NO_VISIT, actor=liaison)
    assert follow_register(today, has_visits=True, actor=liaison).state == DayState.HELD


def test_a_day_said_not_to_be_held_is_closed_anew_when_a_visit_is_entered(today, deputy, liaison):
    store_closing(today, DayState.NOT_HELD, actor=liaison, note="停电")
    day = follow_register(today, has_visits=True, actor=liaison)
    assert (day.state, day.closing_note) == (DayState.PUBLISHED, "")
    sign_in_for(assignment(today, deputy), actor=liaison, reason="纸上签名")


def test_a_held_day_that_lost_its_only_visit_is_closed_anew(today, deputy, liaison):
    sign_in(today, actor=deputy.user)
    store_closing(today, DayState.HELD, actor=liaison)
    assert follow_register(today, has_visits=False, actor=liaison).state == DayState.PUBLISHED


def test_a_day_is_not_closed_before_it_begins(today, liaison, april):
    april.move_to("2026-04-01T08:59:00+08:00", tick=False)
    with pytest.raises(RuleViolation, match="09:00 才开始"):
        store_closing(today, DayState.NOT_HELD, actor=liaison, note="停电")


def test_leave_is_not_granted_to_who_has_signed_in(today, deputy, station_head):
    request = ask_leave(assignment(today, deputy), actor=deputy.user, reason="生病")
    sign_in(today, actor=deputy.user)
    with pytest.raises(RuleViolation, match="已撤回"):
        decide_leave(request, actor=station_head, agreed=True)
    assert assignment(today, deputy).attendance == Attendance.LATE


def test_the_notice_hangs_since_today_at_the_latest(day, liaison):
    with pytest.raises(RuleViolation, match="不能在今天或接待日之后"):
        post_notice(day, date(2026, 4, 2), actor=liaison)
    assert post_notice(day, date(2026, 3, 31), actor=liaison).notice_posted_on == date(2026, 3, 31)
