"""Signs of life of the processes that nobody sees, and what failed in them."""

from __future__ import annotations

from datetime import datetime, timedelta

from celery.signals import task_failure, worker_ready
from django.db import close_old_connections
from django.utils import timezone

from common.models import Heartbeat, TaskFailure

EVERY_SECONDS = 30
# Later than this the process is taken for dead: beat sends one sign a minute.
DEAD_AFTER = timedelta(minutes=5)
WORKER, BEAT = "worker", "beat"
KEPT_DAYS = 90


def beat(name: str) -> None:
    """The process `name` lives."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": timezone.now()})


def last_beat(name: str) -> datetime | None:
    return Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()


def is_alive(name: str) -> bool:
    at = last_beat(name)
    return at is not None and timezone.now() - at <= DEAD_AFTER


def failures():
    """What failed in the worker and nobody has seen yet, newest first."""
    return TaskFailure.objects.filter(seen_at=None)


def mark_failures_seen() -> int:
    return failures().update(seen_at=timezone.now())


def forget_old_failures() -> None:
    TaskFailure.objects.filter(at__lt=timezone.now() - timedelta(days=KEPT_DAYS)).delete()


def connect() -> None:
    """Let the worker show that it lives, and put down what fails in it."""
    worker_ready.connect(_start_beating, dispatch_uid="pulse")
    task_failure.connect(_put_down, dispatch_uid="failures")


def _start_beating(sender, **kwargs):
    _beat_of_worker()
    sender.timer.call_repeatedly(EVERY_SECONDS, _beat_of_worker)


def _beat_of_worker() -> None:
    close_old_connections()
    beat(WORKER)
    close_old_connections()


def _put_down(sender, exception, **kwargs) -> None:
    """The kind of error and its first line: arguments of a task may hold personal data."""
    words = f"{type(exception).__name__}: {exception}".splitlines()[0]
    TaskFailure.objects.create(task=sender.name[:100], error=words[:500])
