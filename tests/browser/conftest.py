"""Debian's Chromium driven by Playwright against a live server."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from playwright.sync_api import sync_playwright

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox", "--lang=zh-CN", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PASSWORD = "liaison-2026"


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def chromium(django_db_setup):
    if not Path(CHROMIUM).exists():
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing: install Debian's chromium")
        pytest.skip("Chromium is missing: browser stories were not run")
    reference_data = getattr(connection, "_test_serialized_contents", None)
    with sync_playwright() as playwright:
        # Playwright's loop brings a context, and so a connection object, of its own: it must know
        # the reference data that is put back before each story.
        connection._test_serialized_contents = reference_data
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, live_server):
    """Open a window of a width; whatever the console complains about fails the test."""
    complaints, contexts = [], []

    def open_page(width=1366, height=768, **options):
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            locale="zh-CN",
            base_url=live_server.url,
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: m.type == "error" and complaints.append(m.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    expected = ("status of 4", "ERR_INTERNET_DISCONNECTED")  # refusals and cut lines are stories
    assert [c for c in complaints if not any(words in c for words in expected)] == []


@pytest.fixture
def log_in():
    def log_in(page, username, password=PASSWORD):
        page.goto("/accounts/login/")
        page.get_by_label("用户名或手机号").fill(username)
        page.get_by_label("密码", exact=True).fill(password)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url("**/")

    return log_in


@pytest.fixture
def assert_accessible():
    def assert_accessible(page):
        found = Axe().run(page).response["violations"]
        assert [(v["id"], [n["html"][:100] for n in v["nodes"]]) for v in found] == []
        sideways = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert sideways <= 0

    return assert_accessible
