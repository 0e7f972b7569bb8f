"""The calendar that a deputy's phone subscribes to."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from deputies.addresses import feed_path
from deputies.choices import DayState
from deputies.services.duty import (
    answer_swap,
    ask_swap,
    confirm,
    drop_day,
    feed_of,
    move_day,
    renew_feed,
)
from tests.factories import assignment, make_day, make_reception

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def address(deputy):
    return feed_path(feed_of(deputy, actor=deputy.user))


def events(client, address):
    calendar = Calendar.from_ical(client.get(address).content)
    return {str(event["uid"]): event for event in calendar.walk("VEVENT")}


def test_a_day_stands_in_the_calendar_with_time_place_and_colleagues(
    client, address, day, deputy, settings
):
    settings.SITE_URL = "https://station.example.cn"
    row = assignment(day, deputy)
    event = events(client, address)[f"duty-{row.pk}@station.example.cn"]
    assert event["summary"] == "接待群众（石桥镇中心联络站）"
    assert event["location"] == "石桥镇中心联络站接待室"
    assert event["description"] == "同班：廖波英"
    assert event.start == datetime(2026, 4, 15, 9, 0, tzinfo=SHANGHAI)
    assert event.end == datetime(2026, 4, 15, 11, 30, tzinfo=SHANGHAI)
    assert event["status"] == "TENTATIVE"
    assert event["sequence"] == 1
    confirm(row, actor=deputy.user)
    assert next(iter(events(client, address).values()))["status"] == "CONFIRMED"


def test_the_calendar_needs_no_log_in_and_names_its_zone_and_how_often_to_look(
    client, address, day
):
    response = client.get(address)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    lines = response.content.decode().splitlines()
    assert "X-WR-CALNAME:石刚代表接待日" in lines
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT6H" in lines
    assert "DTSTART;TZID=Asia/Shanghai:20260415T090000" in lines
    assert "BEGIN:VTIMEZONE" in lines


def test_a_moved_day_keeps_its_name_and_counts_up(client, address, day, liaison):
    [before] = events(client, address)
    move_day(day, date(2026, 4, 20), actor=liaison)
    [(after, event)] = events(client, address).items()
    assert after == before
    assert event["sequence"] == 2
    assert event.start.date() == date(2026, 4, 20)


def test_a_cancelled_day_is_told_for_a_month(client, address, day, liaison, april):
    drop_day(day, actor=liaison, reason="防汛")
    [event] = events(client, address).values()
    assert event["status"] == "CANCELLED"
    april.move_to("2026-05-15T10:00:00+08:00", tick=False)
    assert len(events(client, address)) == 1
    april.move_to("2026-05-16T10:00:00+08:00", tick=False)
    assert events(client, address) == {}


def test_a_day_given_away_falls_out(client, address, day, deputy, station, other):
    later = make_day(station, date(2026, 5, 6), other)
    third = make_day(station, date(2026, 5, 13), deputy)
    swap = ask_swap(
        assignment(third, deputy), other, actor=deputy.user, taken=assignment(later, other)
    )
    answer_swap(swap, actor=other.user, agreed=True)
    found = {event.start.date(): str(event["status"]) for event in events(client, address).values()}
    assert found == {
        date(2026, 4, 15): "TENTATIVE",
        date(2026, 5, 6): "CONFIRMED",
        date(2026, 5, 13): "CANCELLED",
    }


def test_drafts_and_past_years_are_left_out_and_this_years_past_stays(
    client, address, station, deputy
):
    make_day(station, date(2025, 12, 3), deputy, state=DayState.NO_VISIT)
    make_day(station, date(2026, 1, 7), deputy, state=DayState.NO_VISIT)
    make_day(station, date(2026, 5, 6), deputy, state=DayState.DRAFT)
    assert [event.start.date() for event in events(client, address).values()] == [date(2026, 1, 7)]


def test_an_unknown_or_replaced_address_gives_nothing(client, address, day, deputy):
    assert client.get("/duty/feed/unknown.ics").status_code == 404
    renewed = feed_path(renew_feed(deputy, actor=deputy.user))
    assert client.get(address).status_code == 404
    assert client.get(renewed).status_code == 200


def test_nothing_of_visitors_is_in_the_calendar(client, address, station, deputy, liaison):
    make_day(station, date(2026, 3, 4), deputy, state=DayState.HELD)
    make_reception(station, actor=liaison, deputies=[deputy], received_on=date(2026, 3, 4))
    assert "王建国" not in client.get(address).content.decode()
