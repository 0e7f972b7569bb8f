"""Days keyed in from paper: none to come, none before what it follows from."""

import datetime

import pytest

from common.errors import RuleViolation
from suggestions import services
from suggestions.choices import Duty
from suggestions.models import Handling
from tests.suggestions.making import (
    accepted,
    assigned,
    drafted,
    letter,
    make_scene,
    make_session,
    share_of,
)

pytestmark = pytest.mark.django_db
DAY = datetime.date


@pytest.fixture
def at(time_machine):
    def go(day):
        time_machine.move_to(f"{day}T10:00:00+08:00", tick=False)

    go("2026-03-02")
    return go


@pytest.fixture
def scene(at):
    return make_scene()


@pytest.fixture
def in_hand(scene, at):
    """Handed over on 2 March; the office keys in what happened, on 30 June."""
    row = assigned(scene)
    at("2026-06-30")
    return row, share_of(row, scene.police_unit)


def fresh(share) -> Handling:
    return Handling.objects.for_page().get(pk=share.pk)


def refused(words, act, *about, **given):
    with pytest.raises(RuleViolation, match=words):
        act(*about, **given)


@pytest.mark.parametrize("day", [DAY(1900, 1, 1), DAY(2026, 1, 19)])
def test_nothing_is_put_to_a_meeting_before_it_opens(scene, day):
    row = drafted(scene, actor=scene.liaison)
    words = "不能早于这次会议开幕日期（2026年1月20日）"
    refused(words, services.submit_suggestion, row, actor=scene.liaison, on=day)
    services.submit_suggestion(row, actor=scene.liaison, on=DAY(2026, 1, 20))


def test_to_a_meeting_without_days_within_a_term(scene):
    session = make_session(number=5, starts_on=None, ends_on=None)
    row = drafted(scene, actor=scene.liaison, session=session)
    given = {"actor": scene.liaison}
    refused("不能早于", services.submit_suggestion, row, on=DAY(1900, 1, 1), **given)
    services.submit_suggestion(row, on=DAY(2023, 5, 8), **given)


def test_handed_over_not_before_it_was_taken_back(scene, at):
    row = assigned(scene)
    at("2026-03-10")
    row = services.recall_suggestion(row, actor=scene.office, note="分工有误")
    share = services.Share(scene.traffic_unit, Duty.SOLE)
    given = {"actor": scene.office}
    at("2026-03-20")
    words = "早于退办或收回日期（2026年3月10日）"
    refused(words, services.assign_suggestion, row, [share], on=DAY(2026, 3, 9), **given)
    services.assign_suggestion(row, [share], on=DAY(2026, 3, 10), **given)


def test_each_act_of_a_unit_comes_after_the_one_before(scene, in_hand):
    row, share = in_hand
    given = {"actor": scene.office}
    refused("早于交办日期", services.sign_for, row, share, on=DAY(2026, 3, 1), **given)
    services.sign_for(row, share, on=DAY(2026, 3, 4), **given)
    for day in (DAY(1900, 1, 1), DAY(2026, 3, 3)):
        words = "早于交办、签收日期"
        refused(words, services.record_contact, row, share, on=day, how="phone", **given)
    services.record_contact(row, share, on=DAY(2026, 4, 20), how="calling", **given)
    words = "早于面商日期（2026年4月20日）"
    refused(words, services.send_reply, row, share, letter(), on=DAY(2026, 4, 19), **given)
    services.send_reply(row, share, letter(), on=DAY(2026, 5, 6), **given)
    words = "早于报送答复日期"
    refused(words, services.release_reply, row, share, on=DAY(2026, 5, 5), **given)
    services.release_reply(row, share, on=DAY(2026, 5, 8), **given)
    said = {"attitude": "satisfied", "outcome": "satisfied"}
    words = "早于答复日期（2026年5月8日）"
    refused(words, services.rate_reply, row, share, on=DAY(2026, 5, 7), **said, **given)
    refused("今天之后", services.rate_reply, row, share, on=DAY(2026, 7, 1), **said, **given)
    services.rate_reply(row, share, on=DAY(2026, 5, 8), **said, **given)


@pytest.mark.parametrize("day", [DAY(1900, 1, 1), DAY(2026, 3, 3), DAY(2026, 5, 7)])
def test_a_letter_bears_a_day_between_signing_and_sending(scene, in_hand, day):
    row, share = in_hand
    given = {"actor": scene.office}
    services.sign_for(row, share, on=DAY(2026, 3, 4), **given)
    written = letter(written_on=day)
    refused("答复日期", services.send_reply, row, share, written, on=DAY(2026, 5, 6), **given)


def test_sent_after_all_have_signed_and_signed_after_it_went_round(scene, at):
    row = assigned(scene, (scene.police_unit, Duty.LEAD), (scene.school_unit, Duty.ASSIST))
    lead, assist = share_of(row, scene.police_unit), share_of(row, scene.school_unit)
    at("2026-06-30")
    given = {"actor": scene.office}
    services.sign_for(row, lead, on=DAY(2026, 3, 3), **given)
    services.sign_for(row, assist, on=DAY(2026, 3, 4), **given)
    services.circulate_letter(row, lead, letter(), on=DAY(2026, 4, 1), **given)
    words = "早于送会签日期"
    refused(words, services.countersign, row, assist, on=DAY(2026, 3, 31), **given)
    services.countersign(row, assist, on=DAY(2026, 4, 8), **given)
    refused("早于会签日期", services.send_reply, row, lead, on=DAY(2026, 4, 7), **given)
    services.send_reply(row, lead, on=DAY(2026, 4, 8), **given)


def test_a_letter_that_came_back_is_sent_after_that(scene, in_hand):
    row, share = in_hand
    given = {"actor": scene.office}
    services.sign_for(row, share, on=DAY(2026, 3, 4), **given)
    services.send_reply(row, share, letter(), on=DAY(2026, 4, 1), **given)
    services.send_back_reply(row, share, actor=scene.office, note="没有答到点上")
    words = "早于退回重拟日期"
    refused(words, services.send_reply, row, share, letter(), on=DAY(2026, 6, 29), **given)


def test_nothing_withdrawn_before_it_was_handed_over(scene, at):
    row = accepted(scene)
    at("2026-03-09")
    row = services.assign_suggestion(
        row, [services.Share(scene.police_unit, Duty.SOLE)], actor=scene.office
    )
    at("2026-03-20")
    with pytest.raises(RuleViolation, match="早于交办日期"):
        services.withdraw_suggestion(row, actor=scene.liaison, note="书面", on=DAY(2026, 3, 8))
