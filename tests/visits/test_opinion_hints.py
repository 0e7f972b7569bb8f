"""重复来访 and 类似事项: what the reception page says while one types."""

import datetime

import pytest
from django.urls import reverse

from tests.factories import StationFactory, make_user
from tests.visits.opinions import logged, told
from visits.services import follow_up
from visits.services.suggesting import likeness, pairs_of

pytestmark = pytest.mark.django_db
SIMILAR = reverse("visits:reception_similar")


@pytest.fixture(autouse=True)
def _april(time_machine):
    time_machine.move_to("2026-04-15T10:00:00+08:00", tick=False)


def hints(client, user, **query):
    client.force_login(user)
    return client.post(SIMILAR, query)


@pytest.mark.parametrize(
    ("mine", "theirs", "alike"),
    [
        ("村口路灯不亮", "村口的路灯坏了，晚上不亮", 0.6),  # 村口, 路灯 and 不亮 of five
        ("村口路灯不亮", "家中老人失能，怎样申请补贴", 0),
        ("路灯", "路灯不亮", 0),  # one word in common says little
        ("", "路灯不亮", 0),
    ],
)
def test_likeness_is_the_share_of_two_letter_words(mine, theirs, alike):
    assert likeness(pairs_of(mine), pairs_of(theirs)) == alike


def test_words_that_every_account_holds_make_nothing_alike():
    assert pairs_of("希望，解决，我们！") == frozenset()


def test_similar_matters_of_the_last_year_are_counted_and_opened(client, liaison, station):
    for said in ("村口路灯不亮", "村口的路灯坏了", "三组路灯不亮了"):
        logged(station, liaison, opinion={"statement": said})
    logged(
        station, liaison, opinion={"statement": "路灯不亮"}, received_on=datetime.date(2025, 4, 1)
    )
    logged(station, liaison, opinion={"statement": "养老金怎么算"})
    text = hints(client, liaison, statement="我们组路灯不亮").content.decode()
    assert "类似 2 件" in text
    assert text.count("/visits/opinions/") == 2


def test_a_visitor_who_comes_again_is_known_by_name_or_telephone(client, liaison, station):
    day = datetime.date(2025, 11, 3)
    first = logged(station, liaison, received_on=day)
    follow_up.close_opinion(told(logged(station, liaison, received_on=day), liaison), actor=liaison)
    text = hints(client, liaison, visitor_name="王建国").content.decode()
    assert "王建国 去年11月来过，1 件未办结" in text
    assert "王建国 去年11月来过，都已办结" in text
    assert first.reception.code in hints(client, liaison, phone="138-0013-5678").content.decode()
    assert hints(client, liaison, name="王").content.decode().strip() == ""


def test_who_sees_no_contacts_finds_nobody(client, township_officer, liaison, station):
    logged(station, liaison)
    answer = hints(client, township_officer, name="王建国", phone="13800135678")
    assert answer.content.decode().strip() == ""


def test_another_stations_rows_are_neither_shown_nor_counted(client, liaison, station, township):
    village = StationFactory(kind="station", township=township)
    logged(village, make_user("liaison", village))
    answer = hints(client, liaison, name="王建国", statement="村口路灯不亮")
    assert answer.content.decode().strip() == ""


def test_a_confidential_visit_of_another_station_gives_no_hint(
    client, station, township, liaison, township_officer
):
    logged(station, liaison, confidential=True)
    township_officer.postings.create(
        person_name="镇人大", role="liaison", station=StationFactory(township=township)
    )
    for asked in ({"statement": "村口路灯不亮"}, {"name": "王建国"}, {"phone": "13800135678"}):
        assert hints(client, township_officer, **asked).content.decode().strip() == ""
    assert "王建国" in hints(client, liaison, name="王建国").content.decode()


def test_a_station_that_is_not_ones_own_is_not_found(client, liaison, outsider, station):
    assert hints(client, outsider, station=station.pk, statement="路灯不亮").status_code == 404


def test_what_the_form_posts_under_its_own_names_is_read(client, liaison, station):
    logged(station, liaison)
    query = {"opinions-0-statement": "", "opinions-1-statement": "村口路灯不亮"}
    assert "类似 1 件" in hints(client, liaison, **query).content.decode()


def test_what_a_visitor_says_stands_in_no_address(client, liaison, station):
    logged(station, liaison)
    client.force_login(liaison)
    assert client.get(SIMILAR, {"statement": "村口路灯不亮"}).status_code == 405
    page = client.get(reverse("visits:reception_new")).content.decode()
    assert f'hx-post="{SIMILAR}"' in page
    assert f'hx-get="{SIMILAR}"' not in page


def test_of_a_long_account_the_beginning_is_compared(client, liaison, station):
    logged(station, liaison)
    begun = "村口路灯不亮" + "，" * 74
    assert "类似 1 件" in hints(client, liaison, statement=begun + "甲" * 600).content.decode()
    late = "天气很好。" * 16 + "村口路灯不亮"
    assert hints(client, liaison, statement=late).content.decode().strip() == ""


@pytest.mark.parametrize("count", [1, 30])
def test_hints_cost_equally_many_queries(
    client, liaison, station, count, django_assert_num_queries
):
    for _ in range(count):
        logged(station, liaison)
    query = {"name": "王建国", "statement": "村口路灯不亮"}
    hints(client, liaison, **query)
    with django_assert_num_queries(6):
        client.post(SIMILAR, query)
