"""节假日: the year on a page, and who may change it."""

import json
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from common.calendar import workdays
from common.models import CalendarDay
from stations import services
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PAGE = "/stations/calendar/"
IMPORT = "/stations/calendar/import/"
DAY = "/stations/calendar/day/"
UNKNOWN = "2027年还没有放假安排，暂按周一至周五为工作日计算"


def upload(year=2027, days=(("2027-01-01", "元旦", True),), name="2027.json"):
    found = [{"date": day, "name": label, "isOffDay": off} for day, label, off in days]
    content = json.dumps({"year": year, "papers": [], "days": found})
    return {"file": SimpleUploadedFile(name, content.encode())}


def marks(response, month):
    """{day: mark} of one month as the grid shows it."""
    weeks = response.context["months"][month - 1].weeks
    return {cell.date.day: cell.mark for week in weeks for cell in week if cell and cell.mark}


def test_days_off_and_make_up_days_are_marked_in_words(client, liaison):
    client.force_login(liaison)
    response = client.get(PAGE, {"year": 2026})
    off = dict.fromkeys(range(15, 24), "休")
    assert marks(response, 2) == {14: "班", **off, 28: "班"}
    page = response.content.decode()
    assert "2月15日至23日，共 9 天" in page
    assert "2月14日（星期六）上班" in page


def test_a_year_that_was_not_announced_says_how_it_is_reckoned(client, liaison):
    client.force_login(liaison)
    assert UNKNOWN in client.get(PAGE, {"year": 2027}).content.decode()
    assert "还没有放假安排" not in client.get(PAGE, {"year": 2026}).content.decode()


@pytest.mark.parametrize("asked", ["", "abc", "1999", "2101", "９", "99999999999999999999"])
def test_without_a_year_that_can_be_it_is_this_year(client, liaison, asked, time_machine):
    time_machine.move_to("2025-06-01T12:00:00+08:00")
    client.force_login(liaison)
    assert client.get(PAGE, {"year": asked}).context["year"] == 2025


@pytest.mark.parametrize(("year", "before", "after"), [(2000, None, 2001), (2100, 2099, None)])
def test_the_years_end_where_the_calendar_does(client, liaison, year, before, after):
    client.force_login(liaison)
    context = client.get(PAGE, {"year": year}).context
    assert (context["previous"], context["next"]) == (before, after)


def test_who_does_not_keep_the_calendar_sees_no_forms(client, station_head):
    client.force_login(station_head)
    page = client.get(PAGE).content.decode()
    assert "导入一年" not in page
    assert "变更记录" not in page


def test_a_year_costs_the_same_queries_with_and_without_days(client, district_officer):
    client.force_login(district_officer)
    client.get(PAGE)  # the first page of a session writes the session too
    counts = []
    for year in (2026, 2027):
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE, {"year": year})
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


def test_the_district_imports_a_year(client, district_officer):
    client.force_login(district_officer)
    response = client.post(f"{IMPORT}?year=2026", upload(), follow=True)
    assert response.redirect_chain == [(f"{PAGE}?year=2027", 302)]
    page = response.content.decode()
    assert "已导入2027年放假安排" in page
    assert "来源：2027.json" in page
    assert UNKNOWN not in page
    assert marks(response, 1) == {1: "休"}


def test_a_file_with_a_mistake_is_refused_beside_its_field(client, district_officer):
    client.force_login(district_officer)
    days = [("2027-01-01", "元旦", True), ("2027-02-30", "春节", True)]
    response = client.post(f"{IMPORT}?year=2027", upload(days=days))
    assert response.status_code == 422
    page = response.content.decode()
    assert "第 2 天：日期 2027-02-30 不存在" in page
    assert UNKNOWN in page
    assert not CalendarDay.objects.filter(year=2027).exists()


def test_a_file_too_large_is_refused_unread(client, district_officer):
    client.force_login(district_officer)
    large = SimpleUploadedFile("2027.json", b" " * (200 * 1024 + 1))
    response = client.post(IMPORT, {"file": large})
    assert response.status_code == 422
    assert "最大 200 KB" in response.content.decode()


def test_the_district_sets_a_day_and_takes_it_back(client, district_officer):
    client.force_login(district_officer)
    typed = {"date": "2026-08-05", "kind": "off", "name": "区庆"}
    response = client.post(DAY, typed, follow=True)
    assert response.redirect_chain == [(f"{PAGE}?year=2026", 302)]
    assert "2026年8月5日设为休。" in response.content.decode()
    assert marks(response, 8) == {5: "休"}
    response = client.post(DAY, {"date": "2026年8月5日", "kind": "default"}, follow=True)
    assert "已恢复默认" in response.content.decode()
    assert marks(response, 8) == {}


def test_a_saturday_is_made_a_workday(client, district_officer):
    client.force_login(district_officer)
    client.post(DAY, {"date": "2026-08-08", "kind": "work"})
    assert workdays().is_workday(date(2026, 8, 8))


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ({"kind": "off"}, "请选择日期"),
        ({"date": "2026-02-30", "kind": "off"}, "没有这一天"),
        ({"date": "2026-08-05"}, "请选择休、班或恢复默认"),
        ({"date": "1990-08-05", "kind": "off"}, "2000 年至 2100 年"),
    ],
)
def test_a_day_that_cannot_be_set_keeps_what_was_typed(client, district_officer, typed, complaint):
    client.force_login(district_officer)
    response = client.post(f"{DAY}?year=2026", {"name": "区庆", **typed})
    assert response.status_code == 422
    page = response.content.decode()
    assert complaint in page
    assert 'value="区庆"' in page


@pytest.mark.parametrize("who", ["township_officer", "station_head", "liaison", "observer"])
def test_services_refuse_who_does_not_keep_the_calendar(request, who):
    user = request.getfixturevalue(who)
    day = date(2026, 8, 5)
    with pytest.raises(PermissionDenied):
        services.set_day(day, is_off=True, actor=user)
    with pytest.raises(PermissionDenied):
        services.clear_day(date(2026, 10, 1), actor=user)
    with pytest.raises(PermissionDenied):
        services.import_calendar("{}", actor=user)
    assert workdays().is_workday(day)
    assert not workdays().is_workday(date(2026, 10, 1))


def test_administrators_keep_the_calendar_by_posting_or_as_the_first(administrator, district):
    keeper = make_user(Role.ADMINISTRATOR, district)
    services.set_day(date(2026, 8, 5), is_off=True, actor=keeper)
    services.clear_day(date(2026, 8, 5), actor=administrator)
    assert workdays().is_workday(date(2026, 8, 5))
