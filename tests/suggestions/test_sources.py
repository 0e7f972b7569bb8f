"""The opinions a suggestion came from: they go along, are answered, and are free again."""

import datetime

import pytest

from common.errors import RuleViolation
from suggestions import services
from suggestions.choices import Duty, State
from suggestions.models import OpinionLink, Suggestion
from tests.factories import make_reception
from tests.suggestions.making import (
    drafted,
    letter,
    make_scene,
    rated,
    share_of,
    submitted,
)
from visits.choices import OpinionState
from visits.models import Opinion
from visits.services import follow_up

pytestmark = pytest.mark.django_db
DAY = datetime.date


@pytest.fixture
def scene(time_machine):
    """Thursday, 5 March 2026."""
    time_machine.move_to("2026-03-05T10:00:00+08:00", tick=False)
    return make_scene()


def heard(scene, **fields) -> Opinion:
    visit = make_reception(
        scene.station, actor=scene.liaison, deputies=[scene.lead],
        received_on=DAY(2026, 3, 4), opinions=[fields],
    )  # fmt: skip
    return visit.opinions.get()


def rate(scene, row, unit, outcome="satisfied"):
    return services.rate_reply(
        row, share_of(row, unit), actor=scene.lead.user, attitude="satisfied", outcome=outcome,
        comment="没有解决",
    )  # fmt: skip


def answer(scene, row, unit, clerk, result_class="A", **words):
    share = share_of(row, unit)
    services.sign_for(row, share, actor=clerk)
    services.send_reply(row, share, letter(result_class, **words), actor=clerk)
    return services.release_reply(row, share, actor=scene.office)


def now(opinion) -> Opinion:
    return Opinion.objects.get(pk=opinion.pk)


class TestOpinions:
    def test_each_stands_in_one_suggestion(self, scene):
        opinion = heard(scene)
        drafted(scene, opinions=[opinion])
        with pytest.raises(RuleViolation, match="已经形成了另一件建议"):
            drafted(scene, opinions=[opinion])

    def test_they_go_along_to_the_end(self, scene):
        opinion = heard(scene)
        row = drafted(scene, opinions=[opinion])
        assert self.now(opinion).state == OpinionState.RECORDED
        services.submit_suggestion(row, actor=scene.lead.user)
        assert (self.now(opinion).state, self.now(opinion).disposal) == (
            OpinionState.ASSIGNED, "suggestion",
        )  # fmt: skip
        services.accept_suggestion(row, actor=scene.office)
        assert self.now(opinion).state == OpinionState.HANDLING
        share = services.Share(scene.police_unit, Duty.SOLE)
        row = services.assign_suggestion(row, [share], actor=scene.office)
        answer(scene, row, scene.police_unit, scene.police, "B")
        assert self.now(opinion).state == OpinionState.HANDLING
        rate(scene, row, scene.police_unit)
        found = self.now(opinion)
        assert (found.state, found.resolution) == (OpinionState.ANSWERED, "planned")
        assert found.result.startswith("建议闭会第001号已办结。区公安分局：已到现场勘查")

    @pytest.mark.parametrize(("act", "actor"), [("withdraw", "lead"), ("reject", "office")])
    def test_they_go_back_to_their_desk_and_may_stand_in_another(self, scene, act, actor):
        opinion = heard(scene)
        row = submitted(scene, opinions=[opinion])
        user = scene.lead.user if actor == "lead" else scene.office
        getattr(services, f"{act}_suggestion")(row, actor=user, note="不属职权")
        assert self.now(opinion).state == OpinionState.RECORDED
        submitted(scene, opinions=[opinion])
        assert self.now(opinion).state == OpinionState.ASSIGNED

    def test_one_added_while_it_was_sent_back_goes_along_too(self, scene):
        row = submitted(scene, opinions=[heard(scene)])
        row = services.turn_back_suggestion(row, actor=scene.office, note="请写明地点")
        added = heard(scene)
        services.change_suggestion(
            row, actor=scene.lead.user, version=row.version, opinions=[added]
        )
        services.submit_suggestion(row, actor=scene.lead.user)
        assert self.now(added).state == OpinionState.ASSIGNED

    def test_passed_on_for_reference_is_an_answer(self, scene):
        opinion = heard(scene)
        row = submitted(scene, opinions=[opinion])
        services.refer_suggestion(row, actor=scene.office, note="区住建局")
        found = self.now(opinion)
        assert (found.state, found.resolution) == (OpinionState.ANSWERED, "unsolved")

    def now(self, opinion) -> Opinion:
        return Opinion.objects.get(pk=opinion.pk)


class TestTheEnd:
    """Whatever becomes of a suggestion, nobody waits for it any more."""

    def is_free(self, scene, opinion) -> bool:
        """Whether the opinion, opened anew, may stand in another suggestion."""
        if now(opinion).state != OpinionState.RECORDED:
            follow_up.reopen_opinion(now(opinion), actor=scene.liaison, note="来访人不满意")
        return drafted(scene, opinions=[now(opinion)]).links.filter(ended_on=None).exists()

    def test_closed_and_answered_it_may_be_raised_once_more(self, scene):
        opinion = heard(scene)
        row = rated(scene, opinions=[opinion])
        assert OpinionLink.objects.get(suggestion=row).ended_on == DAY(2026, 3, 5)
        assert self.is_free(scene, opinion)

    @pytest.mark.parametrize("act", ["reject_suggestion", "refer_suggestion"])
    def test_not_taken_on(self, scene, act):
        opinion = heard(scene)
        getattr(services, act)(
            submitted(scene, opinions=[opinion]), actor=scene.office, note="区住建局"
        )
        assert self.is_free(scene, opinion)

    def test_for_reference_it_is_not_said_to_be_settled(self, scene):
        opinion = heard(scene)
        row = submitted(scene, opinions=[opinion])
        services.refer_suggestion(row, actor=scene.office, note="区住建局")
        assert now(opinion).result == f"建议{row.code}转作参考：区住建局"

    @pytest.mark.parametrize("make", [drafted, submitted])
    def test_withdrawn(self, scene, make):
        opinion = heard(scene)
        services.withdraw_suggestion(
            make(scene, opinions=[opinion]), actor=scene.lead.user, note="已解决"
        )
        assert self.is_free(scene, opinion)


class TestOnceMore:
    def redone(self, scene, opinion) -> Suggestion:
        row = rated(scene, opinions=[opinion])
        assert now(opinion).state == OpinionState.ANSWERED
        return services.redo_suggestion(row, actor=scene.office, note="栏杆又断了")

    def test_the_second_answer_reaches_the_opinion(self, scene):
        opinion = heard(scene)
        row = self.redone(scene, opinion)
        found = now(opinion)
        assert (found.state, found.result, found.disposal) == (
            OpinionState.HANDLING, "", "suggestion",
        )  # fmt: skip
        answer(scene, row, scene.police_unit, scene.police, text="重新装好了。")
        row = rate(scene, row, scene.police_unit)
        assert row.state == State.CLOSED
        found = now(opinion)
        assert (found.state, found.round) == (OpinionState.ANSWERED, 2)
        assert "重新装好了" in found.result

    def test_one_that_went_into_another_suggestion_stays_there(self, scene):
        opinion = heard(scene)
        row = rated(scene, opinions=[opinion])
        follow_up.reopen_opinion(now(opinion), actor=scene.liaison, note="来访人不满意")
        other = submitted(scene, opinions=[now(opinion)])
        services.redo_suggestion(row, actor=scene.office, note="再办一次")
        link = OpinionLink.objects.get(ended_on=None)
        assert (link.suggestion, now(opinion).state) == (other, OpinionState.ASSIGNED)

    def test_one_that_the_station_settled_otherwise_is_left_alone(self, scene):
        opinion = heard(scene)
        row = rated(scene, opinions=[opinion])
        follow_up.reopen_opinion(now(opinion), actor=scene.liaison, note="来访人不满意")
        follow_up.decline_opinion(
            now(opinion), actor=scene.liaison, reason="elsewhere", where_to="人民法院"
        )
        services.redo_suggestion(row, actor=scene.office, note="再办一次")
        assert (now(opinion).state, now(opinion).disposal) == (OpinionState.ANSWERED, "declined")

    def test_a_round_because_of_the_deputy_keeps_it_waiting(self, scene):
        opinion = heard(scene)
        row = rated(scene, outcome="unsatisfied", opinions=[opinion])
        assert row.round == 2
        assert now(opinion).state == OpinionState.HANDLING
