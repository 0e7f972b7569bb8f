"""签到: the screen, its code, and the button on the phone."""

import re
from datetime import date

import pytest
import segno
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from deputies.addresses import absolute, scan_path, screen_path
from deputies.choices import Answer, Attendance, DayState
from deputies.models import SignIn
from deputies.services.duty import (
    ask_leave,
    decide_leave,
    renew_screen,
    sign_in,
    stand_in,
    store_closing,
)
from deputies.views.duty.sign_in import signers
from tests.factories import DeputyFactory, assignment, make_day, make_user

pytestmark = pytest.mark.django_db


def page_of(day):
    return reverse("duty:sign_in", args=[day.pk])


def scan(client, day):
    return client.get(scan_path(day))


def code_on(page: str) -> str:
    return re.search(r"<svg [^>]*class=\"qr\".*?</svg>", page, re.DOTALL)[0]


def test_the_code_on_the_screen_is_the_absolute_address_of_this_minute(client, today, settings):
    settings.SITE_URL = "https://station.example.cn"
    page = client.get(screen_path(today), secure=True).content.decode()
    address = absolute(scan_path(today))
    assert address.startswith("https://station.example.cn/duty/scan/")
    assert code_on(page) == segno.make(address, micro=False).svg_inline(
        omitsize=True, svgclass="qr", lineclass=None
    )
    assert "style" not in code_on(page)


def test_the_code_changes_every_minute_and_not_before(client, today, april):
    def code():
        return code_on(client.get(screen_path(today)).content.decode())

    first = code()
    april.move_to("2026-04-01T10:00:59+08:00", tick=False)
    page = client.get(screen_path(today)).content.decode()
    assert code_on(page) == first
    assert "<b data-left>1</b> 秒" in page
    april.move_to("2026-04-01T10:01:00+08:00", tick=False)
    assert code() != first


def test_the_screen_says_who_has_come_and_nothing_else(client, today, deputy, liaison):
    deputy.phone = "13800135678"
    deputy.save()
    sign_in(today, actor=deputy.user)
    response = client.get(screen_path(today))
    page = response.content.decode()
    for words in ("石刚", "10:00 签到", "廖波英", "未到", "人已到，应到 2 人", "4月1日", "星期三"):
        assert words in page
    assert "no-store" in response["Cache-Control"]
    assert "13800135678" not in page
    assert re.findall(r'<a [^>]*href="([^"]+)"', page) == ["?dark"]


def test_the_screen_tells_leave_and_who_stands_in(today, deputy, other, station, liaison):
    head = make_user("station_head", station)
    request = ask_leave(assignment(today, other), actor=other.user, reason="生病")
    decide_leave(request, actor=head, agreed=True)
    third = DeputyFactory(station=station, name="段固艳")
    stand_in(assignment(today, other), third, actor=liaison)
    gone = DeputyFactory(station=station, name="许新")
    today.assignments.create(deputy=gone, answer=Answer.DROPPED)
    assert [(line.name, line.instead_of, line.away) for line in signers(today)] == [
        ("石刚", "", ""),
        ("廖波英", "", "请假 · 段固艳替班"),
        ("段固艳", "廖波英", ""),
    ]


def test_htmx_gets_the_board_alone(client, today):
    page = client.get(screen_path(today), headers={"hx-request": "true"}).content.decode()
    assert 'id="board"' in page
    assert "<html" not in page


def test_a_screen_in_the_dark_stays_dark_when_it_is_read_again(client, today):
    page = client.get(screen_path(today), {"dark": ""}).content.decode()
    assert "screen-dark" in page
    assert f'hx-get="{screen_path(today)}?dark="' in page


def test_a_closed_revoked_or_forged_screen_shows_a_neutral_page(client, today, day, liaison):
    address = screen_path(today)
    assert client.get(screen_path(day)).status_code == 404  # another day's
    assert client.get("/duty/screen/forged/").status_code == 404
    renew_screen(today, actor=liaison)
    response = client.get(address)
    assert response.status_code == 404
    assert "现在不能签到" in response.content.decode()
    assert "石刚" not in response.content.decode()
    today.refresh_from_db()
    address = screen_path(today)
    assert client.get(address).status_code == 200
    store_closing(today, DayState.NOT_HELD, actor=liaison)
    assert client.get(address).status_code == 404
    polled = client.get(address, headers={"hx-request": "true"})
    assert polled["HX-Refresh"] == "true"


def test_the_screen_asks_the_database_as_often_for_one_deputy_as_for_ten(client, station, today):
    def count():
        with CaptureQueriesContext(connection) as queries:
            client.get(screen_path(today))
        return len(queries)

    few = count()
    for number in range(8):
        today.assignments.create(deputy=DeputyFactory(station=station), position=number)
    assert count() == few <= 4


def test_a_scan_survives_the_log_in_and_then_a_button_signs_in(client, today, deputy, april):
    deputy.user.set_password("liaison-2026")
    deputy.user.save()
    april.move_to("2026-04-01T08:52:00+08:00", tick=False)
    response = client.get(scan_path(today), follow=True)
    log_in = f"/accounts/login/?next={page_of(today)}"
    assert response.redirect_chain[-1][0] == log_in
    words = {
        "username": deputy.user.username, "password": "liaison-2026", "next": page_of(today),
    }  # fmt: skip
    page = client.post("/accounts/login/", words, follow=True).content.decode()
    assert "石刚代表" in page
    assert "您在石桥镇中心联络站" in page
    assert "4月1日星期三" in page
    assert not SignIn.objects.exists()
    page = client.post(page_of(today), follow=True).content.decode()
    assert "8:52</span> 已签到" in page
    assert assignment(today, deputy).attendance == Attendance.PRESENT


def test_a_second_scan_shows_the_first_time(client, today, deputy, april):
    client.force_login(deputy.user)
    scan(client, today)
    client.post(page_of(today))
    april.move_to("2026-04-01T10:20:00+08:00", tick=False)
    page = client.get(scan_path(today), follow=True).content.decode()
    assert "10:00</span> 已签到" in page
    client.post(page_of(today))
    assert SignIn.objects.count() == 1


def test_without_a_scan_nobody_signs_in(client, today, deputy):
    client.force_login(deputy.user)
    assert "请扫一扫签到屏" in client.get(page_of(today)).content.decode()
    page = client.post(page_of(today), follow=True).content.decode()
    assert "请再扫一次" in page
    assert not SignIn.objects.exists()


def test_a_scan_counts_for_a_quarter_of_an_hour(client, today, deputy, april):
    client.force_login(deputy.user)
    scan(client, today)
    april.move_to("2026-04-01T10:15:01+08:00", tick=False)
    client.post(page_of(today))
    assert not SignIn.objects.exists()


def test_an_old_or_forged_code_asks_to_scan_again(client, today, deputy, april):
    client.force_login(deputy.user)
    old = scan_path(today)
    april.move_to("2026-04-01T10:02:31+08:00", tick=False)
    for address in (old, "/duty/scan/forged/"):
        response = client.get(address)
        assert response.status_code == 404
        assert "二维码已更换，请再扫一次" in response.content.decode()
    assert "scanned" not in client.session


def test_a_code_just_replaced_still_opens(client, today, deputy, april):
    client.force_login(deputy.user)
    address = scan_path(today)
    april.move_to("2026-04-01T10:01:30+08:00", tick=False)
    assert client.get(address).status_code == 302


def test_who_is_not_expected_is_told_so(client, today, station, liaison):
    stranger = DeputyFactory(station=station, name="许新", user=make_user("deputy", station))
    client.force_login(stranger.user)
    page = client.get(scan_path(today), follow=True).content.decode()
    assert "今天这里没有您的班" in page
    assert "今天这里没有您的班" in client.post(page_of(today), follow=True).content.decode()
    client.force_login(liaison)
    page = client.get(scan_path(today), follow=True).content.decode()
    assert "您登录的不是代表账号" in page
    assert not SignIn.objects.exists()


def test_another_stations_day_is_not_found_without_a_scan(client, today, outsider, deputy):
    client.force_login(outsider)
    assert client.get(page_of(today)).status_code == 404
    assert client.post(page_of(today)).status_code == 404
    assert client.get(reverse("duty:sign_in", args=[10**9])).status_code == 404


def test_a_scan_of_one_day_does_not_sign_in_another(client, today, deputy, station, april):
    client.force_login(deputy.user)
    scan(client, today)
    april.move_to("2026-04-01T10:05:00+08:00", tick=False)
    tomorrow = make_day(station, date(2026, 4, 2), deputy)
    client.post(page_of(tomorrow))
    assert not SignIn.objects.exists()


def test_the_first_page_leads_back_to_the_button_after_a_scan(client, today, deputy):
    client.force_login(deputy.user)
    scan(client, today)
    page = client.get("/").content.decode()
    assert page_of(today) in page
    assert page.count("btn-main") == 1
