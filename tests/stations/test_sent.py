"""发送记录: what went out for one's stations, what failed and why, and 重发."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Delivery, Notice
from accounts.services import Message, send
from common.models import AuditEntry
from tests.factories import StationFactory

pytestmark = pytest.mark.django_db
SENT = "/inbox/sent/"


def sent(station=None, number=1, **fields):
    """One delivery; its notice is told apart by number."""
    now = timezone.now()
    told = {name: fields.pop(name) for name in ("title", "recipient", "kind") if name in fields}
    notice = Notice.objects.create(
        **{
            "key": f"duty:{station.pk if station else 0}:{number}",
            "title": "接待日提醒",
            "text": "4月18日请您接待。",
            "recipient": "石刚",
            "station_key": station.pk if station else None,
            "created_at": now,
            **told,
        }
    )
    values = {
        "channel": "sms",
        "address": "13800135678",
        "state": "failed",
        "error": "短信网关拒收（422）",
        "queued_at": now,
        "next_try_at": now,
        **fields,
    }
    return Delivery.objects.create(notice=notice, **values)


def listed(client, query=""):
    response = client.get(f"{SENT}{query}")
    assert response.status_code == 200
    return [row.pk for row in response.context["page"]]


@pytest.fixture
def as_liaison(client, liaison):
    client.force_login(liaison)
    return liaison


def test_a_row_says_to_whom_how_and_why_not(client, as_liaison, station):
    sent(station)
    text = client.get(SENT).content.decode()
    for words in (
        "石刚",
        "138****5678",
        "短信",
        "接待日提醒",
        "失败",
        "短信网关拒收（422）",
        "重发",
    ):
        assert words in text
    assert "13800135678" not in text
    assert "共 1 条" in text


def test_an_address_of_mail_is_masked(client, as_liaison, station):
    sent(station, channel="email", address="shigang@example.org")
    text = client.get(SENT).content.decode()
    assert "s***@example.org" in text
    assert "shigang@example.org" not in text


def test_each_sees_the_stations_where_they_arrange_duty(
    client, station, liaison, township_officer, district_officer, outsider, district
):
    own, other, none = sent(station), sent(StationFactory()), sent(None)
    for user, rows in (
        (liaison, {own.pk}),
        (township_officer, {own.pk}),
        (district_officer, {own.pk, other.pk, none.pk}),
        (outsider, set()),
    ):
        client.force_login(user)
        assert set(listed(client)) == rows


def test_the_list_is_narrowed_by_what_the_address_says(client, as_liaison, station):
    failed = sent(station, 1)
    done = sent(
        station, 2, state="delivered", channel="email", address="a@example.org", recipient="廖波英",
        title="改期", error="", queued_at=timezone.now() - timedelta(days=3),
    )  # fmt: skip
    day = timezone.localdate() - timedelta(days=1)
    assert listed(client, "?state=failed") == [failed.pk]
    assert listed(client, "?channel=email") == [done.pk]
    assert listed(client, "?q=廖波") == [done.pk]
    assert listed(client, "?q=改期") == [done.pk]
    assert listed(client, f"?from={day:%Y.%m.%d}") == [failed.pk]
    assert listed(client, f"?to={day:%Y.%m.%d}") == [done.pk]
    assert listed(client) == [failed.pk, done.pk]
    assert listed(client, "?from=某天") == []


def test_a_failed_message_is_sent_again_by_whoever_answers_for_it(
    client, as_liaison, station, settings, tmp_path
):
    settings.SMS_URL = f"file://{tmp_path}/sms.jsonl"
    delivery = sent(station)
    response = client.post(f"{SENT}{delivery.pk}/resend/", follow=True)
    assert "已重新排队，马上发给石刚。" in response.content.decode()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.error) == ("waiting", "")
    assert AuditEntry.objects.get(note="重发").actor == as_liaison


def test_a_resend_that_cannot_be_says_why(client, as_liaison, station):
    delivery = sent(station)
    text = client.post(f"{SENT}{delivery.pk}/resend/", follow=True).content.decode()
    assert "没有设置短信，发不出去。" in text


def test_nobody_resends_for_a_station_of_others(client, outsider, station):
    delivery = sent(station)
    client.force_login(outsider)
    assert client.post(f"{SENT}{delivery.pk}/resend/").status_code == 404


def test_what_failed_can_be_copied_but_no_digest(client, as_liaison, station):
    sent(station)
    assert "4月18日请您接待。</textarea>" in client.get(SENT).content.decode()
    Notice.objects.update(kind="digest")
    assert "4月18日请您接待。" not in client.get(SENT).content.decode()


def test_the_list_asks_the_same_for_one_row_and_for_thirty(client, as_liaison, station):
    def queries():
        client.get(SENT)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(SENT).status_code == 200
        return len(seen)

    sent(station, 0)
    few = queries()
    for number in range(1, 31):
        sent(station, number)
    assert queries() == few


def test_pages_follow_one_another_by_key(client, as_liaison, station, settings):
    settings.SMS_URL = "file:/dev/null"
    for at in range(2):
        send(
            Message(f"duty:{at}:{n}", "提醒", "", phone="13800135678", station_key=station.pk)
            for n in range(18)
        )
    rows = list(Delivery.objects.order_by("pk").values_list("pk", flat=True))
    first = client.get(SENT)
    following = listed(client, f"?after={first.context['page'].next}")
    assert [row.pk for row in first.context["page"]] + following == rows[::-1]
