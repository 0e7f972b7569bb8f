import datetime
import io

import openpyxl
import pytest

from common.sheets.layout import Column as WantedColumn
from common.sheets.layout import find_tables
from common.sheets.reading import read_workbook
from common.sheets.writing import Column, TooManyLines, cell_text, sheet_name, write_register

COLUMNS = [
    Column("序号", 8, shared=True),
    Column("日期", 18, shared=True),
    Column("内容", 40, align="left"),
    Column("标识", 10, hidden=True),
]
DAY = datetime.date(2025, 3, 5)


def written(groups, **settings):
    """The bytes of a small register."""
    target = io.BytesIO()
    settings = {"title": "登记簿", "subtitle": "年度：2025年", "columns": COLUMNS} | settings
    write_register(target, groups=groups, **settings)
    return target.getvalue()


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content)).active


def test_title_station_and_header_stand_above_the_lines():
    sheet = opened(written([[[1, DAY, "路灯不亮", "7:1"]]]))
    assert sheet["A1"].value == "登记簿"
    assert sheet["A2"].value == "年度：2025年"
    assert [cell.value for cell in sheet[3]] == ["序号", "日期", "内容", "标识"]
    assert [sheet["A4"].value, sheet["C4"].value, sheet["D4"].value] == [1, "路灯不亮", "7:1"]
    assert sheet["B4"].value.date() == DAY
    assert sheet["B4"].number_format == "yyyy-m-d"


def test_page_is_a4_lying_one_page_wide_with_its_head_on_every_page():
    sheet = opened(written([[[1, DAY, "路灯不亮", ""]]], page_note="余固 & 李四"))
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.paperSize == 9
    assert sheet.sheet_properties.pageSetUpPr.fitToPage is True
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.print_title_rows == "$1:$3"
    assert sheet.freeze_panes == "A4"
    assert "第 &P 页，共 &N 页" in sheet.oddFooter.right.text
    assert sheet.column_dimensions["D"].hidden is True


def test_cells_are_bordered_and_wrapped():
    sheet = opened(written([[[1, DAY, "路灯不亮", ""]]]))
    for cell in [*sheet[3], *sheet[4]]:
        assert cell.border.left.style == "thin"
        assert cell.alignment.wrap_text is True
        assert cell.alignment.vertical == "center"
    assert sheet["A4"].alignment.horizontal == "center"
    assert sheet["C4"].alignment.horizontal == "left"


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+86", "@SUM(A1)", "<script>alert(1)</script>", "a & b", "https://a.cn", "0123",
     "_x0041_", "  前后空格  ", "第一行\n第二行", "𠮷野家", '"引号"'],
)  # fmt: skip
def test_text_comes_out_as_the_text_it_is(text):
    cell = opened(written([[[1, DAY, text, ""]]]))["C4"]
    assert cell.data_type == "s"
    assert openpyxl.utils.escape.unescape(cell.value) == text


def test_characters_that_xml_forbids_are_left_out():
    assert cell_text("甲\x00\x0b\ufffe\ud800乙\r\n丙") == "甲乙\n丙"
    assert opened(written([[[1, DAY, "甲\x00\x1f\ud800乙", ""]]]))["C4"].value == "甲乙"


def test_what_a_user_typed_cannot_spoil_the_head():
    odd = "筛选：\x00<b>&\x1f"
    sheet = opened(written([], title="簿\x00", subtitle=odd, page_note="甲\x01&\ud800"))
    assert [sheet["A1"].value, sheet["A2"].value] == ["簿", "筛选：<b>&"]


def test_text_longer_than_a_cell_is_cut_where_it_is_seen_and_counted_below():
    sheet = opened(written([[[1, DAY, "长" * 40_000, ""]]]))
    assert len(sheet["C4"].value) == 32_767
    assert sheet["C4"].value.endswith("（文字太长，此处截断）")
    assert "有 1 处文字超过表格软件一格的上限" in sheet["A5"].value


def test_a_pair_of_code_units_is_never_halved():
    cut = cell_text("𠮷" * 20_000)
    assert len(cut.encode("utf-16-le")) // 2 <= 32_767
    assert cut.startswith("𠮷𠮷")
    assert "\ufffd" not in cut


def test_shared_cells_of_several_lines_are_one_cell():
    group = [[1, DAY, "第一件", "7:1"], [1, DAY, "第二件", "8:1"], [1, DAY, "第三件", "9:1"]]
    sheet = opened(written([group, [[2, DAY, "另一批", "10:1"]]]))
    merged = {str(merge) for merge in sheet.merged_cells.ranges}
    assert {"A4:A6", "B4:B6"} <= merged
    assert not any(merge.startswith(("C", "D")) for merge in merged)
    assert [sheet.cell(row, 3).value for row in range(4, 8)] == [
        "第一件", "第二件", "第三件", "另一批",
    ]  # fmt: skip


def test_merged_cell_that_needs_more_room_gets_it():
    columns = [Column("地点", 10, shared=True), Column("内容", 40)]
    group = [["很长的接待地点名称" * 8, "一"], ["很长的接待地点名称" * 8, "二"]]
    sheet = opened(written([group], columns=columns))
    heights = [sheet.row_dimensions[row].height for row in (4, 5)]
    assert sum(heights) >= 8 * 9 / 2 * 11  # eight times nine characters, two a line, 9 points


def test_no_entry_runs_over_the_foot_of_a_page():
    groups = [[[n, DAY, "字" * 120, ""], [n, DAY, "字" * 120, ""]] for n in range(60)]
    sheet = opened(written(groups))
    breaks = [at.id for at in sheet.row_breaks.brk]
    assert breaks
    assert all((at - 3) % 2 == 0 for at in breaks)  # below three rows of head, between entries


def test_notes_are_asked_for_after_the_last_line():
    seen = []

    def groups():
        for number in range(3):
            seen.append(number)
            yield [[number, DAY, "内容", ""]]

    sheet = opened(written(groups(), notes=lambda: [f"共 {len(seen)} 行"]))
    assert sheet["A7"].value == "说明：共 3 行"


def test_register_without_lines_is_a_sheet_with_a_head():
    sheet = opened(written([]))
    assert sheet.max_row == 3


def test_more_lines_than_a_worksheet_holds_are_refused(monkeypatch):
    monkeypatch.setattr("common.sheets.writing.LAST_ROW", 110)
    with pytest.raises(TooManyLines):
        written([[[n, DAY, "内容", ""]] for n in range(20)])


def test_what_was_written_is_read_back():
    group = [[1, DAY, "第一件", "7:1"], [1, DAY, "第二件", "8:1"]]
    content = written([group, [[2, "2025年3月5日至7日", "=1+1", "9:1"]]], notes=lambda: ["共 3 行"])
    wanted = [WantedColumn("日期"), WantedColumn("内容"), WantedColumn("标识")]
    [table] = find_tables(read_workbook(content, "登记簿.xlsx"), wanted)
    assert table.title.year == 2025
    assert table.unknown == {0: "序号"}
    assert [
        (entry.cells["日期"].value, entry.cells["内容"].value, entry.cells["标识"].value)
        for entry in table.entries
    ] == [(DAY, "第一件", "7:1"), (DAY, "第二件", "8:1"), ("2025年3月5日至7日", "=1+1", "9:1")]
    assert [row.reason for row in table.skipped] == ["note"]


def test_sheet_name_takes_what_a_title_may_not_hold():
    assert sheet_name("登记簿[2025]/甲:乙") == "登记簿2025甲乙"
    assert sheet_name("//") == "Sheet1"
