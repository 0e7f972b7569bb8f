"""What is unpacked of a workbook, and what an unpacked one may cost."""

import io
import time
import tracemalloc
import zipfile
from dataclasses import replace

import pytest

from common.sheets.layout import Column, find_tables
from common.sheets.ooxml import sheet_facts
from common.sheets.package import open_package
from common.sheets.reading import read_workbook
from common.sheets.workbook import MIB, Limits, SheetData, SheetFileError
from tests.common.sheets.files import raw_parts, xls, xlsx, zipped

ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'


def read(content, **limits):
    return read_workbook(content, "登记簿.xlsx", limits=replace(Limits(), **limits))


def refusal(content, **limits):
    with pytest.raises(SheetFileError) as caught:
        read(content, **limits)
    return str(caught.value)


def with_sheets(count, data, target="worksheets/sheet{}.xml"):
    """A workbook of several sheets with the same XML."""
    parts = raw_parts(data)
    sheet = parts.pop("xl/worksheets/sheet1.xml")
    workbook, relations = parts["xl/workbook.xml"], parts["xl/_rels/workbook.xml.rels"]
    first, one = (
        '<sheet name="表1" sheetId="1" r:id="r1"/>',
        relations[relations.index("<Relationship ") :],
    )
    one = one.removesuffix("</Relationships>")
    numbers = range(1, count + 1)
    parts["xl/workbook.xml"] = workbook.replace(
        first, "".join(f'<sheet name="表{n}" sheetId="{n}" r:id="r{n}"/>' for n in numbers)
    )
    parts["xl/_rels/workbook.xml.rels"] = relations.replace(
        one,
        "".join(
            one.replace('"r1"', f'"r{n}"').replace("worksheets/sheet1.xml", target.format(n))
            for n in numbers
        ),
    )
    return zipped(parts | {f"xl/worksheets/sheet{n}.xml": sheet for n in numbers})


def test_parts_that_nothing_names_are_not_unpacked():
    padding = {f"xl/x{number}.xml": b" " * (2 * MIB) for number in range(18)}
    content = zipped(raw_parts(ONE) | padding)
    tracemalloc.start()
    try:
        assert read(content)[0].rows == [[1]]
        assert tracemalloc.get_traced_memory()[1] < 4 * MIB
    finally:
        tracemalloc.stop()


def test_only_the_parts_of_visible_sheets_reach_the_reader():
    parts = raw_parts(ONE)
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
        "</sheets>", '<sheet name="隐" sheetId="2" state="hidden" r:id="r2"/></sheets>'
    )
    hidden = {"xl/worksheets/sheet2.xml": "x", "docProps/app.xml": "x", "xl/theme/a.xml": "x"}
    package = open_package(zipped(parts | hidden), Limits())
    with zipfile.ZipFile(package.repacked()) as archive:
        assert set(archive.namelist()) == set(parts)
    assert package.parts == {}


def test_parts_are_found_however_their_names_are_capitalised():
    parts = raw_parts('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', "<si><t>甲</t></si>")
    capitals = {
        name.replace("sheet1", "Sheet1").replace("sharedS", "SharedS"): content
        for name, content in parts.items()
    }
    assert read(zipped(capitals))[0].rows == [["甲"]]
    far = raw_parts('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    far["xl/worksheets/SHEET1.xml"] = far.pop("xl/worksheets/sheet1.xml")
    assert "第 1048576 行" in refusal(zipped(far))


def test_the_parts_together_may_not_be_a_bomb_either():
    content = with_sheets(10, ONE + "<row/>" * 20_000)
    assert len(read(content)) == 10
    assert "解压后太大" in refusal(content, zip_ratio_from=MIB)


def test_the_same_part_under_many_names_is_refused():
    assert "损坏" in refusal(with_sheets(3, ONE, "worksheets/sheet1.xml"))


def test_two_sheets_of_an_old_workbook_with_one_name_are_refused():
    content = xls([["x"]], lambda workbook, sheet: workbook.add_sheet("第二").write(0, 0, "x"))
    named = "来访".encode("utf-16-le"), "第二".encode("utf-16-le")
    assert len(read(content)) == 2
    assert "损坏" in refusal(content.replace(named[1], named[0]))


def test_the_text_of_all_sheets_is_added_up():
    parts = raw_parts(
        '<row r="1"><c r="A1" t="s"><v>0</v></c></row>' * 1, f"<si><t>{'x' * 900}</t></si>"
    )
    assert "文字太多" in refusal(zipped(parts), text_bytes=800)
    assert read(zipped(parts), text_bytes=1000)[0].rows == [["x" * 900]]


def test_plain_and_other_cells_of_one_sheet_are_followed_together():
    data = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>乙</t></is></c>'
        '<c r="C1" s="3"/><c r="D1"><f>A9</f></c></row>'
        '<row r="2"><c r="A2"><v>2</v></c><c r="B2" t="str"><f>"x"</f><v>x</v></c>'
        '<c r="Z2" s="3"></c></row>'
    )
    package = open_package(zipped(raw_parts(data, "<si><t>甲</t></si>")), Limits())
    facts = sheet_facts(package, Limits())["表1"]
    assert (facts.rows, facts.columns) == (2, 4)
    assert facts.formulas_without_value == {(0, 3)}


def test_more_merges_than_a_sheet_has_room_for_are_refused():
    merges = "<mergeCells>" + '<mergeCell ref="A1:B2"/>' * 30 + "</mergeCells>"
    parts = raw_parts(ONE)
    path = "xl/worksheets/sheet1.xml"
    parts[path] = parts[path].replace("</worksheet>", f"{merges}</worksheet>")
    assert "太大" in refusal(zipped(parts), cells=100)


def test_merges_over_each_other_are_refused():
    rows = [["姓名", "电话", "村", "组"], *([["张三", 1, 2, 3]] * 20)]
    sheet = SheetData("表", rows, [(1, 0, 20, 1)] * 50)
    with pytest.raises(SheetFileError, match="重叠"):
        find_tables([sheet], [Column("姓名"), Column("电话")])


def test_a_text_file_is_read_no_further_than_its_first_row_too_wide():
    wide = ("a,b\n" + "," * 300 + "\n" + "x\n" * 200_000).encode()
    tracemalloc.start()
    try:
        assert "301 列" in refusal(wide)
        assert tracemalloc.get_traced_memory()[1] < 4 * MIB
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("record", [",", '"\n",'])
def test_a_text_row_of_separators_alone_is_never_made_a_list(record):
    content = b"," + record.encode() * 1_000_000
    tracemalloc.start()
    try:
        assert "列" in refusal(content)
        assert tracemalloc.get_traced_memory()[1] < 4 * len(content) + 8 * MIB
    finally:
        tracemalloc.stop()


def test_the_rows_and_cells_of_a_text_file_are_counted_as_they_come():
    assert "超过 10 行" in refusal(b"a,b\n" * 11, rows=10)
    assert len(read(b"a,b\n" * 10, rows=10)[0].rows) == 10
    assert "2 列" in refusal(b"a,b\n" * 11, cells=20)
    assert read(b"a,x\rb\r\nc\n\nd")[0].rows == [["a", "x"], ["b"], ["c"], [], ["d"]]


def test_a_long_register_is_followed_soon():
    rows = "".join(
        f'<row r="{row}">'
        + "".join(
            f'<c r="{column}{row}" s="1" t="s"><v>0</v></c>' for column in "ABCDEFGHIJKLMNOPQRST"
        )
        + "</row>"
        for row in range(1, 20_001)
    )
    limits = replace(Limits(), zip_ratio=10_000)
    assert limits.rows * 20 <= limits.cells
    start = time.process_time()
    package = open_package(zipped(raw_parts(rows, "<si><t>甲</t></si>")), limits)
    facts = sheet_facts(package, limits)["表1"]
    assert (facts.rows, facts.columns) == (20_000, 20)
    assert time.process_time() - start < 15


def test_what_excel_writes_beside_the_sheets_changes_nothing():
    content = xlsx([["姓名", "电话"], ["张三", 5]])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    extra = {"xl/calcChain.xml": "<c/>", "xl/printerSettings/p.bin": "x", "xl/metadata.xml": "<m/>"}
    assert read(zipped(parts | extra))[0].rows == [["姓名", "电话"], ["张三", 5]]
