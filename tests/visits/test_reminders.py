import datetime

import pytest

from accounts.models import Notice
from accounts.services import plan_notices
from tests.factories import StationFactory, make_reception, make_user
from visits.reminders import opinion_lines
from visits.services import void_reception

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def april(time_machine):
    time_machine.move_to("2026-04-15T10:00:00+08:00", tick=False)
    return time_machine


def handed_over(station, actor, due):
    opinion = {"disposal": "township", "due_on": datetime.date(2026, 4, due)}
    day = datetime.date(2026, 4, 13)
    return make_reception(station, actor=actor, received_on=day, opinions=[opinion])


def test_staff_hear_once_a_day_how_many_visitors_wait_for_an_answer(station, liaison, april):
    for due in (13, 14, 15, 16, 19):
        handed_over(station, liaison, due)
    plan_notices()
    april.move_to("2026-04-15T15:00:00+08:00", tick=False)
    plan_notices()
    notice = Notice.objects.get(user=liaison)
    assert notice.title == "今天有 1 件事等您处理"
    assert notice.text == "· 向来访人反馈办理结果：2 件已超期，1 件今天到期，1 件三天内到期"


def test_nobody_hears_of_another_station_or_of_a_void_row(station, liaison, outsider, station_head):
    void_reception(handed_over(station, liaison, 14), actor=station_head, reason="重复")
    plan_notices()
    assert not Notice.objects.exists()
    handed_over(station, liaison, 14)
    plan_notices()
    assert {notice.user for notice in Notice.objects.all()} == {liaison, station_head}


def test_the_office_above_gets_no_digest_of_every_station(station, liaison, township):
    officer = make_user("township_officer", township)
    handed_over(station, liaison, 14)
    plan_notices()
    assert not Notice.objects.filter(user=officer).exists()


def test_what_nobody_has_decided_or_accepted_is_said_after_three_workdays(station, liaison, april):
    april.move_to("2026-04-09T10:00:00+08:00", tick=False)
    day = datetime.date(2026, 4, 9)
    opinions = [{}, {}, {"disposal": "village"}]
    make_reception(station, actor=liaison, received_on=day, opinions=opinions)
    april.move_to("2026-04-14T10:00:00+08:00", tick=False)  # the third workday after
    plan_notices()
    assert not Notice.objects.exists()
    april.move_to("2026-04-15T10:00:00+08:00", tick=False)
    plan_notices()
    assert Notice.objects.get(user=liaison).text.splitlines() == [
        "· 决定怎么处理：2 件超过 3 个工作日没有交办或答复",
        "· 催承办单位接收：1 件超过 3 个工作日没有接收",
    ]


def test_a_line_leads_to_the_rows_it_counts(client, station, liaison):
    for due in (13, 15, 18, 19):
        handed_over(station, liaison, due)
    client.force_login(liaison)
    [(_, line, url, _)] = opinion_lines(datetime.date(2026, 4, 15))
    assert line == "向来访人反馈办理结果：1 件已超期，1 件今天到期，1 件三天内到期"
    assert len(client.get(url).context["page"]) == 3


def test_a_confidential_matter_counts_at_its_own_station_only(station, liaison, township):
    officer = make_user("township_officer", township)
    officer.postings.create(
        person_name=officer.name, role="liaison", station=StationFactory(township=township)
    )
    day = datetime.date(2026, 4, 13)
    opinion = {"disposal": "village", "due_on": datetime.date(2026, 4, 14)}
    make_reception(station, actor=liaison, received_on=day, confidential=True, opinions=[opinion])
    told = {user for user, *_ in opinion_lines(datetime.date(2026, 4, 15))}
    assert told == {liaison}
