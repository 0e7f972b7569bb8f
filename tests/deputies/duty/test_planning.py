from collections import Counter
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from accounts.actors import SYSTEM
from accounts.models import Delivery, Notice
from common.errors import RuleViolation
from deputies.choices import DayState, PlanState
from deputies.models import Arrangement, DutyDay, DutyPlan
from deputies.services.duty import (
    discard_plan,
    draft_plan,
    drop_day,
    move_day,
    preview_year,
    publish_plan,
    set_unavailable,
    sign_in_for,
    undo_plan,
)
from tests.factories import DeputyFactory, assignment

pytestmark = pytest.mark.django_db


@pytest.fixture
def five(station):
    """Five deputies in office, and one who left."""
    station.reception_days = "每月15日"
    station.save()
    DeputyFactory(station=station, name="前任", state="resigned")
    return [DeputyFactory(station=station, name=name) for name in "甲乙丙丁戊"]


def dates(preview):
    return [day.date for day in preview.days]


def test_the_fifteenth_of_each_month_of_2026_moved_past_holidays_and_weekends(station, five):
    assert dates(preview_year(station, 2026)) == [
        date(2026, 1, 15),
        date(2026, 2, 24),  # 15 to 23 February is 春节
        date(2026, 3, 16),  # Sunday
        date(2026, 4, 15),
        date(2026, 5, 15),
        date(2026, 6, 15),
        date(2026, 7, 15),
        date(2026, 8, 17),  # Saturday
        date(2026, 9, 15),
        date(2026, 10, 15),
        date(2026, 11, 16),  # Sunday
        date(2026, 12, 15),
    ]


def test_a_shifted_day_says_from_where_and_why(station, five):
    february = preview_year(station, 2026).days[1]
    assert (february.planned, february.reason) == (date(2026, 2, 15), "原定2月15日（春节）顺延")


def test_every_deputy_in_office_comes_as_often_as_the_others(station, five):
    shares = Counter(
        deputy.name for day in preview_year(station, 2026).days for deputy in day.deputies
    )
    assert sorted(shares.values()) == [4, 5, 5, 5, 5]  # 24 places
    assert "前任" not in shares


def test_a_year_without_holidays_on_record_is_planned_with_a_warning(station, five):
    assert preview_year(station, 2027).warnings == [
        "2027年的放假安排还没有录入，暂按周一至周五上班推算，公布后请再核对。"
    ]


def test_a_station_without_a_rule_is_told_what_to_write(station):
    with pytest.raises(RuleViolation, match="还没有填写接待日，如：每周三"):
        preview_year(station, 2026)


def test_a_rule_that_nobody_can_read_is_named(station, five):
    station.reception_days = "有空的时候"
    with pytest.raises(RuleViolation, match="有空的时候"):
        preview_year(station, 2026)


def test_a_station_without_deputies_gets_its_days_and_a_warning(station):
    station.reception_days = "每月15日"
    preview = preview_year(station, 2026)
    assert len(preview.days) == 12
    assert preview.warnings == [f"{station}还没有在任代表，接待日没有排人。"]


def test_more_deputies_come_when_two_a_day_are_too_few_for_the_minimum(station, five):
    """20 deputies, twice a year, in twelve days: four a day."""
    for number in range(15):
        DeputyFactory(station=station, name=f"代表{number:02d}")
    assert preview_year(station, 2026).per_day == 4


def test_the_rest_of_a_year_asks_for_its_share_of_the_minimum(station, five, april):
    """One day of twelve is left: two come, not everybody twice."""
    april.move_to("2026-12-01T10:00:00+08:00", tick=False)
    preview = preview_year(station, 2026, since=date(2026, 12, 1))
    assert [len(day.deputies) for day in preview.days] == [2]


def test_days_on_which_a_deputy_cannot_come_are_left_free(station, five):
    set_unavailable(five[0], date(2026, 1, 1), date(2026, 6, 30), actor=SYSTEM)
    own = [day.date for day in preview_year(station, 2026).days if five[0] in day.deputies]
    assert min(own) > date(2026, 6, 30)
    assert len(own) in (4, 5)


def test_a_draft_holds_the_days_from_today_on_and_tells_nobody(station, five, liaison):
    plan = draft_plan(station, 2026, actor=liaison)
    assert plan.days.count() == 9  # 15 April is the first
    assert set(plan.days.values_list("state", flat=True)) == {"draft"}
    assert not Notice.objects.exists()


def test_a_new_draft_takes_the_place_of_the_old_one(station, five, liaison):
    draft_plan(station, 2026, actor=liaison)
    draft_plan(station, 2026, actor=liaison)
    assert DutyPlan.objects.count() == 1
    assert DutyDay.objects.count() == 9


def test_publishing_tells_every_deputy_their_days_in_one_message(station, five, liaison):
    plan = publish_plan(draft_plan(station, 2026, actor=liaison), actor=liaison)
    assert plan.state == PlanState.PUBLISHED
    assert set(plan.days.values_list("state", flat=True)) == {"published"}
    assert Notice.objects.count() == 5
    days = plan.days.of(five[0])
    notice = Notice.objects.get(recipient="甲")
    assert f"接待 {days.count()} 次" in notice.text


def test_a_plan_is_published_once(station, five, liaison):
    plan = publish_plan(draft_plan(station, 2026, actor=liaison), actor=liaison)
    with pytest.raises(RuleViolation, match="已公布，不能再公布"):
        publish_plan(plan, actor=liaison)


def test_planning_again_keeps_what_is_announced_moved_and_cancelled(station, five, liaison):
    plan = publish_plan(draft_plan(station, 2026, actor=liaison), actor=liaison)
    april, may = plan.days.order_by("date")[:2]
    move_day(april, date(2026, 4, 17), actor=liaison)
    drop_day(may, actor=liaison, reason="防汛")
    preview = preview_year(station, 2026, since=date(2026, 4, 1))
    assert dates(preview)[:2] == [date(2026, 4, 17), date(2026, 6, 15)]
    assert all(day.kept for day in preview.days)


def test_new_days_even_out_what_the_announced_ones_left_uneven(station, five, liaison):
    plan = publish_plan(draft_plan(station, 2026, actor=liaison), actor=liaison)
    newcomer = DeputyFactory(station=station, name="新任")
    station.reception_days = "每月15日、25日"
    station.save()
    preview = preview_year(station, 2026, since=date(2026, 4, 1))
    shares = Counter(deputy for day in preview.days for deputy in day.deputies)
    assert len(preview.days) == 18
    assert shares[newcomer] == 6  # 36 places, six deputies
    assert plan.days.of(newcomer).count() == 0


def test_a_plan_is_undone_and_everybody_with_a_day_to_come_hears(station, five, liaison):
    plan = publish_plan(draft_plan(station, 2026, actor=liaison), actor=liaison)
    undo_plan(plan, actor=liaison, reason="编错了")
    assert set(plan.days.values_list("state", flat=True)) == {"cancelled"}
    assert Notice.objects.filter(title="2026年接待计划已撤销").count() == 5  # one a deputy
    assert not Delivery.objects.filter(notice__key__startswith="plan:", state="waiting").exists()
    again = draft_plan(station, 2026, actor=liaison)
    assert again.days.count() == 9


def test_a_plan_is_not_undone_once_somebody_signed_in(station, five, liaison, april):
    plan = publish_plan(draft_plan(station, 2026, actor=liaison), actor=liaison)
    april.move_to("2026-04-15T09:30:00+08:00", tick=False)
    day = plan.days.order_by("date").first()
    sign_in_for(assignment(day, day.expected[0].deputy), actor=liaison, reason="纸上签名")
    with pytest.raises(RuleViolation, match="不能撤销"):
        undo_plan(plan, actor=liaison, reason="编错了")


def test_a_draft_is_thrown_away_without_a_trace(station, five, liaison):
    discard_plan(draft_plan(station, 2026, actor=liaison), actor=liaison)
    assert not DutyDay.objects.exists()


def test_who_is_posted_elsewhere_plans_nothing(station, five, outsider):
    with pytest.raises(PermissionDenied):
        draft_plan(station, 2026, actor=outsider)


def test_days_get_the_hours_and_the_place_of_the_arrangement(station, five, liaison):
    Arrangement.objects.create(station=station, place="二楼会议室", per_day=3)
    day = draft_plan(station, 2026, actor=liaison).days.with_people().first()
    assert day.place == "二楼会议室"
    assert len(day.expected) == 3


def test_a_day_moved_past_the_end_of_its_year_keeps_the_next_year_off_its_date(
    station, five, liaison
):
    """2027 has no calendar here: 31 January is a Sunday, and so on."""
    station.reception_days = "每月最后一天"
    station.save()
    publish_plan(draft_plan(station, 2027, actor=liaison), actor=liaison)
    december = DutyDay.objects.filter(planned_on=date(2027, 12, 31)).get()
    move_day(december, date(2028, 1, 31), actor=liaison)
    plan = draft_plan(station, 2028, actor=liaison)
    assert not plan.days.filter(planned_on=date(2028, 1, 31)).exists()
    assert DutyDay.objects.filter(date=date(2028, 1, 31)).get().state == DayState.PUBLISHED
