"""On a phone the registers show rows first: what narrows them is folded away."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.roles import Role
from tests.browser.conftest import PASSWORD
from tests.factories import StationFactory, make_reception, make_user

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def register():
    station = StationFactory()
    user = make_user(Role.LIAISON, station, username="liaison")
    user.set_password(PASSWORD)
    user.save()
    make_reception(station, actor=user, channel="letter")
    return reverse("visits:reception_list")


def test_filters_are_folded_on_a_phone_until_one_is_in_force(
    open_page, log_in, register, assert_accessible
):
    page = open_page(**PHONE)
    log_in(page, "liaison")
    page.goto(register)
    expect(page.get_by_label("来访形式", exact=True)).to_be_hidden()
    assert_accessible(page)
    page.get_by_text("更多条件").click()
    assert_accessible(page)
    page.get_by_label("来访形式", exact=True).select_option("visit")
    expect(page.locator("#results")).to_contain_text("没有符合条件的接待")
    page.wait_for_url("**channel=visit**")
    page.reload()
    expect(page.get_by_label("来访形式", exact=True)).to_be_visible()
    page.goto(register)
    page.set_viewport_size({"width": 1366, "height": 768})
    expect(page.get_by_label("来访形式", exact=True)).to_be_visible()
    expect(page.get_by_text("更多条件")).to_be_hidden()


def test_without_script_every_filter_is_in_reach(open_page, log_in, register):
    page = open_page(**PHONE, java_script_enabled=False)
    log_in(page, "liaison")
    page.goto(register)
    expect(page.get_by_label("来访形式", exact=True)).to_be_visible()
