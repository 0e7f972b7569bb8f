"""A day's messages against their floor: DATABASE_URL=… python benchmarks/notices.py

10,000 messages of one planner, each with a delivery, planned and recorded in one pass, and the
same pass again, when all are known. The floor is two bare `bulk_create` of the same rows in the
same run. Everything is undone.
"""

import os
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaison_portal.settings")
os.environ["SMS_URL"] = "file:/dev/null"

import django

django.setup()

from django.db import connection, transaction
from django.utils import timezone

from accounts import planners
from accounts.models import Delivery, Notice
from accounts.services import Message, plan_notices

MESSAGES, RUNS = 10_000, 5


def messages(on):
    return [
        Message(
            key=f"benchmark:{on}:{n}",
            title="接待日提醒",
            text="4月18日（星期六）9:00–11:30，请您到石桥镇中心联络站接待。",
            recipient="石刚",
            phone=f"138{n:08d}",
            kind="duty",
            url=f"/duty/{n}/",
            station_key=n % 50,
            expires_on=on,
        )
        for n in range(MESSAGES)
    ]


def floor():
    now = timezone.now()
    rows = [
        Notice(
            key=told.key,
            title=told.title,
            text=told.text,
            recipient=told.recipient,
            phone=told.phone,
            kind=told.kind,
            url=told.url,
            station_key=told.station_key,
            expires_on=told.expires_on,
            created_at=now,
        )
        for told in messages(timezone.localdate())
    ]
    notices = Notice.objects.bulk_create(rows, batch_size=1000)
    Delivery.objects.bulk_create(
        [
            Delivery(
                notice=notice, channel="sms", address=notice.phone, queued_at=now, next_try_at=now
            )
            for notice in notices
        ],
        batch_size=1000,
    )


def timed(act):
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def one_run():
    with transaction.atomic():
        least = timed(floor)
        transaction.set_rollback(True)
    with transaction.atomic():
        first = timed(plan_notices)
        again = timed(plan_notices)
        assert Delivery.objects.filter(notice__key__startswith="benchmark:").count() == MESSAGES
        transaction.set_rollback(True)
    return least, first, again


def main():
    planners._planners, planners._dues = {"benchmark": messages}, {}
    one_run()
    least, first, again = map(
        statistics.median, zip(*(one_run() for _ in range(RUNS)), strict=True)
    )
    print(f"{MESSAGES:,} messages, {connection.vendor}")
    print(f"floor, bulk_create     {least:6.2f} s")
    print(f"planned and recorded   {first:6.2f} s   ×{first / least:5.2f}")
    print(f"planned again          {again:6.2f} s   ×{again / least:5.2f}")


if __name__ == "__main__":
    main()
