from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.sheets.cells import is_ditto, is_nothing, parse_text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (None, ""),
        ("  张三 \n", "张三"),
        ("第一行 \r\n  第二行", "第一行\n第二行"),
        ("a\x00b\x0bc\ufffe", "abc"),
        ("\u3000张三\u3000", "张三"),
        (5, "5"),
        (13800138000.0, "13800138000"),
        (3.5, "3.5"),
        (True, "是"),
        (date(2024, 3, 5), "2024-03-05"),
        (datetime.fromisoformat("2024-03-05"), "2024-03-05"),
        (datetime.fromisoformat("2024-03-05T09:30"), "2024-03-05 09:30:00"),
    ],
)
def test_the_text_of_a_cell_is_what_its_user_sees(raw, text):
    assert parse_text(raw) == text


@given(st.text())
def test_reading_a_text_again_changes_nothing(text):
    assert parse_text(parse_text(text)) == parse_text(text)


@pytest.mark.parametrize("raw", [None, "", " ", "\u3000", "/", "／", "-", "—", "无", "没有"])
def test_strokes_and_words_for_nothing_are_nothing(raw):
    assert is_nothing(raw)


@pytest.mark.parametrize("raw", [0, "0", "否", "无人"])
def test_zero_is_something(raw):
    assert not is_nothing(raw)


def test_ditto_marks_are_told_from_text():
    assert is_ditto("同上")
    assert is_ditto(" 〃 ")
    assert not is_ditto("同上村")
    assert not is_ditto(None)
