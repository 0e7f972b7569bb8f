from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.sheets.cells import CellError, parse_feedback

DAY = date(2025, 3, 5)


@pytest.mark.parametrize("raw", ["当天", "当日", "当 天"])
def test_the_same_day_is_the_day_of_the_row(raw):
    feedback = parse_feedback(raw, day=DAY)
    assert (feedback.on, feedback.method) == (DAY, "")


@pytest.mark.parametrize("raw", ["口头反馈", "电话反馈", "上门反馈", "微信", "已反馈"])
def test_a_method_has_no_day(raw):
    feedback = parse_feedback(raw, day=DAY)
    assert (feedback.on, feedback.method) == (None, raw)


@pytest.mark.parametrize(
    ("raw", "on", "method"),
    [
        ("2025.6.25", date(2025, 6, 25), ""),
        (45833, date(2025, 6, 25), ""),
        (date(2025, 6, 25), date(2025, 6, 25), ""),
        ("6月25日电话反馈", date(2025, 6, 25), "电话反馈"),
        ("电话反馈(6月25日)", date(2025, 6, 25), "电话反馈"),
        ("当天口头反馈", DAY, "口头反馈"),
        ("当场答复", DAY, "当场答复"),
        ("6月25日至27日", date(2025, 6, 27), ""),
    ],
)
def test_a_day_and_a_method_may_stand_together(raw, on, method):
    feedback = parse_feedback(raw, day=DAY, year=2025)
    assert (feedback.on, feedback.method) == (on, method)


@pytest.mark.parametrize("raw", [None, "", "/", "无", "未反馈"])
def test_no_feedback_yet_is_blank(raw):
    feedback = parse_feedback(raw, day=DAY)
    assert (feedback.on, feedback.method) == (None, "")


def test_the_same_day_needs_the_day_of_the_row():
    with pytest.raises(CellError, match="“当天”要有本行的日期"):
        parse_feedback("当天")


def test_a_day_that_is_none_is_refused():
    with pytest.raises(CellError, match="2025年2月没有30日"):
        parse_feedback("2月30日电话反馈", year=2025)


def test_a_day_in_the_future_is_refused():
    with pytest.raises(CellError, match="在今天之后"):
        parse_feedback("2025.6.25", not_after=DAY)


@given(st.one_of(st.text(), st.text(alphabet="当天日口头电话反馈2345.月()"), st.floats()))
def test_any_cell_is_read_or_refused_as_a_cell(raw):
    try:
        parse_feedback(raw, day=DAY, year=2025)
    except CellError:
        return
