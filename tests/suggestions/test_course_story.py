"""The main course once through, by the services."""

import pytest

from suggestions import services
from suggestions.choices import Duty, State
from suggestions.models import Deadline, Suggestion
from tests.suggestions.making import assigned, letter, make_scene, rated, share_of

pytestmark = pytest.mark.django_db


def test_a_sole_unit_answers_and_the_deputy_is_satisfied():
    scene = make_scene()
    row = rated(scene)
    assert row.state == State.CLOSED
    assert row.code == "闭会第001号"
    assert not Deadline.objects.open().exists()
    assert [step.get_act_display() for step in row.steps.all()] == [
        "提交", "接收编号", "交办", "签收", "报送答复", "审核答复代表", "评价",
    ]  # fmt: skip


def test_lead_and_assist_with_countersign_then_a_second_round():
    scene = make_scene()
    row = assigned(scene, (scene.police_unit, Duty.LEAD), (scene.school_unit, Duty.ASSIST))
    lead, assist = share_of(row, scene.police_unit), share_of(row, scene.school_unit)
    services.sign_for(row, lead, actor=scene.police)
    services.sign_for(row, assist, actor=scene.school)
    services.give_opinion(row, assist, actor=scene.school, note="上学时段最挤")
    services.circulate_letter(row, lead, letter("B"), actor=scene.police)
    services.countersign(row, assist, actor=scene.school)
    services.send_reply(row, lead, letter("B"), actor=scene.police)
    services.release_reply(row, lead, actor=scene.office)
    row = services.rate_reply(
        row, lead, actor=scene.lead.user, attitude="mostly", outcome="unsatisfied", comment="太晚"
    )
    assert (row.state, row.round) == (State.ASSIGNED, 2)
    again = share_of(row, scene.police_unit)
    assert again.round == 2
    assert Suggestion.objects.visible_to(scene.school).get() == row
    limits = sorted(Deadline.objects.open().values_list("limit", flat=True))
    assert limits == ["assist", "redo", "return", "return", "sign", "sign"]
