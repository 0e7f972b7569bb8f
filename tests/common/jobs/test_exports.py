"""A register goes out: at once when it is short, otherwise by the worker, as its owner may then."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from common.jobs.kinds import Work
from common.jobs.services import run_job
from common.models import AuditEntry, Job
from stations.models import Posting
from tests.common.jobs.registers import fill_register
from tests.factories import StationFactory, make_reception
from visits.models import Reception
from visits.tasks import export_receptions

pytestmark = pytest.mark.django_db
EXPORT = reverse("visits:reception_export")


@pytest.fixture(autouse=True)
def short(settings):
    """Five lines are a long file here."""
    settings.EXPORT_AT_ONCE = 5


@pytest.fixture
def reader(client, liaison):
    client.force_login(liaison)
    return client


def asked(client, query=""):
    """Ask for a file that is too long to wait for, and return its job."""
    answer = client.post(f"{EXPORT}{query}")
    assert answer.status_code == 302
    job = Job.objects.latest("pk")
    assert answer.url == reverse("jobs:detail", args=[job.pk])
    return job


def done(job):
    run_job(job.pk)
    return Job.objects.get(pk=job.pk)


def sheet_of(job):
    with job.result.open() as file:
        return openpyxl.load_workbook(io.BytesIO(file.read())).active


def statements(sheet):
    rows = sheet.iter_rows(min_row=4, values_only=True)
    return [row[11] for row in rows if isinstance(row[0], int)]


def test_short_file_comes_at_once(reader, station):
    fill_register(station, 5)
    answer = reader.post(EXPORT)
    assert answer.status_code == 200
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert len(statements(openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active)) == 5
    assert not Job.objects.exists()


def test_long_file_is_a_job_with_the_same_content(reader, station):
    fill_register(station, 6)
    job = done(asked(reader))
    assert (job.state, job.title) == ("done", "导出代表来访接待登记簿")
    assert job.message == "6 批，6 人次，意见 6 条"
    assert job.download_name == "代表来访接待登记簿-石桥镇中心联络站-2026.xlsx"
    assert statements(sheet_of(job))[1:] == [f"第{n}条：村口路灯不亮" for n in range(2, 7)]


def test_opinions_count_not_visits(reader, station, liaison):
    for _ in range(2):
        make_reception(station, actor=liaison, opinions=[{"statement": str(n)} for n in range(3)])
    assert len(statements(sheet_of(done(asked(reader))))) == 2  # six lines, visits merged


def test_double_click_makes_one_file(reader, station):
    fill_register(station, 6)
    assert asked(reader) == asked(reader)


def test_conditions_of_the_list_hold_for_the_file(reader, station, liaison):
    today = timezone.localdate()
    make_reception(station, actor=liaison, received_on=today, opinions=[{}] * 6)
    fill_register(station, 6)
    job = asked(reader, f"?from={today - timedelta(days=1)}")
    job = done(job)
    assert job.message == "1 批，1 人次，意见 6 条"
    assert f"筛选：从 {today.year}年" in sheet_of(job)["A2"].value


def test_export_is_logged_once_when_it_is_made(reader, station, liaison):
    fill_register(station, 6)
    job = asked(reader)
    assert not AuditEntry.objects.filter(action="export").exists()
    done(job)
    entry = AuditEntry.objects.get(action="export")
    assert (entry.actor, entry.subject_label) == (liaison, "石桥镇中心联络站")
    assert entry.note == "簿一 2026年 6 行，已脱敏"


def test_owner_who_lost_the_right_meanwhile_gets_no_file(reader, station, liaison):
    fill_register(station, 6)
    job = asked(reader)
    Posting.objects.filter(user=liaison).delete()
    job = done(job)
    assert (job.state, job.message) == ("failed", "您没有权限做这项工作，没有完成。")
    assert not job.result
    assert not AuditEntry.objects.filter(action="export").exists()


def test_owner_who_changed_the_station_gets_what_they_see_now(reader, station, liaison):
    fill_register(station, 6)
    job = asked(reader)
    other = StationFactory(name="新桥联络站")
    Posting.objects.filter(user=liaison).update(station=other)
    make_reception(other, actor=liaison)
    assert done(job).download_name == "代表来访接待登记簿-新桥联络站-2026.xlsx"


def test_rows_that_went_meanwhile_are_refused_in_words(reader, station):
    fill_register(station, 6)
    job = asked(reader)
    Reception.objects.update(voided_at=timezone.now())
    job = done(job)
    assert job.state == "failed"
    assert job.message.startswith("没有符合条件的登记，没有可导出的。")


def test_export_tells_how_far_it_is(reader, station):
    fill_register(station, 450)
    job = asked(reader)
    told = []
    export_receptions(Work(job.owner, job.arguments, io.BytesIO(), lambda *at: told.append(at)))
    assert told == [("写入", 0, 450), ("写入", 200, 450), ("写入", 400, 450), ("保存文件", 0, 0)]


def test_reader_without_export_is_refused_at_once(client, deputy, settings):
    client.force_login(deputy.user)
    assert client.post(EXPORT).status_code == 403
    assert not Job.objects.exists()


def test_role_is_asked_where_it_is_held(reader, station, liaison):
    """Six lines of a station whose register the liaison cannot export make no job."""
    fill_register(station, 6)
    Posting.objects.filter(user=liaison).update(role=Role.OBSERVER)
    assert reader.post(EXPORT).status_code == 403
    assert not Job.objects.exists()
