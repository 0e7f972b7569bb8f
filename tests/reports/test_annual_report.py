import json

import pytest
from django.core.management import CommandError, call_command
from docx import Document
from openpyxl import load_workbook

from common.models import AuditEntry

pytestmark = pytest.mark.django_db


def run(folder, **options):
    call_command("annual_report", out=str(folder), **{"year": 2025, **options})
    [workbook] = folder.glob("*.xlsx")
    return workbook, json.loads((folder / "figures.json").read_text(encoding="utf-8"))


def test_writes_the_workbook_and_the_figures(year, tmp_path):
    workbook, figures = run(tmp_path / "out")
    assert workbook.name == "年度报告-临溪区-2025.xlsx"
    assert load_workbook(workbook)["T3 各月接待"]["B4"].value == 2
    assert (figures["year"], figures["area"]) == (2025, "临溪区")
    own, of_suggestions = "T1 T2 T3 T4 T5 T6", "T7 T7A T8 T9 T10 T11 T12 T13"
    assert list(figures["tables"]) == f"{own} {of_suggestions} T14 T15 T16 T17 T18".split()
    t2 = figures["tables"]["T2"]
    assert t2["title"] == "各站工作"
    assert t2["columns"][:4] == ["联络站", "批次", "人次", "意见条数"]
    no_duty = [0, 0, 0, 0, 0, None, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    assert t2["rows"] == [
        ["石桥镇中心联络站", 3, 15, 4, 1, 2, 2, 3, 3, 1, 1, 33.33, 66.67, *no_duty, "未评星"],
        ["石桥村联络站", 1, 3, 1, 0, 0, 1, 0, 0, 0, 0, None, None, *no_duty, "四星"],
        ["柳河镇中心联络站", 1, 4, 1, 1, 0, 1, 1, 1, 1, 0, 100.0, 100.0, *no_duty, "五星"],
        ["合计", 5, 22, 6, 2, 2, 4, 4, 4, 2, 1, 50.0, 75.0, *no_duty, ""],
    ]
    assert figures["tables"]["T4"]["rows"][-1][-2:] == [6, 100.0]
    for table in figures["tables"].values():
        assert {len(row) for row in table["rows"]} == {len(table["columns"])}


def test_writes_the_word_file_with_the_text(year, tmp_path):
    run(tmp_path)
    said = [line.text for line in Document(tmp_path / "年度报告-临溪区-2025.docx").paragraphs]
    assert said[0] == "临溪区2025年度人大代表联络站工作报告"
    assert "临溪区人大常委会代表工作委员会" in said


def test_the_log_says_that_the_system_did_it(year, tmp_path):
    run(tmp_path)
    entry = AuditEntry.objects.get(action="export")
    assert (entry.actor, entry.actor_name, entry.subject_label) == (None, "系统", "临溪区")


def test_days_area_and_station(year, tmp_path, village_station):
    workbook, figures = run(
        tmp_path, first="2025-1-1", last="6月30日", area="990101103", station="石桥村联络站"
    )
    assert workbook.name == "年度报告-石桥村联络站-2025年上半年.xlsx"
    assert (figures["area"], figures["station"]) == ("石桥镇", "石桥村联络站")
    assert figures["tables"]["T2"]["rows"][-1][:4] == ["合计", 1, 3, 1]
    assert len(figures["tables"]["T3"]["rows"]) == 6 + 1


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"first": "2025-02-30"}, "--from"),
        ({"last": "不知道"}, "--to"),
        ({"last": "3月上旬"}, "--to：“3月上旬”不是一天"),
        ({"first": "2025-06-01", "last": "2025-05-01"}, "不能早于"),
        ({"year": 25}, "年份应在 2000 到 2100 之间"),
        ({"area": "123456"}, "没有代码为“123456”的区划"),
        ({"station": "没有的站"}, "没有名为“没有的站”的联络站"),
        ({"station": "石桥村联络站", "area": "990101104"}, "“石桥村联络站”不在柳河镇"),
    ],
)
def test_refuses_in_chinese(year, tmp_path, options, reason):
    with pytest.raises(CommandError, match=reason):
        run(tmp_path, **options)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_named(tmp_path, db):
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="写不进"):
        call_command("annual_report", year=2025, out=str(tmp_path / "file"))
