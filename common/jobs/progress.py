"""How far a job is. It goes past the database: the work itself may be one open transaction."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

from django.core.cache import caches

from common.models import Job

EVERY_SECONDS = 0.5
_KEPT_SECONDS = 86_400
_LONGEST_STAGE = 50

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Standing:
    """核对, 3,200 of 10,000; a total of 0 means that nobody knows it."""

    stage: str = ""
    done: int = 0
    total: int = 0

    def in_words(self, unit: str) -> str:
        if self.total:
            return f"{self.stage} {min(self.done, self.total):,} / {self.total:,} {unit}"
        return f"{self.stage} {self.done:,} {unit}" if self.done else self.stage


class Reporter:
    """Puts down how far one run of a job is, twice a second at most."""

    def __init__(self, job: Job) -> None:
        self._key = _key(job)
        self._stage = ""
        self._not_before = 0.0
        self.standing = Standing()

    def __call__(self, stage: str, done: int, total: int) -> None:
        self.standing = Standing(stage[:_LONGEST_STAGE], done, total)
        now = time.monotonic()
        if stage == self._stage and now < self._not_before:
            return
        self._stage, self._not_before = stage, now + EVERY_SECONDS
        try:
            caches["progress"].set(self._key, (stage, done, total), _KEPT_SECONDS)
        except Exception:  # no cache is no reason to stop the work
            logger.warning("progress of a job could not be put down", exc_info=True)


def standing_of(job: Job) -> Standing:
    """How far the job is, or was when it ended."""
    if not job.is_unfinished:
        return Standing(job.stage, job.done, job.total)
    try:
        found = caches["progress"].get(_key(job))
    except Exception:
        logger.warning("progress of a job could not be read", exc_info=True)
        found = None
    return Standing(*found) if found else Standing()


def _key(job: Job) -> str:
    """One run of one job: keys of rows come again where a database was restored."""
    return f"{job.pk}:{job.queued_at.timestamp()}"
