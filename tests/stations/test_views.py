import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from stations.models import Area, Posting, Station
from tests.factories import AreaFactory, DeputyFactory, StationFactory, make_user

pytestmark = pytest.mark.django_db
LIST = "/stations/"


def page(client, url, status=200, **headers):
    response = client.get(url, headers=headers)
    assert response.status_code == status
    return response.content.decode()


def form_of(station, **changes):
    values = {
        "name": station.name,
        "kind": station.kind,
        "state": station.state,
        "township": station.township_id,
        "version": station.version,
    }
    return values | changes


def queries(client, url):
    client.get(url)  # the first request of a session writes it
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def with_staff(station):
    Posting.objects.create(person_name="余固", role=Role.LIAISON, station=station)
    DeputyFactory.create_batch(2, station=station)


def test_list_reads_as_a_tree_with_the_centre_first(client, district_officer, station, township):
    village = AreaFactory(code="990101103001", name="石桥村", level="village", parent=township)
    StationFactory(
        name="石桥村联络站", kind="station", township=township, village=village, area=village
    )
    earlier = AreaFactory(code="990101001", name="城东街道")
    StationFactory(name="城东街道中心联络站", township=earlier)
    StationFactory(name="气象街社区联络站", kind="station", township=earlier)
    client.force_login(district_officer)
    names = [row.name for row in client.get(LIST).context["page"]]
    assert names == [
        "城东街道中心联络站",
        "气象街社区联络站",
        "石桥镇中心联络站",
        "石桥村联络站",
    ]


def test_list_shows_liaisons_and_counts_deputies_in_office(client, liaison, station):
    with_staff(station)
    DeputyFactory(station=station, state="resigned")
    client.force_login(liaison)
    html = page(client, LIST)
    assert "余固" in html
    assert "共 1 个" in html
    assert "的在任代表 2 位" in html


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("?kind=station", ["百花村联络站"]),
        ("?star=5", ["石桥镇中心联络站"]),
        ("?star=none", ["百花村联络站"]),
        ("?state=building", ["百花村联络站"]),
        ("?q=百花", ["百花村联络站"]),
        ("?q=余固", ["石桥镇中心联络站"]),
        ("?area=990101103", ["石桥镇中心联络站", "百花村联络站"]),
        ("?area=990101", ["石桥镇中心联络站", "百花村联络站"]),
        ("?area=990101104", []),
        ("?kind=nonsense", []),
    ],
)
def test_list_is_narrowed_by_the_address(client, township_officer, station, address, found):
    Station.objects.filter(pk=station.pk).update(star=5)
    StationFactory(name="百花村联络站", kind="station", township=station.township, state="building")
    Posting.objects.create(person_name="余固", role=Role.LIAISON, station=station)
    client.force_login(township_officer)
    assert [row.name for row in client.get(LIST + address).context["page"]] == found


def test_list_answers_htmx_with_the_results_only(client, liaison):
    client.force_login(liaison)
    partial = page(client, LIST, **{"HX-Request": "true"})
    assert "<body" not in partial
    assert "石桥镇中心联络站" in partial


def test_list_shows_only_the_users_own_stations(client, outsider, station):
    client.force_login(outsider)
    html = page(client, LIST)
    assert station.name not in html
    assert "石桥镇" not in html


@pytest.mark.parametrize("name", ["list", "detail"])
def test_query_count_does_not_grow_with_the_rows(client, township_officer, station, name):
    url = LIST if name == "list" else reverse("stations:detail", args=[station.pk])
    with_staff(station)
    StationFactory(kind="station", township=station.township, parent=station)
    client.force_login(township_officer)
    before = queries(client, url)
    for _ in range(29):
        with_staff(StationFactory(kind="station", township=station.township, parent=station))
    for number in range(29):
        Posting.objects.create(person_name=f"甲{number}", role=Role.OBSERVER, station=station)
        DeputyFactory(station=station)
    assert queries(client, url) == before <= (8 if name == "list" else 12)


def test_pages_follow_one_another_without_gaps(client, district_officer, station):
    StationFactory.create_batch(60, kind="station", township=station.township)
    client.force_login(district_officer)
    first = client.get(LIST).context["page"]
    second = client.get(LIST, {"after": first.next}).context["page"]
    assert (len(first), len(second)) == (50, 11)
    assert len({row.pk for row in [*first, *second]}) == 61


def test_station_of_another_township_is_not_found(client, station):
    officer = make_user(Role.TOWNSHIP_OFFICER, AreaFactory(code="990101104", name="白塔镇"))
    client.force_login(officer)
    for name in ("stations:detail", "stations:change"):
        page(client, reverse(name, args=[station.pk]), 404)


def test_page_shows_staff_deputies_and_stations_below(client, liaison, station):
    with_staff(station)
    DeputyFactory(station=station, name="石刚", phone="13800135678")
    StationFactory(name="百花村联络站", kind="station", township=station.township, parent=station)
    client.force_login(liaison)
    html = page(client, reverse("stations:detail", args=[station.pk]))
    assert "余固" in html
    assert "石刚" in html
    assert "13800135678" not in html
    # A station below is shown to who sees it; the liaison is posted at this one only.
    assert "百花村联络站" not in html


def test_names_are_escaped(client, district_officer, station):
    Station.objects.filter(pk=station.pk).update(name="<script>alert(1)</script>")
    Posting.objects.create(person_name="<b>余固</b>", role=Role.LIAISON, station=station)
    client.force_login(district_officer)
    for url in (LIST, reverse("stations:detail", args=[station.pk])):
        html = page(client, url)
        assert "<script>alert" not in html
        assert "<b>余固" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


@pytest.mark.parametrize(
    ("persona", "expected"),
    [("district_officer", 200), ("township_officer", 403), ("liaison", 403), ("observer", 403)],
)
def test_who_opens_the_page_of_a_new_station(request, client, persona, expected):
    client.force_login(request.getfixturevalue(persona))
    page(client, reverse("stations:new"), expected)


@pytest.mark.parametrize(
    ("persona", "expected"),
    [
        ("district_officer", 200),
        ("township_officer", 200),
        ("station_head", 200),
        ("liaison", 200),
        ("observer", 403),
        ("outsider", 404),
        ("administrator", 404),
    ],
)
def test_who_opens_the_page_to_change_a_station(request, client, station, persona, expected):
    client.force_login(request.getfixturevalue(persona))
    page(client, reverse("stations:change", args=[station.pk]), expected)


def test_a_new_station_makes_the_village_it_names(client, district_officer, station):
    client.force_login(district_officer)
    typed = {
        "name": "百花村联络站",
        "kind": "station",
        "state": "open",
        "township": station.township_id,
        "village_name": "百花村",
        "parent": station.pk,
        "built_on": "2020.3.8",
        "phone": "0990-8557010",
    }
    response = client.post(reverse("stations:new"), typed)
    made = Station.objects.get(name="百花村联络站")
    assert response.url == reverse("stations:detail", args=[made.pk])
    assert (made.area.code, made.area.provisional) == ("990101103001", True)
    assert (made.parent, str(made.built_on)) == (station, "2020-03-08")


def test_the_first_station_makes_its_township(client, district_officer):
    client.force_login(district_officer)
    typed = {
        "name": "白塔镇中心联络站",
        "kind": "centre",
        "state": "open",
        "new_township": "白塔镇",
    }
    client.post(reverse("stations:new"), typed)
    assert Station.objects.get().township == Area.objects.get(name="白塔镇", code="990101001")


def test_a_refused_station_leaves_no_area_behind(client, district_officer, station):
    client.force_login(district_officer)
    typed = form_of(station, name="第二中心站", village_name="没有的村", version="")
    response = client.post(reverse("stations:new"), typed)
    assert response.status_code == 422
    assert "只设一个" in response.content.decode()
    assert not Area.objects.filter(name="没有的村").exists()


def test_sent_twice_a_new_station_is_made_once(client, district_officer, station):
    client.force_login(district_officer)
    typed = form_of(station, name="百花村联络站", kind="station")
    statuses = [client.post(reverse("stations:new"), typed).status_code for _ in range(2)]
    assert statuses == [302, 422]
    assert Station.objects.filter(name="百花村联络站").count() == 1


def test_without_a_township_nothing_is_made(client, district_officer):
    client.force_login(district_officer)
    typed = {"name": "新站", "kind": "station", "state": "open"}
    response = client.post(reverse("stations:new"), typed)
    assert response.status_code == 422
    assert "请选择乡镇街道" in response.content.decode()


def test_a_liaison_changes_the_page_but_not_what_the_district_decides(client, liaison, station):
    client.force_login(liaison)
    address = {"address": "人民路 5 号", "star": "5", "state": "closed", "name": "别名"}
    response = client.post(
        reverse("stations:change", args=[station.pk]), form_of(station, **address)
    )
    assert response.status_code == 302
    station.refresh_from_db()
    assert (station.address, station.star, station.state, station.name) == (
        "人民路 5 号",
        None,
        "open",
        "石桥镇中心联络站",
    )


def test_two_versions_are_shown_and_the_typed_one_stays(client, liaison, station):
    client.force_login(liaison)
    url = reverse("stations:change", args=[station.pk])
    client.post(url, form_of(station, phone="0990-2935729"))
    response = client.post(url, form_of(station, phone="0990-1111111", address="人民路 5 号"))
    html = response.content.decode()
    assert response.status_code == 409
    assert "刚刚被别人改过" in html
    assert "0990-2935729" in html
    assert 'value="0990-1111111"' in html
    assert 'name="version" value="2"' in html
    response = client.post(
        url, form_of(station, phone="0990-1111111", address="人民路 5 号", version=2)
    )
    station.refresh_from_db()
    assert (response.status_code, station.phone) == (302, "0990-1111111")


def test_staff_are_added_and_a_mistake_stays_on_the_page(client, liaison, station):
    client.force_login(liaison)
    url = reverse("stations:add_posting", args=[station.pk])
    assert client.post(url, {"person_name": "顾富海", "role": "deputy_head"}).status_code == 302
    response = client.post(url, {"person_name": "", "role": "deputy_head"})
    assert response.status_code == 422
    assert "请填写姓名" in response.content.decode()
    assert station.postings.filter(role="deputy_head").count() == 1


@pytest.mark.parametrize("role", ["deputy", "district_officer", "administrator"])
def test_no_other_roles_are_given_on_the_stations_page(client, district_officer, station, role):
    client.force_login(district_officer)
    url = reverse("stations:add_posting", args=[station.pk])
    assert client.post(url, {"person_name": "甲", "role": role}).status_code == 422
    assert not station.postings.exists()


def test_a_posting_of_another_station_is_not_ended_through_this_one(
    client, township_officer, station
):
    other = StationFactory(kind="station", township=station.township)
    posting = Posting.objects.create(person_name="甲", role=Role.LIAISON, station=other)
    client.force_login(township_officer)
    url = reverse("stations:end_posting", args=[station.pk, posting.pk])
    assert client.post(url).status_code == 404
    assert Posting.objects.filter(pk=posting.pk).exists()


def test_the_first_password_is_shown_once_and_has_to_be_changed(client, district_officer, station):
    posting = Posting.objects.create(person_name="余固", role=Role.LIAISON, station=station)
    client.force_login(district_officer)
    url = reverse("stations:open_log_in", args=[station.pk, posting.pk])
    response = client.post(url, {"phone": "138 0013 5678"})
    password = response.context["password"]
    assert password in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    assert client.post(url, {}).status_code == 302
    client.logout()
    typed = {"username": "13800135678", "password": password}
    assert client.post(reverse("accounts:login"), typed).status_code == 302
    assert client.get(LIST).url == reverse("accounts:password")
    client.post(
        reverse("accounts:password"),
        {
            "old_password": password,
            "new_password1": "hua-shan-2026",
            "new_password2": "hua-shan-2026",
        },
    )
    assert "石桥镇中心联络站" in page(client, LIST)


def test_a_wrong_phone_opens_no_account(client, district_officer, station):
    posting = Posting.objects.create(person_name="余固", role=Role.LIAISON, station=station)
    client.force_login(district_officer)
    users = User.objects.count()
    client.post(
        reverse("stations:open_log_in", args=[station.pk, posting.pk]), {"phone": "1380013"}
    )
    assert User.objects.count() == users


def test_the_station_itself_opens_no_log_in(client, station_head, station):
    posting = Posting.objects.create(person_name="余固", role=Role.LIAISON, station=station)
    client.force_login(station_head)
    url = reverse("stations:open_log_in", args=[station.pk, posting.pk])
    assert client.post(url).status_code == 403


def test_user_names_in_the_history_are_for_who_manages_log_ins(
    client, district_officer, liaison, station
):
    posting = Posting.objects.create(person_name="顾富海", role=Role.LIAISON, station=station)
    client.force_login(district_officer)
    client.post(
        reverse("stations:open_log_in", args=[station.pk, posting.pk]), {"phone": "13800135678"}
    )
    url = reverse("stations:detail", args=[station.pk])
    assert "13800135678" in page(client, url)
    client.force_login(liaison)
    assert "13800135678" not in page(client, url)
