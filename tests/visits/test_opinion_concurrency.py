"""Two hands on one opinion at once: one outcome, tried on a database server."""

import datetime

import pytest
from django.db import connection
from django.utils import timezone

from common.errors import RuleViolation
from tests.concurrency import at_once
from tests.factories import DeputyFactory, StationFactory, UnitFactory, make_reception, make_user
from visits.models import Opinion, OpinionStep, Reception
from visits.services import change_reception, follow_up
from visits.services.opinion_rows import last_step
from visits.services.receipts import issue_receipt

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.postgresql,
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="several writers at once need PostgreSQL"
    ),
]
TIMES = 8


@pytest.fixture
def place():
    station = StationFactory()
    return station, make_user("liaison", station), DeputyFactory(station=station)


def logged(place, **fields) -> Opinion:
    station, liaison, deputy = place
    today = timezone.localdate()
    reception = make_reception(
        station, actor=liaison, deputies=[deputy], received_on=today, opinions=[fields]
    )
    return reception.opinions.get()


def test_of_many_who_decide_at_once_one_does(place):
    opinion, liaison, unit = logged(place), place[1], UnitFactory()
    acts = [
        lambda: follow_up.assign_opinion(
            opinion, actor=liaison, disposal="village", unit=unit, seen=0
        ),
        lambda: follow_up.decline_opinion(
            opinion, actor=liaison, reason="empty", where_to="12345", seen=0
        ),
    ]
    results = at_once(lambda index: acts[index % 2](), TIMES)
    assert sum(isinstance(result, Opinion) for result in results) == 1
    assert sum(isinstance(result, RuleViolation) for result in results) == TIMES - 1
    [step] = OpinionStep.objects.all()
    stored = Opinion.objects.get()
    assert (stored.state, step.to_state) in {("assigned", "assigned"), ("answered", "answered")}


def test_a_merge_against_an_answer_leaves_one_truth(place):
    liaison = place[1]
    unit = UnitFactory()
    for _ in range(4):
        lead, other = logged(place), logged(place)
        follow_up.assign_opinion(lead, actor=liaison, disposal="village", unit=unit)
        acts = [
            lambda lead=lead: follow_up.answer_opinion(
                lead, actor=liaison, result="已修好", resolution="solved"
            ),
            lambda lead=lead, other=other: follow_up.merge_opinions(lead, [other], actor=liaison),
        ]
        at_once(lambda index, acts=acts: acts[index % 2](), 2)
        lead.refresh_from_db()
        other.refresh_from_db()
        assert lead.state == "answered"
        # merged in time, it was answered with its lead; too late, it stands for itself
        found = (other.merged_into_id, other.state, other.result)
        assert found in {(lead.pk, "answered", "已修好"), (None, "recorded", "")}


def test_merging_and_answering_with_followers_never_lock_each_other_out(place):
    liaison, unit = place[1], UnitFactory()
    first, lead, third = logged(place), logged(place), logged(place)
    follow_up.assign_opinion(lead, actor=liaison, disposal="village", unit=unit)
    follow_up.merge_opinions(lead, [first], actor=liaison)
    acts = [
        lambda: follow_up.accept_opinion(lead, actor=liaison),
        # `first` is locked before its lead, as everybody does: nobody waits in a ring
        lambda: follow_up.merge_opinions(lead, [first, third], actor=liaison),
        lambda: follow_up.urge_opinion(lead, actor=liaison),
        lambda: follow_up.split_opinion(first, actor=liaison),
    ]
    results = at_once(lambda index: acts[index](), 4)
    assert all(isinstance(result, Opinion | RuleViolation) for result in results)
    assert Opinion.objects.get(pk=lead.pk).state == "handling"


def test_a_change_of_the_register_against_an_act_keeps_both(place):
    _, liaison, deputy = place
    opinion = logged(place)
    reception = Reception.objects.get()

    def change():
        row = Reception.objects.get(pk=reception.pk)
        row.address = "石桥村6组"
        return change_reception(
            row,
            actor=liaison,
            version=1,
            deputies=[deputy],
            opinions=list(row.opinions.all()),
        )

    def guide():
        seen = last_step(opinion)
        return follow_up.guide_opinion(opinion, actor=liaison, where_to="区信访局", seen=seen)

    acts = [change, guide]
    results = at_once(lambda index: acts[index](), 2)
    stored = Opinion.objects.get()
    assert isinstance(results[1], Opinion)
    assert (stored.state, stored.where_to) == ("answered", "区信访局")
    assert stored.due_on is not None
    assert stored.due_on > datetime.date(2026, 1, 1)


def test_many_who_ask_for_a_receipt_get_one_code(place):
    opinion, liaison = logged(place), place[1]
    results = at_once(lambda i: issue_receipt(opinion.reception, actor=liaison), TIMES)
    assert len({row.receipt_code for row in results}) == 1
