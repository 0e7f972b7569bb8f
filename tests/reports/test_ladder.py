"""缺席提醒: who is on the ladder, what was done, and that nobody but the district reads it."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from common.errors import RuleViolation, StaleVersion
from deputies.choices import Attendance, DayState
from reports.ladder import ladder
from reports.models import Admonition, RecordSetting
from reports.services.admonitions import record_admonition, void_admonition
from reports.services.scoring import change_ladder
from tests.factories import DeputyFactory, assignment, make_day
from visits.models import Activity, ActivityDeputy

pytestmark = pytest.mark.django_db
DAY = datetime.date
TODAY = DAY(2026, 11, 21)


@pytest.fixture(autouse=True)
def _autumn(time_machine):
    time_machine.move_to("2026-11-21T10:00:00+08:00", tick=False)


def day(station, on, state=DayState.HELD, **attendance):
    """A duty day with what came of each deputy: {name: (deputy, attendance)}."""
    made = make_day(station, on, *(one for one, _ in attendance.values()), state=state)
    for deputy, came in attendance.values():
        row = assignment(made, deputy)
        row.attendance = came
        row.save()
    return made


def absent(station, deputy, times, year=2026):
    for month in range(1, times + 1):
        day(station, DAY(year, month, 10), one=(deputy, Attendance.ABSENT))


def meeting(station, on, number, **presence):
    row = Activity.objects.create(
        station=station, held_on=on, year=on.year, number=number, kind="congress", topic="人代会"
    )
    for place, (deputy, came) in enumerate(presence.values()):
        ActivityDeputy.objects.create(
            activity=row, deputy=deputy, position=place, name=deputy.name, presence=came
        )
    return row


def rungs(user):
    return ladder(user, 2026, TODAY, RecordSetting.current())


def test_absence_on_duty_days_and_at_activities_count_and_leave_does_not(station, district_officer):
    zhang, li, wang = (
        DeputyFactory(station=station, name=name) for name in ("张三", "李四", "王五")
    )
    day(
        station, DAY(2026, 3, 10),
        a=(zhang, Attendance.ABSENT), b=(li, Attendance.LEAVE), c=(wang, Attendance.PRESENT),
    )  # fmt: skip
    meeting(station, DAY(2026, 4, 1), 1, a=(zhang, "absent"), b=(li, "leave"), c=(wang, "present"))
    [rung] = rungs(district_officer)
    assert rung.deputy == zhang
    assert rung.performance.missed == {"duty": 1, "activities": 1}
    assert rung.due == "talk"


def test_days_not_held_void_entries_and_other_years_do_not_count(station, district_officer):
    deputy = DeputyFactory(station=station)
    day(station, DAY(2026, 2, 10), DayState.NOT_HELD, a=(deputy, Attendance.ABSENT))
    absent(station, deputy, 2, year=2025)
    held = meeting(station, DAY(2026, 4, 1), 1, a=(deputy, "absent"))
    held.voided_at = "2026-05-01T00:00:00Z"
    held.save()
    assert rungs(district_officer) == []


def test_a_closed_duty_day_counts_once_though_it_is_an_activity_too(station, district_officer):
    deputy = DeputyFactory(station=station)
    made = day(station, DAY(2026, 3, 10), a=(deputy, Attendance.ABSENT))
    row = meeting(station, DAY(2026, 3, 10), 1, a=(deputy, "absent"))
    row.kind, row.duty_day = "duty", made
    row.save()
    by_hand = meeting(station, DAY(2026, 3, 10), 2, a=(deputy, "absent"))
    by_hand.kind = "duty"
    by_hand.save()
    assert [rung.performance.absences for rung in rungs(district_officer)] == [1]


def test_ladder_stands_by_station_and_pinyin_not_by_absences(station, district_officer):
    few, many = (DeputyFactory(station=station, name=name) for name in ("安宁", "周正"))
    absent(station, few, 1)
    for month in (6, 7, 8):
        day(station, DAY(2026, month, 20), a=(many, Attendance.ABSENT))
    assert [(rung.deputy.name, rung.due) for rung in rungs(district_officer)] == [
        ("安宁", "remind"), ("周正", "advise"),
    ]  # fmt: skip


def test_what_was_done_settles_the_step_until_the_next_is_reached(station, district_officer):
    deputy = DeputyFactory(station=station)
    absent(station, deputy, 1)
    done = record_admonition(act(deputy, "remind"), actor=district_officer)
    assert done.absences == 1
    assert [rung.open_step for rung in rungs(district_officer)] == [None]
    day(station, DAY(2026, 9, 10), a=(deputy, Attendance.ABSENT))
    assert [rung.open_step for rung in rungs(district_officer)] == ["talk"]


ACTED = DAY(2026, 10, 8)


def act(deputy, step, on=ACTED):
    return Admonition(deputy=deputy, year=2026, step=step, on=on, note="电话")


def test_step_is_refused_before_its_number_twice_and_for_a_day_to_come(station, district_officer):
    deputy = DeputyFactory(station=station)
    absent(station, deputy, 1)
    with pytest.raises(RuleViolation, match="还没有到约谈"):
        record_admonition(act(deputy, "talk"), actor=district_officer)
    with pytest.raises(RuleViolation, match="今天以前"):
        record_admonition(act(deputy, "remind", DAY(2026, 12, 1)), actor=district_officer)
    first = record_admonition(act(deputy, "remind"), actor=district_officer)
    with pytest.raises(RuleViolation, match="已经登记过"):
        record_admonition(act(deputy, "remind"), actor=district_officer)
    void_admonition(first, actor=district_officer, reason="记错人")
    record_admonition(act(deputy, "remind"), actor=district_officer)


def test_nobody_but_the_district_keeps_or_reads_it(
    client, station, deputy, township_officer, station_head, liaison, administrator
):
    absent(station, deputy, 3)
    for user in (township_officer, station_head, liaison, deputy.user, administrator):
        with pytest.raises(PermissionDenied):
            record_admonition(act(deputy, "remind"), actor=user)
        assert not Admonition.objects.visible_to(user).exists()
        client.force_login(user)
        assert client.get(reverse("reports:attendance")).status_code == 403


def test_thresholds_are_the_districts_rise_and_are_not_overwritten(district_officer, liaison):
    setting = change_ladder([2, 4, 6], actor=district_officer, version=0)
    assert list(setting.ladder.values()) == [2, 4, 6]
    with pytest.raises(RuleViolation, match="从少到多"):
        change_ladder([2, 2, 6], actor=district_officer, version=1)
    with pytest.raises(StaleVersion):
        change_ladder([1, 2, 3], actor=district_officer, version=0)
    with pytest.raises(PermissionDenied):
        change_ladder([1, 2, 3], actor=liaison, version=1)


def test_page_takes_what_was_done(client, station, deputy, district_officer):
    absent(station, deputy, 2)
    client.force_login(district_officer)
    page = reverse("reports:attendance")
    assert "石刚" in client.get(page).content.decode()
    answer = client.post(
        reverse("reports:admonish", args=[deputy.pk]) + "?year=2026",
        {"step": "talk", "on": "今天", "note": "当面谈话"},
    )
    assert answer.status_code == 302
    shown = client.get(f"{page}?year=2026").content.decode()
    assert "已约谈" in shown
    assert "当面谈话" in shown
    one = Admonition.objects.get()
    client.post(reverse("reports:admonition_void", args=[one.pk]), {"reason": "记错"})
    one.refresh_from_db()
    assert one.voided_at
