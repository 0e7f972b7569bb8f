"""Delivery by several processes at once, and by workers that are killed, on a database server."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from accounts import planners
from accounts.models import Delivery, Notice
from accounts.services import Message, deliver_due, plan_notices, send
from tests.factories import UserFactory
from tests.visits.test_concurrency import at_once

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.postgresql,
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="several writers at once need PostgreSQL"
    ),
]
ROOT = Path(__file__).resolve().parents[2]
MESSAGES, KILLS = 5000, 20
# As Celery does it: a parent that holds the portal loaded, and children that work and die.
WORKERS = """
import django, os, signal, sys, time
django.setup()
from accounts.services import deliver_due
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for _ in sys.stdin:
    child = os.fork()
    if child:
        print(child, flush=True)
        continue
    while os.getppid() != 1:
        if not deliver_due():
            time.sleep(0.05)
    os._exit(0)
"""


@pytest.fixture(autouse=True)
def always_open(settings):
    settings.NOTICE_FROM, settings.NOTICE_UNTIL = "00:00", "24:00"


def messages(number):
    return [
        Message(key=f"duty:{n}:remind", title="提醒", text="请来", phone=f"138{n:08d}")
        for n in range(number)
    ]


def database_of_the_test() -> str:
    given = connection.settings_dict
    server = f"{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}"
    return f"postgres://{server}/{given['NAME']}"


@pytest.fixture
def start_worker(sms):
    """Start a process that delivers what is due, as the worker does, and return its id."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "liaison_portal.settings",
        "DATABASE_URL": database_of_the_test(),
        "SMS_URL": sms.url,
        "NOTICE_FROM": "00:00",
        "NOTICE_UNTIL": "24:00",
        "NOTICE_LEASE_SECONDS": "1",
    }
    parent = subprocess.Popen(
        [sys.executable, "-c", WORKERS],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    started = []

    def start() -> int:
        parent.stdin.write("one more\n")
        parent.stdin.flush()
        started.append(int(parent.stdout.readline()))
        return started[-1]

    yield start
    for worker in started:
        kill(worker)
    parent.communicate(timeout=20)


def kill(worker: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(worker, signal.SIGKILL)
        while True:  # until it is gone
            os.kill(worker, 0)
            time.sleep(0.002)


def wait_for(condition, seconds=100, pause=0.1):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(pause)


def test_a_worker_killed_twenty_times_loses_nothing_and_doubles_nothing(sms, start_worker):
    assert send(messages(MESSAGES)) == MESSAGES
    for round_ in range(1, KILLS + 1):
        worker, enough = start_worker(), len(sms.bodies) + 97 + 7 * round_
        # Not after whole batches: somewhere in the middle, and each time elsewhere.
        wait_for(lambda enough=enough: len(sms.bodies) >= enough, pause=0.002)
        kill(worker)
    start_worker()
    wait_for(lambda: not Delivery.objects.exclude(state="delivered").exists())
    time.sleep(0.2)

    assert Delivery.objects.count() == Notice.objects.count() == MESSAGES
    assert not Delivery.objects.filter(sent_at=None).exists()
    assert not Delivery.objects.exclude(attempts=1).exists()
    handed = Counter(sms.ids)
    assert set(handed) == {f"notice-{pk}" for pk in Delivery.objects.values_list("pk", flat=True)}
    assert sum(handed.values()) <= MESSAGES + KILLS
    assert max(handed.values()) <= 2


def test_two_workers_at_once_hand_nothing_over_twice(sms, start_worker):
    send(messages(1000))
    start_worker()
    start_worker()
    wait_for(lambda: not Delivery.objects.exclude(state="delivered").exists())
    assert len(sms.ids) == len(set(sms.ids)) == 1000


def test_two_beats_at_once_plan_and_send_nothing_twice(sms, monkeypatch):
    users = [UserFactory(email="") for _ in range(50)]
    today = timezone.localdate()
    monkeypatch.setattr(planners, "_planners", {"duty": lambda on: messages(300)})
    monkeypatch.setattr(
        planners, "_dues", {"duty": lambda on: [(user, "一件事", "/", None) for user in users]}
    )

    def beat(index):
        return plan_notices(today), deliver_due()

    found = at_once(beat, 4)
    deliver_due()
    assert sum(planned for planned, _ in found) == Notice.objects.count() == 350
    assert Delivery.objects.filter(state="delivered").count() == 300
    assert sorted(sms.ids) == sorted(set(sms.ids))
    assert len(sms.ids) == 300


def test_a_worker_that_lost_its_lease_leaves_the_message_to_the_next(sms, settings):
    settings.NOTICE_LEASE_SECONDS = 1
    send(messages(12))
    sms.delay = 0.2  # the batch takes longer than one lease; each message renews it
    found = at_once(lambda i: (time.sleep(i * 1.2), deliver_due())[1], 2)
    assert sum(found) == 12
    assert len(sms.ids) == len(set(sms.ids))
