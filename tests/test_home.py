"""The first page of staff and of the district: what is to be done today."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actors import SYSTEM
from deputies.choices import DayState
from deputies.services.duty import confirm, post_notice, sign_in_for
from tests.factories import (
    DeputyFactory,
    StationFactory,
    UnitFactory,
    assignment,
    category,
    make_day,
    make_reception,
    make_user,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 4, 1)


@pytest.fixture(autouse=True)
def april(time_machine):
    """Wednesday, 1 April 2026, ten in the morning."""
    time_machine.move_to("2026-04-01T10:00:00+08:00", tick=False)


def home(client, user):
    client.force_login(user)
    return client.get("/")


def test_staff_see_who_is_on_duty_today_and_who_has_come(client, liaison, station, deputy):
    late = DeputyFactory(station=station, name="段固艳")
    day = make_day(station, TODAY, deputy, late)
    post_notice(day, TODAY, actor=liaison)
    sign_in_for(assignment(day, deputy), actor=liaison, reason="纸上签名")
    text = home(client, liaison).content.decode()
    assert "今天是接待日" in text
    assert "10:00 签到" in text
    assert text.count("未签到") == 1
    assert "公告已于 4月1日 张贴" in text
    assert "打开签到屏" in text


def test_a_liaison_of_two_stations_sees_both_days(client, liaison, station, township, deputy):
    second = StationFactory(name="石桥村联络站", kind="station", township=township)
    liaison.postings.create(person_name=liaison.name, role="liaison", station=second)
    make_day(station, TODAY, deputy)
    make_day(second, TODAY, DeputyFactory(station=second))
    text = home(client, liaison).content.decode()
    assert "今天有 2 个接待日" in text
    assert text.index("石桥镇中心联络站</h2>") < text.index("石桥村联络站</h2>")


def test_who_keeps_two_stations_reads_of_which_one_a_matter_is(client, liaison, station, township):
    make_reception(station, actor=liaison, received_on=date(2026, 3, 30), opinions=[{}])
    named = f"</small><small>{station.name}</small>"  # below number and day
    assert named not in home(client, liaison).content.decode()
    second = StationFactory(name="石桥村联络站", kind="station", township=township)
    liaison.postings.create(person_name=liaison.name, role="liaison", station=second)
    answer = home(client, type(liaison).objects.get(pk=liaison.pk))
    assert named in answer.content.decode()
    assert answer.context["matters"][0].detail.endswith(f" · {station.name}")


def test_without_a_duty_day_the_next_one_is_named(client, liaison, station, deputy):
    day = make_day(station, date(2026, 4, 15), deputy)
    text = home(client, liaison).content.decode()
    assert "今天是接待日" not in text
    assert f'href="{reverse("duty:day", args=[day.pk])}">4月15日 星期三</a>' in text


def test_feedback_and_duty_stand_in_one_list_late_first(client, liaison, station, deputy):
    visit = make_reception(
        station,
        actor=liaison,
        received_on=date(2026, 3, 30),
        opinions=[
            {"disposal": "village", "due_on": date(2026, 4, 2), "resolution": "solved"},
            {"disposal": "village", "due_on": date(2026, 4, 2)},
        ],
    )
    make_day(station, date(2026, 3, 30), deputy)
    make_day(station, date(2026, 4, 3), deputy)
    found = home(client, liaison).context
    assert [(matter.due, matter.verb) for matter in found["matters"]] == [
        (date(2026, 3, 30), "办结"),
        (TODAY, "去联系"),
        (TODAY, "去张贴"),
        (date(2026, 4, 2), "登记反馈"),
    ]
    assert found["urgency"] == {"late": 1, "today": 2, "week": 1}
    opinion = visit.opinions.first()
    page = reverse("visits:opinion_detail", args=[opinion.pk])
    assert found["matters"][3].do_url == f"{page}#next"


def test_what_is_late_says_for_how_long(client, liaison, station, deputy):
    make_day(station, date(2026, 3, 30), deputy)
    text = home(client, liaison).content.decode()
    assert "超期 2 天" in text
    assert "应于 3月30日" in text


def test_matters_left_out_are_counted(client, liaison, station, deputy):
    for step in range(1, 8):
        make_day(station, TODAY + timedelta(days=step), deputy)
    found = home(client, liaison).context
    assert len(found["matters"]) == 8
    assert found["more_duty"] == 14 - 8


def test_the_next_days_say_who_comes_and_whether_all_confirmed(client, liaison, station, deputy):
    for step in range(1, 9):
        make_day(station, TODAY + timedelta(days=step), deputy)
    first = station.duty_days.first()
    confirm(assignment(first, deputy), actor=deputy.user)
    answer = home(client, liaison)
    assert [day.date for day in answer.context["coming"]] == [
        TODAY + timedelta(days=step) for step in range(1, 7)
    ]
    assert answer.content.decode().count("都已确认") == 1


def test_another_stations_days_are_not_mine(client, outsider, station, deputy):
    make_day(station, TODAY, deputy)
    make_day(station, date(2026, 3, 30), deputy)
    found = home(client, outsider).context
    assert (found["todays"], found["coming"], found["matters"]) == ([], [], [])


def test_the_district_sees_this_months_days_and_where_they_are_not_closed(
    client, district_officer, station, deputy
):
    make_day(station, date(2026, 3, 30), deputy)
    for on, state in (
        (date(2026, 4, 1), DayState.HELD),
        (date(2026, 4, 2), DayState.PUBLISHED),
        (date(2026, 4, 3), DayState.CANCELLED),
        (date(2026, 4, 4), DayState.DRAFT),
    ):
        make_day(station, on, deputy, state=state)
    answer = home(client, district_officer)
    assert answer.context["duty_month"] == {
        "planned": 2, "held": 1, "unclosed": 0, "not_held": 0,
    }  # fmt: skip
    [place] = answer.context["late_places"]
    assert (place.name, place.days, place.opinions, place.oldest) == (
        "石桥镇中心联络站", 1, 0, date(2026, 3, 30),
    )  # fmt: skip
    assert f"?show=unclosed&amp;station={station.pk}" in answer.content.decode()


def test_the_district_sees_what_comes_and_what_is_raised(client, district_officer, station, deputy):
    make_day(station, date(2026, 4, 8), deputy)
    make_day(station, date(2026, 4, 15), deputy)  # a day beyond the two weeks
    given = {"category": category("交通出行"), "due_on": date(2026, 3, 20), "disposal": "village"}
    make_reception(station, actor=SYSTEM, deputies=[deputy], opinions=[given, given, {}])
    found = home(client, district_officer).context
    assert [(line.day, line.duty_days) for line in found["ahead"]] == [(date(2026, 4, 8), 1)]
    [place] = found["late_places"]
    assert (place.opinions, place.days, place.oldest) == (2, 0, date(2026, 3, 20))
    table = found["raised_table"]
    assert [row.values for row in table.rows] == [
        ["交通出行", 2, 2],
        ["未分类", 1, 1],
        ["全部类别", 3, 3],
    ]


def test_ten_days_cost_as_many_queries_as_one(client, liaison, station):
    home(client, liaison)
    counts = []
    for steps in (range(2), range(2, 10)):
        for step in steps:
            people = [DeputyFactory(station=station), DeputyFactory(station=station)]
            make_day(station, TODAY + timedelta(days=step), *people)
            make_day(station, TODAY - timedelta(days=step + 1), *people)
        with CaptureQueriesContext(connection) as found:
            client.get("/")
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_a_unit_clerk_without_suggestions_reads_that_nothing_waits(client):
    clerk = make_user("unit_clerk", UnitFactory())
    assert "眼下没有等您单位办的建议" in home(client, clerk).content.decode()
