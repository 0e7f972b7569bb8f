"""The stored check: its pages never read the workbook again."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from common.importing.services import stored_preview
from common.models import AuditEntry, ColumnName, ImportBatch
from stations.models import Station
from tests.factories import DeputyFactory, StationFactory, make_reception, make_user
from tests.sheets import PRINTED, reception_sheet, workbook
from visits.documents import export_register
from visits.models import Reception

pytestmark = pytest.mark.django_db

UPLOAD = reverse("visits:reception_import")
ABOVE = "联络站:石桥镇中心联络站    年度:2025年"


def entry(**cells):
    return {"接待日期": "2025-3-5", "接待代表": "石刚", "反映内容": "村口路灯不亮", **cells}


@pytest.fixture
def at_work(client, liaison, station):
    """A client of the liaison, and a way to upload."""
    DeputyFactory(station=station, name="石刚")
    client.force_login(liaison)
    return client


def upload(client, content, name="接待.xlsx", **data):
    answer = client.post(UPLOAD, {"file": SimpleUploadedFile(name, content), **data})
    return answer.url, ImportBatch.objects.latest("pk")


def address(name, batch):
    return reverse(f"visits:reception_import_{name}", args=[batch.pk])


def field(row, column, table=0):
    """The name of a cell's field; row as the sheet says, column as a letter."""
    return f"cell-{table}-{row - 1}-{ord(column) - 65}"


# --- pages and views ---


def test_pages_are_read_from_the_stored_check_alone(at_work):
    lines = [entry(反映内容=f"第{n}件") for n in range(120)]
    lines[70]["接待日期"] = "2月30日"
    url, batch = upload(at_work, reception_sheet(lines, above=ABOVE))
    batch.file.storage.delete(batch.file.name)
    page = at_work.get(url, {"show": "accepted", "page": "3"})
    assert [row.number for row, _ in page.context["rows"]] == list(range(105, 124))
    rejected = at_work.get(url)
    assert [row.number for row, _ in rejected.context["rows"]] == [74]
    assert "2025年2月没有30日" in rejected.content.decode()


def test_each_view_counts_its_rows(at_work):
    at_work.post(address("confirm", upload(at_work, reception_sheet([entry()], above=ABOVE))[1]))
    lines = [
        entry(),
        entry(反映内容="乙"),
        entry(接待代表="无此人"),
        entry(反映内容="丙", 来访人数="若干"),
    ]
    url, _ = upload(at_work, reception_sheet(lines, above=ABOVE))
    views = {view: count for view, _, count in at_work.get(url).context["views"]}
    assert views == {"all": 4, "rejected": 1, "warned": 1, "duplicates": 1, "accepted": 2}


def test_a_preview_is_its_uploaders_alone(at_work, client, station):
    url, batch = upload(at_work, reception_sheet([entry(接待代表="无此人")], above=ABOVE))
    client.force_login(make_user("liaison", station))
    assert client.get(url).status_code == 404
    assert client.get(address("rejected", batch)).status_code == 404
    assert client.post(address("cells", batch), {field(4, "D"): "石刚"}).status_code == 404


def test_thirty_rows_cost_the_preview_no_more_queries_than_one(
    at_work, django_assert_max_num_queries
):
    for count in (1, 30):
        lines = [entry(反映内容=f"第{n}件") for n in range(count)]
        url, _ = upload(at_work, reception_sheet(lines, above=ABOVE))
        with django_assert_max_num_queries(8):
            at_work.get(url)


# --- cells mended in place ---


def test_a_cell_mended_in_the_preview_is_read_instead_of_the_files(at_work, liaison):
    lines = [entry(接待日期="2025年2月30日"), entry(反映内容="乙")]
    url, batch = upload(at_work, reception_sheet(lines, above=ABOVE))
    assert f'name="{field(4, "B")}"' in at_work.get(url).content.decode()
    answer = at_work.post(address("cells", batch), {field(4, "B"): "2025年2月28日"}, follow=True)
    assert answer.context["outcome"]["rejected"] == 0
    shown = at_work.get(url, {"show": "mended"}).content.decode()
    assert "已改" in shown
    assert "2025年2月30日" in shown
    at_work.post(address("confirm", batch))
    days = sorted(str(day) for day in Reception.objects.values_list("received_on", flat=True))
    assert days == ["2025-02-28", "2025-03-05"]
    logged = AuditEntry.objects.get(action="change", subject_id=batch.pk)
    assert logged.changes == {"Sheet 第 4 行 接待日期": ["2025年2月30日", "2025年2月28日"]}
    assert logged.actor == liaison


def test_a_cell_mended_into_another_error_keeps_what_was_typed(at_work):
    _, batch = upload(at_work, reception_sheet([entry(接待日期="2025年2月30日")], above=ABOVE))
    answer = at_work.post(address("cells", batch), {field(4, "B"): "2099年1月1日"}, follow=True)
    page = answer.content.decode()
    assert 'value="2099年1月1日"' in page
    assert "在今天之后" in page
    assert "2025年2月30日" in page


def test_typing_what_the_file_says_takes_a_mended_cell_back(at_work):
    _, batch = upload(at_work, reception_sheet([entry(接待代表="王二麻")], above=ABOVE))
    at_work.post(address("cells", batch), {field(4, "D"): "石刚"})
    answer = at_work.post(address("cells", batch), {field(4, "D"): "王二麻"}, follow=True)
    assert answer.context["outcome"]["rejected"] == 1
    batch.refresh_from_db()
    assert batch.options["cells"] == []


def test_a_cell_that_is_not_at_fault_cannot_be_overwritten(at_work):
    lines = [entry(接待代表="无此人"), entry(反映内容="乙")]
    _, batch = upload(at_work, reception_sheet(lines, above=ABOVE))
    at_work.post(address("cells", batch), {field(5, "L"): "改掉", field(4, "L"): "改掉"})
    batch.refresh_from_db()
    assert batch.options["cells"] == []


def test_bad_cells_sent_as_they_were_are_no_change(at_work):
    lines = [entry(接待代表="王二麻"), entry(接待日期="2月30日")]
    _, batch = upload(at_work, reception_sheet(lines, above=ABOVE))
    sent = {field(4, "D"): "王二麻", field(5, "B"): " 2月30日"}
    answer = at_work.post(address("cells", batch), sent, follow=True)
    assert "没有改动" in answer.content.decode()
    assert not AuditEntry.objects.filter(action="change").exists()


def test_a_merged_cell_is_mended_once_for_all_its_lines(at_work):
    lines = [entry(接待日期="2月30日", 来访人姓名="王"), {"反映内容": "乙"}]
    merged = [f"{letter}4:{letter}5" for letter in "BDE"]
    url, batch = upload(at_work, reception_sheet(lines, above=ABOVE, merged=merged))
    page = at_work.get(url)
    assert page.context["outcome"]["rejected"] == 2
    assert field(5, "B") not in page.content.decode()
    answer = at_work.post(address("cells", batch), {field(4, "B"): "2月28日"}, follow=True)
    assert answer.context["outcome"]["accepted"] == 2


def test_a_formula_without_a_value_is_mended_too(at_work):
    _, batch = upload(at_work, reception_sheet([entry(来访人数="=1+1")], above=ABOVE))
    answer = at_work.post(address("cells", batch), {field(4, "I"): "2"}, follow=True)
    assert answer.context["outcome"]["accepted"] == 1


def test_a_written_batch_is_not_mended_any_more(at_work):
    lines = [entry(接待代表="无此人"), entry()]
    _, batch = upload(at_work, reception_sheet(lines, above=ABOVE))
    at_work.post(address("confirm", batch), {"partial": "1"})
    assert at_work.post(address("cells", batch), {field(4, "D"): "石刚"}).status_code == 404
    assert Reception.objects.count() == 1


# --- columns named by hand ---

NAMED = ["接待日期", "接待代表", "来访人姓名", "那天说的话", "心情"]


def strange(station_name="石桥镇中心联络站", statement="灯坏"):
    return workbook(
        [
            ["接待情况"],
            [f"联络站:{station_name}"],
            NAMED,
            ["2025-3-5", "石刚", "王", statement, "好"],
        ]
    )


def test_a_heading_named_once_is_known_the_next_time(at_work):
    url, batch = upload(at_work, strange())
    at_work.post(address("columns", batch), {"column_0": "反映内容", "column_1": "-"})
    url, _ = upload(at_work, strange(statement="路坏"))
    page = at_work.get(url)
    assert page.context["outcome"]["accepted"] == 1
    assert page.context["meta"]["remembered"] == {"那天说的话": "反映内容", "心情": None}
    assert "按上次的指定：“那天说的话”→<b>反映内容</b>" in page.content.decode()


def test_what_one_station_calls_its_columns_means_nothing_at_another(at_work, client, liaison):
    _, batch = upload(at_work, strange())
    at_work.post(address("columns", batch), {"column_0": "反映内容"})
    other = StationFactory(name="柳河镇中心联络站")
    DeputyFactory(station=other, name="石刚")
    client.force_login(make_user("liaison", other))
    url, _ = upload(client, strange("柳河镇中心联络站"))
    page = client.get(url, follow=True)
    assert page.context["form"].missing == ["反映内容"]


def test_a_remembered_heading_can_be_named_anew_and_forgotten(at_work):
    _, batch = upload(at_work, strange())
    at_work.post(address("columns", batch), {"column_0": "反映内容", "column_1": "满意度"})
    _, batch = upload(at_work, strange(statement="路坏"))
    form = at_work.get(address("columns", batch)).context["form"]
    assert [(f.label, f.initial) for f in form] == [("那天说的话", "反映内容"), ("心情", "满意度")]
    at_work.post(address("columns", batch), {"column_0": "反映内容", "column_1": ""})
    known = ColumnName.objects.values_list("place", "heading", "column")
    assert list(known) == [("石桥镇中心联络站", "那天说的话", "反映内容")]


# --- rejected rows given back ---


def corrected(content, **cells):
    """The workbook with cells of its first row of entries changed."""
    book = load_workbook(io.BytesIO(content))
    sheet = book.active
    header = {cell.value: cell.column for cell in sheet[3]}
    for name, value in cells.items():
        sheet.cell(4, header[name]).value = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_rejected_rows_come_back_as_a_workbook_and_go_in_once_corrected(at_work):
    lines = [entry(反映内容="甲"), entry(接待代表="王二麻", 备注="留着", 来访人数=3)]
    _, batch = upload(at_work, reception_sheet(lines, above=ABOVE), name="三月.xlsx")
    at_work.post(address("confirm", batch), {"partial": "1"})
    result = at_work.get(address("check", batch)).content.decode()
    assert "有 1 行没有导入" in result
    answer = at_work.get(address("rejected", batch))
    assert "%E4%B8%89%E6%9C%88-%E6%9C%89%E8%AF%AF1%E8%A1%8C.xlsx" in answer["Content-Disposition"]
    content = b"".join(answer.streaming_content)
    sheet = load_workbook(io.BytesIO(content)).active
    assert [cell.value for cell in sheet[3]] == [*PRINTED, "需要改的地方"]
    assert sheet["D4"].fill.fgColor.rgb == "FFFFC7CE"
    assert sheet["U4"].value == "接待代表：石桥镇中心联络站没有代表“王二麻”，请核对姓名"
    url, batch = upload(at_work, corrected(content, 接待代表="石刚"), name="三月-有误1行.xlsx")
    assert at_work.get(url).context["outcome"]["accepted"] == 1
    at_work.post(address("confirm", batch))
    reception = Reception.objects.get(note="留着")
    assert (reception.headcount, str(reception.received_on)) == (3, "2025-03-05")
    assert reception.opinions.get().statement == "村口路灯不亮"
    assert Reception.objects.count() == 2


def test_what_looks_like_a_formula_is_given_back_as_text(at_work, station):
    content = "接待日期,接待代表,来访人姓名,反映内容\n2025-3-5,王二麻,=1+1,灯坏".encode()
    _, batch = upload(at_work, content, name="接待.csv", station=station.name)
    given = b"".join(at_work.get(address("rejected", batch)).streaming_content)
    cell = load_workbook(io.BytesIO(given)).active["C4"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_same_as_above_is_written_out_where_a_row_stands_alone(at_work):
    lines = [entry(), entry(接待日期="同上", 接待代表="王二麻")]
    _, batch = upload(at_work, reception_sheet(lines, above=ABOVE))
    content = b"".join(at_work.get(address("rejected", batch)).streaming_content)
    assert load_workbook(io.BytesIO(content)).active["B4"].value == "2025-3-5"


def test_rejected_lines_of_one_visit_stay_merged(at_work):
    lines = [entry(接待日期="2月30日", 来访人姓名="王", 反映内容="甲"), {"反映内容": "乙"}]
    merged = [f"{letter}4:{letter}5" for letter in "BDE"]
    _, batch = upload(at_work, reception_sheet(lines, above=ABOVE, merged=merged))
    content = b"".join(at_work.get(address("rejected", batch)).streaming_content)
    _, batch = upload(at_work, corrected(content, 接待日期="2月28日"))
    at_work.post(address("confirm", batch))
    assert [o.statement for o in Reception.objects.get().opinions.all()] == ["甲", "乙"]


# --- sheets that went out and come back ---


def test_an_update_shows_old_and_new_as_its_reader_may_see_them(at_work, station, liaison):
    make_reception(station, actor=liaison, opinions=[{"statement": "校车班次少", "result": "在办"}])
    stream = io.BytesIO()
    year = Reception.objects.get().year
    export_register(Station.objects.get(pk=station.pk), year, stream, actor=liaison)
    book = load_workbook(stream)
    book.active["P4"] = "已增加一班"
    out = io.BytesIO()
    book.save(out)
    url, batch = upload(at_work, out.getvalue())
    page = at_work.get(url, {"show": "updated"})
    [(row, _)] = page.context["rows"]
    assert {c.column: (c.old, c.new) for c in row.changes.values()} == {
        "办理结果": ("在办", "已增加一班")
    }
    assert page.context["does"] == "更新 1 条"
    with stored_preview(batch) as stored:
        assert stored.count("accepted") == 1
