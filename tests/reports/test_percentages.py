from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.percentages import rate, shares

counts = st.lists(st.integers(min_value=0, max_value=10**9), max_size=60)


def test_shares_as_the_office_prints_them():
    assert shares([114, 43, 9]) == [Decimal("68.68"), Decimal("25.90"), Decimal("5.42")]


def test_equal_counts_share_the_last_hundredth_from_the_front():
    assert shares([1, 1, 1]) == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]


@pytest.mark.parametrize("nothing", [[], [0], [0, 0, 0]])
def test_no_shares_of_nothing(nothing):
    assert shares(nothing) == [None] * len(nothing)


@given(counts.filter(any))
def test_shares_make_exactly_one_hundred(numbers):
    assert sum(shares(numbers)) == Decimal("100.00")


@given(counts.filter(any))
def test_each_share_is_less_than_a_hundredth_off(numbers):
    whole = sum(numbers)
    for number, share in zip(numbers, shares(numbers), strict=True):
        assert abs(Fraction(share) - Fraction(number * 100, whole)) < Fraction(1, 100)


@given(counts.filter(any))
def test_more_never_gets_a_smaller_share(numbers):
    ordered = sorted(zip(numbers, shares(numbers), strict=True))
    for (less, small), (more, large) in pairwise(ordered):
        assert less == more or small <= large


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(17, 69, "24.64"), (1, 8, "12.50"), (1, 3, "33.33"), (0, 5, "0.00"), (5, 5, "100.00")],
)
def test_rate(part, whole, expected):
    assert rate(part, whole) == Decimal(expected)


def test_rate_of_nothing_is_not_zero():
    assert rate(0, 0) is None
