from datetime import date

import pytest

from reports.periods import Period, PeriodError, parts_of


@pytest.mark.parametrize(
    ("first", "last", "label"),
    [
        (date(2025, 1, 1), date(2025, 12, 31), "2025年"),
        (date(2025, 1, 1), date(2025, 6, 30), "2025年上半年"),
        (date(2025, 7, 1), date(2025, 12, 31), "2025年下半年"),
        (date(2025, 4, 1), date(2025, 6, 30), "2025年第二季度"),
        (date(2024, 2, 1), date(2024, 2, 29), "2024年2月"),
        (date(2025, 1, 5), date(2025, 3, 8), "2025年1月5日至3月8日"),
        (date(2024, 12, 1), date(2025, 1, 31), "2024年12月1日至2025年1月31日"),
        (date(2025, 5, 5), date(2025, 5, 5), "2025年5月5日"),
    ],
)
def test_label_reads_as_offices_say_it(first, last, label):
    assert Period(first, last).label == label


def test_title_of_a_year():
    assert Period.of_year(2025).title == "2025年度"


def test_months_of_a_cut_period():
    months = list(Period(date(2024, 11, 20), date(2025, 1, 10)).months())
    assert [(month.first, month.last) for month in months] == [
        (date(2024, 11, 20), date(2024, 11, 30)),
        (date(2024, 12, 1), date(2024, 12, 31)),
        (date(2025, 1, 1), date(2025, 1, 10)),
    ]


@pytest.mark.parametrize(
    ("first", "last", "before"),
    [
        ((2025, 1, 1), (2025, 12, 31), ((2024, 1, 1), (2024, 12, 31))),
        ((2025, 2, 1), (2025, 2, 28), ((2024, 2, 1), (2024, 2, 29))),
        ((2024, 2, 29), (2024, 3, 15), ((2023, 2, 28), (2023, 3, 15))),
    ],
)
def test_year_before(first, last, before):
    earlier = Period(date(*first), date(*last)).year_before()
    assert (earlier.first, earlier.last) == (date(*before[0]), date(*before[1]))


def test_no_year_before_the_first():
    assert Period.of_year(2000).year_before() is None


@pytest.mark.parametrize(
    ("first", "last", "reason"),
    [
        (date(2025, 2, 1), date(2025, 1, 31), "不能早于"),
        (date(1999, 1, 1), date(1999, 12, 31), "年份应在"),
        (date(2010, 1, 1), date(2020, 12, 31), "最多跨"),
    ],
)
def test_period_refuses(first, last, reason):
    with pytest.raises(PeriodError, match=reason):
        Period(first, last)


def test_one_open_side_reaches_to_the_end_of_its_year():
    assert Period.between(date(2024, 4, 1), None, year=2026) == Period(
        date(2024, 4, 1), date(2024, 12, 31)
    )
    assert Period.between(None, date(2024, 4, 1), year=2026) == Period(
        date(2024, 1, 1), date(2024, 4, 1)
    )
    assert Period.between(None, None, year=2026) == Period.of_year(2026)


def test_parts_of_a_year():
    assert [part.label.removeprefix("2025年") for part in parts_of(2025)] == [
        "",
        "上半年",
        "下半年",
        "第一季度",
        "第二季度",
        "第三季度",
        "第四季度",
    ]
