"""簿三 comes in as offices keep it: who came, what was counted, and where the two disagree."""

import pytest

from accounts.actors import SYSTEM
from common.importing.services import check_sheet, import_sheet, undo_batch
from common.models import ImportBatch
from tests.factories import DeputyFactory
from tests.registers import activity_sheet, make_activity
from visits.choices import ActivityKind
from visits.models import Activity, Opinion

pytestmark = pytest.mark.django_db

NAMES = ("石刚", "廖波英", "李和平", "朱志")


@pytest.fixture
def deputies(station):
    return [DeputyFactory(station=station, name=name) for name in NAMES]


@pytest.fixture
def held(station, deputies):
    def held(*entries, **settings):
        content = activity_sheet(*entries, **settings)
        outcome = import_sheet("activities", content, "活动.xlsx", actor=SYSTEM)
        return Activity.objects.order_by("pk").last(), outcome.as_json()

    return held


FULL = {
    "活动地点": "清溪河堤", "活动形式": "视察", "组织单位": "镇人大主席团", "召集人": "石刚",
    "应到人数": 4, "实到人数": 2, "参加代表": "石刚、廖波英", "请假代表": "李和平",
    "缺席代表": "朱志", "列席人员": "镇水务站负责人", "活动纪要": "实地查看。",
    "形成意见建议(条)": "3条", "落实情况": "已转镇政府", "记录人": "余固", "备注": "无照片",
}  # fmt: skip


def test_every_column_of_an_activity_is_kept(held):
    row, found = held(FULL)
    assert (found["written"], found["warnings"]) == (1, [])
    assert (row.code, row.kind, row.topic) == ("2025-001", ActivityKind.INSPECTION, "视察河堤")
    assert (row.due_count, row.present_count, row.leave_count, row.absent_count) == (4, 2, 1, 1)
    assert [(one.name, one.presence) for one in row.attendance.all()] == [
        ("石刚", "present"), ("廖波英", "present"), ("李和平", "leave"), ("朱志", "absent"),
    ]  # fmt: skip
    assert (row.deputy_names, row.opinion_count) == ("石刚、廖波英", 3)
    assert not Opinion.objects.exists()
    assert (row.place, row.organiser, row.convener) == ("清溪河堤", "镇人大主席团", "石刚")
    assert (row.guests, row.minutes, row.follow_up) == (
        "镇水务站负责人", "实地查看。", "已转镇政府",
    )  # fmt: skip
    assert (row.recorder, row.note) == ("余固", "无照片")


@pytest.mark.parametrize(
    ("cells", "topic"),
    [
        ({"活动主题": None, "活动形式": "专题调研"}, "专题调研"),
        ({"活动主题": "无", "活动形式": "党建共建"}, "党建共建"),
        ({"活动主题": None, "活动纪要": "查看水厂。之后座谈。"}, "查看水厂"),
    ],
)
def test_form_or_minutes_stand_in_for_a_topic(held, cells, topic):
    row, _ = held(cells)
    assert row.topic == topic


@pytest.mark.parametrize("topic", [None, "题" * 201])
def test_an_activity_without_a_topic_or_with_an_endless_one_is_rejected(held, topic):
    _, found = held({"活动主题": topic})
    assert [(e["row"], e["column"]) for e in found["errors"]] == [(4, "活动主题")]


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("调研", ActivityKind.RESEARCH),
        ("述职", ActivityKind.REPORTING),
        ("小组活动", ActivityKind.GROUP),
        ("培训", ActivityKind.TRAINING),
        ("走访", ActivityKind.CALLING),
        ("接待选民", ActivityKind.DUTY),
        ("四个一活动", ActivityKind.FOUR_ONES),
        ("人代会", ActivityKind.CONGRESS),
    ],
)
def test_kinds_of_activity_are_read_by_their_words(held, cell, kind):
    row, found = held({"活动形式": cell})
    assert (row.kind, found["warnings"]) == (kind, [])


def test_a_kind_nobody_knows_goes_to_the_note_with_a_warning(held):
    row, found = held({"活动形式": "党建共建"})
    assert (row.kind, row.note) == ("", "活动形式：党建共建")
    assert [w["column"] for w in found["warnings"]] == ["活动形式"]


def counts(row):
    return row.due_count, row.present_count, row.leave_count, row.absent_count


@pytest.mark.parametrize(
    ("cells", "read"),
    [
        ({"应到人数": 9, "实到人数": "8人", "请假代表": "1人"}, (9, 8, 1, 0)),
        ({"参加代表": "8人", "请假代表": "一人", "缺席代表": 2}, (11, 8, 1, 2)),
        ({"参加代表": "石刚、廖波英", "请假代表": "朱志"}, (3, 2, 1, 0)),
        ({"参加代表": "石刚等9人"}, (9, 9, 0, 0)),
        ({"应到人数": 9, "参加代表": "全体代表", "请假代表": "朱志"}, (9, 8, 1, 0)),
        ({}, (0, 0, 0, 0)),
    ],
)
def test_counts_without_names_are_read(held, cells, read):
    row, found = held(cells)
    assert (counts(row), found["warnings"]) == (read, [])


def test_counts_in_columns_of_their_own_are_read(held):
    headers = ["活动日期", "活动主题", "应到", "实到", "请假人数", "缺席人数"]
    row, found = held({"应到": 9, "实到": 7, "请假人数": 1, "缺席人数": 1}, headers=headers)
    assert (counts(row), found["warnings"]) == ((9, 7, 1, 1), [])


def test_figures_that_disagree_with_the_names_stand_and_warn(held):
    row, found = held(FULL | {"实到人数": 3, "应到人数": 5})
    assert counts(row) == (5, 3, 1, 1)
    [warning] = found["warnings"]
    assert (warning["row"], warning["column"]) == (4, "实到人数")
    assert warning["message"] == ("I4：写的是 3 人，参加代表有 2 位，按表内的 3 人登记，请核对")
    assert row.deputy_names == "石刚、廖波英"


def test_figures_that_do_not_add_up_stand_and_warn(held):
    row, found = held(FULL | {"应到人数": 9})
    assert counts(row) == (9, 2, 1, 1)
    [warning] = found["warnings"]
    assert warning["column"] == "应到人数"
    assert "实到 2＋请假 1＋缺席 1＝4 人，与应到 9 人不符，按表内的数登记" in warning["message"]


def test_figures_that_disagree_make_a_duplicate_all_the_same(held):
    held(FULL | {"实到人数": 3})
    assert held(FULL | {"实到人数": 3})[1]["duplicates"] == 1


@pytest.mark.parametrize("column", ["参加代表", "请假代表", "缺席代表"])
def test_a_name_nobody_has_is_an_error_of_its_cell(held, column):
    _, found = held({column: "无此人"})
    assert [(e["row"], e["column"], e["value"]) for e in found["errors"]] == [(4, column, "无此人")]


def test_nobody_both_came_and_was_away(held):
    _, found = held({"参加代表": "石刚、朱志", "请假代表": "朱志"})
    [error] = found["errors"]
    assert error["column"] == "请假代表"
    assert "“朱志”同时写在参加代表里" in error["message"]


def test_opinions_told_in_words_go_to_the_note(held):
    row, found = held({"形成意见建议(条)": "一是修路；二是架桥"})
    assert row.opinion_count == 0
    assert "一是修路；二是架桥" in row.note
    assert [w["column"] for w in found["warnings"]] == ["形成意见建议(条)"]


def test_undoing_voids_activities(held, liaison):
    _, found = held({}, {"活动主题": "乙"})
    done = undo_batch(ImportBatch.objects.get(pk=found["batch"]), actor=liaison)
    assert done == "已作废这一批的 2 场，编号保留。"
    assert all(row.is_void for row in Activity.objects.all())


def test_a_void_activity_is_no_duplicate(held, station, deputies, liaison):
    stored = make_activity(station, actor=liaison, present=[deputies[0]])
    line = {"参加代表": "石刚", "实到人数": 1, "应到人数": 1}
    assert held(line)[1]["duplicates"] == 1
    Activity.objects.filter(pk=stored.pk).update(voided_at=stored.created_at, void_reason="x")
    assert held(line)[1]["written"] == 1


@pytest.mark.parametrize("lines", [1, 30])
def test_checking_takes_the_same_queries_for_one_and_for_many_lines(
    station, deputies, lines, django_assert_max_num_queries
):
    entries = [{**FULL, "活动主题": f"第{n}次"} for n in range(lines)]
    content = activity_sheet(*entries)
    with django_assert_max_num_queries(7):
        check_sheet("activities", content, "活动.xlsx", actor=SYSTEM)
