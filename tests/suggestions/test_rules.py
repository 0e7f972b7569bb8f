"""The rules of a suggestion: entry, numbers, withdrawal, rounds, merging, sharing."""

import datetime

import pytest

from accounts.models import Notice
from common.errors import RuleViolation, StaleVersion
from suggestions import services
from suggestions.choices import Duty, State
from suggestions.models import Handling, Suggestion
from tests.factories import AreaFactory, DeputyFactory, StationFactory, make_user
from tests.suggestions.making import (
    accepted,
    assigned,
    drafted,
    letter,
    make_scene,
    make_session,
    rated,
    replied,
    share_of,
    signed,
    submitted,
)

pytestmark = pytest.mark.django_db
DAY = datetime.date
RETURNED = {"note": "不归本单位管", "proposed_unit": "区住建局"}


@pytest.fixture
def at(time_machine):
    def go(day):
        time_machine.move_to(f"{day}T10:00:00+08:00", tick=False)

    go("2026-03-05")  # 闭会
    return go


@pytest.fixture
def scene(at):
    return make_scene()


def stored(row) -> Suggestion:
    return Suggestion.objects.get(pk=row.pk)


def rate(scene, row, unit, outcome="satisfied"):
    return services.rate_reply(
        row, share_of(row, unit), actor=scene.lead.user, attitude="satisfied", outcome=outcome,
        comment="没有解决",
    )  # fmt: skip


def answer(scene, row, unit, clerk, result_class="A"):
    share = share_of(row, unit)
    services.sign_for(row, share, actor=clerk)
    services.send_reply(row, share, letter(result_class), actor=clerk)
    return services.release_reply(row, share, actor=scene.office)


class TestMotions:
    def motion(self, scene, names, **fields):
        """A 议案 with so many names, the lead's among them."""
        level = fields.pop("level", "district")
        signers = [DeputyFactory(station=scene.station, level=level) for _ in range(names - 1)]
        row = drafted(scene, kind="motion", signers=signers, **fields)
        services.invite_signers(row, actor=row.lead.user)
        row.signatures.update(consent="agreed")
        return row

    def test_nine_names_are_too_few(self, scene, at):
        at("2026-01-21")
        with pytest.raises(RuleViolation, match="须 10 名以上代表联名，现有 9 名"):
            services.submit_suggestion(self.motion(scene, 9), actor=scene.lead.user)

    def test_ten_are_enough(self, scene, at):
        at("2026-01-21")
        row = services.submit_suggestion(self.motion(scene, 10), actor=scene.lead.user)
        assert (row.state, row.occasion) == (State.SUBMITTED, "session")

    def test_five_are_enough_in_a_township_and_four_are_not(self, scene, at):
        at("2026-01-21")
        town = make_session(scene.station.township)
        deputy = DeputyFactory(station=scene.station, level="township")
        deputy.user = make_user("deputy", scene.station)
        deputy.save()
        given = {"session": town, "lead": deputy, "actor": deputy.user, "level": "township"}
        with pytest.raises(RuleViolation, match="须 5 名以上"):
            services.submit_suggestion(self.motion(scene, 4, **given), actor=deputy.user)
        row = self.motion(scene, 5, **given)
        assert services.submit_suggestion(row, actor=deputy.user).state == State.SUBMITTED

    def test_between_two_meetings_there_is_none(self, scene):
        with pytest.raises(RuleViolation, match="只能在大会期间"):
            drafted(scene, kind="motion")

    def test_a_draft_of_the_meeting_is_too_late_after_it(self, scene, at):
        at("2026-01-23")
        row = self.motion(scene, 10)
        at("2026-01-24")
        with pytest.raises(RuleViolation, match="只能在大会期间"):
            services.submit_suggestion(row, actor=scene.lead.user)

    def test_the_office_makes_no_motion_of_a_suggestion(self, scene):
        with pytest.raises(RuleViolation, match="由代表联名提出"):
            services.accept_suggestion(submitted(scene), actor=scene.office, kind="motion")


class TestNumbers:
    def test_the_meeting_and_the_time_between_count_apart(self, scene, at):
        assert accepted(scene).code == "闭会第001号"
        at("2026-01-21")
        assert accepted(scene).code == "第001号"
        at("2026-03-06")
        assert accepted(scene).code == "闭会第002号"

    def test_a_number_of_one_withdrawn_is_not_given_again(self, scene):
        first = accepted(scene)
        services.withdraw_suggestion(first, actor=scene.lead.user, note="已另行解决")
        assert accepted(scene).number == 2
        assert stored(first).number == 1

    def test_what_is_rejected_takes_none(self, scene):
        services.reject_suggestion(submitted(scene), actor=scene.office, note="不属职权")
        assert accepted(scene).number == 1

    def test_a_number_of_a_sheet_is_not_given_again(self, scene):
        row = submitted(scene)
        services.reserve_number(row, 7)
        assert services.accept_suggestion(row, actor=scene.office).number == 8
        with pytest.raises(RuleViolation, match="闭会第008号已经有了"):
            services.reserve_number(row, 8)


class TestEntry:
    def test_nobody_signs_twice_nor_beside_themselves(self, scene):
        with pytest.raises(RuleViolation, match="不用再附议"):
            drafted(scene, signers=[scene.lead])
        with pytest.raises(RuleViolation, match="填写了两次"):
            drafted(scene, signers=[scene.second, scene.second])

    def test_who_has_not_answered_by_the_submission_has_not_signed(self, scene):
        row = drafted(scene, signers=[scene.second])
        services.invite_signers(row, actor=scene.lead.user)
        row = services.submit_suggestion(row, actor=scene.lead.user)
        assert row.signatures.get().consent == "declined"
        assert stored(row).deputies_words == "石刚"

    def test_a_form_that_is_out_of_date_changes_nothing(self, scene):
        row = drafted(scene)
        row.title = "改过一次"
        services.change_suggestion(row, actor=scene.lead.user, version=1)
        row.title = "改过两次"
        with pytest.raises(StaleVersion):
            services.change_suggestion(row, actor=scene.lead.user, version=1)
        assert stored(row).title == "改过一次"

    def test_a_page_that_is_out_of_date_moves_nothing(self, scene):
        row = submitted(scene)
        with pytest.raises(RuleViolation, match="刚刚有人办理过"):
            services.accept_suggestion(row, actor=scene.office, seen=0)
        seen = services.last_step(row)
        assert services.accept_suggestion(row, actor=scene.office, seen=seen).number == 1

    def test_a_deputy_dates_nothing_back_and_staff_date_nothing_ahead(self, scene):
        row = drafted(scene)
        with pytest.raises(RuleViolation, match="日期就是今天"):
            services.submit_suggestion(row, actor=scene.lead.user, on=DAY(2026, 3, 2))
        paper = drafted(scene, actor=scene.liaison)
        with pytest.raises(RuleViolation, match="不能在今天之后"):
            services.submit_suggestion(paper, actor=scene.liaison, on=DAY(2026, 3, 6))
        paper = services.submit_suggestion(paper, actor=scene.liaison, on=DAY(2026, 3, 2))
        assert paper.submitted_on == DAY(2026, 3, 2)


class TestWithdrawal:
    @pytest.mark.parametrize("make", [drafted, submitted, accepted, assigned, signed])
    def test_until_a_unit_has_answered(self, scene, make):
        row = services.withdraw_suggestion(make(scene), actor=scene.lead.user, note="已解决")
        assert row.state == State.WITHDRAWN

    def test_while_the_letter_is_with_the_office(self, scene):
        row = signed(scene)
        services.send_reply(row, share_of(row, scene.police_unit), letter(), actor=scene.police)
        row = services.withdraw_suggestion(row, actor=scene.lead.user, note="已解决")
        assert row.state == State.WITHDRAWN

    def test_not_when_one_of_two_has_answered(self, scene):
        row = assigned(
            scene, (scene.police_unit, Duty.SEPARATE), (scene.traffic_unit, Duty.SEPARATE)
        )
        row = answer(scene, row, scene.police_unit, scene.police)
        assert row.state == State.ASSIGNED  # the other one has not signed
        for act, actor in (("withdraw", scene.lead.user), ("recall", scene.office)):
            with pytest.raises(RuleViolation, match="已经有单位答复"):
                getattr(services, f"{act}_suggestion")(row, actor=actor, note="已解决")

    def test_in_writing(self, scene):
        with pytest.raises(RuleViolation, match="请写明撤回的原因"):
            services.withdraw_suggestion(submitted(scene), actor=scene.lead.user, note="  ")


class TestRounds:
    def test_of_two_that_answer_only_who_did_not_satisfy_answers_again(self, scene):
        row = assigned(
            scene, (scene.police_unit, Duty.SEPARATE), (scene.traffic_unit, Duty.SEPARATE)
        )
        answer(scene, row, scene.police_unit, scene.police)
        row = answer(scene, row, scene.traffic_unit, scene.traffic)
        assert row.state == State.REPLIED
        assert rate(scene, row, scene.police_unit, "unsatisfied").state == State.REPLIED
        row = rate(scene, row, scene.traffic_unit, "mostly")
        assert (row.state, row.round, row.closed_on) == (State.ASSIGNED, 2, None)
        again = Handling.objects.filter(round=2).get()
        assert (again.unit, again.duty, again.assigned_on) == (
            scene.police_unit, Duty.SEPARATE, DAY(2026, 3, 5),
        )  # fmt: skip
        answer(scene, row, scene.police_unit, scene.police)
        row = rate(scene, row, scene.police_unit)
        assert (row.state, row.round) == (State.CLOSED, 2)

    def test_a_work_that_does_not_satisfy_begins_no_round(self, scene):
        row = rated(scene, attitude="unsatisfied", outcome="mostly")
        assert (row.state, row.round) == (State.CLOSED, 1)

    def test_why_it_does_not_satisfy_is_said(self, scene):
        row = replied(scene)
        with pytest.raises(RuleViolation, match="写明哪里不满意"):
            services.rate_reply(
                row, share_of(row, scene.police_unit), actor=scene.lead.user,
                attitude="satisfied", outcome="unsatisfied",
            )  # fmt: skip

    @pytest.mark.parametrize("silence", ["", "unrated"])
    def test_nobody_rates_with_silence(self, scene, silence):
        row = replied(scene)
        with pytest.raises(RuleViolation, match="分别作出评价"):
            services.rate_reply(
                row, share_of(row, scene.police_unit), actor=scene.office,
                attitude="satisfied", outcome=silence,
            )  # fmt: skip

    def test_who_keyed_a_rating_in_from_paper_is_kept(self, scene):
        row = replied(scene)
        services.rate_reply(
            row, share_of(row, scene.police_unit), actor=scene.office, attitude="satisfied",
            outcome="mostly",
        )  # fmt: skip
        rating = share_of(row, scene.police_unit).reply.rating
        assert (rating.source, rating.keyed_by) == ("paper", scene.office)

    def test_who_assisted_assists_again(self, scene):
        row = assigned(scene, (scene.police_unit, Duty.LEAD), (scene.school_unit, Duty.ASSIST))
        services.waive_countersign(
            row, share_of(row, scene.school_unit), actor=scene.office, note="不涉及"
        )
        row = answer(scene, row, scene.police_unit, scene.police)
        rate(scene, row, scene.police_unit, "unsatisfied")
        again = share_of(row, scene.school_unit)
        assert (again.round, again.state, again.waived) == (2, "p_waiting", False)


class TestMerging:
    def test_what_is_handed_over_carries_what_was_merged_into_it(self, scene):
        lead, other = accepted(scene), accepted(scene)
        services.merge_suggestions(lead, [other], actor=scene.office)
        shares = [
            services.Share(scene.police_unit, Duty.LEAD),
            services.Share(scene.school_unit, Duty.ASSIST),
        ]
        services.assign_suggestion(lead, shares, actor=scene.office)
        assert stored(other).state == State.ASSIGNED
        found = other.handlings.values_list("unit", "duty")
        assert set(found) == {(scene.police_unit.pk, "lead"), (scene.school_unit.pk, "assist")}
        assert other.steps.latest("pk").note == "随并案 闭会第001号"

    def test_it_is_handed_over_with_its_lead_alone(self, scene):
        lead, other = accepted(scene), accepted(scene)
        services.merge_suggestions(lead, [other], actor=scene.office)
        share = services.Share(scene.police_unit, Duty.SOLE)
        with pytest.raises(RuleViolation, match="已并案"):
            services.assign_suggestion(other, [share], actor=scene.office)

    def test_not_into_itself_nor_with_followers_nor_twice(self, scene):
        first, second, third = accepted(scene), accepted(scene), accepted(scene)
        with pytest.raises(RuleViolation, match="并入自己"):
            services.merge_suggestions(first, [first], actor=scene.office)
        services.merge_suggestions(first, [second], actor=scene.office)
        with pytest.raises(RuleViolation, match="已经并了别的建议"):
            services.merge_suggestions(third, [first], actor=scene.office)
        with pytest.raises(RuleViolation, match="已经并案"):
            services.merge_suggestions(third, [second], actor=scene.office)

    def test_a_refused_one_among_several_merges_none(self, scene):
        first, second, third = accepted(scene), accepted(scene), submitted(scene)
        with pytest.raises(RuleViolation):
            services.merge_suggestions(first, [second, third], actor=scene.office)
        assert stored(second).merged_into is None


class TestSharing:
    @pytest.mark.parametrize(
        ("duties", "words"),
        [
            ([], "请填写主办"),
            (["assist"], "请填写主办"),
            (["sole", "assist"], "独办只有一个单位"),
            (["lead", "lead"], "主办单位只能有一个"),
            (["lead", "separate"], "不能同时有"),
            (["separate", "assist"], "要有一个主办单位"),
        ],
    )
    def test_what_is_no_division_of_work_is_refused(self, scene, duties, words):
        units = [scene.police_unit, scene.traffic_unit]
        shares = [services.Share(unit, duty) for unit, duty in zip(units, duties, strict=False)]
        with pytest.raises(RuleViolation, match=words):
            services.assign_suggestion(accepted(scene), shares, actor=scene.office)

    def test_one_unit_alone_has_it_alone(self, scene):
        row = assigned(scene, (scene.police_unit, Duty.LEAD))
        assert share_of(row, scene.police_unit).duty == Duty.SOLE

    def test_when_the_lead_unit_gives_it_back_all_is_handed_over_anew(self, scene):
        row = assigned(scene, (scene.police_unit, Duty.LEAD), (scene.school_unit, Duty.ASSIST))
        share = share_of(row, scene.police_unit)
        services.ask_to_return(row, share, actor=scene.police, **RETURNED)
        row = services.agree_to_return(row, share, actor=scene.office)
        assert row.state == State.ACCEPTED
        assert set(row.handlings.values_list("state", flat=True)) == {"p_left"}

    def test_a_unit_names_who_should_have_it_and_why(self, scene):
        row = assigned(scene)
        share = share_of(row, scene.police_unit)
        with pytest.raises(RuleViolation, match="建议改由"):
            services.ask_to_return(row, share, actor=scene.police, note="不归", proposed_unit=" ")
        with pytest.raises(RuleViolation, match="请写明申请退办的原因"):
            services.ask_to_return(row, share, actor=scene.police, note=" ", proposed_unit="住建局")

    def test_handed_over_by_paper_not_before_it_was_accepted(self, scene):
        share = services.Share(scene.police_unit, Duty.SOLE)
        with pytest.raises(RuleViolation, match="不能早于提交日期"):
            services.assign_suggestion(
                accepted(scene), [share], actor=scene.office, on=DAY(2026, 3, 4)
            )


def test_who_moves_it_is_not_told_of_it_and_the_next_one_is(scene):
    signed(scene)
    assert not Notice.objects.filter(user=scene.office, title__contains="已交办").exists()
    assert Notice.objects.filter(user=scene.police, title__contains="请签收").exists()


def test_a_deputy_of_another_station_is_no_business_of_this_one(scene):
    other = StationFactory(township=AreaFactory(parent=scene.area))
    liaison = make_user("liaison", other)
    row = submitted(scene)
    assert not Suggestion.objects.visible_to(liaison).filter(pk=row.pk).exists()
