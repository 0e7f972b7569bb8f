"""The link in a message: one deputy, one day, no log-in."""

import re
from datetime import date

import pytest
from django.core import signing
from django.test import Client

from deputies.actors import ByLink
from deputies.addresses import answer_path
from deputies.choices import Answer, DayState, Request
from deputies.models import LeaveRequest
from deputies.services.duty import ask_swap, decide_leave, drop_day, sign_in
from tests.factories import DeputyFactory, assignment, make_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(day, station):
    """A deputy who has no account at all."""
    elder = DeputyFactory(station=station, name="段固艳")
    day.assignments.create(deputy=elder, position=2)
    return assignment(day, elder)


@pytest.fixture
def link(row):
    return answer_path(row)


def test_the_link_shows_that_day_and_nothing_else(client, link, day, row):
    response = client.get(link)
    page = response.content.decode()
    for words in ("段固艳代表，您好", "4月15日", "上午 9:00–11:30", "石刚", "确认能来", "请假"):
        assert words in page
    assert page.count("btn-main") == 1
    assert "no-store" in response["Cache-Control"]
    assert "mainnav" not in page
    row.refresh_from_db()
    assert row.answer == Answer.WAITING


def test_a_preview_of_the_link_changes_nothing(client, link, row):
    client.head(link)
    client.get(link, {"leave": 1})
    row.refresh_from_db()
    assert row.answer == Answer.WAITING
    assert not LeaveRequest.objects.exists()


def test_a_deputy_confirms_by_the_link_twice_and_it_counts_once(client, link, row):
    page = client.post(link, follow=True).content.decode()
    assert "已经记下" in page
    assert "您已确认能来" in page
    client.post(link)
    row.refresh_from_db()
    assert row.answer == Answer.CONFIRMED


def test_the_form_is_protected_against_other_sites(link, row):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(link).status_code == 403
    page = strict.get(link).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    assert strict.post(link, {"csrfmiddlewaretoken": token}).status_code == 302
    row.refresh_from_db()
    assert row.answer == Answer.CONFIRMED


def test_leave_by_the_link_asks_for_the_reason(client, link, row, station_head):
    refused = client.post(link, {"leave": "1", "reason": ""})
    assert refused.status_code == 422
    assert "请写一句请假的原因" in refused.content.decode()
    page = client.post(link, {"leave": "1", "reason": "住院"}, follow=True).content.decode()
    assert "请假待答复" in page
    assert "住院" in page
    request = LeaveRequest.objects.get()
    assert request.state == Request.ASKED
    decide_leave(request, actor=station_head, agreed=True)
    assert "这一天您不用来" in client.get(link).content.decode()


def test_leave_asked_by_the_link_is_withdrawn_by_it(client, link, row):
    client.post(link, {"leave": "1", "reason": "住院"})
    page = client.post(link, {"withdraw": "1"}, follow=True).content.decode()
    assert "请假已撤回。" in page
    assert LeaveRequest.objects.get().state == Request.WITHDRAWN
    assert "没有待答复的请假" in client.post(link, {"withdraw": "1"}, follow=True).content.decode()


def test_a_day_offered_to_a_colleague_waits_for_the_answer(client, link, row, station):
    ask_swap(row, DeputyFactory(station=station, name="许新"), actor=ByLink(row.deputy))
    page = client.get(link).content.decode()
    assert "您已请 许新 代班，同意前仍由您来。" in page
    assert "btn-main" not in page


def test_confirming_after_leave_was_granted_changes_nothing(client, link, row, station_head):
    client.post(link, {"leave": "1", "reason": "住院"})
    decide_leave(LeaveRequest.objects.get(), actor=station_head, agreed=True)
    page = client.post(link, follow=True).content.decode()
    assert "不用再答复" in page
    row.refresh_from_db()
    assert row.answer == Answer.LEAVE


def test_a_cancelled_day_says_so(client, link, day, liaison):
    drop_day(day, actor=liaison, reason="防汛")
    page = client.get(link).content.decode()
    assert "接待日已取消，您不用来。" in page
    assert "防汛" in page
    assert "btn-main" not in page


def test_a_day_that_is_signed_asks_nothing(client, station, deputy, today):
    sign_in(today, actor=deputy.user)
    page = client.get(answer_path(assignment(today, deputy))).content.decode()
    assert "10:00 已签到" in page
    assert "btn-main" not in page


@pytest.mark.parametrize("forged", ["nonsense", "1.2:abc", "1.2.3"])
def test_a_forged_link_says_that_it_is_void_and_no_more(client, link, forged):
    response = client.get(f"/duty/answer/{forged}/")
    assert response.status_code == 404
    page = response.content.decode()
    assert "这个链接已失效" in page
    assert "石桥镇" not in page
    assert client.post(f"/duty/answer/{forged}/").status_code == 404


def test_a_link_for_something_else_does_not_answer(client, row):
    other = signing.Signer(salt="duty.screen").sign(f"{row.pk}.{row.deputy_id}")
    assert client.get(f"/duty/answer/{other}/").status_code == 404


def test_the_link_ends_with_its_day(client, link, april):
    april.move_to("2026-04-15T23:30:00+08:00", tick=False)
    assert client.get(link).status_code == 200
    april.move_to("2026-04-16T00:30:00+08:00", tick=False)
    assert client.get(link).status_code == 404


def test_the_link_of_a_draft_shows_nothing(client, station, deputy):
    draft = make_day(station, date(2026, 5, 6), deputy, state=DayState.DRAFT)
    assert client.get(answer_path(assignment(draft, deputy))).status_code == 404


def test_the_link_acts_for_its_deputy_whoever_is_logged_in(client, link, row, observer):
    client.force_login(observer)
    client.post(link)
    row.refresh_from_db()
    assert row.answer == Answer.CONFIRMED
