"""Every clock by hand: from when it runs, what stops it, on which day it ends and why."""

import datetime

import pytest

from common.errors import RuleViolation
from suggestions import services
from suggestions.choices import Duty, State
from suggestions.models import Deadline, Suggestion
from tests.suggestions.making import (
    accepted,
    assigned,
    drafted,
    letter,
    make_scene,
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
    """Go to ten o'clock of a day."""

    def go(day):
        time_machine.move_to(f"{day}T10:00:00+08:00", tick=False)

    go("2026-03-05")  # Thursday
    return go


@pytest.fixture
def scene(at):
    return make_scene()


def clock(row, limit, unit=None) -> Deadline:
    """The latest of this limit."""
    rows = Deadline.objects.filter(suggestion=row, limit=limit)
    return (rows.filter(handling__unit=unit) if unit else rows).latest("pk")


def running(row) -> dict[str, str]:
    """The open clocks: {limit: last day}."""
    rows = Deadline.objects.open().filter(suggestion=row)
    return {one.limit: f"{one.due_on:%m-%d}" for one in rows}


class TestMonths:
    def test_three_months_from_the_end_of_november_end_on_a_saturday_that_is_worked(
        self, scene, at
    ):
        at("2025-11-28")
        row = accepted(scene)
        at("2025-11-30")
        services.assign_suggestion(
            row, [services.Share(scene.police_unit, Duty.SOLE)], actor=scene.office
        )
        found = clock(row, "reply")
        assert (found.starts_on, found.due_on) == (DAY(2025, 11, 30), DAY(2026, 2, 28))
        assert found.explanation == (
            "2025年11月30日交办，当日不计 → "
            "加 3 个月，2月没有 30 日，为 2026年2月28日（调休上班）。"
        )

    def test_one_month_from_the_end_of_january_for_the_second_round(self, scene, at):
        at("2026-01-05")
        row = replied(scene)
        at("2026-01-30")
        row = services.rate_reply(
            row, share_of(row, scene.police_unit), actor=scene.lead.user, attitude="mostly",
            outcome="unsatisfied", comment="没有解决",
        )  # fmt: skip
        found = clock(row, "redo")
        assert (found.round, found.due_on) == (2, DAY(2026, 2, 28))
        assert found.explanation.startswith("2026年1月30日重新交办，当日不计 → 加 1 个月")

    def test_a_day_in_the_week_of_the_national_day_moves_to_the_day_after_it(self, scene, at):
        at("2026-07-02")
        found = clock(assigned(scene), "reply")
        assert found.due_on == DAY(2026, 10, 8)
        assert "国庆节放假，顺延到节后第一个工作日 10月8日" in found.explanation

    def test_an_assisting_unit_has_one_month(self, scene):
        row = assigned(scene, (scene.police_unit, Duty.LEAD), (scene.school_unit, Duty.ASSIST))
        # 5 April 2026 is 清明, off until Monday, 6 April
        assert clock(row, "assist").due_on == DAY(2026, 4, 7)


class TestReturning:
    """交办 Tuesday, 10 February 2026: 11, 12, 13, 14 (made up), 24, 25, 26."""

    def test_on_the_seventh_workday_across_the_spring_festival(self, scene, at):
        at("2026-02-10")
        row = assigned(scene)
        share = share_of(row, scene.police_unit)
        assert clock(row, "return").due_on == DAY(2026, 2, 26)
        at("2026-02-26")
        services.ask_to_return(row, share, actor=scene.police, **RETURNED)
        assert share_of(row, scene.police_unit).state == "p_returning"

    def test_not_on_the_eighth(self, scene, at):
        at("2026-02-10")
        row = assigned(scene)
        at("2026-02-27")
        with pytest.raises(RuleViolation, match="退办期限是 2026年2月26日，已经过了"):
            services.ask_to_return(
                row, share_of(row, scene.police_unit), actor=scene.police, **RETURNED
            )

    def test_but_its_paper_of_the_seventh_is_keyed_in_later(self, scene, at):
        at("2026-02-10")
        row = assigned(scene)
        at("2026-02-27")
        services.ask_to_return(
            row, share_of(row, scene.police_unit), actor=scene.office, on=DAY(2026, 2, 26),
            **RETURNED,
        )  # fmt: skip
        assert row.steps.latest("pk").on == DAY(2026, 2, 26)

    def test_a_request_refused_opens_no_new_window_and_the_answer_is_due_as_before(self, scene, at):
        at("2026-02-10")
        row = assigned(scene)
        share = share_of(row, scene.police_unit)
        services.ask_to_return(row, share, actor=scene.police, **RETURNED)
        assert running(row) == {"decide": "02-13", "reply": "05-11"}
        at("2026-02-27")
        services.refuse_return(row, share, actor=scene.office, note="职责相符")
        assert running(row) == {"reply": "05-11"}
        with pytest.raises(RuleViolation, match="2026年2月26日"):
            services.ask_to_return(row, share, actor=scene.police, **RETURNED)


class TestMoreTime:
    """交办 Thursday, 5 March 2026: due on 5 June, at the longest on Saturday, 5 September, which
    is Monday the 7th."""

    def asked(self, scene, until):
        row = signed(scene)
        share = share_of(row, scene.police_unit)
        services.ask_for_extension(row, share, actor=scene.police, until=until, note="要选点")
        return row, share

    def test_until_the_last_day_of_the_sixth_month(self, scene):
        row, share = self.asked(scene, DAY(2026, 9, 7))
        services.grant_extension(row, share, actor=scene.office)
        found = clock(row, "reply")
        assert (found.due_on, found.first_due_on) == (DAY(2026, 9, 7), DAY(2026, 6, 5))
        assert found.explanation == "原定 2026年6月5日，2026年3月5日批准延期到 2026年9月7日。"

    def test_not_one_day_over(self, scene):
        with pytest.raises(RuleViolation, match="最长只能延到 2026年9月7日"):
            self.asked(scene, DAY(2026, 9, 8))

    def test_nor_is_it_granted_over(self, scene):
        row, share = self.asked(scene, DAY(2026, 7, 3))
        with pytest.raises(RuleViolation, match="最长只能延到 2026年9月7日"):
            services.grant_extension(row, share, actor=scene.office, until=DAY(2026, 9, 8))
        assert clock(row, "reply").due_on == DAY(2026, 6, 5)

    def test_granted_twice_the_very_first_day_stays(self, scene):
        row, share = self.asked(scene, DAY(2026, 7, 3))
        services.grant_extension(row, share, actor=scene.office, until=DAY(2026, 6, 30))
        services.ask_for_extension(
            row, share, actor=scene.police, until=DAY(2026, 8, 3), note="还没有做完"
        )
        services.grant_extension(row, share, actor=scene.office)
        found = clock(row, "reply")
        assert (found.due_on, found.first_due_on) == (DAY(2026, 8, 3), DAY(2026, 6, 5))

    def test_a_refusal_leaves_the_day(self, scene):
        row, share = self.asked(scene, DAY(2026, 7, 3))
        assert running(row)["decide"] == "03-10"
        services.refuse_extension(row, share, actor=scene.office, note="请按期")
        assert running(row) == {"reply": "06-05", "return": "03-16"}

    def test_a_reckoning_anew_leaves_what_was_granted(self, scene):
        row, share = self.asked(scene, DAY(2026, 7, 3))
        services.grant_extension(row, share, actor=scene.office)
        assert services.reckon_anew(actor=scene.office) == 0
        assert clock(row, "reply").due_on == DAY(2026, 7, 3)


class TestAnswers:
    def test_a_letter_sent_back_is_due_as_before_and_judged_by_the_last_sending(self, scene, at):
        row = signed(scene)
        share = share_of(row, scene.police_unit)
        at("2026-06-04")
        services.send_reply(row, share, letter(), actor=scene.police)
        assert clock(row, "reply").met_on == DAY(2026, 6, 4)
        assert running(row) == {"vet": "06-11"}
        at("2026-06-08")
        services.send_back_reply(row, share, actor=scene.office, note="没有答到点上")
        assert running(row) == {"reply": "06-05"}
        at("2026-06-09")
        services.send_reply(row, share, letter(), actor=scene.police)
        [found] = Deadline.objects.filter(suggestion=row, limit="reply")
        assert (found.due_on, found.met_on) == (DAY(2026, 6, 5), DAY(2026, 6, 9))
        assert running(row) == {"vet": "06-16"}  # each sending is vetted in its own time

    def test_a_deputy_has_twenty_workdays_and_silence_is_no_praise(self, scene, at):
        row = replied(scene)
        # from 6 March; 6 April is off for 清明, and the twentieth is Thursday, 2 April
        assert running(row) == {"rate": "04-02"}
        at("2026-04-02")
        assert services.lapse_overdue_ratings(DAY(2026, 4, 2)) == 0
        with pytest.raises(RuleViolation, match="还没有到"):
            services.lapse_rating(row, share_of(row, scene.police_unit))
        at("2026-04-03")
        assert services.lapse_overdue_ratings(DAY(2026, 4, 3)) == 1
        assert services.lapse_overdue_ratings(DAY(2026, 4, 3)) == 0
        rating = share_of(row, scene.police_unit).reply.rating
        assert (rating.attitude, rating.outcome, rating.rated_on) == ("unrated", "unrated", None)
        assert rating.source == "lapsed"
        found = clock(row, "rate")
        assert (found.met_on, found.ended_on) == (None, DAY(2026, 4, 3))
        assert Suggestion.objects.get().state == State.CLOSED

    def test_a_promise_runs_from_the_day_the_letter_went_out(self, scene, at):
        row = signed(scene)
        share = share_of(row, scene.police_unit)
        services.send_reply(row, share, letter("B"), actor=scene.police)
        assert "promise" not in running(row)
        at("2026-03-10")
        services.release_reply(row, share, actor=scene.office)
        found = clock(row, "promise")
        assert (found.starts_on, found.due_on) == (DAY(2026, 3, 10), DAY(2027, 6, 30))

    def test_the_next_round_ends_the_promise_of_the_last(self, scene):
        row = rated(scene, outcome="unsatisfied", result_class="B")
        assert "promise" not in running(row)
        assert sorted(running(row)) == ["redo", "return", "sign"]


class TestStartAndStop:
    def test_who_is_asked_to_sign_has_five_workdays(self, scene):
        row = drafted(scene, signers=[scene.second])
        assert running(row) == {}
        services.invite_signers(row, actor=scene.lead.user)
        assert running(row) == {"join": "03-12"}
        services.answer_invitation(row, actor=scene.second.user, agrees=True)
        assert running(row) == {"hand_in": "03-19"}
        assert clock(row, "join").met_on == DAY(2026, 3, 5)

    def test_the_office_has_five_workdays_until_it_hands_over(self, scene, at):
        row = submitted(scene)
        assert running(row) == {"assign": "03-12"}
        at("2026-03-09")
        services.accept_suggestion(row, actor=scene.office)
        assert running(row) == {"assign": "03-12"}  # a number alone hands nothing over
        at("2026-03-11")
        share = services.Share(scene.police_unit, Duty.SOLE)
        services.assign_suggestion(row, [share], actor=scene.office)
        assert clock(row, "assign").met_on == DAY(2026, 3, 11)
        assert running(row) == {"sign": "03-16", "return": "03-20", "reply": "06-11"}

    def test_what_is_sent_back_waits_for_its_deputy(self, scene):
        row = submitted(scene)
        services.turn_back_suggestion(row, actor=scene.office, note="请写明地点")
        assert running(row) == {"revise": "03-19"}
        assert clock(row, "assign").met_on == DAY(2026, 3, 5)

    @pytest.mark.parametrize("act", ["reject_suggestion", "refer_suggestion"])
    def test_nothing_runs_where_it_ends(self, scene, act):
        row = submitted(scene)
        getattr(services, act)(row, actor=scene.office, note="不属职权")
        assert running(row) == {}

    def test_a_withdrawal_ends_every_clock_and_meets_none(self, scene):
        row = signed(scene)
        services.withdraw_suggestion(row, actor=scene.lead.user, note="已另行解决")
        assert running(row) == {}
        found = clock(row, "reply")
        assert (found.met_on, found.ended_on) == (None, DAY(2026, 3, 5))

    def test_signing_stops_its_own_clock_alone(self, scene):
        row = assigned(scene)
        services.sign_for(row, share_of(row, scene.police_unit), actor=scene.police)
        assert running(row) == {"return": "03-16", "reply": "06-05"}

    def test_a_recall_gives_the_office_its_days_anew(self, scene, at):
        row = signed(scene)
        at("2026-03-09")
        services.recall_suggestion(row, actor=scene.office, note="分工有误")
        assert running(row) == {"assign": "03-16"}
        assert clock(row, "reply").ended_on == DAY(2026, 3, 9)

    def test_what_is_merged_waits_for_nobody_until_it_is_split_or_handed_over(self, scene):
        first, second = accepted(scene), accepted(scene)
        services.merge_suggestions(first, [second], actor=scene.office)
        assert (running(first), running(second)) == ({"assign": "03-12"}, {})
        services.split_suggestion(second, actor=scene.office)
        assert running(second) == {"assign": "03-12"}
        services.merge_suggestions(first, [second], actor=scene.office)
        share = services.Share(scene.police_unit, Duty.SOLE)
        services.assign_suggestion(first, [share], actor=scene.office)
        expected = {"sign": "03-10", "return": "03-16", "reply": "06-05"}
        assert (running(first), running(second)) == (expected, expected)


class TestCountersigning:
    @pytest.fixture
    def both(self, scene):
        row = assigned(scene, (scene.police_unit, Duty.LEAD), (scene.school_unit, Duty.ASSIST))
        lead, assist = share_of(row, scene.police_unit), share_of(row, scene.school_unit)
        services.sign_for(row, lead, actor=scene.police)
        services.sign_for(row, assist, actor=scene.school)
        return row, lead, assist

    def test_five_workdays_from_the_day_the_letter_went_round(self, scene, at, both):
        row, lead, assist = both
        services.give_opinion(row, assist, actor=scene.school, note="上学时段最挤")
        assert clock(row, "assist").met_on == DAY(2026, 3, 5)
        at("2026-03-12")
        services.circulate_letter(row, lead, letter(), actor=scene.police)
        assert clock(row, "countersign", scene.school_unit).due_on == DAY(2026, 3, 19)
        at("2026-03-13")
        services.countersign(row, assist, actor=scene.school)
        assert clock(row, "countersign").met_on == DAY(2026, 3, 13)

    def test_sent_round_again_it_is_signed_anew(self, scene, at, both):
        row, lead, assist = both
        services.circulate_letter(row, lead, letter(), actor=scene.police)
        services.countersign(row, assist, actor=scene.school)
        at("2026-03-12")
        services.circulate_letter(row, lead, letter(text="改过"), actor=scene.police)
        assert running(row)["countersign"] == "03-19"

    def test_a_waiver_ends_what_was_waited_for(self, scene, both):
        row, lead, assist = both
        services.circulate_letter(row, lead, letter(), actor=scene.police)
        services.waive_countersign(row, assist, actor=scene.office, note="一直不签")
        for limit in ("assist", "countersign"):
            found = clock(row, limit)
            assert (found.met_on, found.ended_on) == (None, DAY(2026, 3, 5))
        assert sorted(running(row)) == ["reply", "return"]


def test_every_clock_says_how_it_was_reckoned(scene):
    signed(scene)
    assert Deadline.objects.count() == 4
    assert all("当日不计 → " in one.explanation for one in Deadline.objects.all())
    assert Deadline.objects.get(limit="return").explanation == (
        "2026年3月5日交办，当日不计 → 第 7 个工作日为 3月16日。"
    )
