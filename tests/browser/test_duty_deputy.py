"""A deputy's duty on the phone: answers by the link, signs in by the code, sees the year."""

import re
from datetime import timedelta

import pytest
import segno
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.roles import Role
from deputies.addresses import absolute, answer_path, scan_path, screen_path
from deputies.choices import Answer, Request
from deputies.models import SwapRequest
from tests.browser.conftest import PASSWORD
from tests.factories import DeputyFactory, StationFactory, assignment, make_day, make_user

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def station():
    return StationFactory(name="石桥镇中心联络站")


def deputy_with_log_in(station, name, username):
    user = make_user(Role.DEPUTY, station, username=username, name=name)
    user.set_password(PASSWORD)
    user.save()
    return DeputyFactory(station=station, name=name, user=user)


@pytest.fixture
def deputy(station):
    return deputy_with_log_in(station, "石刚", "shigang")


@pytest.fixture
def other(station):
    return deputy_with_log_in(station, "廖波英", "liaoboying")


@pytest.fixture
def today(station, deputy, other):
    return make_day(station, timezone.localdate(), deputy, other)


@pytest.fixture
def later(station, deputy):
    return make_day(station, timezone.localdate() + timedelta(days=12), deputy)


def modules(day) -> str:
    """The drawing of the code that the screen shows this minute."""
    code = segno.make(absolute(scan_path(day)), micro=False)
    return re.search(r' d="([^"]+)"', code.svg_inline(omitsize=True, lineclass=None))[1]


def test_a_deputy_confirms_by_the_link_of_a_message(
    open_page, station, deputy, later, assert_accessible
):
    page = open_page(**PHONE, java_script_enabled=False)
    page.goto(answer_path(assignment(later, deputy)))
    expect(page.get_by_role("heading", level=1)).to_have_text("石刚代表，您好")
    page.get_by_role("button", name="确认能来").click()
    expect(page.locator("main")).to_contain_text("您已确认能来")
    assert assignment(later, deputy).answer == Answer.CONFIRMED
    page = open_page(**PHONE)
    page.goto(answer_path(assignment(later, deputy)))
    assert_accessible(page)
    page.get_by_text("来不了，请假").click()
    page.get_by_role("button", name="提出请假").click()
    expect(page.locator("main")).to_contain_text("请写一句请假的原因")
    assert_accessible(page)
    page.get_by_label("请假的原因").fill("要去省里开会")
    page.get_by_role("button", name="提出请假").click()
    expect(page.locator("main")).to_contain_text("请假待答复")


def test_a_deputy_signs_in_by_the_code_and_sees_the_year(
    open_page, deputy, today, assert_accessible
):
    screen = open_page()
    screen.goto(screen_path(today))
    before = modules(today)
    shown = screen.locator(".qr path").get_attribute("d")
    assert shown in {before, modules(today)}  # the minute may just have passed
    expect(screen.locator(".signin-sum")).to_contain_text("0 人已到，应到 2 人")
    assert_accessible(screen)

    page = open_page(**PHONE)
    page.goto(scan_path(today))
    page.get_by_label("用户名或手机号").fill("shigang")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("石刚代表")
    assert_accessible(page)
    page.get_by_role("button", name="签到").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已签到")
    assert_accessible(page)
    expect(screen.locator(".signin-sum")).to_contain_text("1 人已到", timeout=15_000)

    page.get_by_role("link", name="看今年出勤").click()
    expect(page.locator("#past")).to_contain_text("另有 1 天还没有办结，办结后计入")
    assert_accessible(page)


def test_ten_deputies_with_long_names_fit_the_screen_of_a_station(
    open_page, station, today, assert_accessible
):
    for position in range(8):
        person = DeputyFactory(station=station, name="欧阳娜仁托娅其其格")
        today.assignments.create(deputy=person, position=position)
    page = open_page(width=1366, height=768)
    for address in (screen_path(today), f"{screen_path(today)}?dark"):
        page.goto(address)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollHeight") <= 768
    page.set_viewport_size(PHONE)
    assert_accessible(page)


def test_the_screen_says_when_the_line_is_cut_and_comes_back(open_page, today):
    page = open_page()
    page.goto(screen_path(today))
    page.wait_for_load_state("networkidle")
    page.evaluate("console.error = () => {}")  # htmx complains of the cut line
    page.context.set_offline(True)
    page.evaluate("htmx.trigger('#board', 'stale')")
    expect(page.get_by_text("网络断了")).to_be_visible()
    page.context.set_offline(False)
    page.evaluate("htmx.trigger('#board', 'stale')")
    expect(page.get_by_text("网络断了")).to_be_hidden()


def test_a_deputy_swaps_a_day_with_a_colleague(
    open_page, log_in, station, deputy, other, later, assert_accessible
):
    theirs = make_day(station, timezone.localdate() + timedelta(days=20), other)
    page = open_page(**PHONE)
    log_in(page, "shigang")
    assert_accessible(page)
    page.get_by_role("link", name="换班").click()
    assert_accessible(page)
    page.get_by_role("button", name="换廖波英").click()
    expect(page.locator("main")).to_contain_text("等 廖波英 同意")
    assert_accessible(page)

    page = open_page(**PHONE, java_script_enabled=False)
    log_in(page, "liaoboying")
    page.get_by_role("link", name="石刚想和您换班").click()
    page.get_by_role("button", name="同意石刚的换班", exact=True).click()
    expect(page.locator("main")).to_contain_text("已同意")
    assert SwapRequest.objects.get().state == Request.AGREED
    assert assignment(theirs, deputy).answer == Answer.CONFIRMED


def test_days_that_do_not_suit_and_the_calendar_of_the_phone(
    open_page, log_in, deputy, later, assert_accessible
):
    page = open_page(**PHONE)
    log_in(page, "shigang")
    page.goto(reverse("duty:mine"))
    page.get_by_text("添加不便日期").click()
    page.get_by_label("从哪天").fill(f"{timezone.localdate() + timedelta(days=30):%Y-%m-%d}")
    page.get_by_role("button", name="记下").click()
    expect(page.locator("#unavailable")).to_contain_text("去掉")
    page.get_by_role("button", name="生成订阅地址").click()
    expect(page.get_by_role("link", name="加到手机日历")).to_be_visible()
    assert_accessible(page)
    page.set_viewport_size({"width": 1366, "height": 768})
    assert_accessible(page)


def test_pages_of_void_links_are_accessible(open_page, assert_accessible):
    page = open_page(**PHONE)
    for address in ("/duty/answer/x/", "/duty/screen/x/", "/duty/scan/x/"):
        page.goto(address)
        assert_accessible(page)
