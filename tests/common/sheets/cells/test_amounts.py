from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.sheets.cells import (
    CellError,
    parse_count,
    parse_decimal,
    parse_int,
    parse_money,
)
from tests.common.sheets.test_numerals import in_words


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (5, 5),
        (5.0, 5),
        ("5", 5),
        ("5.0", 5),
        ("５", 5),
        ("5人", 5),
        ("5 人", 5),
        ("5名", 5),
        ("5个人", 5),
        ("5人次", 5),
        ("等5人", 5),
        ("共5人", 5),
        ("三", 3),
        ("叁", 3),
        ("两人", 2),
        ("二十", 20),
        ("一百二十人", 120),
        ("3户12人", 12),
        ("3户，共12人", 12),
        ("一家三口", 3),
        ("5人（女2人）", 5),
        ("1,000人", 1000),
        ("1.2万人", 12_000),
    ],
)
def test_an_exact_number_of_heads_is_read(raw, value):
    count = parse_count(raw)
    assert (count.value, count.approximate) == (value, False)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("约20人", 20),
        ("20人左右", 20),
        ("20余人", 20),
        ("20来人", 20),
        ("20人以上", 20),
        ("近百人", 100),
        ("100多人", 100),
        ("十余人", 10),
        ("百余人", 100),
        ("上百人", 100),
        ("150余人次", 150),
        ("100余户300余人", 300),
    ],
)
def test_an_approximate_number_keeps_its_mark(raw, value):
    count = parse_count(raw)
    assert (count.value, count.approximate) == (value, True)


@pytest.mark.parametrize(
    ("raw", "value"),
    [("6、7人", 7), ("6,7人", 7), ("6-7人", 7), ("6～7人", 7), ("六七人", 7), ("十七八人", 18)],
)
def test_of_two_numbers_the_larger_counts_and_is_approximate(raw, value):
    count = parse_count(raw)
    assert (count.value, count.approximate) == (value, True)


@pytest.mark.parametrize("raw", ["等3户", "3户", "3户群众", "约3户"])
def test_households_alone_count_as_heads_approximately(raw):
    count = parse_count(raw)
    assert (count.value, count.approximate) == (3, True)


@pytest.mark.parametrize("raw", [None, "", " ", "/", "-", "无"])
def test_a_blank_count_has_no_value(raw):
    assert parse_count(raw).value is None


@pytest.mark.parametrize(
    "raw", ["若干", "很多", "数十人", "几个人", "等人", "多人", "2.5", 2.5, True, -3]
)
def test_a_count_without_a_number_is_refused(raw):
    with pytest.raises(CellError, match="请填人数"):
        parse_count(raw)


@pytest.mark.parametrize("raw", [0, "0", "0人", "零"])
def test_nobody_is_refused_unless_the_column_allows_it(raw):
    with pytest.raises(CellError, match="应不小于 1"):
        parse_count(raw)
    assert parse_count(raw, least=0).value == 0


def test_an_absurd_number_of_heads_is_refused():
    assert parse_count(1_000_000).value == 1_000_000
    with pytest.raises(CellError, match="太大"):
        parse_count(13_800_138_000)


def test_a_count_keeps_its_text():
    assert parse_count(" 约20人 ").text == "约20人"
    assert parse_count(5.0).text == "5"


@given(
    st.integers(1, 1_000_000), st.sampled_from(["{}", "{}人", "等{}人", "{:,}人", "共{}名", "{}.0"])
)
def test_any_count_in_digits_reads_back(number, form):
    assert parse_count(form.format(number)).value == number


@given(st.integers(1, 9999), st.sampled_from(["{}", "{}人", "约{}人", "{}余人"]))
def test_any_count_in_words_reads_back(number, form):
    assert parse_count(form.format(in_words(number))).value == number


@pytest.mark.parametrize(
    ("raw", "amount"),
    [
        (1000, "1000"),
        (1000.5, "1000.50"),
        (1234.567, "1234.57"),
        ("1,000元", "1000"),
        ("１０００元", "1000"),
        ("￥500", "500"),
        ("500元整", "500"),
        ("1.5万元", "15000"),
        ("1万5千元", "15000"),
        ("三千元", "3000"),
        ("人民币壹仟元整", "1000"),
        ("2千元", "2000"),
        (0, "0"),
        ("0元", "0"),
    ],
)
def test_an_amount_is_read_in_yuan(raw, amount):
    money = parse_money(raw)
    assert (money.amount, money.approximate) == (Decimal(amount), False)


@pytest.mark.parametrize(
    ("raw", "amount"),
    [("5万余元", 50_000), ("约3000元", 3000), ("5000多元", 5000), ("3千元左右", 3000)],
)
def test_an_approximate_amount_keeps_its_mark(raw, amount):
    money = parse_money(raw)
    assert (money.amount, money.approximate) == (amount, True)


@pytest.mark.parametrize("raw", [None, "", "/", "无", "-"])
def test_a_blank_amount_is_none(raw):
    assert parse_money(raw).amount is None


@pytest.mark.parametrize(
    "raw", [-5, "-5元", "500元/户", "现金500元,物资300元", "一笔", True, 10**15, 10**26]
)
def test_what_is_no_single_amount_is_refused(raw):
    with pytest.raises(CellError):
        parse_money(raw)


def test_the_unit_of_the_heading_holds_where_the_cell_names_none():
    assert parse_money(5, unit="万元").amount == 50_000
    assert parse_money("1.5", unit="千元").amount == 1500
    assert parse_money("500元", unit="万元").amount == 500
    assert parse_money("5万", unit="万元").amount == 50_000


@given(st.decimals(0, 10**9, places=2), st.sampled_from(["{}", "{}元", "{:,}元", "￥{}"]))
def test_any_amount_reads_back(amount, form):
    assert parse_money(form.format(amount)).amount == amount


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("65㎡", "65"),
        (65.5, "65.5"),
        ("1,000.5 平方米", "1000.5"),
        ("-3", "-3"),
        ("三", "3"),
        (0, "0"),
    ],
)
def test_a_number_may_carry_its_unit(raw, number):
    assert parse_decimal(raw) == Decimal(number)


def test_a_blank_number_is_none():
    assert parse_decimal("/") is None
    assert parse_int(None) is None


def test_a_whole_number_may_be_zero_or_negative():
    assert parse_int("0") == 0
    assert parse_int(-2.0) == -2
    assert parse_int("3条") == 3


def test_what_is_no_number_is_refused():
    with pytest.raises(CellError, match="“甲”不是数字"):
        parse_decimal("甲")
    with pytest.raises(CellError, match="不是整数"):
        parse_int(2.5)


@given(
    st.one_of(
        st.text(),
        st.text(alphabet="0123456789.,约余多人户名万千百十元一二三六七等、- ", max_size=12),
        st.floats(),
        st.integers(),
        st.booleans(),
    )
)
def test_any_cell_is_read_or_refused_as_a_cell(raw):
    for parse in (parse_count, parse_money, parse_int, parse_decimal):
        try:
            parse(raw)
        except CellError:
            continue
