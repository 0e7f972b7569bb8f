"""Problems that the records show: nobody is named who did nothing wrong."""

from datetime import date

import pytest

from accounts.actors import SYSTEM
from deputies.choices import Answer, Attendance, DayState
from reports.figures import build
from reports.narrative.findings import find_problems
from reports.periods import Period
from reports.scope import Scope
from stations.models import Station
from tests.factories import DeputyFactory, assignment, make_day, make_reception

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)
DAY = date(2026, 3, 5)


@pytest.fixture(autouse=True)
def _november(time_machine):
    time_machine.move_to("2026-11-21T10:00:00+08:00", tick=False)


@pytest.fixture
def scope(district, district_officer):
    return Scope(district_officer, Period.of_year(2026), area=district)


@pytest.fixture
def one(station):
    return DeputyFactory(station=station)


def said_of(scope, about) -> str:
    found = find_problems(scope, build(scope), TODAY)
    return "".join(problem.words for problem in found if problem.about == about)


def who_never_came(scope) -> str:
    return said_of(scope, "代表没有进站")


def due(station, who, attendance, answer="", state=DayState.HELD, on=DAY):
    day = make_day(station, on, who, state=state)
    row = assignment(day, who)
    row.attendance, row.answer = attendance, answer or row.answer
    row.save()


def test_who_was_absent_from_every_day_has_never_come(scope, station, one):
    due(station, one, Attendance.ABSENT)
    assert who_never_came(scope) == "1 名接待日应到的代表年初以来没有进站接待。"


@pytest.mark.parametrize(
    "state", [DayState.CANCELLED, DayState.DRAFT, DayState.NOT_HELD, DayState.PUBLISHED]
)
def test_a_day_that_was_not_held_accuses_nobody(scope, station, one, state):
    due(station, one, "", state=state)
    assert not who_never_came(scope)


@pytest.mark.parametrize(
    ("attendance", "answer"),
    [
        (Attendance.LEAVE, Answer.LEAVE),
        (Attendance.SUBSTITUTED, ""),
        ("", Answer.SWAPPED),
        ("", Answer.LEAVE),
    ],
)
def test_leave_stand_ins_and_swaps_accuse_nobody(scope, station, one, attendance, answer):
    due(station, one, attendance, answer)
    assert not who_never_came(scope)


def test_who_came_to_another_stations_day_did_come(scope, station, one, other_station):
    due(station, one, Attendance.ABSENT)
    due(other_station, one, Attendance.PRESENT, on=date(2026, 4, 5))
    assert not who_never_came(scope)


def test_who_received_somebody_on_no_duty_day_did_come(scope, station, one):
    due(station, one, Attendance.ABSENT)
    make_reception(station, actor=SYSTEM, deputies=[one], received_on=date(2026, 4, 7))
    assert not who_never_came(scope)


def test_a_station_built_since_has_no_old_register(scope, station, other_station):
    Station.objects.filter(pk=other_station.pk).update(built_on=date(2026, 11, 1))
    Station.objects.filter(pk=station.pk).update(built_on=date(2020, 5, 1))
    said = said_of(scope, "登记簿久未更新")
    assert said.startswith("石桥镇中心联络站有 90 天以上")
    assert "柳河镇" not in said
