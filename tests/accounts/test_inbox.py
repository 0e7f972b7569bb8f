"""The inbox, its bell, and text that is copied by hand."""

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from accounts.models import Notice
from accounts.services import send
from tests.accounts.test_notices import message
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
INBOX = "/inbox/"


@pytest.fixture
def reader(client):
    user = UserFactory(name="余固")
    client.force_login(user)
    return user


def page(client, url=INBOX, **headers):
    response = client.get(url, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def queries(client, url):
    client.get(url)  # the first request of a session writes it
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def test_an_empty_inbox_says_what_will_come(client, reader):
    assert "还没有消息" in page(client)


def test_everybody_sees_own_notices_alone_and_the_newest_first(client, reader):
    send([message(1, user=reader, title="早的")])
    send([message(2, user=reader, title="晚的")])
    send([message(3, user=UserFactory(), title="别人的")])
    text = page(client)
    assert "共 2 条" in text
    assert text.index("晚的") < text.index("早的")
    assert "别人的" not in text


def test_the_bell_counts_what_is_unread(client, reader):
    assert 'class="count"' not in page(client, "/accounts/password/")
    send(message(n, user=reader) for n in range(3))
    assert "未读 </span>3<" in page(client, "/accounts/password/")
    Notice.objects.update(read_at="2026-04-15T10:00:00+08:00")
    assert 'class="count"' not in page(client)


def test_the_bell_costs_no_query_of_its_own(client, reader):
    whole = queries(client, INBOX)
    with CaptureQueriesContext(connection) as seen:
        page(client, hx_request="true")  # the rows alone, without masthead and bell
    assert len(seen) == whole


def test_opening_marks_read_and_goes_where_the_notice_leads(client, reader):
    send([message(1, user=reader, url="/accounts/password/"), message(2, user=reader)])
    leading, plain = Notice.objects.order_by("key")
    assert client.post(f"{INBOX}{leading.pk}/open/").url == "/accounts/password/"
    assert client.post(f"{INBOX}{plain.pk}/open/").url == INBOX
    assert not reader.notices.unread().exists()
    assert client.get(f"{INBOX}{leading.pk}/open/").status_code == 405


def test_nobody_opens_what_was_said_to_somebody_else(client, reader):
    send([message(1, user=UserFactory())])
    notice = Notice.objects.get()
    assert client.post(f"{INBOX}{notice.pk}/open/").status_code == 404
    assert Notice.objects.get().is_unread


def test_all_are_marked_read_at_once(client, reader):
    other = UserFactory()
    send([message(1, user=reader), message(2, user=reader), message(3, user=other)])
    assert "全部标为已读" in page(client)
    assert client.post(f"{INBOX}read/").url == INBOX
    assert "全部标为已读" not in page(client)
    assert other.notices.unread().count() == 1


def test_the_inbox_asks_the_same_for_one_row_and_for_thirty(client, reader):
    send([message(1, user=reader)])
    few = queries(client, INBOX)
    send(message(n, user=reader) for n in range(2, 31))
    assert queries(client, INBOX) == few


def test_what_is_said_is_never_markup(client, reader):
    send([message(1, user=reader, title="<b>x</b>", text="<script>alert(1)</script>")])
    text = page(client)
    assert "<b>x</b>" not in text
    assert "<script>alert" not in text


def test_text_to_copy_can_be_selected_without_a_script():
    text = render_to_string(
        "components/copy_text.html", {"text": "4月18日\n请您接待", "label": "发群里"}
    )
    assert "readonly>4月18日\n请您接待</textarea>" in text
    assert "data-copy hidden" in text
