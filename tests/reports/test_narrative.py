"""The drafted text says what the figures say, and nothing where there is nothing to say."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.actors import SYSTEM
from reports import services
from reports.choices import Part
from reports.figures import build
from reports.narrative.draft import TO_FILL_IN
from reports.narrative.told import heading_of
from reports.narrative.words import amount, as_printed, change, in_chinese, share_of
from reports.periods import Period
from reports.scope import Scope
from reports.tables import Figure
from stations.models import Station
from tests.factories import make_reception


def drafted(user, period, **place) -> dict[str, str]:
    scope = Scope(user, period, **place)
    return services.draft_report(scope, build(scope))[1]


def test_numbers_of_headings_read_as_chinese():
    assert [in_chinese(n) for n in (1, 10, 11, 20, 21)] == ["一", "十", "十一", "二十", "二十一"]


def test_the_hundredth_case_has_a_number_too():
    by_hand = {
        10: "十", 11: "十一", 20: "二十", 99: "九十九", 100: "一百", 101: "一百零一",
        110: "一百一十", 111: "一百一十一", 200: "二百", 999: "九百九十九", 1000: "一千",
        1001: "一千零一", 1010: "一千零一十", 3000: "三千",
    }  # fmt: skip
    assert {number: in_chinese(number) for number in by_hand} == by_hand
    assert len({in_chinese(number) for number in range(1, 10_001)}) == 10_000


def test_a_heading_is_set_apart_whatever_its_number():
    head, rest = heading_of("（一百零一）一盏路灯亮了一条街。次日修好。")
    assert (head, rest) == ("（一百零一）一盏路灯亮了一条街。", "次日修好。")


def test_money_is_read_out_in_ten_thousands_and_keeps_what_is_rough():
    assert amount(Figure(Decimal("1473900")), "元") == "147.39 万元"
    assert amount(Figure(Decimal("30000"), approximate=1), "元") == "约 3 万元"
    assert amount(Figure(1700), "元") == "1,700 元"


def test_a_printed_sentence_has_no_gap_at_its_numbers_and_no_comma_within():
    told = "投入 1,473,900 元，约 1,825 人次，占 15.50%，Excel 2 份；T2，3 个站"
    assert as_printed(told) == "投入1473900元，约1825人次，占15.50%，Excel 2份；T2，3个站"


def test_a_change_is_told_only_against_something():
    assert change("接待批次", 13, 12, "批") == "接待批次增加 1 批（增长 8.33%）"
    assert change("接待批次", 9, 12, "批") == "接待批次减少 3 批（下降 25.00%）"
    assert change("接待批次", 12, 12, "批") == "接待批次持平"
    assert change("接待批次", 12, 0, "批") == ""


@pytest.mark.django_db
def test_the_year_of_a_district_is_told_with_its_rough_numbers(
    district, district_officer, year, station
):
    make_reception(station, actor=SYSTEM, received_on=date(2024, 1, 9))
    text = drafted(district_officer, Period.of_year(2025), area=district)
    assert text[Part.STANDING].splitlines()[0] == (
        "临溪区现有代表联络站点3个，其中中心联络站2个、联络站1个。"
        "按星级分，五星1个、四星1个、未评星1个。"
    )
    first, second = text[Part.WORK].splitlines()
    assert first.startswith(
        "（一）认真接待来访群众。共接待来访群众5批、约22人次，听取意见建议6条。"
        "与上年同期相比，接待批次增加3批（增长150.00%）"
    )
    assert "群众反映较多的是基础设施（2条，占33.33%）、环境卫生（2条，占33.33%）" in first
    assert second == (
        "（二）推动意见办理。当场答复2条，交有关单位办理2条，办结4条，办结率66.67%，"
        "向来访人反馈4条，反馈率66.67%。来访人已评价4条，满意率50.00%，含基本满意75.00%。"
    )


@pytest.mark.django_db
def test_one_station_is_not_counted_as_stations(district_officer, year):
    station = Station.objects.select_related("area", "township").get(name="石桥村联络站")
    text = drafted(district_officer, Period.of_months(2025, 4, 6), station=station)
    assert text[Part.STANDING] == "编入本站的在任代表1名，其中区代表1名。"
    assert text[Part.WORK].startswith("（一）认真接待来访群众。共接待来访群众1批、3人次")


@pytest.mark.django_db
def test_a_period_without_any_record_says_so(district, district_officer):
    text = drafted(district_officer, Period.of_months(2025, 3, 3), area=district)
    assert text[Part.WORK] == "2025年3月没有接待、帮办实事、代表活动和代表建议的记录。"
    assert text[Part.CASES] == ""


@pytest.mark.django_db
def test_problems_stand_under_headings_with_what_is_done_about_each(
    district, district_officer, year
):
    text = drafted(district_officer, Period.of_year(2025), area=district)
    problems, plans = text[Part.PROBLEMS].splitlines(), text[Part.PLANS].splitlines()
    assert len(problems) + 1 == len(plans)  # and what people speak of most
    assert plans[-1].endswith("等问题，组织代表开展专题视察和调研，推动解决。")
    assert any(line.endswith("1条意见的办理结果来访人不满意。") for line in problems)
    assert problems[0].startswith("（一）")


@pytest.mark.django_db
def test_where_the_records_show_no_problem_somebody_must_write(
    district, district_officer, monkeypatch
):
    monkeypatch.setattr("reports.narrative.findings.RULES", ())
    text = drafted(district_officer, Period.of_year(2025), area=district)
    assert TO_FILL_IN in text[Part.PROBLEMS]
    assert TO_FILL_IN in text[Part.PLANS]


def test_a_share_is_told_with_its_rate():
    class Totals(dict):
        def has(self, name):
            return bool(self[name].value)

        def count(self, name):
            return self[name].value

    totals = Totals(办结=Figure(932))
    assert share_of(totals, "办结", 1013, "办结率") == "办结 932 条，办结率 92.00%"


@pytest.mark.django_db
def test_a_period_that_is_not_over_says_up_to_which_day(district, district_officer, year):
    scope = Scope(district_officer, Period.of_year(2025), area=district)
    from reports.narrative.draft import draft_text  # noqa: PLC0415

    text = draft_text(build(scope), [], [], today=date(2025, 8, 1))
    assert text[Part.WORK].startswith("以下数字截至2025年8月1日。\n（一）")
