"""Every state that waits for somebody has a clock; what lapses, lapses once."""

import datetime
from types import SimpleNamespace

import pytest
from django.db import connection

from common.errors import RuleViolation
from suggestions import services
from suggestions.choices import Consent, Duty, Limit, Part, State
from suggestions.models import Deadline, Handling, Rating, Suggestion
from suggestions.rules import running
from suggestions.tasks import lapse_ratings
from tests.concurrency import at_once
from tests.suggestions.making import make_scene, replied

DAY = datetime.date
# Written by hand: which limit runs in which state. What is not here has come to its end, waits for
# nobody, or (草稿) is nobody's but its author's.
OF_THE_WHOLE = {
    State.JOINING: Limit.JOIN, State.REVISING: Limit.REVISE, State.SUBMITTED: Limit.ASSIGN,
    State.ACCEPTED: Limit.ASSIGN,
}  # fmt: skip
ENDS = {
    State.DRAFT, State.CLOSED, State.ARCHIVED, State.REJECTED, State.REFERENCE, State.WITHDRAWN,
}  # fmt: skip
OF_A_SHARE = {
    Part.WAITING: {Limit.SIGN, Limit.RETURN, Limit.REPLY},
    Part.WORKING: {Limit.RETURN, Limit.REPLY},
    Part.RETURNING: {Limit.DECIDE, Limit.REPLY},
    Part.SENT: {Limit.VET},
    Part.ANSWERED: {Limit.RATE},
}
OF_AN_ASSIST = {
    Part.WAITING: {Limit.SIGN, Limit.RETURN, Limit.ASSIST},
    Part.WORKING: {Limit.RETURN, Limit.ASSIST, Limit.COUNTERSIGN},
    Part.RETURNING: {Limit.DECIDE, Limit.ASSIST},
    Part.OPINED: {Limit.COUNTERSIGN},
}
OVER = {Part.RATED, Part.LEFT, Part.COUNTERSIGNED}


def whole(state):
    """A suggestion in `state`, without a database."""
    asked = SimpleNamespace(consent=Consent.ASKED)
    return SimpleNamespace(
        state=state, merged_into_id=None, submitted_on=DAY(2026, 5, 6), occasion="between",
        session=SimpleNamespace(ends_on=None), signatures=SimpleNamespace(all=lambda: [asked]),
    )  # fmt: skip


def share(state, duty=Duty.LEAD, key=1):
    nothing = SimpleNamespace(all=list)
    return SimpleNamespace(
        pk=key, unit_id=key, round=1, state=state, duty=duty, answers=duty != Duty.ASSIST,
        has_left=state == Part.LEFT, vacant=False, assigned_on=DAY(2026, 5, 8), extensions=nothing,
        circulated_on=DAY(2026, 6, 8),
    )  # fmt: skip


@pytest.mark.parametrize("state", list(State))
def test_each_state_of_the_whole_that_waits_has_its_clock(state):
    if state in (State.ASSIGNED, State.HANDLING, State.REVIEWING, State.REPLIED):
        part = {State.ASSIGNED: Part.WAITING, State.HANDLING: Part.WORKING,
                State.REVIEWING: Part.SENT, State.REPLIED: Part.ANSWERED}[state]  # fmt: skip
        assert {run.limit for run in running(whole(state), [share(part)])} == OF_A_SHARE[part]
        return
    found = [run.limit for run in running(whole(state), [])]
    assert found == ([OF_THE_WHOLE[state]] if state in OF_THE_WHOLE else [])
    assert (state in OF_THE_WHOLE) != (state in ENDS)


@pytest.mark.parametrize("part", [one for one in Part if one in OF_A_SHARE or one in OVER])
def test_each_state_of_an_answering_unit_that_waits_has_its_clock(part):
    found = {run.limit for run in running(whole(State.HANDLING), [share(part)])}
    assert found == OF_A_SHARE.get(part, set())


@pytest.mark.parametrize("part", [one for one in Part if one in OF_AN_ASSIST or one in OVER])
def test_each_state_of_an_assisting_unit_that_waits_has_its_clock(part):
    others = [share(Part.WORKING), share(part, Duty.ASSIST, 2)]
    runs = running(whole(State.HANDLING), others)
    found = {run.limit for run in runs if run.handling and run.handling.pk == 2}
    assert found == OF_AN_ASSIST.get(part, set())


def test_no_state_is_forgotten():
    assert set(OF_A_SHARE) | set(OF_AN_ASSIST) | OVER == set(Part)


def late_rating(scene):
    row = replied(scene)
    Deadline.objects.filter(limit="rate").update(due_on=DAY(2026, 1, 5))
    return row


@pytest.mark.django_db
def test_a_rating_that_nobody_gave_is_unrated_and_never_satisfied():
    row = late_rating(make_scene())
    assert lapse_ratings() == 1
    rating = Rating.objects.get()
    assert (rating.outcome, rating.source, rating.rated_on) == ("unrated", "lapsed", None)
    row.refresh_from_db()
    assert row.state == State.CLOSED


@pytest.mark.django_db
def test_the_nightly_task_may_run_twice():
    late_rating(make_scene())
    assert [lapse_ratings(), lapse_ratings()] == [1, 0]
    assert Rating.objects.count() == 1


@pytest.mark.django_db
def test_a_rating_in_time_does_not_lapse():
    replied(make_scene())
    assert lapse_ratings() == 0


@pytest.mark.postgresql
@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="several writers at once need PostgreSQL"
)
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_workers_at_once_lapse_a_rating_once():
    late_rating(make_scene())
    at_once(lambda worker: lapse_ratings(), count=2)
    assert Rating.objects.count() == 1
    assert Suggestion.objects.get().steps.filter(act="lapse").count() == 1


@pytest.mark.django_db
def test_the_office_cannot_lapse_a_rating_before_its_time():
    scene = make_scene()
    row = replied(scene)
    with pytest.raises(RuleViolation, match="还没有到"):
        services.lapse_rating(row, Handling.objects.get(), actor=scene.office)


def test_once_all_have_answered_the_lead_is_waited_for():
    row = whole(State.JOINING)
    row.signatures = SimpleNamespace(all=lambda: [SimpleNamespace(consent=Consent.DECLINED)])
    assert [run.limit for run in running(row, [])] == [Limit.HAND_IN]


def test_a_part_without_a_unit_waits_for_the_office():
    left, other = share(Part.LEFT, Duty.SEPARATE), share(Part.RATED, Duty.SEPARATE, 2)
    left.vacant = True
    found = [(run.handling.pk, run.limit) for run in running(whole(State.HANDLING), [left, other])]
    assert found == [(1, Limit.ASSIGN)]
