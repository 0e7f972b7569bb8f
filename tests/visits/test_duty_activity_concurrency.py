"""A duty day is one activity, however many close it or log a visit of it at once."""

from datetime import date

import pytest
from django.db import connection

from common import audit
from deputies.services.duty import sign_in_for
from tests.concurrency import at_once
from tests.factories import (
    DeputyFactory,
    StationFactory,
    assignment,
    make_day,
    make_reception,
    make_user,
)
from visits.models import Activity, Assistance, NumberSeries
from visits.services import close_day, log_activity, log_assistance, reopen_day

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.postgresql,
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="several writers at once need PostgreSQL"
    ),
]
MONDAY = date(2026, 3, 30)


@pytest.fixture
def place(time_machine):
    time_machine.move_to("2026-04-01T10:00:00+08:00", tick=False)
    station = StationFactory()
    return station, make_user("liaison", station), DeputyFactory(station=station)


@pytest.fixture
def signed_day(place):
    station, liaison, deputy = place
    day = make_day(station, MONDAY, deputy)
    sign_in_for(assignment(day, deputy), actor=liaison, reason="纸上签名")
    return day


def test_ten_closings_at_once_make_one_activity(place, signed_day):
    outcomes = at_once(lambda i: close_day(signed_day, actor=place[1]), count=10)
    refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert len(refused) == 9
    assert Activity.objects.get().duty_day == signed_day
    assert NumberSeries.objects.get(register="activity").last == 1


def test_a_closing_and_visits_at_the_same_moment_agree_on_the_sums(place, signed_day):
    station, liaison, deputy = place
    acts = [lambda: close_day(signed_day, actor=liaison)]
    acts += [
        lambda: make_reception(station, actor=liaison, deputies=[deputy], received_on=MONDAY)
    ] * 5
    outcomes = at_once(lambda i: acts[i](), count=6)
    assert not any(isinstance(outcome, Exception) for outcome in outcomes)
    assert Activity.objects.get().minutes == "接待群众 5 批 5 人次，意见 5 条。"


def test_ten_reopenings_at_once_open_the_day_once(place, signed_day):
    _, liaison, _ = place
    close_day(signed_day, actor=liaison)
    outcomes = at_once(lambda i: reopen_day(signed_day, actor=liaison, note="漏签"), count=10)
    refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert len(refused) == 9
    assert Activity.objects.get().is_void
    assert audit.history_of(signed_day).filter(note="撤销办结：漏签").count() == 1


def test_both_registers_number_without_gaps(place):
    station, liaison, deputy = place

    def log(index):
        if index % 2:
            row = Assistance(station=station, helped_on=MONDAY, deed="送去棉被")
            return log_assistance(row, actor=liaison, deputies=[deputy])
        row = Activity(station=station, held_on=MONDAY, topic="视察")
        return log_activity(row, actor=liaison, attendance=[(deputy, "present")])

    at_once(log, count=20)
    for model in (Assistance, Activity):
        numbers = sorted(model.objects.values_list("number", flat=True))
        assert numbers == list(range(1, 11))
