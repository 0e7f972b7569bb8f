"""What the records say to a station that assesses itself, and the page where it does."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.actors import SYSTEM
from accounts.roles import Role
from deputies.choices import DayState
from reports.standards import Asked, records_for
from stations.choices import Source
from stations.models import (
    Assessment,
    Criterion,
    Finding,
    Mailbox,
    MailboxOpening,
    Posting,
    Standard,
)
from stations.services.assessments import Answer, save_assessment
from stations.services.standards import add_criterion, put_in_use
from tests.factories import DeputyFactory, StationFactory, make_day, make_reception
from tests.hostile import picture, upload
from visits.models import Activity
from visits.services import log_activity, void_reception

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def _autumn(time_machine):
    time_machine.move_to("2026-11-21T10:00:00+08:00", tick=False)


@pytest.fixture
def eight():
    return Standard.objects.get(name="八有")


@pytest.fixture
def box(station):
    return Mailbox.objects.create(station=station, name="村口意见箱", hung_on=date(2025, 1, 1))


def said(station, source, user=SYSTEM, year=2026):
    return records_for(Asked(station, year, user, TODAY), [source])[source]


def test_mailbox_that_was_opened_this_month_says_when(station, box):
    assert said(station, Source.MAILBOX) == ("意见箱 1 个，本月还没有开箱", True)
    MailboxOpening.objects.create(mailbox=box, opened_on=date(2026, 11, 3), opened_by="张三")
    assert said(station, Source.MAILBOX) == ("意见箱 1 个，本月已开箱：11月3日", True)
    MailboxOpening.objects.create(mailbox=box, opened_on=date(2025, 6, 3), opened_by="张三")
    assert said(station, Source.MAILBOX, year=2025) == ("意见箱 1 个，2025年开箱 1 次", True)


def test_station_without_a_mailbox_is_told_so(station, box):
    box.taken_down_on = date(2026, 5, 1)
    box.save()
    assert said(station, Source.MAILBOX) == ("没有登记在用的意见箱", False)


def test_telephone_and_staff_are_facts(station):
    assert said(station, Source.PHONE) == ("没有登记联系电话", False)
    station.phone = "0990-2935729"
    assert said(station, Source.PHONE) == ("联系电话 0990-2935729", True)
    assert said(station, Source.STAFF) == ("没有登记站长和联络员", False)
    Posting.objects.create(station=station, person_name="张三", role=Role.LIAISON)
    assert said(station, Source.STAFF) == ("联络员张三", False)
    Posting.objects.create(station=station, person_name="李四", role=Role.STATION_HEAD)
    assert said(station, Source.STAFF) == ("站长李四，联络员张三", True)


def test_counts_tell_and_do_not_judge(station):
    deputy = DeputyFactory(station=station)
    DeputyFactory()
    make_day(station, date(2026, 3, 10), deputy, state=DayState.HELD)
    make_day(station, date(2026, 4, 10), deputy, state=DayState.NO_VISIT)
    make_day(station, date(2026, 5, 10), deputy, state=DayState.NOT_HELD)
    make_day(station, date(2025, 5, 10), deputy, state=DayState.HELD)
    make_reception(station, actor=SYSTEM, deputies=[deputy])
    void_reception(
        make_reception(station, actor=SYSTEM, deputies=[deputy]), actor=SYSTEM, reason="错"
    )
    make_reception(StationFactory(), actor=SYSTEM)
    visit = Activity(station=station, held_on=date(2026, 6, 1), topic="视察")
    log_activity(visit, actor=SYSTEM, attendance=[(deputy, "present")])
    assert said(station, Source.DEPUTIES) == ("名册上有在任代表 1 位", None)
    assert said(station, Source.DUTY_DAYS) == (
        "2026年办结接待日 2 次，最近一次 2026年4月10日",
        None,
    )
    assert said(station, Source.RECEPTIONS) == ("2026年登记接待 1 批", None)
    assert said(station, Source.ACTIVITIES) == ("2026年登记活动 1 次", None)


def test_every_source_that_an_item_may_name_is_read(station):
    found = records_for(Asked(station, 2026, SYSTEM, TODAY), [*Source.values, ""])
    assert set(found) == {
        "mailbox", "phone", "staff", "deputies", "duty_days", "receptions", "activities",
    }  # fmt: skip


def page(station, standard, year=2026):
    return reverse("standards:assess", args=[station.pk, standard.pk, year])


def posted(standard, value="1", **more):
    return {f"value-{item.pk}": value for item in standard.criteria.all()} | {"version": 0} | more


def test_page_ticks_what_the_records_prove_and_says_why(client, eight, station, liaison, box):
    client.force_login(liaison)
    html = client.get(page(station, eight)).content.decode()
    assert "本月还没有开箱" in html
    assert "没有登记联系电话" in html
    assert html.count("checked") == 1
    item = eight.criteria.get(words="有信箱")
    assert f'name="value-{item.pk}" value="1"' in html


def test_station_saves_and_hands_in_on_one_page(client, eight, station, liaison, box):
    client.force_login(liaison)
    address = page(station, eight)
    first = eight.criteria.first()
    draft = {f"value-{first.pk}": "1", f"note-{first.pk}": "大门右侧", "version": 0, "act": "save"}
    assert client.post(address, draft).url == address
    response = client.post(address, posted(eight, version=1, act="submit"))
    sheet = Assessment.objects.get()
    assert response.url == reverse("stations:assessment", args=[sheet.pk])
    assert (sheet.state, sheet.submitted_by) == ("submitted", liaison)
    recorded = Finding.objects.get(criterion__words="有信箱").recorded
    assert recorded == "意见箱 1 个，本月还没有开箱"
    assert client.get(address).url == reverse("stations:assessment", args=[sheet.pk])


def test_gap_keeps_what_was_typed(client, eight, station, liaison):
    client.force_login(liaison)
    first = eight.criteria.first()
    gaps = {f"note-{first.pk}": "大门右侧", "version": 0, "act": "submit"}
    response = client.post(page(station, eight), gaps)
    html = response.content.decode()
    assert response.status_code == 422
    assert "还没有填，填完才能提交" in html
    assert 'value="大门右侧"' in html
    assert not Assessment.objects.exists()


def test_somebody_elses_save_is_shown_beside(client, eight, station, liaison, station_head):
    first = eight.criteria.first()
    save_assessment(
        station, eight, 2026, actor=station_head, version=0,
        answers={first.pk: Answer(met=False, evidence="牌子掉了")},
    )  # fmt: skip
    client.force_login(liaison)
    response = client.post(page(station, eight), posted(eight, act="save"))
    html = response.content.decode()
    assert response.status_code == 409
    assert "未达到，牌子掉了" in html
    assert 'name="version" value="1"' in html


def test_photo_is_given_to_who_keeps_the_station_only(
    client, eight, station, liaison, outsider, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    client.force_login(liaison)
    first = eight.criteria.first()
    photo = {f"file-{first.pk}": upload("门牌.jpg", picture()), "version": 0, "act": "save"}
    client.post(page(station, eight), photo)
    finding = Finding.objects.get(criterion=first)
    address = reverse("stations:finding_file", args=[finding.pk])
    assert client.get(address)["Content-Type"] == "image/jpeg"
    assert "门牌.jpg" in client.get(page(station, eight)).content.decode()
    client.force_login(outsider)
    assert client.get(address).status_code == 404


def test_score_sheet_refuses_too_many_points_at_its_field(
    client, station, liaison, district_officer
):
    sheet = Standard.objects.get(name="星级")
    item = Criterion(standard=sheet, words="接待", points=60, source=Source.RECEPTIONS)
    add_criterion(item, actor=district_officer)
    put_in_use(sheet, actor=district_officer)
    client.force_login(liaison)
    response = client.post(page(station, sheet), posted(sheet, "61", act="save"))
    html = response.content.decode()
    assert response.status_code == 422
    assert "最高 60 分。" in html
    assert "2026年登记接待 0 批" in html


@pytest.mark.parametrize("year", [2024, 2027])
def test_years_that_are_not_assessed_have_no_page(client, eight, station, liaison, year):
    client.force_login(liaison)
    assert client.get(page(station, eight, year)).status_code == 404
