"""履职档案: what the records come to, counted by hand; who reads it, and what of it."""

import datetime
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document

from accounts.actors import SYSTEM
from common.models import AuditEntry
from deputies.choices import Attendance, DayState
from deputies.models import Award, FourOnes
from deputies.services import add_award, add_four_ones
from reports.choices import RecordClass as Kind
from reports.performance import read_performance, read_performances
from tests.factories import DeputyFactory, StationFactory, assignment, make_day, make_reception
from tests.suggestions.making import accepted, drafted, make_scene, rated, submitted
from visits.models import Activity, Assistance, VoterReport
from visits.services import log_activity, log_assistance

pytestmark = pytest.mark.django_db
DAY = datetime.date
TODAY = DAY(2026, 11, 21)


@pytest.fixture(autouse=True)
def _autumn(time_machine):
    time_machine.move_to("2026-11-21T10:00:00+08:00", tick=False)


def file_of(deputy, year=2026, reader=SYSTEM):
    return read_performance(deputy, year, today=TODAY, reader=reader)


def counted(performance):
    """The chapters that hold something."""
    return {kind.value: count for kind, count in performance.counts.items() if count}


def on_duty(deputy, on, attendance, state=DayState.HELD, **fields):
    row = assignment(make_day(deputy.station, on, deputy, state=state), deputy)
    row.attendance = attendance
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    return row


def held(deputy, kind, on=DAY(2026, 4, 2), presence="present", **fields):  # noqa: B008
    activity = Activity(station=deputy.station, held_on=on, kind=kind, topic=f"活动 {on}", **fields)
    return log_activity(activity, actor=SYSTEM, attendance=[(deputy, presence)])


def helped(deputy, on=DAY(2026, 5, 6), **fields):  # noqa: B008
    given = {"deed": "给王大爷送轮椅", "beneficiary": "王大爷", "goods": Decimal(800), **fields}
    row = Assistance(station=deputy.station, helped_on=on, **given)
    return log_assistance(row, actor=SYSTEM, deputies=[deputy])


def test_duty_days_say_due_came_leave_absent_and_stand_in(deputy):
    on_duty(deputy, DAY(2026, 1, 10), Attendance.PRESENT)
    on_duty(deputy, DAY(2026, 2, 10), Attendance.LATE)
    on_duty(deputy, DAY(2026, 3, 10), Attendance.LEAVE)
    on_duty(deputy, DAY(2026, 4, 10), Attendance.ABSENT)
    on_duty(deputy, DAY(2026, 5, 10), Attendance.SUBSTITUTED)
    on_duty(deputy, DAY(2026, 6, 10), Attendance.PRESENT, DayState.NOT_HELD)
    on_duty(deputy, DAY(2026, 7, 10), Attendance.OPEN)
    on_duty(deputy, DAY(2025, 12, 10), Attendance.PRESENT)
    read = file_of(deputy)
    assert (read.attended.due, read.attended.came) == (4, 2)
    assert (read.attended.leave, read.attended.absent, read.attended.substituted) == (1, 1, 1)
    assert read.attended.rate == Decimal("66.67")  # 2 of 3
    assert counted(read) == {"duty": 2}
    assert len(read.section(Kind.DUTY).lines) == 5


def test_activities_stand_in_their_chapters_and_who_was_away_is_shown_not_counted(deputy):
    held(deputy, "congress", DAY(2026, 1, 20))
    held(deputy, "sitting_in", DAY(2026, 2, 1))
    held(deputy, "training", DAY(2026, 3, 1), presence="leave")
    held(deputy, "research", DAY(2026, 3, 5))
    held(deputy, "group", DAY(2026, 4, 1))
    held(deputy, "charity", DAY(2026, 4, 2))
    held(deputy, "inspection", DAY(2025, 4, 2))
    read = file_of(deputy)
    assert counted(read) == {"meetings": 2, "inspections": 1, "group": 1, "activities": 1}
    assert [line.outcome for line in read.section(Kind.TRAINING).lines] == ["请假"]
    assert read.section(Kind.TRAINING).note == "另有请假 1 次，不计入"


def test_report_to_voters_with_its_activity_counts_once_and_shows_the_ballots(deputy):
    activity = held(deputy, "reporting", DAY(2026, 8, 12))
    VoterReport.objects.create(
        deputy=deputy, deputy_name="石刚", station=deputy.station, year=2026, activity=activity,
        held_on=DAY(2026, 8, 12), ballots_sent=40, ballots_returned=38, satisfied=36, mostly=2,
        unsatisfied=0,
    )  # fmt: skip
    read = file_of(deputy)
    assert counted(read) == {"voter_reports": 1}
    [line] = read.section(Kind.VOTER_REPORTS).lines
    assert line.outcome == "满意 36 票，基本满意 2 票，不满意 0 票"


def test_visits_and_opinions_with_what_came_of_them(deputy):
    make_reception(
        deputy.station,
        actor=SYSTEM,
        deputies=[deputy],
        received_on=DAY(2026, 3, 5),
        opinions=[
            {"disposal": "on_site", "satisfaction": "satisfied", "feedback_on": DAY(2026, 3, 5)},
            {"disposal": "township", "resolution": "pending"},
        ],
    )
    make_reception(deputy.station, actor=SYSTEM, received_on=DAY(2026, 3, 6))
    read = file_of(deputy)
    assert counted(read) == {"receptions": 1, "opinions": 2}
    assert read.section(Kind.OPINIONS).note == (
        "当场答复 1 条，交办 1 条，已有结果 1 条，已反馈 1 条，满意 1 条"
    )


def test_deeds_awards_and_four_ones_show_what_is_done(deputy):
    helped(deputy)
    helped(deputy, DAY(2026, 6, 1), state="planned")
    add_award(Award(deputy=deputy, on=DAY(2026, 7, 1), title="先进代表"), actor=SYSTEM)
    for title in ("讲民法典", "讲水法"):
        add_four_ones(
            FourOnes(deputy=deputy, year=2026, kind="lesson", done_on=DAY(2026, 8, 1), title=title),
            actor=SYSTEM,
        )
    read = file_of(deputy)
    # 讲一堂课 twice is one of the four, the deed that is done is another, the planned one is not.
    assert counted(read) == {"assistance": 2, "awards": 1, "four_ones": 2}
    assert {part.kind.value: len(part.lines) for part in read.four} == {
        "community": 0, "lesson": 2, "deed": 1, "essay": 0,
    }  # fmt: skip


def test_suggestions_led_and_signed_with_class_and_rating():
    scene = make_scene()
    rated(scene)
    submitted(scene, title="关于修桥的建议")
    drafted(scene, title="还没有提交的建议")
    read = file_of(scene.lead)
    led = read.section(Kind.LED)
    assert led.count == 2
    assert led.note == "A 类 1 件"
    assert "A 类，满意" in [line.outcome for line in led.lines]
    # 一条好建议: accepted ones do, one that waits for review does not.
    assert [len(part.lines) for part in read.four if part.kind == "essay"] == [1]


def test_accepted_suggestion_counts_as_a_good_one_without_an_answer():
    scene = make_scene()
    accepted(scene)
    [essay] = [part for part in file_of(scene.lead).four if part.kind == "essay"]
    assert essay.done


def test_every_line_opens_a_page_that_its_deputy_may_read(client, deputy):
    on_duty(deputy, DAY(2026, 1, 10), Attendance.PRESENT)
    held(deputy, "congress")
    helped(deputy)
    make_reception(deputy.station, actor=SYSTEM, deputies=[deputy], confidential=True)
    add_award(Award(deputy=deputy, on=DAY(2026, 7, 1), title="先进代表"), actor=SYSTEM)
    client.force_login(deputy.user)
    lines = [
        line for section in file_of(deputy, reader=deputy.user).sections.values()
        for line in section.lines
    ]  # fmt: skip
    assert len(lines) == 7  # the deed is one of the 四个一, too
    for line in lines:
        assert line.shown
        assert client.get(line.url).status_code == 200


def test_what_the_reader_may_not_read_counts_and_tells_nothing(client, deputy, station_head):
    elsewhere = StationFactory(name="柳河镇中心联络站")
    make_reception(elsewhere, actor=SYSTEM, deputies=[deputy], visitor_name="赵六")
    make_reception(deputy.station, actor=SYSTEM, deputies=[deputy])
    read = file_of(deputy, reader=station_head)
    assert counted(read) == {"receptions": 2, "opinions": 2}
    assert read.section(Kind.RECEPTIONS).hidden == 1
    client.force_login(station_head)
    page = client.get(reverse("reports:performance", args=[deputy.pk])).content.decode()
    assert "柳河镇中心联络站" not in page
    assert "记在您不查看的登记里" in page


def test_no_name_of_whom_was_helped_or_received_stands_in_the_file(client, deputy, liaison):
    helped(deputy)
    make_reception(deputy.station, actor=SYSTEM, deputies=[deputy], visitor_name="赵六六")
    client.force_login(liaison)
    page = client.get(reverse("reports:performance", args=[deputy.pk])).content.decode()
    assert "王大爷" not in page
    assert "赵六六" not in page


def test_void_entries_count_nowhere(deputy):
    row = helped(deputy)
    row.voided_at = "2026-06-01T00:00:00Z"
    row.save()
    assert file_of(deputy).is_empty


def test_file_takes_as_many_queries_for_thirty_records_as_for_one(deputy):
    def log(number):
        on = DAY(2026, 1, 1) + datetime.timedelta(days=number)
        on_duty(deputy, on, Attendance.PRESENT)
        held(deputy, "congress", on)
        helped(deputy, on)
        make_reception(deputy.station, actor=SYSTEM, deputies=[deputy], received_on=on)
        add_award(Award(deputy=deputy, on=on, title=f"先进 {number}"), actor=SYSTEM)

    log(0)
    with CaptureQueriesContext(connection) as one:
        assert file_of(deputy, reader=deputy.user).counts[Kind.RECEPTIONS] == 1
    for number in range(1, 30):
        log(number)
    with CaptureQueriesContext(connection) as many:
        assert file_of(deputy, reader=deputy.user).counts[Kind.RECEPTIONS] == 30
    assert len(many) <= len(one)


def test_many_deputies_are_read_in_as_many_queries_as_one(station):
    people = [DeputyFactory(station=station) for _ in range(12)]
    for deputy in people:
        helped(deputy)
        on_duty(deputy, DAY(2026, 1, 1) + datetime.timedelta(days=deputy.pk % 300), "present")
    with CaptureQueriesContext(connection) as one:
        read_performances(people[:1], 2026, today=TODAY)
    with CaptureQueriesContext(connection) as many:
        read = read_performances(people, 2026, today=TODAY)
    assert len(many) == len(one)
    assert [counted(read[deputy.pk]) for deputy in people] == [
        {"duty": 1, "assistance": 1, "four_ones": 1}
    ] * 12


def test_word_file_has_every_chapter_and_is_logged(client, deputy, liaison):
    helped(deputy)
    client.force_login(liaison)
    answer = client.post(reverse("reports:performance_word", args=[deputy.pk]) + "?year=2026")
    paper = Document(BytesIO(b"".join(answer.streaming_content)))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    assert "石刚" in cells
    assert {kind.label for kind in Kind} <= set(cells)
    assert "王大爷" not in "".join(cells)
    assert AuditEntry.objects.filter(action="export", note__contains="履职档案").count() == 1


def test_page_without_records_says_so_and_shows_the_year_asked_for(client, deputy):
    client.force_login(deputy.user)
    page = client.get(reverse("reports:performance", args=[deputy.pk]) + "?year=2024")
    assert page.context["year"] == 2024
    assert "这一年还没有履职记录" in page.content.decode()
