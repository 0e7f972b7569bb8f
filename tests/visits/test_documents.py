import datetime
import re

import pytest
from django.conf import settings
from django.urls import reverse

from accounts.actors import SYSTEM
from common.models import AuditEntry
from common.sheets.cells import parse_count, parse_date
from tests.factories import DeputyFactory, StationFactory, UnitFactory, category, make_reception
from visits.documents import (
    KEY_COLUMN,
    RECEPTION_COLUMNS,
    pages,
    printed_register,
    reception_lines,
    stations_unmasked_for,
)
from visits.documents.books import BOOKS
from visits.documents.register import printed_days, printed_heads
from visits.models import Reception

PRINTED = [
    "序号", "接待日期", "接待地点", "接待代表", "来访人姓名", "性别", "住址", "联系电话",
    "来访人数", "来访形式", "问题类别", "反映内容", "当场答复", "处理方式", "承办单位",
    "办理结果", "反馈日期", "满意度", "记录人", "备注",
]  # fmt: skip


def lines_of(receptions=None, *, unmasked=()):
    rows = Reception.objects.all() if receptions is None else receptions
    return [line for group in reception_lines(rows, unmasked=unmasked) for line in group]


def cells_of(reception, *, unmasked=()):
    [line] = lines_of(Reception.objects.filter(pk=reception.pk), unmasked=unmasked)
    return dict(zip([*PRINTED, "key"], line, strict=True))


def test_columns_are_those_of_the_paper_register():
    assert [column.header for column in RECEPTION_COLUMNS] == PRINTED
    assert not any(column.hidden for column in RECEPTION_COLUMNS)
    assert KEY_COLUMN.header == "内部标识（勿改）"
    assert KEY_COLUMN.hidden


def test_line_holds_what_was_registered(station):
    unit = UnitFactory(name="区住建局")
    reception = make_reception(
        station,
        actor=SYSTEM,
        deputies=[DeputyFactory(station=station, name=name) for name in ("石刚", "廖波英")],
        received_on=datetime.date(2026, 3, 5),
        place="接待室",
        gender="female",
        address="石桥村3组",
        headcount=3,
        channel="call",
        recorder="余固",
        note="已补材料",
        opinions=[
            {
                "category": category("基础设施"),
                "on_site_reply": "约供电站勘察。",
                "disposal": "district",
                "unit": unit,
                "result": "已安装",
                "feedback_on": datetime.date(2026, 4, 2),
                "satisfaction": "mostly",
            }
        ],
    )
    opinion = reception.opinions.get()
    assert lines_of(unmasked={station.pk}) == [
        [
            1, datetime.date(2026, 3, 5), "接待室", "石刚、廖波英", "王建国", "女", "石桥村3组",
            "13800135678", 3, "来电", "基础设施", "村口路灯不亮", "约供电站勘察。", "转区级部门",
            "区住建局", "已安装", datetime.date(2026, 4, 2), "基本满意", "余固", "已补材料",
            f"{opinion.pk}:1",
        ]
    ]  # fmt: skip


def test_name_and_phone_are_masked_outside_the_stations_named(station):
    cells = cells_of(make_reception(station, actor=SYSTEM))
    assert (cells["来访人姓名"], cells["联系电话"]) == ("王**", "138****5678")


def test_anonymous_visitor_stays_blank(station):
    cells = cells_of(make_reception(station, actor=SYSTEM, visitor_name="", phone=""))
    assert (cells["来访人姓名"], cells["联系电话"]) == ("", "")


def test_silence_is_no_rating_and_a_method_stands_for_the_day(station):
    cells = cells_of(
        make_reception(station, actor=SYSTEM, opinions=[{"feedback_method": "口头反馈"}])
    )
    assert cells["满意度"] == ""
    assert cells["反馈日期"] == "口头反馈"


def test_result_that_was_only_chosen_is_printed_in_words(station):
    cells = cells_of(make_reception(station, actor=SYSTEM, opinions=[{"resolution": "planned"}]))
    assert cells["办理结果"] == "列入规划"


@pytest.mark.parametrize(
    ("text", "approximate", "printed"),
    [("", False, 12), ("3户12人", False, "3户12人"), ("", True, "约12")],
)
def test_heads_are_printed_as_they_were_said(text, approximate, printed):
    reception = Reception(headcount=12, headcount_text=text, headcount_approximate=approximate)
    assert printed_heads(reception) == printed
    assert parse_count(printed).value == 12
    assert parse_count(printed).approximate == approximate


@pytest.mark.parametrize(
    ("first", "last", "approximate", "printed"),
    [
        ("2025-03-05", "2025-03-07", False, "2025年3月5日至7日"),
        ("2025-03-30", "2025-04-02", False, "2025年3月30日至4月2日"),
        ("2025-12-30", "2026-01-02", False, "2025年12月30日至2026年1月2日"),
        ("2025-03-01", "2025-03-10", True, "2025年3月上旬"),
        ("2025-03-11", "2025-03-20", True, "2025年3月中旬"),
        ("2025-02-21", "2025-02-28", True, "2025年2月下旬"),
        ("2025-03-01", "2025-03-31", True, "2025年3月"),
    ],
)
def test_several_days_are_printed_so_that_they_are_read_back(first, last, approximate, printed):
    first, last = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)
    reception = Reception(received_on=first, until=last, date_approximate=approximate)
    assert printed_days(reception) == printed
    read = parse_date(printed)
    assert (read.start, read.end, read.approximate) == (first, last, approximate)


def test_one_day_is_a_date():
    day = datetime.date(2025, 3, 5)
    assert printed_days(Reception(received_on=day)) == day
    assert printed_days(Reception(received_on=day, until=day)) == day


def test_visits_come_by_number_and_their_opinions_by_position(station):
    make_reception(station, actor=SYSTEM, received_on=datetime.date(2026, 4, 1))
    make_reception(
        station,
        actor=SYSTEM,
        received_on=datetime.date(2026, 2, 1),
        opinions=[{"statement": "第一件"}, {"statement": "第二件"}],
    )
    groups = list(reception_lines(Reception.objects.all(), unmasked=()))
    assert [[(line[0], line[11]) for line in group] for group in groups] == [
        [(1, "村口路灯不亮")],
        [(2, "第一件"), (2, "第二件")],
    ]


def test_lines_take_the_same_queries_for_many_visits(station, django_assert_num_queries):
    for _ in range(12):
        make_reception(station, actor=SYSTEM)
    with django_assert_num_queries(4):  # categories, units, receptions, opinions
        assert len(lines_of()) == 12


def test_contacts_go_out_where_the_right_is_held(station, station_head, liaison, district_officer):
    assert stations_unmasked_for(station_head) == {station.pk}
    assert stations_unmasked_for(liaison) == set()
    assert stations_unmasked_for(district_officer) == set()
    assert station.pk in stations_unmasked_for(SYSTEM)


# For the printer ---------------------------------------------------------------------------------
def print_of(actor=SYSTEM, rows=None):
    return printed_register(Reception.objects.all() if rows is None else rows, actor=actor)


def texts(cells):
    return {cell.css: cell.text for cell in cells}


def test_print_leaves_out_what_its_head_says(station):
    make_reception(
        station,
        actor=SYSTEM,
        place="石桥镇中心联络站接待室",
        opinions=[{"feedback_on": datetime.date(2026, 4, 2)}],
    )
    [sheet] = print_of().sheets
    assert (sheet.station, sheet.year, sheet.number, sheet.total) == (station, 2026, 1, 1)
    facts = texts(sheet.entries[0].facts)
    assert (facts["c-date"], facts["c-place"]) == ("3月5日", "接待室")
    assert texts(sheet.entries[0].lines[0])["c-fb"] == "4月2日"


def test_several_opinions_are_numbered_and_counted(station):
    make_reception(station, actor=SYSTEM, headcount=3, opinions=[{}, {"statement": "垃圾未清运"}])
    [sheet] = print_of().sheets
    said = [texts(opinion)["c-say"] for opinion in sheet.entries[0].lines]
    assert said == ["①村口路灯不亮", "②垃圾未清运"]
    assert sheet.tally.sums == "1 批，3 人次，意见 2 条"


def test_remarks_say_what_the_bound_register_marks(station):
    make_reception(station, actor=SYSTEM, visitor_name="", confidential=True, note="转交")
    make_reception(station, actor=SYSTEM, received_on=datetime.date(2025, 3, 5))
    old, new = print_of().sheets
    assert texts(new.entries[0].signed)["c-note"] == "匿名；保密；补录；转交"
    assert texts(old.entries[0].signed)["c-note"] == "补录"


def test_each_register_and_year_starts_on_its_own_sheet(station):
    other = StationFactory(name="柳河镇中心联络站")
    make_reception(station, actor=SYSTEM)
    make_reception(station, actor=SYSTEM, received_on=datetime.date(2025, 3, 5))
    make_reception(other, actor=SYSTEM)
    found = {(sheet.station, sheet.year, sheet.number, sheet.total) for sheet in print_of().sheets}
    assert found == {(station, 2025, 1, 1), (station, 2026, 1, 1), (other, 2026, 1, 1)}


def test_long_register_is_dealt_out_to_numbered_sheets_with_a_sum_at_the_end(station):
    deputy = DeputyFactory(station=station)
    for _ in range(20):
        make_reception(station, actor=SYSTEM, deputies=[deputy])
    sheets = print_of().sheets
    assert [(sheet.number, sheet.total) for sheet in sheets] == [(1, 2), (2, 2)]
    numbers = [texts(visit.facts)["c-no"] for sheet in sheets for visit in sheet.entries]
    assert numbers == [str(number) for number in range(1, 21)]
    assert sheets[0].in_all is None
    assert sheets[1].in_all.sums == "20 批，20 人次，意见 20 条"


def test_print_says_when_it_is_cut(station, monkeypatch):
    monkeypatch.setattr(pages, "AT_MOST", 2)
    for _ in range(3):
        make_reception(station, actor=SYSTEM)
    register = print_of()
    assert (register.shown, str(register.found), register.is_cut) == (2, "3", True)
    assert not print_of(rows=Reception.objects.filter(number__lte=2)).is_cut


def test_print_is_masked_and_logged(station, liaison, station_head):
    make_reception(station, actor=SYSTEM)
    assert texts(print_of(liaison).sheets[0].entries[0].facts)["c-tel"] == "138****5678"
    assert texts(print_of(station_head).sheets[0].entries[0].facts)["c-tel"] == "13800135678"
    notes = AuditEntry.objects.filter(action="export").order_by("pk").values_list("note", flat=True)
    assert list(notes) == ["簿一 打印 2026年 1 行，已脱敏", "簿一 打印 2026年 1 行，未脱敏"]


def test_a_visit_told_at_length_takes_the_lines_of_its_columns_and_no_more(station):
    """56 characters are four lines of 反映内容, 22 three of 办理结果: eight visits on a sheet."""
    told = {"statement": "路" * 56, "on_site_reply": "请" * 22, "result": "已" * 22}
    deputy = DeputyFactory(station=station, name="秦先良")
    for _ in range(15):
        make_reception(station, actor=SYSTEM, deputies=[deputy], opinions=[told])
    assert [len(sheet.entries) for sheet in print_of().sheets] == [7, 7, 1]
    assert print_of().sheets[0].entries[0].height == pytest.approx(4 * 3.81 + 2.6, abs=0.1)


def test_a_filter_in_words_has_a_line_of_its_own_below_the_sheet(client, station, liaison):
    make_reception(station, actor=SYSTEM)
    client.force_login(liaison)
    address = reverse("visits:reception_print")
    assert "paper-sums" not in client.get(address).content.decode()
    assert "paper-sums" in client.get(address, {"from": "2026-01-01"}).content.decode()


def test_the_guess_of_heights_goes_by_the_widths_that_the_page_gives():
    css = (settings.BASE_DIR / "static/css/paper.css").read_text()
    css += (settings.BASE_DIR / "static/css/paper_books.css").read_text()
    found = re.findall(r"col\.c-([\w-]+) { width: ([\d.]+)mm", css)
    given = {name: float(width) for name, width in found}
    for book in BOOKS.values():
        assert {name: given[name] for name in book.page_columns} == book.page_columns
