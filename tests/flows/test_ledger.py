"""The 办理台账 goes in, is looked at, comes out, and goes in again."""

import io
import os
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.actors import SYSTEM
from common.importing.services import check_sheet, import_sheet, undo_batch
from common.models import AuditEntry, ImportBatch
from suggestions import services
from suggestions.choices import Act
from suggestions.documents.ledger import export_ledger
from suggestions.models import Handling, Step, Suggestion
from tests.suggestions.ledgers import (
    ASSIGNED,
    RAISED,
    RATED,
    REPLIED,
    edited,
    ledger,
    ledger_scene,
)

pytestmark = pytest.mark.django_db
SAMPLES = Path(os.environ.get("SAMPLE_SHEETS", "no-samples"))
needs_soffice = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="soffice (LibreOffice) is not here"
)
LINES = [
    {**RATED, "建议编号": "001", "附议代表": "上官秀兰（青山村联络站）"},
    {**RATED, "建议编号": "002", "对办理结果": "不满意", "协办单位": "区水务局、区教育局"},
    {**ASSIGNED, "建议编号": "闭会001", "标题": "=1+1", "内容": "第一行\n第二行 <b>"},
    {**RAISED, "建议编号": "闭会002", "类型": "批评"},
    {**RATED, "建议编号": "003", "主办单位": "区公安分局、区城管局", "结果类别": "A；B"},
]


@pytest.fixture(autouse=True)
def _april(time_machine):
    time_machine.move_to("2026-04-01T10:00:00+08:00", tick=False)


@pytest.fixture
def scene():
    return ledger_scene()


@pytest.fixture
def brought(scene):
    """The scene with the five lines on file."""
    assert taken(ledger(*LINES), scene.office).written == 5
    return scene


def taken(content, actor=SYSTEM, name="台账.xlsx"):
    return import_sheet("suggestions", content, name, actor=actor)


def exported(actor=SYSTEM) -> bytes:
    stream = io.BytesIO()
    export_ledger(Suggestion.objects.visible_to(actor), stream, actor=actor)
    return stream.getvalue()


def test_choosing_the_person_in_the_preview_makes_the_line_good(client, scene):
    client.force_login(scene.office)
    content = ledger({**RATED, "领衔代表": "上官秀兰"}, {**RATED, "建议编号": "002"})
    file = SimpleUploadedFile("台账.xlsx", content)
    page = client.post(reverse("suggestions:import"), {"file": file}, follow=True)
    text = page.content.decode()
    assert "上官秀兰（青山村联络站）" in text
    batch = ImportBatch.objects.get()
    [name] = [line.split('"')[0] for line in text.split('name="')[1:] if line.startswith("cell-")]
    mended = {name: "上官秀兰（青山村联络站）"}
    client.post(reverse("suggestions:import_cells", args=[batch.pk]), mended)
    client.post(reverse("suggestions:import_confirm", args=[batch.pk]))
    rows = Suggestion.objects.order_by("number")
    assert [row.lead for row in rows] == [scene.there, scene.lead]
    shown = client.get(reverse("suggestions:import_check", args=[batch.pk])).content.decode()
    assert reverse("suggestions:list") in shown


def test_what_went_out_comes_in_again_as_all_duplicates(brought):
    content = exported()
    for actor in (SYSTEM, brought.office):
        outcome = taken(content, actor)
        assert (outcome.total, outcome.duplicates) == (5, 5)
        assert outcome.as_json()["warnings"] == []
    assert Suggestion.objects.count() == 5


@needs_soffice
@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_what_an_office_program_saved_again_is_all_duplicates(brought, tmp_path, ending):
    (tmp_path / "in").mkdir()
    source = tmp_path / "in" / "台账.xlsx"
    source.write_bytes(exported())
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", ending, "--outdir", tmp_path, source],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    again = (tmp_path / f"台账.{ending}").read_bytes()
    outcome = taken(again, name=f"台账.{ending}")
    assert (outcome.total, outcome.duplicates) == (5, 5)


def test_no_text_of_the_workbook_is_a_formula(brought):
    sheet = openpyxl.load_workbook(io.BytesIO(exported())).active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert [cell.value for cell in cells if cell.value == "=1+1"] == ["=1+1"]
    assert {cell.data_type for cell in cells if cell.value == "=1+1"} == {"s"}
    assert sheet.print_title_rows == "$1:$3"
    assert sheet.page_setup.orientation == "landscape"


def test_the_columns_are_those_of_the_paper(brought):
    sheet = openpyxl.load_workbook(io.BytesIO(exported())).active
    lines = list(sheet.iter_rows(values_only=True))
    assert lines[0][0] == "代表建议、批评和意见办理台账"
    assert lines[1][0] == "临溪区人大常委会代表工作委员会    年度：2025年"
    assert lines[2][:4] == ("序号", "建议编号", "届次", "类型")
    assert lines[2][-2:] == ("备注", "内部标识（勿改）")
    assert [line[1] for line in lines[3:8]] == ["001", "002", "003", "闭会001", "闭会002"]
    assert lines[3][7] == "上官秀兰（青山村联络站）"


def test_a_changed_cell_corrects_exactly_its_row(brought):
    before = {one.pk: one.version for one in Suggestion.objects.all()}
    content = edited(exported(), ("002", "结果类别", "C"), ("002", "备注", "来电更正"))
    outcome = taken(content, brought.office)
    assert (outcome.updated, outcome.duplicates) == (1, 4)
    row = Suggestion.objects.get(occasion="session", number=2)
    share = row.handlings.get(duty="lead")
    assert (share.reply.result_class, row.note, row.state) == ("C", "来电更正", "closed")
    step = row.steps.latest("pk")
    assert (step.act, step.facts["结果类别"]) == (Act.IMPORT, "A → C")
    after = {one.pk: one.version for one in Suggestion.objects.all()}
    assert [pk for pk in after if after[pk] != before[pk]] == [row.pk]
    assert taken(exported()).duplicates == 5


def test_an_answer_written_into_an_open_line_brings_it_on(brought):
    changes = [("闭会001", "答复日期", "2025-4-20"), ("闭会001", "结果类别", "A类"),
               ("闭会001", "对办理结果", "很满意")]  # fmt: skip
    assert taken(edited(exported(), *changes), brought.office).updated == 1
    row = Suggestion.objects.get(occasion="between", number=1)
    assert (row.state, row.handlings.get().reply.result_class) == ("closed", "A")
    assert not row.deadlines.open().exists()


def test_a_line_that_changed_meanwhile_is_rejected(brought):
    first = exported()
    taken(edited(first, ("002", "备注", "甲")), brought.office)
    content = edited(first, ("002", "备注", "乙"))
    [problem] = check_sheet("suggestions", content, "台账.xlsx", actor=SYSTEM).as_json()["errors"]
    assert problem["column"] == "备注"
    assert "重新导出" in problem["message"]


def test_what_has_its_course_here_is_not_moved_by_a_sheet(brought):
    row = Suggestion.objects.get(occasion="between", number=1)
    services.urge_suggestion(row, actor=brought.office)
    content = exported()
    changed = edited(content, ("闭会001", "答复日期", "2025-4-20"))
    told = check_sheet("suggestions", changed, "台账.xlsx", actor=SYSTEM).as_json()["errors"]
    assert [(one["column"], "请在页面上办理" in one["message"]) for one in told] == [
        ("答复日期", True)
    ]
    assert taken(edited(content, ("闭会001", "备注", "已催办"))).updated == 1
    row.refresh_from_db()
    assert row.note == "已催办"


def test_number_and_meeting_stay(brought):
    content = edited(exported(), ("002", "建议编号", "009"))
    [problem] = check_sheet("suggestions", content, "台账.xlsx", actor=SYSTEM).as_json()["errors"]
    assert (problem["column"], "不能更改" in problem["message"]) == ("建议编号", True)


def test_undo_takes_back_what_nobody_has_touched_and_names_the_rest(brought):
    row = Suggestion.objects.get(occasion="between", number=1)
    services.urge_suggestion(row, actor=brought.office)
    said = undo_batch(ImportBatch.objects.get(), actor=brought.office)
    assert "4 件建议" in said
    assert "闭会第001号 1 件导入后又有办理，没有删除" in said
    assert [one.code for one in Suggestion.objects.all()] == ["闭会第001号"]
    assert set(Step.objects.values_list("suggestion", flat=True)) == {row.pk}
    assert Handling.objects.count() == 1


def test_numbers_of_an_undone_batch_are_not_given_out_again(brought):
    session = Suggestion.objects.first().session
    undo_batch(ImportBatch.objects.get(), actor=brought.office)
    last = {one.occasion: one.last for one in session.series.all()}
    assert last == {"session": 3, "between": 2}
    assert taken(ledger(*LINES), brought.office).written == 5  # the sheet itself may come again


def test_the_button_of_the_list_gives_what_the_list_shows(client, brought):
    client.force_login(brought.office)
    address = reverse("suggestions:export")
    answer = client.post(f"{address}?kind=criticism")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    numbers = [row[1] for row in sheet.iter_rows(min_row=4, values_only=True)]
    assert numbers[0] == "闭会002"
    assert numbers[1] is None  # the remarks follow
    assert AuditEntry.objects.filter(action="export").exists()
    nothing = client.post(f"{address}?kind=motion")
    assert nothing.url == f"{reverse('suggestions:list')}?kind=motion"


def test_the_commands_write_all_three_sheets_and_read_them_again(brought, tmp_path, capsys):
    for kind in ("stations", "deputies", "suggestions"):
        out = tmp_path / f"{kind}.xlsx"
        call_command("export_sheet", kind, out=str(out))
        outcome = import_sheet(kind, out.read_bytes(), out.name, actor=SYSTEM)
        assert outcome.total == outcome.duplicates > 0
    with pytest.raises(CommandError, match="没有文件夹"):
        call_command("export_sheet", "stations", out=str(tmp_path / "no" / "x.xlsx"))


def test_the_ledger_of_the_office_is_read_as_a_whole():
    if not SAMPLES.is_dir():
        pytest.skip("SAMPLE_SHEETS names no folder with the sheets of an office")
    for kind, name in (("stations", "联络站名册.xlsx"), ("deputies", "代表名册.xlsx")):
        import_sheet(kind, (SAMPLES / name).read_bytes(), name, actor=SYSTEM)
    content = (SAMPLES / "代表建议办理台账-2025.xlsx").read_bytes()
    checked = check_sheet("suggestions", content, "代表建议办理台账-2025.xlsx", actor=SYSTEM)
    wrong = [(one["row"], one["column"]) for one in checked.as_json()["errors"]]
    assert checked.total == 40
    assert wrong == [(10, "附议代表"), (13, "附议代表"), (16, "领衔代表"), (17, "领衔代表"),
                     (37, "领衔代表")]  # fmt: skip
    chosen = "上官秀兰（百花村联络站）"
    changes = [("007", "附议代表", f"{chosen}、李英刚"), ("010", "附议代表", chosen)]
    changes += [(number, "领衔代表", chosen) for number in ("013", "014", "闭会006")]
    mended = edited(content, *changes)
    assert taken(mended).written == 40
    assert taken(mended).duplicates == 40
    states = list(Suggestion.objects.values_list("state", flat=True))
    assert (states.count("closed"), states.count("handling")) == (35, 5)
    assert taken(exported()).duplicates == 40


@pytest.mark.parametrize("line", [REPLIED, RAISED])
def test_a_line_alone_goes_out_and_in(scene, line):
    taken(ledger(line))
    assert taken(exported()).duplicates == 1
