"""年终通报: the letter, who may send it, and that each deputy gets it once."""

import datetime
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document

from accounts.models import Delivery, Notice
from accounts.roles import Role
from common.errors import RuleViolation
from common.jobs import kinds
from common.jobs.kinds import Work
from common.models import AuditEntry, Job
from deputies.choices import Attendance, DayState
from reports.circulars import write_letters
from reports.periods import Period
from reports.scope import Scope
from reports.services.circulars import send_circulars
from reports.tasks.circulars import CIRCULARS
from tests.factories import DeputyFactory, StationFactory, assignment, make_day, make_user

pytestmark = pytest.mark.django_db
DAY = datetime.date
TODAY = DAY(2026, 12, 20)
NOW = "2026-12-20T10:00:00+08:00"


@pytest.fixture(autouse=True)
def _december(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def people(station, deputy):
    """Three deputies of the station, 石刚 with a log-in among them, and what came of one day."""
    an, zhou = (DeputyFactory(station=station, name=name) for name in ("安宁", "周正"))
    gone = DeputyFactory(station=station, name="白离", state="resigned")
    day = make_day(station, DAY(2026, 3, 10), an, zhou, deputy, gone, state=DayState.HELD)
    for who, came in (
        (an, Attendance.PRESENT), (zhou, Attendance.ABSENT), (deputy, Attendance.LEAVE),
        (gone, Attendance.PRESENT),
    ):  # fmt: skip
        row = assignment(day, who)
        row.attendance = came
        row.save()
    return an, deputy, zhou


def scope(user, **place):
    return Scope(user, Period.of_year(2026), **place)


def letter_to(deputy):
    [letter] = write_letters([deputy], 2026, TODAY)
    return letter


def test_letter_shows_the_own_year_and_the_station_by_pinyin(people):
    letter = letter_to(people[1])
    assert letter.salutation == "石刚代表："
    assert "2026年（截至12月20日）" in letter.opening
    assert [(line.cells, line.own) for line in letter.table] == [
        (("安宁", "1", "1", "0", "0", "100.00%"), False),
        (("石刚", "1", "0", "1", "0", "—"), True),
        (("周正", "1", "0", "0", "1", "0.00%"), False),
    ]
    assert ("进站接待", "0 次", "应到 1 次，请假 1 次") in letter.rows


def test_letters_of_a_station_are_read_at_once(people):
    with CaptureQueriesContext(connection) as one:
        list(write_letters(people[:1], 2026, TODAY))
    with CaptureQueriesContext(connection) as three:
        list(write_letters(people, 2026, TODAY))
    assert len(three) == len(one)


def test_word_file_has_a_page_for_each_deputy_in_office(people, station, station_head):
    work = Work(station_head, {"year": 2026, "station": station.pk}, BytesIO(), note := _Notes())
    result = kinds.kind(CIRCULARS).run(work)
    assert result.filename == "石桥镇中心联络站2026年度代表履职情况通报.docx"
    work.target.seek(0)
    paper = Document(work.target)
    lines = [paragraph.text for paragraph in paper.paragraphs]
    assert [line for line in lines if line.endswith("代表：")] == [
        "安宁代表：", "石刚代表：", "周正代表：",
    ]  # fmt: skip
    breaks = [one.paragraph_format.page_break_before for one in paper.paragraphs]
    assert breaks.count(True) == 2
    assert note[0] == ("写通报", 0, 3)
    assert note[-1] == ("保存文件", 3, 3)
    assert AuditEntry.objects.filter(action="export", note__contains="通报").count() == 1


class _Notes(list):
    def __call__(self, *told):
        self.append(told)


def test_work_is_refused_to_who_reads_no_reports(people, station, deputy):
    with pytest.raises(PermissionDenied):
        kinds.kind(CIRCULARS).run(Work(deputy.user, {"year": 2026}, BytesIO()))


def test_sending_reaches_each_deputy_with_a_log_in_once(people, station, township_officer):
    place = scope(township_officer, station=station)
    first = send_circulars(place, 2026, actor=township_officer)
    assert (first.new, first.before, first.without_log_in) == (1, 0, 2)
    again = send_circulars(place, 2026, actor=township_officer)
    assert (again.new, again.before) == (0, 1)
    notice = Notice.objects.get(kind="circular")
    assert notice.user.deputy.name == "石刚"
    assert notice.url == f"/reports/circulars/{notice.user.deputy.pk}/?year=2026"
    assert not Delivery.objects.exists()


def test_another_year_is_another_letter(people, station, district_officer):
    place = scope(district_officer, station=station)
    assert send_circulars(place, 2025, actor=district_officer).new == 1
    assert send_circulars(place, 2026, actor=district_officer).new == 1


def test_station_staff_make_the_letters_and_do_not_send_them(people, station, station_head):
    with pytest.raises(PermissionDenied):
        send_circulars(scope(station_head, station=station), 2026, actor=station_head)
    assert not Notice.objects.exists()


def test_year_is_not_sent_before_its_last_month(people, station, district_officer, time_machine):
    time_machine.move_to("2026-11-30T10:00:00+08:00", tick=False)
    with pytest.raises(RuleViolation, match="2026年12月1日"):
        send_circulars(scope(district_officer, station=station), 2026, actor=district_officer)


def test_deputy_reads_the_own_letter_once_it_was_sent_and_nobody_elses(
    client, people, station, deputy, district_officer
):
    client.force_login(deputy.user)
    own = reverse("reports:circular", args=[deputy.pk]) + "?year=2026"
    other = reverse("reports:circular", args=[people[0].pk]) + "?year=2026"
    assert client.get(own).status_code == 403
    send_circulars(scope(district_officer, station=station), 2026, actor=district_officer)
    page = client.get(own)
    assert page.status_code == 200
    assert "周正" in page.content.decode()
    assert client.get(other).status_code == 403


def test_page_lists_who_gets_one_starts_the_file_and_sends(
    client, people, station, township_officer
):
    client.force_login(township_officer)
    page = reverse("reports:circulars")
    shown = client.get(page, {"year": 2026, "station": station.pk})
    assert [row.name for row in shown.context["page"]] == ["安宁", "石刚", "周正"]
    asked = {"year": 2026, "station": station.pk}
    started = client.post(reverse("reports:circulars_word"), asked)
    assert started.headers["Location"] == reverse("jobs:detail", args=[Job.objects.get().pk])
    client.post(reverse("reports:circulars_send"), asked)
    assert Notice.objects.filter(kind="circular").count() == 1
    assert "已发送" in client.get(page, asked).content.decode()


def test_list_of_thirty_takes_as_many_queries_as_of_one(client, station, district_officer):
    DeputyFactory(station=station)
    client.force_login(district_officer)
    page, asked = reverse("reports:circulars"), {"station": station.pk}
    client.get(page, asked)
    with CaptureQueriesContext(connection) as one:
        client.get(page, asked)
    for _ in range(29):
        DeputyFactory(station=station)
    with CaptureQueriesContext(connection) as thirty:
        client.get(page, asked)
    assert len(thirty) == len(one)


def test_another_townships_letters_are_not_found(client, people, township_officer):
    elsewhere = StationFactory()
    make_user(Role.LIAISON, elsewhere)
    client.force_login(township_officer)
    page = client.get(reverse("reports:circulars"), {"station": elsewhere.pk})
    assert page.status_code == 404
    sent = client.post(reverse("reports:circulars_send"), {"year": 2026, "station": elsewhere.pk})
    assert sent.status_code == 404


def test_district_turns_the_pages_of_a_list_over_several_stations(client, district_officer):
    for place in (StationFactory(), StationFactory()):
        for _ in range(30):
            DeputyFactory(station=place)
    client.force_login(district_officer)
    first = client.get(reverse("reports:circulars"))
    assert len(first.context["page"].rows) == 50
    second = client.get(reverse("reports:circulars"), {"after": first.context["page"].next})
    names = [row.pk for page in (first, second) for row in page.context["page"].rows]
    assert len(set(names)) == len(names) >= 60
