"""与上年同期比较: like with like, and no change claimed where last year is not all recorded."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.actors import SYSTEM
from deputies.choices import DayState
from reports import services
from reports.choices import Part
from reports.figures import build
from reports.periods import Period
from reports.scope import Scope
from tests.factories import DeputyFactory, make_day, make_reception

pytestmark = pytest.mark.django_db
YEAR = Period.of_year(2026)


@pytest.fixture(autouse=True)
def _november(time_machine):
    time_machine.move_to("2026-11-21T10:00:00+08:00", tick=False)


def received(station, *days):
    for day in days:
        make_reception(station, actor=SYSTEM, received_on=day)


def row_of(report, name):
    return next(row for row in report.comparison.rows if row.name.value == name)


def test_days_that_are_still_to_come_are_not_compared(client, district_officer, district, station):
    who = DeputyFactory(station=station)
    received(station, date(2025, 1, 8))
    for year in (2025, 2026):
        for month, state in ((3, DayState.HELD), (12, DayState.PUBLISHED)):
            make_day(station, date(year, month, 10), who, state=state)
    report = build(Scope(district_officer, YEAR, area=district))
    planned = row_of(report, "计划接待日")
    assert planned.values[1:] == [1, 1, 0, Decimal("0.00")]
    assert report.tables["T2"].total_of("计划接待日") == 2  # the year's own table keeps them
    client.force_login(district_officer)
    opened = client.get(planned.cells[1].url)
    assert [day.date for day in opened.context["rows"]] == [date(2026, 3, 10)]


def test_records_that_began_within_the_first_month_are_a_year_to_compare_with(station):
    received(station, date(2025, 1, 31), date(2026, 2, 2), date(2026, 2, 3))
    report = build(Scope(SYSTEM, YEAR, station=station))
    assert row_of(report, "批次").values[1:] == [2, 1, 1, Decimal("100.00")]
    assert report.headlines[0].note == "比上年同期多 1 批"


def test_no_growth_is_claimed_against_a_year_that_is_not_all_recorded(station):
    received(station, date(2025, 9, 1), date(2026, 2, 2), date(2026, 2, 3))
    report = build(Scope(SYSTEM, YEAR, station=station))
    assert row_of(report, "批次").values[1:] == [2, 1, None, None]
    assert report.comparison.notes[0] == (
        "接待登记从2025年9月1日才有，上年同期登记不全，不算增减，写“—”。"
    )
    assert report.headlines[0].note == "上年同期登记不全"
    assert not any(line.change for line in report.headlines)
    text = services.draft_report(report.scope, report)[1][Part.WORK]
    assert "增长" not in text
    assert "上年同期" not in text


def test_a_deputy_is_compared_by_the_records_of_the_station(station):
    who = DeputyFactory(station=station)
    received(station, date(2025, 1, 8))
    for day in (date(2025, 6, 5), date(2026, 6, 5)):
        make_reception(station, actor=SYSTEM, received_on=day, deputies=[who])
    report = build(Scope(SYSTEM, YEAR, deputy=who))
    assert row_of(report, "接待批次").values[1:] == [1, 1, 0, Decimal("0.00")]


def test_a_deputy_is_claimed_no_growth_where_the_stations_records_begin_late(station):
    who = DeputyFactory(station=station)
    for day in (date(2025, 6, 5), date(2026, 6, 5)):
        make_reception(station, actor=SYSTEM, received_on=day, deputies=[who])
    report = build(Scope(SYSTEM, YEAR, deputy=who))
    assert row_of(report, "接待批次").values[1:] == [1, 1, None, None]
    assert not any(line.change for line in report.headlines)
