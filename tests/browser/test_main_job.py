"""The main job in a browser: a visit is logged, found, printed, and counted in the year."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.roles import Role
from common.models import Draft
from tests.browser.conftest import PASSWORD
from tests.factories import DeputyFactory, StationFactory, make_reception, make_user
from visits.models import Reception

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def station():
    return StationFactory(name="石桥镇中心联络站")


@pytest.fixture
def liaison(station):
    DeputyFactory(station=station, name="石刚")
    DeputyFactory(station=station, name="廖波英")
    return with_password(make_user(Role.LIAISON, station, username="liaison", name="余固"))


def with_password(user):
    user.set_password(PASSWORD)
    user.save()
    return user


def fill_visit(page):
    """石刚 received somebody with two matters."""
    page.get_by_label("按姓名或拼音首字母找代表").fill("sg")
    page.keyboard.press("Enter")
    page.get_by_label("来访人姓名").fill("莫学国")
    page.get_by_label("来访人数").fill("3户12人")
    first = page.locator("[data-opinion]").nth(0)
    first.get_by_label("反映内容").fill("家中老人失能，怎样申请补贴")
    first.get_by_label("咨询解释").check()
    page.get_by_role("button", name="再加一条意见").click()
    second = page.locator("[data-opinion]").nth(1)
    second.get_by_label("反映内容").fill("村口小桥栏杆断裂")
    second.get_by_label("转村（社区）").check()
    second.get_by_label("承办单位").fill("石桥村")


def test_a_reception_with_two_opinions_is_logged_found_printed_and_counted(
    open_page, log_in, liaison, assert_accessible
):
    page = open_page()
    log_in(page, "liaison")
    assert_accessible(page)
    page.get_by_role("link", name="登记接待").click()
    assert_accessible(page)
    fill_visit(page)
    assert_accessible(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("-001")
    assert_accessible(page)
    reception = Reception.objects.get()
    assert reception.deputy_names == "石刚"
    assert reception.headcount == 12
    assert [o.disposal for o in reception.opinions.all()] == ["explained", "village"]

    page.goto(reverse("visits:reception_list"))
    page.get_by_role("searchbox", name="搜索").fill("失能")
    expect(page.locator("#results")).to_contain_text("莫学国")
    page.wait_for_url("**q=**")
    assert_accessible(page)
    assert "channel=" not in page.url
    page.get_by_role("searchbox", name="搜索").fill("没有的词")
    expect(page.locator("#results")).to_contain_text("没有符合条件的接待")

    page.goto(reverse("visits:reception_print"))
    expect(page.locator("body")).to_contain_text("代表来访接待登记簿")
    expect(page.locator("body")).to_contain_text("村口小桥栏杆断裂")
    assert len(page.pdf(format="A4", landscape=True)) > 5000
    assert_accessible(page)

    page.goto(f"{reverse('reports:period')}?year={timezone.localdate().year}")
    assert_accessible(page)
    figures = page.locator(".figures")
    expect(figures).to_contain_text("12")
    figures.get_by_role("link").nth(2).click()
    expect(page.locator("#results")).to_contain_text("村口小桥栏杆断裂")


def test_what_is_typed_is_kept_when_the_window_is_closed(open_page, log_in, liaison):
    page = open_page()
    log_in(page, "liaison")
    page.goto(reverse("visits:reception_new"))
    page.get_by_label("来访人姓名").fill("没填完的人")
    expect(page.locator("[data-draft-state]")).to_contain_text("草稿已存")
    assert Draft.objects.count() == 1
    page.goto("/")
    page.goto(reverse("visits:reception_new"))
    page.get_by_role("link", name="继续填写").click()
    expect(page.get_by_label("来访人姓名")).to_have_value("没填完的人")


def test_what_is_typed_without_network_is_sent_when_it_is_back(open_page, log_in, liaison):
    page = open_page()
    log_in(page, "liaison")
    page.goto(reverse("visits:reception_new"))
    page.context.set_offline(True)
    page.get_by_label("来访人姓名").fill("断网时填的")
    expect(page.locator("[data-draft-state]")).to_contain_text("网络断开")
    assert not Draft.objects.exists()
    page.context.set_offline(False)
    expect(page.locator("[data-draft-state]")).to_contain_text("草稿已存")
    assert Draft.objects.get().data["visitor_name"] == ["断网时填的"]
    assert page.evaluate("localStorage.length") == 0


def test_a_form_sent_without_network_is_kept_until_it_is_back(open_page, log_in, liaison):
    page = open_page()
    log_in(page, "liaison")
    page.goto(reverse("visits:reception_new"))
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    page.get_by_label("来访人姓名").fill("断网时保存的")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator("[data-draft-state]")).to_contain_text("没有网络")
    page.context.set_offline(False)
    page.goto(reverse("visits:reception_new"))
    page.get_by_role("link", name="继续填写").click()
    expect(page.get_by_label("来访人姓名")).to_have_value("断网时保存的")
    page.goto("/")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("localStorage.length") == 0


def test_an_expired_session_costs_nothing_that_was_typed(open_page, log_in, liaison):
    page = open_page()
    log_in(page, "liaison")
    page.goto(reverse("visits:reception_new"))
    fill_visit(page)
    expect(page.locator("[data-draft-state]")).to_contain_text("草稿已存")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_label("用户名或手机号").fill("liaison")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("link", name="继续填写").click()
    expect(page.get_by_label("来访人姓名")).to_have_value("莫学国")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("-001")


def test_the_page_works_without_script(open_page, log_in, liaison):
    page = open_page(java_script_enabled=False)
    log_in(page, "liaison")
    page.goto(reverse("visits:reception_new"))
    page.get_by_label("石刚").check()
    page.get_by_label("来访人姓名").fill("王建国")
    page.locator("[data-opinion]").nth(0).get_by_label("反映内容").fill("甲")
    page.get_by_role("button", name="再加一条意见").click()
    expect(page.locator("[data-opinion]")).to_have_count(2)
    for number, words in enumerate(["甲", "乙"]):
        opinion = page.locator("[data-opinion]").nth(number)
        opinion.get_by_label("反映内容").fill(words)
        opinion.get_by_role("radio", name="当场答复").check()
    page.get_by_role("button", name="保存", exact=True).click()
    assert Reception.objects.get().opinion_count == 2


@pytest.mark.parametrize("width", [1366, 360])
def test_every_page_of_a_role_is_accessible_and_fits(
    open_page, log_in, liaison, station, assert_accessible, width
):
    reception = make_reception(station, actor=liaison)
    deputy = reception.receivers.get().deputy
    page = open_page(width=width, height=740)
    log_in(page, "liaison")
    for address in (
        "/",
        reverse("visits:reception_list"),
        reverse("visits:reception_new"),
        reverse("visits:reception_detail", args=[reception.pk]),
        reverse("visits:reception_change", args=[reception.pk]),
        reverse("visits:reception_import"),
        reverse("visits:opinion_list"),
        reverse("stations:list"),
        reverse("stations:detail", args=[station.pk]),
        reverse("stations:change", args=[station.pk]),
        reverse("deputies:list"),
        reverse("deputies:detail", args=[deputy.pk]),
        reverse("deputies:group_list"),
        reverse("reports:period"),
        reverse("accounts:password"),
        "/no-such-page/",
    ):
        page.goto(address)
        assert_accessible(page)


@pytest.mark.parametrize("width", [1366, 360])
def test_every_page_of_the_district_is_accessible_and_fits(
    open_page, log_in, liaison, station, district, assert_accessible, width
):
    with_password(make_user(Role.DISTRICT_OFFICER, district, username="district"))
    make_reception(station, actor=liaison, confidential=True)
    page = open_page(width=width, height=740)
    log_in(page, "district")
    for address in (
        "/",
        f"{reverse('visits:reception_list')}?drill=1",
        reverse("stations:new"),
        reverse("stations:import"),
        reverse("deputies:new"),
        reverse("deputies:import"),
        reverse("deputies:group_new"),
        reverse("reports:period"),
        reverse("reports:staff"),
        reverse("accounts:list"),
        reverse("stations:offices"),
    ):
        page.goto(address)
        assert_accessible(page)
