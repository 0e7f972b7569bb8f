"""Workdays and months, by hand for 2026 and by rule for any calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.workdays import Holiday, Span, Workdays, add_months

SPRING = "春节"


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


@pytest.fixture
def y2026() -> Workdays:
    """The first half of the year 2026 and its October, as the State Council announced them."""
    off = {
        "元旦": ["01-01", "01-02", "01-03"],
        SPRING: [f"02-{n}" for n in range(15, 24)],
        "国庆节": [f"10-0{n}" for n in range(1, 8)],
    }
    make_up = {"元旦": ["01-04"], SPRING: ["02-14", "02-28"], "国庆节": ["09-20", "10-10"]}
    days, names = {}, {}
    for given_days, is_off in ((off, True), (make_up, False)):
        for name, texts in given_days.items():
            for text in texts:
                days[day(text)], names[day(text)] = is_off, name
    return Workdays(days=days, names=names, years=frozenset([2026]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("01-01", False),  # Thursday, New Year
        ("01-04", True),  # Sunday that makes up for it
        ("02-13", True),  # Friday
        ("02-14", True),  # Saturday that makes up
        ("02-15", False),  # Sunday, first day of the Spring Festival
        ("02-16", False),  # Monday within it
        ("02-23", False),  # Monday, its last day
        ("02-24", True),  # Tuesday
        ("02-28", True),  # Saturday that makes up
        ("03-01", False),  # Sunday like any other
        ("09-20", True),  # Sunday that makes up for the National Day
        ("10-07", False),  # Wednesday, its last day
        ("10-10", True),  # Saturday that makes up
        ("10-11", False),  # Sunday
    ],
)
def test_a_day_is_a_workday_as_announced(y2026, text, expected):
    assert y2026.is_workday(day(text)) is expected


def test_a_workday_is_its_own_next_workday(y2026):
    assert y2026.next_workday(day("02-14")) == day("02-14")
    assert y2026.next_workday(day("02-15")) == day("02-24")
    assert y2026.next_workday(day("10-03")) == day("10-08")


def test_the_workday_after_is_strictly_later(y2026):
    assert y2026.workday_after(day("02-13")) == day("02-14")
    assert y2026.workday_after(day("02-14")) == day("02-24")
    assert y2026.workday_after(day("09-30")) == day("10-08")


def test_the_first_day_does_not_count_when_workdays_are_added(y2026):
    # 02-13 Fri, then 14 (make-up), 24, 25, 26, 27
    assert y2026.add_workdays(day("02-13"), 1) == day("02-14")
    assert y2026.add_workdays(day("02-13"), 5) == day("02-27")
    assert y2026.add_workdays(day("02-13"), 6) == day("02-28")
    # from within the holiday: 24, 25, 26
    assert y2026.add_workdays(day("02-18"), 3) == day("02-26")


def test_no_workdays_added_is_the_day_itself_even_on_a_day_off(y2026):
    assert y2026.add_workdays(day("02-18"), 0) == day("02-18")


def test_workdays_are_not_added_backwards(y2026):
    with pytest.raises(ValueError, match="forwards"):
        y2026.add_workdays(day("02-18"), -1)


def test_workdays_between_count_the_last_day_and_not_the_first(y2026):
    assert y2026.workdays_between(day("02-13"), day("02-13")) == 0
    assert y2026.workdays_between(day("02-13"), day("02-14")) == 1
    assert y2026.workdays_between(day("02-13"), day("02-24")) == 2
    # 10-08 Thu, 10-09 Fri, 10-10 Sat (make-up)
    assert y2026.workdays_between(day("09-30"), day("10-11")) == 3
    assert y2026.workdays_between(day("10-11"), day("09-30")) == -3


def test_only_a_day_off_has_the_name_of_its_holiday(y2026):
    assert y2026.name_of(day("10-01")) == "国庆节"
    assert y2026.name_of(day("10-10")) == ""
    assert y2026.name_of(day("10-17")) == ""


def test_a_year_without_data_goes_by_monday_to_friday(y2026):
    assert not y2026.knows(2027)
    assert y2026.is_workday(date(2027, 10, 1))  # Friday
    assert not y2026.is_workday(date(2027, 10, 2))  # Saturday


def test_years_without_data_are_named_once(y2026):
    asked = [day("03-05"), date(2028, 1, 3), date(2027, 1, 4), date(2027, 5, 1)]
    assert y2026.missing(asked) == [2027, 2028]
    assert y2026.missing([day("03-05")]) == []


def test_holidays_are_listed_in_the_order_of_the_year_with_what_makes_up_for_them(y2026):
    assert y2026.holidays_in(2026) == [
        Holiday("元旦", (Span(day("01-01"), day("01-03")),), (day("01-04"),)),
        Holiday(SPRING, (Span(day("02-15"), day("02-23")),), (day("02-14"), day("02-28"))),
        Holiday("国庆节", (Span(day("10-01"), day("10-07")),), (day("09-20"), day("10-10"))),
    ]
    assert y2026.holidays_in(2027) == []


def test_a_holiday_that_comes_twice_in_a_year_has_two_spans():
    days = {date(2026, 1, 1): True, date(2026, 12, 31): True, date(2027, 1, 1): True}
    found = Workdays(days=days, names=dict.fromkeys(days, "元旦")).holidays_in(2026)
    assert [(span.first, span.length) for span in found[0].spans] == [
        (date(2026, 1, 1), 1),
        (date(2026, 12, 31), 1),
    ]


def test_a_make_up_day_without_a_holiday_is_listed_too():
    found = Workdays(days={date(2026, 3, 7): False}, names={date(2026, 3, 7): "补班"})
    assert found.holidays_in(2026) == [Holiday("补班", (), (date(2026, 3, 7),))]


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2026, 1, 15), 1, date(2026, 2, 15)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2026, 2, 28), 6, date(2026, 8, 28)),
        (date(2026, 12, 31), 6, date(2027, 6, 30)),
        (date(2026, 10, 8), 3, date(2027, 1, 8)),
        (date(2026, 10, 8), 0, date(2026, 10, 8)),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_the_month(start, months, expected):
    assert add_months(start, months) == expected


some_days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
calendars = st.builds(
    Workdays, days=st.dictionaries(st.dates(date(2024, 1, 1), date(2024, 3, 31)), st.booleans())
)
near = st.dates(date(2023, 12, 20), date(2024, 4, 10))


@given(calendars, near)
def test_the_next_workday_is_the_first_that_is_not_before(calendar, start):
    found = calendar.next_workday(start)
    assert found >= start
    assert calendar.is_workday(found)
    between = [start + timedelta(days=n) for n in range((found - start).days)]
    assert not any(calendar.is_workday(one) for one in between)


@given(calendars, near, st.integers(0, 40))
def test_as_many_workdays_pass_as_were_added(calendar, start, count):
    assert calendar.workdays_between(start, calendar.add_workdays(start, count)) == count


@given(calendars, near, near, near)
def test_workdays_of_two_stretches_add_up(calendar, first, second, third):
    whole = calendar.workdays_between(first, third)
    parts = calendar.workdays_between(first, second) + calendar.workdays_between(second, third)
    assert whole == parts


@given(calendars)
def test_the_days_off_of_a_year_are_all_in_its_holidays(calendar):
    listed = sum(span.length for one in calendar.holidays_in(2024) for span in one.spans)
    assert listed == sum(calendar.days.values())


@given(some_days, st.integers(0, 60))
def test_added_months_land_in_that_month_and_never_later_than_the_same_number(start, months):
    found = add_months(start, months)
    assert (found.year * 12 + found.month) - (start.year * 12 + start.month) == months
    assert found.day == start.day or (
        found.day < start.day and (found + timedelta(days=1)).day == 1
    )
