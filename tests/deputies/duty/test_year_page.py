from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from deputies.choices import Answer, DayState, PlanState
from deputies.models import Arrangement, Assignment, DutyDay
from deputies.services.duty import draft_plan, publish_plan, sign_in_for
from stations.services import set_day
from tests.factories import DeputyFactory, StationFactory, make_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def monthly(station):
    """每月15日, one deputy a day."""
    station.reception_days = "每月15日"
    station.save()
    Arrangement.objects.create(station=station, per_day=1, minimum=1, place="接待室")
    return station


@pytest.fixture
def draft(monthly, deputy, other, liaison):
    return draft_plan(monthly, 2026, actor=liaison)


@pytest.fixture
def as_liaison(client, liaison):
    client.force_login(liaison)
    return client


def page(client, station, year=2026, query=""):
    return client.get(reverse("duty:year", args=[station.pk, year]) + query)


def act(client, name, *args, follow=True, **values):
    return client.post(reverse(f"duty:{name}", args=args), values, follow=follow)


def words(answer) -> str:
    return answer.content.decode()


def test_an_unplanned_year_is_shown_as_it_would_be_and_nothing_is_kept(
    as_liaison, monthly, deputy, other
):
    answer = page(as_liaison, monthly)
    text = words(answer)
    assert "生成草稿" in text
    assert "公布并通知代表" not in text
    assert DutyDay.objects.count() == 0
    # 2026-04-15 to 12-15: nine months; 15 August is a Saturday, 15 November a Sunday.
    assert [day.date.day for day in answer.context["book"].days] == [
        15, 15, 15, 15, 17, 15, 15, 16, 15,
    ]  # fmt: skip
    assert "原定8月15日（周六）顺延" in text


def test_a_station_without_a_rule_is_sent_to_its_arrangement(as_liaison, station, deputy):
    text = words(page(as_liaison, station))
    assert "还没有填写接待日" in text
    assert reverse("duty:arrangement", args=[station.pk]) in text


def test_a_year_without_holidays_warns(as_liaison, monthly, deputy):
    assert "2027年的放假安排还没有录入" in words(page(as_liaison, monthly, 2027))


def test_a_draft_is_made_worked_over_and_announced(as_liaison, monthly, deputy, other):
    text = words(act(as_liaison, "draft", monthly.pk, 2026))
    assert "草稿已生成，共 9 个接待日" in text
    assert "公布后向 2 位代表各发一条通知" in text
    plan = monthly.duty_plans.get()
    text = words(act(as_liaison, "publish", plan.pk))
    assert "2026年接待计划已公布" in text
    assert DutyDay.objects.published().count() == 9
    assert "撤销整份计划" in text


def test_a_second_click_on_draft_keeps_what_was_worked_over(as_liaison, monthly, draft):
    first = draft.days.first()
    act(as_liaison, "drop", first.pk)
    assert "草稿已经有了" in words(act(as_liaison, "draft", monthly.pk, 2026))
    assert draft.days.count() == 8


def test_planning_again_is_asked_for_by_name(as_liaison, monthly, draft):
    act(as_liaison, "drop", draft.days.first().pk)
    act(as_liaison, "draft", monthly.pk, 2026, again="1")
    assert DutyDay.objects.drafts().count() == 9


def test_a_second_click_on_publish_says_so(as_liaison, draft):
    act(as_liaison, "publish", draft.pk)
    assert "不能再公布" in words(act(as_liaison, "publish", draft.pk))


def test_a_second_click_on_discard_says_so(as_liaison, draft):
    assert "草稿已删除" in words(act(as_liaison, "discard", draft.pk))
    assert "已经删除了" in words(act(as_liaison, "discard", draft.pk))


def test_the_panel_of_a_day_holds_its_forms_and_no_other_day_does(as_liaison, monthly, draft):
    first = draft.days.first()
    text = words(page(as_liaison, monthly, query=f"?day={first.pk}"))
    assert text.count(reverse("duty:move", args=[first.pk])) == 1
    assert text.count("/move/") == 1


def test_htmx_gets_the_panel_alone(as_liaison, monthly, draft):
    address = reverse("duty:year", args=[monthly.pk, 2026])
    first = draft.days.first()
    answer = as_liaison.get(f"{address}?day={first.pk}", headers={"HX-Request": "true"})
    assert "<html" not in words(answer)
    assert "4月15日" in words(answer)
    assert "HX-Request" in answer["Vary"]


def test_a_day_is_moved(as_liaison, draft):
    first = draft.days.first()
    assert "已改期" in words(act(as_liaison, "move", first.pk, date="2026-04-17", reason="会议"))
    first.refresh_from_db()
    assert (first.date, first.planned_on, first.reason) == (
        date(2026, 4, 17), date(2026, 4, 15), "会议",
    )  # fmt: skip


def test_a_date_that_is_taken_is_refused_beside_the_field_and_stays_typed(as_liaison, draft):
    first = draft.days.first()
    answer = act(as_liaison, "move", first.pk, date="2026-05-15", reason="会议")
    assert answer.status_code == 422
    assert "5月15日已有接待日" in words(answer)
    assert 'value="2026-05-15"' in words(answer)
    assert 'value="会议"' in words(answer)


def test_a_deputy_takes_the_place_of_another(as_liaison, monthly, draft):
    first = draft.days.first()
    row = first.assignments.get()
    third = DeputyFactory(station=monthly, name="段固艳")
    text = words(act(as_liaison, "assign", first.pk, deputy=third.pk, leaving=row.pk))
    assert "代表已调整" in text
    assert [row.deputy for row in first.assignments.all()] == [third]


def test_a_deputy_is_dragged_to_another_day(as_liaison, draft):
    first, second = draft.days.all()[:2]
    row = first.assignments.get()
    act(as_liaison, "assign", second.pk, deputy=row.deputy_id, leaving=row.pk)
    assert not first.assignments.exists()
    assert second.assignments.filter(deputy=row.deputy_id).exists()


def test_who_is_there_already_is_not_moved_off_the_other_day(as_liaison, draft):
    first, second = draft.days.all()[:2]
    row = first.assignments.get()
    Assignment.objects.create(day=second, deputy=row.deputy)
    answer = act(as_liaison, "assign", second.pk, deputy=row.deputy_id, leaving=row.pk)
    assert answer.status_code == 422
    assert "已经在班上" in words(answer)
    assert first.assignments.filter(pk=row.pk).exists()


def test_a_deputy_of_another_township_cannot_be_put_on_a_day(as_liaison, draft):
    stranger = DeputyFactory(station=StationFactory())
    answer = act(as_liaison, "assign", draft.days.first().pk, deputy=stranger.pk)
    assert answer.status_code == 422
    assert "不在本乡镇街道" in words(answer)


def test_a_second_click_on_release_says_so(as_liaison, draft):
    row = draft.days.first().assignments.get()
    assert "不再排班" in words(act(as_liaison, "release", row.pk))
    assert "已经不在这一天" in words(act(as_liaison, "release", row.pk))


def test_a_second_click_on_drop_says_so(as_liaison, draft):
    first = draft.days.first()
    assert "已从草稿中去掉" in words(act(as_liaison, "drop", first.pk))
    assert "已经去掉了" in words(act(as_liaison, "drop", first.pk))


def test_an_announced_day_is_cancelled_only_with_a_reason(as_liaison, day):
    assert "请填写原因" in words(act(as_liaison, "drop", day.pk))
    text = words(act(as_liaison, "drop", day.pk, reason="道路施工"))
    assert "正在通知代表" in text
    assert "4月15日取消：道路施工" in words(page(as_liaison, day.station))
    day.refresh_from_db()
    assert day.state == DayState.CANCELLED


def test_the_hours_of_a_day_are_changed(as_liaison, day):
    act(as_liaison, "hours", day.pk, starts_at="14:30", ends_at="17:00", place="村委会")
    day.refresh_from_db()
    assert (f"{day.starts_at:%H:%M}", f"{day.ends_at:%H:%M}", day.place) == (
        "14:30", "17:00", "村委会",
    )  # fmt: skip


def test_a_day_added_to_a_draft_waits_with_it(as_liaison, monthly, draft):
    act(as_liaison, "add", monthly.pk, 2026, date="2026-04-22", reason="圩日")
    added = DutyDay.objects.get(date=date(2026, 4, 22))
    assert (added.state, added.plan) == (DayState.DRAFT, draft)


def test_a_day_of_another_year_is_not_added(as_liaison, monthly, draft):
    answer = act(as_liaison, "add", monthly.pk, 2026, date="2028-04-22")
    assert answer.status_code == 422
    assert "请选2026年里的一天" in words(answer)


def test_an_announced_plan_is_undone_with_a_reason_until_somebody_signed(
    as_liaison, draft, liaison, time_machine
):
    publish_plan(draft, actor=liaison)
    assert "请填写原因" in words(act(as_liaison, "undo", draft.pk))
    act(as_liaison, "undo", draft.pk, reason="换届")
    draft.refresh_from_db()
    assert draft.state == PlanState.UNDONE


def test_a_plan_on_which_somebody_signed_offers_no_undoing(
    as_liaison, draft, monthly, liaison, time_machine
):
    publish_plan(draft, actor=liaison)
    time_machine.move_to("2026-04-15T10:00:00+08:00", tick=False)
    sign_in_for(draft.days.first().assignments.get(), actor=liaison, reason="没带手机")
    assert "撤销整份计划" not in words(page(as_liaison, monthly))


def test_days_that_the_rule_asks_for_and_nobody_planned_can_be_made_up(
    as_liaison, monthly, deputy, other
):
    make_day(monthly, date(2026, 4, 15), deputy)
    text = words(page(as_liaison, monthly))
    assert "还有 8 天没有排" in text
    act(as_liaison, "draft", monthly.pk, 2026)
    assert DutyDay.objects.drafts().count() == 8


def test_the_tally_counts_everybody_and_says_whether_it_is_even(as_liaison, monthly, deputy, other):
    for month in (5, 6, 7):
        make_day(monthly, date(2026, month, 15), deputy)
    book = page(as_liaison, monthly).context["book"]
    assert [(count.name, count.number) for count in book.counts] == [("石刚", 3), ("廖波英", 0)]
    assert (book.most, book.least, book.is_even) == (3, 0, False)


def test_who_has_confirmed_is_counted_on_the_day(as_liaison, day, deputy):
    day.assignments.filter(deputy=deputy).update(answer=Answer.CONFIRMED)
    assert "已确认 1/2" in words(page(as_liaison, day.station))


def test_a_past_year_is_read_only(as_liaison, monthly, deputy):
    make_day(monthly, date(2025, 4, 15), deputy, state=DayState.HELD)
    text = words(page(as_liaison, monthly, 2025))
    assert "往年，只读" in text
    assert "生成草稿" not in text
    assert "2025年已经过去" in words(act(as_liaison, "draft", monthly.pk, 2025))


def test_a_deputy_reads_what_is_announced_and_no_draft(client, draft, monthly, deputy, liaison):
    make_day(monthly, date(2026, 4, 8), deputy)
    client.force_login(deputy.user)
    answer = page(client, monthly)
    assert [day.date for day in answer.context["book"].days] == [date(2026, 4, 8)]
    assert "公布并通知代表" not in words(answer)
    assert "/draft/" not in words(answer)


def test_a_day_moved_into_january_stands_in_both_years(as_liaison, monthly, deputy):
    make_day(monthly, date(2027, 1, 4), deputy, planned_on=date(2026, 12, 31))
    assert "2027年1月" in words(page(as_liaison, monthly))
    next_year = page(as_liaison, monthly, 2027).context["book"]
    assert date(2027, 1, 4) in [day.date for day in next_year.days]


def test_the_year_without_an_address_is_that_of_the_own_station(as_liaison, station):
    answer = as_liaison.get(reverse("duty:year_index"))
    assert answer.url == reverse("duty:year", args=[station.pk, 2026])


def test_who_has_no_station_is_told_so(client, administrator):
    client.force_login(administrator)
    assert "还没有所属的联络站" in words(client.get(reverse("duty:year_index"), follow=True))


def test_in_autumn_the_page_asks_for_the_next_year(client, liaison, monthly, deputy, time_machine):
    client.force_login(liaison)
    assert "该排明年的接待日了" not in words(page(client, monthly))
    time_machine.move_to("2026-10-08T10:00:00+08:00", tick=False)
    client.force_login(liaison)
    assert "该排明年的接待日了" in words(page(client, monthly))


@pytest.mark.parametrize("year", [1999, 2101])
def test_a_year_beyond_the_calendar_is_not_found(as_liaison, station, year):
    assert page(as_liaison, station, year).status_code == 404


def queries(client, station, query=""):
    with CaptureQueriesContext(connection) as found:
        assert page(client, station, query=query).status_code == 200
    return len(found)


def test_twelve_days_and_fifty_two_take_as_many_queries(as_liaison, monthly, liaison):
    people = [DeputyFactory(station=monthly) for _ in range(6)]
    plan = draft_plan(monthly, 2026, actor=liaison)
    key = plan.days.first().pk
    page(as_liaison, monthly)
    few = queries(as_liaison, monthly), queries(as_liaison, monthly, f"?day={key}")
    plan.days.exclude(pk=key).delete()
    for number in range(43):
        make_day(monthly, date.fromordinal(date(2026, 5, 1).toordinal() + number), *people)
    many = queries(as_liaison, monthly), queries(as_liaison, monthly, f"?day={key}")
    assert many == few
    assert few[0] <= 14


def test_a_preview_of_a_weekly_year_takes_as_many_queries_as_of_a_monthly_one(as_liaison, monthly):
    for _ in range(6):
        DeputyFactory(station=monthly)
    page(as_liaison, monthly)
    few = queries(as_liaison, monthly)
    monthly.reception_days = "每周三"
    monthly.save()
    assert queries(as_liaison, monthly) == few
    assert few <= 24


def test_a_holiday_entered_after_the_year_was_announced_names_the_days_it_falls_on(
    as_liaison, monthly, deputy, other, liaison, district_officer
):
    publish_plan(draft_plan(monthly, 2026, actor=liaison), actor=liaison)
    assert "不是工作日" not in words(page(as_liaison, monthly))
    set_day(date(2026, 5, 15), is_off=True, name="圩日", actor=district_officer)
    text = words(page(as_liaison, monthly))
    assert "有 1 个接待日不是工作日" in text
    assert "5月15日（圩日）" in text


def test_days_that_nobody_comes_to_are_named(as_liaison, monthly, draft):
    day = draft.days.get(date=date(2026, 5, 15))
    day.assignments.all().delete()
    assert "有 1 个接待日还没有排代表" in words(page(as_liaison, monthly))
