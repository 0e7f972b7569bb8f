"""簿二 comes in as offices keep it: every column, every way of writing a figure."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from accounts.actors import SYSTEM
from common.errors import RuleViolation
from common.importing.services import check_sheet, import_sheet, undo_batch
from common.models import ImportBatch
from tests.factories import DeputyFactory, StationFactory
from tests.registers import assistance_sheet, make_assistance
from visits.choices import AssistanceKind, AssistanceState
from visits.models import Assistance

pytestmark = pytest.mark.django_db

NAMES = ("石刚", "廖波英", "李和平", "朱志")


@pytest.fixture
def deputies(station):
    return [DeputyFactory(station=station, name=name) for name in NAMES]


@pytest.fixture
def helped(station, deputies):
    """Import one line of 簿二 with these cells; return the row and the outcome."""

    def helped(*entries, **settings):
        content = assistance_sheet(*entries, **settings)
        outcome = import_sheet("assistance", content, "帮扶.xlsx", actor=SYSTEM)
        return Assistance.objects.order_by("pk").last(), outcome.as_json()

    return helped


def test_day_deputies_and_deed_are_enough(helped):
    row, found = helped({})
    assert (found["written"], found["warnings"]) == (1, [])
    assert (row.code, row.deputy_names, row.deed) == ("2025-001", "石刚", "送米送油")
    assert (row.money, row.goods, row.households, row.people) == (0, 0, 0, 0)
    assert (row.kind, row.state, row.source) == ("", "", "")
    assert row.late_entry
    assert [(one.deputy.name, one.position) for one in row.helpers.all()] == [("石刚", 1)]


@pytest.mark.parametrize("column", ["日期", "代表姓名", "帮扶事项"])
def test_what_no_line_of_assistance_can_do_without(helped, column):
    _, found = helped({column: None})
    assert found["rejected"] == 1
    assert [(e["row"], e["column"]) for e in found["errors"]] == [(4, column)]


@pytest.mark.parametrize(
    ("cell", "amount", "words"),
    [
        (5000, "5000", ""),
        ("5000元", "5000", ""),
        ("1.5万元", "15000", ""),
        ("3万余元", "30000", "3万余元"),
        ("约3000元", "3000", "约3000元"),
        ("1,200.50", "1200.50", ""),
        ("三千元", "3000", ""),
        ("无", "0", ""),
    ],
)
def test_money_is_read_in_yuan_and_keeps_words_that_leave_it_open(helped, cell, amount, words):
    row, found = helped({"资金(元)": cell})
    assert found["warnings"] == []
    assert row.money == Decimal(amount)
    assert row.approximate == ({"money": words} if words else {})


@pytest.mark.parametrize("cell", ["若干", "-500", "500元和米两袋", 10**10])
def test_money_that_cannot_be_read_goes_to_the_note_with_a_warning(helped, cell):
    row, found = helped({"资金(元)": cell, "备注": "原备注"})
    assert row.money == 0
    assert row.note == f"原备注\n资金(元)：{cell}"
    assert [(w["row"], w["column"]) for w in found["warnings"]] == [(4, "资金(元)")]


def test_a_heading_in_ten_thousands_counts_for_its_cells(helped):
    headers = ["日期", "代表姓名", "帮扶事项", "资金(万元)"]
    row, _ = helped({"资金(万元)": 3}, headers=headers)
    assert (row.money, row.approximate) == (30000, {})
    row, found = helped({"资金(万元)": 2_000_000, "帮扶事项": "甲"}, headers=headers)
    assert (row.money, [w["column"] for w in found["warnings"]]) == (0, ["资金(元)"])
    row, _ = helped({"资金(万元)": "约2.5", "帮扶事项": "乙"}, headers=headers)
    assert (row.money, row.approximate) == (25000, {"money": "约2.5万元"})


@pytest.mark.parametrize(
    ("cell", "worth"),
    [("棉被5床，折500元", 500), ("大米10袋（价值约800元）", 800), ("300", 300)],
)
def test_goods_are_read_for_what_they_are_worth(helped, cell, worth):
    row, found = helped({"物资折款(元)": cell})
    assert found["warnings"] == []
    assert row.goods == worth
    assert row.approximate == ({} if cell == "300" else {"goods": cell})


@pytest.mark.parametrize(
    ("households", "people", "read", "words"),
    [
        (3, 12, (3, 12), {}),
        ("3户", "12人", (3, 12), {}),
        (None, "3户12人", (3, 12), {}),
        ("3户、共12人", None, (3, 12), {}),
        ("十余户", "100多人", (10, 100), {"households": "十余户", "people": "100多人"}),
        (None, "约3户12人", (3, 12), {"households": "约3户12人"}),
        ("惠及120余户", None, (120, 0), {"households": "惠及120余户"}),
        (2, "40人左右", (2, 40), {"people": "40人左右"}),
        (None, None, (0, 0), {}),
    ],
)
def test_households_and_people_are_read_from_either_cell(helped, households, people, read, words):
    row, found = helped({"受益户数": households, "受益人数": people})
    assert found["warnings"] == []
    assert (row.households, row.people) == read
    assert row.approximate == words


def test_two_cells_that_disagree_keep_each_its_own_and_warn(helped):
    row, found = helped({"受益户数": 2, "受益人数": "3户12人"})
    assert (row.households, row.people) == (2, 12)
    [warning] = found["warnings"]
    assert warning["column"] == "受益人数"
    assert "按 2 户登记" in warning["message"]


@pytest.mark.parametrize(
    ("cell", "state"),
    [
        ("已完成", AssistanceState.DONE),
        ("完成", AssistanceState.DONE),
        ("√", AssistanceState.DONE),
        ("已办结", AssistanceState.DONE),
        ("进行中", AssistanceState.ONGOING),
        ("在办", AssistanceState.ONGOING),
        ("否", AssistanceState.ONGOING),
        ("正在推进", AssistanceState.ONGOING),
        ("计划中", AssistanceState.PLANNED),
        ("未完成", AssistanceState.STOPPED),
        ("", ""),
    ],
)
def test_states_are_read_from_the_words_of_offices(helped, cell, state):
    row, found = helped({"完成情况": cell})
    assert found["warnings"] == []
    assert row.state == state


def test_a_cell_that_says_more_than_its_word_keeps_its_text(helped):
    row, found = helped({"完成情况": "已落实，老人住进新房"})
    assert found["warnings"] == []
    assert (row.state, row.note) == (AssistanceState.DONE, "完成情况：已落实，老人住进新房")


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("扶贫济困", AssistanceKind.POVERTY),
        ("慰问", AssistanceKind.POVERTY),
        ("捐资助学", AssistanceKind.SCHOOLING),
        ("纠纷调解", AssistanceKind.MEDIATION),
        ("捐款捐物", AssistanceKind.GIFTS),
        ("医疗救助", AssistanceKind.MEDICAL),
    ],
)
def test_kinds_of_assistance_are_read_by_their_words(helped, cell, kind):
    row, found = helped({"帮扶类型": cell})
    assert (row.kind, found["warnings"]) == (kind, [])


@pytest.mark.parametrize("column", ["帮扶类型", "资金来源", "完成情况"])
def test_a_word_nobody_knows_goes_to_the_note_with_a_warning(helped, column):
    row, found = helped({column: "甲乙丙"})
    assert row.note == f"{column}：甲乙丙"
    [warning] = found["warnings"]
    assert (warning["column"], warning["value"]) == (column, "甲乙丙")
    assert "不认识的" in warning["message"]


def test_a_day_of_finishing_is_kept_with_what_goes_on(helped):
    row, found = helped({"完成情况": "进行中", "完成日期": "2025年4月1日"})
    assert found["warnings"] == []
    assert (row.state, row.finished_on) == (AssistanceState.ONGOING, datetime.date(2025, 4, 1))


@pytest.mark.parametrize(
    ("day", "cell", "finished"),
    [
        ("2025-3-5", "当天", datetime.date(2025, 3, 5)),
        ("3月5日", "同上", datetime.date(2025, 3, 5)),
        ("2025-12-20", "1月5日", datetime.date(2026, 1, 5)),
    ],
)
def test_a_day_of_finishing_follows_the_day_of_its_line(helped, day, cell, finished):
    row, _ = helped({"日期": day, "完成日期": cell})
    assert row.finished_on == finished


def test_a_day_of_finishing_before_its_line_is_set_aside(helped):
    row, found = helped({"完成日期": "2025-3-1"})
    assert row.finished_on is None
    assert row.note == "完成日期：2025-3-1"
    assert "早于本行的日期" in found["warnings"][0]["message"]


def test_several_days_and_parts_of_a_month_are_read(helped):
    row, _ = helped({"日期": "2025年3月5日至7日"})
    assert (row.helped_on, row.until) == (datetime.date(2025, 3, 5), datetime.date(2025, 3, 7))
    row, _ = helped({"日期": "3月上旬"})
    assert (row.helped_on, row.until) == (datetime.date(2025, 3, 1), datetime.date(2025, 3, 10))
    assert row.date_approximate


def test_ditto_under_day_and_deputies_means_those_above(helped):
    helped({"代表姓名": "石刚、廖波英"}, {"日期": "〃", "代表姓名": "同上", "帮扶事项": "乙"})
    assert set(Assistance.objects.values_list("deputy_names", "helped_on")) == {
        ("石刚、廖波英", datetime.date(2025, 3, 5))
    }


def test_others_who_are_not_named_stay_in_the_note(helped):
    row, _ = helped({"代表姓名": "石刚等3人"})
    assert (row.deputy_names, row.note) == ("石刚", "代表姓名：石刚等3人")


@pytest.mark.parametrize(("name", "words"), [("无此人", "没有代表"), ("朱志", "有 2 位")])
def test_a_name_of_nobody_or_of_two_is_an_error_of_its_cell(helped, station, name, words):
    DeputyFactory(station=station, name="朱志")
    _, found = helped({"代表姓名": f"石刚、{name}"})
    [error] = found["errors"]
    assert (error["row"], error["column"]) == (4, "代表姓名")
    assert error["message"].startswith("C4：")
    assert words in error["message"]
    assert not Assistance.objects.exists()


def test_headings_of_offices_are_known(helped):
    headers = ["帮扶时间", "帮扶代表", "困难群众", "地址", "帮扶内容", "金额", "物资", "办理情况",
               "见证人", "身份证号"]  # fmt: skip
    row, found = helped(
        {
            "帮扶时间": "2025.3.5", "帮扶代表": "石刚", "困难群众": "王建国", "地址": "石桥村6组",
            "帮扶内容": "代办低保", "金额": 300, "物资": 200, "办理情况": "已落实",
            "见证人": "余固", "身份证号": "110101199001011234",
        },
        headers=headers,
    )  # fmt: skip
    assert (row.beneficiary, row.address, row.deed) == ("王建国", "石桥村6组", "代办低保")
    assert (row.money, row.goods, row.state, row.witness) == (300, 200, "done", "余固")
    assert "110101" not in row.note
    assert [w["column"] for w in found["warnings"]] == ["身份证号"]


def test_a_masked_name_tells_nothing(helped):
    row, found = helped({"帮扶对象": "王**"})
    assert (row.beneficiary, row.note) == ("", "帮扶对象：王**")
    assert [w["column"] for w in found["warnings"]] == ["帮扶对象"]


def test_equal_lines_of_assistance_match_only_as_many_stored_rows(helped):
    helped({"序号": 1})
    _, found = helped({"序号": 7}, {"序号": 8}, {"序号": 9})
    assert (found["duplicates"], found["written"]) == (1, 2)
    _, found = helped({"帮扶对象": "别人"})
    assert found["written"] == 1


def test_undoing_voids_the_rows_and_keeps_their_numbers(helped, liaison):
    _, found = helped({}, {"帮扶事项": "乙"})
    done = undo_batch(ImportBatch.objects.get(pk=found["batch"]), actor=liaison)
    assert done == "已作废这一批的 2 件，编号保留。"
    assert {row.void_reason for row in Assistance.objects.all()} == {"撤销导入"}
    row, found = helped({})
    assert (found["written"], row.code) == (1, "2025-003")


def test_only_who_may_log_at_the_station_may_import(station, deputies, outsider):
    with pytest.raises(PermissionDenied, match="没有权限"):
        check_sheet("assistance", assistance_sheet({}), "帮扶.xlsx", actor=outsider)
    with pytest.raises(RuleViolation, match="哪个联络站"):
        check_sheet("assistance", assistance_sheet({}, above=""), "帮扶.xlsx", actor=SYSTEM)


def test_rows_of_another_station_are_no_duplicates(helped, deputies):
    other = StationFactory()
    make_assistance(other, actor=SYSTEM, deputies=[deputies[0]], beneficiary="")
    assert helped({})[1]["written"] == 1
