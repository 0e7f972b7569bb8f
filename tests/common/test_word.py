"""Word documents of offices, read back as Word reads them."""

import io
from datetime import date

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from common.word import (
    FOURTH,
    HEAVY,
    Field,
    add_form,
    add_letterhead,
    add_line,
    add_page_numbers,
    add_right_line,
    add_run,
    add_signature,
    add_table,
    add_title,
    new_paper,
)

RIGHT, CENTRE = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.CENTER


@pytest.fixture
def paper():
    return new_paper("答复函")


def read_back(paper):
    target = io.BytesIO()
    paper.save(target)
    target.seek(0)
    return Document(target)


def millimetres(*lengths):
    """Word keeps twentieths of a point, which are no whole millimetres."""
    return [round(length.mm) for length in lengths]


def chinese_font(run):
    return run._element.rPr.rFonts.get(qn("w:eastAsia"))


def texts(paper):
    return [paragraph.text for paragraph in paper.paragraphs]


def boxes(table):
    """The cells of each line, a merged one once."""
    return [[cell.text for cell in dict.fromkeys(row.cells)] for row in table.rows]


def test_a_paper_is_a4_with_the_prescribed_margins_and_body_font(paper):
    read = read_back(paper)
    section = read.sections[0]
    assert read.core_properties.title == "答复函"
    assert millimetres(section.page_width, section.page_height) == [210, 297]
    assert millimetres(section.top_margin, section.left_margin) == [37, 28]
    assert millimetres(section.bottom_margin, section.right_margin) == [32, 26]
    normal = read.styles["Normal"]
    assert (normal.font.name, normal.font.size) == ("仿宋_GB2312", Pt(16))


def test_fonts_that_few_computers_have_name_a_stand_in(paper):
    parts = read_back(paper).part.package.iter_parts()
    fonts = next(part for part in parts if part.partname == "/word/fontTable.xml").blob.decode()
    assert '<w:font w:name="方正小标宋简体"><w:altName w:val="宋体"/></w:font>' in fonts
    assert '<w:font w:name="仿宋_GB2312"><w:altName w:val="仿宋"/></w:font>' in fonts


def test_a_title_is_centred_in_the_title_font_of_size_two(paper):
    add_title(paper, "关于信号灯的答复")
    title = read_back(paper).paragraphs[0]
    assert (title.text, title.alignment) == ("关于信号灯的答复", CENTRE)
    assert title.runs[0].font.size == Pt(22)
    assert chinese_font(title.runs[0]) == "方正小标宋简体"


def test_a_line_leaves_two_characters_free_unless_told_not_to(paper):
    add_line(paper, "你们提出的建议收悉。")
    add_line(paper, "石刚等代表：", indent=False)
    add_line(paper, "附注", size=FOURTH)
    indents = [one.paragraph_format.first_line_indent for one in read_back(paper).paragraphs]
    assert indents == [Pt(32), None, Pt(28)]


def test_a_run_has_one_font_for_chinese_and_latin_and_drops_what_xml_cannot_hold(paper):
    add_run(add_line(paper, ""), "A 类\x0b\x00答复", font=HEAVY)
    run = read_back(paper).paragraphs[0].runs[0]
    assert (run.text, run.font.name, chinese_font(run)) == ("A 类答复", "黑体", "黑体")


def test_a_right_line_leaves_characters_of_its_own_size_free(paper):
    add_right_line(paper, "A 类")
    add_right_line(paper, "区代表工委", free=4)
    add_right_line(paper, "附页", free=2, size=FOURTH)
    lines = read_back(paper).paragraphs
    assert [line.alignment for line in lines] == [RIGHT, RIGHT, RIGHT]
    assert [line.paragraph_format.right_indent for line in lines] == [None, Pt(64), Pt(28)]


def test_a_signature_is_who_signs_over_the_day_four_characters_from_the_edge(paper):
    add_signature(paper, "区公安分局", date(2026, 3, 6))
    read = read_back(paper)
    assert texts(read) == ["", "区公安分局", "2026年3月6日"]
    for line in read.paragraphs[1:]:
        assert (line.alignment, line.paragraph_format.right_indent) == (RIGHT, Pt(64))


def test_a_letterhead_is_red_and_ruled_below_its_number(paper):
    add_letterhead(paper, "区公安分局", "临公函〔2026〕11号", corner="B 类")
    read = read_back(paper)
    assert texts(read) == ["B 类", "区公安分局", "临公函〔2026〕11号", ""]
    corner, head, number, _ = read.paragraphs
    assert (corner.alignment, head.alignment, number.alignment) == (RIGHT, CENTRE, CENTRE)
    assert head.runs[0].font.color.rgb == RGBColor(0xFF, 0, 0)
    assert chinese_font(head.runs[0]) == "方正小标宋简体"
    rule = number._p.pPr.find(f"{qn('w:pBdr')}/{qn('w:bottom')}")
    assert (rule.get(qn("w:val")), rule.get(qn("w:color"))) == ("single", "FF0000")


def test_the_rule_stands_where_the_schema_wants_it(paper):
    add_letterhead(paper, "区公安分局", "临公函〔2026〕11号")
    number = read_back(paper).paragraphs[1]
    assert [child.tag for child in number._p.pPr] == [
        qn("w:pBdr"), qn("w:spacing"), qn("w:jc"),
    ]  # fmt: skip


def test_a_letterhead_without_number_or_corner_has_its_rule(paper):
    add_letterhead(paper, "区公安分局")
    read = read_back(paper)
    assert texts(read) == ["区公安分局", "", ""]
    assert read.paragraphs[1]._p.pPr.find(qn("w:pBdr")) is not None


@pytest.mark.parametrize(
    ("organ", "points"),
    [
        ("区公安分局", 48),
        # The line is 442 points wide: 14 characters of 31.
        ("江州市江南区石桥镇人民代表大", 31),
        # Too long for one line even as 2号.
        ("江州市江南区人民代表大会常务委员会代表联络工作委员会", 22),
    ],
)
def test_a_name_is_as_large_as_it_can_be_on_one_line(paper, organ, points):
    add_letterhead(paper, organ)
    assert read_back(paper).paragraphs[0].runs[0].font.size == Pt(points)


def test_a_table_repeats_its_heading_and_keeps_its_rows_whole(paper):
    add_table(paper, ("序号", "单位"), [("1", "区公安分局"), ("2", "区教育局")], (20, 60))
    table = read_back(paper).tables[0]
    assert boxes(table) == [["序号", "单位"], ["1", "区公安分局"], ["2", "区教育局"]]
    heading, *rows = table.rows
    assert heading._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in rows)
    assert millimetres(*(cell.width for cell in heading.cells)) == [20, 60]
    assert chinese_font(heading.cells[0].paragraphs[0].runs[0]) == "黑体"


def test_a_form_sets_two_boxes_a_line_and_a_wide_one_over_all(paper):
    add_form(
        paper,
        [
            Field("编号", "闭会第011号"),
            Field("交办日期", "4月3日"),
            Field("案由", "关于信号灯的建议", wide=True),
            Field("主办单位", "区公安分局"),
            Field("", "☐满意　☐基本满意　☐不满意"),
            Field("经办人"),
            Field("电话"),
            Field("答复期限", "5月6日"),
        ],
    )
    table = read_back(paper).tables[0]
    assert boxes(table) == [
        ["编号", "闭会第011号", "交办日期", "4月3日"],
        ["案由", "关于信号灯的建议"],
        ["主办单位", "区公安分局"],
        ["☐满意　☐基本满意　☐不满意"],
        ["经办人", "", "电话", ""],
        ["答复期限", "5月6日"],
    ]
    widths = [cell.width for cell in dict.fromkeys(table.rows[0].cells)]
    assert millimetres(*widths) == [27, 51, 27, 51]
    label, value = dict.fromkeys(table.rows[1].cells)
    assert millimetres(label.width, value.width) == [27, 129]
    assert chinese_font(label.paragraphs[0].runs[0]) == "黑体"
    assert chinese_font(value.paragraphs[0].runs[0]) == "仿宋_GB2312"


def test_a_box_of_a_form_has_room_for_what_is_written_by_hand(paper):
    add_form(
        paper,
        [Field("意见", "第一行\n第二行", wide=True, lines=5), Field("甲"), Field("乙", lines=2)],
    )
    first, second = read_back(paper).tables[0].rows
    assert millimetres(first.height, second.height) == [45, 18]
    assert first.cells[1].text == "第一行\n第二行"


def test_a_long_text_of_a_form_may_run_on_over_the_page(paper):
    add_form(paper, [Field("编号"), Field("日期"), Field("内容", "长文", wide=True)])
    pair, alone = read_back(paper).tables[0].rows
    assert pair._tr.trPr.find(qn("w:cantSplit")) is not None
    assert alone._tr.trPr.find(qn("w:cantSplit")) is None


def test_page_numbers_stand_at_the_outer_edge_between_dashes(paper):
    add_page_numbers(paper)
    read = read_back(paper)
    section = read.sections[0]
    assert read.settings.odd_and_even_pages_header_footer
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert (odd.alignment, even.alignment) == (RIGHT, WD_ALIGN_PARAGRAPH.LEFT)
    for footer in (odd, even):
        first, field, last = [child for child in footer._p if child.tag != qn("w:pPr")]
        assert (first.text, last.text) == ("—", "—")
        assert field.tag == qn("w:fldSimple")
        assert field.get(qn("w:instr")) == "PAGE"
        assert [run.text for run in footer.runs] == ["—", "—"]
