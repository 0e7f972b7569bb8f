import datetime

import pytest

from accounts.models import Notice
from accounts.services import plan_notices
from tests.factories import make_reception, make_user
from visits.services import void_reception

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def april(time_machine):
    time_machine.move_to("2026-04-15T10:00:00+08:00", tick=False)
    return time_machine


def handed_over(station, actor, due):
    opinion = {"disposal": "township", "due_on": datetime.date(2026, 4, due)}
    return make_reception(station, actor=actor, opinions=[opinion])


def test_staff_hear_once_a_day_how_many_visitors_wait_for_an_answer(station, liaison, april):
    for due in (13, 14, 15, 16):
        handed_over(station, liaison, due)
    plan_notices()
    april.move_to("2026-04-15T15:00:00+08:00", tick=False)
    plan_notices()
    notice = Notice.objects.get(user=liaison)
    assert notice.title == "今天有 1 件事等您处理"
    assert notice.text == "· 向来访人反馈办理结果：2 件已超期，1 件今天到期"


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
