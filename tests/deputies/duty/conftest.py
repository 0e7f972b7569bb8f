from datetime import date

import pytest

from tests.factories import DeputyFactory, make_day, make_user


@pytest.fixture(autouse=True)
def april(time_machine):
    """Wednesday, 1 April 2026, ten in the morning."""
    time_machine.move_to("2026-04-01T10:00:00+08:00", tick=False)
    return time_machine


@pytest.fixture
def other(station):
    """A second deputy of the station with a log-in."""
    user = make_user("deputy", station)
    return DeputyFactory(station=station, name="廖波英", user=user)


@pytest.fixture
def day(station, deputy, other):
    """15 April, announced, with two deputies."""
    return make_day(station, date(2026, 4, 15), deputy, other)


@pytest.fixture
def today(station, deputy, other):
    return make_day(station, date(2026, 4, 1), deputy, other)
