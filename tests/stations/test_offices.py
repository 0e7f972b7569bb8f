"""任职与登录: the first officers come to their rights in the browser."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.roles import Capability, Role
from common import audit
from stations import services
from stations.models import Area, Posting
from tests.factories import AreaFactory, StationFactory, UserFactory, make_user

pytestmark = pytest.mark.django_db
OFFICES = "/stations/offices/"
ADD = "/stations/offices/add/"


@pytest.fixture
def keeper(district):
    """An administrator by posting, who is no superuser."""
    return make_user(Role.ADMINISTRATOR, district)


def officer_of(area, name="黎榕", role=Role.TOWNSHIP_OFFICER, user=None):
    return Posting.objects.create(person_name=name, role=role, area=area, user=user)


def typed(area, name="黎榕", role=Role.TOWNSHIP_OFFICER, **more):
    return {"area": area.pk, "role": role, "person_name": name, **more}


def shown(client):
    """The table as it reads: (place, role, name), with "" where nobody is."""
    for area in client.get(OFFICES).context["areas"]:
        if area.vacant_role:
            yield area.name, area.vacant_role.value, ""
        for posting in area.officers:
            yield area.name, posting.role, posting.person_name


def test_the_district_stands_before_its_townships_and_vacancies_are_named(
    client, administrator, district, township, keeper
):
    AreaFactory(code="990101001", name="城东街道", parent=district)
    AreaFactory(code="990101103001", name="石桥村", level="village", parent=township)
    officer_of(township)
    client.force_login(administrator)
    assert list(shown(client)) == [
        ("临溪区", "district_officer", ""),
        ("临溪区", "administrator", keeper.name),
        ("城东街道", "township_officer", ""),
        ("石桥镇", "township_officer", "黎榕"),
    ]


def test_who_keeps_the_accounts_of_one_township_sees_no_other(client, township):
    AreaFactory(code="990101001", name="城东街道")
    client.force_login(make_user(Role.DISTRICT_OFFICER, township))
    assert {place for place, _, _ in shown(client)} == {"石桥镇"}


def test_from_the_first_administrator_to_a_township_that_sees_itself_only(
    client, administrator, township, station
):
    StationFactory(name="白塔镇中心联络站", township=AreaFactory(name="白塔镇"))
    client.force_login(administrator)
    assert client.post(ADD, typed(township)).url == OFFICES
    posting = Posting.objects.get(area=township)
    log_in = reverse("stations:officer_log_in", args=[posting.pk])
    response = client.post(log_in, {"phone": "138 0013 5678"})
    password = response.context["password"]
    assert password in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]

    client.logout()
    client.post(reverse("accounts:login"), {"username": "13800135678", "password": password})
    assert client.get("/").url == reverse("accounts:password")
    chosen = {"new_password1": "hua-shan-2026", "new_password2": "hua-shan-2026"}
    client.post(reverse("accounts:password"), {"old_password": password, **chosen})
    rows = client.get(reverse("stations:list")).context["page"]
    assert [row.name for row in rows] == ["石桥镇中心联络站"]
    assert client.get(reverse("visits:reception_list")).status_code == 200
    assert client.get(OFFICES).status_code == 403


def test_a_phone_opens_the_log_in_at_once(client, administrator, district):
    client.force_login(administrator)
    response = client.post(ADD, typed(district, role=Role.DISTRICT_OFFICER, phone="13800135678"))
    assert response.context["password"] in response.content.decode()
    user = User.objects.get(phone="13800135678")
    assert [held.role for held in user.held_postings] == ["district_officer"]
    changes = [line.changes for line in audit.history_of(district)]
    assert changes == [{"登录账号": ["", "13800135678"]}, {"区代表工委": ["", "黎榕"]}]


def test_sent_twice_one_person_is_posted_and_no_second_password_shown(
    client, administrator, township
):
    client.force_login(administrator)
    statuses = [client.post(ADD, typed(township, phone="13800135678")) for _ in range(2)]
    assert [response.status_code for response in statuses] == [200, 422]
    assert "黎榕已有登录账号" in statuses[1].content.decode()
    assert Posting.objects.filter(area=township).count() == 1


def test_who_has_an_account_keeps_its_password(client, administrator, township):
    user = UserFactory(name="黎榕", phone="13800135678")
    client.force_login(administrator)
    response = client.post(ADD, typed(township, phone="13800135678"), follow=True)
    assert "密码不变" in response.content.decode()
    assert Posting.objects.get(area=township).user == user


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"person_name": ""}, "请填写姓名"),
        ({"area": ""}, "请选择地方"),
        ({"role": "district_officer"}, "石桥镇设的是乡镇人大主席团／街道工委"),
        ({"role": "liaison"}, "liaison"),
        ({"phone": "1380013"}, "11 位数字"),
    ],
)
def test_a_mistake_is_named_and_nobody_is_posted(client, administrator, township, changes, words):
    client.force_login(administrator)
    response = client.post(ADD, typed(township) | changes)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Posting.objects.filter(area=township).exists()


def test_a_vacancy_leads_to_the_form_filled_in(client, administrator, district):
    client.force_login(administrator)
    form = client.get(OFFICES, {"area": district.pk}).context["form"]
    assert (form["area"].value(), form["role"].value()) == (district.pk, "district_officer")
    assert client.get(OFFICES, {"area": "x"}).status_code == 200


def test_a_township_officer_has_no_say_in_offices(client, township, township_officer):
    posting = officer_of(township)
    client.force_login(township_officer)
    assert client.get(OFFICES).status_code == 403
    assert client.post(ADD, typed(township, "甲")).status_code == 403
    for name in ("end_officer", "officer_log_in"):
        assert client.post(reverse(f"stations:{name}", args=[posting.pk])).status_code == 403
    assert Posting.objects.filter(area=township).count() == 2


def test_an_office_elsewhere_is_not_found(client, township):
    posting = officer_of(AreaFactory(code="990101001"))
    client.force_login(make_user(Role.DISTRICT_OFFICER, township))
    for name in ("end_officer", "officer_log_in"):
        assert client.post(reverse(f"stations:{name}", args=[posting.pk])).status_code == 404


def test_staff_of_a_station_are_none_of_this_page(client, administrator, station, liaison):
    posting = station.postings.get(user=liaison)
    client.force_login(administrator)
    url = reverse("stations:end_officer", args=[posting.pk])
    assert client.post(url).status_code == 404


def test_a_district_officer_makes_no_administrator(client, district, district_officer):
    posting = officer_of(district, role=Role.ADMINISTRATOR)
    client.force_login(district_officer)
    assert client.post(ADD, typed(district, "甲", Role.ADMINISTRATOR)).status_code == 422
    for name in ("end_officer", "officer_log_in"):
        assert client.post(reverse(f"stations:{name}", args=[posting.pk])).status_code == 403
    for refused in (
        lambda: services.post("甲", Role.ADMINISTRATOR, district, actor=district_officer),
        lambda: services.open_log_in(posting, actor=district_officer),
        lambda: services.end_posting(posting, actor=district_officer),
    ):
        with pytest.raises(PermissionDenied):
            refused()
    assert list(Posting.objects.filter(role=Role.ADMINISTRATOR)) == [posting]


@pytest.mark.parametrize("persona", ["administrator", "keeper"])
def test_administrators_make_and_unmake_one_another(request, client, district, persona):
    client.force_login(request.getfixturevalue(persona))
    client.post(ADD, typed(district, "甲", Role.ADMINISTRATOR))
    posting = Posting.objects.get(person_name="甲")
    log_in = reverse("stations:officer_log_in", args=[posting.pk])
    assert client.post(log_in).context["password"]
    client.post(reverse("stations:end_officer", args=[posting.pk]))
    assert not Posting.objects.filter(person_name="甲").exists()
    assert audit.history_of(district).first().changes == {"系统管理员": ["甲", ""]}


def test_who_is_ended_has_no_rights_left_and_keeps_the_account(
    client, administrator, township, township_officer
):
    posting = Posting.objects.get(area=township)
    client.force_login(administrator)
    client.post(reverse("stations:end_officer", args=[posting.pk]))
    client.force_login(township_officer)
    assert client.get(reverse("visits:reception_list")).status_code == 403
    assert client.get("/").status_code == 200


def test_nobody_ends_an_office_of_their_own(client, district, district_officer):
    posting = Posting.objects.get(user=district_officer)
    client.force_login(district_officer)
    url = reverse("stations:end_officer", args=[posting.pk])
    assert client.post(url).status_code == 403
    assert "本人的任职由他人办理" in client.get(OFFICES).content.decode()
    assert Posting.objects.filter(pk=posting.pk).exists()


def test_keeping_every_account_gives_no_say_in_stations(administrator, district, township):
    kept = Area.objects.where_user_can(administrator, Capability.MANAGE_ACCOUNTS)
    assert set(kept) == {district, township}
    assert not Area.objects.where_user_can(administrator, Capability.MANAGE_STATIONS).exists()


def test_offices_are_linked_where_administrators_start(client, administrator):
    client.force_login(administrator)
    for address in ("/", reverse("accounts:list")):
        assert f'href="{OFFICES}"' in client.get(address).content.decode()


def test_query_count_does_not_grow_with_the_rows(client, administrator, district, keeper):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert client.get(OFFICES).status_code == 200
        return len(seen)

    def fill(count):
        for _ in range(count):
            area = AreaFactory(parent=district)
            officer_of(area, user=UserFactory())
            officer_of(area, "乙")

    for user in (administrator, keeper):
        client.force_login(user)
        fill(1)
        client.get(OFFICES)
        before = queries()
        fill(15)
        assert queries() == before <= 7


def test_who_names_themself_with_their_own_phone_is_told_to_ask_another(client, station, district):
    officer = make_user(Role.DISTRICT_OFFICER, district, name="黎坚", phone="13800135678")
    posting = Posting.objects.create(person_name="黎坚", role=Role.STATION_HEAD, station=station)
    client.force_login(officer)
    address = reverse("stations:open_log_in", args=[station.pk, posting.pk])
    page = client.post(address, {"phone": "13800135678"}, follow=True).content.decode()
    assert "不能给自己授予任职，请由别的管理人员办理。" in page
    typed = {"area": station.township.pk, "role": Role.TOWNSHIP_OFFICER, "person_name": "黎坚"}
    answer = client.post(reverse("stations:add_officer"), {**typed, "phone": "13800135678"})
    assert answer.status_code == 422
    assert "不能给自己授予任职" in answer.content.decode()
    assert not Posting.objects.filter(area=station.township).exists()
