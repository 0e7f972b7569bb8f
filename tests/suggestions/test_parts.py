"""分办: one of several units leaves, and its part of the matter does not get lost."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import Notice
from common.errors import RuleViolation
from suggestions import rules, services
from suggestions.choices import Act, Duty, State
from suggestions.forms.assigning import AgreeReturnForm, ReassignForm
from suggestions.models import Deadline, Handling, Suggestion
from tests.suggestions.making import (
    accepted,
    assigned,
    letter,
    make_scene,
    share_of,
)

pytestmark = pytest.mark.django_db
DAY = datetime.date
GIVEN_BACK = {"proposed_unit": "区教育局", "note": "不归本单位管"}


@pytest.fixture
def at(time_machine):
    def go(day):
        time_machine.move_to(f"{day}T10:00:00+08:00", tick=False)

    go("2026-03-05")  # Thursday
    return go


@pytest.fixture
def scene(at):
    return make_scene()


@pytest.fixture
def apart(scene):
    """The police handle it, the traffic office has given its part back."""
    row = assigned(scene, (scene.police_unit, Duty.SEPARATE), (scene.traffic_unit, Duty.SEPARATE))
    services.sign_for(row, share_of(row, scene.police_unit), actor=scene.police)
    return given_back(scene, row)


def given_back(scene, row):
    left = share_of(row, scene.traffic_unit)
    services.ask_to_return(row, left, actor=scene.traffic, **GIVEN_BACK)
    row = services.agree_to_return(row, left, actor=scene.office)
    return row, Handling.objects.get(pk=left.pk)


def clocks(row) -> dict:
    """{(unit, limit): day} of what runs."""
    rows = Deadline.objects.open().filter(suggestion=row).select_related("handling__unit")
    return {
        (str(one.handling.unit) if one.handling else "", one.limit): f"{one.due_on:%m-%d}"
        for one in rows
    }


def offered(user, row) -> set:
    shares = list(Handling.objects.filter(suggestion=row).for_page())
    page = Suggestion.objects.for_page().get(pk=row.pk)
    return {(one.act, str(one.handling.unit)) for one in
            rules.offers(user, page, shares, DAY(2026, 3, 5)) if one.handling}  # fmt: skip


def answered(scene, row, unit, clerk):
    share = share_of(row, unit)
    if share.state == "p_waiting":
        services.sign_for(row, share, actor=clerk)
    services.send_reply(row, share, letter(), actor=clerk)
    services.release_reply(row, share, actor=scene.office)
    return services.rate_reply(
        row, share, actor=scene.lead.user, attitude="satisfied", outcome="satisfied"
    )


def test_the_whole_stays_where_it_is_and_the_office_has_a_day(scene, apart):
    row, left = apart
    assert (row.state, left.state, left.vacant) == (State.ASSIGNED, "p_left", True)
    # three workdays to decide were the request's; five from Thursday, 5 March, to hand it over
    assert clocks(row) == {
        ("区公安分局", "reply"): "06-05", ("区公安分局", "return"): "03-16",
        ("区交通运输局", "assign"): "03-12",
    }  # fmt: skip
    assert list(Suggestion.objects.waiting_for("assign")) == [row]
    assert Suggestion.objects.all().worklist_counts(DAY(2026, 3, 5))["assign"] == 1


def test_the_new_unit_begins_with_clocks_of_its_own(scene, at, apart):
    row, left = apart
    at("2026-03-09")
    row = services.reassign_part(row, left, scene.school_unit, actor=scene.office)
    new = share_of(row, scene.school_unit)
    assert (row.state, new.duty, new.state, new.assigned_on) == (
        State.ASSIGNED, "separate", "p_waiting", DAY(2026, 3, 9),
    )  # fmt: skip
    assert clocks(row) == {
        ("区公安分局", "reply"): "06-05", ("区公安分局", "return"): "03-16",
        ("区教育局", "sign"): "03-12", ("区教育局", "return"): "03-18",
        ("区教育局", "reply"): "06-09",
    }  # fmt: skip
    assert Deadline.objects.get(handling=left, limit="assign").met_on == DAY(2026, 3, 9)
    assert not Suggestion.objects.waiting_for("assign").exists()
    told = Notice.objects.filter(title__contains="已交办，请签收").values_list("user", flat=True)
    assert list(told).count(scene.police.pk) == 1  # of its own part, and not again
    assert scene.school.pk in told


def test_it_does_not_close_before_the_part_is_settled(scene, apart):
    row, left = apart
    row = answered(scene, row, scene.police_unit, scene.police)
    assert (row.state, row.closed_on) == (State.ASSIGNED, None)
    services.reassign_part(row, left, scene.school_unit, actor=scene.office)
    row = answered(scene, row, scene.school_unit, scene.school)
    assert row.state == State.CLOSED


def test_the_office_may_do_without_and_says_why(scene, apart):
    row, left = apart
    row = answered(scene, row, scene.police_unit, scene.police)
    with pytest.raises(RuleViolation, match="请写明不再另派的原因"):
        services.dispense_with_part(row, left, actor=scene.office, note=" ")
    row = services.dispense_with_part(row, left, actor=scene.office, note="公安已一并答复")
    assert (row.state, clocks(row)) == (State.CLOSED, {})


def test_it_is_offered_to_the_office_alone_and_once(scene, apart):
    row, left = apart
    both = {(Act.REASSIGN, "区交通运输局"), (Act.DISPENSE, "区交通运输局")}
    assert both <= offered(scene.office, row)
    for user in (scene.traffic, scene.police, scene.lead.user):
        assert not both & offered(user, row)
        with pytest.raises(PermissionDenied):
            services.reassign_part(row, left, scene.school_unit, actor=user)
    services.reassign_part(row, left, scene.school_unit, actor=scene.office)
    assert not both & offered(scene.office, row)
    with pytest.raises(RuleViolation, match="不用另派"):
        services.reassign_part(row, left, scene.school_unit, actor=scene.office)


def test_not_to_a_unit_that_has_a_part_already(scene, apart):
    row, left = apart
    with pytest.raises(RuleViolation, match="区公安分局已经在办"):
        services.reassign_part(row, left, scene.police_unit, actor=scene.office)


def test_when_the_last_one_leaves_as_well_all_is_assigned_anew(scene, apart):
    row, _ = apart
    last = share_of(row, scene.police_unit)
    services.ask_to_return(row, last, actor=scene.police, **GIVEN_BACK)
    row = services.agree_to_return(row, last, actor=scene.office)
    assert (row.state, clocks(row)) == (State.ACCEPTED, {("", "assign"): "03-12"})
    assert not Handling.objects.filter(vacant=True).exists()


def test_a_recall_and_a_withdrawal_leave_no_part_open(scene, apart):
    row, _ = apart
    services.recall_suggestion(row, actor=scene.office, note="分工有误")
    assert not Handling.objects.filter(vacant=True).exists()
    assert clocks(row) == {("", "assign"): "03-12"}
    other, _ = given_back(scene, assigned(
        scene, (scene.police_unit, Duty.SEPARATE), (scene.traffic_unit, Duty.SEPARATE)
    ))  # fmt: skip
    services.withdraw_suggestion(other, actor=scene.lead.user, note="已解决")
    assert clocks(other) == {}
    assert other not in Suggestion.objects.waiting_for("assign")


def test_what_was_merged_goes_alone_when_its_own_unit_leaves_it(scene):
    lead, follower = accepted(scene), accepted(scene)
    services.merge_suggestions(lead, [follower], actor=scene.office)
    only = [services.Share(scene.police_unit, Duty.SOLE)]
    services.assign_suggestion(lead, only, actor=scene.office)
    share = share_of(follower, scene.police_unit)
    services.ask_to_return(follower, share, actor=scene.police, **GIVEN_BACK)
    follower = services.agree_to_return(follower, share, actor=scene.office)
    assert (follower.state, follower.merged_into) == (State.ACCEPTED, None)
    assert clocks(follower) == {("", "assign"): "03-12"}
    assert services.assign_suggestion(follower, only, actor=scene.office).state == State.ASSIGNED


def test_what_was_merged_and_is_recalled_alone_can_be_assigned(scene):
    lead, follower = accepted(scene), accepted(scene)
    services.merge_suggestions(lead, [follower], actor=scene.office)
    only = [services.Share(scene.police_unit, Duty.SOLE)]
    services.assign_suggestion(lead, only, actor=scene.office)
    follower = services.recall_suggestion(follower, actor=scene.office, note="分工有误")
    assert clocks(follower) == {("", "assign"): "03-12"}
    assert services.assign_suggestion(follower, only, actor=scene.office).state == State.ASSIGNED


def test_the_second_round_may_be_recalled_although_the_first_was_answered(scene):
    row = assigned(scene)
    share = share_of(row, scene.police_unit)
    services.sign_for(row, share, actor=scene.police)
    services.send_reply(row, share, letter(), actor=scene.police)
    services.release_reply(row, share, actor=scene.office)
    row = services.rate_reply(
        row, share, actor=scene.lead.user, attitude="satisfied", outcome="unsatisfied",
        comment="没有解决",
    )  # fmt: skip
    assert (row.state, row.round) == (State.ASSIGNED, 2)
    row = services.recall_suggestion(row, actor=scene.office, note="改由教育局重办")
    assert (row.state, row.round) == (State.ACCEPTED, 2)
    assert [one.state for one in row.handlings.order_by("round")] == ["p_rated", "p_left"]
    assert clocks(row) == {("", "assign"): "03-12"}
    only = [services.Share(scene.school_unit, Duty.SOLE)]
    row = services.assign_suggestion(row, only, actor=scene.office)
    assert clocks(row)[("区教育局", "redo")] == "04-07"  # 5 April is a Sunday, the 6th is 清明


@pytest.mark.parametrize(
    ("duties", "words"),
    [
        ((Duty.SEPARATE, Duty.SEPARATE), "请接着另派单位"),
        ((Duty.LEAD, Duty.ASSIST), "重新交办给别的单位"),
    ],
)
def test_the_form_says_what_follows(scene, duties, words):
    row = assigned(scene, *zip((scene.police_unit, scene.traffic_unit), duties, strict=True))
    shares = list(Handling.objects.filter(suggestion=row).for_page())
    form = AgreeReturnForm(suggestion=row, user=scene.office, share=shares[0], shares=shares)
    assert words in form.shown_lead_in


def test_the_form_begins_with_whom_the_unit_has_named(scene, apart):
    row, left = apart
    form = ReassignForm(suggestion=row, user=scene.office, share=left, shares=[left])
    assert form.initial["unit"] == "区教育局"


def test_the_page_leads_the_office_to_it(client, scene, apart):
    row, left = apart
    client.force_login(scene.office)
    page = client.get(reverse("suggestions:detail", args=[row.pk]))
    assert page.context["page"].box.act == Act.REASSIGN
    assert "另派承办单位" in page.content.decode()
    sent = {"seen": services.last_step(row), "share": left.pk, "unit": "区教育局"}
    answer = client.post(reverse("suggestions:reassign", args=[row.pk]), sent)
    assert answer.status_code == 302
    assert share_of(row, scene.school_unit).duty == Duty.SEPARATE
