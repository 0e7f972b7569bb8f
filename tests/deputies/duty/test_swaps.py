from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Notice
from common.errors import RuleViolation
from deputies.choices import Answer, Request
from deputies.services.duty import (
    answer_swap,
    ask_leave,
    ask_swap,
    confirm,
    decide_leave,
    drop_day,
    move_day,
    withdraw_swap,
)
from tests.factories import DeputyFactory, assignment, make_day, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def third(station):
    return DeputyFactory(station=station, name="段固艳", user=make_user("deputy", station))


@pytest.fixture
def may(station, third):
    """6 May: the day of the third deputy."""
    return make_day(station, date(2026, 5, 6), third)


@pytest.fixture
def swap(day, deputy, third, may):
    return ask_swap(assignment(day, deputy), third, actor=deputy.user, taken=assignment(may, third))


def on(day):
    return {row.deputy.name: row.answer for row in day.assignments.all()}


def test_with_consent_both_change_places_and_are_confirmed(swap, day, may, third):
    answer_swap(swap, actor=third.user, agreed=True)
    assert on(day) == {"石刚": "swapped", "廖波英": "waiting", "段固艳": "confirmed"}
    assert on(may) == {"段固艳": "swapped", "石刚": "confirmed"}


def test_without_consent_nothing_changes_and_the_asker_hears(swap, day, deputy, third):
    answer_swap(swap, actor=third.user, agreed=False)
    assert on(day)["石刚"] == "waiting"
    assert Notice.objects.filter(user=deputy.user).get().title == "换班未同意"


def test_the_other_hears_what_is_asked(swap, third):
    notice = Notice.objects.get(user=third.user)
    assert notice.title == "石刚想和您换班"
    assert "4月15日（星期三）" in notice.text
    assert "5月6日（星期三）" in notice.text


def test_only_who_was_asked_answers(swap, other):
    with pytest.raises(PermissionDenied):
        answer_swap(swap, actor=other.user, agreed=True)


def test_only_the_own_day_is_offered(day, deputy, other, third):
    with pytest.raises(PermissionDenied):
        ask_swap(assignment(day, deputy), third, actor=other.user)


def test_a_colleague_may_come_in_ones_place_without_a_day_in_return(day, deputy, third):
    swap = ask_swap(assignment(day, deputy), third, actor=deputy.user)
    answer_swap(swap, actor=third.user, agreed=True)
    assert on(day)["段固艳"] == "confirmed"


def test_nobody_swaps_into_a_day_on_which_they_are_already(day, deputy, other):
    with pytest.raises(RuleViolation, match="廖波英这一天已经在班上"):
        ask_swap(assignment(day, deputy), other, actor=deputy.user)


def test_a_day_of_somebody_else_is_not_taken_in_return(day, deputy, other, third):
    with pytest.raises(RuleViolation, match="不是段固艳的班"):
        ask_swap(assignment(day, deputy), third, actor=deputy.user, taken=assignment(day, other))


def test_a_second_click_finds_the_first_request(swap, day, deputy, third, may):
    again = ask_swap(
        assignment(day, deputy), third, actor=deputy.user, taken=assignment(may, third)
    )
    assert again == swap


def test_one_day_is_offered_to_one_person_at_a_time(swap, day, deputy, station):
    fourth = DeputyFactory(station=station, name="许新")
    with pytest.raises(RuleViolation, match="您已请段固艳换班"):
        ask_swap(assignment(day, deputy), fourth, actor=deputy.user)


def test_consent_comes_too_late_after_leave_was_granted(swap, day, deputy, third, station_head):
    request = ask_leave(assignment(day, deputy), actor=deputy.user, reason="出差")
    decide_leave(request, actor=station_head, agreed=True)
    with pytest.raises(RuleViolation, match="已撤回"):
        answer_swap(swap, actor=third.user, agreed=True)


def test_consent_comes_too_late_after_the_day_was_cancelled(swap, may, third, liaison):
    drop_day(may, actor=liaison, reason="防汛")
    with pytest.raises(RuleViolation, match="已撤回"):
        answer_swap(swap, actor=third.user, agreed=True)


def test_a_swap_taken_back_is_not_agreed_to(swap, deputy, third):
    withdraw_swap(swap, actor=deputy.user)
    swap.refresh_from_db()
    assert swap.state == Request.WITHDRAWN
    with pytest.raises(RuleViolation, match="已撤回"):
        answer_swap(swap, actor=third.user, agreed=True)


def test_leave_that_waited_is_asked_no_longer_once_the_day_was_swapped(swap, day, deputy, third):
    request = ask_leave(assignment(day, deputy), actor=deputy.user, reason="出差")
    answer_swap(swap, actor=third.user, agreed=True)
    request.refresh_from_db()
    assert request.state == Request.WITHDRAWN


def test_both_keep_the_row_of_the_day_they_gave_away(swap, day, deputy, third):
    answer_swap(swap, actor=third.user, agreed=True)
    row = assignment(day, deputy)
    assert (row.answer, row.answer_note) == (Answer.SWAPPED, "换给段固艳")


def test_a_swap_is_void_when_one_of_its_days_is_moved_and_the_asker_hears(
    swap, may, deputy, third, liaison
):
    move_day(may, date(2026, 5, 8), actor=liaison)
    with pytest.raises(RuleViolation, match="已撤回"):
        answer_swap(swap, actor=third.user, agreed=True)
    assert Notice.objects.filter(user=deputy.user).latest("pk").title == "换班请求已失效"


def test_who_confirms_does_not_want_to_swap_any_more(swap, day, deputy, third):
    confirm(assignment(day, deputy), actor=deputy.user)
    with pytest.raises(RuleViolation, match="已撤回"):
        answer_swap(swap, actor=third.user, agreed=True)


def test_nobody_asks_without_end_about_one_day(day, deputy, third):
    for _ in range(8):
        withdraw_swap(
            ask_swap(assignment(day, deputy), third, actor=deputy.user), actor=deputy.user
        )
    with pytest.raises(RuleViolation, match="直接打电话"):
        ask_swap(assignment(day, deputy), third, actor=deputy.user)
