"""值班: a deputy's own pages and what can be said there."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from deputies.choices import Answer, Attendance, DayState, Request
from deputies.models import Assignment, Feed, LeaveRequest, SwapRequest, Unavailability
from deputies.own_duty import OwnDay, attended
from deputies.services.duty import ask_leave, ask_swap, decide_leave, move_day, sign_in
from tests.factories import DeputyFactory, StationFactory, assignment, make_day, make_user

pytestmark = pytest.mark.django_db
MINE = "/duty/mine/"


@pytest.fixture
def row(day, deputy):
    return assignment(day, deputy)


@pytest.fixture
def as_deputy(client, deputy):
    client.force_login(deputy.user)
    return client


def post(client, name, *args, follow=True, **data):
    return client.post(reverse(f"duty:{name}", args=args), data, follow=follow)


def test_the_next_day_stands_on_the_first_page_with_what_can_be_said(as_deputy, day, row):
    page = as_deputy.get("/").content.decode()
    for words in ("等您确认", "还有 14 天", "4月15日", "星期三", "上午 9:00–11:30", "廖波英"):
        assert words in page
    assert "石桥镇中心联络站接待室" in page
    assert page.count("btn-main") == 1
    assert f"/duty/mine/{row.pk}/?do=leave#leave" in page


def test_a_deputy_without_days_and_a_user_without_a_deputy_see_an_empty_state(
    as_deputy, deputy, station, client
):
    assert "眼下没有排您的接待日" in as_deputy.get("/").content.decode()
    client.force_login(make_user("deputy", station))
    assert "眼下没有排您的接待日" in client.get("/").content.decode()
    assert client.get(MINE).status_code == 403


def test_a_day_that_was_moved_says_why(as_deputy, day, liaison):
    move_day(day, date(2026, 4, 20), actor=liaison)
    page = as_deputy.get("/").content.decode()
    assert "4月20日" in page
    assert "原定4月15日，改期" in page


def test_confirming_brings_one_back_to_where_one_was(as_deputy, row):
    address = reverse("duty:confirm", args=[row.pk])
    response = as_deputy.post(address, headers={"referer": "http://testserver/"}, follow=True)
    assert response.redirect_chain == [("http://testserver/", 302)]
    assert "4月15日您能来，已经记下。" in response.content.decode()
    row.refresh_from_db()
    assert row.answer == Answer.CONFIRMED
    page = as_deputy.get("/").content.decode()
    assert "已确认" in page
    assert "确认能来" not in page


def test_opening_an_action_by_its_address_changes_nothing(as_deputy, row):
    assert as_deputy.get(reverse("duty:confirm", args=[row.pk])).status_code == 405
    row.refresh_from_db()
    assert row.answer == Answer.WAITING


def test_another_deputys_day_is_not_found(as_deputy, day, other):
    foreign = assignment(day, other)
    assert as_deputy.get(reverse("duty:mine_day", args=[foreign.pk])).status_code == 404
    assert post(as_deputy, "confirm", foreign.pk).status_code == 404
    foreign.refresh_from_db()
    assert foreign.answer == Answer.WAITING


def test_a_draft_day_is_not_shown(as_deputy, station, deputy):
    draft = make_day(station, date(2026, 5, 6), deputy, state=DayState.DRAFT)
    assert "5月6日" not in as_deputy.get(MINE).content.decode()
    mine = reverse("duty:mine_day", args=[assignment(draft, deputy).pk])
    assert as_deputy.get(mine).status_code == 404


def test_leave_asks_for_a_reason_and_then_waits_for_the_head(as_deputy, row):
    refused = post(as_deputy, "leave", row.pk, reason=" ")
    assert refused.status_code == 422
    assert "请写一句请假的原因" in refused.content.decode()
    page = post(as_deputy, "leave", row.pk, reason="去省里开会").content.decode()
    assert "请假待答复" in page
    assert "去省里开会" in page
    assert "等站长答复" in as_deputy.get("/").content.decode()
    assert LeaveRequest.objects.get().state == Request.ASKED
    page = post(as_deputy, "leave_withdraw", row.pk).content.decode()
    assert "请假已撤回" in page
    assert LeaveRequest.objects.get().state == Request.WITHDRAWN


def test_leave_that_was_refused_says_why_and_asks_again(as_deputy, row, deputy, station_head):
    request = ask_leave(row, actor=deputy.user, reason="有事")
    decide_leave(request, actor=station_head, agreed=False, note="人手不够")
    page = as_deputy.get(reverse("duty:mine_day", args=[row.pk])).content.decode()
    assert "您的请假未同意：人手不够" in page
    assert "确认能来" in page


def test_leave_that_was_granted_leaves_the_coming_days(as_deputy, row, deputy, station_head):
    request = ask_leave(row, actor=deputy.user, reason="有事")
    decide_leave(request, actor=station_head, agreed=True)
    page = as_deputy.get(MINE).content.decode()
    assert "眼下没有排您的接待日" in page
    assert "不用来的 1 天" in page
    assert "已请假" in page


def test_a_day_of_a_colleague_is_had_for_ones_own(as_deputy, client, station, row, other, deputy):
    third = DeputyFactory(station=station, name="许新", user=make_user("deputy", station))
    theirs = assignment(make_day(station, date(2026, 5, 6), third), third)
    both = make_day(station, date(2026, 5, 13), deputy, third)
    page = as_deputy.get(reverse("duty:mine_day", args=[row.pk])).content.decode()
    assert f'value="{theirs.pk}"' in page
    assert f'value="{assignment(both, third).pk}"' not in page  # one would be there twice
    page = post(as_deputy, "swap", row.pk, taken=theirs.pk, note="谢谢").content.decode()
    assert "您想换 许新 5月6日（星期三）的班" in page
    client.force_login(third.user)
    assert "石刚想和您换班" in client.get("/").content.decode()
    page = client.get(MINE).content.decode()
    assert "请您同意" in page
    assert "谢谢" in page
    page = post(client, "swap_agree", SwapRequest.objects.get().pk).content.decode()
    assert "已同意。4月15日由您来，5月6日您不用来。" in page
    assert assignment(row.day, third).answer == Answer.CONFIRMED
    assert assignment(theirs.day, deputy).answer == Answer.CONFIRMED


def test_a_colleague_is_asked_to_come_instead_and_says_no(as_deputy, client, station, row):
    third = DeputyFactory(station=station, name="许新", user=make_user("deputy", station))
    page = post(as_deputy, "swap", row.pk, other=third.pk).content.decode()
    assert "您请 许新 代班" in page
    swap = SwapRequest.objects.get()
    client.force_login(third.user)
    assert "已告诉石刚：没有同意。" in post(client, "swap_refuse", swap.pk).content.decode()
    swap.refresh_from_db()
    assert swap.state == Request.REFUSED


def test_a_swap_without_a_choice_or_with_a_foreign_day_is_refused_and_keeps_what_was_typed(
    as_deputy, row
):
    refused = post(as_deputy, "swap", row.pk, note="请帮个忙")
    assert refused.status_code == 422
    assert "请选一位代表" in refused.content.decode()
    assert "请帮个忙" in refused.content.decode()
    stranger = DeputyFactory(station=StationFactory())
    foreign = assignment(make_day(stranger.station, date(2026, 5, 6), stranger), stranger)
    assert post(as_deputy, "swap", row.pk, taken=foreign.pk).status_code == 422
    assert post(as_deputy, "swap", row.pk, other=stranger.pk).status_code == 422
    assert not SwapRequest.objects.exists()


def test_who_asked_withdraws_the_swap_and_nobody_else(as_deputy, client, station, row, deputy):
    third = DeputyFactory(station=station, user=make_user("deputy", station))
    swap = ask_swap(row, third, actor=deputy.user)
    assert post(as_deputy, "swap_agree", swap.pk).status_code == 404
    client.force_login(third.user)
    assert post(client, "swap_withdraw", swap.pk).status_code == 404
    client.force_login(deputy.user)
    assert "已撤回，4月15日仍由您来。" in post(client, "swap_withdraw", swap.pk).content.decode()


def test_days_on_which_one_cannot_come_are_kept_and_taken_away(as_deputy, deputy):
    page = post(as_deputy, "unavailable", from_day="2026-05-04", note="出差").content.decode()
    assert "5月4日" in page
    assert "出差" in page
    kept = Unavailability.objects.get()
    assert (kept.from_day, kept.to_day) == (date(2026, 5, 4), date(2026, 5, 4))
    for wrong in ({}, {"from_day": "2026-05-04", "to_day": "2026-05-01"}, {"from_day": "3月1日"}):
        assert post(as_deputy, "unavailable", **wrong).status_code == 422
    post(as_deputy, "unavailable_remove", kept.pk)
    assert not Unavailability.objects.exists()


def test_nobody_takes_away_another_deputys_days(as_deputy, other):
    kept = Unavailability.objects.create(
        deputy=other, from_day=date(2026, 5, 4), to_day=date(2026, 5, 4)
    )
    assert post(as_deputy, "unavailable_remove", kept.pk).status_code == 404


def test_the_address_of_the_calendar_is_made_and_changed_by_a_button_only(as_deputy, deputy):
    as_deputy.get(MINE)
    assert not Feed.objects.exists()
    page = post(as_deputy, "feed_renew").content.decode()
    first = Feed.objects.get().key
    assert f"http://testserver/duty/feed/{first}.ics" in page
    assert f"webcal://testserver/duty/feed/{first}.ics" in page
    assert "原来的订阅不再更新" in post(as_deputy, "feed_renew").content.decode()
    assert Feed.objects.get().key != first


@pytest.fixture
def year(station, deputy):
    """2026 so far: came twice (once late), absent once, on leave twice (and came after all the
    second time), swapped away once, one day did not take place, one is not closed, one is signed
    and not closed; and one day of 2025."""

    def past(month, day, attendance, answer=Answer.CONFIRMED, state=DayState.NO_VISIT):
        row = assignment(make_day(station, date(2026, month, day), deputy, state=state), deputy)
        row.attendance, row.answer = attendance, answer
        row.save()
        return row.day

    past(1, 7, Attendance.PRESENT)
    past(1, 14, Attendance.LATE)
    past(1, 21, Attendance.ABSENT)
    past(1, 28, Attendance.LEAVE, Answer.LEAVE)
    past(2, 4, Attendance.OPEN, Answer.SWAPPED)
    past(2, 11, Attendance.OPEN, state=DayState.NOT_HELD)
    past(3, 4, Attendance.OPEN, state=DayState.PUBLISHED)
    past(3, 11, Attendance.OPEN, Answer.DROPPED)
    past(3, 18, Attendance.PRESENT, state=DayState.PUBLISHED)
    came_after_all = past(3, 25, Attendance.LEAVE, Answer.LEAVE)
    Assignment.objects.create(day=came_after_all, deputy=deputy, answer=Answer.CONFIRMED,
                              attendance=Attendance.PRESENT)  # fmt: skip
    old = assignment(make_day(station, date(2025, 12, 3), deputy, state=DayState.NO_VISIT), deputy)
    old.attendance = Attendance.PRESENT
    old.save()


def test_the_year_counts_what_was_said_of_each_day(as_deputy, year):
    context = as_deputy.get(MINE).context
    found = context["attended"]
    assert (found.due, found.came, found.leave, found.absent) == (5, 3, 1, 1)
    assert str(found.rate) == "75.00"
    assert found.waiting == 2
    words = {str(own.row.day.date): own.attendance[1] for own in context["past"]}
    assert words == {
        "2026-01-07": "出席",
        "2026-01-14": "迟到",
        "2026-01-21": "缺席",
        "2026-01-28": "请假",
        "2026-02-04": "换班",
        "2026-02-11": "未开展",
        "2026-03-04": "待登记",
        "2026-03-18": "出席",
        "2026-03-25": "出席",
    }
    page = as_deputy.get(MINE).content.decode()
    assert "出勤率 75.00% ＝ 出席 3 ÷（应到 5 − 请假 1）。缺席 1 次。" in page
    assert "另有 2 天还没有办结，办结后计入。" in page
    assert context["years"] == [2026, 2025]


def test_another_year_is_a_click_away(as_deputy, year):
    page = as_deputy.get(MINE, {"year": 2025})
    assert page.context["attended"].due == 1
    assert "出勤率 100.00%" in page.content.decode()
    assert as_deputy.get(MINE, {"year": "abc"}).context["year"] == 2026
    assert as_deputy.get(MINE, {"year": "99999999"}).status_code == 200


def test_the_red_button_confirms_the_next_day_that_waits(as_deputy, station, deputy, row):
    make_day(station, date(2026, 5, 6), deputy)
    post(as_deputy, "confirm", row.pk)
    page = as_deputy.get(MINE).content.decode()
    assert page.count("确认能来") == 1
    assert page.count("btn-main") == 1


def test_the_first_page_tells_the_same_of_the_days(as_deputy, year):
    said = "接待日应到 5 次，请假 1 次，出席 3 次，出勤率 75.00%"
    assert said in as_deputy.get("/").content.decode()


def test_the_report_tells_a_deputy_the_same_of_the_days(as_deputy, deputy, year):
    report = as_deputy.get("/reports/", {"year": 2026, "deputy": deputy.pk}).context["report"]
    names = ("应到天数", "请假天数", "出席天数", "代表出勤率（%）")
    assert [report.tables["T6"].figure(name).shown for name in names] == ["5", "1", "3", "75.00"]


def test_leave_on_the_only_day_leaves_nothing_to_rate(as_deputy, station, deputy):
    day = make_day(station, date(2026, 1, 28), deputy, state=DayState.HELD)
    Assignment.objects.filter(day=day).update(attendance="leave", answer="leave")
    page = as_deputy.get(MINE)
    assert (page.context["attended"].due, page.context["attended"].rate) == (1, None)
    assert "还没有可以计算的出勤率。" in page.content.decode()
    home = as_deputy.get("/").content.decode()
    assert "接待日应到 1 次，请假 1 次，出席 0 次；" in home


def test_no_days_have_no_rate():
    assert attended([]).rate is None


def test_a_signed_day_of_today_asks_for_nothing_more(as_deputy, today, deputy):
    page = as_deputy.get("/").content.decode()
    assert "到站后，用手机扫一扫签到屏上的二维码签到。" in page
    sign_in(today, actor=deputy.user)
    row = assignment(today, deputy)
    page = as_deputy.get(reverse("duty:mine_day", args=[row.pk])).content.decode()
    assert "10:00 已签到" in page
    assert "提出请假" not in page


@pytest.mark.parametrize(
    ("on", "words"),
    [(date(2026, 4, 1), "今天"), (date(2026, 4, 2), "明天"), (date(2026, 4, 3), "后天"),
     (date(2026, 4, 4), "还有 3 天"), (date(2026, 3, 31), "")],
)  # fmt: skip
def test_days_left_are_said_in_words(station, deputy, on, words):
    row = assignment(make_day(station, on, deputy), deputy)
    assert OwnDay(row, date(2026, 4, 1)).left == words


def test_pages_ask_the_database_as_often_for_one_day_as_for_thirty(
    as_deputy, station, deputy, other, row
):
    def count(address):
        with CaptureQueriesContext(connection) as queries:
            assert as_deputy.get(address).status_code == 200
        return len(queries)

    past = make_day(station, date(2026, 3, 2), deputy, state=DayState.NO_VISIT)
    ask_leave(row, actor=deputy.user, reason="有事")
    pages = (MINE, "/", reverse("duty:mine_day", args=[row.pk]))
    as_deputy.get("/")  # the session is written once a minute
    before = [count(address) for address in pages]
    for number in range(1, 30):
        coming = make_day(station, date(2026, 5, number), deputy, other)
        ask_leave(assignment(coming, deputy), actor=deputy.user, reason="有事")
        make_day(station, date(2026, 6, number), other)
        if number < 28:
            make_day(station, date(2026, 2, number), deputy, state=past.state)
    assert [count(address) for address in pages] == before
    assert max(before) <= 24
