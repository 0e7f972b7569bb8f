from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.sheets.cells import CellError, DateSpan, chinese_date, parse_date
from tests.common.sheets.test_numerals import in_words

MARCH_5 = date(2024, 3, 5)
DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    "raw",
    [
        "2024-3-5",
        "2024/3/5",
        "2024.3.5",
        "2024。3。5",
        "2024.03.05",
        "2024.3.5.",
        "20240305",
        20240305,
        20240305.0,
        "24.3.5",
        "24-3-5",
        "240305",
        "2024年3月5日",
        "2024年3月5号",
        "2024 年 3 月 5 日",
        "2024年3.5",
        "24年3月5日",
        "2024 3 5",
        "2024–3–5",
        "二〇二四年三月五日",
        "二○二四年三月五日",
        "二O二四年三月五日",
        "二零二四年三月五号",
        "２０２４．３．５",
        "２０２４年３月５日",
        45356,
        45356.0,
        45356.75,
        "45356",
        "45356.0",
        "2024-03-05 00:00:00",
        "2024-03-05T09:30:00",
        "2024年3月5日上午",
        "2024年3月5日下午3:00",
        "2024年3月5日9时30分",
        "2024年3月5日上午9:00-11:30",
        "2024年3月5日(星期二)",
        "2024年3月5日（周二）",
        "2024年3月5日星期二上午",
        "  2024年3月5日 ",
        "2024年3月5日\n",
        date(2024, 3, 5),
        datetime.fromisoformat("2024-03-05"),
        datetime.fromisoformat("2024-03-05T15:30"),
    ],
)
def test_one_day_is_read_in_every_form(raw):
    span = parse_date(raw)
    assert (span.start, span.end, span.approximate) == (MARCH_5, MARCH_5, False)


@pytest.mark.parametrize(
    "raw", ["3月5日", "3月5号", "3.5", 3.5, "3-5", "3/5", "三月五日", "３月５日", "3月5日上午"]
)
def test_a_day_without_a_year_takes_the_year_given(raw):
    assert parse_date(raw, year=2024).start == MARCH_5


def test_a_day_without_any_year_is_refused_with_the_remedy():
    with pytest.raises(CellError, match="“3月5日”没有写年份，请写成 2024年3月5日"):
        parse_date("3月5日")


def test_a_year_written_wins_over_the_year_given():
    assert parse_date("2024年3月5日", year=2019).start == MARCH_5


def test_text_keeps_the_tenth_apart_from_the_first():
    assert parse_date("3.10", year=2024).start == date(2024, 3, 10)
    assert parse_date("3.1", year=2024) == DateSpan(date(2024, 3, 1), date(2024, 3, 1), "3.1")


def test_a_number_that_lost_its_zero_is_approximate():
    span = parse_date(3.1, year=2024)
    assert (span.start, span.approximate) == (date(2024, 3, 1), True)
    assert parse_date(2.3, year=2024).approximate is False  # no 30 February
    assert parse_date(3.25, year=2024).approximate is False


@pytest.mark.parametrize(
    ("raw", "start", "end"),
    [
        ("2024年3月5-6日", (2024, 3, 5), (2024, 3, 6)),
        ("3月5日至7日", (2024, 3, 5), (2024, 3, 7)),
        ("3月5日—3月7日", (2024, 3, 5), (2024, 3, 7)),
        ("3月5日～7日", (2024, 3, 5), (2024, 3, 7)),
        ("3月5、6日", (2024, 3, 5), (2024, 3, 6)),
        ("2024.3.5-2024.3.7", (2024, 3, 5), (2024, 3, 7)),
        ("2024-3-5-2024-3-7", (2024, 3, 5), (2024, 3, 7)),
        ("2024.3.5-3.7", (2024, 3, 5), (2024, 3, 7)),
        ("20240305-20240307", (2024, 3, 5), (2024, 3, 7)),
        ("3.5-3.7", (2024, 3, 5), (2024, 3, 7)),
        ("10.5-7", (2024, 10, 5), (2024, 10, 7)),
        ("三月五日至七日", (2024, 3, 5), (2024, 3, 7)),
        ("12月30日至1月2日", (2024, 12, 30), (2025, 1, 2)),
    ],
)
def test_several_days_have_a_start_and_an_end(raw, start, end):
    span = parse_date(raw, year=2024)
    assert (span.start, span.end, span.approximate) == (date(*start), date(*end), False)


@pytest.mark.parametrize(
    ("raw", "start", "end"),
    [
        ("3月上旬", (2024, 3, 1), (2024, 3, 10)),
        ("2024年3月中旬", (2024, 3, 11), (2024, 3, 20)),
        ("2月下旬", (2024, 2, 21), (2024, 2, 29)),
        ("3月底", (2024, 3, 21), (2024, 3, 31)),
        ("2024年3月", (2024, 3, 1), (2024, 3, 31)),
        ("2024.3", (2024, 3, 1), (2024, 3, 31)),
        ("202403", (2024, 3, 1), (2024, 3, 31)),
        ("3月", (2024, 3, 1), (2024, 3, 31)),
        ("三月份", (2024, 3, 1), (2024, 3, 31)),
    ],
)
def test_part_of_a_month_is_approximate(raw, start, end):
    span = parse_date(raw, year=2024)
    assert (span.start, span.end, span.approximate) == (date(*start), date(*end), True)


@pytest.mark.parametrize("raw", [None, "", "  ", "/", "-", "—", "无"])
def test_a_blank_cell_has_no_day(raw):
    span = parse_date(raw)
    assert span.start is None
    assert span.end is None


@pytest.mark.parametrize("raw", ["同上", " 同 上", "同前", "〃", '"', "″"])
def test_ditto_repeats_the_day_above(raw):
    assert parse_date(raw, previous=MARCH_5).start == MARCH_5
    above = DateSpan(MARCH_5, date(2024, 3, 7), "3月5日至7日", approximate=False)
    below = parse_date(raw, previous=above)
    assert (below.start, below.end, below.text) == (MARCH_5, date(2024, 3, 7), raw.strip())


def test_ditto_below_nothing_is_refused():
    with pytest.raises(CellError, match="“同上”的上一行没有日期"):
        parse_date("同上")
    with pytest.raises(CellError, match="上一行没有日期"):
        parse_date("同上", previous=DateSpan(None, None, ""))


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("2025年2月30日", "2025年2月没有30日"),
        ("20250230", "2025年2月没有30日"),
        ("2.30", "2025年2月没有30日"),
        ("2025-2-29", "2025年2月没有29日"),
        ("2025年13月5日", "没有13月"),
        ("2025.0.5", "没有0月"),
        ("1024年3月5日", "年份 1024 不合理"),
        ("3月7日至5日", "结束日期 2025年3月5日 早于开始日期"),
        ("明天", "看不出“明天”是哪一天"),
        ("2025", "看不出“2025”是哪一天"),
        ("5", "看不出“5”是哪一天"),
        ("3-5-6", "看不出“3-5-6”是哪一天"),
        ("201105", "看不出“201105”是哪一天"),
        ("3/5/2024", "看不出“3/5/2024”是哪一天"),
        (True, "不是日期"),
        (12, "看不出“12”是哪一天"),
        (1e300, "是哪一天"),
        (-3.5, "是哪一天"),
    ],
)
def test_what_is_no_day_is_refused_in_words(raw, message):
    with pytest.raises(CellError, match=message):
        parse_date(raw, year=2025)


def test_a_day_after_today_is_refused_when_today_is_given():
    today = date(2024, 3, 5)
    assert parse_date("2024-3-5", not_after=today).start == today
    with pytest.raises(CellError, match="日期 2024年3月6日 在今天之后"):
        parse_date("2024-3-6", not_after=today)
    with pytest.raises(CellError, match="日期 2024年3月7日 在今天之后"):
        parse_date("2024年3月5日至7日", not_after=today)


def test_a_month_that_has_begun_is_not_in_the_future():
    assert parse_date("2024年3月", not_after=MARCH_5).start == date(2024, 3, 1)


def test_the_text_of_the_cell_is_kept():
    assert parse_date(" 2024年3月5日上午 ").text == "2024年3月5日上午"
    assert parse_date(45356).text == "45356"
    assert parse_date(datetime.fromisoformat("2024-03-05")).text == "2024-03-05"


FORMS = (
    lambda day: f"{day.year}-{day.month}-{day.day}",
    lambda day: f"{day.year}/{day.month:02}/{day.day:02}",
    lambda day: f"{day.year}。{day.month}。{day.day}",
    lambda day: f"{day:%Y%m%d}",
    lambda day: int(f"{day:%Y%m%d}"),
    lambda day: float(f"{day:%Y%m%d}"),
    lambda day: (day - date(1899, 12, 30)).days,
    lambda day: str((day - date(1899, 12, 30)).days),
    lambda day: f"{day.year % 100:02}.{day.month}.{day.day}",
    chinese_date,
    lambda day: f"{day.year}年{day.month}月{day.day}号 下午",
    lambda day: (
        "".join("〇一二三四五六七八九"[int(digit)] for digit in str(day.year))
        + f"年{in_words(day.month)}月{in_words(day.day)}日"
    ),
    lambda day: chinese_date(day).translate({48 + digit: 0xFF10 + digit for digit in range(10)}),
    lambda day: datetime.fromisoformat(f"{day}T08:30"),
)


@given(DAYS.filter(lambda day: day.year < 2090), st.sampled_from(FORMS))
def test_any_day_in_any_form_reads_back(day, form):
    span = parse_date(form(day))
    assert (span.start, span.end, span.approximate) == (day, day, False)


@given(DAYS, st.sampled_from(["{0.month}月{0.day}日", "{0.month}.{0.day}", "{0.month}-{0.day}"]))
def test_any_day_of_the_year_given_reads_back(day, form):
    assert parse_date(form.format(day), year=day.year).start == day


@given(DAYS.filter(lambda day: day.year < 2090), st.integers(1, 20), st.sampled_from("至-~—"))
def test_any_span_reads_back(day, length, mark):
    end = day + timedelta(days=length)
    span = parse_date(f"{chinese_date(day)}{mark}{chinese_date(end)}")
    assert (span.start, span.end) == (day, end)


CELLS = st.one_of(
    st.text(),
    st.text(alphabet="0123456789年月日号.-/至~、上中下旬同〃 :三五十廿〇()", max_size=16),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.none(),
    DAYS,
)


@given(CELLS, st.one_of(st.none(), st.integers(1990, 2100)))
def test_any_cell_is_read_or_refused_as_a_cell(raw, year):
    try:
        span = parse_date(raw, year=year, previous=MARCH_5)
    except CellError:
        return
    assert (span.start is None) == (span.end is None)
    assert span.start is None or span.start <= span.end
