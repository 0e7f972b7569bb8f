"""Deadlines and their reasons, by hand with the calendars of 2025 and 2026."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.reckoning import Reckoned, Span, Unit, reckon
from common.workdays import Workdays

# As the State Council announced them: first and last day off, and the days that make up for them.
ANNOUNCED = [
    ("元旦", "2025-01-01", "2025-01-01", []),
    ("春节", "2025-01-28", "2025-02-04", ["2025-01-26", "2025-02-08"]),
    ("清明节", "2025-04-04", "2025-04-06", []),
    ("劳动节", "2025-05-01", "2025-05-05", ["2025-04-27"]),
    ("端午节", "2025-05-31", "2025-06-02", []),
    ("国庆节", "2025-10-01", "2025-10-08", ["2025-09-28", "2025-10-11"]),
    ("元旦", "2026-01-01", "2026-01-03", ["2026-01-04"]),
    ("春节", "2026-02-15", "2026-02-23", ["2026-02-14", "2026-02-28"]),
    ("清明节", "2026-04-04", "2026-04-06", []),
    ("劳动节", "2026-05-01", "2026-05-05", ["2026-05-09"]),
    ("端午节", "2026-06-19", "2026-06-21", []),
    ("中秋节", "2026-09-25", "2026-09-27", []),
    ("国庆节", "2026-10-01", "2026-10-07", ["2026-09-20", "2026-10-10"]),
]


def day(text: str) -> date:
    return date.fromisoformat(text)


def calendar_of(announced, *years: int) -> Workdays:
    days, names = {}, {}
    for name, first, last, make_up in announced:
        length = (day(last) - day(first)).days + 1
        off = [day(first) + timedelta(days=n) for n in range(length)]
        days |= dict.fromkeys(off, True) | dict.fromkeys(map(day, make_up), False)
        names |= dict.fromkeys([*off, *map(day, make_up)], name)
    return Workdays(days=days, names=names, years=frozenset(years))


CALENDAR = calendar_of(ANNOUNCED, 2025, 2026)


def months(count: int, *, rolls: bool = True) -> Span:
    return Span(count, Unit.MONTHS, rolls)


def workdays(count: int) -> Span:
    return Span(count, Unit.WORKDAYS)


def reckoned(start: str, span: Span, *, began: str = "交办", calendar=CALENDAR) -> Reckoned:
    return reckon(day(start), span, calendar, began=began)


@pytest.mark.parametrize(
    ("start", "span", "plain", "due"),
    [
        # A Saturday that is worked in place of a day of the Spring Festival.
        ("2025-11-30", months(3), "2026-02-28", "2026-02-28"),
        ("2026-01-30", months(1), "2026-02-28", "2026-02-28"),
        # Into the National Day week, and out of it.
        ("2026-07-03", months(3), "2026-10-03", "2026-10-08"),
        ("2026-04-03", months(1), "2026-05-03", "2026-05-06"),
        # 11, 12, 13, 14 (makes up), 24, 25, 26 February.
        ("2026-02-10", workdays(7), "2026-02-26", "2026-02-26"),
        # Given on a Saturday: Monday is the first day.
        ("2026-03-07", workdays(1), "2026-03-09", "2026-03-09"),
        # The last days of months; 31 May 2026 is a Sunday.
        ("2026-03-31", months(1), "2026-04-30", "2026-04-30"),
        ("2026-03-31", months(2), "2026-05-31", "2026-06-01"),
        ("2026-02-14", Span(30, Unit.DAYS), "2026-03-16", "2026-03-16"),
        # 14 March is a Saturday.
        ("2026-02-12", Span(30, Unit.DAYS), "2026-03-14", "2026-03-16"),
        # 3 January is a holiday, and Sunday the 4th is worked for it.
        ("2025-12-03", months(1), "2026-01-03", "2026-01-04"),
    ],
)
def test_a_deadline_falls_where_the_calendar_puts_it(start, span, plain, due):
    found = reckoned(start, span)
    assert (found.start, found.plain, found.due) == (day(start), day(plain), day(due))


def test_a_leap_year_has_a_29th_of_february():
    # 2028-02-29 is a Tuesday.
    assert reckoned("2027-11-30", months(3)).due == date(2028, 2, 29)
    assert reckoned("2028-01-31", months(1)).due == date(2028, 2, 29)


def test_a_deadline_that_does_not_roll_stays_on_the_day_off():
    found = reckoned("2026-04-03", months(1, rolls=False))
    assert (found.plain, found.due) == (date(2026, 5, 3), date(2026, 5, 3))
    assert found.explanation == (
        "2026年4月3日交办，当日不计 → 加 1 个月为 5月3日 → 逢劳动节放假，期限不顺延。"
    )


@pytest.mark.parametrize("count", [0, -1])
def test_a_span_is_at_least_one_unit_long(count):
    with pytest.raises(ValueError, match="at least one"):
        Span(count, Unit.DAYS)


def test_a_span_is_said_with_its_unit():
    assert months(3).words == "3 个月"
    assert workdays(7).words == "7 个工作日"
    assert Span(30, Unit.DAYS).words == "30 天"


@pytest.mark.parametrize(
    ("start", "span", "began", "explanation"),
    [
        (
            "2026-04-03", months(1), "重新交办",
            "2026年4月3日重新交办，当日不计 → 加 1 个月为 5月3日"
            " → 逢劳动节放假，顺延到节后第一个工作日 5月6日。",
        ),
        (
            "2025-12-12", months(3), "交办",
            "2025年12月12日交办，当日不计 → 加 3 个月为 2026年3月12日。",
        ),
        (
            "2025-11-30", months(3), "交办",
            "2025年11月30日交办，当日不计"
            " → 加 3 个月，2月没有 30 日，为 2026年2月28日（调休上班）。",
        ),
        (
            "2026-02-12", Span(30, Unit.DAYS), "交办",
            "2026年2月12日交办，当日不计 → 加 30 天为 3月14日"
            " → 逢周六，顺延到 3月16日（周一）。",
        ),
        (
            "2025-12-03", months(1), "交办",
            "2025年12月3日交办，当日不计 → 加 1 个月为 2026年1月3日"
            " → 逢元旦放假，顺延到节后第一个工作日 2026年1月4日（调休上班）。",
        ),
        (
            "2026-02-10", workdays(7), "签收",
            "2026年2月10日签收，当日不计 → 第 7 个工作日为 2月26日"
            "（跳过春节放假 2月15日–23日；2月14日调休上班，计入）。",
        ),
        # 11 to 14, 24 to 27 and 28 February: the last is a Saturday that makes up.
        (
            "2026-02-10", workdays(9), "签收",
            "2026年2月10日签收，当日不计 → 第 9 个工作日为 2月28日"
            "（调休上班；跳过春节放假 2月15日–23日；2月14日调休上班，计入）。",
        ),
        # From Monday to Friday, and over a weekend that needs no mention.
        (
            "2026-03-09", workdays(5), "答复",
            "2026年3月9日答复，当日不计 → 第 5 个工作日为 3月16日。",
        ),
        # 20 (Sunday, worked), 21 to 24, 28 to 30 September, 8 October.
        (
            "2026-09-18", workdays(9), "答复",
            "2026年9月18日答复，当日不计 → 第 9 个工作日为 10月8日"
            "（跳过中秋节放假 9月25日–27日、国庆节放假 10月1日–7日；9月20日调休上班，计入）。",
        ),
        # 26, 27 January, 5 February 2025: a holiday in two months.
        (
            "2025-01-24", workdays(3), "答复",
            "2025年1月24日答复，当日不计 → 第 3 个工作日为 2月5日"
            "（跳过春节放假 1月28日–2月4日；1月26日调休上班，计入）。",
        ),
        # 31 December, 4 January (Sunday, worked).
        (
            "2025-12-30", workdays(3), "答复",
            "2025年12月30日答复，当日不计 → 第 3 个工作日为 2026年1月5日"
            "（跳过元旦放假 2026年1月1日–3日；2026年1月4日调休上班，计入）。",
        ),
    ],
)  # fmt: skip
def test_an_explanation_tells_each_step(start, span, began, explanation):
    assert reckoned(start, span, began=began).explanation == explanation


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        # 2 January 2027 is a Saturday.
        (
            "2026-10-02", months(3),
            " → 加 3 个月为 2027年1月2日 → 逢周六，顺延到 2027年1月4日（周一）"
            "（2027年放假安排还没有录入，暂按周一至周五算）。",
        ),
        (
            "2026-12-30", workdays(2),
            " → 第 2 个工作日为 2027年1月1日（2027年放假安排还没有录入，暂按周一至周五算）。",
        ),
        ("2026-10-02", months(3, rolls=False), "2027年1月2日 → 逢周六，期限不顺延。"),
    ],
)  # fmt: skip
def test_a_year_that_was_not_announced_is_named_where_it_matters(start, span, end):
    assert reckoned(start, span).explanation.endswith(end)


def test_all_years_that_were_not_announced_are_named():
    found = reckoned("2026-12-30", workdays(262))
    assert found.due == date(2027, 12, 31)
    assert "（2027年放假安排还没有录入" in found.explanation
    longer = reckoned("2026-12-30", workdays(263))
    assert longer.due == date(2028, 1, 3)
    assert "（2027年、2028年放假安排还没有录入" in longer.explanation


def test_a_weekend_that_runs_into_a_holiday_names_both():
    # In 2024 the holiday was the Monday alone, after an ordinary weekend.
    y2024 = calendar_of([("端午节", "2024-06-10", "2024-06-10", [])], 2024)
    assert reckoned("2024-05-08", months(1), calendar=y2024).explanation == (
        "2024年5月8日交办，当日不计 → 加 1 个月为 6月8日"
        " → 逢周六，接着端午节放假，顺延到节后第一个工作日 6月11日。"
    )


def test_a_holiday_that_runs_into_another_names_both():
    y2023 = calendar_of(
        [
            ("中秋节", "2023-09-29", "2023-09-29", []),
            ("国庆节", "2023-09-30", "2023-10-06", ["2023-10-07", "2023-10-08"]),
        ],
        2023,
    )
    assert reckoned("2023-08-29", months(1), calendar=y2023).explanation == (
        "2023年8月29日交办，当日不计 → 加 1 个月为 9月29日"
        " → 逢中秋节、国庆节放假，顺延到节后第一个工作日 10月7日（调休上班）。"
    )


def test_a_sunday_that_follows_may_be_a_worked_one():
    # Saturday 19 September 2026 is off, Sunday the 20th makes up for the National Day.
    assert reckoned("2026-08-19", months(1)).explanation.endswith(
        " → 逢周六，顺延到 9月20日（周日，调休上班）。"
    )


def test_a_holiday_that_runs_across_the_year_names_both_years():
    across = calendar_of([("元旦", "2025-12-30", "2026-01-02", [])], 2025, 2026)
    assert reckoned("2025-12-29", workdays(1), calendar=across).explanation == (
        "2025年12月29日交办，当日不计 → 第 1 个工作日为 2026年1月5日"
        "（跳过元旦放假 12月30日–2026年1月2日）。"
    )


starts = st.dates(date(2024, 10, 1), date(2027, 3, 31))
month_spans = st.builds(months, st.integers(1, 12), rolls=st.booleans())
spans = st.builds(Span, st.integers(1, 60), st.sampled_from(Unit), st.booleans())


@given(starts, spans)
def test_the_due_day_is_never_before_the_plain_one_nor_that_before_the_start(start, span):
    found = reckon(start, span, CALENDAR, began="交办")
    assert found.due >= found.plain > start


@given(starts, spans)
def test_a_due_day_is_a_workday_where_it_rolls_or_workdays_are_counted(start, span):
    found = reckon(start, span, CALENDAR, began="交办")
    if span.rolls or span.unit is Unit.WORKDAYS:
        assert CALENDAR.is_workday(found.due)
    else:
        assert found.due == found.plain


@given(starts, starts, month_spans)
def test_who_begins_later_is_never_due_earlier(one, other, span):
    earlier, later = sorted([one, other])
    first = reckon(earlier, span, CALENDAR, began="交办")
    assert first.due <= reckon(later, span, CALENDAR, began="交办").due


@given(starts, spans)
def test_an_explanation_names_the_due_day(start, span):
    found = reckon(start, span, CALENDAR, began="交办")
    year = "" if found.due.year == start.year else f"{found.due.year}年"
    assert f" {year}{found.due.month}月{found.due.day}日" in found.explanation
    assert found.explanation.startswith(f"{start.year}年{start.month}月{start.day}日交办，当日不计")
    assert found.explanation.endswith("。")
