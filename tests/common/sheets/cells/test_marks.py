import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.sheets.cells import CellError, parse_rating, parse_tick


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("满意", "满意"),
        ("满 意", "满意"),
        ("满　意", "满意"),
        ("很满意", "满意"),
        ("非常满意", "满意"),
        ("√", "满意"),
        ("满意。", "满意"),
        ("基本满意", "基本满意"),
        ("一般", "基本满意"),
        ("较满意", "基本满意"),
        ("比较满意", "基本满意"),
        ("不满意", "不满意"),
        ("不太满意", "不满意"),
        ("/", ""),
        ("-", ""),
        ("未评价", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_a_rating_is_read_in_every_wording(raw, value):
    assert parse_rating(raw).value == value


@pytest.mark.parametrize("raw", ["马马虎虎", 5, "满意不满意"])
def test_an_unknown_rating_is_refused(raw):
    with pytest.raises(CellError, match="请填 满意、基本满意 或 不满意"):
        parse_rating(raw)


@pytest.mark.parametrize("raw", ["√", "✓", "是", "有", 1, 1.0, "1", "Y", "y", True])
def test_a_tick_is_yes(raw):
    assert parse_tick(raw) is True


@pytest.mark.parametrize("raw", ["否", "无", "没有", "×", 0, "0", "N", False])
def test_a_cross_is_no(raw):
    assert parse_tick(raw) is False


@pytest.mark.parametrize("raw", [None, "", " ", "/", "-"])
def test_a_blank_tick_is_open(raw):
    assert parse_tick(raw) is None


def test_an_unknown_tick_is_refused():
    with pytest.raises(CellError, match="请填 是 或 否"):
        parse_tick("也许")


@given(st.one_of(st.text(), st.floats(), st.integers()))
def test_any_cell_is_read_or_refused_as_a_cell(raw):
    for parse in (parse_rating, parse_tick):
        try:
            parse(raw)
        except CellError:
            continue
