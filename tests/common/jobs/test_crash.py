"""Workers that are killed in the middle of long work, on the servers of the grown-up form."""

import os
import tempfile
from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse

from common.importing import background
from common.importing import services as importing
from common.importing.resources import Options
from common.jobs import locks
from common.jobs.progress import standing_of
from common.jobs.services import run_again, start_job, sweep_jobs
from common.models import AuditEntry, Job
from tests.accounts.test_delivery_crash import kill, wait_for
from tests.common.jobs.registers import fill_register
from tests.common.jobs.workers import Workers
from tests.factories import DeputyFactory
from tests.sheets import reception_sheet
from visits.models import Opinion, Reception

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.postgresql,
    pytest.mark.skipif(
        connection.vendor != "postgresql" or not settings.REDIS_URL,
        reason="several processes on one database need PostgreSQL and Redis",
    ),
]
LINES = 8000
ROWS = 4000


@pytest.fixture
def workers():
    found = Workers()
    yield found
    for worker in found.started:
        kill(worker)
    found.parent.communicate(timeout=20)


def stored(job):
    return Job.objects.get(pk=job.pk)


def in_the_middle(job, stage):
    """Some of the lines of that stage are done, and some are not."""

    def reached():
        at = standing_of(stored(job))
        return at.stage == stage and 0 < at.done < at.total

    return reached


def result_files():
    folder = settings.MEDIA_ROOT / "job"
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def files_aside():
    """What a killed export may leave where the machine keeps temporary files."""
    return {path.name for path in Path(tempfile.gettempdir()).glob("register-*")}


def is_over(job):
    return not stored(job).is_unfinished


def statements(job):
    with job.result.open() as file:
        sheet = openpyxl.load_workbook(file, read_only=True).active
        rows = sheet.iter_rows(min_row=4, values_only=True)
        return [row[11] for row in rows if isinstance(row[0], int)]


def test_export_killed_in_the_middle_says_so_and_comes_whole_the_second_time(
    client, station, liaison, workers
):
    fill_register(station, LINES)
    files, aside = result_files(), files_aside()
    job = start_job("receptions_export", {"query": ""}, actor=liaison)
    worker = workers.start(job.pk)
    wait_for(in_the_middle(job, "写入"), pause=0.002)
    assert locks.is_held(job.pk)
    kill(worker)

    client.force_login(liaison)
    page = client.get(reverse("jobs:detail", args=[job.pk])).content.decode()
    assert "后台程序中途停止，没有生成文件，可以再次运行。" in page
    assert stored(job).state == "interrupted"
    assert result_files() == files
    assert files_aside() == aside
    assert not AuditEntry.objects.filter(action="export").exists()
    sweep_jobs()
    assert not os.path.exists(locks.folder() / str(job.pk))

    client.post(reverse("jobs:again", args=[job.pk]))
    workers.start(job.pk)
    wait_for(lambda: is_over(job))
    job = stored(job)
    assert (job.state, job.attempt) == ("done", 2)
    assert len(statements(job)) == len(set(statements(job))) == LINES
    assert AuditEntry.objects.filter(action="export").count() == 1
    assert len(result_files() - files) == 1


def test_three_workers_with_one_job_do_it_once(station, liaison, workers):
    fill_register(station, 2000)
    files = result_files()
    job = start_job("receptions_export", {"query": ""}, actor=liaison)
    for _ in range(3):
        workers.start(job.pk)
    wait_for(lambda: is_over(job))
    wait_for(lambda: not any(map(is_alive, workers.started)))
    assert stored(job).state == "done"
    assert AuditEntry.objects.filter(action="export").count() == 1
    assert len(result_files() - files) == 1


def is_alive(worker):
    try:
        os.kill(worker, 0)
    except ProcessLookupError:
        return False
    return True


def test_message_of_a_killed_worker_comes_back_and_does_no_harm(station, liaison, workers):
    fill_register(station, LINES)
    job = start_job("receptions_export", {"query": ""}, actor=liaison)
    worker = workers.start(job.pk)
    wait_for(in_the_middle(job, "写入"), pause=0.002)
    kill(worker)
    workers.start(job.pk)
    wait_for(lambda: is_over(job))
    assert stored(job).state == "interrupted"
    run_again(stored(job), actor=liaison)
    workers.start(job.pk)
    wait_for(lambda: is_over(job))
    assert stored(job).state == "done"
    assert AuditEntry.objects.filter(action="export").count() == 1


# Import ------------------------------------------------------------------------------------------
@pytest.fixture
def batch(station, liaison):
    """A checked sheet of some thousand rows, to be confirmed."""
    DeputyFactory(station=station, name="石刚")
    entry = {"接待日期": "2025-3-5", "接待代表": "石刚", "来访人姓名": "王建国"}
    content = reception_sheet([{**entry, "反映内容": f"第{n}件事"} for n in range(ROWS)])
    options = Options(station=station.name)
    return importing.store_upload(
        "receptions", content, "接待.xlsx", actor=liaison, options=options
    )


def test_import_killed_in_the_middle_leaves_nothing_and_can_be_confirmed_again(
    client, liaison, batch, workers, settings
):
    settings.IMPORT_AT_ONCE = 1000
    job = background.start_write(batch, actor=liaison, partial=False)
    worker = workers.start(job.pk)
    wait_for(in_the_middle(job, "写入"), pause=0.002)
    assert stored(job).state == "running"
    kill(worker)

    client.force_login(liaison)
    page = client.get(reverse("jobs:detail", args=[job.pk])).content.decode()
    assert "后台程序中途停止，没有写入任何内容，可以再次运行。" in page
    batch.refresh_from_db()
    assert (batch.state, batch.created_rows, batch.outcome) == ("checked", [], {})
    assert Reception.objects.count() == 0
    assert not AuditEntry.objects.exclude(action="log_in").exists()

    confirm = reverse("visits:reception_import_confirm", args=[batch.pk])
    client.post(confirm)
    again = Job.objects.latest("pk")
    assert again != job
    workers.start(again.pk)
    wait_for(lambda: is_over(again))
    assert stored(again).message == f"已导入 {ROWS} 条。"
    written = Opinion.objects.values_list("statement", flat=True)
    assert Counter(written) == Counter(f"第{n}件事" for n in range(ROWS))
    numbers = Reception.objects.values_list("number", flat=True)
    assert sorted(numbers) == list(range(1, ROWS + 1))


def test_two_confirmations_at_once_are_one_import(liaison, batch, workers):
    jobs = [background.start_write(batch, actor=liaison, partial=given) for given in (False, True)]
    for job in jobs:
        workers.start(job.pk)
    wait_for(lambda: all(map(is_over, jobs)))
    assert sorted((stored(job).state, stored(job).message) for job in jobs) == [
        ("done", f"已导入 {ROWS} 条。"),
        ("failed", "这一批已经导入过，没有重复导入。"),
    ]
    assert Reception.objects.count() == ROWS
