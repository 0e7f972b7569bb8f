from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from accounts.actors import SYSTEM
from reports.documents.workbook import file_name, write_workbook
from reports.figures import build
from reports.periods import Period
from reports.scope import Scope
from stations.models import Station
from tests.factories import AreaFactory, StationFactory, make_reception

pytestmark = pytest.mark.django_db


def book_of(report):
    stream = BytesIO()
    write_workbook(stream, report, maker="黎坚")
    return load_workbook(stream)


def rows_of(sheet, table):
    """The rows of a table as the sheet has them, under its heading."""
    top = 5 if table.grouped else 4
    return [
        [cell.value for cell in row]
        for row in sheet.iter_rows(
            min_row=top, max_row=top + len(table.rows) - 1, max_col=len(table.columns)
        )
    ]


def test_each_sheet_holds_its_table(year):
    report = build(Scope(SYSTEM, Period.of_year(2025)))
    book = book_of(report)
    assert book.sheetnames == [
        "说明",
        "T1 站点与代表",
        "T2 各站工作",
        "T3 各月接待",
        "T4 问题类别与处理方式",
        "T5 问题类别与乡镇（街道）",
        "T6 代表履职",
        "T7 承办单位与分工",
        "T7A 建议的提出和采纳",
        "T8 办理时限",
        "T9 办理结果类别",
        "T10 代表评价",
        "T11 重办",
        "T12 重点督办",
        "T13 续办",
        "T14 经费",
        "T15 代表培训",
        "T16 视察调研和执法检查",
        "与上年同期比较",
        "图",
    ]
    for sheet, table in zip(book.worksheets[1:-2], report.tables.values(), strict=True):
        expected = [
            ["—" if value in (None, "") else value for value in row.values] for row in table.rows
        ]
        found = rows_of(sheet, table)
        assert [
            [float(value) if isinstance(value, float) else value for value in row] for row in found
        ] == [
            [value if isinstance(value, int | str) else float(value) for value in row]
            for row in expected
        ]


def test_figures_stay_numbers_and_rough_ones_say_so(year):
    sheet = book_of(build(Scope(SYSTEM, Period.of_year(2025))))["T2 各站工作"]
    assert (sheet["C5"].value, sheet["C5"].number_format) == (15, '"约 "#,##0')
    assert (sheet["C6"].value, sheet["C6"].number_format) == (3, "#,##0")
    assert sheet["L5"].value == 33.33
    assert sheet["A8"].value == "合计"
    assert sheet["A8"].font.bold


def test_totals_stand_beside_those_of_a_year_before(year, station):
    make_reception(station, actor=SYSTEM, received_on=date(2024, 1, 9))
    sheet = book_of(build(Scope(SYSTEM, Period.of_year(2025))))["与上年同期比较"]
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    assert sheet["A1"].value == "与上年同期比较（2024年）"
    assert rows[0] == ("批次", 5, 2, 3, 150)
    assert sheet["D4"].number_format == "+#,##0;-#,##0;#,##0"
    assert "合计" not in [row[0] for row in rows]


def test_charts_of_months_categories_and_classes_are_drawn(year):
    book = book_of(build(Scope(SYSTEM, Period.of_year(2025))))
    assert len(book["T3 各月接待"]._charts) == 1
    assert len(book["图"]._charts) == 1  # nothing was answered, so there are no classes


def test_every_table_prints_lying_with_its_heading(year):
    for sheet in book_of(build(Scope(SYSTEM, Period.of_year(2025)))).worksheets[1:-1]:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize == 9
        assert sheet.print_title_rows.startswith("$3:")
        assert sheet.freeze_panes.startswith("B")


def test_the_cover_says_what_was_counted(year):
    sheet = book_of(build(Scope(SYSTEM, Period.of_year(2025))))["说明"]
    said = dict(sheet.iter_rows(min_row=3, max_col=2, values_only=True))
    assert sheet["A1"].value == "2025年度人大代表联络站工作报告"
    assert said["范围"] == "临溪区，3 个站"
    assert said["报告期"] == "2025-01-01 至 2025-12-31（2025年）"
    assert said["生成人"] == "黎坚"
    assert said["批次不多于人次"] == "相符：5 ≤ 22"
    assert said["T2 各站工作"].startswith("批次是接待的次数")


@pytest.mark.parametrize("name", ["=1+1", "+86", "@SUM(A1)", '=HYPERLINK("http://x")', "http://x"])
def test_text_never_becomes_a_formula(name):
    station = StationFactory(name=name, township=AreaFactory(name=f"{name}镇"))
    make_reception(station, actor=SYSTEM)
    book = book_of(build(Scope(SYSTEM, Period.of_year(2026))))
    cell = book["T2 各站工作"]["A5"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (name, "s", None)
    assert book["T5 问题类别与乡镇（街道）"]["B4"].data_type == "s"


def test_an_empty_report_can_be_taken_out():
    report = build(Scope(SYSTEM, Period.of_year(2001)))
    assert book_of(report)["T2 各站工作"]["A5"].value == "合计"


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        (Period.of_year(2025), "年度报告-临溪区-2025"),
        (Period.of_months(2025, 1, 6), "年度报告-临溪区-2025年上半年"),
        (Period(date(2025, 1, 2), date(2025, 3, 4)), "年度报告-临溪区-2025年1月2日至3月4日"),
    ],
)
def test_file_name(period, expected):
    assert file_name(Scope(SYSTEM, period)) == expected


def test_file_name_of_an_odd_place():
    station = Station(name='../a\\b:"c"\n')
    assert file_name(Scope(SYSTEM, Period.of_year(2025), station=station)) == (
        "年度报告-.._a_b__c__-2025"
    )
