"""One duty day as its staff keep it."""

import re
from datetime import date, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from deputies.choices import Answer, DayState
from deputies.services.duty import ask_leave, sign_in_for, store_closing
from tests.factories import DeputyFactory, assignment, make_day

pytestmark = pytest.mark.django_db


def page(client, day):
    return client.get(reverse("duty:day", args=[day.pk]))


def post(client, name, pk, **data):
    return client.post(reverse(f"duty:{name}", args=[pk]), data)


def test_the_day_says_when_where_and_who_comes(client, liaison, day):
    client.force_login(liaison)
    text = page(client, day).content.decode()
    assert "4月15日 星期三" in text
    assert "9:00–11:30" in text
    assert "石桥镇中心联络站接待室" in text
    assert text.index("石刚") < text.index("廖波英")


def test_staff_see_the_telephone_and_may_call(client, liaison, observer, deputy, day):
    deputy.phone = "13800135678"
    deputy.save()
    client.force_login(liaison)
    assert 'href="tel:13800135678"' in page(client, day).content.decode()
    client.force_login(observer)
    seen = page(client, day).content.decode()
    assert "石刚" in seen
    assert "13800135678" not in seen


def test_who_only_looks_on_finds_no_form(client, observer, day):
    client.force_login(observer)
    text = page(client, day).content.decode()
    assert "记联系结果" not in text
    assert "变更记录" not in text


def test_what_a_call_gave_is_recorded(client, liaison, deputy, day):
    client.force_login(liaison)
    row = assignment(day, deputy)
    answer = post(client, "contact", row.pk, outcome="unreachable", note="关机")
    assert answer.url == reverse("duty:day", args=[day.pk])
    row.refresh_from_db()
    assert (row.answer, row.answer_note) == (Answer.UNREACHABLE, "关机")


def test_leave_without_a_reason_is_asked_for_and_the_choice_stays(client, liaison, deputy, day):
    client.force_login(liaison)
    row = assignment(day, deputy)
    answer = post(client, "contact", row.pk, outcome="leave")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "请写明请假的原因。" in text
    assert re.search(r'name="outcome" value="leave"[^>]* checked', text)
    row.refresh_from_db()
    assert row.answer == Answer.WAITING


def test_the_head_decides_leave_on_the_page(client, station_head, deputy, day):
    leave = ask_leave(assignment(day, deputy), actor=deputy.user, reason="外出培训")
    client.force_login(station_head)
    assert "外出培训" in page(client, day).content.decode()
    refused = post(client, "decide_leave", leave.pk, decision="refuse")
    assert refused.status_code == 422
    assert "不同意时请写明原因" in refused.content.decode()
    post(client, "decide_leave", leave.pk, decision="agree")
    assert assignment(day, deputy).answer == Answer.LEAVE


def test_a_liaison_sees_leave_waiting_but_does_not_decide_it(client, liaison, deputy, day):
    leave = ask_leave(assignment(day, deputy), actor=deputy.user, reason="外出培训")
    client.force_login(liaison)
    assert "由站长答复" in page(client, day).content.decode()
    assert post(client, "decide_leave", leave.pk, decision="agree").status_code == 403


def test_signing_for_a_deputy_needs_the_reason(client, liaison, deputy, today):
    client.force_login(liaison)
    row = assignment(today, deputy)
    refused = post(client, "sign_in_for", row.pk, at="8:55")
    assert refused.status_code == 422
    text = refused.content.decode()
    assert "请写明代签的原因" in text
    assert 'value="8:55"' in text
    post(client, "sign_in_for", row.pk, at="8:55", reason="没带手机，已在纸上签名")
    row = assignment(today, deputy)
    assert row.attendance == "present"
    assert "8:55 签到" in page(client, today).content.decode()


def test_who_left_early_is_recorded(client, liaison, deputy, today):
    row = assignment(today, deputy)
    sign_in_for(row, actor=liaison, reason="纸上签名", at=time(9))
    client.force_login(liaison)
    post(client, "leave_early", row.pk, at="9点40")
    assert assignment(today, deputy).left_at == time(9, 40)
    assert "早退 9:40" in page(client, today).content.decode()


def test_somebody_stands_in(client, liaison, station, deputy, today):
    third = DeputyFactory(station=station, name="段固艳")
    client.force_login(liaison)
    post(client, "stand_in", assignment(today, deputy).pk, deputy=third.pk)
    assert assignment(today, deputy).attendance == "substituted"
    assert "替石刚" in page(client, today).content.decode()


def test_only_one_stands_in_for_a_deputy(client, liaison, station, deputy, today):
    client.force_login(liaison)
    row = assignment(today, deputy)
    post(client, "stand_in", row.pk, deputy=DeputyFactory(station=station).pk)
    again = post(client, "stand_in", row.pk, deputy=DeputyFactory(station=station).pk)
    assert again.status_code == 422
    assert today.assignments.count() == 3


def test_a_stranger_cannot_stand_in(client, liaison, deputy, today):
    client.force_login(liaison)
    answer = post(client, "stand_in", assignment(today, deputy).pk, deputy=DeputyFactory().pk)
    assert answer.status_code == 422
    assert today.assignments.count() == 2


def test_the_screen_is_offered_on_the_day_and_its_address_can_be_renewed(client, liaison, today):
    client.force_login(liaison)
    before = page(client, today).context["screen"]
    assert "打开签到屏" in page(client, today).content.decode()
    post(client, "renew_screen", today.pk)
    assert page(client, today).context["screen"] != before


def test_the_screen_is_not_offered_on_another_day_or_to_who_looks_on(
    client, liaison, observer, day, today
):
    client.force_login(liaison)
    assert page(client, day).context["screen"] == ""
    client.force_login(observer)
    assert page(client, today).context["screen"] == ""


def test_a_posted_notice_is_recorded(client, liaison, day):
    client.force_login(liaison)
    assert "应在 4月12日 前张贴" in page(client, day).content.decode()
    post(client, "post_notice", day.pk, on="今天")
    day.refresh_from_db()
    assert day.notice_posted_on == date(2026, 4, 1)


def test_a_notice_cannot_hang_tomorrow(client, liaison, day):
    client.force_login(liaison)
    answer = post(client, "post_notice", day.pk, on="4月2日")
    assert answer.status_code == 422
    assert 'value="4月2日"' in answer.content.decode()


def test_the_text_for_the_group_says_it_all(client, liaison, day):
    client.force_login(liaison)
    assert (
        page(client, day)
        .context["notice"]
        .startswith(
            "【接待提醒】4月15日（星期三）9:00–11:30，石桥镇中心联络站接待室。接待代表：石刚、廖波英。"
        )
    )


def test_a_past_day_is_to_be_closed(client, liaison, station, deputy):
    past = make_day(station, date(2026, 3, 30), deputy)
    client.force_login(liaison)
    assert reverse("visits:close_day", args=[past.pk]) in page(client, past).content.decode()


def test_a_closed_day_says_so_and_offers_nothing(client, liaison, station, deputy):
    past = make_day(station, date(2026, 3, 30), deputy)
    store_closing(past, DayState.NOT_HELD, actor=liaison, note="停电")
    client.force_login(liaison)
    text = page(client, past).content.decode()
    assert "停电" in text
    assert "代签" not in text


def test_a_draft_is_for_its_planners(client, liaison, observer, station):
    draft = make_day(station, date(2026, 5, 6), state=DayState.DRAFT)
    client.force_login(liaison)
    assert page(client, draft).status_code == 200
    client.force_login(observer)
    assert page(client, draft).status_code == 404


def test_ten_deputies_cost_as_many_queries_as_one(client, liaison, station, deputy):
    client.force_login(liaison)
    small = make_day(station, date(2026, 4, 1), deputy)
    large = make_day(
        station, date(2026, 4, 8), *[DeputyFactory(station=station) for _ in range(10)]
    )
    page(client, small)  # the session is written once
    counts = []
    for day in (small, large):
        with CaptureQueriesContext(connection) as found:
            page(client, day)
        counts.append(len(found))
    assert counts[0] == counts[1] <= 12


@pytest.mark.parametrize(("moment", "offered"), [("11:29", False), ("11:30", True)])
def test_closing_is_offered_once_the_hours_are_over(client, today, liaison, april, moment, offered):
    april.move_to(f"2026-04-01T{moment}:00+08:00", tick=False)
    client.force_login(liaison)
    text = client.get(reverse("duty:day", args=[today.pk])).content.decode()
    assert (reverse("visits:close_day", args=[today.pk]) in text) == offered
    assert "打开签到屏" in text
