"""The rule 接待日 in words, its days, and what holidays do to them (2026 by the real calendar)."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from common.workdays import Workdays
from deputies.recurrence import Unreadable, parse, shift


def span(year, first, last):
    start, end = date(year, *first), date(year, *last)
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


OFF_2026 = {
    "元旦": span(2026, (1, 1), (1, 3)),
    "春节": span(2026, (2, 15), (2, 23)),
    "清明节": span(2026, (4, 4), (4, 6)),
    "劳动节": span(2026, (5, 1), (5, 5)),
    "端午节": span(2026, (6, 19), (6, 21)),
    "中秋节": span(2026, (9, 25), (9, 27)),
    "国庆节": span(2026, (10, 1), (10, 7)),
}
MAKE_UP_2026 = [date(2026, *day) for day in [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)]]
CALENDAR = Workdays(
    days={day: True for days in OFF_2026.values() for day in days}
    | dict.fromkeys(MAKE_UP_2026, False),
    names={day: name for name, days in OFF_2026.items() for day in days},
    years=frozenset({2026}),
)


def days_of(text, year=2026, **options):
    return [(day.month, day.day) for day in parse(text).planned(year, **options)]


def moved(text, policy, year=2026):
    """What does not stay: {planned: (date, reason)}, as (month, day)."""
    return {
        (row.planned.month, row.planned.day): (row.date and (row.date.month, row.date.day))
        for row in shift(parse(text).planned(year), CALENDAR, policy)
        if row.date != row.planned
    }


def reasons(text, policy, year=2026):
    rows = shift(parse(text).planned(year), CALENDAR, policy)
    return {(row.planned.month, row.planned.day): row.reason for row in rows}


WEDNESDAYS_OF_2026 = [
    (1, 7), (1, 14), (1, 21), (1, 28), (2, 4), (2, 11), (2, 18), (2, 25), (3, 4), (3, 11),
    (3, 18), (3, 25), (4, 1), (4, 8), (4, 15), (4, 22), (4, 29), (5, 6), (5, 13), (5, 20),
    (5, 27), (6, 3), (6, 10), (6, 17), (6, 24), (7, 1), (7, 8), (7, 15), (7, 22), (7, 29),
    (8, 5), (8, 12), (8, 19), (8, 26), (9, 2), (9, 9), (9, 16), (9, 23), (9, 30), (10, 7),
    (10, 14), (10, 21), (10, 28), (11, 4), (11, 11), (11, 18), (11, 25), (12, 2), (12, 9),
    (12, 16), (12, 23), (12, 30),
]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["每周三", "每周 三", "每星期三", "每个星期三", "每周星期三", "每礼拜三", "周三", "逢周三",
     "每周3", "每周三上午9:00-11:30", "每周三上午９：００—１１：３０", "每周三九点",
     "每周三上午9点至11点半", "每周三（节假日顺延）", "每周三，如遇法定节假日顺延至下一个工作日",
     "每周三（二楼接待室）", "接待日：每周三", "每周三为代表接待日", "每周三下午2:30-5:00。"],
)  # fmt: skip
def test_every_wednesday_in_its_spellings(text):
    assert days_of(text) == WEDNESDAYS_OF_2026
    assert parse(text).words == "每周三"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("每周一、周四", "每周一、周四"),
        ("每周一、四", "每周一、周四"),
        ("星期一和星期四", "每周一、周四"),
        ("每周一、每周四", "每周一；每周四"),
        ("每周一至周五", "每周一至周五"),
        ("每周一到五", "每周一至周五"),
        ("每周1-5", "每周一至周五"),
        ("每周一三五", "每周一、周三、周五"),
        ("每周六、日", "每周六、周日"),
        ("每周天", "每周日"),
        ("每月15日", "每月15日"),
        ("每月十五号", "每月15日"),
        ("每月二十号", "每月20日"),
        ("每个月的廿五日", "每月25日"),
        ("15日", "每月15日"),
        ("每月１０、２０、３０日", "每月10日、20日、30日"),
        ("每月10日20日30日", "每月10日、20日、30日"),
        ("每月10 20 30日", "每月10日、20日、30日"),
        ("每月10.20.30日", "每月10日、20日、30日"),
        ("每月十日、二十日及三十日", "每月10日、20日、30日"),
        ("每月10、20、30日上午9-11点", "每月10日、20日、30日"),
        ("每月1至3日", "每月1日、2日、3日"),
        ("每月第一周和第三周的周二", "每月第一个、第三个周二"),
        ("每月第一、三周的星期二", "每月第一个、第三个周二"),
        ("每月第1、第3个周二", "每月第一个、第三个周二"),
        ("第一、三周周二", "每月第一个、第三个周二"),
        ("每月第一周三", "每月第一个周三"),
        ("每月第一个周三、第三个周五", "每月第一个周三；每月第三个周五"),
        ("每月第二个星期五", "每月第二个周五"),
        ("每月最后一周的周五", "每月最后一个周五"),
        ("每月倒数第二个周五", "每月倒数第二个周五"),
        ("每月月底", "每月最后一天"),
        ("单月（1、3、5、7、9、11月）15日", "单月15日"),
        ("逢双月15日", "双月15日"),
        ("奇数月的15号", "单月15日"),
        ("偶数月15日", "双月15日"),
        ("单月10日、双月20日", "单月10日；双月20日"),
        ("每季度首月10日", "每季度第一个月（1、4、7、10月）10日"),
        ("每季度15日", "每季度第一个月（1、4、7、10月）15日"),
        ("每季度最后一天", "每季度第三个月（3、6、9、12月）最后一天"),
        ("上半年每月15日", "上半年每月15日"),
        ("每年3月、9月的15日", "每年3月、9月的15日"),
        ("每年三、九月十五日", "每年3月、9月的15日"),
        ("1月8日、3月12日、5月20日", "每年1月8日、3月12日、5月20日"),
        ("1.8、3.12、5.20", "每年1月8日、3月12日、5月20日"),
        ("2026-01-08，2026/3/12、20260520", "2026年1月8日、3月12日、5月20日"),
        ("二〇二六年一月八日、三月十二日", "2026年1月8日、3月12日"),
        ("每月逢5日", "每月逢5日（5、15、25日）"),
        ("逢三、八圩日", "每月逢3、8日（3、8、13、18、23、28日）"),
        ("每月逢三八", "每月逢3、8日（3、8、13、18、23、28日）"),
        ("逢五逢十", "每月逢5、10日（5、10、15、20、25、30日）"),
        ("每月逢15日", "每月15日"),
        ("每月5日；双月第三个周五", "每月5日；双月第三个周五"),
        ("每月5日。每周三", "每月5日；每周三"),
        ("每周三和每月15日", "每周三；每月15日"),
        ("每月15日和最后一个周五", "每月15日；每月最后一个周五"),
        ("每周三上午和每周五下午", "每周三；每周五"),
    ],
)
def test_a_spelling_is_told_in_plain_words_that_read_back(text, words):
    rule = parse(text)
    assert rule.words == words
    assert parse(words).planned(2026) == rule.planned(2026)
    assert parse(words).planned(2024) == rule.planned(2024)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("单月15日", [(1, 15), (3, 15), (5, 15), (7, 15), (9, 15), (11, 15)]),
        ("双月15日", [(2, 15), (4, 15), (6, 15), (8, 15), (10, 15), (12, 15)]),
        ("单月第一个周三", [(1, 7), (3, 4), (5, 6), (7, 1), (9, 2), (11, 4)]),
        ("每季度第一个月15日", [(1, 15), (4, 15), (7, 15), (10, 15)]),
        ("每季度第二个月15日", [(2, 15), (5, 15), (8, 15), (11, 15)]),
        ("每季度末月最后一个周五", [(3, 27), (6, 26), (9, 25), (12, 25)]),
        ("每季度最后一个周五", [(3, 27), (6, 26), (9, 25), (12, 25)]),
        ("每年3月、9月的15日", [(3, 15), (9, 15)]),
        ("3-5月每月15日", [(3, 15), (4, 15), (5, 15)]),
        ("1月8日、12日、3月5日", [(1, 8), (1, 12), (3, 5)]),
        ("2026年1月8日、2026-03-12", [(1, 8), (3, 12)]),
        ("2025年1月8日、2026年3月12日", [(3, 12)]),
        ("2025年12月31日、1月8日", []),
        ("每月第五个周三", [(4, 29), (7, 29), (9, 30), (12, 30)]),
        (
            "每月第一周和第三周的周二",
            [(1, 6), (1, 20), (2, 3), (2, 17), (3, 3), (3, 17), (4, 7), (4, 21), (5, 5), (5, 19),
             (6, 2), (6, 16), (7, 7), (7, 21), (8, 4), (8, 18), (9, 1), (9, 15), (10, 6),
             (10, 20), (11, 3), (11, 17), (12, 1), (12, 15)],
        ),
        (
            "每月第二个星期五",
            [(1, 9), (2, 13), (3, 13), (4, 10), (5, 8), (6, 12), (7, 10), (8, 14), (9, 11),
             (10, 9), (11, 13), (12, 11)],
        ),
        (
            "每月最后一天",
            [(1, 31), (2, 28), (3, 31), (4, 30), (5, 31), (6, 30), (7, 31), (8, 31), (9, 30),
             (10, 31), (11, 30), (12, 31)],
        ),
    ],
)  # fmt: skip
def test_the_days_of_2026(text, days):
    assert days_of(text) == days


def test_a_month_without_the_day_takes_its_last_or_none():
    assert days_of("每月30日")[:3] == [(1, 30), (2, 28), (3, 30)]
    assert days_of("每月30日", month_end="skip")[:3] == [(1, 30), (3, 30), (4, 30)]
    assert days_of("每月30日", 2024)[:2] == [(1, 30), (2, 29)]
    assert days_of("每月31日", month_end="skip") == [
        (1, 31), (3, 31), (5, 31), (7, 31), (8, 31), (10, 31), (12, 31)
    ]  # fmt: skip
    assert days_of("每月31日")[3] == (4, 30)


def test_a_market_day_that_a_month_lacks_is_not_moved_to_its_end():
    assert [day for day in days_of("逢9") if day[0] == 2] == [(2, 9), (2, 19)]


def test_a_day_that_two_rules_name_is_planned_once():
    assert days_of("每月15日；单月15日") == days_of("每月15日")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("每月32日", "没有32日"), ("每月0日", "没有0日"), ("2月30日、3月1日", "2月没有30日"),
        ("2026年2月29日", "2月没有29日"), ("2026-13-01", "没有13月"), ("13月5日", "没有13月"),
        ("周八", "“周八”"), ("每周八", "“每周八”"), ("每月第六个周三", "没有第6个"),
        ("每周三；随时", "“随时”"), ("每周三次", "“每周三次”"), ("每月", "“每月”"),
        ("每季度", "“每季度”"), ("隔周周三", "“隔周周三”"), ("每月上旬", "“每月上旬”"),
        ("农历逢3", "“农历逢3”"), ("每月15日（农历）", "农历"), ("每月初五", "“每月初五”"),
        ("每月15日（8月除外）", "8月除外"), ("每月最后一个工作日", "“每月最后一个工作日”"),
        ("每月六七日", "“每月六七日”"), ("单月15日、周三", "“周三”"), ("15", "“15”"),
        ("每月第一周和第三周", "“每月第一周”"), ("周五至周一", "先后不对"),
        ("每月20-10日", "先后不对"), ("单月（2、4月）15日", "前后不一致"), ("每周末", "“每周末”"),
        ("每周（三、五）", "“每周(三”"), ("", "没有写接待日"), ("　", "没有写接待日"),
        ("（）", "没有写哪天"), ("每周三" * 100, "太长"),
    ],
)  # fmt: skip
def test_what_is_no_rule_is_refused_by_name_with_examples(text, named):
    with pytest.raises(Unreadable) as caught:
        parse(text)
    assert named in str(caught.value)
    assert "可以这样写：每周三；每月10日、20日、30日" in str(caught.value)


def test_days_on_holidays_and_weekends_go_to_the_next_workday():
    assert days_of("每月10、20、30日")[:6] == [
        (1, 10), (1, 20), (1, 30), (2, 10), (2, 20), (2, 28)
    ]  # fmt: skip
    assert len(days_of("每月10、20、30日")) == 36
    # 2.28 and 10.10 are make-up Saturdays, 9.20 a make-up Sunday: they stay.
    assert moved("每月10、20、30日", "next_workday") == {
        (1, 10): (1, 12), (2, 20): (2, 24), (5, 10): (5, 11), (5, 30): (6, 1), (6, 20): (6, 22),
        (8, 30): (8, 31), (12, 20): (12, 21),
    }  # fmt: skip
    assert moved("每周三", "next_workday") == {(2, 18): (2, 24), (10, 7): (10, 8)}
    assert moved("每月15日", "next_workday") == {
        (2, 15): (2, 24), (3, 15): (3, 16), (8, 15): (8, 17), (11, 15): (11, 16)
    }  # fmt: skip


def test_the_reason_names_the_holiday_or_the_weekday():
    assert reasons("每周三", "next_workday")[10, 7] == "原定10月7日（国庆节）顺延"
    assert reasons("4月25日", "next_workday") == {(4, 25): "原定4月25日（周六）顺延"}
    assert reasons("每周三", "next_workday")[10, 14] == ""
    assert reasons("每周三", "skip")[10, 7] == "10月7日（国庆节）不安排"


def test_a_make_up_saturday_is_a_workday_and_stays():
    for policy in ("next_workday", "next_week", "skip", "keep"):
        assert moved("2月14日", policy) == {}


def test_skip_drops_days_off_and_keep_leaves_them():
    assert moved("每周三", "skip") == {(2, 18): None, (10, 7): None}
    assert moved("每周三", "keep") == {}


def test_a_moved_day_passes_over_days_that_are_taken():
    # 10.8 (Thu) and 10.9 (Fri) are planned and stay; 10.10 is a make-up Saturday.
    rows = "10月6日、7日、8日、9日"
    assert moved(rows, "next_workday") == {(10, 6): (10, 10), (10, 7): (10, 12)}


def test_a_station_that_receives_every_workday_has_days_merge_in_the_end():
    rows = {
        (row.planned.month, row.planned.day): row
        for row in shift(parse("每周一至周五").planned(2026), CALENDAR, "next_workday")
    }
    # 9.25 takes the make-up Saturday 10.10, the only workday that is free for a month.
    assert rows[9, 25].date == date(2026, 10, 10)
    assert rows[10, 1].date is None
    assert rows[10, 1].reason == "10月1日（国庆节）并入10月8日"


def test_a_week_later_goes_on_to_a_workday_or_merges():
    # 2.15 and 2.16 + 7 are 2.22 and 2.23, still 春节: both would be 2.24.
    assert moved("2月15日、16日、25日", "next_week") == {(2, 15): (2, 24), (2, 16): None}
    assert reasons("2月15日、16日", "next_week")[2, 16] == "2月16日（春节）并入2月24日"
    assert moved("每周三", "next_week") == {(2, 18): None, (10, 7): None}
    assert reasons("每周三", "next_week")[10, 7] == "10月7日（国庆节）并入10月14日"
    assert reasons("10月1日、8日", "next_week")[10, 1] == "10月1日（国庆节）并入10月8日"
    assert moved("4月25日", "next_week") == {(4, 25): (5, 6)}


def test_a_year_without_data_goes_by_monday_to_friday_and_may_end_in_january():
    # 2027: 1.31, 2.28, 10.31 are Sundays, 5.31 Monday, 7.31 Saturday.
    assert moved("每月31日", "next_workday", 2027) == {
        (1, 31): (2, 1), (2, 28): (3, 1), (7, 31): (8, 2), (10, 31): (11, 1)
    }  # fmt: skip
    found = shift([date(2028, 12, 31)], CALENDAR, "next_workday")
    assert found[0].date == date(2029, 1, 1)


def test_an_unknown_policy_is_refused():
    with pytest.raises(ValueError, match="sometimes"):
        shift([], CALENDAR, "sometimes")


YEAR_2026 = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@given(st.lists(YEAR_2026, max_size=60), st.sampled_from(["next_workday", "next_week"]))
def test_moved_days_are_workdays_unique_and_never_earlier(planned, policy):
    rows = shift(planned, CALENDAR, policy)
    held = [row.date for row in rows if row.date]
    assert [row.planned for row in rows] == sorted(set(planned))
    assert all(CALENDAR.is_workday(day) for day in held)
    assert len(held) == len(set(held))
    assert all(row.date is None or row.date >= row.planned for row in rows)
    assert {day for day in planned if CALENDAR.is_workday(day)} <= set(held)
    assert all((row.reason == "") == (row.date == row.planned) for row in rows)


@given(st.lists(YEAR_2026, max_size=20))
def test_keep_never_moves_and_skip_only_drops_days_off(planned):
    assert all(row.date == row.planned for row in shift(planned, CALENDAR, "keep"))
    kept = [row.date for row in shift(planned, CALENDAR, "skip") if row.date]
    assert kept == sorted({day for day in planned if CALENDAR.is_workday(day)})


@given(st.lists(st.integers(1, 31), min_size=1, max_size=6), st.sampled_from("、，,和及与"))
def test_days_of_the_month_are_read_with_any_separator(numbers, separator):
    text = f"每月{separator.join(map(str, numbers))}日"
    assert days_of(text, month_end="skip") == [
        (month, day)
        for month in range(1, 13)
        for day in sorted(set(numbers))
        if day <= (28 if month == 2 else 30 if month in (4, 6, 9, 11) else 31)
    ]


@given(st.lists(YEAR_2026, min_size=1, max_size=12))
def test_a_list_of_dates_is_read_as_it_stands(dates):
    assume(len(set(dates)) == len(dates))
    text = "、".join(f"{day.year}年{day.month}月{day.day}日" for day in dates)
    assert parse(text).planned(2026) == sorted(dates)
    assert parse(parse(text).words).planned(2026) == sorted(dates)
    assert parse(text).planned(2027) == []


@given(st.text("每周月季度年一二三五日号第个最后单双逢、，；至的 0123456789()末", max_size=14))
def test_any_text_is_either_read_or_refused(text):
    try:
        rule = parse(text)
    except Unreadable:
        return
    assert parse(rule.words).planned(2026) == rule.planned(2026)
