"""Each way out against a real server: what gets through, what comes later, what never will."""

import json
import logging
import socket
from email import message_from_bytes
from email.header import decode_header, make_header

import pytest

from accounts.models import Delivery
from accounts.services import deliver_due, send
from tests.accounts.test_notices import message

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]


def by_address():
    return {delivery.address: delivery for delivery in Delivery.objects.all()}


# E-mail


def test_a_mail_has_title_text_link_and_a_lasting_id(mail, settings):
    settings.SITE_URL = "https://portal.example.gov.cn/"
    send([message(email="shi@example.org", url="/duty/1/", title="接待日\n提醒")])
    assert deliver_due() == 1
    [envelope] = mail.envelopes
    sent = message_from_bytes(envelope.content)
    assert envelope.rcpt_tos == ["shi@example.org"]
    assert str(make_header(decode_header(sent["Subject"]))) == "接待日 提醒"
    body = sent.get_payload(decode=True).decode()
    assert body.split() == [
        "4月18日",
        "9:00",
        "请您接待。",
        "https://portal.example.gov.cn/duty/1/",
    ]
    delivery = Delivery.objects.get()
    assert sent["Message-ID"] == f"<notice-{delivery.pk}@portal.example.gov.cn>"


def test_a_batch_of_mails_shares_one_connection(mail):
    send(message(n, email=f"user{n}@example.org") for n in range(10))
    mail.connections = 0
    assert deliver_due() == 10
    assert mail.connections == 1


def test_a_mailbox_that_does_not_exist_fails_and_the_others_get_theirs(mail):
    mail.recipient_answers = {"gone@example.org": "550 <gone@example.org> unknown user"}
    send(message(n, email=f"{name}@example.org") for n, name in enumerate(("a", "gone", "z")))
    assert deliver_due() == 2
    gone = by_address()["gone@example.org"]
    assert gone.state == "failed"
    assert gone.error == "邮件服务器拒收（550 <…> unknown user）"


def test_a_mailbox_that_is_full_for_now_holds_nobody_else_up(mail):
    mail.recipient_answers = {"busy@example.org": "450 greylisted"}
    send(message(n, email=f"{name}@example.org") for n, name in enumerate(("busy", "z")))
    assert deliver_due() == 1
    busy = by_address()["busy@example.org"]
    assert (busy.state, busy.error) == ("waiting", "邮件服务器让稍后再发（450 greylisted）")


def test_a_mail_whose_words_are_refused_has_failed(mail):
    mail.answer = "554 no such words here"
    send([message(email="a@example.org")])
    deliver_due()
    assert Delivery.objects.get().error == "邮件服务器拒收（554 no such words here）"


def test_an_address_that_is_none_fails_alone(mail):
    send([message(1, email="a b@@"), message(2, email="z@example.org")])
    assert deliver_due() == 1
    assert by_address()["a b@@"].state == "failed"


def test_a_mail_server_that_is_not_there_is_asked_once(mail, settings):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = probe.getsockname()[1]
    send(message(n, email=f"user{n}@example.org") for n in range(5))
    assert deliver_due() == 0
    attempts = sorted(Delivery.objects.values_list("state", "attempts", "claim"))
    assert attempts == [("waiting", 0, None)] * 4 + [("waiting", 1, None)]
    assert "连不上邮件服务器（连接不通）" in Delivery.objects.get(attempts=1).error


# SMS


def test_an_sms_carries_address_text_id_and_token(sms, settings):
    settings.SITE_URL = "http://portal"
    send([message(url="/duty/1/")])
    assert deliver_due() == 1
    delivery = Delivery.objects.get()
    assert sms.bodies == [
        {
            "to": "13800135678",
            "text": "接待日提醒\n4月18日 9:00 请您接待。\nhttp://portal/duty/1/",
            "id": f"notice-{delivery.pk}",
        }
    ]
    assert sms.tokens == ["Bearer token-for-tests"]
    assert delivery.sent_at is not None


@pytest.mark.parametrize("status", [400, 403, 404, 422, 302])
def test_what_the_gateway_refuses_has_failed(sms, status):
    sms.status = status
    send([message()])
    assert deliver_due() == 0
    delivery = Delivery.objects.get()
    assert delivery.state == "failed"
    assert delivery.error.startswith(f"短信网关拒收（{status}")


@pytest.mark.parametrize("status", [401, 429, 500, 503])
def test_what_the_gateway_cannot_take_now_comes_later(sms, status):
    sms.status = status
    send([message()])
    deliver_due()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.claim) == ("waiting", None)
    assert delivery.error.startswith(f"短信网关暂时不收（{status}")


def test_an_error_in_the_answer_fails_and_hides_the_number(sms):
    sms.answer = {"error": "13800135678 在黑名单"}
    send([message()])
    deliver_due()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.error) == ("failed", "短信网关拒收（… 在黑名单）")


def test_a_gateway_that_does_not_answer_is_tried_once_a_batch(sms, settings):
    settings.NOTICE_TIMEOUT_SECONDS = 0.2
    sms.delay = 0.6
    send(message(n) for n in range(5))
    assert deliver_due() == 0
    assert len(sms.bodies) == 1
    assert "连不上短信网关（超时没有答复）" in Delivery.objects.get(attempts=1).error
    assert Delivery.objects.filter(state="waiting", lease_until=None).count() == 5


def test_the_demo_writes_lines_into_a_file(settings, tmp_path):
    settings.DATA_DIR, settings.SMS_URL = tmp_path, "file:out/sms.jsonl"
    send(message(n) for n in range(3))
    assert deliver_due() == 3
    lines = (tmp_path / "out" / "sms.jsonl").read_text().splitlines()
    assert [json.loads(line)["to"] for line in lines] == ["13800135678"] * 3
    assert json.loads(lines[0])["at"] == "2026-04-15T10:00:00+08:00"


def test_a_file_may_lie_anywhere(settings, tmp_path):
    settings.SMS_URL = f"file://{tmp_path}/sms.jsonl"
    send([message()])
    assert deliver_due() == 1
    assert (tmp_path / "sms.jsonl").exists()


# 企业微信


@pytest.fixture
def robot(settings, gateway):
    settings.WECOM_WEBHOOK_URL = f"{gateway.url}?key=secret-key"
    gateway.answer = {"errcode": 0, "errmsg": "ok"}
    return gateway


def test_the_robot_speaks_to_the_group(robot):
    send([message(channels=("wecom",), phone="")])
    assert deliver_due() == 1
    assert robot.bodies == [
        {"msgtype": "text", "text": {"content": "接待日提醒\n4月18日 9:00 请您接待。"}}
    ]


def test_the_robot_gets_no_more_than_it_takes(robot):
    send([message(channels=("wecom",), text="人" * 3000)])
    deliver_due()
    content = robot.bodies[0]["text"]["content"]
    assert len(content.encode()) <= 2048
    assert content.endswith("人…")


@pytest.mark.parametrize(
    ("code", "state"), [(45009, "waiting"), (-1, "waiting"), (93000, "failed")]
)
def test_the_robots_own_codes_count(robot, code, state):
    robot.answer = {"errcode": code, "errmsg": "says no"}
    send([message(channels=("wecom",))])
    deliver_due()
    delivery = Delivery.objects.get()
    assert delivery.state == state
    assert f"{code} says no" in delivery.error


def test_no_address_and_no_secret_is_logged_or_shown(robot, sms, mail, settings, caplog):
    caplog.set_level(logging.INFO)
    mail.recipient_answers = {"shi@example.org": "550 <shi@example.org> no"}
    settings.SMS_URL = settings.WECOM_WEBHOOK_URL = "http://127.0.0.1:9/send?key=secret-key"
    send([message(email="shi@example.org", channels=("email", "sms", "wecom"))])
    deliver_due()
    ours = [record.getMessage() for record in caplog.records if record.name != "mail.log"]
    said = "".join([*ours, *Delivery.objects.values_list("error", flat=True)])
    assert Delivery.objects.exclude(error="").count() == 3
    for secret in ("13800135678", "shi@example.org", "secret-key"):
        assert secret not in said
