from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.sheets.numerals import parse_digits, parse_number, parse_numeral, parse_open_pair

_DIGITS = "零一二三四五六七八九"


def in_words(number: int) -> str:
    """Write 1 … 9999 the way a careful writer does: 一千零二十."""
    words, gap = "", False
    for unit, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            words += ("零" if gap and words else "") + _DIGITS[digit] + sign
        gap = digit == 0
    return words


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三", 3),
        ("叁", 3),
        ("两", 2),
        ("俩", 2),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("廿五", 25),
        ("卅", 30),
        ("一百二十", 120),
        ("一百二", 120),
        ("一百零二", 102),
        ("壹仟贰佰", 1200),
        ("三千五", 3500),
        ("两万五", 25_000),
        ("三万二千", 32_000),
        ("1万2千", 12_000),
        ("3万2", 32_000),
        ("三百万", 3_000_000),
        ("一亿", 100_000_000),
        ("二〇二四", 2024),
        ("1,000", 1000),
        ("百", 100),
        ("零", 0),
    ],
)
def test_a_numeral_is_read(text, value):
    assert parse_numeral(text) == value


@pytest.mark.parametrize(
    "text",
    ["", "甲", "六七", "二二十", "1,5万", "12,34", "1.2.3", ".", "万", "二.五", "٣", "1" * 50],
)
def test_what_is_no_numeral_gives_none(text):
    assert parse_number(text) is None


def test_a_fraction_is_a_number_but_no_whole_one():
    assert parse_number("2.5") == Decimal("2.5")
    assert parse_numeral("2.5") is None


def test_a_fraction_of_a_larger_unit_is_whole():
    assert parse_numeral("1.5万") == 15_000


@pytest.mark.parametrize(
    ("text", "value"), [("六七", 7), ("十七八", 18), ("二三十", 30), ("三五", 5), ("三四百", 400)]
)
def test_two_neighbouring_digits_leave_the_number_open_and_the_larger_is_taken(text, value):
    assert parse_numeral(text) is None
    assert parse_open_pair(text) == value


@pytest.mark.parametrize("text", ["五三", "二十", "三", "一二〇", ""])
def test_other_digits_are_no_open_pair(text):
    assert parse_open_pair(text) is None


def test_digits_are_read_one_by_one():
    assert parse_digits("二〇二四") == 2024
    assert parse_digits("二十") is None
    assert parse_digits("") is None


@given(st.integers(1, 9999))
def test_any_number_in_words_reads_back(number):
    assert parse_numeral(in_words(number)) == number


@given(st.integers(1, 9999), st.integers(1, 9999))
def test_any_number_of_myriads_in_words_reads_back(high, low):
    gap = "零" if low < 1000 else ""
    assert parse_numeral(f"{in_words(high)}万{gap}{in_words(low)}") == high * 10_000 + low


@given(st.integers(0, 10**12))
def test_any_number_with_thousands_separators_reads_back(number):
    assert parse_numeral(f"{number:,}") == number


@given(st.text(alphabet="0123456789.,零〇○一二两三十百千万亿廿甲 -", max_size=60))
def test_no_text_makes_the_reading_fail(text):
    parse_number(text)
    parse_digits(text)
    parse_open_pair(text)
