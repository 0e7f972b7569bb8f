"""One matter all the way: a visitor's words, a suggestion, two rounds of answers, the visitor told.

What has a button is clicked by who clicks it in life: deputy, office, two units, the station.
"""

import datetime

import pytest
from django.urls import reverse

from accounts.models import Notice
from suggestions import services
from suggestions.choices import Duty
from suggestions.models import Deadline, Suggestion
from tests.factories import make_reception
from tests.suggestions.making import drafted, make_scene, share_of
from tests.visits.opinions import page_of
from visits.models import Opinion
from visits.services import follow_up
from visits.services.follow_up import DeputyFeedback, VisitorFeedback

pytestmark = pytest.mark.django_db
DAY = datetime.date
LETTER = {"text": "已列入下半年道路设施项目。", "document_no": "临公函〔2026〕11号"}
PROMISED = {
    **LETTER, "result_class": "B", "promise": "下半年装好", "promised_until": "2026-12-31",
}  # fmt: skip


@pytest.fixture
def at(time_machine):
    def go(day):
        time_machine.move_to(f"{day}T10:00:00+08:00", tick=False)

    go("2026-03-05")
    return go


@pytest.fixture
def click(client):
    """Post an act of the page as `user`, who has seen it as it stands now."""

    def post(user, row, act, unit=None, **typed):
        client.force_login(user)
        where = reverse("suggestions:detail", args=[row.pk])
        assert client.get(where).status_code == 200
        share = {"share": share_of(row, unit).pk} if unit else {}
        answer = client.post(
            reverse(f"suggestions:{act}", args=[row.pk]),
            {"seen": services.last_step(row), **share, **typed},
        )
        assert answer.status_code == 302, answer.content.decode()[:3000]
        return Suggestion.objects.get(pk=row.pk)

    return post


def now(opinion) -> Opinion:
    return Opinion.objects.get(pk=opinion.pk)


def heard(scene) -> Opinion:
    visit = make_reception(
        scene.station, actor=scene.liaison, deputies=[scene.lead], received_on=DAY(2026, 3, 4),
        visitor_name="王建国", opinions=[{"statement": "学校门口没有信号灯"}],
    )  # fmt: skip
    return visit.opinions.get()


def proposed(scene, click, opinion) -> Suggestion:
    """Written by the deputy, signed by another, submitted, numbered."""
    row = drafted(scene, signers=[scene.second], opinions=[opinion])
    click(scene.lead.user, row, "invite")
    click(scene.second.user, row, "agree")
    row = click(scene.lead.user, row, "submit")
    assert (row.state, row.deputies_words) == ("submitted", "石刚等")
    assert (now(opinion).state, now(opinion).disposal) == ("assigned", "suggestion")
    return click(scene.office, row, "accept", kind=row.kind)


def handed_over(scene, row) -> Suggestion:
    shares = [
        services.Share(scene.police_unit, Duty.LEAD),
        services.Share(scene.school_unit, Duty.ASSIST),
    ]
    return services.assign_suggestion(row, shares, actor=scene.office)


def answered(scene, click, row, **written) -> Suggestion:
    """Both units sign for it; the assisting one gives its opinion and countersigns."""
    click(scene.police, row, "sign", scene.police_unit)
    click(scene.school, row, "sign", scene.school_unit)
    click(scene.school, row, "opine", scene.school_unit, note="上学时段最挤")
    click(scene.police, row, "circulate", scene.police_unit, **written)
    click(scene.school, row, "countersign", scene.school_unit)
    row = click(scene.police, row, "send", scene.police_unit)
    assert row.state == "reviewing"
    return click(
        scene.office, row, "release", scene.police_unit, result_class=written["result_class"]
    )


def test_from_the_visitor_to_the_visitor(at, click):
    scene = make_scene()
    opinion = heard(scene)
    row = proposed(scene, click, opinion)
    assert (row.code, now(opinion).state) == ("闭会第001号", "handling")

    at("2026-03-10")
    row = handed_over(scene, row)
    at("2026-05-20")
    row = answered(scene, click, row, **PROMISED)
    assert (row.state, row.replied_on) == ("replied", DAY(2026, 5, 20))

    at("2026-05-25")
    row = click(
        scene.lead.user, row, "rate", scene.police_unit, attitude="satisfied",
        outcome="unsatisfied", comment="下半年太晚，暑假前要装好",
    )  # fmt: skip
    assert (row.state, row.round, row.closed_on) == ("assigned", 2, None)
    assert now(opinion).state == "handling"
    due = Deadline.objects.open().get(limit="redo")
    assert due.due_on == DAY(2026, 6, 25)  # one month from 25 May
    assert not Suggestion.objects.with_promises().exists()

    at("2026-06-22")
    done = {"text": "信号灯已装好并启用。", "result_class": "A"}
    row = answered(scene, click, row, **done)
    at("2026-06-24")
    row = click(
        scene.lead.user, row, "rate", scene.police_unit, attitude="satisfied", outcome="satisfied"
    )
    assert (row.state, row.round, row.closed_on) == ("closed", 2, DAY(2026, 6, 24))
    assert not Deadline.objects.open().exists()
    assert share_of(row, scene.police_unit).reply.rating.source == "self"
    assert row.handlings.get(round=1, duty="lead").reply.rating.outcome == "unsatisfied"

    found = now(opinion)
    assert (found.state, found.resolution) == ("answered", "solved")
    assert "信号灯已装好并启用" in found.result
    visitor = VisitorFeedback(DAY(2026, 6, 24), "电话", "余固", "已告知", "satisfied")
    told = DeputyFeedback(on=DAY(2026, 6, 24), by_message=True)
    follow_up.give_feedback(opinion, actor=scene.liaison, visitor=visitor, deputies=told)
    follow_up.close_opinion(opinion, actor=scene.liaison)
    assert now(opinion).state == "closed"


def test_its_history_reads_as_it_went(at, click):
    scene = make_scene()
    row = handed_over(scene, proposed(scene, click, heard(scene)))
    row = answered(scene, click, row, **PROMISED)
    assert [(one.get_act_display(), one.actor_role) for one in row.steps.all()] == [
        ("请代表附议", "领衔代表"), ("同意附议", "附议代表"), ("提交", "领衔代表"),
        ("接收编号", "临溪区人大"), ("交办", "临溪区人大"), ("签收", "区公安分局"),
        ("签收", "区教育局"), ("提协办意见", "区教育局"), ("送会签", "区公安分局"),
        ("会签", "区教育局"), ("报送答复", "区公安分局"), ("审核答复代表", "临溪区人大"),
    ]  # fmt: skip


def test_each_one_hears_when_it_is_their_turn(at, click):
    scene = make_scene()
    row = handed_over(scene, proposed(scene, click, heard(scene)))
    row = answered(scene, click, row, **PROMISED)
    turns = [
        (scene.second.user, "请您附议"), (scene.office, "等待审核"), (scene.police, "请签收"),
        (scene.school, "请签收"), (scene.school, "请会签"), (scene.police, "已会签"),
        (scene.office, "报送了答复"), (scene.lead.user, "请评价"), (scene.second.user, "有答复了"),
    ]  # fmt: skip
    for user, words in turns:
        assert Notice.objects.filter(user=user, title__contains=words).exists(), words


def test_the_opinions_page_leads_to_its_suggestion(at, click, client):
    scene = make_scene()
    opinion = heard(scene)
    row = proposed(scene, click, opinion)
    client.force_login(scene.liaison)
    text = client.get(page_of(opinion)).content.decode()
    assert row.code in text
