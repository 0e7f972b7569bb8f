"""What closing said of a duty day is put right: 撤销办结, 撤回代签, and one attendance record."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from common import audit
from common.errors import RuleViolation
from deputies.choices import DayState
from deputies.models import SignIn
from deputies.services.duty import sign_in_for, withdraw_sign_in
from tests.factories import DeputyFactory, assignment, make_day, make_reception
from visits.models import Activity
from visits.rules import lights
from visits.services import change_activity, close_day, reopen_day, void_activity

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 30)


@pytest.fixture(autouse=True)
def april(time_machine):
    """Wednesday, 1 April 2026, ten in the morning."""
    time_machine.move_to("2026-04-01T10:00:00+08:00", tick=False)


@pytest.fixture
def day(station, deputy):
    return make_day(station, MONDAY, deputy)


def sign(day, deputy, actor):
    sign_in_for(assignment(day, deputy), actor=actor, reason="纸上签名")


def state(day):
    day.refresh_from_db()
    return day.state


def test_letters_of_that_date_are_no_visits(day, station, deputy, liaison):
    sign(day, deputy, liaison)
    for channel in ("mailbox", "letter", "online"):
        make_reception(
            station, actor=liaison, deputies=[deputy], received_on=MONDAY, channel=channel
        )
    close_day(day, actor=liaison)
    assert state(day) == DayState.NO_VISIT
    assert Activity.objects.get().minutes == "代表到站值守，没有群众来访。"
    make_reception(station, actor=liaison, deputies=[deputy], received_on=MONDAY)
    assert state(day) == DayState.HELD
    assert Activity.objects.get().minutes == "接待群众 1 批 1 人次，意见 1 条。"


# 撤销办结


@pytest.fixture
def closed(day, station, deputy, liaison):
    """A day closed as 无来访; of the two deputies one was not signed in."""
    forgotten = DeputyFactory(station=station, name="漏签者")
    day.assignments.create(deputy=forgotten, position=1, answer="confirmed")
    sign(day, deputy, liaison)
    close_day(day, actor=liaison, note="下雨")
    return day, forgotten


def test_a_closed_day_is_put_right_and_closed_anew(closed, deputy, liaison):
    day, forgotten = closed
    assert assignment(day, forgotten).attendance == "absent"
    reopen_day(day, actor=liaison, note="漏签一人")
    assert state(day) == DayState.PUBLISHED
    assert (day.closing_note, day.closed_at) == ("", None)
    assert assignment(day, forgotten).attendance == ""
    assert assignment(day, deputy).attendance == "present"
    assert Activity.objects.get().is_void
    assert audit.history_of(day)[0].note == "撤销办结：漏签一人"
    sign(day, forgotten, liaison)
    close_day(day, actor=liaison)
    row = Activity.objects.get()
    assert (row.is_void, row.code) == (False, "2026-001")
    assert (row.present_count, row.absent_count) == (2, 0)


def test_reopening_needs_the_right_a_closed_day_and_a_reason(closed, liaison, observer):
    day, _ = closed
    with pytest.raises(PermissionDenied):
        reopen_day(day, actor=observer, note="漏签")
    with pytest.raises(RuleViolation, match="原因"):
        reopen_day(day, actor=liaison, note=" ")
    assert state(day) == DayState.NO_VISIT
    reopen_day(day, actor=liaison, note="漏签")
    with pytest.raises(RuleViolation, match="不用撤销"):
        reopen_day(day, actor=liaison, note="漏签")


def test_an_activity_voided_by_hand_stays_void_through_reopening(closed, liaison):
    day, _ = closed
    void_activity(Activity.objects.get(), actor=liaison, reason="已手工登记")
    reopen_day(day, actor=liaison, note="漏签")
    close_day(day, actor=liaison)
    assert Activity.objects.get().void_reason == "已手工登记"


def test_the_page_of_a_closed_day_leads_to_its_activity_and_reopens_it(client, closed, liaison):
    day, _ = closed
    client.force_login(liaison)
    address = reverse("duty:day", args=[day.pk])
    html = client.get(address).content.decode()
    assert reverse("visits:activity_detail", args=[Activity.objects.get().pk]) in html
    assert "撤销办结" in html
    post = reverse("visits:reopen_day", args=[day.pk])
    assert "请写明撤销办结的原因" in client.post(post, follow=True).content.decode()
    assert client.post(post, {"note": "漏签"}).url == address
    assert state(day) == DayState.PUBLISHED


def test_who_came_to_a_duty_day_is_not_changed_on_its_activity(closed, deputy, liaison):
    _, forgotten = closed
    row = Activity.objects.get()
    came = [(deputy, "present"), (forgotten, "present")]
    with pytest.raises(RuleViolation, match="接待日的签到为准"):
        change_activity(row, actor=liaison, version=1, attendance=came)
    row.refresh_from_db()
    row.topic = "代表接待日（雨天）"
    as_it_is = [(deputy, "present"), (forgotten, "absent")]
    change_activity(row, actor=liaison, version=1, attendance=as_it_is)
    row = Activity.objects.get()
    assert (row.topic, row.present_count) == ("代表接待日（雨天）", 1)


def test_the_form_of_such_an_activity_shows_who_came_and_does_not_ask(client, closed, liaison):
    day, forgotten = closed
    row = Activity.objects.get()
    client.force_login(liaison)
    address = reverse("visits:activity_change", args=[row.pk])
    html = client.get(address).content.decode()
    assert f'name="presence-{forgotten.pk}"' not in html
    assert f"{reverse('duty:day', args=[day.pk])}#people" in html
    typed = {
        "version": row.version, "key": str(row.submission_key), "topic": "新主题",
        "opinions-TOTAL_FORMS": 0, "opinions-INITIAL_FORMS": 0,
        f"presence-{forgotten.pk}": "present",
    }  # fmt: skip
    assert client.post(address, typed).status_code == 302
    row = Activity.objects.get()
    assert (row.topic, row.due_count, row.present_count) == ("新主题", 2, 1)


def test_the_lights_of_a_duty_day_say_where_its_opinions_are(day, station, deputy, liaison):
    sign(day, deputy, liaison)
    make_reception(
        station,
        actor=liaison,
        deputies=[deputy],
        received_on=MONDAY,
        opinions=[{"statement": "路灯"}, {"statement": "水渠"}, {"statement": "桥"}],
    )
    close_day(day, actor=liaison)
    said = {light.name: light.why for light in lights(Activity.objects.for_list().get())}
    assert said["意见梳理"] == "意见记在簿一（3 条）"
    assert said["交办记录"] == "在簿一逐条交办"


# a wrong 代签


def test_a_wrong_sign_in_by_staff_is_taken_back(day, deputy, liaison):
    sign(day, deputy, liaison)
    withdraw_sign_in(assignment(day, deputy), actor=liaison, note="签错了人")
    row = assignment(day, deputy)
    assert (row.attendance, hasattr(row, "sign_in")) == ("", False)
    assert any(entry.note == "签错了人" for entry in audit.history_of(day))
    sign(day, deputy, liaison)
    assert assignment(day, deputy).attendance == "present"


def test_taking_back_needs_a_reason_an_open_day_and_a_sign_in_by_staff(
    day, deputy, liaison, observer
):
    row = assignment(day, deputy)
    with pytest.raises(RuleViolation, match="还没有签到"):
        withdraw_sign_in(row, actor=liaison, note="签错了人")
    sign(day, deputy, liaison)
    with pytest.raises(PermissionDenied):
        withdraw_sign_in(row, actor=observer, note="签错了人")
    with pytest.raises(RuleViolation, match="原因"):
        withdraw_sign_in(row, actor=liaison, note="")
    SignIn.objects.update(by="self")
    with pytest.raises(RuleViolation, match="本人扫码"):
        withdraw_sign_in(row, actor=liaison, note="签错了人")
    SignIn.objects.update(by="staff")
    close_day(day, actor=liaison)
    with pytest.raises(RuleViolation, match="不能再改"):
        withdraw_sign_in(row, actor=liaison, note="签错了人")


def test_the_form_of_a_sign_in_begins_with_the_hour_of_the_day(client, day, deputy, liaison):
    client.force_login(liaison)
    address = reverse("duty:day", args=[day.pk])
    assert 'value="09:00"' in client.get(address).content.decode()
    sign(day, deputy, liaison)
    assert "撤回代签" in client.get(address).content.decode()
    row = assignment(day, deputy)
    post = reverse("duty:withdraw_sign_in", args=[row.pk])
    assert client.post(post, {"note": ""}).status_code == 422
    assert client.post(post, {"note": "签错了人"}).url == address
