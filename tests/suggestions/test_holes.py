"""Ways in which a suggestion could have slipped off its course, one story each."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import Notice
from common.errors import RuleViolation
from suggestions import rules, services
from suggestions.choices import Act, Duty, State
from suggestions.models import Deadline, Extension, Handling, Signature, Suggestion
from tests.factories import DeputyFactory, make_reception, make_user
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
from visits.services import follow_up

pytestmark = pytest.mark.django_db
DAY = datetime.date
NONE = {"proposed_unit": "区交通运输局", "note": "不归本单位管"}


@pytest.fixture(autouse=True)
def _march(time_machine):
    """Thursday, 5 March 2026: between two meetings."""
    time_machine.move_to("2026-03-05T10:00:00+08:00", tick=False)


@pytest.fixture
def scene():
    return make_scene()


def stored(row) -> Suggestion:
    return Suggestion.objects.get(pk=row.pk)


def open_limits(row) -> list[str]:
    return sorted(Deadline.objects.open().filter(suggestion=row).values_list("limit", flat=True))


def sent(scene, row, unit, clerk, result_class="A"):
    share = share_of(row, unit)
    services.sign_for(row, share, actor=clerk)
    return services.send_reply(row, share, letter(result_class), actor=clerk)


def answered(scene, row, unit, clerk, result_class="A"):
    sent(scene, row, unit, clerk, result_class)
    return services.release_reply(row, share_of(row, unit), actor=scene.office)


def rate(scene, row, unit, outcome="satisfied"):
    return services.rate_reply(
        row, share_of(row, unit), actor=scene.lead.user, attitude="satisfied", outcome=outcome,
        comment="没有解决",
    )  # fmt: skip


def lead_and_assist(scene):
    return assigned(scene, (scene.police_unit, Duty.LEAD), (scene.school_unit, Duty.ASSIST))


def two_separate(scene):
    return assigned(scene, (scene.police_unit, Duty.SEPARATE), (scene.traffic_unit, Duty.SEPARATE))


class TestWithdrawn:
    def test_a_unit_does_not_bring_it_back_by_signing(self, scene):
        row = assigned(scene)
        services.withdraw_suggestion(row, actor=scene.lead.user, note="已另行解决")
        share = share_of(row, scene.police_unit)
        with pytest.raises(RuleViolation, match="已撤回"):
            services.sign_for(row, share, actor=scene.police)
        assert (stored(row).state, open_limits(row)) == (State.WITHDRAWN, [])

    def test_nothing_of_it_is_offered_or_listed_as_work(self, scene):
        row = signed(scene)
        share = share_of(row, scene.police_unit)
        services.ask_to_return(row, share, actor=scene.police, **NONE)
        services.withdraw_suggestion(row, actor=scene.lead.user, note="已另行解决")
        shares = list(Handling.objects.for_page())
        page = Suggestion.objects.for_page().get()
        for user in (scene.police, scene.office, scene.lead.user):
            assert rules.offers(user, page, shares, DAY(2026, 3, 5)) == []
        assert not Suggestion.objects.at_unit(scene.police).exists()
        assert not Suggestion.objects.waiting_for("decide").exists()

    def test_what_was_merged_into_it_waits_on_with_its_own_clock(self, scene):
        first, second = accepted(scene), accepted(scene)
        services.merge_suggestions(first, [second], actor=scene.office)
        assert open_limits(second) == []
        services.withdraw_suggestion(first, actor=scene.lead.user, note="已另行解决")
        assert (stored(second).merged_into, stored(second).state) == (None, State.ACCEPTED)
        assert open_limits(second) == ["assign"]
        assert second.steps.latest("pk").act == Act.SPLIT

    def test_not_on_a_day_before_it_was_submitted(self, scene):
        row = submitted(scene)
        with pytest.raises(RuleViolation, match="早于"):
            services.withdraw_suggestion(
                row, actor=scene.liaison, note="书面撤回", on=DAY(2026, 3, 4)
            )


class TestUnitsThatLeave:
    def test_an_assisting_unit_leaves_and_the_lead_goes_on_alone(self, scene):
        row = lead_and_assist(scene)
        lead, assist = share_of(row, scene.police_unit), share_of(row, scene.school_unit)
        services.sign_for(row, lead, actor=scene.police)
        services.ask_to_return(row, assist, actor=scene.school, **NONE)
        row = services.agree_to_return(row, assist, actor=scene.office)
        assert row.state == State.HANDLING
        assert open_limits(row) == ["reply", "return"]
        assert services.send_reply(row, lead, letter(), actor=scene.police).state == State.REVIEWING

    def test_a_recalled_one_goes_to_another_unit(self, scene):
        row = services.recall_suggestion(signed(scene), actor=scene.office, note="分工有误")
        assert (row.state, open_limits(row)) == (State.ACCEPTED, ["assign"])
        share = services.Share(scene.traffic_unit, Duty.SOLE)
        row = services.assign_suggestion(row, [share], actor=scene.office)
        assert (row.state, row.round) == (State.ASSIGNED, 1)
        assert open_limits(row) == ["reply", "return", "sign"]

    def test_a_recalled_one_may_go_to_the_same_unit_again(self, scene):
        row = services.recall_suggestion(signed(scene), actor=scene.office, note="分工有误")
        share = services.Share(scene.police_unit, Duty.SOLE)
        services.assign_suggestion(row, [share], actor=scene.office)
        assert share_of(row, scene.police_unit).state == "p_waiting"
        assert [one.state for one in rules.last_shares(Handling.objects.all())] == ["p_waiting"]

    def test_the_clerks_hear_of_a_recall(self, scene):
        row = lead_and_assist(scene)
        services.recall_suggestion(row, actor=scene.office, note="分工有误")
        told = Notice.objects.filter(title__contains="收回改派").values_list("user", flat=True)
        assert set(told) == {scene.police.pk, scene.school.pk}

    def test_in_the_second_round_it_is_assigned_anew_and_not_closed(self, scene):
        row = rate(scene, replied(scene), scene.police_unit, "unsatisfied")
        again = share_of(row, scene.police_unit)
        services.ask_to_return(row, again, actor=scene.police, **NONE)
        row = services.agree_to_return(row, again, actor=scene.office)
        assert (row.state, row.round, row.closed_on) == (State.ACCEPTED, 2, None)
        share = services.Share(scene.traffic_unit, Duty.SOLE)
        row = services.assign_suggestion(row, [share], actor=scene.office)
        answered(scene, row, scene.traffic_unit, scene.traffic)
        row = rate(scene, row, scene.traffic_unit)
        assert (row.state, row.round) == (State.CLOSED, 2)
        last = Handling.objects.filter(suggestion=row).in_last_round()
        assert [one.unit for one in last] == [scene.traffic_unit]

    def test_one_of_two_that_leaves_last_does_not_hide_that_the_other_did_not_satisfy(self, scene):
        row = two_separate(scene)
        answered(scene, row, scene.police_unit, scene.police)
        rate(scene, row, scene.police_unit, "unsatisfied")
        other = share_of(row, scene.traffic_unit)
        services.ask_to_return(row, other, actor=scene.traffic, **NONE)
        row = services.agree_to_return(row, other, actor=scene.office)
        row = services.dispense_with_part(row, other, actor=scene.office, note="由公安答复")
        assert (row.state, row.round) == (State.ASSIGNED, 2)
        assert share_of(row, scene.police_unit).round == 2

    def test_its_request_for_more_time_is_not_waited_for_any_more(self, scene):
        row = signed(scene)
        share = share_of(row, scene.police_unit)
        services.ask_for_extension(
            row, share, actor=scene.police, until=DAY(2026, 7, 3), note="要选点"
        )
        services.ask_to_return(row, share, actor=scene.police, **NONE)
        services.agree_to_return(row, share, actor=scene.office)
        assert not Suggestion.objects.waiting_for("decide").exists()
        assert Extension.objects.get().outcome == "refused"

    def test_a_promise_in_a_letter_that_never_left_binds_nobody(self, scene):
        row = signed(scene)
        share = share_of(row, scene.police_unit)
        services.send_reply(row, share, letter("B"), actor=scene.police)
        assert not Suggestion.objects.with_promises().exists()
        services.recall_suggestion(row, actor=scene.office, note="分工有误")
        new = services.Share(scene.traffic_unit, Duty.SOLE)
        services.assign_suggestion(row, [new], actor=scene.office)
        answered(scene, row, scene.traffic_unit, scene.traffic)
        rate(scene, row, scene.traffic_unit)
        assert not Suggestion.objects.with_promises().exists()
        assert services.archive_suggestion(row, actor=scene.office).state == State.ARCHIVED


class TestAsking:
    def test_a_letter_settles_the_request_for_more_time(self, scene):
        row = signed(scene)
        share = share_of(row, scene.police_unit)
        services.ask_for_extension(
            row, share, actor=scene.police, until=DAY(2026, 7, 3), note="要选点"
        )
        services.send_reply(row, share, letter(), actor=scene.police)
        assert open_limits(row) == ["vet"]
        assert not Suggestion.objects.waiting_for("decide").exists()

    def test_more_time_is_asked_for_before_the_day_has_passed(self, scene, time_machine):
        row = signed(scene)
        share = share_of(row, scene.police_unit)
        time_machine.move_to("2026-06-06T10:00:00+08:00", tick=False)  # due on Friday 5 June
        with pytest.raises(RuleViolation, match="已经过了"):
            services.ask_for_extension(
                row, share, actor=scene.police, until=DAY(2026, 7, 3), note="要选点"
            )

    @pytest.mark.parametrize(
        "changed", [{"text": "另写"}, {"result_class": "A"}, {"promised_until": DAY(2027, 9, 1)}]
    )
    def test_what_was_signed_is_what_is_sent(self, scene, changed):
        row = lead_and_assist(scene)
        lead, assist = share_of(row, scene.police_unit), share_of(row, scene.school_unit)
        services.sign_for(row, lead, actor=scene.police)
        services.sign_for(row, assist, actor=scene.school)
        services.circulate_letter(row, lead, letter("B"), actor=scene.police)
        services.countersign(row, assist, actor=scene.school)
        other = letter("B", **changed) if "result_class" not in changed else letter("A")
        with pytest.raises(RuleViolation, match="重新送会签"):
            services.send_reply(row, lead, other, actor=scene.police)
        assert services.send_reply(row, lead, letter("B"), actor=scene.police).state == "reviewing"


class TestEntry:
    def test_the_office_counts_from_the_day_it_was_submitted_again(self, scene, time_machine):
        row = submitted(scene)
        services.turn_back_suggestion(row, actor=scene.office, note="请写明地点")
        time_machine.move_to("2026-03-20T10:00:00+08:00", tick=False)
        row = services.submit_suggestion(row, actor=scene.lead.user)
        clock = Deadline.objects.open().get()
        # five workdays after Friday, 20 March
        assert (clock.limit, clock.starts_on, clock.due_on) == (
            "assign", DAY(2026, 3, 20), DAY(2026, 3, 27),
        )  # fmt: skip
        assert row.submitted_on == DAY(2026, 3, 5)

    def test_who_is_named_but_was_not_asked_reads_no_draft(self, scene):
        row = drafted(scene, signers=[scene.second])
        assert not Suggestion.objects.visible_to(scene.second.user).exists()
        services.invite_signers(row, actor=scene.lead.user)
        assert Suggestion.objects.visible_to(scene.second.user).exists()

    def test_a_motion_that_lost_a_name_is_not_accepted_as_one(self, scene, time_machine):
        time_machine.move_to("2026-01-21T10:00:00+08:00", tick=False)
        signers = [scene.second, *(DeputyFactory(station=scene.station) for _ in range(8))]
        row = drafted(scene, kind="motion", signers=signers)
        services.invite_signers(row, actor=scene.lead.user)
        Signature.objects.update(consent="agreed")
        row = services.submit_suggestion(row, actor=scene.lead.user)
        services.answer_invitation(row, actor=scene.second.user, agrees=False)
        with pytest.raises(RuleViolation, match="现有 9 名"):
            services.accept_suggestion(row, actor=scene.office)
        row = services.accept_suggestion(row, actor=scene.office, kind="suggestion")
        assert (row.kind, row.code) == ("suggestion", "第001号")

    def test_at_a_meeting_the_office_counts_from_its_end(self, scene, time_machine):
        time_machine.move_to("2026-01-21T10:00:00+08:00", tick=False)
        submitted(scene)
        clock = Deadline.objects.open().get()
        # closed on Friday, 23 January; five workdays later
        assert (clock.starts_on, clock.due_on) == (DAY(2026, 1, 23), DAY(2026, 1, 30))
        assert clock.explanation.startswith("2026年1月23日大会闭幕")

    def test_who_may_not_redo_is_told_so_whatever_the_state(self, scene):
        with pytest.raises(PermissionDenied):
            services.redo_suggestion(submitted(scene), actor=scene.lead.user, note="再办")

    def test_another_congress_reviews_for_itself(self, scene):
        town = make_session(scene.station.township, starts_on=None, ends_on=None)
        deputy = DeputyFactory(station=scene.station, level="township")
        deputy.user = make_user("deputy", scene.station)
        deputy.save()
        row = drafted(scene, session=town, lead=deputy, actor=deputy.user)
        row = services.submit_suggestion(row, actor=deputy.user)
        assert services.accept_suggestion(row, actor=scene.township).state == State.ACCEPTED


def test_what_was_merged_is_recalled_with_its_lead(scene):
    first, second = accepted(scene), accepted(scene)
    services.merge_suggestions(first, [second], actor=scene.office)
    services.assign_suggestion(
        first, [services.Share(scene.police_unit, Duty.SOLE)], actor=scene.office
    )
    services.recall_suggestion(first, actor=scene.office, note="改由交通局办理")
    for row in (first, second):
        row.refresh_from_db()
        assert row.state == State.ACCEPTED
        assert share_states(row) == ["p_left"]


def share_states(suggestion):
    return list(suggestion.handlings.values_list("state", flat=True))


def test_a_letter_corrected_to_b_promises_a_day(scene):
    row = replied(scene, "A")
    share = share_of(row, scene.police_unit)
    with pytest.raises(RuleViolation, match="承诺办结的日期"):
        services.correct_class(
            row, share, actor=scene.office, result_class="B", note="实际只列入计划"
        )
    services.correct_class(
        row, share, actor=scene.office, result_class="B", note="实际只列入计划",
        promised_until=DAY(2026, 12, 31),
    )  # fmt: skip
    promise = Deadline.objects.open().get(limit="promise")
    assert promise.due_on == DAY(2026, 12, 31)


def test_opinions_that_were_merged_are_answered_once_and_block_nothing(scene):
    visits = [
        make_reception(scene.station, actor=scene.liaison, deputies=[scene.lead]) for _ in range(2)
    ]
    first, second = (visit.opinions.get() for visit in visits)
    follow_up.merge_opinions(first, [second], actor=scene.liaison)
    row = rated(scene, opinions=[first, second])
    assert row.state == State.CLOSED
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("answered", "answered")


def test_an_opinion_that_a_unit_handles_is_not_answered_by_the_suggestion(scene):
    visit = make_reception(
        scene.station, actor=scene.liaison, deputies=[scene.lead],
        opinions=[{"statement": "路灯不亮", "disposal": "village", "unit": scene.school_unit}],
    )  # fmt: skip
    opinion = visit.opinions.get()
    rated(scene, opinions=[opinion])
    opinion.refresh_from_db()
    assert (opinion.state, opinion.result) == ("assigned", "")


class TestWordsAmongOffices:
    """What units and office write to each other is not read by the deputies."""

    def pages(self, client, scene, row):
        found = {}
        for name, user in (("office", scene.office), ("lead", scene.lead.user)):
            client.force_login(user)
            answer = client.get(reverse("suggestions:detail", args=[row.pk]))
            found[name] = answer.content.decode()
        return found

    def test_why_a_unit_gives_it_back(self, client, scene):
        row = signed(scene)
        share = share_of(row, scene.police_unit)
        words = {"note": "这事扯皮多年", "proposed_unit": "区住建局"}
        services.ask_to_return(row, share, actor=scene.police, **words)
        asked = self.pages(client, scene, row)
        services.agree_to_return(row, share, actor=scene.office)
        agreed = self.pages(client, scene, row)
        for pages in (asked, agreed):
            assert "扯皮" in pages["office"]
            assert "扯皮" not in pages["lead"]
            assert "区住建局" not in pages["lead"]
        assert "申请退办" in asked["lead"]

    def test_why_a_unit_wants_more_time(self, client, scene):
        row = signed(scene)
        share = share_of(row, scene.police_unit)
        services.ask_for_extension(
            row, share, actor=scene.police, until=DAY(2026, 7, 3), note="经费没有着落"
        )
        asked = self.pages(client, scene, row)
        services.refuse_extension(row, share, actor=scene.office, note="自己想办法")
        refused = self.pages(client, scene, row)
        for pages, word in ((asked, "着落"), (refused, "着落"), (refused, "想办法")):
            assert word in pages["office"]
            assert word not in pages["lead"]
