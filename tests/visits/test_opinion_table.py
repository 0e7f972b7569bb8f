"""What may be done to an opinion in which state, written out by hand."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied

from common.errors import RuleViolation
from tests.factories import StationFactory, UnitFactory, make_reception, make_user
from visits import rules
from visits.models import Opinion, OpinionStep
from visits.services import follow_up, void_reception
from visits.services.follow_up import DeputyFeedback, VisitorFeedback

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 4, 15)
VISITOR = VisitorFeedback(
    on=TODAY, method="电话", by="余固", said="已告知", satisfaction="satisfied"
)
DEPUTIES = DeputyFeedback(on=TODAY, how="电话")

ACTS = {
    "reply": lambda o, actor: follow_up.reply_to_opinion(
        o, actor=actor, reply="按政策可以申请", disposal="explained"
    ),
    "assign": lambda o, actor: follow_up.assign_opinion(
        o, actor=actor, disposal="village", unit=UnitFactory()
    ),
    "decline": lambda o, actor: follow_up.decline_opinion(
        o, actor=actor, reason="in_court", where_to="人民法院"
    ),
    "guide": lambda o, actor: follow_up.guide_opinion(o, actor=actor, where_to="区信访局"),
    "accept": lambda o, actor: follow_up.accept_opinion(o, actor=actor),
    "return": lambda o, actor: follow_up.return_opinion(o, actor=actor, note="不归本村管"),
    "track": lambda o, actor: follow_up.track_opinion(o, actor=actor, note="已到现场"),
    "urge": lambda o, actor: follow_up.urge_opinion(o, actor=actor),
    "postpone": lambda o, actor: follow_up.postpone_opinion(
        o, actor=actor, due_on=datetime.date(2026, 7, 1), note="等材料"
    ),
    "answer": lambda o, actor: follow_up.answer_opinion(
        o, actor=actor, result="已修好", resolution="solved"
    ),
    "tell_visitor": lambda o, actor: follow_up.tell_visitor(o, VISITOR, actor=actor),
    "tell_deputies": lambda o, actor: follow_up.tell_deputies(o, DEPUTIES, actor=actor),
    "close": lambda o, actor: follow_up.close_opinion(o, actor=actor),
    "reopen": lambda o, actor: follow_up.reopen_opinion(o, actor=actor, note="不满意"),
    "merge": lambda o, actor: follow_up.merge_opinions(o, [another(o, actor)], actor=actor),
    "split": lambda o, actor: follow_up.split_opinion(o, actor=actor),
}
WAYS = {
    "recorded": [],
    "assigned": ["assign"],
    "handling": ["assign", "accept"],
    "answered": ["assign", "accept", "answer"],
    "told": ["assign", "accept", "answer", "tell_visitor", "tell_deputies"],
    "closed": ["assign", "accept", "answer", "tell_visitor", "tell_deputies", "close"],
}
# state: what may be done there, and where it leads.
ALLOWED = {
    "recorded": {
        "reply": "closed", "assign": "assigned", "decline": "answered", "guide": "answered",
        "merge": "recorded",
    },
    "assigned": {
        "decline": "answered", "guide": "answered", "accept": "handling", "return": "recorded",
        "track": "assigned", "urge": "assigned", "postpone": "assigned", "answer": "answered",
        "merge": "assigned",
    },
    "handling": {
        "decline": "answered", "guide": "answered", "return": "recorded", "track": "handling",
        "urge": "handling", "postpone": "handling", "answer": "answered", "merge": "handling",
    },
    "answered": {
        "tell_visitor": "answered", "tell_deputies": "answered", "reopen": "recorded",
    },
    "told": {
        "tell_visitor": "answered", "tell_deputies": "answered", "reopen": "recorded",
        "close": "closed",
    },
    "closed": {"reopen": "recorded"},
}  # fmt: skip


@pytest.fixture(autouse=True)
def _april(time_machine):
    time_machine.move_to("2026-04-15T10:00:00+08:00", tick=False)


@pytest.fixture
def opinion(station, liaison):
    return logged(station, liaison)


def logged(station, actor, **fields):
    reception = make_reception(
        station, actor=actor, received_on=datetime.date(2026, 4, 13), opinions=[fields]
    )
    return reception.opinions.get()


def another(opinion, actor):
    return logged(opinion.station, actor)


def brought_to(opinion, state, actor):
    for act in WAYS[state]:
        opinion = ACTS[act](opinion, actor)
    return Opinion.objects.get(pk=opinion.pk)


@pytest.mark.parametrize("state", ALLOWED)
@pytest.mark.parametrize("act", ACTS)
def test_an_act_is_done_where_the_table_says_and_refused_elsewhere(opinion, liaison, state, act):
    row = brought_to(opinion, state, liaison)
    steps, lands_in = row.steps.count(), ALLOWED[state].get(act)
    if lands_in is None:
        with pytest.raises(RuleViolation):
            ACTS[act](row, liaison)
        stored = Opinion.objects.get(pk=row.pk)
        assert (stored.state, stored.steps.count()) == (row.state, steps)
    else:
        ACTS[act](row, liaison)
        stored = Opinion.objects.get(pk=row.pk)
        assert (stored.state, stored.steps.count()) == (lands_in, steps + 1)


@pytest.mark.parametrize("state", ALLOWED)
def test_the_page_offers_what_the_services_do(opinion, liaison, state):
    row = brought_to(opinion, state, liaison)
    offered = {line.action for line in rules.offered_acts(liaison, row)}
    assert offered == set(ALLOWED[state])


@pytest.mark.parametrize("act", sorted(set(ACTS) - {"merge"}))
def test_nobody_else_may(opinion, outsider, observer, deputy, district_officer, liaison, act):
    reachable = next(state for state in ALLOWED if act in ALLOWED[state] or act == "split")
    row = brought_to(opinion, reachable, liaison)
    for user in (outsider, observer, deputy.user, district_officer):
        assert rules.offered_acts(user, row) == []
        with pytest.raises(PermissionDenied):
            ACTS[act](row, user)


def test_a_merge_with_another_stations_matter_needs_the_right_there(station, opinion, outsider):
    theirs = logged(outsider.postings.get().station, outsider)
    with pytest.raises(PermissionDenied):
        follow_up.merge_opinions(theirs, [opinion], actor=outsider)
    assert Opinion.objects.get(pk=opinion.pk).merged_into is None


def test_a_void_visit_is_not_followed_any_more(opinion, liaison):
    void_reception(opinion.reception, actor=liaison, reason="重复")
    assert rules.offered_acts(liaison, Opinion.objects.for_page().get()) == []
    with pytest.raises(RuleViolation, match="已经作废"):
        ACTS["assign"](opinion, liaison)


def test_the_clocks_run_from_the_day_of_handing_over(opinion, liaison):
    row = ACTS["assign"](opinion, liaison)
    # three workdays after Wednesday the 15th; thirty days are Friday 15 May
    assert (row.accept_by, row.due_on) == (datetime.date(2026, 4, 20), datetime.date(2026, 5, 15))


def test_a_postponement_keeps_the_first_date(opinion, liaison):
    row = brought_to(opinion, "handling", liaison)
    ACTS["postpone"](row, liaison)
    later = datetime.date(2026, 8, 3)
    row = follow_up.postpone_opinion(row, actor=liaison, due_on=later, note="还在等材料")
    assert (row.due_on, row.first_due_on) == (later, datetime.date(2026, 5, 15))
    with pytest.raises(RuleViolation, match="晚于现在的期限"):
        follow_up.postpone_opinion(row, actor=liaison, due_on=later, note="再等")


@pytest.mark.parametrize("act", ["return", "track", "reopen"])
def test_what_needs_a_reason_is_refused_without(opinion, liaison, act):
    row = brought_to(opinion, "closed" if act == "reopen" else "assigned", liaison)
    verb = getattr(follow_up, f"{act}_opinion")
    with pytest.raises(RuleViolation, match="请写明"):
        verb(row, actor=liaison, note="  ")


def test_acceptance_is_not_before_the_handing_over(opinion, liaison):
    row = brought_to(opinion, "assigned", liaison)
    with pytest.raises(RuleViolation, match="早于交办日期"):
        follow_up.accept_opinion(row, actor=liaison, on=datetime.date(2026, 4, 14))


def test_feedback_lies_between_the_visit_and_today(opinion, liaison):
    row = brought_to(opinion, "answered", liaison)
    for day in (datetime.date(2026, 4, 12), datetime.date(2026, 4, 16)):
        with pytest.raises(RuleViolation):
            follow_up.tell_visitor(row, VisitorFeedback(day, "电话", "", ""), actor=liaison)


def test_a_step_keeps_who_when_and_what_changed(opinion, liaison):
    unit = UnitFactory(name="石桥村")
    follow_up.assign_opinion(opinion, actor=liaison, disposal="village", unit=unit, note="请尽快")
    step = OpinionStep.objects.get()
    assert (step.act, step.from_state, step.to_state) == ("assign", "recorded", "assigned")
    assert (step.actor, step.on, step.note) == (liaison, TODAY, "请尽快")
    assert step.facts["承办单位"] == "石桥村"
    assert step.facts["反馈期限"] == "2026年5月15日"


def test_a_page_that_is_out_of_date_is_refused(opinion, liaison):
    ACTS["assign"](opinion, liaison)
    with pytest.raises(RuleViolation, match="刚刚有人办理过"):
        follow_up.accept_opinion(opinion, actor=liaison, seen=0)
    seen = OpinionStep.objects.get().pk
    assert follow_up.accept_opinion(opinion, actor=liaison, seen=seen).state == "handling"


def test_reopening_begins_a_round_and_forgets_no_step(opinion, liaison):
    row = brought_to(opinion, "closed", liaison)
    ACTS["reopen"](row, liaison)
    row = Opinion.objects.get()
    assert (row.round, row.result, row.feedback_on, row.deputies_told_on) == (2, "", None, None)
    assert row.satisfaction == "unrated"
    rounds = list(row.steps.values_list("act", "round"))
    assert rounds == [
        ("assign", 1), ("accept", 1), ("answer", 1), ("tell_visitor", 1), ("tell_deputies", 1),
        ("close", 1), ("reopen", 2),
    ]  # fmt: skip


def test_deputies_without_a_log_in_are_told_otherwise(station, opinion, liaison):
    row = brought_to(opinion, "answered", liaison)
    by_message = DeputyFeedback(on=TODAY, by_message=True)
    with pytest.raises(RuleViolation, match="没有登录账号"):
        follow_up.tell_deputies(row, by_message, actor=liaison)
    both = DeputyFeedback(on=TODAY, how="电话", by_message=True)
    assert follow_up.tell_deputies(row, both, actor=liaison).deputies_told_how == "电话"


class TestMerged:
    @pytest.fixture
    def pair(self, station, liaison):
        lead, other = logged(station, liaison), logged(station, liaison)
        follow_up.merge_opinions(lead, [other], actor=liaison)
        return lead, Opinion.objects.get(pk=other.pk)

    def test_one_handling_moves_both(self, pair, liaison):
        lead, other = pair
        for act in ("assign", "accept", "answer"):
            ACTS[act](lead, liaison)
        other.refresh_from_db()
        lead.refresh_from_db()
        assert (other.state, other.result, other.unit) == ("answered", "已修好", lead.unit)
        assert list(other.steps.values_list("act", flat=True)) == [
            "merge", "assign", "accept", "answer",
        ]  # fmt: skip

    def test_it_is_handled_on_its_lead_alone(self, pair, liaison):
        with pytest.raises(RuleViolation, match="已并案"):
            ACTS["assign"](pair[1], liaison)

    def test_each_visitor_is_told_for_themselves(self, pair, liaison):
        lead, other = pair
        for act in WAYS["closed"]:
            ACTS[act](lead, liaison)
        other.refresh_from_db()
        assert (other.state, other.feedback_on) == ("answered", None)
        with pytest.raises(RuleViolation, match="还没有向来访人反馈"):
            ACTS["close"](other, liaison)

    def test_a_lead_that_is_reopened_leaves_the_closed_ones_alone(self, pair, liaison):
        lead, other = pair
        for act in ("assign", "accept", "answer"):
            ACTS[act](lead, liaison)
        for row in (lead, other):
            for act in ("tell_visitor", "tell_deputies", "close"):
                ACTS[act](row, liaison)
        for act in ("reopen", "assign"):
            ACTS[act](lead, liaison)
        other.refresh_from_db()
        assert (other.state, other.round) == ("closed", 1)

    def test_split_goes_on_from_where_the_common_handling_stands(self, pair, liaison):
        lead, other = pair
        ACTS["assign"](lead, liaison)
        ACTS["split"](other, liaison)
        ACTS["accept"](lead, liaison)
        other.refresh_from_db()
        assert (other.state, other.merged_into) == ("assigned", None)

    def test_a_confidential_matter_stays_at_its_station(self, station, township, liaison):
        village = StationFactory(kind="station", township=township)
        both = make_user("liaison", station)
        both.postings.create(person_name=both.name, role="liaison", station=village)
        lead = logged(station, both)
        secret = make_reception(
            village, actor=both, received_on=TODAY, confidential=True
        ).opinions.get()
        with pytest.raises(RuleViolation, match="保密"):
            follow_up.merge_opinions(lead, [secret], actor=both)
