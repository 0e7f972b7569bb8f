"""A large sheet is checked and written by the worker; its pages lead on."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from common.jobs.services import run_job, settle
from common.models import ImportBatch, Job
from tests.factories import DeputyFactory
from tests.sheets import reception_sheet
from visits.models import Reception

pytestmark = pytest.mark.django_db
UPLOAD = reverse("visits:reception_import")


@pytest.fixture(autouse=True)
def small(settings):
    """Every sheet is a large one here."""
    settings.IMPORT_AT_ONCE = 100


@pytest.fixture
def reader(client, liaison, station):
    DeputyFactory(station=station, name="石刚")
    client.force_login(liaison)
    return client


def sheet(*statements, **fields):
    entry = {"接待日期": "2025-3-5", "接待代表": "石刚", "来访人姓名": "王建国", **fields}
    return reception_sheet([{**entry, "反映内容": statement} for statement in statements])


def page(name, batch):
    return reverse(f"visits:reception_import_{name}", args=[batch.pk])


def uploaded(client, station, content):
    """Upload, and return the batch with the job that checks it."""
    file = SimpleUploadedFile("接待.xlsx", content)
    answer = client.post(UPLOAD, {"file": file, "station": station.name, "year": "2025"})
    job = Job.objects.latest("pk")
    assert answer.status_code == 302, answer.content.decode()
    assert answer.url == reverse("jobs:detail", args=[job.pk])
    return ImportBatch.objects.latest("pk"), job


def confirmed(client, batch, **given):
    answer = client.post(page("confirm", batch), given)
    job = Job.objects.latest("pk")
    assert answer.url == reverse("jobs:detail", args=[job.pk])
    return job


def done(job):
    run_job(job.pk)
    return Job.objects.get(pk=job.pk)


def test_large_sheet_is_checked_and_written_in_the_background(reader, station):
    batch, job = uploaded(reader, station, sheet("路灯不亮", "路面不平"))
    assert job.title == "核对“接待.xlsx”"
    assert not Reception.objects.exists()
    job = done(job)
    assert (job.state, job.next_url) == ("done", page("check", batch))
    assert "路面不平" in reader.get(job.next_url).content.decode()

    job = done(confirmed(reader, batch))
    assert (job.title, job.message) == ("导入“接待.xlsx”", "已导入 2 条。")
    assert job.stage == "写入"
    assert Reception.objects.count() == 2
    assert "已导入" in reader.get(job.next_url).content.decode()


def test_page_that_watches_is_led_on_when_the_check_is_over(reader, station):
    batch, job = uploaded(reader, station, sheet("路灯不亮"))
    run_job(job.pk)
    answer = reader.get(reverse("jobs:detail", args=[job.pk]), headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == page("check", batch)


def test_small_sheet_is_checked_at_once(reader, station, settings):
    settings.IMPORT_AT_ONCE = 300 * 1024
    file = SimpleUploadedFile("接待.xlsx", sheet("路灯不亮"))
    answer = reader.post(UPLOAD, {"file": file, "station": station.name, "year": "2025"})
    batch = ImportBatch.objects.get()
    assert answer.url == page("check", batch)
    reader.post(page("confirm", batch))
    assert Reception.objects.count() == 1
    assert not Job.objects.exists()


def test_file_that_cannot_be_read_is_said_with_a_way_back(reader, station):
    _, job = uploaded(reader, station, b"PK\x03\x04" + b"no sheet" * 50)
    job = done(job)
    assert job.state == "failed"
    assert job.message
    text = reader.get(reverse("jobs:detail", args=[job.pk])).content.decode()
    assert f'<a class="btn" href="{UPLOAD}">返回</a>' in text


def test_columns_that_nobody_knows_are_named_next(reader, station):
    content = reception_sheet([{"甲": "2025-3-5", "乙": "石刚"}], headers=["甲", "接待代表", "乙"])
    batch, job = uploaded(reader, station, content)
    assert done(job).next_url in {page("columns", batch), UPLOAD}


def test_batch_confirmed_twice_is_one_job_and_one_import(reader, station):
    batch, job = uploaded(reader, station, sheet("路灯不亮"))
    run_job(job.pk)
    first, second = confirmed(reader, batch), confirmed(reader, batch)
    assert first == second
    assert done(first).state == "done"
    third = done(confirmed(reader, batch))
    assert (third.state, third.message) == ("failed", "这一批已经导入过，没有重复导入。")
    assert Reception.objects.count() == 1


def test_batch_whose_import_was_interrupted_can_be_confirmed_again(reader, station):
    batch, job = uploaded(reader, station, sheet("路灯不亮"))
    run_job(job.pk)
    killed = confirmed(reader, batch)
    Job.objects.filter(pk=killed.pk).update(state="running")
    killed.refresh_from_db()
    settle(killed)
    assert killed.message == "后台程序中途停止，没有写入任何内容，可以再次运行。"
    again = confirmed(reader, batch)
    assert again != killed
    assert done(again).message == "已导入 1 条。"
    assert Reception.objects.count() == 1


def test_faulty_rows_leave_everything_unwritten(reader, station):
    batch, job = uploaded(reader, station, sheet("路灯不亮", "路面不平", 接待代表="无此人"))
    run_job(job.pk)
    job = done(confirmed(reader, batch))
    assert (job.state, job.message) == ("done", "有误的行还没有改，什么都没有导入。")
    assert job.next_url == page("check", batch)
    assert not Reception.objects.exists()
    assert ImportBatch.objects.get().state == "checked"
