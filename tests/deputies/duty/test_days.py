from datetime import date, time

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Notice
from common import audit
from common.errors import RuleViolation
from deputies.choices import Answer, DayState
from deputies.models import Assignment, DutyDay
from deputies.services import change_deputy
from deputies.services.duty import (
    add_day,
    assign_deputy,
    change_hours,
    confirm,
    drop_day,
    move_day,
    release_deputy,
    sign_in_for,
)
from tests.factories import DeputyFactory, StationFactory, assignment, make_day

pytestmark = pytest.mark.django_db


def titles(deputy):
    return list(Notice.objects.filter(user=deputy.user).values_list("title", flat=True))


def test_a_day_added_by_hand_stands_at_once_with_the_hours_of_the_arrangement(station, liaison):
    day = add_day(station, date(2026, 4, 22), actor=liaison, reason="圩日")
    assert (day.state, day.reason) == (DayState.PUBLISHED, "圩日")
    assert (day.starts_at, day.ends_at) == (time(9), time(11, 30))


def test_a_second_day_on_one_date_is_refused(day, liaison):
    with pytest.raises(RuleViolation, match="4月15日已有接待日"):
        add_day(day.station, date(2026, 4, 15), actor=liaison)


def test_a_day_in_the_past_is_refused(station, liaison):
    with pytest.raises(RuleViolation, match="已经过去"):
        add_day(station, date(2026, 3, 31), actor=liaison)


def test_who_is_posted_elsewhere_adds_no_day(station, outsider):
    with pytest.raises(PermissionDenied):
        add_day(station, date(2026, 4, 22), actor=outsider)


def test_a_moved_day_keeps_where_it_was_planned_and_asks_everybody_anew(day, deputy, liaison):
    confirm(assignment(day, deputy), actor=deputy.user)
    moved = move_day(day, date(2026, 4, 17), actor=liaison)
    assert (moved.date, moved.planned_on) == (date(2026, 4, 17), date(2026, 4, 15))
    assert moved.reason == "原定4月15日，改期"
    assert assignment(day, deputy).answer == Answer.WAITING
    assert titles(deputy) == ["接待日改期"]


def test_a_day_moved_there_and_back_tells_both_times(day, deputy, liaison):
    move_day(day, date(2026, 4, 17), actor=liaison)
    move_day(day, date(2026, 4, 15), actor=liaison)
    move_day(day, date(2026, 4, 17), actor=liaison)
    assert titles(deputy) == ["接待日改期"] * 3


def test_a_day_moves_to_no_date_that_has_one(day, station, liaison):
    make_day(station, date(2026, 4, 20))
    with pytest.raises(RuleViolation, match="4月20日已有接待日"):
        move_day(day, date(2026, 4, 20), actor=liaison)


def test_a_day_on_which_somebody_signed_in_is_not_moved(today, deputy, liaison):
    sign_in_for(assignment(today, deputy), actor=liaison, reason="没带手机")
    with pytest.raises(RuleViolation, match="已有代表签到"):
        move_day(today, date(2026, 4, 3), actor=liaison)


def test_an_announced_day_is_cancelled_with_its_reason_and_everybody_hears(day, deputy, liaison):
    with pytest.raises(RuleViolation, match="取消的原因"):
        drop_day(day, actor=liaison)
    drop_day(day, actor=liaison, reason="防汛")
    day.refresh_from_db()
    assert (day.state, day.closing_note) == (DayState.CANCELLED, "防汛")
    assert "（防汛）" in Notice.objects.get(user=deputy.user).text


def test_a_day_of_a_draft_is_dropped_without_a_trace_and_without_a_word(station, deputy, liaison):
    draft = make_day(station, date(2026, 4, 15), deputy, state=DayState.DRAFT)
    drop_day(draft, actor=liaison)
    assert not DutyDay.objects.exists()
    assert titles(deputy) == []


def test_a_cancelled_date_may_have_a_new_day(day, liaison):
    drop_day(day, actor=liaison, reason="防汛")
    assert add_day(day.station, date(2026, 4, 15), actor=liaison).state == DayState.PUBLISHED


def test_new_hours_are_told_once(day, deputy, liaison):
    for _ in range(2):
        change_hours(day, actor=liaison, starts_at=time(14), ends_at=time(16), place="二楼")
    assert titles(deputy) == ["接待日有变"]


def test_hours_that_end_before_they_start_are_refused(day, liaison):
    with pytest.raises(RuleViolation, match="结束时间应晚于开始时间"):
        change_hours(day, actor=liaison, starts_at=time(9), ends_at=time(9), place="")


def test_a_deputy_comes_to_a_day_once(day, deputy, liaison):
    with pytest.raises(RuleViolation, match="已经在班上"):
        assign_deputy(day, deputy, actor=liaison)


def test_a_deputy_of_another_township_is_not_assigned(day, liaison):
    stranger = DeputyFactory(station=StationFactory())
    with pytest.raises(RuleViolation, match="不能排到"):
        assign_deputy(day, stranger, actor=liaison)


def test_a_deputy_who_left_office_is_not_assigned(day, station, liaison):
    gone = DeputyFactory(station=station, state="resigned")
    with pytest.raises(RuleViolation, match="不在任"):
        assign_deputy(day, gone, actor=liaison)


def test_who_is_taken_off_an_announced_day_stays_on_record_and_hears(day, deputy, liaison):
    release_deputy(assignment(day, deputy), actor=liaison)
    assert assignment(day, deputy).answer == Answer.DROPPED
    assert titles(deputy) == ["接待已调整"]
    assert assign_deputy(day, deputy, actor=liaison).answer == Answer.WAITING


def test_who_is_taken_off_a_draft_leaves_no_row(station, deputy, liaison):
    draft = make_day(station, date(2026, 4, 15), deputy, state=DayState.DRAFT)
    release_deputy(assignment(draft, deputy), actor=liaison)
    assert not Assignment.objects.exists()


def test_every_change_of_a_day_is_in_its_history(day, deputy, liaison):
    move_day(day, date(2026, 4, 17), actor=liaison)
    confirm(assignment(day, deputy), actor=deputy.user)
    newest, oldest = audit.history_of(day)
    assert newest.changes == {"石刚 答复": ["待确认", "已确认"]}
    assert oldest.changes == {"接待日期": ["2026-04-15", "2026-04-17"]}


def test_a_past_day_is_closed_and_neither_moved_nor_cancelled(station, deputy, liaison):
    past = make_day(station, date(2026, 3, 31), deputy)
    with pytest.raises(RuleViolation, match="已经过去，请办结"):
        move_day(past, date(2026, 4, 20), actor=liaison)
    with pytest.raises(RuleViolation, match="已经过去，请办结"):
        drop_day(past, actor=liaison, reason="防汛")


def test_who_leaves_office_comes_to_no_day_and_the_staff_hear(
    day, deputy, liaison, township_officer
):
    deputy.refresh_from_db()
    deputy.state = "resigned"
    change_deputy(deputy, actor=township_officer, version=deputy.version)
    assert assignment(day, deputy).answer == Answer.DROPPED
    assert Notice.objects.get(user=liaison).title == "请调整排班"
