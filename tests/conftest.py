import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from accounts.roles import Role
from stations.models import Area
from tests.factories import AreaFactory, DeputyFactory, StationFactory, UserFactory, make_user


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords():
    """A million rounds for each log-in are for who guesses passwords."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PBKDF2PasswordHasher, "iterations", 1)
        yield


@pytest.fixture
def district(db):
    return Area.objects.get(level="district")


@pytest.fixture
def township(district):
    return AreaFactory(code="990101103", name="石桥镇", parent=district)


@pytest.fixture
def station(township):
    return StationFactory(name="石桥镇中心联络站", township=township)


@pytest.fixture
def district_officer(district):
    return make_user(Role.DISTRICT_OFFICER, district)


@pytest.fixture
def township_officer(township):
    return make_user(Role.TOWNSHIP_OFFICER, township)


@pytest.fixture
def station_head(station):
    return make_user(Role.STATION_HEAD, station)


@pytest.fixture
def liaison(station):
    return make_user(Role.LIAISON, station)


@pytest.fixture
def observer(station):
    return make_user(Role.OBSERVER, station)


@pytest.fixture
def outsider(db):
    """A liaison with the same role, at another station."""
    return make_user(Role.LIAISON, StationFactory())


@pytest.fixture
def administrator(db):
    """Keeps accounts and settings; sees no register."""
    return UserFactory(is_superuser=True, is_staff=True)


@pytest.fixture
def deputy(station):
    """A deputy of the station with an own log-in, as `deputy.user`."""
    user = make_user(Role.DEPUTY, station)
    return DeputyFactory(station=station, name="石刚", user=user)
