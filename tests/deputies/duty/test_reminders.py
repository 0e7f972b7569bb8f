from datetime import date

import pytest

from accounts.models import Notice
from accounts.services import plan_notices
from deputies.services.duty import (
    add_day,
    ask_leave,
    assign_deputy,
    confirm,
    decide_leave,
    drop_day,
    move_day,
)
from tests.factories import assignment, make_day

pytestmark = pytest.mark.django_db


def told(deputy, kind="before"):
    rows = Notice.objects.filter(user=deputy.user, key__contains=kind).order_by("pk")
    return [notice.title for notice in rows]


def pass_of(april, day, hour=10):
    april.move_to(f"{day}T{hour:02d}:00:00+08:00", tick=False)
    plan_notices()


def test_a_deputy_is_told_three_days_and_one_day_before(day, deputy, april):
    for number in range(6, 16):
        pass_of(april, f"2026-04-{number:02d}")
    assert told(deputy) == ["3天后接待", "明天接待"]


def test_the_pass_may_run_as_often_as_it_likes(day, deputy, april):
    for hour in range(9, 18):
        pass_of(april, "2026-04-12", hour)
    assert told(deputy) == ["3天后接待"]


def test_after_an_outage_the_step_missed_is_said_once_with_what_is_left(day, deputy, april):
    pass_of(april, "2026-04-13")
    pass_of(april, "2026-04-14")
    assert told(deputy) == ["后天接待", "明天接待"]


def test_a_missed_three_day_message_is_not_sent_beside_the_one_of_the_last_day(day, deputy, april):
    pass_of(april, "2026-04-14")
    assert told(deputy) == ["明天接待"]


def test_the_message_goes_out_on_its_own_day_or_not_at_all(day, deputy, april):
    pass_of(april, "2026-04-12")
    assert Notice.objects.get(user=deputy.user).expires_on == date(2026, 4, 12)


def test_a_day_made_late_asks_and_reminds_in_one_message(station, deputy, liaison, april):
    april.move_to("2026-04-13T10:00:00+08:00", tick=False)
    day = add_day(station, date(2026, 4, 15), actor=liaison)
    assign_deputy(day, deputy, actor=liaison)
    plan_notices()
    assert [notice.title for notice in Notice.objects.filter(user=deputy.user)] == [
        "新排了一次接待"
    ]


def test_a_moved_day_runs_the_steps_again_for_the_new_date(day, deputy, liaison, april):
    pass_of(april, "2026-04-12")
    move_day(day, date(2026, 4, 22), actor=liaison)
    for number in (13, 14, 19, 21):
        pass_of(april, f"2026-04-{number}")
    assert told(deputy) == ["3天后接待", "3天后接待", "明天接待"]
    assert told(deputy, "moved") == ["接待日改期"]


def test_nobody_on_leave_or_of_a_cancelled_day_is_reminded(
    day, deputy, other, station, station_head, liaison, april
):
    request = ask_leave(assignment(day, deputy), actor=deputy.user, reason="出差")
    decide_leave(request, actor=station_head, agreed=True)
    pass_of(april, "2026-04-12")
    assert told(deputy) == []
    assert told(other) == ["3天后接待"]
    drop_day(day, actor=liaison, reason="防汛")
    pass_of(april, "2026-04-14")
    assert told(other) == ["3天后接待"]


def test_who_has_confirmed_is_not_asked_again(day, deputy, other, april):
    confirm(assignment(day, deputy), actor=deputy.user)
    pass_of(april, "2026-04-14")
    assert "请确认" not in Notice.objects.get(user=deputy.user).text
    assert "请确认能否参加" in Notice.objects.get(user=other.user).text


def test_a_deputy_without_a_log_in_is_told_by_phone(station, day, april):
    from tests.factories import DeputyFactory  # noqa: PLC0415 - one test alone needs it

    without = DeputyFactory(station=station, name="许新", phone="13800138000")
    make_day(station, date(2026, 4, 16), without)
    pass_of(april, "2026-04-13")
    notice = Notice.objects.get(recipient="许新")
    assert (notice.user, notice.phone) == (None, "13800138000")
    assert notice.url.startswith("/duty/answer/")


def test_staff_get_one_digest_a_day_of_who_is_to_be_called(day, liaison, april):
    pass_of(april, "2026-04-08")
    pass_of(april, "2026-04-08", 15)
    digest = Notice.objects.get(user=liaison)
    assert "石刚" in digest.text


def test_the_group_hears_the_day_before_who_receives_where_in_one_message(day, station, april):
    pass_of(april, "2026-04-14")
    pass_of(april, "2026-04-14", 15)
    notice = Notice.objects.get(key__startswith="duty-group")
    assert notice.text == (
        "【明天接待】\n4月15日（星期三）9:00–11:30，石桥镇中心联络站接待室：石刚、廖波英"
    )
    assert notice.user is None
