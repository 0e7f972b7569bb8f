"""An opinion is followed to its end in a browser, at a desk and on a phone."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.roles import Role
from tests.browser.conftest import PASSWORD
from tests.factories import DeputyFactory, StationFactory, make_reception, make_user
from visits.models import Opinion
from visits.services import follow_up

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def liaison():
    user = make_user(Role.LIAISON, StationFactory(name="石桥镇中心联络站"), username="liaison")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def opinion(liaison):
    station = liaison.postings.get().station
    reception = make_reception(
        station,
        actor=liaison,
        received_on=timezone.localdate(),
        deputies=[DeputyFactory(station=station, name="石刚")],
        opinions=[{"statement": "村口路灯不亮，老人晚上出门危险"}],
    )
    return reception.opinions.get()


def test_from_the_first_page_to_the_end(open_page, log_in, liaison, opinion, assert_accessible):
    page = open_page()
    log_in(page, "liaison")
    page.get_by_role("link", name="交办", exact=True).click()
    assert page.url.endswith("#next")
    assert_accessible(page)
    page.get_by_label("转村（社区）").check()
    page.get_by_label("承办单位").fill("石桥村")
    page.get_by_role("button", name="交办", exact=True).click()
    expect(page.get_by_text("已交办，可以打印交办单。")).to_be_visible()
    page.get_by_role("button", name="登记接收").click()
    expect(page.get_by_text("下一步：等石桥村的办理结果")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("textbox", name="办理结果").fill("已换灯泡")
    page.get_by_label("已解决").check()
    page.get_by_role("button", name="登记办理结果").click()
    page.get_by_role("button", name="记下反馈并办结").click()
    expect(page.get_by_role("alert")).to_contain_text("请选择反馈方式")
    assert_accessible(page)
    page.get_by_label("电话", exact=True).check()
    page.get_by_label("满意", exact=True).check()
    page.get_by_label("怎么告知的").fill("当面")
    page.get_by_role("button", name="记下反馈并办结").click()
    expect(page.get_by_text("不用再做什么")).to_be_visible()
    assert page.url.endswith(reverse("visits:opinion_detail", args=[opinion.pk]))
    stored = Opinion.objects.get()
    assert (stored.state, stored.satisfaction, stored.feedback_method) == (
        "closed", "satisfied", "电话",
    )  # fmt: skip


def test_everything_is_in_reach_on_a_phone(open_page, log_in, liaison, opinion, assert_accessible):
    follow_up.assign_opinion(
        opinion, actor=liaison, disposal="higher", unit=None, note="请上级代表转交"
    )
    page = open_page(**PHONE)
    log_in(page, "liaison")
    page.goto(reverse("visits:opinion_detail", args=[opinion.pk]))
    page.get_by_text("其他操作").click()
    page.locator("summary", has_text="登记进展").click()
    page.get_by_role("textbox", name="办到哪一步").fill("上级已收到")
    assert_accessible(page)
    page.locator("details[open] details[open]").get_by_role("button").click()
    expect(page.get_by_text("进展已记下。")).to_be_visible()
    expect(page.get_by_text("：上级已收到")).to_be_visible()
    page.goto(reverse("visits:opinion_list"))
    assert_accessible(page)


def test_while_one_types_the_page_says_who_came_before(
    open_page, log_in, liaison, opinion, assert_accessible
):
    page = open_page()
    log_in(page, "liaison")
    page.goto(reverse("visits:reception_new"))
    page.get_by_label("来访人姓名").fill("王建国")
    page.get_by_label("反映内容").fill("路灯不亮已经一个月")
    page.keyboard.press("Tab")
    hints = page.locator(".hints")
    expect(hints).to_contain_text("王建国 今年")
    expect(hints).to_contain_text("近一年本镇类似 1 件")
    assert_accessible(page)
    expect(page.get_by_label("反映内容")).to_have_value("路灯不亮已经一个月")


def test_without_script_a_matter_is_declined_with_a_place_to_go(
    open_page, log_in, liaison, opinion
):
    page = open_page(java_script_enabled=False)
    log_in(page, "liaison")
    page.goto(reverse("visits:opinion_detail", args=[opinion.pk]))
    page.get_by_text("其他操作").click()
    page.locator("summary", has_text="不予受理").click()
    page.get_by_label("原因", exact=True).select_option("elsewhere")
    page.get_by_role("button", name="不予受理").click()
    expect(page.get_by_text("请把原因和去处告诉来访人")).to_be_visible()
    expect(page.locator("dd", has_text="事情发生地的人大代表联络站")).to_be_visible()
