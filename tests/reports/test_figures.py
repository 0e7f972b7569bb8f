from datetime import date
from decimal import Decimal

import pytest

from accounts.actors import SYSTEM
from accounts.roles import Role
from reports.figures import build
from reports.figures.checks import checks
from reports.periods import Period
from reports.scope import Scope
from stations.models import Category, Posting, Station
from tests.factories import DeputyFactory, StationFactory, make_user

pytestmark = pytest.mark.django_db
YEAR = Period.of_year(2025)


def values(table, *, without_zeros=False):
    rows = [row.values for row in table.rows]
    return [row for row in rows if not without_zeros or any(row[1:-1])]


def tables_of(user, period=YEAR, **place):
    return build(Scope(user, period, **place)).tables


def test_t2_counts_each_station(year):
    table = tables_of(SYSTEM)["T2"]
    assert [column.name for column in table.columns] == [
        "联络站",
        "批次",
        "人次",
        "意见条数",
        "当场答复",
        "交办",
        "办结",
        "已反馈",
        "已评价",
        "满意",
        "基本满意",
        "满意率（%）",
        "含基本满意率（%）",
        "计划接待日",
        "开展接待日",
        "应到人次",
        "请假人次",
        "出席人次",
        "出勤率（%）",
        "办实事件数",
        "资金和物资（元）",
        "受益人数",
        "代表活动次数",
        "视察",
        "培训",
        "述职",
        "建议提出",
        "建议采纳",
        "建议办结",
        "星级",
    ]
    third, two_thirds, hundred = Decimal("33.33"), Decimal("66.67"), Decimal("100.00")
    half, most = Decimal("50.00"), Decimal("75.00")
    no_duty = [0, 0, 0, 0, 0, None, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    assert values(table) == [
        ["石桥镇中心联络站", 3, 15, 4, 1, 2, 2, 3, 3, 1, 1, third, two_thirds, *no_duty, "未评星"],
        ["石桥村联络站", 1, 3, 1, 0, 0, 1, 0, 0, 0, 0, None, None, *no_duty, "四星"],
        ["柳河镇中心联络站", 1, 4, 1, 1, 0, 1, 1, 1, 1, 0, hundred, hundred, *no_duty, "五星"],
        ["合计", 5, 22, 6, 2, 2, 4, 4, 4, 2, 1, half, most, *no_duty, ""],
    ]


def test_t2_marks_rough_heads(year):
    table = tables_of(SYSTEM)["T2"]
    assert [row.cells[2].shown for row in table.rows] == ["约 15", "3", "4", "约 22"]


def test_t2_puts_the_centre_before_its_stations(year, township):
    StationFactory(name="石桥镇联系点", kind="point", township=township)
    names = [row.name.value for row in tables_of(SYSTEM)["T2"].body]
    assert names == ["石桥镇中心联络站", "石桥镇联系点", "石桥村联络站", "柳河镇中心联络站"]


def test_t2_lists_a_closed_station_only_where_it_worked(year, other_station, township):
    StationFactory(name="在建站", state="building", township=township)
    Station.objects.filter(pk=other_station.pk).update(state="closed")
    names = [row.name.value for row in tables_of(SYSTEM)["T2"].body]
    assert "在建站" not in names
    assert "柳河镇中心联络站" in names
    later = tables_of(SYSTEM, Period.of_year(2023))["T2"].body
    assert [row.name.value for row in later] == ["石桥镇中心联络站", "石桥村联络站"]


def test_t3_has_every_month_of_the_period(year):
    assert values(tables_of(SYSTEM)["T3"]) == [
        ["1月", 2, 5, 3, 0],
        ["2月", 0, 0, 0, 0],
        ["3月", 2, 14, 2, 0],
        ["4月", 0, 0, 0, 0],
        ["5月", 0, 0, 0, 0],
        ["6月", 1, 3, 1, 0],
        *([f"{month}月", 0, 0, 0, 0] for month in range(7, 13)),
        ["合计", 5, 22, 6, 0],
    ]


def test_t3_over_two_years_names_the_year(year):
    period = Period(date(2024, 12, 31), date(2025, 1, 1))
    assert values(tables_of(SYSTEM, period)["T3"]) == [
        ["2024年12月", 1, 7, 1, 0],
        ["2025年1月", 1, 4, 1, 0],
        ["合计", 2, 11, 2, 0],
    ]


def test_t4_crosses_category_with_disposal(year):
    table = tables_of(SYSTEM)["T4"]
    assert [column.name for column in table.columns] == [
        "问题类别",
        "当场答复",
        "咨询解释",
        "转村（社区）",
        "转镇（街道）",
        "转区级部门",
        "形成代表建议",
        "报上级或委托上级代表",
        "引导信访司法",
        "不予受理",
        "未填",
        "合计",
        "占比（%）",
    ]
    third, sixth = Decimal("33.33"), Decimal("16.67")
    assert values(table, without_zeros=True) == [
        ["基础设施", 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 2, third],
        ["交通出行", 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, sixth],
        ["环境卫生", 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 2, third],
        ["未分类", 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, sixth],
        ["合计", 1, 1, 0, 1, 1, 0, 0, 0, 1, 1, 6, Decimal("100.00")],
    ]
    assert len(table.rows) == 12 + 2


def test_t4_keeps_a_category_that_is_no_longer_offered(year):
    Category.objects.filter(name__in=["环境卫生", "土地林权"]).update(active=False)
    names = [row.name.value for row in tables_of(SYSTEM)["T4"].rows]
    assert "环境卫生" in names
    assert "土地林权" not in names


def test_t5_crosses_category_with_township(year):
    table = tables_of(SYSTEM)["T5"]
    assert [column.name for column in table.columns] == [
        "问题类别",
        "石桥镇",
        "柳河镇",
        "合计",
        "占比（%）",
    ]
    third, sixth = Decimal("33.33"), Decimal("16.67")
    assert values(table, without_zeros=True) == [
        ["基础设施", 2, 0, 2, third],
        ["交通出行", 1, 0, 1, sixth],
        ["环境卫生", 1, 1, 2, third],
        ["未分类", 1, 0, 1, sixth],
        ["合计", 5, 1, 6, Decimal("100.00")],
    ]


def test_t5_heat_goes_up_to_the_largest_cell(year):
    first = tables_of(SYSTEM)["T5"].rows[0]
    assert [cell.heat for cell in first.cells] == [None, 5, 0, None, None]


def test_t1_counts_stations_deputies_and_staff(year, station, other_station):
    two_levels = DeputyFactory(station=station, level="city")
    two_levels.mandates.create(level="township", term="第十届")
    DeputyFactory(station=station, level="nation").mandates.update(ended_on=date(2024, 1, 1))
    DeputyFactory(station=station, level="province", state="resigned")
    make_user(Role.LIAISON, station)
    Posting.objects.create(person_name="何敏", role=Role.LIAISON, station=other_station)
    make_user(Role.STATION_HEAD, station)
    make_user(Role.DEPUTY, station)
    rows = tables_of(SYSTEM)["T1"].rows
    found = {(row.values[0], row.values[1]): row.values[2:] for row in rows if row.values[2]}
    assert found == {
        ("联络站类型", "中心联络站"): [2, Decimal("66.67")],
        ("联络站类型", "联络站"): [1, Decimal("33.33")],
        ("联络站类型", "合计"): [3, Decimal("100.00")],
        ("联络站状态", "已建成"): [3, Decimal("100.00")],
        ("联络站状态", "合计"): [3, Decimal("100.00")],
        ("联络站星级", "五星"): [1, Decimal("33.34")],
        ("联络站星级", "四星"): [1, Decimal("33.33")],
        ("联络站星级", "未评星"): [1, Decimal("33.33")],
        ("联络站星级", "合计"): [3, Decimal("100.00")],
        ("代表层级", "市"): [1, None],
        ("代表层级", "区县"): [3, None],
        ("代表层级", "乡镇"): [1, None],
        ("代表层级", "代表人数"): [5, None],
        ("工作人员", "站长"): [1, None],
        ("工作人员", "联络员"): [2, None],
        ("工作人员", "合计"): [3, None],
    }


def test_a_township_officer_counts_their_township_only(year, township_officer):
    tables = tables_of(township_officer)
    assert [row.name.value for row in tables["T2"].body] == ["石桥镇中心联络站", "石桥村联络站"]
    assert tables["T2"].total.values[1:4] == [4, 18, 5]
    assert tables["T5"].total.values == ["合计", 5, 5, Decimal("100.00")]


def test_a_liaison_counts_their_station_only(year, liaison):
    tables = tables_of(liaison)
    assert [row.name.value for row in tables["T2"].body] == ["石桥镇中心联络站"]
    assert tables["T3"].total.values == ["合计", 3, 15, 4, 0]


def test_who_reads_no_reports_counts_nothing(year, deputy, administrator):
    for user in (deputy.user, administrator):
        assert tables_of(user)["T2"].total.values[1:4] == [0, 0, 0]
        assert tables_of(user)["T4"].total.values[-2:] == [0, None]


def test_an_area_or_a_station_narrows(year, other_township, village_station):
    assert tables_of(SYSTEM, area=other_township)["T2"].total.values[1:4] == [1, 4, 1]
    assert tables_of(SYSTEM, station=village_station)["T4"].total_of("合计") == 1


def test_checks_of_a_sound_year(year):
    report = build(Scope(SYSTEM, YEAR))
    assert [(check.label, check.formula, check.ok) for check in report.checks] == [
        ("批次不多于人次", "5 ≤ 22", True),
        ("处理方式 + 未填 = 意见", "5 + 1 = 6", True),
        ("各月之和 = 全期批次", "5 = 5", True),
        ("评价 + 未评价 = 意见", "4 + 2 = 6", True),
        ("T2 = T4 = T5 意见", "6 = 6 = 6", True),
        ("活动实到 + 请假 + 缺席 = 应到", "0 + 0 + 0 = 0", True),
    ]
    assert report.disagreements == []


def test_a_check_that_fails_shows_the_figures(year):
    tables = dict(build(Scope(SYSTEM, YEAR)).tables)
    tables["T3"] = build(Scope(SYSTEM, Period.of_months(2025, 1, 1))).tables["T3"]
    failed = [check for check in checks(tables, {"satisfied": 5}) if not check.ok]
    assert [check.formula for check in failed] == ["2 ≠ 5", "5 + 0 ≠ 6"]


def test_headlines_say_what_they_are_made_of(year):
    lines = build(Scope(SYSTEM, YEAR)).headlines
    assert [(line.label, line.figure.shown, line.unit, line.note) for line in lines] == [
        ("接待", "5", "批", "上年同期登记不全"),
        ("来访", "22", "人次", "其中 1 批为约数"),
        ("意见", "6", "条", "一事一条"),
        ("办结", "4", "条", "意见 6 条中"),
        ("反馈率", "66.67", "%", "已反馈 4 ÷ 意见 6"),
        ("满意率", "50.00", "%", "满意 2 ÷ 已评价 4"),
    ]


def test_an_empty_period_has_no_rates(station):
    report = build(Scope(SYSTEM, Period.of_year(2001)))
    assert report.is_empty
    assert [line.figure.shown for line in report.headlines] == ["0", "0", "0", "0", "—", "—"]
    assert all(check.ok for check in report.checks)
