import io
import struct
import zipfile
from dataclasses import replace
from datetime import date, time

import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st

from common.sheets.reading import read_workbook
from common.sheets.workbook import Limits, SheetFileError
from tests.common.sheets.files import ods, raw_parts, raw_xlsx, xls, xlsx, zipped

ROWS = [["序号", "姓名"], [1, "张三"], [2, "李四"]]


def read(content, name="登记簿.xlsx", **limits):
    return read_workbook(content, name, limits=replace(Limits(), **limits))


def refusal(content, **limits):
    with pytest.raises(SheetFileError) as caught:
        read(content, **limits)
    return str(caught.value)


def test_every_kind_of_file_gives_the_same_rows():
    text = "序号,姓名\n1,张三\n2,李四\n"
    cells = [
        f'<table:table-row><table:table-cell office:value-type="string"><text:p>{first}</text:p>'
        f'</table:table-cell><table:table-cell office:value-type="string"><text:p>{second}</text:p>'
        "</table:table-cell></table:table-row>"
        for first, second in ROWS
    ]
    written = [["序号", "姓名"], ["1", "张三"], ["2", "李四"]]
    assert read(xlsx(ROWS))[0].rows == ROWS
    assert read(xls(ROWS))[0].rows == ROWS
    assert read(ods("".join(cells)))[0].rows == written
    assert read(text.encode())[0].rows == written


def test_the_content_decides_and_not_the_name():
    assert read("序号,姓名\n".encode(), "改名.xlsx")[0].rows == [["序号", "姓名"]]
    assert read(xlsx(ROWS), "改名.csv")[0].rows == ROWS
    assert read(xls(ROWS), "改名.xlsx")[0].rows == ROWS


def test_a_path_is_read_like_its_bytes(tmp_path):
    path = tmp_path / "登记簿.xlsx"
    path.write_bytes(xlsx(ROWS))
    assert read_workbook(path, path.name)[0].rows == ROWS


def test_values_keep_their_kind():
    row = ["文字", 5, 3.5, True, date(2024, 3, 5), time(9, 30), 13709363072, " 空 格 ", "  "]
    assert read(xlsx([row]))[0].rows == [
        ["文字", 5, 3.5, True, date(2024, 3, 5), "09:30", 13709363072, " 空 格 "]
    ]


def test_a_row_number_is_that_of_the_sheet_although_the_sheet_starts_lower_and_later():
    def prepare(workbook):
        workbook.active["C5"] = "姓名"
        workbook.active["C6"] = "张三"

    assert read(xlsx([], prepare=prepare))[0].rows == [
        [],
        [],
        [],
        [],
        [None, None, "姓名"],
        [None, None, "张三"],
    ]


def test_merged_ranges_and_hidden_columns_are_told():
    def prepare(workbook):
        workbook.active.merge_cells("A1:B1")
        workbook.active.column_dimensions["D"].hidden = True
        workbook.active.column_dimensions.group("F", "G", hidden=True)

    sheet = read(xlsx(ROWS, prepare=prepare))[0]
    assert sheet.merged == [(0, 0, 0, 1)]
    assert sheet.hidden_columns == {3, 5, 6}


def test_merged_ranges_and_hidden_columns_of_an_old_workbook_are_told():
    def prepare(workbook, sheet):
        sheet.write_merge(4, 5, 0, 1, "合并")
        sheet.col(3).hidden = True

    sheet = read(xls(ROWS, prepare))[0]
    assert sheet.merged == [(4, 0, 5, 1)]
    assert sheet.hidden_columns == {3}


def test_hidden_sheets_are_left_out_and_the_others_keep_their_order():
    def prepare(workbook):
        workbook["二月"].sheet_state = "hidden"
        workbook["三月"].sheet_state = "veryHidden"

    content = xlsx(("一月", ROWS), ("二月", ROWS), ("三月", ROWS), ("四月", ROWS), prepare=prepare)
    assert [sheet.name for sheet in read(content)] == ["一月", "四月"]


def test_empty_sheets_are_left_out():
    assert [sheet.name for sheet in read(xlsx(("空", []), ("满", ROWS)))] == ["满"]


def test_a_formula_without_a_stored_value_is_told():
    sheet = read(xlsx([["姓名", "=1+1"], ["张三", "李四"]]))[0]
    assert sheet.rows == [["姓名"], ["张三", "李四"]]
    assert sheet.formulas_without_value == {(0, 1)}


def test_a_stored_value_of_a_formula_is_used():
    blank = '<c r="B1" t="str"><f>""</f><v></v></c>'
    cells = f'<c r="A1"><f>1+1</f><v>2</v></c>{blank}<c r="C1"><v>3</v></c>'
    sheet = read(raw_xlsx(f'<row r="1">{cells}</row>'))[0]
    assert sheet.rows == [[2, None, 3]]
    assert sheet.formulas_without_value == frozenset()


def test_an_error_value_counts_as_a_formula_without_value():
    cells = '<c r="A1" t="e"><f>B9</f><v>#REF!</v></c><c r="B1"><v>1</v></c>'
    assert read(raw_xlsx(f'<row r="1">{cells}</row>'))[0].formulas_without_value == {(0, 0)}


def test_cells_without_addresses_are_counted_in_order():
    sheet = read(raw_xlsx("<row><c><v>1</v></c></row><row><c><v>2</v></c><c><f>A1</f></c></row>"))[
        0
    ]
    assert sheet.rows == [[1], [2]]
    assert sheet.formulas_without_value == {(1, 1)}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_is_read_in_every_encoding_and_with_every_separator(encoding, delimiter):
    text = "\r\n".join(
        delimiter.join(row) for row in [["姓名", "住址"], ["张三", "石桥村"], ["", ""]]
    )
    assert read(text.encode(encoding), "表.csv")[0].rows == [
        ["姓名", "住址"],
        ["张三", "石桥村"],
        [],
    ]


def test_a_text_file_keeps_quoted_breaks_and_separators_in_one_row():
    sheet = read(
        '姓名,反映内容\n张三,"路坏了,\n请修"\n李四,"说""好"""\n'.encode(), "目录/三月.csv"
    )[0]
    assert sheet.name == "三月"
    assert sheet.rows == [["姓名", "反映内容"], ["张三", "路坏了,\n请修"], ["李四", '说"好"']]


def test_a_text_formula_and_a_named_separator_of_excel_are_understood():
    assert read('sep=;\n姓名;电话\n张三;="0990"\n'.encode())[0].rows == [
        ["姓名", "电话"],
        ["张三", "0990"],
    ]


@pytest.mark.parametrize("content", [b"", b"   \n", b"\xef\xbb\xbf", b"\x00" * 10])
def test_an_empty_file_is_refused(content):
    assert "文件是空的" in refusal(content)


def test_a_workbook_without_content_is_refused():
    assert "没有内容" in refusal(xlsx([]))


@pytest.mark.parametrize(
    "content",
    [
        bytes(range(256)) * 20,
        b"%PDF-1.7 ...",
        b"\x89PNG\r\n",
        b"<html><table></table></html>",
        zipped({"word/document.xml": "<w/>"}),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        b"PK\x03\x04 nothing more",
        xlsx(ROWS)[:-200],
    ],
)
def test_what_is_no_workbook_is_refused_with_a_remedy(content):
    message = refusal(content)
    assert "打开" in message
    assert "导入" in message


def test_a_locked_old_workbook_is_refused():
    record = struct.pack("<HH", 0x2F, 4) + bytes(4)
    content = xls([["x" * 200] * 30])
    start = content.index(struct.pack("<HH", 0x809, 16))  # the first record of the stream
    after = start + 20
    assert "密码" in refusal(content[:after] + record + content[after + len(record) :])


def test_a_locked_new_workbook_is_refused():
    # Office keeps a locked .xlsx as the stream EncryptedPackage of an OLE file.
    content = xls([["x" * 200] * 30])
    name, locked = "Workbook".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le")
    at = content.index(name)
    entry = content[at : at + 128]
    entry = locked.ljust(64, b"\0") + struct.pack("<H", len(locked) + 2) + entry[66:]
    assert "密码" in refusal(content[:at] + entry + content[at + 128 :])


def test_a_file_over_the_size_limit_is_refused_unread(tmp_path):
    path = tmp_path / "大.xlsx"
    path.write_bytes(bytes(3 * 1024 * 1024))
    with pytest.raises(SheetFileError, match=r"文件有 3\.0 MB，超过 2 MB"):
        read_workbook(path, path.name, limits=Limits(file_bytes=2 * 1024 * 1024))


def test_too_many_rows_columns_or_cells_are_refused():
    rows = [["x"] * 5 for _ in range(20)]
    assert "第 20 行" in refusal(xlsx(rows), rows=10)
    assert "第 5 列" in refusal(xlsx(rows), columns=4)
    assert "太大" in refusal(xlsx(rows), cells=99)
    assert "太大" in refusal(xlsx(rows, rows), cells=150)
    assert "第 20 行" in refusal(xls(rows), rows=10)
    assert "超过 10 行" in refusal(("a,b\n" * 20).encode(), rows=10)
    assert "5 列" in refusal(("a,b,c,d,e\n" * 20).encode(), columns=4)


def test_a_cell_at_the_far_corner_is_refused_and_an_empty_one_is_not():
    near = '<row r="1"><c r="A1"><v>1</v></c></row>'
    far = '<row r="1048576"><c r="XFD1048576" s="1">{}</c></row>'
    assert "第 1048576 行" in refusal(raw_xlsx(near + far.format("<v>1</v>")))
    assert read(raw_xlsx(near + far.format("")))[0].rows == [[1]]


def test_a_far_cell_hidden_by_its_spelling_is_refused_too():
    for attribute in ("r='XFD1048576'", '\nr = "XFD1048576"', 's="1" r="XFD1048576"'):
        data = f'<row><c r="A1"><v>1</v></c></row><row><c {attribute}><v>1</v></c></row>'
        assert "1048576" in refusal(raw_xlsx(data))


def test_a_far_cell_of_an_old_workbook_is_refused():
    assert "工作表“来访”太大" in refusal(
        xls(ROWS, lambda workbook, sheet: sheet.write(65535, 255, 1))
    )


def test_a_far_repetition_in_an_open_document_is_refused_only_when_it_holds_a_value():
    cell = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
    row = "<table:table-row{}>{}</table:table-row>"
    blank = row.format(' table:number-rows-repeated="1048575"', "<table:table-cell/>")
    assert read(ods(row.format("", cell) + blank))[0].rows == [["x"]]
    many = row.format(' table:number-rows-repeated="1048576"', cell)
    assert "第 1048576 行" in refusal(ods(many))


def test_a_sheet_that_claims_to_be_huge_is_read():
    parts = raw_parts('<row r="1"><c r="A1"><v>1</v></c></row>')
    sheet = parts["xl/worksheets/sheet1.xml"]
    claim = sheet.replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')
    assert read(zipped({**parts, "xl/worksheets/sheet1.xml": claim}))[0].rows == [[1]]


def test_ten_thousand_formatted_blank_rows_are_nothing():
    styled = "".join(f'<row r="{row}"><c r="A{row}" s="1"/></row>' for row in range(2, 10_002))
    assert read(raw_xlsx('<row r="1"><c r="A1"><v>1</v></c></row>' + styled))[0].rows == [[1]]


def test_a_bomb_is_refused_by_its_directory():
    bomb = raw_xlsx("<row><c><v>1</v></c></row>" * 800_000)
    assert len(bomb) < 100_000
    assert "解压后太大" in refusal(bomb)
    assert "解压后太大" in refusal(bomb, unzipped_bytes=1024 * 1024)


def test_a_bomb_with_a_lying_directory_is_not_unpacked():
    honest = raw_xlsx("<row><c><v>1</v></c></row>" * 100_000)
    with zipfile.ZipFile(io.BytesIO(honest)) as archive:
        real = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    lying = honest.replace(struct.pack("<I", real), struct.pack("<I", 1000))
    assert lying != honest
    assert "损坏" in refusal(lying)


def test_one_long_text_in_very_many_cells_is_refused():
    shared = f"<si><t>{'x' * 1000}</t></si>"
    cells = "".join(f'<row><c t="s"><v>{index}</v></c></row>' for index in [0] * 50)
    assert len(read(raw_xlsx(cells, shared))[0].rows) == 50
    assert "文字太多" in refusal(raw_xlsx(cells, shared), text_bytes=40_000)


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE x [<!ENTITY a "b">]>',
        '<?xml version="1.0"?><!DOCTYPE worksheet SYSTEM "file:///x">',
    ],
)
def test_xml_with_declarations_is_refused(declaration):
    assert "XML 声明" in refusal(raw_xlsx("<row/>", before=declaration))


def test_declarations_in_another_encoding_are_refused_too():
    parts = raw_parts("<row/>")
    workbook = f'<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x>{parts["xl/workbook.xml"]}'
    assert "XML 声明" in refusal(zipped({**parts, "xl/workbook.xml": workbook.encode("utf-16")}))


def test_pictures_in_a_workbook_do_not_count():
    parts = raw_parts('<row r="1"><c r="A1"><v>1</v></c></row>')
    content = zipped(
        {**parts, "xl/media/image1.png": bytes(2_000_000), "xl/drawings/d.xml": "x" * 2_000_000}
    )
    assert read(content, unzipped_bytes=1_000_000)[0].rows == [[1]]


@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=8), st.sampled_from(["xlsx", "xls"]))
@settings(max_examples=150, deadline=None)
def test_a_damaged_file_is_read_or_refused(at, damage, kind):
    content = DAMAGED[kind]
    at %= len(content)
    try:
        read(content[:at] + damage + content[at + len(damage) :])
    except SheetFileError as error:
        if not str(error):
            raise


DAMAGED = {"xlsx": xlsx(ROWS), "xls": xls(ROWS)}


def test_an_error_value_of_an_old_workbook_counts_as_a_formula_without_value():
    def prepare(workbook, sheet):
        sheet.row(0).set_cell_error(5, "#REF!", xlwt.XFStyle())

    assert read(xls(ROWS, prepare))[0].formulas_without_value == {(0, 5)}
