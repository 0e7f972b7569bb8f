from datetime import time

import pytest
from django.urls import reverse

from deputies.models import Arrangement

pytestmark = pytest.mark.django_db

FILLED = {
    "rule": "每周三",
    "policy": "skip",
    "month_end": "last_day",
    "starts_at": "9点",
    "ends_at": "11:30",
    "place": "村委会",
    "per_day": "3",
    "minimum": "2",
    "accepts": "",
}


@pytest.fixture
def address(station):
    return reverse("duty:arrangement", args=[station.pk])


@pytest.fixture
def as_liaison(client, liaison):
    client.force_login(liaison)
    return client


def test_the_page_begins_with_the_defaults_of_the_district(as_liaison, address, station):
    answer = as_liaison.get(address)
    assert answer.context["form"].initial["per_day"] == 2
    assert f"{station}接待室" in answer.content.decode()


def test_what_is_filled_in_is_kept_with_the_rule(as_liaison, address, station):
    answer = as_liaison.post(address, FILLED)
    assert answer.url == reverse("duty:year", args=[station.pk, 2026])
    station.refresh_from_db()
    kept = Arrangement.objects.get(station=station)
    assert station.reception_days == "每周三"
    assert (kept.policy, kept.per_day, kept.starts_at) == ("skip", 3, time(9))


def test_a_rule_is_read_back_while_it_is_typed(as_liaison, address):
    answer = as_liaison.get(
        address,
        {"rule": "每月15日", "policy": "next_workday", "month_end": "last_day"},
        headers={"HX-Request": "true"},
    )
    text = answer.content.decode()
    assert "<html" not in text
    assert "读作：<b>每月15日</b>" in text
    assert "2026年共 12 次，第一次1月15日（星期四）" in text
    assert "4月15日" in text  # the next one, from 1 April


def test_in_autumn_a_rule_is_tried_on_the_next_year(client, liaison, address, time_machine):
    time_machine.move_to("2026-11-21T10:00:00+08:00", tick=False)
    client.force_login(liaison)
    answer = client.get(address, {"rule": "每月15日"}, headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert "2027年共 12 次，第一次1月15日（星期五）" in text
    assert "2027年的放假安排还没有录入" in text


def test_what_is_not_understood_is_named(as_liaison, address):
    answer = as_liaison.get(address, {"rule": "每月四十日"}, headers={"HX-Request": "true"})
    assert "每月四十日" in answer.content.decode()
    assert "没有40日" in answer.content.decode()


def test_a_rule_that_cannot_be_read_is_refused_and_everything_typed_stays(
    as_liaison, address, station
):
    answer = as_liaison.post(address, {**FILLED, "rule": "每月四十日", "ends_at": "8:00"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "没有40日" in text
    assert "结束时间应晚于开始时间" in text
    assert 'value="每月四十日"' in text
    assert 'value="村委会"' in text
    assert not Arrangement.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"), [("per_day", "0"), ("per_day", "51"), ("minimum", "51")]
)
def test_numbers_that_no_station_keeps_are_refused(as_liaison, address, name, value):
    answer = as_liaison.post(address, {**FILLED, name: value})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [name]


def test_without_script_the_rule_is_checked_by_a_button_and_nothing_is_kept(
    as_liaison, address, station
):
    answer = as_liaison.post(address, {**FILLED, "check": "1"})
    assert answer.status_code == 200
    assert "读作：<b>每周三</b>" in answer.content.decode()
    station.refresh_from_db()
    assert station.reception_days == ""


def test_an_observer_may_not_arrange(client, observer, address):
    client.force_login(observer)
    assert client.get(address).status_code == 403
