"""Texts that make a careless pattern search without end."""

import time

import pytest

from common.sheets.cells import (
    CellError,
    is_nothing,
    parse_count,
    parse_date,
    parse_decimal,
    parse_feedback,
    parse_money,
    parse_names,
    parse_phones,
    parse_rating,
    parse_text,
    parse_tick,
)
from common.sheets.headers import heading_key
from common.sheets.rows import skip_reason
from common.sheets.titles import read_titles

MILLION = 1_000_000
NASTY = {
    "digits": "138001356" * (MILLION // 9),
    "spaces": "1" + " " * MILLION + "x",
    "breaks": "1" + "\n" * MILLION + "x",
    "spaces and breaks": "a" + " \n" * (MILLION // 2) + "a",
    "brackets": "(" * MILLION,
    "Chinese brackets": "【" * MILLION,
    "stops": "、" * MILLION,
    "joined": "张三和" * (MILLION // 3),
    "numerals": "一" * MILLION,
    "marks": "a" + "\u0315\u0316" * (MILLION // 2),
}
SHORT = [
    parse_count,
    parse_date,
    parse_decimal,
    parse_feedback,
    parse_money,
    parse_names,
    parse_phones,
    parse_rating,
    parse_tick,
]


def skip(text):
    return skip_reason(
        {0: text}, headings={0: frozenset({"x"})}, numbering=frozenset(), continues=False, spread=0
    )


def test_a_megabyte_of_anything_is_answered_soon():
    start = time.process_time()
    for text in NASTY.values():
        for parse in SHORT:
            with pytest.raises(CellError):
                parse(text)
        parse_text(text * 5)
        is_nothing(text)
        skip(text)
        read_titles([[text]], "来访")
    assert time.process_time() - start < 5


@pytest.mark.parametrize("parse", SHORT)
def test_a_text_too_long_for_its_column_is_refused_in_words(parse):
    with pytest.raises(CellError, match=r"“张张.*…”太长（501 个字），这一栏最多 (200|500) 个字"):
        parse("张" * 501)


def test_two_hundred_characters_are_not_too_long():
    assert parse_phones("13800138000、" * 15 + "13800138000").numbers == ("13800138000",)
    assert parse_count(" " * 500 + "5人").value == 5
    assert len(parse_names("、".join(["张三丰"] * 125)).people) == 125


def test_names_joined_by_and_all_along_are_split_soon():
    text = "张三和" * 160 + "李四"
    start = time.process_time()
    assert [person.name for person in parse_names(text).people] == ["张三"] * 160 + ["李四"]
    known = frozenset({"李四"})
    assert parse_names(text, known=known).people[-1].name == "李四"
    assert time.process_time() - start < 5


def test_a_heading_full_of_brackets_is_compared_soon():
    start = time.process_time()
    heading_key("【" * 100_000)
    heading_key("〔" * 100_000)
    assert time.process_time() - start < 5
