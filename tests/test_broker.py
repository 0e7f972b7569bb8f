"""The embedded broker hands every task from one process to another."""

import pytest
from django.conf import settings

from liaison_portal.broker import Channel
from liaison_portal.celery import app

pytestmark = pytest.mark.skipif(bool(settings.REDIS_URL), reason="Redis is the broker here")


def test_what_is_put_comes_out_once_and_no_half_file_is_ever_in_the_queue():
    with app.connection() as connection:
        assert isinstance(connection.default_channel, Channel)
        queue = connection.SimpleQueue("tests")
        for number in range(5):
            queue.put({"number": number})
        left = [p.name for p in settings.BROKER_DIR.iterdir() if p.name.endswith(".part")]
        found = [queue.get(timeout=2) for _ in range(5)]
        for message in found:
            message.ack()
        queue.close()
    assert left == []
    assert sorted(message.payload["number"] for message in found) == [0, 1, 2, 3, 4]
