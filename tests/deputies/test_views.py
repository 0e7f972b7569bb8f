import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from deputies.models import Deputy, Group, Mandate
from tests.factories import AreaFactory, DeputyFactory, StationFactory, make_user

pytestmark = pytest.mark.django_db
LIST = "/deputies/"


def page(client, url, status=200, **headers):
    response = client.get(url, headers=headers)
    assert response.status_code == status
    return response.content.decode()


def names(client, address=""):
    return [deputy.name for deputy in client.get(LIST + address).context["page"]]


def form_of(deputy, **changes):
    values = {
        "name": deputy.name,
        "station": deputy.station_id,
        "state": deputy.state,
        "version": deputy.version,
    }
    return values | changes


def queries(client, url):
    client.get(url)  # the first request of a session writes it
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def test_list_is_sorted_by_pinyin(client, liaison, station):
    for name in ("曾言国", "阿依古丽·买买提", "石刚", "白茂斌"):
        DeputyFactory(station=station, name=name)
    client.force_login(liaison)
    assert names(client) == ["阿依古丽·买买提", "白茂斌", "石刚", "曾言国"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("sg", ["石刚"]),
        ("SG", ["石刚"]),
        ("shigang", ["石刚"]),
        ("shi g", ["石刚"]),
        ("zeng", ["曾言国"]),
        ("zyg", ["曾言国"]),
        ("言国", ["曾言国"]),
        ("ceng", []),
        ("gang", []),
    ],
)
def test_list_is_searched_by_name_pinyin_and_initials(client, liaison, station, text, found):
    for name in ("石刚", "曾言国"):
        DeputyFactory(station=station, name=name)
    client.force_login(liaison)
    assert names(client, f"?q={text}") == found


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("?level=city", ["白茂斌"]),
        ("?level=district", ["白茂斌", "石刚"]),
        ("?state=resigned", ["石刚"]),
        ("?constituency=第6", ["白茂斌"]),
        ("?area=990101103", ["白茂斌", "石刚"]),
        ("?area=990101104", []),
        ("?station=0", []),
        ("?level=nonsense", []),
    ],
)
def test_list_is_narrowed_by_the_address(client, township_officer, station, address, found):
    one = DeputyFactory(station=station, name="白茂斌")
    Mandate.objects.create(deputy=one, level="city", term="第七届", constituency="第6选区")
    two = DeputyFactory(station=station, name="石刚", state="resigned")
    Mandate.objects.create(deputy=two, level="city", term="第六届", ended_on="2022-01-10")
    client.force_login(township_officer)
    assert names(client, address) == found


def test_list_is_narrowed_to_a_station_and_a_group(client, township_officer, station):
    group = Group.objects.create(name="第1代表小组", township=station.township)
    DeputyFactory(station=station, name="石刚", group=group)
    other = StationFactory(kind="station", township=station.township)
    DeputyFactory(station=other, name="白茂斌")
    client.force_login(township_officer)
    assert names(client, f"?station={other.pk}") == ["白茂斌"]
    assert names(client, f"?group={group.pk}") == ["石刚"]


def test_list_shows_levels_at_once_and_only_those_held_now(client, liaison, station):
    deputy = DeputyFactory(station=station, level="township")
    Mandate.objects.create(deputy=deputy, level="nation", term="第十四届")
    Mandate.objects.create(deputy=deputy, level="city", term="第六届", ended_on="2022-01-10")
    client.force_login(liaison)
    [shown] = client.get(LIST).context["page"].rows
    assert [str(held) for held in shown.mandates.all()] == [
        "全国第十四届",
        "乡镇第五届",
        "市第六届",
    ]
    partial = page(client, LIST, **{"HX-Request": "true"})
    assert '<span class="badge">全国</span>' in partial
    assert '<span class="badge">市</span>' not in partial
    assert "<body" not in partial


def test_list_shows_only_deputies_of_the_users_stations(client, outsider, deputy):
    client.force_login(outsider)
    assert "石刚" not in page(client, LIST)
    assert names(client, f"?station={deputy.station_id}") == []


@pytest.mark.parametrize("name", ["list", "detail", "group_list"])
def test_query_count_does_not_grow_with_the_rows(client, township_officer, station, name):
    group = Group.objects.create(name="第1代表小组", township=station.township)
    deputy = DeputyFactory(station=station, group=group)
    url = reverse(f"deputies:{name}", args=[deputy.pk] if name == "detail" else [])
    client.force_login(township_officer)
    before = queries(client, url)
    for number in range(29):
        more = Group.objects.create(name=f"第{number}组", township=station.township)
        member = DeputyFactory(station=station, group=more)
        more.convener = member
        more.save()
        Mandate.objects.create(deputy=deputy, level="city", term=f"第{number}届")
    assert queries(client, url) == before <= (12 if name == "detail" else 8)


def test_pages_follow_one_another_without_gaps(client, liaison, station):
    DeputyFactory.create_batch(40, station=station, name="李强")
    client.force_login(liaison)
    first = client.get(LIST).context["page"]
    second = client.get(LIST, {"after": first.next}).context["page"]
    assert (len(first), len(second)) == (30, 10)
    assert len({row.pk for row in [*first, *second]}) == 40


def test_deputy_of_another_township_is_not_found(client, deputy):
    client.force_login(make_user(Role.TOWNSHIP_OFFICER, AreaFactory()))
    for name in ("deputies:detail", "deputies:change"):
        page(client, reverse(name, args=[deputy.pk]), 404)


@pytest.mark.parametrize(
    ("persona", "sees"),
    [
        ("district_officer", True),
        ("township_officer", True),
        ("station_head", True),
        ("liaison", True),
        ("observer", False),
    ],
)
def test_a_phone_is_for_who_calls_the_deputy(request, client, deputy, persona, sees):
    Deputy.objects.filter(pk=deputy.pk).update(phone="13800135678")
    client.force_login(request.getfixturevalue(persona))
    html = page(client, reverse("deputies:detail", args=[deputy.pk]))
    assert ("13800135678" in html) is sees
    assert ("138****5678" in html) is not sees


def test_a_deputy_sees_the_own_phone_and_not_that_of_others(client, deputy, station):
    Deputy.objects.filter(pk=deputy.pk).update(phone="13800135678")
    other = DeputyFactory(station=station, phone="13900139999")
    client.force_login(deputy.user)
    own = page(client, reverse("deputies:detail", args=[deputy.pk]))
    assert "13800135678" in own
    assert f"?deputy={deputy.pk}" in own
    others = page(client, reverse("deputies:detail", args=[other.pk]))
    assert "13900139999" not in others
    assert f"?deputy={other.pk}" not in others


def test_names_are_escaped(client, township_officer, station):
    deputy = DeputyFactory(station=station, name="<script>alert(1)</script>", note="<b>注</b>")
    client.force_login(township_officer)
    for url in (LIST, reverse("deputies:detail", args=[deputy.pk])):
        html = page(client, url)
        assert "<script>alert" not in html
        assert "<b>注" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


@pytest.mark.parametrize(
    ("persona", "expected"),
    [
        ("district_officer", 200),
        ("township_officer", 200),
        ("station_head", 403),
        ("liaison", 403),
        ("observer", 403),
        ("outsider", 404),
        ("administrator", 404),
    ],
)
def test_who_opens_the_page_to_change_a_deputy(request, client, deputy, persona, expected):
    client.force_login(request.getfixturevalue(persona))
    page(client, reverse("deputies:change", args=[deputy.pk]), expected)


def test_a_new_deputy_is_entered_with_the_levels_ticked(client, township_officer, station):
    client.force_login(township_officer)
    typed = {
        "name": "石刚",
        "station": station.pk,
        "state": "in_office",
        "born": "1975年8月",
        "phone": "138-0013-5678",
        "district-held": "on",
        "district-term": "第五届",
        "district-constituency": "第6选区",
        "township-held": "on",
    }
    response = client.post(reverse("deputies:new"), typed)
    deputy = Deputy.objects.get()
    assert response.url == reverse("deputies:detail", args=[deputy.pk])
    assert (deputy.born, deputy.phone) == ("1975.08", "13800135678")
    assert {(held.level, held.constituency) for held in deputy.mandates.all()} == {
        ("district", "第6选区"),
        ("township", ""),
    }


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, "请至少勾选一个代表层级"),
        ({"city-term": "第七届"}, "请勾选"),
        ({"born": "上世纪", "city-held": "on"}, "请写成 1975.12"),
        ({"name": "", "city-held": "on"}, "姓名"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    client, township_officer, station, changes, says
):
    client.force_login(township_officer)
    typed = {"name": "石刚", "station": station.pk, "state": "in_office", "employer": "石桥小学"}
    response = client.post(reverse("deputies:new"), typed | changes)
    html = response.content.decode()
    assert response.status_code == 422
    assert says in html
    assert 'value="石桥小学"' in html
    assert not Deputy.objects.exists()


def test_sent_twice_a_new_deputy_is_entered_once(client, township_officer, station):
    client.force_login(township_officer)
    typed = {"name": "石刚", "station": station.pk, "state": "in_office", "city-held": "on"}
    assert client.post(reverse("deputies:new"), typed).status_code == 302
    again = client.post(reverse("deputies:new"), typed)
    assert again.status_code == 422
    assert "确有同名" in again.content.decode()
    assert Deputy.objects.count() == 1
    assert client.post(reverse("deputies:new"), typed | {"same_name": "on"}).status_code == 302
    assert Deputy.objects.count() == 2


def test_a_station_out_of_reach_is_no_choice(client, township_officer, station):
    client.force_login(township_officer)
    elsewhere = StationFactory()
    typed = {"name": "石刚", "station": elsewhere.pk, "state": "in_office", "city-held": "on"}
    assert client.post(reverse("deputies:new"), typed).status_code == 422
    assert not Deputy.objects.exists()


def test_a_group_of_another_township_is_refused(client, district_officer, deputy):
    group = Group.objects.create(name="第1代表小组", township=StationFactory().township)
    client.force_login(district_officer)
    response = client.post(
        reverse("deputies:change", args=[deputy.pk]), form_of(deputy, group=group.pk)
    )
    assert response.status_code == 422
    assert "不是石桥镇中心联络站所在乡镇街道的小组" in response.content.decode()


def test_two_versions_are_shown_and_the_typed_one_stays(client, township_officer, deputy):
    client.force_login(township_officer)
    url = reverse("deputies:change", args=[deputy.pk])
    client.post(url, form_of(deputy, employer="石桥小学"))
    response = client.post(url, form_of(deputy, employer="石桥中学"))
    html = response.content.decode()
    assert response.status_code == 409
    assert "刚刚被别人改过" in html
    assert "石桥小学" in html
    assert 'value="石桥中学"' in html
    assert 'name="version" value="2"' in html
    assert client.post(url, form_of(deputy, employer="石桥中学", version=2)).status_code == 302
    deputy.refresh_from_db()
    assert deputy.employer == "石桥中学"


def test_a_mandate_is_added_and_ended_on_the_page(client, township_officer, deputy):
    client.force_login(township_officer)
    add = reverse("deputies:add_mandate", args=[deputy.pk])
    typed = {"level": "city", "term": "第七届", "constituency": "临溪代表团"}
    assert client.post(add, typed).status_code == 302
    mandate = deputy.mandates.get(level="city")
    end = reverse("deputies:end_mandate", args=[deputy.pk, mandate.pk])
    client.post(end, {"on": "2999.1.1"})
    mandate.refresh_from_db()
    assert mandate.ended_on is None
    client.post(end, {"on": "2026年1月10日"})
    mandate.refresh_from_db()
    assert str(mandate.ended_on) == "2026-01-10"


def test_a_refused_mandate_keeps_what_was_typed(client, township_officer, deputy):
    client.force_login(township_officer)
    response = client.post(
        reverse("deputies:add_mandate", args=[deputy.pk]),
        {"level": "district", "term": "第六届", "constituency": "第6选区"},
    )
    assert response.status_code == 422
    html = response.content.decode()
    assert "请先结束" in html
    assert 'value="第6选区"' in html


def test_a_mandate_of_somebody_else_is_not_ended_through_this_page(
    client, township_officer, deputy, station
):
    other = DeputyFactory(station=station).mandates.get()
    client.force_login(township_officer)
    url = reverse("deputies:end_mandate", args=[deputy.pk, other.pk])
    assert client.post(url, {"on": "2026.1.10"}).status_code == 404


def test_the_first_password_is_shown_once_and_has_to_be_changed(client, district_officer, station):
    deputy = DeputyFactory(station=station, name="石刚", phone="13800135678")
    client.force_login(district_officer)
    url = reverse("deputies:open_log_in", args=[deputy.pk])
    response = client.post(url)
    password = response.context["password"]
    assert password in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    assert client.post(url).status_code == 302
    client.logout()
    typed = {"username": "13800135678", "password": password}
    assert client.post(reverse("accounts:login"), typed).status_code == 302
    own = reverse("deputies:detail", args=[deputy.pk])
    assert client.get(own).url == reverse("accounts:password")
    new = {"new_password1": "hua-shan-2026", "new_password2": "hua-shan-2026"}
    client.post(reverse("accounts:password"), {"old_password": password, **new})
    assert "石刚" in page(client, own)
