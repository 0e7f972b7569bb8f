"""Where an import leads: to the rows it wrote, to the place a sheet belongs, to words for a torn
file; and what becomes of an upload that nobody confirms."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.actors import SYSTEM
from common.importing import background
from common.models import ImportBatch, Job
from common.services import sweep
from tests.factories import DeputyFactory, make_reception
from tests.sheets import reception_sheet, workbook

pytestmark = pytest.mark.django_db

UPLOAD = reverse("visits:reception_import")
LIST = reverse("visits:reception_list")
ABOVE = "联络站:石桥镇中心联络站    年度:2025年"
HELP = ["序号", "帮扶日期", "帮扶代表", "被帮扶人", "住址", "帮扶类型", "办实事内容", "资金"]


@pytest.fixture
def at_work(client, liaison, station):
    DeputyFactory(station=station, name="石刚")
    client.force_login(liaison)
    return client


def entry(**cells):
    return {"接待日期": "2025-3-5", "接待代表": "石刚", "反映内容": "村口路灯不亮", **cells}


def upload(client, content, name="接待.xlsx", **data):
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, content), **data})


def confirmed(client, *entries):
    upload(client, reception_sheet(entries, above=ABOVE))
    batch = ImportBatch.objects.latest("pk")
    answer = client.post(reverse("visits:reception_import_confirm", args=[batch.pk]), follow=True)
    return batch, answer


def test_a_written_batch_leads_to_its_rows(at_work, station):
    make_reception(station, actor=SYSTEM, opinions=[{"statement": "别的事"}])
    batch, answer = confirmed(at_work, entry())
    assert f"{LIST}?batch={batch.pk}" in answer.content.decode()
    listed = at_work.get(LIST, {"batch": batch.pk})
    assert [row.batch_id for row in listed.context["page"].rows] == [batch.pk]
    assert f"第 {batch.pk} 批" in listed.content.decode()


def test_a_batch_of_another_station_lists_nothing(at_work, client, outsider):
    batch, _ = confirmed(at_work, entry())
    client.force_login(outsider)
    assert list(client.get(LIST, {"batch": batch.pk}).context["page"].rows) == []


def test_a_batch_that_only_changed_rows_or_is_undone_leads_to_no_list(at_work):
    batch, _ = confirmed(at_work, entry())
    at_work.post(reverse("visits:reception_import_undo", args=[batch.pk]))
    page = at_work.get(reverse("visits:reception_import_check", args=[batch.pk]))
    assert f"?batch={batch.pk}" not in page.content.decode()


def test_a_sheet_of_another_register_is_sent_there(at_work):
    lines = [["扶贫帮困办实事登记簿"], [ABOVE], HELP, [1, "2025-3-5", "石刚", "王大"]]
    answer = upload(at_work, workbook(lines))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "这像是《扶贫帮困办实事登记簿》，请到那里导入" in text
    assert reverse("visits:assistance_import") in text
    assert not ImportBatch.objects.exists()


def test_a_roster_under_the_receptions_is_named_but_not_linked_for_who_may_not(at_work):
    lines = [["代表名册"], ["姓名", "性别", "所属联络站", "代表层级"], ["王大", "男", "石桥", "区"]]
    text = upload(at_work, workbook(lines)).content.decode()
    assert "这像是《代表名册》" in text
    assert reverse("deputies:import") not in text


@pytest.mark.parametrize("title", ["代表来访接待登记簿", "接待情况"])
def test_a_sheet_of_this_register_with_strange_headings_goes_to_the_columns(at_work, title):
    lines = [
        [title],
        ["那天", "接待代表", "来访人姓名", "说了啥"],
        ["2025-3-5", "石刚", "王", "灯坏"],
    ]
    answer = upload(at_work, workbook(lines), station="石桥镇中心联络站")
    assert "/columns/" in at_work.get(answer.url, follow=True).redirect_chain[-1][0]


def test_text_that_calls_itself_a_workbook_is_said_to_be_broken(at_work):
    answer = upload(at_work, "不是表格，只有一句话".encode())
    assert answer.status_code == 422
    assert "这个文件打不开，可能已损坏或不是 Excel 文件" in answer.content.decode()


def test_a_preview_opens_on_the_faults_else_on_the_updates(at_work):
    url = upload(at_work, reception_sheet([entry(), entry(接待代表="无人")], above=ABOVE)).url
    assert at_work.get(url).context["show"] == "rejected"
    url = upload(at_work, reception_sheet([entry()], above=ABOVE)).url
    assert at_work.get(url).context["show"] == "all"


def test_an_upload_nobody_confirms_goes_with_its_preview_and_leaves_its_job(
    at_work, liaison, django_capture_on_commit_callbacks
):
    upload(at_work, reception_sheet([entry()], above=ABOVE))
    batch = ImportBatch.objects.get()
    storage, names = batch.file.storage, [batch.file.name, batch.preview.name]
    assert all(storage.exists(name) for name in names)
    job = background.start_check(batch, actor=liaison)
    ImportBatch.objects.update(created_at=timezone.now() - timedelta(days=8))
    with django_capture_on_commit_callbacks(execute=True):
        sweep()
    assert not ImportBatch.objects.exists()
    assert not any(storage.exists(name) for name in names)
    assert Job.objects.filter(pk=job.pk).exists()
    assert at_work.get(reverse("jobs:detail", args=[job.pk])).status_code == 200


def shown_changes(client, address, content):
    """What the preview shows as changed, by column: (old, new)."""
    answer = client.post(address, {"file": SimpleUploadedFile("名册.xlsx", content)})
    page = client.get(answer.url)
    assert page.context["show"] == "updated"
    [(_, cells)] = page.context["rows"]
    return {cell.column: (cell.old, cell.text) for cell in cells if cell.old is not None}


def test_an_updated_deputy_shows_old_and_new(client, district_officer, station):
    DeputyFactory(station=station, name="石刚", party="群众", gender="male", phone="")
    client.force_login(district_officer)
    heads = ["姓名", "性别", "政治面貌", "联系电话", "代表层级", "所属联络站"]
    lines = [["代表名册"], heads, ["石刚", "男", "中共党员", "", "", str(station)]]
    found = shown_changes(client, reverse("deputies:import"), workbook(lines))
    assert found == {"政治面貌": ("群众", "中共党员")}


def test_an_updated_station_shows_old_and_new(client, district_officer, station):
    station.reception_days = "每周三"
    station.save()
    client.force_login(district_officer)
    heads = ["站名", "乡镇街道", "接待日", "星级", "地址"]
    lines = [["联络站名册"], heads, [str(station), station.township.name, "每周五", "四星", ""]]
    found = shown_changes(client, reverse("stations:import"), workbook(lines))
    assert found.pop("接待日") == ("每周三", "每周五")
    assert set(found) <= {"星级"}
