"""A job is started, run once, found dead, run again, forgotten."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import timedelta
from functools import partial
from typing import IO, Any

from celery import current_app
from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from common.errors import RuleViolation
from common.jobs import kinds, locks, scratch
from common.jobs.kinds import Result, Work
from common.jobs.progress import Reporter, standing_of
from common.models import Job, JobState
from common.sheets.workbook import SheetFileError

FILE_DAYS = 7
ROW_DAYS = 90
MOST_UNFINISHED = 5
LONGEST_ADDRESS = 200
# Later than this nobody has taken it up: its message may be lost.
TAKEN_UP_WITHIN = timedelta(minutes=1)
_RESENT_FOR_SECONDS = 55
_NOT_SAVED = timedelta(days=1)
_BROKEN = "程序出错，没有完成。请再次运行；还是不行，请告诉管理员。"
_NOT_ALLOWED = "您没有权限做这项工作，没有完成。"

logger = logging.getLogger(__name__)


class NotOurs(Exception):
    """The job was taken for dead while it ran: what it did must not count."""


@transaction.atomic
def start_job(kind: str, arguments: Mapping[str, Any], *, actor, back: str = "") -> Job:
    """Put down work for the worker in the caller's transaction; it is sent after the commit.

    The same work asked for again before it is over is the same job. `arguments` are JSON and
    checked when the work is done, as `actor` may and sees then. `back` is where to go if nothing
    comes of it. Refuses more than MOST_UNFINISHED
    jobs of one person at a time.
    """
    given = json.loads(json.dumps(dict(arguments), cls=DjangoJSONEncoder))
    mark = hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()
    own = Job.objects.filter(owner_id=actor.pk).unfinished()
    if job := own.filter(kind=kind, fingerprint=mark).first():
        return job
    if own.count() >= MOST_UNFINISHED:
        raise RuleViolation(f"您已有 {MOST_UNFINISHED} 项工作没有做完，请等其中一项做完再来。")
    job = Job(
        kind=kind,
        title=kinds.kind(kind).title_of(given)[:200],
        arguments=given,
        fingerprint=mark,
        owner_id=actor.pk,
        next_url=back if len(back) <= LONGEST_ADDRESS else "",
        queued_at=timezone.now(),
    )
    try:
        with transaction.atomic():
            job.save()
    except IntegrityError:  # asked for twice at the same moment
        return own.get(kind=kind, fingerprint=mark)
    transaction.on_commit(partial(_send, job.pk))
    return job


@transaction.atomic
def run_again(job: Job, *, actor) -> None:
    """Queue a job that failed or was interrupted once more; only its owner may."""
    if job.owner_id != actor.pk:
        raise PermissionDenied
    stopped = Job.objects.filter(pk=job.pk, state__in=[JobState.FAILED, JobState.INTERRUPTED])
    fresh: dict[str, Any] = {
        "state": JobState.QUEUED, "attempt": job.attempt + 1, "queued_at": timezone.now(),
        "started_at": None, "finished_at": None, "stage": "", "done": 0, "total": 0, "message": "",
    }  # fmt: skip
    try:
        with transaction.atomic():
            queued = stopped.filter(attempt=job.attempt).update(**fresh)
    except IntegrityError:
        raise RuleViolation("同样的工作已经在进行，不用再次运行。") from None
    if not queued:
        raise RuleViolation("这项工作已经在进行或已经完成，不用再次运行。")
    transaction.on_commit(partial(_send, job.pk))


def run_job(pk: int) -> None:
    """Do a queued job; a message that comes twice does nothing the second time.

    A message whose process was killed comes back: the job is then found running with nobody
    working on it, and is marked as interrupted. Its owner decides whether it runs again: an import
    that somebody has given up must not be written hours later, and work that kills its worker
    must not do so for ever.

    What the kind refuses is said to the owner; an error is told as such, and raised.
    """
    with locks.held(pk) as free:
        if not free:
            return
        claimed = Job.objects.filter(pk=pk, state=JobState.QUEUED).update(
            state=JobState.RUNNING, started_at=timezone.now()
        )
        job = Job.objects.select_related("owner").filter(pk=pk).first()
        if claimed and job is not None:
            _work(job)
        elif job is not None and job.state == JobState.RUNNING:
            _interrupt(job)


def settle(job: Job) -> None:
    """Say so if the process that ran the job is gone; for who is about to show it."""
    if job.state == JobState.RUNNING and not locks.is_held(job.pk):
        _interrupt(job)
        job.refresh_from_db()


def sweep_jobs() -> None:
    """Find the dead, send lost messages again, take away old files and what the dead left."""
    now = timezone.now()
    for job in Job.objects.running():
        settle(job)
    lost = Job.objects.filter(state=JobState.QUEUED, queued_at__lt=now - TAKEN_UP_WITHIN)
    for pk in lost.values_list("pk", flat=True):
        _send(pk, expires=_RESENT_FOR_SECONDS)
    for job in Job.objects.with_file().filter(finished_at__lt=now - timedelta(days=FILE_DAYS)):
        _drop_file(job)
    Job.objects.filter(finished_at__lt=now - timedelta(days=ROW_DAYS)).delete()
    _tidy_up()


def _send(pk: int, expires: int | None = None) -> None:
    """Wake a worker; what gets lost on the way is sent again by beat."""
    try:
        current_app.send_task("common.run_job", [pk], retry=False, expires=expires)
    except OperationalError:
        logger.warning("no broker: job %s waits for the next beat", pk)


def _work(job: Job) -> None:
    report = Reporter(job)
    try:
        with scratch.target_of(job.pk) as target:
            _work_as_owner(job, target, report)
    except (RuleViolation, SheetFileError) as refusal:
        _end(job, report, state=JobState.FAILED, message=str(refusal))
    except PermissionDenied as refusal:
        _end(job, report, state=JobState.FAILED, message=str(refusal) or _NOT_ALLOWED)
    except NotOurs:
        logger.error("job %s was taken for dead and went on: undone", job.pk)
    except Exception:
        _end(job, report, state=JobState.FAILED, message=_BROKEN)
        raise


def _work_as_owner(job: Job, target: IO[bytes], report: Reporter) -> None:
    if not job.owner.is_active:
        raise PermissionDenied
    kind = kinds.kind(job.kind)
    with transaction.atomic() if kind.writes else nullcontext():
        result = kind.run(Work(job.owner, job.arguments, target, report))
        _finish(job, result, target, report)


def _finish(job: Job, result: Result, target: IO[bytes], report: Reporter) -> None:
    """Keep the result and say that the job is done, both or neither."""
    if result.filename:
        target.flush()
        job.result.save(result.filename, scratch.FinishedFile(target), save=False)
    try:
        _end(
            job,
            report,
            state=JobState.DONE,
            message=result.message,
            next_url=result.next_url,
            result=job.result.name or "",
            download_name=result.filename[-200:],
        )
    except BaseException:
        if result.filename:
            job.result.delete(save=False)
        raise


def _end(job: Job, report: Reporter, *, message: str, **fields) -> None:
    """Mark this run of the job as over; raises NotOurs if somebody did so before."""
    at = report.standing
    ended = Job.objects.filter(pk=job.pk, attempt=job.attempt, state=JobState.RUNNING).update(
        message=message[:500],
        finished_at=timezone.now(),
        stage=at.stage,
        done=at.done,
        total=at.total,
        **fields,
    )
    if not ended:
        raise NotOurs


def _interrupt(job: Job) -> None:
    """Mark a run whose process is gone; whoever did so first has said all."""
    at = standing_of(job)
    try:
        nothing = kinds.kind(job.kind).nothing_done
    except KeyError:
        nothing = "没有完成"
    Job.objects.filter(pk=job.pk, attempt=job.attempt, state=JobState.RUNNING).update(
        state=JobState.INTERRUPTED,
        message=f"后台程序中途停止，{nothing}，可以再次运行。",
        finished_at=timezone.now(),
        stage=at.stage,
        done=at.done,
        total=at.total,
    )


def _drop_file(job: Job) -> None:
    """The row goes first: a page never offers a file that is gone."""
    storage, name = job.result.storage, str(job.result.name)
    Job.objects.filter(pk=job.pk).update(result="")
    storage.delete(name)


def _tidy_up() -> None:
    """Take away what killed processes left on this machine, and files that no job knows of."""
    for pk in scratch.left_behind():
        with locks.held(pk) as free:
            if free:
                scratch.clear(pk)
    for pk in locks.known():
        if not Job.objects.filter(pk=pk).exists():
            locks.forget(pk)
    for name in _files_of_nobody():
        Job._meta.get_field("result").storage.delete(name)


def _files_of_nobody() -> list[str]:
    """Files of a process that died between storing its result and saying so."""
    storage, folder = Job._meta.get_field("result").storage, str(Job._meta.model_name)
    if not storage.exists(folder):
        return []
    latest = timezone.now() - _NOT_SAVED
    names = [f"{folder}/{name}" for name in storage.listdir(folder)[1]]
    old = {name for name in names if storage.get_modified_time(name) < latest}
    return sorted(old - set(Job.objects.with_file().values_list("result", flat=True)))
