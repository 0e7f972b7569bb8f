import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.sheets.cells import CellError, parse_phones


@pytest.mark.parametrize(
    "raw",
    [
        "13800138000",
        13800138000,
        13800138000.0,
        "138-0013-8000",
        "138 0013 8000",
        "+8613800138000",
        "+86 138-0013-8000",
        "86 13800138000",
        "8613800138000",
        "008613800138000",
        "１３８００１３８０００",
        "138–0013–8000",
        " 13800138000\n",
    ],
)
def test_a_mobile_is_read_in_every_form(raw):
    phones = parse_phones(raw)
    assert (phones.numbers, phones.doubtful) == (("13800138000",), False)


@pytest.mark.parametrize(
    ("raw", "numbers"),
    [
        ("0990-3220191", ("0990-3220191",)),
        ("09903220191", ("0990-3220191",)),
        ("(0990)3220191", ("0990-3220191",)),
        ("010-12345678", ("010-12345678",)),
        ("0990-3220191转802", ("0990-3220191转802",)),
        ("3220191", ("3220191",)),
        ("667336", ("667336",)),
        ("６６7336", ("667336",)),
        ("110", ("110",)),
        ("400-123-4567", ("4001234567",)),
    ],
)
def test_landlines_and_short_numbers_are_read(raw, numbers):
    assert parse_phones(raw).numbers == numbers


@pytest.mark.parametrize(
    "raw",
    [
        "15607234869/15508090299",
        "15607234869、15508090299",
        "15607234869；15508090299",
        "15607234869 15508090299",
        "15607234869\n15508090299",
        "156 0723 4869 155 0809 0299",
    ],
)
def test_two_numbers_in_a_cell_are_two(raw):
    assert parse_phones(raw).numbers == ("15607234869", "15508090299")


@pytest.mark.parametrize("raw", [None, "", "无", "没有", "-", "/", "—"])
def test_no_phone_is_none(raw):
    assert parse_phones(raw).numbers == ()


@pytest.mark.parametrize(
    ("raw", "length"), [("1380013800", 10), ("138001380001", 12), (1380013800.0, 10)]
)
def test_a_mobile_of_wrong_length_is_refused_with_its_length(raw, length):
    with pytest.raises(CellError, match=f"应为 11 位，现在是 {length} 位"):
        parse_phones(raw)


@pytest.mark.parametrize("raw", ["1.38E+10", "1.3800E+10", "1E10"])
def test_a_number_whose_digits_are_lost_is_refused(raw):
    with pytest.raises(CellError, match="后几位已经丢失"):
        parse_phones(raw)


def test_a_masked_number_is_refused():
    with pytest.raises(CellError, match="被遮盖"):
        parse_phones("138****8000")


@pytest.mark.parametrize("raw", ["电话", "同上", "12", True])
def test_what_is_no_number_is_refused(raw):
    with pytest.raises(CellError):
        parse_phones(raw)


@pytest.mark.parametrize("raw", ["手机:13800138000", "13800138000（儿子）", "张三13800138000"])
def test_words_beside_a_number_make_it_doubtful(raw):
    phones = parse_phones(raw)
    assert (phones.numbers, phones.doubtful) == (("13800138000",), True)


def test_a_country_code_inside_a_number_is_part_of_it():
    assert parse_phones("13000086138").numbers == ("13000086138",)


def test_an_unusual_number_is_kept_and_doubtful():
    phones = parse_phones(9903220191.0)
    assert (phones.numbers, phones.doubtful) == (("9903220191",), True)


MOBILE = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@given(
    st.lists(MOBILE, min_size=1, max_size=3, unique=True),
    st.sampled_from(["/", "、", ";", " ", "\n"]),
)
def test_any_mobiles_with_any_separator_read_back(mobiles, separator):
    assert parse_phones(separator.join(mobiles)).numbers == tuple(mobiles)


@given(
    st.one_of(st.text(), st.text(alphabet="0123456789-+ ()/、转E.*无"), st.floats(), st.integers())
)
def test_any_cell_is_read_or_refused_as_a_cell(raw):
    try:
        phones = parse_phones(raw)
    except CellError:
        return
    assert all(phones.numbers)
