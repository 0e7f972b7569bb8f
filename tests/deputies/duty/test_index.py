"""值班: the list of duty days, and what each asks for next."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from deputies.choices import Answer, DayState
from deputies.services.duty import ask_leave, confirm, post_notice, record_contact
from deputies.services.duty.due import duty_tasks
from tests.factories import DeputyFactory, StationFactory, assignment, make_day

pytestmark = pytest.mark.django_db
INDEX = reverse("duty:index")
TODAY = date(2026, 4, 1)


def dates(answer):
    return [line.day.date for line in answer.context["lines"]]


def tasks(user):
    return [(task.date, task.title, task.verb) for task in duty_tasks(user, TODAY)]


def test_coming_days_are_listed_by_date(client, liaison, station, deputy):
    for on in (date(2026, 5, 6), date(2026, 4, 1), date(2026, 4, 20), date(2026, 3, 30)):
        make_day(station, on, deputy)
    client.force_login(liaison)
    answer = client.get(INDEX)
    assert dates(answer) == [date(2026, 4, 1), date(2026, 4, 20), date(2026, 5, 6)]
    assert "<b>3 个接待日</b>" in answer.content.decode()


def test_past_days_are_listed_from_the_latest_back(client, liaison, station):
    for on in (date(2026, 3, 2), date(2026, 3, 30)):
        make_day(station, on)
    make_day(station, date(2026, 3, 16), state=DayState.HELD)
    client.force_login(liaison)
    past = client.get(INDEX, {"show": "past"})
    assert dates(past) == [date(2026, 3, 30), date(2026, 3, 16), date(2026, 3, 2)]
    unclosed = client.get(INDEX, {"show": "unclosed"})
    assert dates(unclosed) == [date(2026, 3, 30), date(2026, 3, 2)]


def test_a_period_lists_all_its_announced_days(client, liaison, station):
    make_day(station, date(2026, 3, 2), state=DayState.HELD)
    make_day(station, date(2026, 4, 8))
    make_day(station, date(2026, 4, 9), state=DayState.DRAFT)
    make_day(station, date(2026, 5, 4))
    client.force_login(liaison)
    answer = client.get(INDEX, {"from": "2026-3-1", "to": "2026-4-30"})
    assert dates(answer) == [date(2026, 4, 8), date(2026, 3, 2)]


def test_cancelled_days_stand_only_where_they_are_asked_for(client, liaison, station):
    make_day(station, date(2026, 4, 8), state=DayState.CANCELLED)
    client.force_login(liaison)
    assert dates(client.get(INDEX)) == []
    assert dates(client.get(INDEX, {"show": "cancelled"})) == [date(2026, 4, 8)]


def test_a_station_narrows_the_list_and_another_ones_days_stay_out(
    client, township_officer, station, township
):
    village = StationFactory(name="石桥村联络站", kind="station", township=township)
    make_day(station, date(2026, 4, 8))
    make_day(village, date(2026, 4, 9))
    make_day(StationFactory(), date(2026, 4, 10))
    client.force_login(township_officer)
    assert dates(client.get(INDEX)) == [date(2026, 4, 8), date(2026, 4, 9)]
    assert dates(client.get(INDEX, {"station": village.pk})) == [date(2026, 4, 9)]


def test_each_day_says_what_is_to_be_done_next(client, liaison, station, deputy):
    make_day(station, date(2026, 3, 30), deputy)
    make_day(station, date(2026, 4, 1), deputy)
    make_day(station, date(2026, 4, 8), deputy)
    client.force_login(liaison)
    coming = client.get(INDEX).context["lines"]
    assert [line.step.verb for line in coming] == ["打开签到屏", "去联系"]
    past = client.get(INDEX, {"show": "unclosed"}).context["lines"]
    assert [line.step.verb for line in past] == ["办结"]


def test_who_only_looks_on_is_asked_for_nothing(client, observer, station, deputy):
    make_day(station, date(2026, 4, 8), deputy)
    make_day(station, date(2026, 4, 9), deputy, state=DayState.DRAFT)
    client.force_login(observer)
    [line] = client.get(INDEX).context["lines"]
    assert line.step is None


def test_a_deputy_with_own_days_is_led_to_them(client, deputy, other, station):
    make_day(station, date(2026, 4, 8), deputy)
    client.force_login(deputy.user)
    assert client.get(INDEX).url == reverse("duty:mine")
    client.force_login(other.user)
    assert dates(client.get(INDEX)) == [date(2026, 4, 8)]


def test_a_condition_that_cannot_be_read_lists_nothing_and_says_so(client, liaison, station):
    make_day(station, date(2026, 4, 8))
    client.force_login(liaison)
    answer = client.get(INDEX, {"from": "2月30日"})
    assert dates(answer) == []
    assert 'role="alert"' in answer.content.decode()


def test_a_month_of_days_costs_as_many_queries_as_one(client, liaison, station, deputy):
    client.force_login(liaison)
    client.get(INDEX)
    counts = []
    for last in (1, 20):
        for step in range(last):
            make_day(station, TODAY + timedelta(days=30 * last + step), deputy)
        with CaptureQueriesContext(connection) as found:
            client.get(INDEX, {"from": "2026-1-1"})
        counts.append(len(found))
    assert counts[0] == counts[1] <= 12


def test_deputies_are_contacted_a_week_before_and_the_notice_hangs_three_days_before(
    liaison, station, deputy, other
):
    make_day(station, date(2026, 4, 10), deputy, other)
    assert tasks(liaison) == [
        (date(2026, 4, 3), "联系 2 位代表，确认4月10日接待日", "去联系"),
        (date(2026, 4, 7), "张贴4月10日的接待公告", "去张贴"),
    ]


def test_what_is_done_is_no_task_any_more(liaison, station, deputy, other):
    day = make_day(station, date(2026, 4, 10), deputy, other)
    confirm(assignment(day, deputy), actor=deputy.user)
    post_notice(day, TODAY, actor=liaison)
    record_contact(assignment(day, other), Answer.UNREACHABLE, actor=liaison)
    [task] = duty_tasks(liaison, TODAY)
    assert task.title == "联系 1 位代表，确认4月10日接待日"
    assert task.detail == "廖波英，1 位上次联系不上 · 石桥镇中心联络站"


def test_days_far_ahead_ask_for_nothing_yet(liaison, station, deputy):
    make_day(station, date(2026, 4, 16), deputy)
    assert tasks(liaison) == []


def test_a_day_announced_late_is_not_late_at_once(liaison, station, deputy):
    make_day(station, date(2026, 4, 3), deputy)
    assert {when for when, _, _ in tasks(liaison)} == {TODAY}


def test_a_past_day_waits_to_be_closed(liaison, station, deputy):
    day = make_day(station, date(2026, 3, 30), deputy)
    [task] = duty_tasks(liaison, TODAY)
    assert (task.date, task.title) == (date(2026, 3, 30), "办结3月30日的接待日")
    assert task.url == reverse("visits:close_day", args=[day.pk])


def test_many_past_days_of_a_station_are_one_line(liaison, station, deputy):
    for on in (date(2026, 3, 2), date(2026, 3, 16), date(2026, 3, 30)):
        make_day(station, on, deputy)
    [task] = duty_tasks(liaison, TODAY)
    assert (task.date, task.title) == (date(2026, 3, 2), "办结 3 个接待日")
    assert task.url == f"{INDEX}?station={station.pk}&show=unclosed"


def test_leave_waits_for_who_decides_it(liaison, station_head, station, deputy):
    day = make_day(station, date(2026, 4, 30), deputy)
    ask_leave(assignment(day, deputy), actor=deputy.user, reason="外出")
    assert tasks(liaison) == []
    assert tasks(station_head) == [(TODAY, "石刚请假，等您答复", "去答复")]


def test_tasks_of_other_stations_are_not_mine(outsider, station, deputy):
    make_day(station, date(2026, 3, 30), deputy)
    make_day(station, date(2026, 4, 3), deputy)
    assert tasks(outsider) == []


def test_tasks_cost_as_many_queries_for_one_day_as_for_ten(liaison, station):
    counts = []
    for first in (0, 1):
        for step in range(first, 10 if first else 1):
            people = [DeputyFactory(station=station), DeputyFactory(station=station)]
            make_day(station, TODAY + timedelta(days=step), *people)
        with CaptureQueriesContext(connection) as found:
            duty_tasks(type(liaison).objects.get(pk=liaison.pk), TODAY)
        counts.append(len(found))
    assert counts[0] == counts[1]
