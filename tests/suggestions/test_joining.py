"""联名: who is asked signs what stands there, and somebody's time runs whatever they answer."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import Notice
from common.errors import RuleViolation
from suggestions import services
from suggestions.choices import State
from suggestions.models import Deadline, Suggestion
from suggestions.services import raising
from tests.factories import DeputyFactory, make_user
from tests.suggestions.making import drafted, make_scene

pytestmark = pytest.mark.django_db
DAY = datetime.date


@pytest.fixture
def scene(time_machine):
    """Thursday, 5 March 2026."""
    time_machine.move_to("2026-03-05T10:00:00+08:00", tick=False)
    scene = make_scene()
    scene.third = DeputyFactory(station=scene.station, name="尚方")
    scene.third.user = make_user("deputy", scene.station, name="尚方")
    scene.third.save()
    return scene


@pytest.fixture
def joining(scene):
    row = drafted(scene, signers=[scene.second])
    return services.invite_signers(row, actor=scene.lead.user)


def stored(row) -> Suggestion:
    return Suggestion.objects.get(pk=row.pk)


def answer(scene, row, deputy, agrees=True):
    return services.answer_invitation(row, actor=deputy.user, agrees=agrees)


def changed(scene, row, signers=None, **fields):
    row = stored(row)
    for name, value in fields.items():
        setattr(row, name, value)
    return services.change_suggestion(
        row, actor=scene.lead.user, version=row.version, signers=signers
    )


def consents(row) -> dict:
    return dict(stored(row).signatures.values_list("name", "consent"))


def clocks(row) -> dict:
    rows = Deadline.objects.open().filter(suggestion=row)
    return {one.limit: f"{one.due_on:%m-%d}" for one in rows}


def test_after_a_refusal_the_lead_asks_another_deputy(scene, joining):
    row = answer(scene, joining, scene.second, agrees=False)
    row = changed(scene, row, signers=[scene.third])
    assert row.state == State.JOINING
    assert consents(row) == {"邵腾绍": "declined", "尚方": "asked"}
    assert clocks(row) == {"join": "03-12"}
    assert Suggestion.objects.visible_to(scene.third.user).filter(pk=row.pk).exists()
    assert Notice.objects.filter(user=scene.third.user).exists()


@pytest.mark.parametrize("agrees", [True, False])
def test_once_all_have_answered_the_lead_has_ten_workdays(scene, joining, agrees):
    row = answer(scene, joining, scene.second, agrees)
    assert clocks(row) == {"hand_in": "03-19"}
    services.submit_suggestion(row, actor=scene.lead.user)
    assert Deadline.objects.get(limit="hand_in").met_on == DAY(2026, 3, 5)


def test_whoever_is_asked_anew_has_their_time_and_the_lead_waits(scene, joining):
    row = answer(scene, joining, scene.second)
    row = changed(scene, row, signers=[scene.second, scene.third])
    assert clocks(row) == {"join": "03-12"}
    found = Deadline.objects.get(limit="hand_in")
    assert (found.met_on, found.ended_on) == (None, DAY(2026, 3, 5))
    assert consents(row) == {"邵腾绍": "agreed", "尚方": "asked"}


def test_other_words_are_signed_anew(scene, joining):
    row = answer(scene, joining, scene.second)
    row = changed(scene, row, content="改为设置天桥。")
    assert consents(row) == {"邵腾绍": "asked"}
    assert stored(row).steps.latest("pk").facts["重新请附议"] == "邵腾绍"
    assert Notice.objects.filter(user=scene.second.user, title__contains="有改动").exists()
    assert answer(scene, row, scene.second).signatures.get().consent == "agreed"


def test_another_category_is_no_other_matter(scene, joining):
    row = answer(scene, joining, scene.second)
    assert consents(changed(scene, row)) == {"邵腾绍": "agreed"}


def test_other_words_are_not_submitted_over_the_heads_of_who_signed(scene, joining):
    row = stored(answer(scene, joining, scene.second))
    row.content = "改为设置天桥。"
    given = {"actor": scene.lead.user, "version": row.version, "signers": [scene.second]}
    with pytest.raises(RuleViolation, match="邵腾绍要重新答复"):
        raising.raise_suggestion(row, then=raising.SUBMIT, **given)
    assert consents(row) == {"邵腾绍": "agreed"}
    assert raising.raise_suggestion(row, then=raising.INVITE, **given).state == State.JOINING
    assert consents(row) == {"邵腾绍": "asked"}


def test_who_has_said_no_is_not_asked_again_unless_they_are_named_again(scene, joining, client):
    row = answer(scene, joining, scene.second, agrees=False)
    client.force_login(scene.lead.user)
    page = client.get(reverse("suggestions:change", args=[row.pk]))
    assert page.context["entry"].standing == []
    row = changed(scene, row, signers=[], content="改为设置天桥。")
    assert consents(row) == {"邵腾绍": "declined"}
    row = changed(scene, row, signers=[scene.second])
    assert consents(row) == {"邵腾绍": "asked"}


def test_nobody_but_the_lead_changes_what_is_being_signed(scene, joining):
    row = stored(joining)
    for user in (scene.second.user, scene.liaison, scene.office):
        with pytest.raises(PermissionDenied):
            services.change_suggestion(row, actor=user, version=row.version)
