"""The page of a job in each of its states, the file, the list; nobody else gets any of them."""

from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.urls import reverse
from django.utils import timezone

from common import pulse
from common.jobs import locks
from common.jobs.progress import Reporter
from common.jobs.services import run_job, start_job
from common.models import Job

pytestmark = pytest.mark.django_db
LIST = reverse("jobs:list")


def page_of(job, name="detail"):
    return reverse(f"jobs:{name}", args=[job.pk])


def text_of(client, job, **headers):
    return client.get(page_of(job), headers=headers).content.decode()


@pytest.fixture
def reader(client, liaison):
    client.force_login(liaison)
    return client


@pytest.fixture
def alive(lines_job):
    """The job runs: its state says so, and its lock is held."""
    Job.objects.filter(pk=lines_job.pk).update(state="running", started_at=timezone.now())
    with locks.held(lines_job.pk):
        yield lines_job


# Its states --------------------------------------------------------------------------------------
def test_queued_job_asks_again_by_itself_with_and_without_javascript(reader, lines_job):
    text = text_of(reader, lines_job)
    assert "排队" in text
    assert "马上开始" in text
    assert 'hx-trigger="every 1500ms"' in text
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in text


def test_job_that_waits_says_whether_the_worker_runs(reader, lines_job):
    Job.objects.update(queued_at=timezone.now() - timedelta(minutes=1))
    assert "后台程序没有运行，恢复后会自动开始" in text_of(reader, lines_job)
    pulse.beat(pulse.WORKER)
    assert "前面还有别的工作，排到就开始" in text_of(reader, lines_job)


def test_page_left_open_stops_asking_so_that_its_session_may_end(reader, lines_job):
    Job.objects.update(queued_at=timezone.now() - timedelta(minutes=31))
    text = text_of(reader, lines_job)
    assert "hx-trigger" not in text
    assert "http-equiv" not in text


def test_running_job_says_how_far_it_is(reader, alive):
    Reporter(alive)("核对", 3200, 10_000)
    text = text_of(reader, alive)
    assert "核对 3,200 / 10,000 行" in text
    assert 'value="3200" max="10000"' in text
    assert "32%" in text


def test_htmx_gets_the_part_that_changes(reader, alive):
    text = text_of(reader, alive, HX_Request="true")
    assert text.lstrip().startswith('<section id="job"')
    assert "<html" not in text


def test_done_job_offers_its_file_and_asks_no_more(reader, lines_job):
    run_job(lines_job.pk)
    text = text_of(reader, lines_job)
    assert "hx-trigger" not in text
    assert f'href="{page_of(lines_job, "download")}"' in text
    assert "登记簿 2026.xlsx" in text
    assert "hx-swap-oob" in text_of(reader, lines_job, HX_Request="true")


def test_done_job_leads_on(reader, liaison):
    job = start_job("rename", {}, actor=liaison)
    run_job(job.pk)
    assert '<a class="btn btn-main" href="/inbox/">看消息</a>' in text_of(reader, job)


def test_file_past_its_time_is_not_offered(reader, lines_job):
    run_job(lines_job.pk)
    Job.objects.update(result="")
    assert "文件已过保留期" in text_of(reader, lines_job)
    assert reader.get(page_of(lines_job, "download")).status_code == 404


def test_broken_job_shows_no_inner_words_and_can_be_run_again(reader, liaison):
    job = start_job("lines", {"lines": 3, "break_at": 2}, actor=liaison)
    with pytest.raises(ValueError, match="138"):
        run_job(job.pk)
    text = text_of(reader, job)
    assert "程序出错，没有完成" in text
    assert "停在：写入 1 / 3 行" in text
    assert "13800135678" not in text
    assert "ValueError" not in text
    assert reader.post(page_of(job, "again")).status_code == 302
    assert Job.objects.get(pk=job.pk).state == "queued"


def test_page_notices_by_itself_that_the_process_is_gone(reader, lines_job):
    Job.objects.update(state="running")
    text = text_of(reader, lines_job)
    assert "中断" in text
    assert "后台程序中途停止，没有生成文件，可以再次运行。" in text
    assert "再次运行</button>" in text


def test_running_again_what_is_done_is_refused_in_words(reader, lines_job):
    run_job(lines_job.pk)
    answer = reader.post(page_of(lines_job, "again"), follow=True)
    assert "已经在进行或已经完成" in answer.content.decode()


# The file ----------------------------------------------------------------------------------------
def test_download_is_an_attachment_with_its_chinese_name(reader, lines_job):
    run_job(lines_job.pk)
    answer = reader.get(page_of(lines_job, "download"))
    assert b"".join(answer.streaming_content).decode() == "第 1 行\n第 2 行\n第 3 行\n"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=utf-8''")
    assert unquote(disposition).endswith("登记簿 2026.xlsx")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"].endswith("spreadsheetml.sheet")
    assert "no-store" in answer.headers["Cache-Control"]


def test_job_without_a_file_has_no_download(reader, lines_job):
    assert reader.get(page_of(lines_job, "download")).status_code == 404


def test_nobody_else_gets_page_file_or_another_run(client, station_head, lines_job):
    run_job(lines_job.pk)
    client.force_login(station_head)
    assert client.get(page_of(lines_job)).status_code == 404
    assert client.get(page_of(lines_job, "download")).status_code == 404
    assert client.post(page_of(lines_job, "again")).status_code == 404
    assert "导出几行" not in client.get(LIST).content.decode()


# The list ----------------------------------------------------------------------------------------
def test_list_shows_my_work_newest_first(reader, lines_job, liaison):
    start_job("rename", {}, actor=liaison)
    text = reader.get(LIST).content.decode()
    assert text.index("改名") < text.index("导出几行")


def test_empty_list_says_what_it_is_for(reader):
    assert "还没有导出或导入" in reader.get(LIST).content.decode()


def test_list_asks_as_often_for_thirty_jobs_as_for_one(
    reader, liaison, lines_job, django_assert_num_queries
):
    def done(number):
        Job(
            kind="lines", title="导出几行", fingerprint=str(number), owner=liaison, state="done",
            queued_at=timezone.now(), result="job/a.xlsx", download_name="a.xlsx",
        ).save()  # fmt: skip

    reader.get(LIST)
    with django_assert_num_queries(5) as one:
        reader.get(LIST)
    for number in range(30):
        done(number)
    with django_assert_num_queries(len(one)):
        reader.get(LIST)


def test_menu_leads_to_the_list_for_who_exports(client, liaison, deputy):
    for user, shown in ((liaison, True), (deputy.user, False)):
        client.force_login(user)
        assert (LIST in client.get(reverse("inbox:list")).content.decode()) is shown
