"""The Word document: official form, every table, nothing of a draft that should not be out."""

import re
from datetime import date
from io import BytesIO

import pytest
from docx import Document
from docx.oxml.ns import qn

from reports import services
from reports.documents.layout import ROOM, WIDE, Room, heights_of, widths_of
from reports.documents.report import write_document
from reports.figures import build
from reports.models import Case
from reports.narrative.told import with_words
from reports.periods import Period
from reports.scope import Scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(district, district_officer, year, station):
    told = {"title": "一盏路灯亮了一条街", "text": "代表次日到现场。", "source": "接待 2025-001"}
    case = Case(station=station, on=date(2025, 3, 5), **told)
    services.add_case(case, actor=district_officer)
    scope = Scope(district_officer, Period.of_year(2025), area=district)
    report, text = services.draft_report(scope, build(scope))
    return with_words(report, text), text


@pytest.fixture
def paper(report):
    target = BytesIO()
    write_document(
        target, *report, organ="临溪区人大常委会代表工作委员会", signed_on=date(2026, 1, 9)
    )
    return Document(target)


def lines(paper) -> list[str]:
    return [paragraph.text for paragraph in paper.paragraphs if paragraph.text]


def test_the_text_comes_first_and_is_signed(paper):
    said = lines(paper)
    assert said[0] == "临溪区2025年度人大代表联络站工作报告"
    assert said[1] == "一、基本情况"
    assert "二、主要做法和成效" in said
    assert "三、典型案例" in said
    signed = said.index("临溪区人大常委会代表工作委员会")
    assert said[signed + 1 : signed + 3] == ["2026年1月9日", "附件"]


def test_numbers_are_not_torn_at_the_end_of_a_line(paper):
    [language] = paper.styles["Normal"].element.rPr.findall(qn("w:lang"))
    assert (language.get(qn("w:val")), language.get(qn("w:eastAsia"))) == ("en-US", "zh-CN")


def test_second_headings_are_set_apart_from_what_follows(paper):
    [told] = [one for one in paper.paragraphs if one.text.startswith("（一）一盏路灯")]
    fonts = [run._element.rPr.rFonts.get(qn("w:eastAsia")) for run in told.runs if run.text]
    assert fonts == ["楷体_GB2312", "仿宋_GB2312"]
    assert [run.text for run in told.runs if run.text] == [
        "（一）一盏路灯亮了一条街。", "代表次日到现场。",
    ]  # fmt: skip


def test_every_table_of_the_report_stands_in_the_annex(paper, report):
    titles = [line for line in lines(paper) if re.match(r"T\d+A?　", line)]
    named = list(dict.fromkeys(title.partition("　")[0] for title in titles))
    assert named == [key for key in report[0].tables if key != "T18"]  # T18 is the text itself
    assert "T12　重点督办　本期没有" in titles


def test_totals_stand_beside_those_of_a_year_before(paper):
    heads = ["项目", "本期", "上年同期", "增减", "增减%"]
    [table] = [one for one in paper.tables if [cell.text for cell in one.rows[0].cells] == heads]
    assert [cell.text for cell in table.rows[1].cells] == ["批次", "5", "1", "—", "—"]
    assert "接待登记从2024年12月31日才有" in "".join(lines(paper))
    assert "与上年同期比较（2024年）" in lines(paper)


def test_the_sum_of_a_table_does_not_stand_alone_overleaf(paper):
    for table in paper.tables:
        last = [row.cells[-1].paragraphs[0].paragraph_format for row in table.rows[-2:]]
        assert last[0].keep_with_next or len(table.rows) < 3
        assert not last[1].keep_with_next


def test_headings_of_tables_come_again_and_rows_are_not_torn(paper):
    for table in paper.tables:
        heads = [row for row in table.rows if row._tr.trPr.find(qn("w:tblHeader")) is not None]
        assert len(heads) in (1, 2)
        body = table.rows[len(heads) :]
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in body)


def test_the_title_of_a_table_stays_with_it(paper):
    for paragraph in paper.paragraphs:
        if re.match(r"T\d+A?　", paragraph.text) and "本期没有" not in paragraph.text:
            assert paragraph.paragraph_format.keep_with_next


def test_a_draft_says_that_it_is_one(report):
    target = BytesIO()
    write_document(target, *report, organ="石桥镇", signed_on=date(2026, 1, 9), draft=True)
    assert lines(Document(target))[0].endswith("（草稿）")


def test_columns_stay_on_the_page(report):
    for table in report[0].tables.values():
        for part in table.parts:
            assert sum(widths_of(part)) <= WIDE + 0.01
            assert all(height < ROOM for height in heights_of(part, widths_of(part)))


def test_a_table_that_does_not_fit_begins_the_next_page():
    room = Room()
    assert not room.begins_page(100)
    assert room.begins_page(100)  # 51 mm are left
    assert not room.begins_page(50)


def test_a_table_longer_than_a_page_begins_where_its_first_rows_find_room():
    room = Room()
    assert not room.begins_page(400, least=40)
    assert room.begins_page(100)  # what the end of the long one leaves
