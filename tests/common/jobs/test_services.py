"""What becomes of a job: run once, refused, broken, found dead, run again, swept."""

import os
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import User
from common.errors import RuleViolation
from common.jobs import kinds, locks
from common.jobs.kinds import Kind, Result
from common.jobs.progress import Reporter, standing_of
from common.jobs.services import run_again, run_job, settle, start_job, sweep_jobs
from common.models import Job, TaskFailure
from common.tasks import run_job as task
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def stored(job):
    return Job.objects.get(pk=job.pk)


def dead(job):
    """As a killed worker leaves it: running, and nobody holds its lock."""
    Job.objects.filter(pk=job.pk).update(state="running", started_at=timezone.now())
    return stored(job)


def ended(job, *, days):
    Job.objects.filter(pk=job.pk).update(finished_at=timezone.now() - timedelta(days=days))


def content_of(job):
    with job.result.open() as file:
        return file.read().decode()


def files():
    folder = settings.MEDIA_ROOT / "job"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


# Started -----------------------------------------------------------------------------------------
def test_job_waits_in_the_callers_transaction_and_is_sent_after_it(
    liaison, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as sent:
        job = start_job("lines", {"lines": 3}, actor=liaison)
        assert (job.state, job.title, job.owner_id) == ("queued", "导出几行", liaison.pk)
    assert len(sent) == 1


def test_same_work_asked_for_twice_is_one_job_until_it_is_over(liaison):
    job = start_job("lines", {"lines": 3, "a": 1}, actor=liaison)
    assert start_job("lines", {"a": 1, "lines": 3}, actor=liaison) == job
    assert start_job("lines", {"lines": 4}, actor=liaison) != job
    run_job(job.pk)
    assert start_job("lines", {"lines": 3, "a": 1}, actor=liaison) != job


def test_the_same_work_of_two_people_is_two_jobs(liaison, station_head):
    one = start_job("lines", {"lines": 3}, actor=liaison)
    assert start_job("lines", {"lines": 3}, actor=station_head) != one


def test_sixth_unfinished_job_of_one_person_is_refused(liaison, station_head):
    for number in range(5):
        start_job("lines", {"lines": number}, actor=liaison)
    with pytest.raises(RuleViolation, match="5 项工作没有做完"):
        start_job("lines", {"lines": 9}, actor=liaison)
    start_job("lines", {"lines": 9}, actor=station_head)


# Run ---------------------------------------------------------------------------------------------
def test_job_keeps_its_file_under_a_name_that_says_nothing(lines_job):
    run_job(lines_job.pk)
    job = stored(lines_job)
    assert (job.state, job.message, job.download_name) == ("done", "3 行", "登记簿 2026.xlsx")
    assert (job.stage, job.done, job.total) == ("写入", 2, 3)
    assert content_of(job) == "第 1 行\n第 2 行\n第 3 行\n"
    assert "登记" not in job.result.name
    assert job.result.name.endswith(".xlsx")
    assert not (locks.folder() / str(job.pk)).exists()
    assert os.stat(job.result.path).st_mode & 0o777 == 0o600


def test_message_that_comes_twice_does_nothing_the_second_time(lines_job):
    run_job(lines_job.pk)
    first = stored(lines_job)
    run_job(lines_job.pk)
    assert stored(lines_job).result.name == first.result.name
    assert stored(lines_job).finished_at == first.finished_at


def test_message_of_a_job_that_is_gone_does_nothing(db):
    run_job(987_654)


def test_refusal_is_told_to_the_owner_and_leaves_no_file(liaison):
    before = files()
    job = start_job("lines", {"lines": 3, "refuse_at": 2}, actor=liaison)
    run_job(job.pk)
    job = stored(job)
    assert (job.state, job.message) == ("failed", "没有符合条件的登记。")
    assert (job.result.name, files()) == ("", before)
    assert not TaskFailure.objects.exists()


def test_error_is_put_down_and_the_owner_is_told_no_more_than_that_it_failed(liaison):
    job = start_job("lines", {"lines": 3, "break_at": 2}, actor=liaison)
    task.apply([job.pk])
    job = stored(job)
    assert job.state == "failed"
    assert job.message == "程序出错，没有完成。请再次运行；还是不行，请告诉管理员。"
    assert TaskFailure.objects.get().task == "common.run_job"


def test_owner_who_may_not_log_in_any_more_gets_nothing(lines_job, liaison):
    User.objects.filter(pk=liaison.pk).update(is_active=False)
    run_job(lines_job.pk)
    assert stored(lines_job).message == "您没有权限做这项工作，没有完成。"


def test_work_that_writes_and_the_end_of_its_job_are_one(liaison):
    job = start_job("rename", {}, actor=liaison)
    run_job(job.pk)
    assert stored(job).state == "done"
    assert stored(job).next_url == "/inbox/"
    assert User.objects.get(pk=liaison.pk).name == "改过的名字"


def test_work_that_breaks_after_writing_has_written_nothing(liaison):
    job = start_job("rename", {"broken": True}, actor=liaison)
    with pytest.raises(ValueError, match="too late"):
        run_job(job.pk)
    assert stored(job).state == "failed"
    assert User.objects.get(pk=liaison.pk).name == liaison.name


def test_work_that_was_taken_for_dead_and_went_on_counts_for_nothing(liaison):
    def rename_slowly(work):
        result = kinds._KINDS["rename"].run(work)
        Job.objects.filter(kind="slow").update(state="interrupted")  # as somebody else would
        return result

    kinds.register(Kind("slow", "改名", rename_slowly, writes=True))
    job = start_job("slow", {}, actor=liaison)
    run_job(job.pk)
    assert User.objects.get(pk=liaison.pk).name == liaison.name


def test_late_file_of_a_job_taken_for_dead_is_thrown_away(liaison):
    def write_slowly(work):
        Job.objects.filter(kind="slow").update(state="interrupted")
        work.target.write(b"late")
        return Result("", "late.xlsx")

    before = files()
    kinds.register(Kind("slow", "导出", write_slowly))
    job = start_job("slow", {}, actor=liaison)
    run_job(job.pk)
    assert stored(job).state == "interrupted"
    assert files() == before


# Dead, and again ---------------------------------------------------------------------------------
def test_running_job_without_a_process_is_interrupted_and_says_where(lines_job):
    job = dead(lines_job)
    Reporter(job)("写入", 3200, 10_000)
    settle(job)
    assert job.state == "interrupted"
    assert job.message == "后台程序中途停止，没有生成文件，可以再次运行。"
    assert (job.stage, job.done, job.total) == ("写入", 3200, 10_000)


def test_running_job_with_a_process_is_left_alone(lines_job):
    job = dead(lines_job)
    with locks.held(job.pk) as free:
        assert free
        settle(job)
        sweep_jobs()
    assert stored(job).state == "running"


def test_message_that_comes_back_after_a_kill_marks_the_job_and_does_not_repeat_it(liaison):
    job = dead(start_job("rename", {}, actor=liaison))
    run_job(job.pk)
    assert stored(job).state == "interrupted"
    run_job(job.pk)
    assert stored(job).state == "interrupted"
    assert User.objects.get(pk=liaison.pk).name == liaison.name


def test_interrupted_job_runs_again_from_the_beginning(lines_job, liaison):
    job = dead(lines_job)
    settle(job)
    run_again(job, actor=liaison)
    again = stored(job)
    assert (again.state, again.message, again.done, again.attempt) == ("queued", "", 0, 2)
    run_job(job.pk)
    assert content_of(stored(job)) == "第 1 行\n第 2 行\n第 3 行\n"


def test_only_the_owner_runs_a_job_again(lines_job, station_head):
    job = dead(lines_job)
    settle(job)
    with pytest.raises(PermissionDenied):
        run_again(job, actor=station_head)


def test_what_runs_or_is_done_is_not_run_again(lines_job, liaison):
    for _ in range(2):
        with pytest.raises(RuleViolation, match="已经在进行或已经完成"):
            run_again(stored(lines_job), actor=liaison)
        run_job(lines_job.pk)


def test_job_is_not_run_again_while_the_same_work_is_in_hand(lines_job, liaison):
    job = dead(lines_job)
    settle(job)
    start_job("lines", {"lines": 3}, actor=liaison)
    with pytest.raises(RuleViolation, match="同样的工作已经在进行"):
        run_again(job, actor=liaison)


# How far -----------------------------------------------------------------------------------------
def test_progress_is_put_down_twice_a_second_at_most(lines_job):
    report = Reporter(lines_job)
    for done in range(2000):
        report("核对", done, 2000)
    assert standing_of(lines_job).done == 0
    report._not_before = 0
    report("核对", 1999, 2000)
    assert standing_of(lines_job).done == 1999


def test_new_stage_shows_at_once(lines_job):
    report = Reporter(lines_job)
    report("读取表格", 0, 0)
    report("核对", 0, 3200)
    assert standing_of(lines_job).in_words("行") == "核对 0 / 3,200 行"


def test_progress_of_an_earlier_run_is_not_shown(lines_job):
    Reporter(lines_job)("核对", 5, 10)
    settle(dead(lines_job))
    run_again(stored(lines_job), actor=lines_job.owner)
    assert standing_of(stored(lines_job)).in_words("行") == ""


# Swept -------------------------------------------------------------------------------------------
def test_files_are_deleted_after_seven_days(lines_job):
    run_job(lines_job.pk)
    path = stored(lines_job).result.path
    ended(lines_job, days=6.9)
    sweep_jobs()
    assert os.path.exists(path)
    ended(lines_job, days=7.1)
    sweep_jobs()
    assert not os.path.exists(path)
    assert (stored(lines_job).state, stored(lines_job).has_file) == ("done", False)


def test_rows_are_deleted_after_ninety_days(lines_job):
    run_job(lines_job.pk)
    ended(lines_job, days=91)
    sweep_jobs()
    assert not Job.objects.exists()


def test_sweep_takes_away_what_a_killed_process_left(lines_job):
    job = dead(lines_job)
    place = locks.folder() / str(job.pk)
    place.mkdir()
    (place / "result").write_bytes(b"half a file")
    sweep_jobs()
    assert stored(job).state == "interrupted"
    assert not place.exists()


def test_sweep_deletes_files_that_no_job_knows_of_once_they_are_old(lines_job):
    run_job(lines_job.pk)
    folder = settings.MEDIA_ROOT / "job"
    for name, hours in (("old.xlsx", 25), ("new.xlsx", 1)):
        (folder / name).write_bytes(b"")
        at = timezone.now().timestamp() - hours * 3600
        os.utime(folder / name, (at, at))
    kept = stored(lines_job).result.path
    os.utime(kept, (0, 0))
    sweep_jobs()
    assert os.path.exists(kept)
    assert not (folder / "old.xlsx").exists()
    assert (folder / "new.xlsx").exists()


def test_job_that_nobody_took_up_stays_queued_and_runs_when_its_message_comes(lines_job):
    late = timezone.now() - timedelta(minutes=2)
    Job.objects.filter(pk=lines_job.pk).update(queued_at=late)
    sweep_jobs()
    assert stored(lines_job).state == "queued"
    run_job(lines_job.pk)
    assert stored(lines_job).state == "done"


def test_jobs_are_visible_to_their_owner_only(lines_job, liaison, station_head):
    assert list(Job.objects.visible_to(liaison)) == [lines_job]
    assert not Job.objects.visible_to(station_head).exists()
    assert not Job.objects.visible_to(UserFactory(is_superuser=True)).exists()
