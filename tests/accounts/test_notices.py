"""What is said once, to whom, when it may go out, and what becomes of it."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from celery.signals import after_task_publish
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import planners, services
from accounts.models import Delivery, Notice
from accounts.services import Message, deliver_due, plan_notices, send, withdraw
from accounts.tasks import deliver as deliver_task
from accounts.tasks import plan_notices as plan_task
from common.errors import RuleViolation
from common.models import AuditEntry
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 4, 15)


def at(hour, minute=0, day=15):
    return datetime(2026, 4, day, hour, minute, tzinfo=SHANGHAI)


def message(number=1, **fields):
    return Message(
        **{
            "key": f"duty:{number}:remind",
            "title": "接待日提醒",
            "text": "4月18日 9:00 请您接待。",
            "recipient": "石刚",
            "phone": "13800135678",
            **fields,
        }
    )


def sole_delivery():
    return Delivery.objects.select_related("notice").get()


@pytest.fixture
def registry(monkeypatch):
    """Planners of the test alone."""
    monkeypatch.setattr(planners, "_planners", {})
    monkeypatch.setattr(planners, "_dues", {})


# What is written


def test_a_key_is_said_once(sms):
    assert send([message(), message()]) == 1
    assert send([message(title="别的标题"), message(2)]) == 1
    assert list(Notice.objects.order_by("key").values_list("key", "title")) == [
        ("duty:1:remind", "接待日提醒"),
        ("duty:2:remind", "接待日提醒"),
    ]
    assert Delivery.objects.count() == 2


def test_what_is_written_goes_with_the_transaction(sms):
    with transaction.atomic():
        send([message()])
        transaction.set_rollback(True)
    assert not Notice.objects.exists()


def test_many_messages_cost_as_many_statements_as_few(sms, db):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite takes a thousand values a statement")
    counts = []
    for first, number in ((0, 2), (100, 300)):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            send(message(first + n) for n in range(number))
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_channel_needs_a_server_and_an_address(sms, mail, settings):
    settings.WECOM_WEBHOOK_URL = "http://127.0.0.1:9/"
    user = UserFactory(email="yu@example.org")
    send(
        [
            message(1),
            message(2, user=user),
            message(3, phone=""),
            message(4, channels=("wecom",)),
            message(5, channels=(), user=user),
            message(6, phone="", email="shi@example.org"),
        ]
    )
    found = Delivery.objects.order_by("notice__key", "channel")
    assert list(found.values_list("notice__key", "channel", "address")) == [
        ("duty:1:remind", "sms", "13800135678"),
        ("duty:2:remind", "email", "yu@example.org"),
        ("duty:2:remind", "sms", "13800135678"),
        ("duty:4:remind", "wecom", ""),
        ("duty:6:remind", "email", "shi@example.org"),
    ]


def test_without_a_server_everything_stays_in_the_portal():
    assert send([message(email="shi@example.org", channels=("email", "sms", "wecom"))]) == 1
    assert not Delivery.objects.exists()


def test_a_commit_wakes_the_worker_by_day_and_not_by_night(
    sms, time_machine, django_capture_on_commit_callbacks
):
    woken = []

    def note(sender, **kwargs):
        woken.append((sender, timezone.localtime().hour))

    after_task_publish.connect(note)
    for hour in (10, 22):
        time_machine.move_to(at(hour), tick=False)
        with django_capture_on_commit_callbacks(execute=True):
            send([message(hour)])
    after_task_publish.disconnect(note)
    assert woken == [("accounts.deliver", 10)]


# What is taken back, what is read


def test_what_was_not_handed_over_is_withdrawn_by_prefix(sms, morning):
    send([message(1), message(12), message(1, key="duty:1:later")])
    Delivery.objects.filter(notice__key="duty:1:later").update(state="delivered")
    assert withdraw("duty:1:") == 1
    assert dict(Delivery.objects.values_list("notice__key", "state")) == {
        "duty:1:later": "delivered",
        "duty:1:remind": "withdrawn",
        "duty:12:remind": "waiting",
    }
    assert deliver_due() == 1
    assert [body["to"] for body in sms.bodies] == ["13800135678"]


def test_reading_counts_down(db):
    user = UserFactory()
    send(message(n, user=user) for n in range(3))
    send([message(9, user=UserFactory())])
    assert services.unread_count(user) == 3
    services.mark_read(user.notices.first())
    assert services.unread_count(user) == 2
    services.mark_read(user)
    assert services.unread_count(user) == 0
    assert Notice.objects.unread().count() == 1


# When it goes out


@pytest.mark.parametrize(
    ("hour", "minute", "sent"), [(8, 59, 0), (9, 0, 1), (17, 59, 1), (18, 0, 0), (2, 30, 0)]
)
def test_nothing_goes_out_at_night(sms, time_machine, hour, minute, sent):
    time_machine.move_to(at(hour, minute), tick=False)
    send([message()])
    assert deliver_due() == sent
    assert len(sms.bodies) == sent


def test_hours_are_a_setting_and_may_reach_midnight(sms, settings, time_machine):
    settings.NOTICE_FROM, settings.NOTICE_UNTIL = "20:00", "24:00"
    time_machine.move_to(at(23, 59), tick=False)
    send([message()])
    assert deliver_due() == 1


def test_after_an_outage_nothing_older_than_its_day_goes_out(sms, time_machine):
    time_machine.move_to(at(17, day=14), tick=False)
    send([message(1, expires_on=TODAY - timedelta(days=1)), message(2, expires_on=TODAY)])
    time_machine.move_to(at(10), tick=False)
    assert deliver_due() == 1
    found = dict(Delivery.objects.values_list("notice__key", "state"))
    assert found == {"duty:1:remind": "expired", "duty:2:remind": "delivered"}
    assert Delivery.objects.get(state="expired").error == "到期时还没有轮到发送"


def test_tries_come_further_apart_and_none_is_given_up_within_its_day(sms, time_machine):
    time_machine.move_to(at(9), tick=False)
    send([message(expires_on=TODAY)])
    sms.status = 503
    tries = []
    for minutes in range(120):
        now = at(9) + timedelta(minutes=minutes)
        before = len(sms.bodies)
        deliver_due(now=now)
        if len(sms.bodies) > before:
            tries.append(minutes)
    assert tries == [0, 1, 3, 7, 15, 30, 45, 60, 75, 90, 105]
    delivery = sole_delivery()
    assert (delivery.state, delivery.attempts) == ("waiting", 11)
    assert "短信网关暂时不收（503" in delivery.error


def test_without_a_last_day_it_is_given_up_after_three_days_and_says_so(sms, time_machine):
    time_machine.move_to(at(10), tick=False)
    send([message()])
    sms.status = 503
    deliver_due(now=at(11, day=18))
    delivery = sole_delivery()
    assert delivery.state == "failed"
    assert delivery.error.startswith("3 天没有发出：短信网关暂时不收")


def test_a_server_that_refuses_for_an_hour_loses_nothing(sms, time_machine):
    time_machine.move_to(at(10), tick=False)
    send(message(n, expires_on=TODAY) for n in range(60))
    sms.status = 503
    for minutes in range(60):
        assert deliver_due(now=at(10) + timedelta(minutes=minutes)) == 0
    # One probe a minute and not one a message: a server that is down is left in peace.
    assert len(sms.bodies) == 60
    sms.status, down = 200, len(sms.bodies)
    sent = sum(deliver_due(now=at(11) + timedelta(minutes=minutes)) for minutes in range(20))
    assert sent == 60
    assert sorted(sms.ids[down:]) == sorted(set(sms.ids))
    assert set(Delivery.objects.values_list("state", flat=True)) == {"delivered"}


def test_what_is_claimed_by_a_dead_worker_is_taken_over_after_the_lease(sms, morning):
    send([message()])
    Delivery.objects.update(state="sending", lease_until=morning + timedelta(seconds=60))
    assert deliver_due(now=morning + timedelta(seconds=59)) == 0
    assert deliver_due(now=morning + timedelta(seconds=61)) == 1


def test_a_limit_is_kept_and_the_rest_waits(sms, morning):
    send(message(n) for n in range(30))
    assert deliver_due(limit=25) == 25
    assert Delivery.objects.filter(state="waiting").count() == 5


# 重发


def test_a_failed_message_goes_out_again_today_under_a_new_number(sms, morning, liaison):
    send([message(expires_on=TODAY - timedelta(days=1))])
    deliver_due()
    delivery = sole_delivery()
    services.resend(delivery, actor=liaison)
    assert deliver_due() == 1
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.error) == ("delivered", 1, "")
    assert sole_delivery().notice.expires_on == TODAY
    services.resend(delivery, actor=liaison)
    deliver_due()
    assert sms.ids == [f"notice-{delivery.pk}-2", f"notice-{delivery.pk}-3"]
    line = AuditEntry.objects.filter(note="重发").first()
    assert line.changes == {"状态": ["过期未发", "待发"]}
    assert "138" not in line.subject_label


def test_what_waits_anyway_or_was_withdrawn_is_not_resent(sms, morning, liaison):
    send([message()])
    delivery = sole_delivery()
    with pytest.raises(RuleViolation, match="待发"):
        services.resend(delivery, actor=liaison)
    withdraw("duty:")
    with pytest.raises(RuleViolation, match="已有变动，不能再发"):
        services.resend(delivery, actor=liaison)


def test_nothing_is_resent_through_a_channel_that_is_gone(sms, morning, liaison, settings):
    send([message()])
    deliver_due()
    settings.SMS_URL = ""
    with pytest.raises(RuleViolation, match="没有设置短信"):
        services.resend(sole_delivery(), actor=liaison)


# The pass of the day


def test_a_pass_asks_every_planner_and_may_run_again(registry, sms, morning):
    planners.register_planner("duty", lambda on: [message(on.day, expires_on=on)])
    assert plan_notices() == 1
    assert plan_notices() == 0
    assert plan_notices(date(2026, 4, 16)) == 1
    assert set(Notice.objects.values_list("key", flat=True)) == {
        "duty:15:remind",
        "duty:16:remind",
    }


def test_one_digest_a_person_and_day(registry, morning, mail):
    yu, shi = UserFactory(email="yu@example.org"), UserFactory()
    planners.register_due("visits", lambda on: [(yu, "告诉来访人结果", "/visits/1/", 7)])
    planners.register_due("duty", lambda on: [(yu, "联系 3 位代表", "/duty/", 8)])
    planners.register_due("mine", lambda on: [(shi, "确认", "/duty/mine/", None)])
    plan_notices()
    plan_notices()
    digests = {notice.user: notice for notice in Notice.objects.select_related("user")}
    assert set(digests) == {yu, shi}
    assert digests[yu].key == f"digest:{yu.pk}:2026-04-15"
    assert digests[yu].title == "今天有 2 件事等您处理"
    assert digests[yu].text == "· 告诉来访人结果\n· 联系 3 位代表"
    assert (digests[yu].url, digests[yu].station_key) == ("/", 7)
    assert (digests[shi].url, digests[shi].expires_on) == ("/duty/mine/", TODAY)
    assert [d.address for d in Delivery.objects.all()] == ["yu@example.org"]


def test_who_has_nothing_due_gets_no_digest(registry, morning):
    planners.register_due("visits", lambda on: [])
    assert plan_notices() == 0


def test_a_planner_that_fails_stops_no_other_and_is_seen(registry, morning, administrator):
    def broken(on):
        yield message(1)
        raise ValueError("wrong")

    planners.register_planner("broken", broken)
    planners.register_planner("whole", lambda on: [message(2)])
    planners.register_due("late", lambda on: [(UserFactory(), "一件事", "/", None)])
    for _ in range(2):
        with pytest.raises(ExceptionGroup, match="planners of notices failed"):
            plan_notices()
    kinds = list(Notice.objects.order_by("kind", "key").values_list("kind", "recipient"))
    assert ("alarm", str(administrator)) in kinds
    assert Notice.objects.filter(kind="alarm").count() == 1
    assert Notice.objects.filter(key="duty:2:remind").exists()
    assert not Notice.objects.filter(key="duty:1:remind").exists()
    assert "ValueError" in Notice.objects.get(kind="alarm").text


def test_the_beat_plans_by_day_only(registry, time_machine):
    planners.register_planner("duty", lambda on: [message(on.day)])
    time_machine.move_to(at(3), tick=False)
    plan_task()
    assert not Notice.objects.exists()
    time_machine.move_to(at(9), tick=False)
    plan_task()
    assert Notice.objects.count() == 1


def test_the_task_delivers(sms, morning):
    send([message()])
    deliver_task()
    assert sms.ids == [f"notice-{sole_delivery().pk}"]


def test_the_command_plans_a_day_and_delivers(registry, sms, morning, capsys):
    planners.register_planner("duty", lambda on: [message(on.day, expires_on=on)])
    call_command("send_reminders", on="2026-04-18")
    assert capsys.readouterr().out == "2026-04-18：新消息 1 条，发出 1 条。\n"
    call_command("send_reminders", on="2026-04-18")
    assert capsys.readouterr().out == "2026-04-18：新消息 0 条，发出 0 条。\n"
    with pytest.raises(CommandError, match="不是日期"):
        call_command("send_reminders", on="4月18日")


def test_the_command_fails_aloud_and_still_delivers(registry, sms, morning):
    def broken(on):
        raise ValueError

    planners.register_planner("broken", broken)
    send([message()])
    with pytest.raises(CommandError, match="有 1 项提醒没有生成：ValueError"):
        call_command("send_reminders")
    assert sole_delivery().state == "delivered"
