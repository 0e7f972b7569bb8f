"""What must have one outcome however many act at once, on a database server."""

from datetime import date

import pytest
from django.db import connection

from deputies.choices import EXPECTED
from deputies.models import Assignment, DutyPlan, LeaveRequest, SignIn
from deputies.services.duty import (
    add_day,
    answer_swap,
    ask_leave,
    ask_swap,
    decide_leave,
    draft_plan,
    publish_plan,
    sign_in,
)
from tests.concurrency import at_once
from tests.factories import DeputyFactory, StationFactory, assignment, make_day, make_user

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.postgresql,
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="several writers at once need PostgreSQL"
    ),
]
APRIL, MAY, JUNE = date(2026, 4, 15), date(2026, 5, 6), date(2026, 6, 3)


@pytest.fixture
def place():
    return StationFactory(name="石桥镇中心联络站", reception_days="每月15日")


@pytest.fixture
def person(place):
    def make(name):
        return DeputyFactory(station=place, name=name, user=make_user("deputy", place))

    return make


def standing(day):
    rows = Assignment.objects.filter(day=day, answer__in=EXPECTED)
    return sorted(rows.values_list("deputy__name", flat=True))


def test_two_swaps_into_the_same_day_have_one_outcome(place, person):
    """Both ask the same colleague: the second consent finds the place taken."""
    first, second, colleague = person("石刚"), person("廖波英"), person("段固艳")
    april = make_day(place, APRIL, first, second)
    swaps = [
        ask_swap(assignment(april, asker), colleague, actor=asker.user) for asker in (first, second)
    ]
    outcomes = at_once(lambda i: answer_swap(swaps[i], actor=colleague.user, agreed=True), count=2)
    refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert [str(refusal) for refusal in refused] == ["段固艳这一天已经在班上。"]
    assert standing(april).count("段固艳") == 1
    assert len(standing(april)) == 2


def test_two_swaps_that_cross_do_not_wait_for_each_other(place, person):
    """A gives April for May while B gives May for April: both ask, both agree at once."""
    a, b = person("石刚"), person("廖波英")
    april, may = make_day(place, APRIL, a), make_day(place, MAY, b)
    there = ask_swap(assignment(april, a), b, actor=a.user, taken=assignment(may, b))
    back = ask_swap(assignment(may, b), a, actor=b.user, taken=assignment(april, a))
    answers = [(there, b), (back, a)]
    outcomes = at_once(
        lambda i: answer_swap(answers[i][0], actor=answers[i][1].user, agreed=True), count=2
    )
    assert sum(isinstance(outcome, Exception) for outcome in outcomes) == 1
    assert (standing(april), standing(may)) == (["廖波英"], ["石刚"])


def test_a_swap_and_leave_at_the_same_moment_have_one_outcome(place, person):
    head = make_user("station_head", place)
    a, b = person("石刚"), person("廖波英")
    april, may = make_day(place, APRIL, a), make_day(place, MAY, b)
    for _ in range(5):
        swap = ask_swap(assignment(april, a), b, actor=a.user, taken=assignment(may, b))
        leave = ask_leave(assignment(april, a), actor=a.user, reason="出差")
        acts = [
            lambda swap=swap: answer_swap(swap, actor=b.user, agreed=True),
            lambda leave=leave: decide_leave(leave, actor=head, agreed=True),
        ]
        outcomes = at_once(lambda i, acts=acts: acts[i](), count=2)
        assert sum(isinstance(outcome, Exception) for outcome in outcomes) == 1
        swapped = standing(april) == ["廖波英"]
        assert standing(may) == (["石刚"] if swapped else ["廖波英"])
        assert LeaveRequest.objects.get(pk=leave.pk).state == ("withdrawn" if swapped else "agreed")
        Assignment.objects.all().delete()
        for day, deputy in ((april, a), (may, b)):
            Assignment.objects.create(day=day, deputy=deputy)


def test_a_double_scan_signs_in_once(place, person, time_machine):
    time_machine.move_to("2026-04-15T08:55:00+08:00", tick=False)
    deputy = person("石刚")
    april = make_day(place, APRIL, deputy)
    outcomes = at_once(lambda i: sign_in(april, actor=deputy.user), count=10)
    assert len({outcome.pk for outcome in outcomes}) == 1
    assert SignIn.objects.count() == 1


def test_one_date_added_by_ten_at_once_is_one_day(place):
    liaison = make_user("liaison", place)
    outcomes = at_once(lambda i: add_day(place, JUNE, actor=liaison), count=10)
    assert sum(not isinstance(outcome, Exception) for outcome in outcomes) == 1


def test_a_plan_published_by_four_clicks_is_published_once(place, person):
    liaison = make_user("liaison", place)
    person("石刚")
    plan = draft_plan(place, 2027, actor=liaison)
    outcomes = at_once(lambda i: publish_plan(plan, actor=liaison), count=4)
    assert sum(not isinstance(outcome, Exception) for outcome in outcomes) == 1
    assert DutyPlan.objects.get().state == "published"


def test_a_year_drafted_by_four_at_once_is_one_draft(place, person):
    liaison = make_user("liaison", place)
    person("石刚")
    at_once(lambda i: draft_plan(place, 2027, actor=liaison), count=4)
    plan = DutyPlan.objects.get()
    assert plan.days.count() == 12


def test_publishing_and_adding_a_day_at_once_do_not_lock_each_other_out(place, person):
    liaison = make_user("liaison", place)
    person("石刚")
    for number in range(5):
        plan = draft_plan(place, 2027 + number, actor=liaison)
        acts = [
            lambda plan=plan: publish_plan(plan, actor=liaison),
            lambda plan=plan: add_day(place, date(plan.year, 7, 1), actor=liaison, plan=plan),
        ]
        outcomes = at_once(lambda i, acts=acts: acts[i](), count=2)
        assert not isinstance(outcomes[0], Exception)
