"""What a page says of a job."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from common import pulse
from common.jobs import kinds
from common.jobs.kinds import Kind
from common.jobs.progress import Standing, standing_of
from common.models import Job, JobState

# A page left open must not keep its session alive for ever.
ASKS_FOR = timedelta(minutes=30)
# Longer than this a queued job has something before it, or nobody to do it.
SOON = timedelta(seconds=15)

_BADGES = {
    JobState.QUEUED: "wait",
    JobState.RUNNING: "go",
    JobState.DONE: "ok",
    JobState.FAILED: "late",
    JobState.INTERRUPTED: "late",
}


@dataclass(frozen=True)
class Shown:
    badge: str
    words: str
    standing: Standing
    asks_again: bool
    next_label: str
    percent: int


def shown(job: Job) -> Shown:
    kind = _kind_of(job)
    standing = standing_of(job)
    return Shown(
        badge=_BADGES[JobState(job.state)],
        words=_words(job, standing, kind.unit if kind else "行"),
        standing=standing,
        asks_again=job.is_unfinished and timezone.now() - job.queued_at < ASKS_FOR,
        next_label=kind.next_label if kind else "继续",
        percent=min(100 * standing.done // standing.total, 100) if standing.total else 0,
    )


def _words(job: Job, standing: Standing, unit: str) -> str:
    """How far it is; for what waits, why."""
    if job.state != JobState.QUEUED:
        return standing.in_words(unit) or "正在准备"
    if timezone.now() - job.queued_at < SOON:
        return "马上开始"
    if not pulse.is_alive(pulse.WORKER):
        return "后台程序没有运行，恢复后会自动开始"
    return "前面还有别的工作，排到就开始"


def _kind_of(job: Job) -> Kind | None:
    """None for a kind that this version does not know any more."""
    try:
        return kinds.kind(job.kind)
    except KeyError:
        return None
