"""The first page: what waits for whom."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from suggestions import services
from suggestions.models import Deadline
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


@pytest.fixture
def scene():
    return make_scene()


def home(client, user):
    client.force_login(user)
    return client.get("/")


def make_late(row, limit="reply"):
    day = timezone.localdate() - timedelta(days=3)
    Deadline.objects.filter(suggestion=row, limit=limit).update(due_on=day)


def test_a_clerk_sees_the_units_items_by_deadline_with_what_to_do(client, scene):
    assigned(scene, title="等签收的")
    late = signed(scene, title="超期的")
    make_late(late)
    sent = signed(scene, title="已报送的")
    services.send_reply(sent, share_of(sent, scene.police_unit), letter(), actor=scene.police)
    answer = home(client, scene.police)
    assert [row.title for row in answer.context["items"]] == ["超期的", "等签收的"]
    text = answer.content.decode()
    assert "超期 3 天" in text
    assert "下一步：办理并答复代表" in text
    assert "去签收" in text


def test_the_office_sees_what_waits_for_it_and_which_unit_is_late(client, scene):
    submitted(scene)
    accepted(scene)
    make_late(signed(scene))
    context = home(client, scene.office).context
    figures = {line.label: line.count for line in context["office_waiting"]}
    assert figures == {"待审核": 1, "待交办": 1, "待审批": 0, "答复待审": 0, "超期": 1}
    assert [(line["name"], line["n"]) for line in context["late_units"]] == [("区公安分局", 1)]


def test_a_deputy_is_asked_to_sign_and_to_rate(client, scene):
    invited = drafted(
        scene, title="请附议的", lead=scene.second, actor=scene.second.user, signers=[scene.lead]
    )
    services.invite_signers(invited, actor=scene.second.user)
    replied(scene, title="请评价的")
    submitted(scene, title="等审核的")
    text = home(client, scene.lead.user).content.decode()
    assert "请您附议" in text
    assert "请您评价" in text
    assert "2 件等我" in text
    assert "等人大机关审核交办" in text
    assert "提一件建议" in text


def test_the_lead_alone_is_asked_to_submit_once_all_have_answered(client, scene):
    row = drafted(scene, title="联名的", signers=[scene.second])
    services.invite_signers(row, actor=scene.lead.user)
    assert "等我" not in home(client, scene.lead.user).content.decode()
    services.answer_invitation(row, actor=scene.second.user, agrees=True, deputy=scene.second)
    text = home(client, scene.lead.user).content.decode()
    assert "请您提交" in text
    assert "附议的代表都已答复，可以提交了" in text
    assert f'href="/suggestions/{row.pk}/#next"' in text
    assert "1 件等我" in text
    assert "请您提交" not in home(client, scene.second.user).content.decode()
    services.submit_suggestion(row, actor=scene.lead.user)
    assert "请您提交" not in home(client, scene.lead.user).content.decode()


def test_a_day_that_has_passed_is_called_so_on_the_home_of_a_deputy(client, scene):
    make_late(replied(scene, title="请评价的"), "rate")
    assert "已过期限（" in home(client, scene.lead.user).content.decode()


def test_an_overdue_promise_is_shown_where_it_is_counted(client, scene):
    row = rated(scene, result_class="B")
    make_late(row, "promise")
    context = home(client, scene.liaison).context
    assert context["suggestion_counts"]["overdue"] == 1
    assert [one.pk for one in context["late_suggestions"]] == [row.pk]


def test_staff_see_what_is_late_of_their_deputies(client, scene):
    make_late(signed(scene, title="超期的"))
    signed(scene, title="还早的")
    context = home(client, scene.liaison).context
    assert [row.title for row in context["late_suggestions"]] == ["超期的"]
    assert context["suggestion_counts"] == {"open": 2, "overdue": 1}


def test_the_township_is_not_asked_to_review_what_goes_to_the_district(client, scene):
    submitted(scene)
    assert home(client, scene.township).context["office_waiting"] == []


def test_the_menu_leads_to_suggestions(client, scene):
    assert 'href="/suggestions/"' in home(client, scene.police).content.decode()
    assert 'href="/suggestions/"' not in home(client, scene.stranger).content.decode()


@pytest.mark.parametrize("who", ["police", "office", "liaison", "deputy"])
def test_the_first_page_asks_equally_often_however_much_waits(client, scene, who):
    user = scene.lead.user if who == "deputy" else getattr(scene, who)
    make_late(signed(scene))
    replied(scene)
    home(client, user)
    with CaptureQueriesContext(connection) as few:
        client.get("/")
    for _ in range(3):
        make_late(signed(scene))
        replied(scene)
    with CaptureQueriesContext(connection) as many:
        client.get("/")
    assert len(few) == len(many)
