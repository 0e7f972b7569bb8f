"""T6, the report of one deputy, and the totals beside those of a year before."""

from datetime import date, time
from decimal import Decimal
from types import SimpleNamespace

import pytest

from accounts.actors import SYSTEM
from accounts.roles import Role
from deputies.models import Deputy
from deputies.services.duty import sign_in_for
from reports.figures import build
from reports.figures.deputies import work_of_deputies
from reports.figures.plain import plain
from reports.periods import Period
from reports.scope import Scope
from stations.models import Station
from suggestions.choices import Consent
from suggestions.models import Signature
from tests.factories import DeputyFactory, assignment, make_day, make_reception, make_user
from tests.registers import make_activity, make_assistance
from tests.reports import suggested
from tests.suggestions.making import make_session
from visits.models import VoterReport
from visits.services import close_day, void_reception

pytestmark = pytest.mark.django_db
YEAR = Period.of_year(2026)
COUNTS = (
    "应到天数", "请假天数", "出席天数", "接待批次", "听取意见", "办实事件数", "参加活动",
    "参加培训", "参加视察调研", "述职", "领衔建议", "附议建议",
)  # fmt: skip


def row_of(table, name):
    row = next(row for row in table.rows if row.name.value == name)
    return [table.figure(column, row).value for column in COUNTS]


@pytest.fixture
def people(station):
    names = ("石刚", "廖波英", "段固艳")
    return [
        DeputyFactory(station=station, name=name, user=make_user(Role.DEPUTY, station))
        for name in names
    ]


@pytest.fixture
def worked(station, people, time_machine):
    """石刚 did something of everything; 廖波英 a little; 段固艳 stayed away."""
    shi, liao, duan = people
    time_machine.move_to("2026-09-01T10:00:00+08:00", tick=False)
    for day, came in ((date(2026, 3, 4), [shi, liao]), (date(2026, 3, 11), [shi])):
        duty = make_day(station, day, *people)
        for deputy in came:
            sign_in_for(assignment(duty, deputy), actor=SYSTEM, reason="纸上签名", at=time(9))
        close_day(duty, actor=SYSTEM)

    def log(day, deputies, opinions=1, **fields):
        return make_reception(
            station, actor=SYSTEM, deputies=deputies, received_on=day, opinions=[{}] * opinions,
            **fields,
        )  # fmt: skip

    log(date(2026, 3, 5), [shi, liao], opinions=2)
    log(date(2026, 4, 5), [shi], confidential=True)
    log(date(2025, 4, 5), [shi])
    void_reception(log(date(2026, 5, 5), [shi]), actor=SYSTEM, reason="重复")
    make_assistance(station, actor=SYSTEM, deputies=[shi], helped_on=date(2026, 4, 1))

    def meet(kind, **came):
        make_activity(station, actor=SYSTEM, held_on=date(2026, 6, 1), kind=kind, **came)

    meet("training", present=[shi, liao], absent=[duan])
    meet("inspection", present=[shi], leave=[liao])
    meet("research", present=[shi])
    meet("meeting", present=[liao], leave=[shi])
    VoterReport.objects.create(
        deputy=shi, deputy_name="石刚", station=station, year=2026, held_on=date(2026, 6, 20)
    )
    VoterReport.objects.create(deputy=liao, deputy_name="廖波英", station=station, year=2026)
    place = SimpleNamespace(session=make_session(), deputies=[shi])
    made = suggested.raised(place)
    suggested.raised(place, suggested.State.WITHDRAWN)
    for deputy, consent in ((liao, Consent.AGREED), (duan, Consent.DECLINED)):
        Signature.objects.create(
            suggestion=made, deputy=deputy, name=deputy.name, position=1, consent=consent
        )
    return people


def table_of(user=SYSTEM, period=YEAR, **place):
    return build(Scope(user, period, **place)).tables["T6"]


def test_t6_counts_each_deputy_by_hand(worked, station):
    table = table_of(station=station)
    # 进站接待 of the two duty days are activities, too: 2 + 3, and 1 + 2.
    assert row_of(table, "石刚") == [2, 0, 2, 2, 3, 1, 5, 1, 2, 1, 1, 0]
    assert row_of(table, "廖波英") == [2, 0, 1, 1, 2, 0, 3, 1, 0, 0, 0, 1]
    assert row_of(table, "段固艳") == [2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    assert row_of(table, "合计") == [6, 0, 3, 3, 5, 1, 8, 2, 2, 1, 1, 1]
    assert table.figure("代表出勤率（%）").value == Decimal("50.00")
    assert table.total.values[:3] == ["合计", "3 人", ""]


def test_t6_goes_by_station_then_by_the_sound_of_the_name(worked, station):
    names = [row.name.value for row in table_of(station=station).body]
    assert names == ["段固艳", "廖波英", "石刚"]


def test_t6_keeps_who_left_and_has_records(worked, station):
    Deputy.objects.filter(name="廖波英").update(state="resigned")
    names = {row.name.value for row in table_of(station=station).body}
    assert "廖波英" in names
    later = table_of(period=Period.of_year(2027), station=station)
    assert [row.name.value for row in later.body] == ["段固艳", "石刚"]


def listed(client, address):
    context = client.get(address).context
    hidden = sum(line["n"] for line in context.get("hidden") or [])
    return context["tally"].number + hidden


@pytest.mark.parametrize("persona", ["district_officer", "liaison"])
def test_every_figure_of_t6_opens_the_rows_it_counts(client, request, worked, station, persona):
    user = request.getfixturevalue(persona)
    client.force_login(user)
    table = table_of(user, station=station)
    for row in table.body:
        for name in COUNTS:
            figure = table.figure(name, row)
            assert listed(client, figure.url) == figure.value, (row.name.value, name, figure.url)
    for name in ("述职", "领衔建议"):
        assert listed(client, table.figure(name).url) == table.total_of(name)


def test_t6_asks_the_same_of_one_deputy_and_of_many(worked, station, django_assert_max_num_queries):
    with django_assert_max_num_queries(14) as few:
        from_few = _t6(station)
    for number in range(20):
        deputy = DeputyFactory(station=station)
        make_reception(
            station, actor=SYSTEM, deputies=[deputy], received_on=date(2026, 7, 1 + number)
        )
    with django_assert_max_num_queries(len(few)):
        from_many = _t6(station)
    assert (len(from_few.body), len(from_many.body)) == (3, 23)


def _t6(station):
    return work_of_deputies(Scope(SYSTEM, YEAR, station=Station.objects.get(pk=station.pk)))


# The report of one deputy -----------------------------------------------------------------------


def test_a_deputys_report_has_their_row_months_and_suggestions(worked):
    shi, *_ = worked
    report = build(Scope(SYSTEM, YEAR, deputy=shi))
    assert list(report.tables) == ["T6", "T3", "T7A", "T8", "T9", "T10", "T15", "T16"]
    assert row_of(report.tables["T6"], "石刚") == [2, 0, 2, 2, 3, 1, 5, 1, 2, 1, 1, 0]
    assert report.tables["T3"].total.values == ["合计", 2, 2, 3, 1]
    assert [row.name.value for row in report.tables["T16"].body] == ["视察河堤", "视察河堤"]
    assert [(line.label, line.figure.shown) for line in report.headlines] == [
        ("接待", "2"), ("听取意见", "3"), ("出勤率", "100.00"), ("办实事", "1"),
        ("参加活动", "5"), ("领衔建议", "1"),
    ]  # fmt: skip
    assert report.disagreements == []
    assert plain(report)["deputy"] == "石刚"


def test_deputies_open_their_own_report_and_nobody_elses(client, worked):
    shi, liao, _ = worked
    client.force_login(shi.user)
    response = client.get("/reports/", {"year": 2026, "deputy": shi.pk})
    assert response.status_code == 200
    table = response.context["report"].tables["T6"]
    assert row_of(table, "石刚") == [2, 0, 2, 2, 3, 1, 5, 1, 2, 1, 1, 0]
    assert client.get("/reports/", {"deputy": liao.pk}).status_code == 403
    assert client.get("/reports/").status_code == 403
    [row] = table.body
    for name in set(COUNTS) - {"听取意见"}:  # what was heard opens the visits it was heard at
        figure = table.figure(name, row)
        assert listed(client, figure.url) == figure.value, (name, figure.url)


def test_who_reads_reports_reads_those_of_their_deputies(client, worked, liaison, outsider):
    shi, *_ = worked
    client.force_login(liaison)
    assert client.get("/reports/", {"deputy": shi.pk}).status_code == 200
    assert client.get("/reports/", {"deputy": "x"}).status_code == 200  # says so at the field
    client.force_login(outsider)
    assert client.get("/reports/", {"deputy": shi.pk}).status_code == 404


def test_a_deputys_report_goes_out_as_a_workbook(client, worked, liaison):
    client.force_login(liaison)
    asked = {"from": "2026-01-01", "to": "2026-12-31", "deputy": worked[0].pk}
    response = client.post("/reports/workbook/", asked)
    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]


def test_a_guest_of_another_station_opens_only_for_who_reads_of_them(
    liaison, district_officer, station, other_station
):
    guest = DeputyFactory(station=other_station, name="远方人")
    own = DeputyFactory(station=station, name="本站人")
    make_reception(station, actor=SYSTEM, deputies=[guest, own], received_on=date(2026, 3, 5))

    def links(user):
        rows = table_of(user, station=station).body
        return {row.name.value: bool(row.name.url) for row in rows}

    assert links(liaison) == {"远方人": False, "本站人": True}
    assert links(district_officer) == {"远方人": True, "本站人": True}


# The year before ---------------------------------------------------------------------------------


def compared(report, name):
    row = next(row for row in report.comparison.rows if row.name.value == name)
    return row.values[1:]


def test_totals_stand_beside_the_same_days_of_last_year(worked, station):
    report = build(Scope(SYSTEM, Period.of_months(2026, 4, 4), station=station))
    assert report.comparison.title == "与上年同期比较（2025年4月）"
    assert compared(report, "批次") == [1, 1, 0, Decimal("0.00")]
    assert compared(report, "办实事件数") == [1, 0, 1, None]
    assert [line.change for line in report.headlines[1:3]] == ["与上年同期相同", "与上年同期相同"]
    found = plain(report)["comparison"]
    assert found["rows"][0] == ["批次", 1, 1, 0, 0.0]
    assert "comparison" not in plain(report)["tables"]


def test_a_year_that_still_runs_is_compared_up_to_today(worked, station):
    make_reception(station, actor=SYSTEM, received_on=date(2024, 12, 1))
    make_reception(station, actor=SYSTEM, received_on=date(2025, 10, 1))
    report = build(Scope(SYSTEM, YEAR, station=station))
    assert report.comparison.title == "与上年同期比较（2025年1月1日至9月1日）"
    assert compared(report, "批次") == [2, 1, 1, Decimal("100.00")]


def test_without_a_year_before_there_is_no_comparison(station):
    report = build(Scope(SYSTEM, YEAR, station=station))
    assert report.comparison is None
    assert plain(report)["comparison"] is None
