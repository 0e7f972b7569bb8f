"""Sheets as offices keep them go in from the command line and through the browser."""

import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from common.models import AuditEntry, ImportBatch
from deputies.models import Deputy
from stations.models import Station, Unit
from tests.factories import DeputyFactory, StationFactory
from tests.sheets import PRINTED, reception_sheet, workbook
from visits.models import Opinion, Reception

pytestmark = pytest.mark.django_db


@pytest.fixture
def deputies(station):
    return [DeputyFactory(station=station, name=name) for name in ("石刚", "廖波英", "李和平")]


@pytest.fixture
def run(tmp_path):
    """Run import_sheet on these bytes; return the parsed JSON and the exit status."""

    def run(content, *options, kind="receptions", name="接待.xlsx"):
        path = tmp_path / name
        path.write_bytes(content)
        out = io.StringIO()
        status = 0
        try:
            call_command("import_sheet", kind, str(path), "--json", *options, stdout=out)
        except CommandError as error:
            status = error.returncode
        return json.loads(out.getvalue()), status

    return run


def entry(**cells):
    return {"接待日期": "2025-3-5", "接待代表": "石刚", "反映内容": "村口路灯不亮", **cells}


ABOVE = "联络站:石桥镇中心联络站    年度:2025年"


def test_three_columns_are_enough(run, station, deputies):
    found, status = run(reception_sheet([entry()], above=ABOVE))
    assert status == 0
    assert (found["rows"], found["accepted"], found["written"]) == (1, 1, 1)
    reception = Reception.objects.get()
    assert (reception.code, reception.headcount, reception.channel) == ("2025-001", 1, "visit")
    assert reception.late_entry


def test_the_same_file_twice_gives_only_duplicates(run, station, deputies):
    content = reception_sheet([entry(), entry(反映内容="小桥断裂")], above=ABOVE)
    run(content)
    found, status = run(content)
    assert status == 0
    assert (found["duplicates"], found["written"]) == (2, 0)
    assert Reception.objects.count() == 2


def test_equal_lines_match_only_as_many_stored_rows(run, station, deputies):
    run(reception_sheet([entry()], above=ABOVE))
    found, _ = run(reception_sheet([entry()] * 3, above=ABOVE))
    assert (found["duplicates"], found["written"]) == (1, 2)


def test_a_void_row_is_no_duplicate(run, station, deputies):
    content = reception_sheet([entry()], above=ABOVE)
    batch = run(content)[0]["batch"]
    call_command("undo_import", batch, stdout=io.StringIO())
    assert Reception.objects.get().void_reason == "撤销导入"
    assert run(content)[0]["written"] == 1
    assert [r.number for r in Reception.objects.order_by("number")] == [1, 2]


def test_lines_with_the_visits_cells_merged_are_one_visit(run, station, deputies):
    lines = [entry(来访人姓名="王建国", 反映内容="甲"), {"反映内容": "乙"}]
    merged = [f"{letter}4:{letter}5" for letter in "BDE"]
    found, _ = run(reception_sheet(lines, above=ABOVE, merged=merged))
    assert found["rows"] == 2
    reception = Reception.objects.get()
    assert [o.statement for o in reception.opinions.all()] == ["甲", "乙"]


def test_one_bad_row_keeps_everything_out_and_is_named_by_its_cell(run, station, deputies):
    content = reception_sheet([entry(), entry(接待日期="2025年2月30日")], above=ABOVE)
    found, status = run(content)
    assert status == 1
    assert (found["accepted"], found["rejected"], found["written"]) == (1, 1, 0)
    [error] = found["errors"]
    assert (error["sheet"], error["row"], error["column"]) == ("Sheet", 5, "接待日期")
    assert "B5" in error["message"]
    assert "2025年2月没有30日" in error["message"]
    assert not Reception.objects.exists()
    assert not ImportBatch.objects.exists()


def test_partial_writes_the_good_rows(run, station, deputies):
    content = reception_sheet([entry(), entry(接待日期="2099-1-1")], above=ABOVE)
    found, status = run(content, "--partial")
    assert status == 0
    assert (found["written"], found["rejected"]) == (1, 1)
    assert "今天之后" in found["errors"][0]["message"]


def test_a_dry_run_writes_nothing(run, station, deputies):
    found, status = run(reception_sheet([entry()], above=ABOVE), "--dry-run")
    assert (status, found["accepted"], found["written"], found["batch"]) == (0, 1, 0, None)
    assert not Reception.objects.exists()


def test_an_unknown_deputy_is_an_error_of_the_cell(run, station, deputies):
    found, status = run(reception_sheet([entry(接待代表="石刚、王二麻")], above=ABOVE))
    assert status == 1
    assert "没有代表“王二麻”" in found["errors"][0]["message"]


def test_a_name_of_two_people_is_an_error_of_the_cell(run, station, deputies):
    DeputyFactory(station=station, name="石刚")
    found, status = run(reception_sheet([entry()], above=ABOVE))
    assert status == 1
    assert "有 2 位" in found["errors"][0]["message"]


def test_a_name_that_holds_the_word_and_is_not_split(run, station, deputies):
    run(reception_sheet([entry(接待代表="李和平和石刚")], above=ABOVE))
    assert Reception.objects.get().deputy_names == "李和平、石刚"


def test_an_optional_cell_that_cannot_be_read_goes_to_the_note(run, station, deputies):
    found, status = run(
        reception_sheet([entry(来访人数="若干", 问题类别="玄学", 备注="原有备注")], above=ABOVE)
    )
    assert status == 0
    assert [warning["column"] for warning in found["warnings"]] == ["来访人数", "问题类别"]
    assert "I4" in found["warnings"][0]["message"]
    reception = Reception.objects.get()
    assert reception.note == "原有备注\n来访人数：若干\n问题类别：玄学"
    assert reception.headcount == 1


def test_unknown_columns_go_to_the_note(run, station, deputies):
    content = reception_sheet([entry(天气="晴")], above=ABOVE, headers=[*PRINTED, "天气"])
    run(content)
    assert Reception.objects.get().note == "天气：晴"


def test_a_date_without_a_year_needs_one_and_never_takes_todays(run, station, deputies):
    content = reception_sheet([entry(接待日期="3月5日")], above="联络站:石桥镇中心联络站")
    found, status = run(content)
    assert status == 1
    assert "年" in found["errors"][0]["message"]
    found, _ = run(content, "--year", "2024")
    assert Reception.objects.get().received_on.isoformat() == "2024-03-05"


def test_ditto_means_the_day_above_and_nothing_where_that_cannot_be_read(run, station, deputies):
    lines = [entry(), entry(接待日期="同上", 反映内容="乙")]
    assert run(reception_sheet(lines, above=ABOVE), "--dry-run")[0]["accepted"] == 2
    lines[0]["接待日期"] = "2月30日"
    assert run(reception_sheet(lines, above=ABOVE), "--dry-run")[0]["rejected"] == 2


def test_formulas_and_markup_in_text_stay_text(run, station, deputies, client, liaison):
    text = "<script>alert(1)</script>"
    content = f"接待日期,接待代表,来访人姓名,反映内容\n2025-3-5,石刚,=1+1,{text}".encode()
    run(content, "--station", station.name, name="接待.csv")
    assert Reception.objects.get().visitor_name == "=1+1"
    opinion = Opinion.objects.get()
    assert opinion.statement == text
    client.force_login(liaison)
    page = client.get(reverse("visits:reception_detail", args=[opinion.reception_id]))
    assert text not in page.content.decode()
    assert "&lt;script&gt;" in page.content.decode()


def test_a_formula_without_a_stored_value_is_an_error_of_its_cell(run, station, deputies):
    found, status = run(reception_sheet([entry(来访人数="=1+1")], above=ABOVE))
    assert status == 1
    assert found["errors"][0]["column"] == "来访人数"
    assert "公式" in found["errors"][0]["message"]


def test_an_unknown_unit_is_kept_for_the_office_to_confirm(run, station, deputies):
    run(reception_sheet([entry(承办单位="区某某局")], above=ABOVE))
    assert not Unit.objects.get(name="区某某局").confirmed


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x89PNG not a sheet", "表格"),
        (b"", "空"),
        (b"PK\x03\x04broken", "打不开|损坏|表格"),
    ],
)
def test_what_is_no_workbook_is_refused_in_words(run, station, content, words):
    found, status = run(content)
    assert status == 2
    assert any(word in found["error"] for word in words.split("|"))


def test_a_zip_bomb_is_refused_before_it_is_unpacked(run, station, deputies):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("[Content_Types].xml", "<Types/>")
        with bomb.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(400):
                part.write(b"0" * 1024 * 1024)
    found, status = run(stream.getvalue())
    assert status == 2
    assert found["error"]


def test_ten_thousand_empty_formatted_rows_are_no_entries(run, station, deputies):
    rows = [["代表来访接待登记簿"], [ABOVE], PRINTED, ["", "2025-3-5", "", "石刚"]]
    rows[3] += [""] * 7 + ["村口路灯不亮"]
    rows += [[None] * 20 for _ in range(10_000)]
    assert run(workbook(rows))[0]["rows"] == 1


def test_a_csv_of_an_old_program_is_read(run, station, deputies):
    lines = [",".join(PRINTED), "1,2025-3-5,,石刚,,,,,,,,村口路灯不亮"]
    content = "\r\n".join(lines).encode("gb18030")
    found, status = run(content, "--station", "石桥镇中心联络站", name="接待.csv")
    assert (status, found["written"]) == (0, 1)


def test_a_station_the_user_has_no_right_to_is_refused(run, station, deputies, outsider):
    found, status = run(reception_sheet([entry()], above=ABOVE), "--as", outsider.username)
    assert status == 2
    assert "没有权限" in found["error"]
    assert not Reception.objects.exists()


def test_a_sheet_without_a_station_asks_for_one(run, station, deputies):
    found, status = run(reception_sheet([entry()]))
    assert status == 2
    assert "哪个联络站" in found["error"]


def test_every_imported_row_and_the_batch_are_logged(run, station, deputies, liaison):
    run(reception_sheet([entry()], above=ABOVE), "--as", liaison.username)
    lines = AuditEntry.objects.filter(action="import")
    assert {line.subject_type for line in lines} == {"visits.reception", "common.importbatch"}
    assert {line.actor for line in lines} == {liaison}


# --- rosters ---

STATIONS = [
    "序号",
    "站名",
    "类型",
    "上级站",
    "乡镇街道",
    "村社区",
    "面积(㎡)",
    "站长",
    "联络员",
    "接待日",
    "星级",
    "建成日期",
    "状态",
]
LISTED = [
    [1, "白塔镇中心联络站", "中心联络站", None, "白塔镇", None, 103, "阎浩之", "彭之娟", "每周三",
     "四星", "2017-3-4", "已建成"],
    [2, "白塔村联络站", "联络站", "白塔镇中心联络站", "白塔镇", "白塔村", 54, "侯政", "周善",
     "每月20日", None, "2024.8.15", "在建"],
]  # fmt: skip


def test_a_roster_of_stations_makes_areas_stations_and_staff(run, district):
    found, _ = run(workbook([["联络站名册"], STATIONS, *LISTED]), kind="stations")
    assert found["written"] == 2
    village = Station.objects.get(name="白塔村联络站")
    assert village.parent.name == "白塔镇中心联络站"
    assert village.area.name == "白塔村"
    assert village.area.provisional
    assert village.area.code.startswith(village.township.code)
    assert village.township.code.startswith("990101")
    assert [p.person_name for p in village.postings.filter(role="liaison")] == ["周善"]
    assert run(workbook([["名册"], STATIONS, *LISTED]), kind="stations")[0]["duplicates"] == 2


def test_a_changed_cell_of_a_roster_updates_the_station(run, district):
    run(workbook([["联络站名册"], STATIONS, *LISTED]), kind="stations")
    changed = [[*LISTED[0]], LISTED[1]]
    changed[0][9] = "每周五"
    found, _ = run(workbook([["名册"], STATIONS, *changed]), kind="stations")
    assert (found["accepted"], found["updated"], found["duplicates"]) == (1, 1, 1)
    assert Station.objects.get(name="白塔镇中心联络站").reception_days == "每周五"


DEPUTIES = [
    "姓名",
    "性别",
    "出生年月",
    "联系电话",
    "代表层级",
    "届次",
    "选区(选举单位)",
    "代表小组",
    "所属联络站",
]


def person(name="魏泽子", phone="18251283086", level="区", born="1975.12", constituency="第3选区"):
    return [
        name, "男", born, phone, level, "第五届", constituency, "石桥镇第1代表小组",
        "石桥镇中心联络站",
    ]  # fmt: skip


def test_two_lines_of_one_person_are_one_deputy_with_two_mandates(run, station):
    rows = [person(), person(level="镇", constituency="第9选区")]
    found, _ = run(workbook([["代表名册"], DEPUTIES, *rows]), kind="deputies")
    assert found["written"] == 2
    deputy = Deputy.objects.get()
    assert {m.level for m in deputy.mandates.all()} == {"district", "township"}
    assert deputy.initials == "wzz"
    again, _ = run(workbook([["代表名册"], DEPUTIES, *rows]), kind="deputies")
    assert again["duplicates"] == 2


def test_namesakes_told_apart_by_phone_and_birth_are_two_deputies(run, station):
    rows = [person(), person(phone="13900000000", born="1962.01")]
    run(workbook([["代表名册"], DEPUTIES, *rows]), kind="deputies")
    assert Deputy.objects.count() == 2


def test_a_deputy_of_an_unknown_station_is_an_error_of_the_cell(run, station):
    row = [*person()[:-1], "没有的站"]
    found, status = run(workbook([["代表名册"], DEPUTIES, row]), kind="deputies")
    assert status == 1
    assert "没有叫“没有的站”的联络站" in found["errors"][0]["message"]


# --- in the browser ---

UPLOAD = reverse("visits:reception_import")


def upload(client, content, name="接待.xlsx", **data):
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, content), **data})


def test_a_sheet_is_checked_confirmed_and_taken_back_in_the_browser(
    client, liaison, station, deputies
):
    client.force_login(liaison)
    answer = upload(client, reception_sheet([entry(), entry(接待代表="无此人")], above=ABOVE))
    preview = client.get(answer.url).content.decode()
    assert "没有代表“无此人”" in preview
    assert not Reception.objects.exists()
    batch = ImportBatch.objects.get()
    confirm = reverse("visits:reception_import_confirm", args=[batch.pk])
    client.post(confirm)
    assert not Reception.objects.exists()
    client.post(confirm, {"partial": "1"})
    client.post(confirm, {"partial": "1"})
    assert Reception.objects.count() == 1
    assert "已导入" in client.get(answer.url).content.decode()
    client.post(reverse("visits:reception_import_undo", args=[batch.pk]))
    assert Reception.objects.get().is_void


def test_headings_nobody_knows_are_named_by_the_user(client, liaison, station, deputies):
    content = workbook(
        [
            ["接待情况"],
            ["那天", "接待代表", "来访人姓名", "说了啥"],
            ["2025-3-5", "石刚", "王", "灯坏"],
        ]
    )
    client.force_login(liaison)
    answer = upload(client, content, station="石桥镇中心联络站")
    named = client.get(answer.url, follow=True)
    form = named.context["form"]
    assert form.headings == ["那天", "说了啥"]
    columns = reverse("visits:reception_import_columns", args=[ImportBatch.objects.get().pk])
    checked = client.post(columns, {"column_0": "接待日期", "column_1": "反映内容"}, follow=True)
    assert checked.context["outcome"]["accepted"] == 1


def test_an_upload_that_is_no_sheet_is_said_at_the_field(client, liaison, station):
    client.force_login(liaison)
    answer = upload(client, b"hello", name="x.pdf")
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]
    assert not ImportBatch.objects.exists()


def test_a_user_of_several_stations_says_which_one_is_meant(client, liaison, station, deputies):
    StationFactory()
    client.force_login(liaison)
    answer = upload(client, reception_sheet([entry()]))
    assert "哪个联络站" in answer.content.decode()


def test_ditto_under_the_deputies_means_those_above(run, station, deputies):
    lines = [entry(接待代表="石刚、廖波英"), entry(接待代表="〃", 反映内容="乙")]
    run(reception_sheet(lines, above=ABOVE))
    assert {r.deputy_names for r in Reception.objects.all()} == {"石刚、廖波英"}


def test_a_station_named_in_the_title_is_found(run, station, deputies):
    content = reception_sheet([entry()], title="石桥镇中心联络站 二〇二五年接待选民登记簿")
    assert run(content)[0]["written"] == 1


def test_a_day_below_the_signatures_is_no_entry(run, station, deputies):
    lines = [entry(), {"接待日期": "填表人：余固"}, {"接待代表": "2026年1月3日"}]
    found, status = run(reception_sheet(lines, above=ABOVE))
    assert (status, found["rows"]) == (0, 1)


def test_a_number_that_became_text_keeps_its_digits(run, station, deputies):
    run(reception_sheet([entry(联系电话="13800138000.0")], above=ABOVE))
    assert Reception.objects.get().phone == "13800138000"
