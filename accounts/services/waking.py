"""Tells the worker that something waits. What it misses, beat finds a minute later."""

import logging

from celery import current_app
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts import hours

logger = logging.getLogger(__name__)


def wake_worker() -> None:
    if not hours.is_open(timezone.now()):
        return
    try:
        current_app.send_task("accounts.deliver", retry=False)
    except OperationalError:
        logger.warning("no broker: what waits goes out with the next beat")
