"""From an opinion to a suggestion: its page and the first page lead there without a detour."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from suggestions import services
from tests.factories import make_reception, make_user
from tests.suggestions.making import drafted, make_scene
from visits.models import Opinion
from visits.services import follow_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return make_scene()


@pytest.fixture
def opinion(scene):
    reception = make_reception(
        scene.station, actor=scene.liaison, deputies=[scene.lead],
        received_on=timezone.localdate(), opinions=[{}],
    )  # fmt: skip
    return reception.opinions.get()


def page(client, user, opinion):
    client.force_login(user)
    return client.get(reverse("visits:opinion_detail", args=[opinion.pk]))


def meant_for_a_suggestion(opinion, scene):
    return follow_up.assign_opinion(
        opinion, actor=scene.liaison, disposal="suggestion", unit=None
    )  # fmt: skip


def test_what_is_to_become_a_suggestion_leads_to_writing_it(client, scene, opinion):
    answer = page(client, scene.liaison, meant_for_a_suggestion(opinion, scene))
    text, shown = answer.content.decode(), answer.context["page"]
    assert "下一步：由代表写成建议" in text
    assert "不用先登记接收" in text
    assert text.count(f"{reverse('suggestions:new')}?opinion={opinion.pk}") == 1
    assert shown.box is None
    assert "accept" in [form.name() for form in shown.others]  # still there, for paper


def test_without_accepting_first_the_opinion_follows_its_suggestion(client, scene, opinion):
    draft = drafted(scene, opinions=[opinion])
    opinion = Opinion.objects.get()
    assert opinion.state == "recorded"
    row = services.submit_suggestion(draft, actor=scene.lead.user)
    opinion = Opinion.objects.get()
    text = page(client, scene.liaison, opinion).content.decode()
    assert "下一步：等人大机关接收建议" in text
    assert "打开这件建议" in text
    assert "形成代表建议</a>" not in text
    services.accept_suggestion(row, actor=scene.office)
    opinion = Opinion.objects.get()
    assert opinion.state == "handling"
    answer = page(client, scene.liaison, opinion)
    assert "下一步：等代表建议的办理结果" in answer.content.decode()
    assert answer.context["page"].box is None


def test_a_drafted_suggestion_waits_for_its_deputy(client, scene, opinion):
    opinion = meant_for_a_suggestion(opinion, scene)
    drafted(scene, opinions=[opinion])
    assert "下一步：等代表提交建议" in page(client, scene.liaison, opinion).content.decode()


def test_the_first_page_urges_no_unit_where_a_deputy_is_to_write(client, scene, opinion):
    opinion = meant_for_a_suggestion(opinion, scene)
    Opinion.objects.update(accept_by=timezone.localdate() - timedelta(days=1))
    client.force_login(make_user(Role.STATION_HEAD, scene.station))
    text = client.get("/").content.decode()
    assert "等代表提出建议" in text
    assert "催形成代表建议" not in text
