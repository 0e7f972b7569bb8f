"""The calendar as the database keeps it: shipped, imported, set by hand."""

import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actors import SYSTEM
from common.calendar import announced, history_of, workdays, workdays_when_asked
from common.calendar_services import clear_day, import_calendar, set_day
from common.errors import RuleViolation
from common.models import AuditEntry, CalendarDay
from common.month_grid import months_of
from tests.concurrency import at_once
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

PAPER = "https://www.gov.cn/zhengce/2027.htm"


def entry(day, name="元旦", *, off=True):
    return {"name": name, "date": day, "isOffDay": off}


def file_of(*days, year=2027, papers=(PAPER,)):
    return json.dumps({"year": year, "papers": list(papers), "days": list(days)})


NEW_YEAR = file_of(
    entry("2026-12-31"), entry("2027-01-01"), entry("2027-01-02"), entry("2027-01-03", off=False)
)


def stored(year):
    rows = CalendarDay.objects.filter(year=year)
    return [(str(row.date), row.name, row.is_off) for row in rows]


def test_three_years_are_there_after_migrating():
    calendar = workdays()
    assert calendar.years == {2024, 2025, 2026}
    for year, off, make_up in ((2024, 28, 8), (2025, 28, 5), (2026, 33, 6)):
        days = [is_off for day, is_off in calendar.days.items() if day.year == year]
        assert (days.count(True), days.count(False)) == (off, make_up)


@pytest.mark.parametrize(
    ("day", "is_workday", "name"),
    [
        (date(2024, 2, 9), True, ""),
        (date(2024, 2, 17), False, "春节"),
        (date(2024, 4, 7), True, ""),
        (date(2024, 9, 14), True, ""),
        (date(2024, 10, 12), True, ""),
        (date(2025, 1, 26), True, ""),
        (date(2025, 2, 4), False, "春节"),
        (date(2025, 6, 2), False, "端午节"),
        (date(2025, 10, 8), False, "国庆节、中秋节"),
        (date(2025, 10, 11), True, ""),
        (date(2026, 1, 4), True, ""),
        (date(2026, 2, 14), True, ""),
        (date(2026, 2, 23), False, "春节"),
        (date(2026, 4, 6), False, "清明节"),
        (date(2026, 5, 9), True, ""),
        (date(2026, 9, 20), True, ""),
        (date(2026, 10, 10), True, ""),
    ],
)
def test_the_shipped_days_are_those_of_the_state_council(day, is_workday, name):
    calendar = workdays()
    assert (calendar.is_workday(day), calendar.name_of(day)) == (is_workday, name)


def test_the_calendar_is_read_in_two_queries():
    with CaptureQueriesContext(
        connection,
    ) as queries:
        calendar = workdays()
        calendar.add_workdays(date(2026, 1, 1), 200)
    assert len(queries) == 2


def test_a_calendar_read_when_asked_costs_nothing_until_then():
    with CaptureQueriesContext(connection) as queries:
        calendar = workdays_when_asked()
    assert len(queries) == 0
    assert calendar.next_workday(date(2026, 10, 1)) == date(2026, 10, 8)


def test_an_announcement_makes_its_year_known():
    assert import_calendar(NEW_YEAR, actor=SYSTEM, source="2027.json") == 2027
    calendar = workdays()
    assert calendar.knows(2027)
    assert not calendar.is_workday(date(2026, 12, 31))  # a Thursday
    assert calendar.is_workday(date(2027, 1, 3))  # a Sunday
    year = announced(2027)
    assert (year.source, year.papers) == ("2027.json", [PAPER])


def test_a_file_with_a_byte_order_mark_is_read():
    assert import_calendar(b"\xef\xbb\xbf" + NEW_YEAR.encode(), actor=SYSTEM) == 2027


def test_a_second_announcement_takes_the_place_of_the_first_and_of_what_was_set_by_hand():
    import_calendar(NEW_YEAR, actor=SYSTEM)
    set_day(date(2027, 8, 2), is_off=True, name="区庆", actor=SYSTEM)
    import_calendar(file_of(entry("2027-01-01")), actor=SYSTEM)
    assert stored(2027) == [("2027-01-01", "元旦", True)]
    assert workdays().is_workday(date(2026, 12, 31))


def test_an_announcement_leaves_the_other_years_alone():
    before = stored(2025), len(stored(2026))
    import_calendar(NEW_YEAR, actor=SYSTEM)
    assert (stored(2025), len(stored(2026))) == before


def test_the_year_before_imported_again_keeps_the_december_of_the_next():
    import_calendar(NEW_YEAR, actor=SYSTEM)
    import_calendar(file_of(entry("2026-10-01", "国庆节"), year=2026), actor=SYSTEM)
    assert stored(2026) == [("2026-10-01", "国庆节", True)]
    assert not workdays().is_workday(date(2026, 12, 31))


def test_an_import_stands_in_the_log_with_old_and_new():
    user = UserFactory(name="黎坚")
    import_calendar(file_of(entry("2027-01-01")), actor=user, source="2027.json")
    import_calendar(file_of(entry("2027-01-04")), actor=user)
    last, first = history_of(2027)
    assert (first.actor_name, first.action, first.note) == ("黎坚", "import", "1 天 2027.json")
    assert first.changes == {"2027年1月1日": [None, "休 元旦"]}
    assert last.note == "1 天"
    assert last.changes == {
        "2027年1月1日": ["休 元旦", None],
        "2027年1月4日": [None, "休 元旦"],
    }


def padded(text):
    return text + " " * (200 * 1024)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "文件不是 JSON 格式：第 1 行第 1 个字符"),
        ('{"year": 2027,\n "days": [}', "第 2 行第 11 个字符"),
        ("[" * 100_000, "不是 JSON"),
        (b"\xd4\xaa\xb5\xa9", "UTF-8"),
        ("[]", "最外层"),
        (padded(NEW_YEAR), "最大 200 KB"),
        (file_of(entry("2027-01-01"), year="2027"), "year 应为 2000 至 2100 的年份"),
        (file_of(entry("1999-01-01"), year=1999), "year 应为"),
        (file_of(entry("2027-01-01"), year=True), "year 应为"),
        (file_of(), "没有日期"),
        ('{"year": 2027, "days": {}}', "没有日期"),
        (file_of(*[entry("2027-01-01")] * 401), "有 401 天，一年最多 400 天"),
        (file_of(entry("2027-01-01"), papers=["javascript:alert(1)"]), "papers 第 1 个不是网址"),
        (file_of(entry("2027-01-01"), papers=[PAPER] * 21), "papers 应为"),
        (
            file_of(entry("2027-01-01"), entry("2027-01-02"), entry("2027-02-30")),
            "第 3 天：日期 2027-02-30 不存在。",
        ),
        (file_of(entry("2027-1-1")), "第 1 天：日期“2027-1-1”应写成 2027-01-01 的样子"),
        (file_of(entry("20270101")), "应写成"),
        (file_of(entry(None)), "应写成"),
        (file_of(entry("2026-11-30")), "第 1 天：日期 2026-11-30 不属于 2027 年"),
        (file_of(entry("2028-02-01")), "不属于 2027 年"),
        (file_of(entry("2026-12-31")), "没有 2027 年的日期"),
        (
            file_of(entry("2027-01-01"), entry("2027-01-01", off=False)),
            "第 2 天：日期 2027-01-01 与第 1 天重复",
        ),
        (file_of(entry("2027-01-01", off="yes")), "第 1 天：isOffDay 应为 true 或 false"),
        (file_of(entry("2027-01-01", off=1)), "isOffDay"),
        (file_of(entry("2027-01-01", name=" ")), "第 1 天：name 应为"),
        (file_of(entry("2027-01-01", name="节" * 31)), "name 应为"),
        (file_of(entry("2027-01-01", name="元\x00旦")), "name 应为"),
        (file_of("2027-01-01"), "第 1 天：应为 {name, date, isOffDay}"),
    ],
)
def test_a_file_that_is_wrong_is_refused_by_place_and_writes_nothing(text, complaint):
    before = list(CalendarDay.objects.values_list("date", "is_off"))
    with pytest.raises(RuleViolation) as refusal:
        import_calendar(text, actor=SYSTEM)
    assert complaint in str(refusal.value)
    assert list(CalendarDay.objects.values_list("date", "is_off")) == before
    assert announced(2027) is None
    assert not AuditEntry.objects.exists()


def test_several_mistakes_are_named_at_once_and_the_rest_counted():
    with pytest.raises(RuleViolation) as refusal:
        import_calendar(file_of(*[entry(f"2027-02-{n}") for n in range(29, 36)]), actor=SYSTEM)
    assert str(refusal.value) == (
        "第 1 天：日期 2027-02-29 不存在；第 2 天：日期 2027-02-30 不存在；"
        "第 3 天：日期 2027-02-31 不存在；第 4 天：日期 2027-02-32 不存在；"
        "第 5 天：日期 2027-02-33 不存在；另有 2 处。"
    )


def test_a_day_set_by_hand_holds_until_it_is_cleared():
    wednesday = date(2026, 8, 5)
    set_day(wednesday, is_off=True, name=" 停电 检修 ", actor=SYSTEM)
    assert workdays().name_of(wednesday) == "停电 检修"
    set_day(wednesday, is_off=False, actor=SYSTEM)
    assert workdays().is_workday(wednesday)
    clear_day(wednesday, actor=SYSTEM)
    assert wednesday not in workdays().days
    assert [line.changes for line in history_of(2026)] == [
        {"2026年8月5日": ["班", ""]},
        {"2026年8月5日": ["休 停电 检修", "班"]},
        {"2026年8月5日": ["", "休 停电 检修"]},
    ]


def test_one_day_does_not_make_its_year_known():
    set_day(date(2027, 10, 1), is_off=True, name="国庆节", actor=SYSTEM)
    assert not workdays().knows(2027)


def test_what_changes_nothing_leaves_no_line():
    set_day(date(2026, 10, 1), is_off=True, name="国庆节", actor=SYSTEM)
    clear_day(date(2026, 8, 5), actor=SYSTEM)
    assert history_of(2026) == []


@pytest.mark.parametrize(
    ("day", "name", "complaint"),
    [(date(1999, 1, 1), "", "2000 年至 2100 年"), (date(2026, 1, 1), "节" * 31, "最多 30 字")],
)
def test_a_day_that_cannot_be_is_refused(day, name, complaint):
    with pytest.raises(RuleViolation, match=complaint):
        set_day(day, is_off=True, name=name, actor=SYSTEM)


def test_months_are_weeks_from_monday_with_blanks_around_them():
    months = months_of(2026, lambda day: day.day)
    assert len(months) == 12
    assert months[1].weeks == [
        [None, None, None, None, None, None, 1],
        [2, 3, 4, 5, 6, 7, 8],
        [9, 10, 11, 12, 13, 14, 15],
        [16, 17, 18, 19, 20, 21, 22],
        [23, 24, 25, 26, 27, 28, None],
    ]


@pytest.mark.postgresql
@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="several writers at once need PostgreSQL"
)
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_year_imported_and_set_by_many_at_once_has_each_day_once():
    def write(index):
        if index % 2:
            return import_calendar(NEW_YEAR, actor=SYSTEM)
        return set_day(date(2027, 1, 1), is_off=True, name="元旦", actor=SYSTEM)

    assert not [result for result in at_once(write) if isinstance(result, Exception)]
    days = CalendarDay.objects.filter(date__range=("2026-12-31", "2027-01-03"))
    assert [row.is_off for row in days] == [True, True, True, False]
