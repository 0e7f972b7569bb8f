import pytest

from common.sheets.headers import Column, Vocabulary, find_header, unit_of
from common.sheets.workbook import SheetData

COLUMNS = (
    Column("接待日期", ("时间", "日期"), required=True),
    Column("接待代表", ("接访代表",)),
    Column("来访人姓名", ("来访人", "来访群众", "姓名", "来访群众姓名")),
    Column("联系电话", ("电话",)),
    Column("资金(元)"),
    Column("面积(㎡)"),
    Column("当场答复"),
    Column("办理结果", ("处理情况", "处理结果")),
    Column("备注"),
)


def header_of(rows, merged=(), mapping=None, columns=COLUMNS):
    return find_header(SheetData("表", rows, list(merged)), Vocabulary(columns, mapping))


def test_the_header_is_found_below_titles():
    header = header_of(
        [["登记簿"], ["联络站:石桥"], [], ["接待日期", "接待代表"], ["2025.3.5", "张三"]]
    )
    assert (header.first_row, header.last_row) == (3, 3)
    assert header.columns == {"接待日期": 0, "接待代表": 1}


@pytest.mark.parametrize(
    "text",
    [
        "接待日期",
        " 接待日期 ",
        "接 待 日 期",
        "接待\n日期",
        "*接待日期",
        "接待日期：",
        "时间",
        "接待日期（必填）",
    ],
)
def test_a_heading_is_recognised_however_it_is_spaced_and_marked(text):
    assert header_of([[text, "接待代表"]]).columns["接待日期"] == 0


@pytest.mark.parametrize("text", ["资金(元)", "资金（元）", "资金", "资金(万元)", "资 金\n(元)"])
def test_a_unit_in_brackets_does_not_matter(text):
    assert header_of([["接待日期", text]]).columns["资金(元)"] == 1


def test_the_unit_is_told_apart():
    assert unit_of("资金(万元)") == "万元"
    assert unit_of("资金（元）") == "元"
    assert unit_of("资金") == ""


def test_of_two_headings_for_a_column_the_name_wins_over_the_synonym():
    header = header_of([["时间", "接待日期", "接待代表"]])
    assert header.columns["接待日期"] == 1
    assert header.unknown == {0: "时间"}


def test_of_two_equal_headings_the_first_wins():
    header = header_of([["接待日期", "接待代表", "接待日期"]])
    assert header.columns["接待日期"] == 0
    assert header.unknown == {2: "接待日期"}


TWO_LEVELS = [
    ["时间", "来访群众", None, "处理情况", None, "备注"],
    [None, "姓名", "电话", "当场答复", "处理结果", None],
    ["2025.3.5", "张三", "13800138000", "已答", "已办", None],
]
MERGES = [(0, 1, 0, 2), (0, 3, 0, 4), (0, 0, 1, 0), (0, 5, 1, 5)]


@pytest.mark.parametrize("merged", [MERGES, []])
def test_a_header_of_two_levels_is_read_with_and_without_merges(merged):
    header = header_of(TWO_LEVELS, merged)
    assert (header.first_row, header.last_row) == (0, 1)
    assert header.columns == {
        "接待日期": 0,
        "来访人姓名": 1,
        "联系电话": 2,
        "当场答复": 3,
        "办理结果": 4,
        "备注": 5,
    }
    assert header.texts[1] == "来访群众/姓名"


def test_a_joined_heading_wins_over_its_lower_cell_alone():
    columns = (Column("代表姓名", ("姓名",)), Column("来访人", ("来访群众姓名",)), Column("日期"))
    rows = [["日期", "来访群众", None, "代表", None], [None, "姓名", "地址", "姓名", "层级"]]
    header = header_of(rows, [(0, 1, 0, 2), (0, 3, 0, 4), (0, 0, 1, 0)], columns=columns)
    assert header.columns == {"日期": 0, "来访人": 1, "代表姓名": 3}


def test_a_group_word_does_not_swallow_an_unknown_column_below_it():
    rows = [["时间", "处理情况", None], [None, "交办单号", "处理结果"]]
    header = header_of(rows, [(0, 1, 0, 2), (0, 0, 1, 0)])
    assert header.columns == {"接待日期": 0, "办理结果": 2}
    assert header.unknown == {1: "处理情况/交办单号"}


def test_merges_prove_a_second_level_of_unknown_headings():
    rows = [
        ["时间", "接访代表", "其他", None],
        [None, None, "甲", "乙"],
        ["3月5日", "张三", "1", "2"],
    ]
    header = header_of(rows, [(0, 2, 0, 3), (0, 0, 1, 0), (0, 1, 1, 1)])
    assert header.last_row == 1
    assert header.unknown == {2: "其他/甲", 3: "其他/乙"}


def test_a_title_line_of_several_cells_is_no_upper_level():
    rows = [["填表单位:柳河镇", None, "年度", None], ["接待日期", "接待代表", "备注", "电话"]]
    header = header_of(rows, [(0, 0, 0, 1)])
    assert header.first_row == 1
    assert header.texts[0] == "接待日期"


def test_the_first_line_of_data_is_no_lower_level():
    rows = [["接待日期", "接待代表", "备注", None], ["2025.3.5", "张三", "电话", "日期"]]
    assert header_of(rows).last_row == 0


def test_a_mapping_by_hand_names_and_ignores_columns():
    header = header_of([["哪天", "接待代表", "备注"]], mapping={"哪天": "接待日期", "备注": None})
    assert header.columns == {"接待日期": 0, "接待代表": 1}
    assert header.unknown == {}
    assert header.ignored == {2}


def test_a_mapping_by_hand_names_a_column_of_two_levels():
    header = header_of(TWO_LEVELS, MERGES, mapping={"来访群众/姓名": "备注"})
    assert header.columns["备注"] == 1
    assert header.unknown[5] == "备注"


def test_a_mapping_to_a_column_that_does_not_exist_is_a_mistake_of_the_caller():
    with pytest.raises(KeyError):
        header_of([["哪天"]], mapping={"哪天": "没有这列"})


def test_a_sheet_with_one_known_heading_has_no_header():
    assert header_of([["接待日期", "甲"], ["2025.3.5", "乙"]]) is None
    assert header_of([]) is None


def test_the_header_is_looked_for_among_the_first_thirty_rows():
    assert header_of([["说明"]] * 29 + [["接待日期", "接待代表"]]).first_row == 29
    assert header_of([["说明"]] * 30 + [["接待日期", "接待代表"]]) is None
