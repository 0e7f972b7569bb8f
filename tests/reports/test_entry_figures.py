"""T2's columns of the second and third register, counted by hand from a few rows."""

import datetime
from decimal import Decimal

import pytest

from accounts.actors import SYSTEM
from reports.figures import build
from reports.periods import Period
from reports.scope import Scope
from tests.factories import DeputyFactory, StationFactory
from visits.models import Activity, Assistance
from visits.services import activities, assistance

pytestmark = pytest.mark.django_db
YEAR = Period.of_year(2025)
NAMES = ("办实事件数", "资金和物资（元）", "受益人数", "代表活动次数", "视察", "培训", "述职")


def deed(station, on="2025-03-05", **fields):
    row = Assistance(
        station=station, helped_on=datetime.date.fromisoformat(on), deed="修路", **fields
    )
    return assistance.log_assistance(row, actor=SYSTEM, deputies=[DeputyFactory(station=station)])


def held(station, kind, on="2025-03-05"):
    row = Activity(
        station=station, held_on=datetime.date.fromisoformat(on), kind=kind, topic="一次活动"
    )
    return activities.log_activity(row, actor=SYSTEM, attendance=[])


def figures(period=YEAR, **place):
    table = build(Scope(SYSTEM, period, **place)).tables["T2"]
    return {row.name.value: [table.figure(name, row) for name in NAMES] for row in table.rows}


@pytest.fixture
def work(station):
    other = StationFactory(name="柳河镇联络站")
    deed(station, money=Decimal("1000.40"), goods=Decimal(300), people=3)
    deed(station, money=Decimal(30000), people=40, approximate={"money": "3万余元"})
    deed(station, on="2024-12-31", money=Decimal(7), people=7)
    assistance.void_assistance(deed(station, people=99), actor=SYSTEM, reason="重复")
    deed(other, people=5)
    for kind in ("inspection", "inspection", "training", "meeting"):
        held(station, kind)
    held(other, "reporting")
    return other


def test_deeds_and_activities_are_counted_by_station(station, work):
    found = {name: [cell.value for cell in row] for name, row in figures().items()}
    assert found[station.name] == [2, 31300, 43, 4, 2, 1, 0]
    assert found[work.name] == [1, 0, 5, 1, 0, 0, 1]
    assert found["合计"] == [3, 31300, 48, 5, 2, 1, 1]


def test_an_amount_written_in_words_stays_approximate(station, work):
    _, money, people, *_ = figures()[station.name]
    assert money.shown == "约 31,300"
    assert people.shown == "43"


def test_a_figure_opens_the_rows_it_counts(client, station, work, district_officer):
    client.force_login(district_officer)
    row = figures()[station.name]
    for cell, count in zip(row, [2, 2, 2, 4, 2, 1, 0], strict=True):
        response = client.get(cell.url)
        assert len(response.context["page"]) == count


def test_other_periods_count_their_own_rows(station, work):
    before = figures(Period.of_year(2024))[station.name]
    assert [cell.value for cell in before[:3]] == [1, 7, 7]


def test_a_table_too_wide_for_a_page_goes_on_below(station, work):
    table = build(Scope(SYSTEM, YEAR)).tables["T2"]
    parts = table.parts
    assert [part.columns[0].name for part in parts] == ["联络站", "联络站"]
    assert all(len(part.columns) <= 16 for part in parts)
    names = [column.name for part in parts for column in part.columns[1:]]
    assert names == [column.name for column in table.columns[1:]]
    assert [bool(part.notes) for part in parts] == [False, True]
    assert parts[1].total.cells[0].value == "合计"
