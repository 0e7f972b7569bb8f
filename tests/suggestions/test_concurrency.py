"""Several hands on one suggestion at once: one outcome, tried on a database server."""

import datetime
import uuid

import pytest
from django.db import connection
from django.utils import timezone

from common.calendar import workdays_when_asked
from common.errors import RuleViolation
from suggestions import services
from suggestions.choices import Duty, State
from suggestions.models import Deadline, Handling, NumberSeries, Rating, Suggestion
from tests.concurrency import at_once
from tests.factories import DeputyFactory, make_user
from tests.suggestions.making import (
    accepted,
    assigned,
    drafted,
    letter,
    make_scene,
    replied,
    share_of,
    signed,
    submitted,
)

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.postgresql,
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="several writers at once need PostgreSQL"
    ),
]


@pytest.fixture
def scene():
    return make_scene()


def together(*acts, times=1):
    """Do them at once; whatever is no refusal in Chinese comes up here."""
    results = at_once(lambda index: acts[index % len(acts)](), len(acts) * times)
    assert all(isinstance(one, Suggestion | RuleViolation) for one in results)
    return results


def done(results) -> int:
    return sum(isinstance(one, Suggestion) for one in results)


def stored(row) -> Suggestion:
    return Suggestion.objects.get(pk=row.pk)


def acts_of(row) -> list[str]:
    return list(row.steps.values_list("act", flat=True))


def test_of_many_who_accept_at_once_one_does(scene):
    row = submitted(scene)
    results = together(lambda: services.accept_suggestion(row, actor=scene.office), times=8)
    assert done(results) == 1
    assert (stored(row).number, acts_of(row)) == (1, ["submit", "accept"])
    assert NumberSeries.objects.get().last == 1


def test_ten_different_ones_get_ten_numbers_without_a_gap(scene):
    rows = [submitted(scene, title=f"第{index}件") for index in range(10)]
    acts = [lambda row=row: services.accept_suggestion(row, actor=scene.office) for row in rows]
    assert done(together(*acts)) == 10
    numbers = Suggestion.objects.values_list("number", flat=True)
    assert sorted(numbers) == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]


def test_accepted_or_rejected_but_never_both(scene):
    row = submitted(scene)
    results = together(
        lambda: services.accept_suggestion(row, actor=scene.office),
        lambda: services.reject_suggestion(row, actor=scene.office, note="不属职权"),
        times=4,
    )
    assert done(results) == 1
    now = stored(row)
    assert (now.state, now.number) in {(State.ACCEPTED, 1), (State.REJECTED, None)}
    assert len(acts_of(row)) == 2


def test_a_letter_and_a_request_for_more_time_leave_nothing_open(scene):
    for _ in range(3):
        row = signed(scene)
        share = share_of(row, scene.police_unit)
        until = Deadline.objects.get(handling=share, limit="reply").due_on
        later = workdays_when_asked().workday_after(until)
        together(
            lambda row=row, share=share: services.send_reply(
                row, share, letter(), actor=scene.police
            ),
            lambda row=row, share=share, later=later: services.ask_for_extension(
                row, share, actor=scene.police, until=later, note="要选点"
            ),
        )
        assert stored(row).state == State.REVIEWING
        assert not share.extensions.filter(outcome="open").exists()
        open_limits = Deadline.objects.open().filter(suggestion=row)
        assert [one.limit for one in open_limits] == ["vet"]


def test_a_letter_goes_out_once(scene):
    row = signed(scene)
    share = share_of(row, scene.police_unit)
    services.send_reply(row, share, letter("B"), actor=scene.police)
    results = together(lambda: services.release_reply(row, share, actor=scene.office), times=6)
    assert done(results) == 1
    assert acts_of(row).count("release") == 1
    assert Deadline.objects.open().filter(limit="promise").count() == 1


def test_a_rating_against_its_lapse_is_one_rating(scene):
    row = replied(scene)
    share = share_of(row, scene.police_unit)
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    Deadline.objects.filter(limit="rate").update(due_on=yesterday)
    results = together(
        lambda: services.rate_reply(
            row, share, actor=scene.lead.user, attitude="satisfied", outcome="satisfied"
        ),
        lambda: services.lapse_rating(row, share),
        times=3,
    )
    assert done(results) == 1
    assert Rating.objects.get().outcome in ("satisfied", "unrated")
    assert stored(row).state == State.CLOSED


def test_an_unsatisfied_rating_posted_many_times_begins_one_round(scene):
    row = replied(scene)
    share = share_of(row, scene.police_unit)
    results = together(
        lambda: services.rate_reply(
            row, share, actor=scene.lead.user, attitude="mostly", outcome="unsatisfied",
            comment="没有解决",
        ),
        times=6,
    )  # fmt: skip
    assert done(results) == 1
    assert (stored(row).state, stored(row).round) == (State.ASSIGNED, 2)
    assert list(Handling.objects.values_list("round", flat=True)) == [1, 2]


def test_handed_over_or_withdrawn_it_is_in_nobodys_hands_after_a_withdrawal(scene):
    share = services.Share(scene.police_unit, Duty.SOLE)
    for _ in range(3):
        row = accepted(scene)
        together(
            lambda row=row: services.assign_suggestion(row, [share], actor=scene.office),
            lambda row=row: services.withdraw_suggestion(row, actor=scene.lead.user, note="撤"),
        )
        assert stored(row).state == State.WITHDRAWN
        assert not Deadline.objects.open().filter(suggestion=row).exists()
    assert not Suggestion.objects.at_unit(scene.police).exists()


def test_two_that_are_merged_into_each_other_end_as_one_lead_and_one_follower(scene):
    for _ in range(4):
        first, second = accepted(scene), accepted(scene)
        results = together(
            lambda a=first, b=second: services.merge_suggestions(a, [b], actor=scene.office),
            lambda a=first, b=second: services.merge_suggestions(b, [a], actor=scene.office),
        )
        assert done(results) == 1
        leads = {stored(first).merged_into_id, stored(second).merged_into_id}
        assert leads in ({None, first.pk}, {None, second.pk})


def test_a_lead_withdrawn_while_it_is_handed_over_leaves_no_ring(scene):
    share = services.Share(scene.police_unit, Duty.SOLE)
    for _ in range(3):
        follower, lead = accepted(scene), accepted(scene)
        services.merge_suggestions(lead, [follower], actor=scene.office)
        together(
            lambda lead=lead: services.assign_suggestion(lead, [share], actor=scene.office),
            lambda lead=lead: services.withdraw_suggestion(lead, actor=scene.lead.user, note="撤"),
            lambda row=follower: services.split_suggestion(row, actor=scene.office),
        )
        now = stored(follower)
        assert stored(lead).state == State.WITHDRAWN
        assert (now.merged_into_id, now.state) in {
            (None, State.ACCEPTED), (None, State.ASSIGNED),
        }  # fmt: skip
        assert Deadline.objects.open().filter(suggestion=follower).exists()


def test_all_who_sign_at_once_have_signed(scene):
    signers = [DeputyFactory(station=scene.station) for _ in range(8)]
    for deputy in signers:
        deputy.user = make_user("deputy", scene.station)
        deputy.save()
    row = drafted(scene, signers=signers)
    services.invite_signers(row, actor=scene.lead.user)
    acts = [
        lambda user=deputy.user: services.answer_invitation(row, actor=user, agrees=True)
        for deputy in signers
    ]
    assert done(together(*acts)) == 8
    assert set(row.signatures.values_list("consent", flat=True)) == {"agreed"}
    assert acts_of(row).count("agree") == 8
    assert [one.limit for one in Deadline.objects.open()] == ["hand_in"]


def test_one_form_posted_ten_times_is_one_draft(scene):
    key = uuid.uuid4()
    results = together(lambda: drafted(scene, submission_key=key, signers=[scene.second]), times=10)
    assert done(results) == 10
    row = Suggestion.objects.get()
    assert {one.pk for one in results} == {row.pk}
    assert row.signatures.count() == 1


def test_two_units_that_answer_at_once_both_have_answered(scene):
    row = assigned(scene, (scene.police_unit, Duty.SEPARATE), (scene.traffic_unit, Duty.SEPARATE))
    shares = []
    for unit, clerk in ((scene.police_unit, scene.police), (scene.traffic_unit, scene.traffic)):
        share = share_of(row, unit)
        services.sign_for(row, share, actor=clerk)
        services.send_reply(row, share, letter(), actor=clerk)
        services.release_reply(row, share, actor=scene.office)
        shares.append(share)
    acts = [
        lambda share=share: services.rate_reply(
            row, share, actor=scene.lead.user, attitude="satisfied", outcome="satisfied"
        )
        for share in shares
    ]
    assert done(together(*acts)) == 2
    assert stored(row).state == State.CLOSED
