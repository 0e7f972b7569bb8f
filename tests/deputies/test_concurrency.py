"""Rosters tried by many at once on a database server."""

import pytest
from django.db import connection

from deputies.models import Deputy
from deputies.services import create_deputy, open_log_in
from stations.models import Area, Posting, Station
from stations.services import area_named, create_station
from tests.factories import DeputyFactory, StationFactory, make_user
from tests.visits.test_concurrency import at_once

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.postgresql,
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="several writers at once need PostgreSQL"
    ),
]


@pytest.fixture
def officer():
    return make_user("district_officer", Area.objects.get(level="district"))


def test_a_new_deputy_sent_many_times_at_once_is_one_row(officer):
    station = StationFactory()
    at_once(lambda i: create_deputy(Deputy(name="石刚", station=station), actor=officer), 8)
    assert Deputy.objects.filter(name="石刚").count() == 1


def test_a_new_station_sent_many_times_at_once_is_one_row(officer):
    township = StationFactory().township
    at_once(lambda i: create_station(Station(name="新站", township=township), actor=officer), 8)
    assert Station.objects.filter(name="新站").count() == 1


def test_areas_made_at_once_have_codes_of_their_own(officer):
    district = Area.objects.get(level="district")
    at_once(lambda i: area_named(f"新{i // 2}镇", "township", district, actor=officer), 8)
    made = Area.objects.filter(provisional=True)
    assert made.count() == 4
    assert len(set(made.values_list("code", flat=True))) == 4


def test_a_log_in_opened_many_times_at_once_is_one_account(officer):
    deputy = DeputyFactory(phone="13800135678")
    opened = at_once(lambda i: open_log_in(deputy, actor=officer), 8)
    assert sum(isinstance(outcome, tuple) for outcome in opened) == 1
    assert Posting.objects.filter(role="deputy").count() == 1
