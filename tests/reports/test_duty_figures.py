"""T2's columns of duty: days planned and held, who was due, who came."""

from datetime import date, time
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest

from accounts.actors import SYSTEM
from deputies.choices import DayState
from deputies.services.duty import (
    answer_swap,
    ask_leave,
    ask_swap,
    decide_leave,
    sign_in_for,
    stand_in,
)
from reports.figures import build
from reports.periods import Period
from reports.scope import Scope
from tests.factories import DeputyFactory, StationFactory, assignment, make_day, make_user
from visits.services import close_day

pytestmark = pytest.mark.django_db
DUTY = ("计划接待日", "开展接待日", "应到人次", "请假人次", "出席人次", "出勤率（%）")
YEAR = Period.of_year(2026)


@pytest.fixture
def people(station):
    names = ("石刚", "廖波英", "段固艳", "许新", "邓海")
    return [
        DeputyFactory(station=station, name=name, user=make_user("deputy", station))
        for name in names
    ]


def duty_of(table, name):
    row = next(row for row in table.rows if row.name.value == name)
    return [table.figure(column, row).value for column in DUTY]


def table(scope):
    return build(scope).tables["T2"]


def signs(day, deputy, at=time(9)):
    sign_in_for(assignment(day, deputy), actor=SYSTEM, reason="纸上签名", at=at)


@pytest.fixture
def spring(station, people, time_machine):
    """Six days of the station: one held by four of five, one without a visit, four others."""
    shi, liao, duan, xu, deng = people
    time_machine.move_to("2026-03-02T08:00:00+08:00", tick=False)
    first = make_day(station, date(2026, 3, 4), shi, liao, duan, xu)
    second = make_day(station, date(2026, 3, 11), shi, liao)
    not_held = make_day(station, date(2026, 3, 18), shi, liao)
    make_day(station, date(2026, 3, 25), shi, liao)  # past, and never closed
    make_day(station, date(2026, 4, 8), shi, liao)  # to come
    make_day(station, date(2026, 4, 15), shi, state=DayState.CANCELLED)
    make_day(station, date(2026, 4, 22), shi, state=DayState.DRAFT)
    leave = ask_leave(assignment(first, xu), actor=xu.user, reason="出差")
    decide_leave(leave, actor=SYSTEM, agreed=True)
    swap = ask_swap(assignment(second, liao), deng, actor=liao.user)
    answer_swap(swap, actor=deng.user, agreed=True)
    time_machine.move_to("2026-04-01T10:00:00+08:00", tick=False)
    # 4 March: 石刚 in time, 廖波英 late, 段固艳 absent, 许新 on leave with 邓海 in his place.
    signs(first, shi)
    signs(first, liao, time(10))
    stand_in(assignment(first, xu), deng, actor=SYSTEM)
    signs(first, deng)
    close_day(first, actor=SYSTEM)
    # 11 March: 石刚 came; 廖波英's turn went to 邓海, who did not.
    signs(second, shi)
    close_day(second, actor=SYSTEM)
    close_day(not_held, actor=SYSTEM, not_held=True, note="停电")


def test_days_and_deputies_are_counted_by_hand(spring, station):
    # 4 March: 5 due, 1 of them on leave, 3 came. 11 March: 2 due, 1 came. 4 of (7 - 1).
    assert duty_of(table(Scope(SYSTEM, YEAR)), station.name) == [5, 2, 7, 1, 4, Decimal("66.67")]


def test_the_total_adds_the_stations_up(spring, station, township):
    other = StationFactory(name="石桥村联络站", kind="station", township=township)
    deputy = DeputyFactory(station=other)
    day = make_day(other, date(2026, 3, 4), deputy)
    signs(day, deputy)
    close_day(day, actor=SYSTEM)
    found = table(Scope(SYSTEM, YEAR))
    assert duty_of(found, "石桥村联络站") == [1, 1, 1, 0, 1, Decimal("100.00")]
    assert duty_of(found, "合计") == [6, 3, 8, 1, 5, Decimal("71.43")]


def test_a_period_takes_the_days_that_took_place_in_it(spring, station):
    march = Scope(SYSTEM, Period(date(2026, 3, 5), date(2026, 3, 31)))
    assert duty_of(table(march), station.name) == [3, 1, 2, 0, 1, Decimal("50.00")]


def test_a_moved_day_counts_where_it_took_place(station):
    make_day(station, date(2026, 4, 2), planned_on=date(2026, 3, 31))
    march = table(Scope(SYSTEM, Period(date(2026, 3, 1), date(2026, 3, 31))))
    april = table(Scope(SYSTEM, Period(date(2026, 4, 1), date(2026, 4, 30))))
    assert duty_of(march, "合计")[0] == 0
    assert duty_of(april, "合计")[0] == 1


def test_nobody_due_is_no_rate(station):
    make_day(station, date(2026, 3, 31))
    assert duty_of(table(Scope(SYSTEM, YEAR)), station.name) == [1, 0, 0, 0, 0, None]


def test_only_stations_of_the_reader_count(spring, outsider):
    assert duty_of(table(Scope(outsider, YEAR)), "合计") == [0, 0, 0, 0, 0, None]


def test_a_figure_opens_the_days_it_counts(spring, client, liaison, station):
    client.force_login(liaison)
    found = table(Scope(liaison, YEAR))
    for column, dates in (
        ("计划接待日", [(4, 8), (3, 25), (3, 18), (3, 11), (3, 4)]),
        ("开展接待日", [(3, 11), (3, 4)]),
    ):
        address = found.figure(column).url
        assert parse_qs(urlsplit(address).query)["from"] == ["2026-01-01"]
        lines = client.get(address).context["lines"]
        assert [(line.day.date.month, line.day.date.day) for line in lines] == dates


def test_the_notes_say_what_the_rate_is_divided_by():
    notes = "".join(table(Scope(SYSTEM, YEAR)).notes)
    assert "出勤率 = 出席 ÷（应到 − 请假）" in notes
