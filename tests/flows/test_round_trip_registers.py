"""簿二 and 簿三 go in, come out, and come back: unchanged, saved by LibreOffice, changed, late."""

import datetime
import os
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
from django.db.models import Sum
from django.forms.models import model_to_dict
from python_calamine import CalamineWorkbook

from accounts.actors import SYSTEM
from common.importing.services import check_sheet, import_sheet
from tests.factories import DeputyFactory, UnitFactory, make_day
from tests.registers import activity_sheet, edited, exported, make_activity, make_assistance
from visits.choices import Register
from visits.models import Activity, Assistance, Opinion
from visits.services import follow_up, void_activity, void_assistance

pytestmark = pytest.mark.django_db

KINDS = {Register.ASSISTANCE: "assistance", Register.ACTIVITY: "activities"}
MODELS = {Register.ASSISTANCE: Assistance, Register.ACTIVITY: Activity}
both = pytest.mark.parametrize("register", [Register.ASSISTANCE, Register.ACTIVITY])
needs_soffice = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="soffice (LibreOffice) is not here"
)
# A folder with the sheets of an office: stations, deputies and both registers of one station.
SAMPLES = Path(os.environ.get("SAMPLE_SHEETS", "no-samples"))


@pytest.fixture
def people(station):
    names = ("石刚", "廖波英", "买买提·吐尔逊", "朱志")
    return [DeputyFactory(station=station, name=name) for name in names]


@pytest.fixture
def registers(station, people, liaison):
    """Entries in every shape the two registers print."""
    make_assistance(
        station,
        actor=liaison,
        deputies=people[:3],
        until=datetime.date(2025, 3, 7),
        address="石桥村6组",
        kind="schooling",
        deed="资助王建国两名子女\n学费",
        money=Decimal(30000),
        goods=Decimal("1200.5"),
        source="raised",
        households=10,
        people=100,
        approximate={"money": "3万余元", "goods": "大米10袋折1200.5元", "people": "100多人"},
        state="ongoing",
        finished_on=datetime.date(2026, 1, 8),
        witness="余固",
        note="联系13800135678\n补过材料",
    )
    make_assistance(
        station,
        actor=liaison,
        helped_on=datetime.date(2025, 5, 1),
        until=datetime.date(2025, 5, 10),
        date_approximate=True,
        deed="=1+1",
        beneficiary="",
        state="",
    )
    make_activity(
        station,
        actor=liaison,
        present=people[:2],
        leave=people[2:3],
        absent=people[3:],
        place="清溪河堤",
        kind="four_ones",
        organiser="镇人大",
        convener="石刚",
        guests="水务站负责人",
        minutes="实地查看\n座谈",
        opinions=[
            Opinion(statement="河堤栏杆松动", disposal="township", unit=UnitFactory()),
            Opinion(statement="增设路灯"),
        ],
        follow_up="已转镇政府",
        recorder="余固",
        note="电话13800135678",
    )
    make_activity(
        station,
        actor=liaison,
        held_on=datetime.date(2025, 5, 1),
        topic="只有人数",
        due_count=9,
        present_count=7,
        leave_count=1,
        absent_count=1,
        opinion_count=3,
    )
    odd = {"活动日期": "2025-6-1", "活动主题": "数对不上", "应到人数": 9, "实到人数": 5,
           "参加代表": "石刚、廖波英", "缺席代表": "朱志等2人"}  # fmt: skip
    import_sheet("activities", activity_sheet(odd), "x.xlsx", actor=liaison)
    return station


def facts(model):
    return {row.pk: model_to_dict(row) | {"version": row.version} for row in model.objects.all()}


# Unchanged ---------------------------------------------------------------------------------------
@both
@pytest.mark.parametrize("who", ["system", "masked"])
def test_what_went_out_comes_in_again_as_all_duplicates(registers, liaison, register, who):
    before = facts(MODELS[register])
    content = exported(register, registers, actor=SYSTEM if who == "system" else liaison)
    outcome = import_sheet(KINDS[register], content, "簿.xlsx", actor=liaison)
    found = outcome.as_json()
    assert (found["rows"], found["duplicates"]) == (len(before), len(before))
    assert (found["errors"], found["warnings"]) == ([], [])
    assert facts(MODELS[register]) == before


@both
@needs_soffice
@pytest.mark.parametrize("steps", [("xlsx",), ("ods", "xlsx"), ("ods",)])
def test_libreoffice_saves_it_again_and_nothing_changes(
    registers, liaison, register, steps, tmp_path
):
    before = facts(MODELS[register])
    path = tmp_path / "0" / "register.xlsx"
    path.parent.mkdir()
    path.write_bytes(exported(register, registers, actor=liaison))
    for number, ending in enumerate(steps, start=1):
        path = converted(path, ending, tmp_path / str(number))
    outcome = import_sheet(KINDS[register], path.read_bytes(), path.name, actor=liaison)
    assert (outcome.total, outcome.duplicates) == (len(before), len(before))
    assert facts(MODELS[register]) == before


def converted(path, ending, folder):
    profile = f"-env:UserInstallation=file://{folder.parent}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", ending, "--outdir", str(folder)]
    subprocess.run([*command, str(path)], check=True, capture_output=True, timeout=120)
    return folder / f"register.{ending}"


# Changed -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("register", "column", "value", "name", "stored"),
    [
        (Register.ASSISTANCE, "完成情况", "已完成", "state", "done"),
        (Register.ASSISTANCE, "资金(元)", 500, "money", Decimal(500)),
        (Register.ASSISTANCE, "受益人数", "约200人", "people", 200),
        (Register.ASSISTANCE, "帮扶对象", "李四", "beneficiary", "李四"),
        (Register.ASSISTANCE, "日期", "2025年3月6日", "helped_on", datetime.date(2025, 3, 6)),
        (Register.ASSISTANCE, "代表姓名", "朱志", "deputy_names", "朱志"),
        (Register.ACTIVITY, "落实情况", "已办结", "follow_up", "已办结"),
        (Register.ACTIVITY, "活动主题", "视察水厂", "topic", "视察水厂"),
        (Register.ACTIVITY, "参加代表", "廖波英、石刚", "deputy_names", "廖波英、石刚"),
        (Register.ACTIVITY, "实到人数", 1, "present_count", 1),
    ],
)
def test_a_changed_cell_changes_exactly_its_row(
    registers, liaison, register, column, value, name, stored
):
    model = MODELS[register]
    before = facts(model)
    content = edited(exported(register, registers, actor=liaison), (1, column, value))
    outcome = import_sheet(KINDS[register], content, "簿.xlsx", actor=liaison)
    assert (outcome.updated, outcome.duplicates) == (1, len(before) - 1)
    row = model.objects.get(number=1)
    assert getattr(row, name) == stored
    changed = {pk for pk, told in facts(model).items() if told != before[pk]}
    assert changed == {row.pk}
    told = facts(model)[row.pk]
    others = {key for key, old in before[row.pk].items() if told[key] != old}
    assert others <= {name, "version", "until", "approximate", "deputies", "deputy_names"}
    assert row.version == before[row.pk]["version"] + 1


def test_an_approximate_figure_that_becomes_exact_loses_its_words(registers, liaison):
    content = exported(Register.ASSISTANCE, registers, actor=liaison)
    content = edited(content, (1, "资金(元)", 28650), (1, "受益人数", "98人"))
    import_sheet("assistance", content, "簿.xlsx", actor=liaison)
    row = Assistance.objects.get(number=1)
    assert (row.money, row.people) == (28650, 98)
    assert row.approximate == {"goods": "大米10袋折1200.5元"}


def test_the_preview_shows_old_and_new_as_its_reader_may_see_them(registers, liaison):
    content = exported(Register.ASSISTANCE, registers, actor=liaison)
    content = edited(content, (1, "完成情况", "已完成"), (1, "资金(元)", 500))
    outcome = check_sheet("assistance", content, "簿.xlsx", actor=liaison)
    [row] = [row for row in outcome.rows if row.changes]
    assert {(c.column, c.old, c.new) for c in row.changes.values()} == {
        ("完成情况", "进行中", "已完成"), ("资金(元)", "3万余元", "500"),
    }  # fmt: skip


@both
def test_a_line_that_changed_meanwhile_is_rejected(registers, liaison, register):
    column = "证明人" if register == Register.ASSISTANCE else "记录人"
    content = exported(register, registers, actor=liaison)
    import_sheet(KINDS[register], edited(content, (1, column, "甲")), "簿.xlsx", actor=liaison)
    late = edited(content, (1, column, "乙"))
    found = check_sheet(KINDS[register], late, "簿.xlsx", actor=liaison).as_json()
    [problem] = found["errors"]
    assert (problem["row"], problem["column"]) == (4, column)
    assert "2025-001 导出以后在系统里又改过，请重新导出" in problem["message"]


@both
def test_a_line_whose_row_was_voided_comes_in_as_new(registers, liaison, station_head, register):
    content = exported(register, registers, actor=SYSTEM)
    void = void_assistance if register == Register.ASSISTANCE else void_activity
    void(MODELS[register].objects.get(number=2), actor=station_head, reason="重复")
    outcome = check_sheet(KINDS[register], content, "簿.xlsx", actor=liaison)
    assert (outcome.new, outcome.updated) == (1, 0)


@both
def test_a_day_of_another_year_is_refused_at_its_cell(registers, liaison, register):
    column = "日期" if register == Register.ASSISTANCE else "活动日期"
    content = edited(exported(register, registers, actor=liaison), (1, column, "2024-3-5"))
    found = check_sheet(KINDS[register], content, "簿.xlsx", actor=liaison).as_json()
    [problem] = found["errors"]
    assert problem["column"] == column
    assert "日期不能改到别的年份" in problem["message"]


def test_a_mask_changed_to_another_is_not_taken(registers, liaison):
    content = exported(Register.ASSISTANCE, registers, actor=liaison)
    content = edited(content, (1, "帮扶对象", "李**"), (1, "证明人", "甲"))
    found = import_sheet("assistance", content, "簿.xlsx", actor=liaison).as_json()
    assert [warning["column"] for warning in found["warnings"]] == ["帮扶对象"]
    row = Assistance.objects.get(number=1)
    assert (row.beneficiary, row.witness) == ("王建国", "甲")


def test_what_is_still_masked_in_a_changed_text_stays_as_it_stands(registers, liaison):
    content = exported(Register.ASSISTANCE, registers, actor=liaison)
    content = edited(
        content,
        (1, "帮扶事项", "资助王**两名子女学费和书费"),
        (1, "备注", "联系138****5678，已通话"),
    )
    assert import_sheet("assistance", content, "簿.xlsx", actor=liaison).updated == 1
    row = Assistance.objects.get(number=1)
    assert (row.deed, row.note) == ("资助王建国两名子女学费和书费", "联系13800135678，已通话")


def test_what_cannot_be_read_of_a_line_that_comes_back_is_added_to_its_note_once(
    registers, liaison
):
    content = exported(Register.ASSISTANCE, registers, actor=liaison)
    content = edited(content, (1, "帮扶类型", "甲乙丙"))
    for updated in (1, 0):
        outcome = import_sheet("assistance", content, "簿.xlsx", actor=liaison)
        assert outcome.updated == updated
    row = Assistance.objects.get(number=1)
    assert row.kind == "schooling"
    assert row.note == "联系13800135678\n补过材料\n帮扶类型：甲乙丙"


# Opinions and duty days --------------------------------------------------------------------------
def opinions_of(activity):
    return [
        (model_to_dict(opinion), opinion.state, opinion.due_on, opinion.steps.count())
        for opinion in activity.opinions.order_by("position")
    ]


def test_opinions_written_out_are_not_touched_by_an_update(registers, liaison):
    activity = Activity.objects.get(number=1)
    second = activity.opinions.get(statement="增设路灯")
    follow_up.assign_opinion(second, actor=liaison, disposal="township", unit=UnitFactory())
    before = opinions_of(activity)
    assert before[1][3] == 1
    content = exported(Register.ACTIVITY, registers, actor=liaison)
    content = edited(content, (1, "活动纪要", "另写"), (1, "形成意见建议(条)", 7))
    found = import_sheet("activities", content, "簿.xlsx", actor=liaison).as_json()
    assert found["updated"] == 1
    [warning] = found["warnings"]
    assert warning["column"] == "形成意见建议(条)"
    assert "已逐条写出 2 条" in warning["message"]
    activity.refresh_from_db()
    assert (activity.minutes, activity.opinion_count) == ("另写", 2)
    assert opinions_of(activity) == before


def test_figures_that_disagree_stay_as_the_paper_has_them_when_another_cell_changes(
    registers, liaison
):
    content = exported(Register.ACTIVITY, registers, actor=liaison)
    content = edited(content, (3, "记录人", "甲"))
    found = import_sheet("activities", content, "簿.xlsx", actor=liaison).as_json()
    assert found["updated"] == 1
    row = Activity.objects.get(number=3)
    figures = (row.due_count, row.present_count, row.leave_count, row.absent_count)
    assert (row.recorder, figures) == ("甲", (9, 5, 0, 2))
    assert [one.name for one in row.attendance.all()] == ["石刚", "廖波英", "朱志"]


def test_the_day_of_an_activity_that_a_duty_day_made_is_not_changed_by_a_sheet(
    registers, liaison, people
):
    day = make_day(registers, datetime.date(2025, 3, 5), people[0])
    Activity.objects.filter(number=1).update(duty_day=day)
    content = exported(Register.ACTIVITY, registers, actor=liaison)
    content = edited(content, (1, "活动日期", "2025-3-6"))
    found = check_sheet("activities", content, "簿.xlsx", actor=liaison).as_json()
    assert "日期随接待日" in found["errors"][0]["message"]


def test_deputies_who_moved_keep_their_place_in_what_comes_back(registers, liaison, people):
    people[0].name = "石刚强"
    people[0].save()
    content = exported(Register.ACTIVITY, registers, actor=liaison)
    content = edited(content, (1, "记录人", "甲"))
    outcome = import_sheet("activities", content, "簿.xlsx", actor=liaison)
    assert outcome.updated == 1
    assert people[0] in Activity.objects.get(number=1).deputies.all()


# The sheets of an office -------------------------------------------------------------------------
def read_plainly(path):
    """The lines of a sheet as dicts, read without any of our code."""
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    at = next(index for index, row in enumerate(rows) if row[0] == "序号")
    return [dict(zip(rows[at], row, strict=True)) for row in rows[at + 1 :] if row[0]]


def sums(rows, columns):
    return [sum(int(row[column] or 0) for row in rows) for column in columns]


def names_in(rows, column):
    return sum(len(row[column].split("、")) for row in rows if row[column])


@pytest.fixture
def world():
    """Stations and deputies, as the office's own sheets tell of them."""
    if not SAMPLES.is_dir():
        pytest.skip("SAMPLE_SHEETS names no folder with the sheets of an office")
    for kind, name in (("stations", "联络站名册"), ("deputies", "代表名册")):
        path = SAMPLES / f"{name}.xlsx"
        assert import_sheet(kind, path.read_bytes(), path.name, actor=SYSTEM).rejected == 0


def test_an_offices_assistance_comes_in_whole_with_its_sums(world):
    path = SAMPLES / "扶贫帮困办实事登记簿-石桥镇-2025.xlsx"
    rows = read_plainly(path)
    found = import_sheet("assistance", path.read_bytes(), path.name, actor=SYSTEM).as_json()
    assert (found["written"], found["errors"], found["warnings"]) == (30, [], [])
    stored = Assistance.objects.aggregate(
        *map(Sum, ("money", "goods", "households", "people"))
    ).values()
    assert list(stored) == sums(rows, ["资金(元)", "物资折款(元)", "受益户数", "受益人数"])
    assert [row.beneficiary for row in Assistance.objects.order_by("number")] == [
        row["帮扶对象"] for row in rows
    ]
    again = import_sheet("assistance", path.read_bytes(), path.name, actor=SYSTEM)
    assert again.duplicates == 30


def test_an_offices_activities_come_in_whole_with_their_sums(world):
    path = SAMPLES / "代表活动情况登记簿-石桥镇-2025.xlsx"
    rows = read_plainly(path)
    found = import_sheet("activities", path.read_bytes(), path.name, actor=SYSTEM).as_json()
    assert (found["written"], found["errors"], found["warnings"]) == (24, [], [])
    fields = ("due_count", "present_count", "opinion_count", "leave_count", "absent_count")
    stored = Activity.objects.aggregate(*map(Sum, fields))
    assert list(stored.values()) == [
        *sums(rows, ["应到人数", "实到人数", "形成意见建议(条)"]),
        names_in(rows, "请假代表"),
        names_in(rows, "缺席代表"),
    ]
    attended = [activity.attendance.filter(presence="present").count() for activity in
                Activity.objects.order_by("number")]  # fmt: skip
    assert attended == [int(row["实到人数"]) for row in rows]
    again = import_sheet("activities", path.read_bytes(), path.name, actor=SYSTEM)
    assert again.duplicates == 24
