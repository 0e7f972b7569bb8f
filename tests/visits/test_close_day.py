"""办结: a day that is over says what came of it, and the register may correct it."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from common.errors import RuleViolation
from common.importing import services as importing
from common.importing.resources import Options
from deputies.choices import DayState
from deputies.services.duty import sign_in_for, stand_in
from tests.factories import DeputyFactory, assignment, make_day, make_reception
from tests.sheets import reception_sheet
from visits.models import Activity, Opinion
from visits.services import (
    beginnings,
    change_activity,
    change_reception,
    close_day,
    void_activity,
    void_reception,
)

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 30)


@pytest.fixture(autouse=True)
def april(time_machine):
    """Wednesday, 1 April 2026, ten in the morning."""
    time_machine.move_to("2026-04-01T10:00:00+08:00", tick=False)
    return time_machine


@pytest.fixture
def day(station, deputy):
    return make_day(station, MONDAY, deputy)


def sign(day, deputy, actor):
    sign_in_for(assignment(day, deputy), actor=actor, reason="纸上签名")


def state(day):
    day.refresh_from_db()
    return day.state


def test_a_day_with_a_visit_was_held(day, station, deputy, liaison):
    make_reception(station, actor=liaison, deputies=[deputy], received_on=MONDAY)
    close_day(day, actor=liaison)
    assert state(day) == DayState.HELD


def test_a_day_with_a_sign_in_and_no_visit_is_no_visit(day, deputy, liaison):
    sign(day, deputy, liaison)
    close_day(day, actor=liaison, note="下雨")
    assert state(day) == DayState.NO_VISIT
    assert day.closing_note == "下雨"


def test_visits_of_other_days_stations_and_void_ones_do_not_count(day, station, deputy, liaison):
    sign(day, deputy, liaison)
    make_reception(station, actor=liaison, deputies=[deputy], received_on=date(2026, 3, 29))
    void = make_reception(station, actor=liaison, deputies=[deputy], received_on=MONDAY)
    void_reception(void, actor=liaison, reason="重复")
    close_day(day, actor=liaison)
    assert state(day) == DayState.NO_VISIT


def test_who_did_not_come_was_absent(day, deputy, station, liaison):
    make_reception(station, actor=liaison, deputies=[deputy], received_on=MONDAY)
    close_day(day, actor=liaison)
    assert assignment(day, deputy).attendance == "absent"


def test_a_day_without_any_record_needs_a_word(day, liaison):
    with pytest.raises(RuleViolation, match="先代签"):
        close_day(day, actor=liaison)
    with pytest.raises(RuleViolation, match="原因"):
        close_day(day, actor=liaison, not_held=True)
    close_day(day, actor=liaison, not_held=True, note="停电")
    assert state(day) == DayState.NOT_HELD


def test_what_is_on_record_cannot_be_called_not_held(day, deputy, liaison):
    sign(day, deputy, liaison)
    with pytest.raises(RuleViolation, match="不能记为未开展"):
        close_day(day, actor=liaison, not_held=True, note="停电")


def test_a_day_to_come_and_a_closed_one_are_refused(day, station, deputy, liaison):
    coming = make_day(station, date(2026, 4, 8), deputy)
    with pytest.raises(RuleViolation, match="还没到"):
        close_day(coming, actor=liaison, not_held=True, note="停电")
    close_day(day, actor=liaison, not_held=True, note="停电")
    with pytest.raises(RuleViolation, match="不用再办结"):
        close_day(day, actor=liaison, not_held=True, note="停电")


def test_who_does_not_keep_the_days_closes_none(day, observer):
    with pytest.raises(PermissionDenied):
        close_day(day, actor=observer)


def test_a_visit_entered_later_makes_the_day_held(day, station, deputy, liaison):
    sign(day, deputy, liaison)
    close_day(day, actor=liaison)
    make_reception(station, actor=liaison, deputies=[deputy], received_on=MONDAY)
    assert state(day) == DayState.HELD


def test_a_visit_moved_to_a_day_said_not_to_be_held_opens_it_again(day, station, deputy, liaison):
    close_day(day, actor=liaison, not_held=True, note="停电")
    visit = make_reception(station, actor=liaison, deputies=[deputy], received_on=date(2026, 3, 2))
    visit.received_on = MONDAY
    change_reception(
        visit,
        actor=liaison,
        version=1,
        deputies=[deputy],
        opinions=[Opinion(statement="村口路灯不亮")],
    )
    assert state(day) == DayState.PUBLISHED


def test_a_visit_of_another_day_or_station_changes_nothing(day, station, deputy, outsider, liaison):
    sign(day, deputy, liaison)
    close_day(day, actor=liaison)
    make_reception(station, actor=liaison, deputies=[deputy], received_on=date(2026, 3, 2))
    elsewhere = outsider.postings.get().station
    make_reception(elsewhere, actor=outsider, received_on=MONDAY)
    assert state(day) == DayState.NO_VISIT


def test_a_sheet_with_a_visit_of_a_day_said_not_to_be_held_opens_it_again(
    client, day, station, deputy, liaison
):
    close_day(day, actor=liaison, not_held=True, note="停电")
    content = reception_sheet(
        [{"接待日期": "2026-3-30", "接待代表": deputy.name, "反映内容": "路灯不亮"}]
    )
    batch = importing.store_upload(
        "receptions", content, "接待.xlsx", actor=liaison, options=Options(station=station.name)
    )
    client.force_login(liaison)
    client.get(reverse("visits:reception_import_check", args=[batch.pk]))
    client.post(reverse("visits:reception_import_confirm", args=[batch.pk]))
    assert state(day) == DayState.PUBLISHED


def test_voiding_the_only_visit_of_a_held_day_opens_it_again(day, station, deputy, liaison):
    sign(day, deputy, liaison)
    visit = make_reception(station, actor=liaison, deputies=[deputy], received_on=MONDAY)
    close_day(day, actor=liaison)
    assert state(day) == DayState.HELD
    void_reception(visit, actor=liaison, reason="重复")
    assert state(day) == DayState.PUBLISHED


def test_an_open_day_stays_open_when_a_visit_is_logged(day, station, deputy, liaison):
    make_reception(station, actor=liaison, deputies=[deputy], received_on=MONDAY)
    assert state(day) == DayState.PUBLISHED


def test_the_page_sums_up_the_day_and_closes_it(client, day, station, deputy, liaison):
    sign(day, deputy, liaison)
    make_reception(
        station,
        actor=liaison,
        deputies=[deputy],
        received_on=MONDAY,
        headcount=3,
        opinions=[{"statement": "路灯"}, {"statement": "水渠"}],
    )
    client.force_login(liaison)
    address = reverse("visits:close_day", args=[day.pk])
    text = client.get(address).content.decode()
    assert ">1 批</a>，3 人次，2 条意见" in text
    assert "已接待" in text
    assert client.post(address).url == reverse("duty:day", args=[day.pk])
    assert state(day) == DayState.HELD


def test_who_received_without_signing_in_is_named_before_they_count_as_absent(
    client, day, station, deputy, liaison
):
    make_reception(station, actor=liaison, deputies=[deputy], received_on=MONDAY)
    client.force_login(liaison)
    address = reverse("visits:close_day", args=[day.pk])
    assert client.get(address).context["unsigned"] == ["石刚"]
    sign(day, deputy, liaison)
    assert client.get(address).context["unsigned"] == []


def test_the_page_asks_why_nothing_took_place_and_keeps_what_was_typed(client, day, liaison):
    client.force_login(liaison)
    address = reverse("visits:close_day", args=[day.pk])
    answer = client.post(address, {"note": "停电，改到下周"})
    assert answer.status_code == 422
    assert "停电，改到下周" in answer.content.decode()
    assert state(day) == DayState.PUBLISHED
    client.post(address, {"note": "停电，改到下周", "not_held": "on"})
    assert state(day) == DayState.NOT_HELD


def test_a_closed_day_leads_back_to_its_page(client, day, liaison):
    close_day(day, actor=liaison, not_held=True, note="停电")
    client.force_login(liaison)
    answer = client.get(reverse("visits:close_day", args=[day.pk]))
    assert answer.url == reverse("duty:day", args=[day.pk])


def test_the_page_of_the_day_fetches_the_rows_of_the_register(client, day, station, liaison):
    make_reception(
        station, actor=liaison, received_on=MONDAY, opinions=[{"statement": "桥栏杆断了"}]
    )
    client.force_login(liaison)
    address = reverse("visits:day_receptions", args=[day.pk])
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "桥栏杆断了" in part
    assert "<html" not in part
    assert client.get(address).url == (
        f"{reverse('visits:reception_list')}?station={station.pk}&from=2026-3-30&to=2026-3-30"
    )


def test_a_confidential_row_of_another_office_is_only_counted(
    client, day, station, liaison, township_officer
):
    make_reception(
        station,
        actor=liaison,
        received_on=MONDAY,
        confidential=True,
        opinions=[{"statement": "不可外传"}],
    )
    client.force_login(township_officer)
    address = reverse("visits:day_receptions", args=[day.pk])
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "不可外传" not in part
    assert "1 批保密件" in part


def test_a_new_visit_begins_with_the_deputies_who_signed_in(station, deputy, liaison):
    absent = DeputyFactory(station=station)
    today = make_day(station, date(2026, 4, 1), absent, deputy, place="二楼接待室")
    assert beginnings(station, like=None, actor=liaison)["deputies"] == [absent.pk, deputy.pk]
    sign(today, deputy, liaison)
    found = beginnings(station, like=None, actor=liaison)
    assert found["deputies"] == [deputy.pk]
    assert found["place"] == "二楼接待室"


def test_drafts_and_cancelled_days_propose_nobody(station, deputy, liaison):
    make_day(station, date(2026, 4, 1), deputy, state=DayState.CANCELLED)
    assert "deputies" not in beginnings(station, like=None, actor=liaison)


def test_without_a_duty_day_the_latest_visit_of_today_is_the_beginning(station, deputy, liaison):
    make_reception(station, actor=liaison, deputies=[deputy], received_on=date(2026, 4, 1))
    assert beginnings(station, like=None, actor=liaison)["deputies"] == [deputy.pk]


def test_the_next_visit_begins_like_the_one_just_logged(station, deputy, liaison):
    make_day(station, date(2026, 4, 1), deputy)
    third = DeputyFactory(station=station)
    last = make_reception(station, actor=liaison, deputies=[third], received_on=date(2026, 3, 2))
    assert beginnings(station, like=last, actor=liaison)["deputies"] == [third.pk]


# what closing enters into 簿三


def test_a_held_day_is_an_activity_with_its_sums(day, station, deputy, liaison):
    sign(day, deputy, liaison)
    for opinions in ([{"statement": "路灯"}, {"statement": "水渠"}], [{}]):
        make_reception(
            station,
            actor=liaison,
            deputies=[deputy],
            received_on=MONDAY,
            headcount=3,
            opinions=opinions,
        )
    close_day(day, actor=liaison)
    row = Activity.objects.get()
    assert (row.duty_day, row.held_on, row.kind, row.topic) == (day, MONDAY, "duty", "代表接待日")
    assert row.minutes == "接待群众 2 批 6 人次，意见 3 条。"
    assert (row.due_count, row.present_count, row.deputy_names) == (1, 1, "石刚")
    assert (row.place, row.code) == (f"{station.name}接待室", "2026-001")
    assert row.opinion_count == 0  # they count in 簿一


def test_a_day_without_a_visit_is_an_activity_too_and_one_not_held_is_none(
    day, station, deputy, liaison
):
    other = make_day(station, date(2026, 3, 25), deputy)
    close_day(other, actor=liaison, not_held=True, note="停电")
    assert not Activity.objects.exists()
    sign(day, deputy, liaison)
    close_day(day, actor=liaison)
    assert Activity.objects.get().minutes == "代表到站值守，没有群众来访。"


def test_attendance_counts_stand_ins_leave_and_absence(station, deputy, liaison):
    away, absent, given, stand = (
        DeputyFactory(station=station, name=name) for name in ("请假者", "缺席者", "原班", "替班者")
    )
    day = make_day(station, MONDAY, deputy, away, absent, given)
    sign(day, deputy, liaison)
    row = assignment(day, away)
    row.answer, row.attendance = "leave", "leave"
    row.save()
    stand_in(assignment(day, given), stand, actor=liaison)
    sign(day, stand, liaison)
    close_day(day, actor=liaison)
    row = Activity.objects.get()
    marks = {one.name: one.presence for one in row.attendance.all()}
    assert marks == {
        "石刚": "present", "替班者": "present", "请假者": "leave", "缺席者": "absent",
    }  # fmt: skip
    assert (row.due_count, row.present_count, row.leave_count, row.absent_count) == (4, 2, 1, 1)


def test_the_districts_office_closes_a_day_without_the_right_to_log(
    day, deputy, liaison, district_officer
):
    sign(day, deputy, liaison)
    close_day(day, actor=district_officer)
    assert Activity.objects.get().created_by == district_officer


def test_a_visit_entered_later_changes_the_sums_and_not_the_number(day, station, deputy, liaison):
    sign(day, deputy, liaison)
    close_day(day, actor=liaison)
    row = Activity.objects.get()
    row.minutes += "\n雨天，人少。"
    change_activity(row, actor=liaison, version=1, attendance=[(deputy, "present")])
    make_reception(station, actor=liaison, deputies=[deputy], received_on=MONDAY)
    row = Activity.objects.get()
    assert row.minutes == "接待群众 1 批 1 人次，意见 1 条。\n雨天，人少。"
    assert row.code == "2026-001"


def test_minutes_that_people_wrote_themselves_stay(day, station, deputy, liaison):
    sign(day, deputy, liaison)
    close_day(day, actor=liaison)
    row = Activity.objects.get()
    row.minutes = "今天商量了路灯的事"
    change_activity(row, actor=liaison, version=1, attendance=[(deputy, "present")])
    make_reception(station, actor=liaison, deputies=[deputy], received_on=MONDAY)
    assert Activity.objects.get().minutes == "今天商量了路灯的事"


def test_a_day_that_opens_again_voids_its_activity_and_closing_takes_it_back(
    day, station, deputy, liaison
):
    sign(day, deputy, liaison)
    visit = make_reception(station, actor=liaison, deputies=[deputy], received_on=MONDAY)
    close_day(day, actor=liaison)
    void_reception(visit, actor=liaison, reason="记错站")
    row = Activity.objects.get()
    assert (row.is_void, row.void_reason) == (True, "接待日重新打开")
    close_day(day, actor=liaison)
    row = Activity.objects.get()
    assert not row.is_void
    assert (row.code, row.minutes) == ("2026-001", "代表到站值守，没有群众来访。")


def test_an_activity_voided_by_hand_stays_void(day, station, deputy, liaison):
    sign(day, deputy, liaison)
    close_day(day, actor=liaison)
    void_activity(Activity.objects.get(), actor=liaison, reason="已手工登记")
    make_reception(station, actor=liaison, deputies=[deputy], received_on=MONDAY)
    row = Activity.objects.get()
    assert (row.is_void, row.void_reason) == (True, "已手工登记")


def test_the_day_of_such_an_activity_is_that_of_the_plan(day, deputy, liaison):
    sign(day, deputy, liaison)
    close_day(day, actor=liaison)
    row = Activity.objects.get()
    row.held_on = date(2026, 3, 1)
    change_activity(row, actor=liaison, version=1, attendance=[(deputy, "present")])
    assert Activity.objects.get().held_on == MONDAY


def test_the_page_of_closing_says_what_it_will_enter(client, day, deputy, liaison):
    sign(day, deputy, liaison)
    client.force_login(liaison)
    address = reverse("visits:close_day", args=[day.pk])
    assert "活动登记簿" in client.get(address).content.decode()
    answer = client.post(address, follow=True).content.decode()
    assert reverse("visits:activity_detail", args=[Activity.objects.get().pk]) in answer
