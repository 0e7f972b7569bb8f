import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import User
from common.errors import RuleViolation
from deputies.services import AT_ONCE, open_log_ins
from tests.factories import DeputyFactory, StationFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick_hashes(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def test_every_deputy_in_office_without_a_log_in_gets_one(station, deputy, district_officer):
    DeputyFactory(station=station, name="许新", phone="13800138001")
    DeputyFactory(station=station, name="前任", state="resigned")
    DeputyFactory(station=StationFactory(), name="外站")
    [slip] = open_log_ins(station, actor=district_officer)
    assert slip.user.username == "13800138001"
    assert slip.user.check_password(slip.password)
    assert slip.user.must_change_password
    with pytest.raises(RuleViolation, match="都已开通登录"):
        open_log_ins(station, actor=district_officer)


def test_a_phone_that_is_another_deputys_is_named_and_the_others_get_theirs(
    station, deputy, district_officer
):
    known = UserFactory(username="xuxin", name="许新", phone="13800138001")
    DeputyFactory(station=station, name="许新", user=known)
    DeputyFactory(station=station, name="许新", phone="13800138001")
    DeputyFactory(station=station, name="朱志", phone="13800138002")
    slips = {slip.deputy.name: slip for slip in open_log_ins(station, actor=district_officer)}
    assert "已是另一位代表" in slips["许新"].refusal
    assert slips["朱志"].password


def test_only_so_many_are_opened_at_once_and_the_next_click_goes_on(station, district_officer):
    for number in range(AT_ONCE + 2):
        DeputyFactory(station=station, name=f"代表{number:02d}")
    assert len(open_log_ins(station, actor=district_officer)) == AT_ONCE
    assert len(open_log_ins(station, actor=district_officer)) == 2


def test_station_staff_do_not_open_log_ins(station, station_head):
    DeputyFactory(station=station)
    with pytest.raises(PermissionDenied):
        open_log_ins(station, actor=station_head)


def test_the_sheet_shows_a_slip_for_each_and_is_not_kept(client, station, district_officer):
    DeputyFactory(station=station, name="许新", phone="13800138001")
    client.force_login(district_officer)
    page = client.get(reverse("deputies:log_ins", args=[station.pk]))
    assert "许新" in page.content.decode()
    assert not User.objects.filter(username="13800138001").exists()
    sheet = client.post(reverse("deputies:open_log_ins", args=[station.pk]))
    assert "13800138001" in sheet.content.decode()
    assert "no-store" in sheet["Cache-Control"]
    again = client.post(reverse("deputies:open_log_ins", args=[station.pk]), follow=True)
    assert "都已开通登录" in again.content.decode()
