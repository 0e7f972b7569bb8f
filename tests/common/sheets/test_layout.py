import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from common.sheets.layout import Column, column_letter, find_tables
from common.sheets.reading import read_workbook
from common.sheets.workbook import SheetData, SheetFileError
from tests.common.sheets.files import xlsx

COLUMNS = (
    Column("序号"),
    Column("接待日期", ("时间",), required=True),
    Column("接待代表", ("接访代表",), required=True),
    Column("来访人姓名", ("来访群众", "姓名")),
    Column("来访人数", ("人数",)),
    Column("反映内容", ("反映问题",), required=True),
    Column("备注"),
)
HEADER = ["序号", "接待日期", "接待代表", "来访人姓名", "来访人数", "反映内容", "备注"]
ENTRY = [1, "3月5日", "张三", "李四", 1, "路坏了", None]


def table_of(*rows, merged=(), header=HEADER, **facts):
    """Lay out one sheet: a header in row 1 and the rows below it."""
    return find_tables([SheetData("来访", [header, *rows], list(merged), **facts)], COLUMNS)[0]


def kinds(table):
    return [(skipped.row, skipped.reason) for skipped in table.skipped]


def value(entry, name):
    return entry.cells[name].value


def test_an_entry_knows_its_row_and_the_addresses_of_its_cells():
    entry = table_of(ENTRY).entries[0]
    assert entry.row == 2
    assert value(entry, "反映内容") == "路坏了"
    assert entry.cells["反映内容"].address == "F2"
    assert entry.cells["备注"] == (None, 2, 6, False, None)


@pytest.mark.parametrize(
    "row",
    [
        [],
        [None, None],
        [4],
        ["4"],
        ["４"],
        [4.0, None, None],
    ],
)
def test_a_blank_or_merely_numbered_row_is_no_entry(row):
    table = table_of(ENTRY, row, ENTRY)
    assert [entry.row for entry in table.entries] == [2, 4]
    assert kinds(table) == [(3, "blank")]


@pytest.mark.parametrize(
    "row",
    [
        ["小计", None, None, None, "120余人次"],
        ["合计", None, None, None, 150],
        ["合 计"],
        ["总计"],
        ["累计:"],
        ["本页小计", None, None, None, 5],
        ["本月合计", None, None, None, 5],
        ["3月小计", None, None, None, 5],
        ["一季度合计", None, None, None, 5],
        ["石桥村小计", None, None, None, 5],
        ["合计（人次）", None, None, None, 5],
        ["合计:120人"],
        [None, "小计", None, None, 5],
        [11, "小计", None, None, 5],
    ],
)
def test_a_subtotal_row_is_no_entry(row):
    table = table_of(ENTRY, row, ENTRY)
    assert len(table.entries) == 2
    assert kinds(table) == [(3, "subtotal")]


@pytest.mark.parametrize(
    "row",
    [
        [2, "3月6日", "张三", "李四", 1, "合计", None],
        [2, "3月6日", "张三", "李四", 1, "低保补差合计少了三百元", None],
        [None, None, None, None, None, "低保补差合计少了三百元", None],
        [2, "3月6日", "张三", "李四", 1, "路坏了", "小计"],
        [None, "3月6日", "张三", "总计", 1, "路坏了", None],
        [2, "3月6日", "张三", None, None, "备注:电话为村干部代填", None],
        [2, "3月6日", "张三", None, None, "说明:无", None],
    ],
)
def test_an_entry_whose_text_merely_sounds_like_a_subtotal_or_note_is_an_entry(row):
    assert [entry.row for entry in table_of(ENTRY, row).entries] == [2, 3]


@pytest.mark.parametrize(
    "row",
    [
        ["备注:电话为村干部代填的不再核对。"],
        ["注：本表一式两份"],
        ["说明：以上情况属实"],
        ["填表人:张三", None, None, "审核人:李四", None, "2025年12月31日"],
        [None, None, "单位负责人（签字）：", None, "联系人:"],
        [None, "制表:王五", None, None, "审核:李四"],
        ["联系电话:0990-3220191"],
        ["本表由联络站填写并保存"],
        ["第1页"],
        [None, "第1页，共3页"],
        [None, "以下空白"],
    ],
)
def test_a_note_or_signature_row_is_no_entry(row):
    table = table_of(ENTRY, row)
    assert len(table.entries) == 1
    assert kinds(table) == [(3, "note")]


def test_a_text_merged_over_the_whole_table_is_a_note_and_fills_nothing():
    table = table_of(ENTRY, ["以上登记情况属实"], ENTRY, merged=[(2, 0, 2, 6)])
    assert [entry.row for entry in table.entries] == [2, 4]
    assert kinds(table) == [(3, "note")]


def test_a_text_merged_over_most_of_a_row_with_a_date_is_no_note():
    row = [2, "3月6日", "当日无人来访", None, None, None, None]
    table = table_of(ENTRY, row, merged=[(2, 2, 2, 6)])
    assert [entry.row for entry in table.entries] == [2, 3]
    assert value(table.entries[1], "反映内容") is None


def test_a_header_repeated_on_every_page_is_no_entry():
    table = table_of(ENTRY, HEADER, ENTRY)
    assert len(table.entries) == 2
    assert kinds(table) == [(3, "header")]


def test_a_header_of_two_levels_repeated_is_no_entry():
    upper = ["序号", "时间", "接访代表", "来访群众", None, "反映问题"]
    lower = [None, None, None, "姓名", "人数", None]
    table = table_of(lower, ENTRY, upper, lower, ENTRY, header=upper)
    assert table.header_rows == (1, 2)
    assert [entry.row for entry in table.entries] == [3, 6]
    assert kinds(table) == [(4, "header"), (5, "header")]


def test_cells_merged_down_are_filled_and_told_as_continuing():
    rows = [
        [1, "3月5日", "张三", "李四", 2, "路坏了"],
        [None, None, None, None, None, "灯不亮"],
        [2, "3月6日", "张三", "王五", 1, "水不通"],
    ]
    merged = [(1, column, 2, column) for column in range(5)]
    first, second, third = table_of(*rows, merged=merged).entries
    assert first.continues == frozenset()
    assert second.continues == {"序号", "接待日期", "接待代表", "来访人姓名", "来访人数"}
    assert value(second, "接待日期") == "3月5日"
    assert value(second, "反映内容") == "灯不亮"
    assert second.cells["接待日期"].address == "B3"
    assert third.continues == frozenset()


def test_a_row_that_only_continues_the_one_above_is_blank():
    merged = [(1, column, 2, column) for column in range(7)]
    table = table_of(ENTRY, [None], merged=merged)
    assert len(table.entries) == 1
    assert kinds(table) == [(3, "blank")]


def test_values_hidden_under_a_merge_are_not_seen():
    merged = [(1, column, 2, column) for column in range(7)]
    table = table_of(ENTRY, [9, "旧", "旧", "旧", 9, "旧", "旧"], merged=merged)
    assert kinds(table) == [(3, "blank")]


def test_cells_merged_across_are_filled():
    row = [1, "3月5日", "张三", None, 1, "路坏了"]
    entry = table_of(row, merged=[(1, 2, 1, 3)]).entries[0]
    assert value(entry, "来访人姓名") == "张三"
    assert entry.continues == frozenset()


def test_a_merge_beyond_the_data_is_cut_to_it():
    table = table_of(ENTRY, merged=[(1, 6, 1_048_575, 6), (1, 3, 1, 16_383)])
    assert len(table.entries) == 1


def test_unknown_columns_with_a_value_are_extra():
    header = [*HEADER, "家庭情况", None, "家庭情况"]
    table = table_of([*ENTRY, "困难", "杂", "低保"], [*ENTRY, None, None, "/"], header=header)
    assert table.unknown == {7: "家庭情况", 9: "家庭情况"}
    first, second = table.entries
    assert {name: cell.value for name, cell in first.extra.items()} == {
        "家庭情况": "困难",
        "I列": "杂",
        "家庭情况（J列）": "低保",
    }
    assert second.extra == {}


def test_an_unknown_line_number_is_not_extra():
    columns = [column for column in COLUMNS if column.name != "序号"]
    table = find_tables([SheetData("来访", [HEADER, ENTRY, [2]])], columns)[0]
    assert table.entries[0].extra == {}
    assert kinds(table) == [(3, "blank")]


def test_a_column_ignored_by_hand_is_not_extra():
    header = [*HEADER, "内部编号"]
    sheet = SheetData("来访", [header, [*ENTRY, "A-7"]])
    table = find_tables([sheet], COLUMNS, mapping={"内部编号": None})[0]
    assert table.entries[0].extra == {}


def test_a_formula_without_value_is_told_at_its_cell():
    table = table_of(ENTRY, formulas_without_value=frozenset({(1, 6)}))
    assert table.entries[0].cells["备注"].is_formula_without_value
    assert not table.entries[0].cells["反映内容"].is_formula_without_value


def test_the_table_tells_what_its_headings_were():
    header = ["序号", "时间", "接访代表", "姓名", "人数(人)", "反映问题", "备注"]
    table = table_of(ENTRY, header=header)
    assert table.synonyms_used == {
        "接待日期": "时间",
        "接待代表": "接访代表",
        "来访人姓名": "姓名",
        "来访人数": "人数(人)",
        "反映内容": "反映问题",
    }
    assert table.units == {"来访人数": "人"}
    assert table.headers["备注"] == "备注"
    assert table.missing == ()


def test_required_columns_that_are_missing_are_told():
    assert table_of(["1", "3月5日"], header=["序号", "接待日期", "备注"]).missing == (
        "接待代表",
        "反映内容",
    )


def test_several_sheets_all_count_and_others_are_left_out():
    sheets = [
        SheetData("1月", [HEADER, ENTRY]),
        SheetData("封面", [["代表来访接待登记簿"]]),
        SheetData("2月", [["登记簿(2025年)"], HEADER, ENTRY, ENTRY]),
    ]
    tables = find_tables(sheets, COLUMNS)
    assert [(table.sheet, len(table.entries)) for table in tables] == [("1月", 1), ("2月", 2)]
    assert tables[1].title.year == 2025


def test_a_file_without_any_header_is_refused_with_the_columns_looked_for():
    with pytest.raises(
        SheetFileError, match="没有找到表头，要找的列有：接待日期、接待代表、反映内容"
    ):
        find_tables([SheetData("表", [["甲", "乙"], [1, 2]])], COLUMNS)


def test_letters_of_columns():
    assert [column_letter(index) for index in (0, 3, 25, 26, 51, 52, 701, 702, 16_383)] == [
        "A",
        "D",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
        "XFD",
    ]


def handmade(workbook):
    """A register as an office keeps it by hand, after the sample of 柳河镇."""
    sheet = workbook.active
    rows = [
        ["柳河镇人大代表联络站来访接待登记簿(2025年)"],
        ["填表单位:柳河镇中心联络站", None, None, None, "填表日期:", "2025.12.31"],
        ["序号", "时间", "来访群众", None, "接访代表", "反映问题"],
        [None, None, "姓名", "人数", None, None],
        [1, "2025.3.5", "赵坚海", 1, "钟静、向才", "楼上装修漏水,两家协商不成。"],
        [2, "3月12日", "莫朗辉", "等5人", "冯文 钟静", "堤岸有人倾倒建筑垃圾。"],
        [],
        ["小计", None, None, "120余人次"],
        [3, "同上", None, None, "许友新", "校车班次少。"],
        [4],
        ["合计", None, None, "150余人次"],
        ["备注:电话为村干部代填的不再核对。"],
    ]
    for row in rows:
        sheet.append(row)
    for merged in ("A1:F1", "C3:D3", "A3:A4", "B3:B4", "E3:E4", "F3:F4"):
        sheet.merge_cells(merged)


def test_a_sheet_kept_by_hand_is_read_from_its_file():
    sheets = read_workbook(xlsx([], prepare=handmade), "登记簿.xlsx")
    table = find_tables(sheets, COLUMNS)[0]
    assert table.header_rows == (3, 4)
    assert [entry.row for entry in table.entries] == [5, 6, 9]
    assert value(table.entries[0], "来访人姓名") == "赵坚海"
    assert table.title.year == 2025
    assert table.title.label_values["填表单位"] == "柳河镇中心联络站"
    assert kinds(table) == [
        (7, "blank"),
        (8, "subtotal"),
        (10, "blank"),
        (11, "subtotal"),
        (12, "note"),
    ]


VALUES = st.one_of(
    st.none(), st.text(max_size=8), st.integers(), st.floats(), st.sampled_from(HEADER)
)
RANGES = st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))


@given(st.lists(st.lists(VALUES, max_size=9), max_size=9), st.lists(RANGES, max_size=4))
def test_every_row_below_the_header_is_an_entry_or_told_as_skipped(rows, ranges):
    merged = [
        (min(top, bottom), min(left, right), max(top, bottom), max(left, right))
        for top, left, bottom, right in ranges
    ]
    try:
        table = table_of(ENTRY, *rows, merged=merged)
    except SheetFileError:
        reject()  # merges that lie over one another many times are refused as a whole
    told = [item.row for item in (*table.entries, *table.skipped)]
    assert sorted(told) == list(range(table.header_rows[-1] + 1, len(rows) + 3))
