"""Who reads which suggestion, state by state; and that a clerk reads no word of a visitor."""

import datetime
import uuid

import pytest
from django.urls import URLPattern, get_resolver, reverse

from accounts.models import Notice
from accounts.roles import Role
from suggestions import services
from suggestions.choices import Duty
from suggestions.models import Suggestion
from tests.factories import DeputyFactory, StationFactory, UserFactory, make_reception, make_user
from tests.suggestions.making import (
    accepted,
    assigned,
    drafted,
    letter,
    make_scene,
    replied,
    share_of,
    signed,
    submitted,
)

pytestmark = pytest.mark.django_db
RETURNED = {"note": "不归本单位管", "proposed_unit": "区住建局"}


@pytest.fixture(autouse=True)
def _march(time_machine):
    time_machine.move_to("2026-03-05T10:00:00+08:00", tick=False)


@pytest.fixture
def scene():
    """With one reader of every kind, in `users`."""
    scene = make_scene()
    other = StationFactory()
    deputy = DeputyFactory(station=scene.station)
    deputy.user = make_user(Role.DEPUTY, scene.station)
    deputy.save()
    scene.users = {
        "lead": scene.lead.user, "cosigner": scene.second.user, "other deputy": deputy.user,
        "liaison": scene.liaison, "head": make_user(Role.STATION_HEAD, scene.station),
        "township": scene.township, "office": scene.office, "police": scene.police,
        "school": scene.school, "observer": make_user(Role.OBSERVER, scene.station),
        "liaison elsewhere": make_user(Role.LIAISON, other),
        "township elsewhere": make_user(Role.TOWNSHIP_OFFICER, other.township),
        "nobody": scene.stranger,
        "administrator": UserFactory(is_superuser=True, is_staff=True),
    }  # fmt: skip
    return scene


def readers(scene, row) -> set[str]:
    return {
        name
        for name, user in scene.users.items()
        if Suggestion.objects.visible_to(user).filter(pk=row.pk).exists()
    }


STAFF = {"liaison", "head", "township", "office"}


class TestReaders:
    def test_a_draft_is_its_deputys_own(self, scene):
        assert readers(scene, drafted(scene, signers=[scene.second])) == {"lead"}

    def test_a_draft_typed_by_staff_is_theirs_and_the_deputys(self, scene):
        assert readers(scene, drafted(scene, actor=scene.liaison)) == {"lead", "liaison"}

    def test_asked_to_sign_one_reads_it(self, scene):
        row = drafted(scene, signers=[scene.second])
        services.invite_signers(row, actor=scene.lead.user)
        assert readers(scene, row) == {"lead", "cosigner"}

    def test_who_does_not_sign_reads_it_no_more(self, scene):
        row = drafted(scene, signers=[scene.second])
        services.invite_signers(row, actor=scene.lead.user)
        services.answer_invitation(row, actor=scene.second.user, agrees=False)
        assert readers(scene, row) == {"lead"}

    @pytest.mark.parametrize("make", [submitted, accepted])
    def test_from_its_submission_staff_read_it_and_no_unit(self, scene, make):
        assert readers(scene, make(scene)) == {"lead", *STAFF}

    @pytest.mark.parametrize("act", ["turn_back", "reject", "refer"])
    def test_it_stays_with_them_when_it_goes_no_further(self, scene, act):
        row = submitted(scene)
        getattr(services, f"{act}_suggestion")(row, actor=scene.office, note="不属职权")
        assert readers(scene, row) == {"lead", *STAFF}

    def test_a_draft_taken_back_was_never_anybody_elses(self, scene):
        row = services.withdraw_suggestion(drafted(scene), actor=scene.lead.user, note="不提了")
        assert readers(scene, row) == {"lead"}

    @pytest.mark.parametrize("make", [assigned, signed, replied])
    def test_a_unit_reads_what_it_has(self, scene, make):
        assert readers(scene, make(scene)) == {"lead", *STAFF, "police"}

    def test_both_units_of_a_separate_handling_read_it(self, scene):
        row = assigned(
            scene, (scene.police_unit, Duty.SEPARATE), (scene.school_unit, Duty.SEPARATE)
        )
        assert readers(scene, row) == {"lead", *STAFF, "police", "school"}
        share = share_of(row, scene.school_unit)
        services.ask_to_return(row, share, actor=scene.school, **RETURNED)
        assert "school" in readers(scene, row)
        services.agree_to_return(row, share, actor=scene.office)
        assert readers(scene, row) == {"lead", *STAFF, "police"}

    def test_what_was_recalled_is_gone_from_the_unit(self, scene):
        row = services.recall_suggestion(signed(scene), actor=scene.office, note="分工有误")
        assert readers(scene, row) == {"lead", *STAFF}

    def test_a_clerk_who_left_the_unit_reads_nothing(self, scene):
        row = assigned(scene)
        scene.police.postings.all().delete()
        scene.users["police"] = type(scene.police).objects.get(pk=scene.police.pk)
        assert readers(scene, row) == {"lead", *STAFF}


def addresses():
    """Every address of the app that names a row: (name, its parameters)."""
    [found] = [
        one for one in get_resolver().url_patterns if getattr(one, "namespace", "") == "suggestions"
    ]
    for one in found.url_patterns:
        if isinstance(one, URLPattern) and one.pattern.converters:
            yield one.name, sorted(one.pattern.converters)


def walked(client, pk, reply_pk) -> dict[tuple[str, str], int]:
    answers = {}
    known = {
        "pk": pk, "reply_pk": reply_pk, "kind": "letter", "key": uuid.uuid4(), "batch": 1,
        "name": "send",
    }  # fmt: skip
    for name, parameters in addresses():
        if "pk" not in parameters:
            continue
        where = reverse(f"suggestions:{name}", kwargs={one: known[one] for one in parameters})
        answers[name, "GET"] = client.get(where).status_code
        answers[name, "POST"] = client.post(where, {"note": "不归本单位管"}).status_code
    return answers


@pytest.mark.parametrize("reader", ["school", "other deputy", "liaison elsewhere", "observer"])
def test_nobody_reaches_a_foreign_suggestion_by_any_address(client, scene, reader):
    row = replied(scene)
    before = Suggestion.objects.filter(pk=row.pk).values().get()
    client.force_login(scene.users[reader])
    answers = walked(client, row.pk, share_of(row, scene.police_unit).reply.pk)
    assert len(answers) >= 2 * 30
    reached = {where: code for where, code in answers.items() if code not in (403, 404, 405)}
    assert reached == {}
    assert Suggestion.objects.filter(pk=row.pk).values().get() == before


def test_a_clerk_does_only_what_is_the_units_with_what_it_has(client, scene):
    """Its own suggestion: whatever the office or the deputy does is refused."""
    row = assigned(scene)
    client.force_login(scene.police)
    answers = walked(client, row.pk, 1)
    assert answers["detail", "GET"] == 200
    for act in ("assign", "recall", "withdraw", "mark", "supervise", "change", "merge"):
        assert answers[act, "POST"] in (403, 404), act
    assert Suggestion.objects.get().state == "assigned"


@pytest.fixture
def sourced(scene):
    """In the hands of the police: a suggestion that came from a visitor's words."""
    visit = make_reception(
        scene.station, actor=scene.liaison, deputies=[scene.lead],
        received_on=datetime.date(2026, 3, 4), visitor_name="欧阳来访", phone="13912345678",
        opinions=[{"statement": "我家孩子昨天差点被车撞"}],
    )  # fmt: skip
    return assigned(scene, opinions=list(visit.opinions.all())), visit.opinions.get()


PERSONAL = ("欧阳来访", "13912345678", "139****5678", "我家孩子昨天差点被车撞")


def test_a_clerk_reads_no_word_of_the_visitor(client, scene, sourced):
    row, opinion = sourced
    client.force_login(scene.police)
    pages = [reverse("suggestions:list"), reverse("suggestions:detail", args=[row.pk]), "/"]
    for kind in ("assign", "urge", "letter", "opinion", "handover", "slip"):
        pages.append(reverse("suggestions:paper", args=[row.pk, kind]))
    seen = 0
    for page in pages:
        answer = client.get(page, follow=True)
        seen += answer.status_code == 200
        text = answer.content.decode()
        for word in (*PERSONAL, opinion.code):
            assert word not in text, (page, word)
        assert reverse("visits:opinion_detail", args=[opinion.pk]) not in text
    assert seen >= 3
    assert client.get(reverse("visits:opinion_detail", args=[opinion.pk])).status_code in (403, 404)


def test_the_station_sees_where_it_came_from(client, scene, sourced):
    row, opinion = sourced
    client.force_login(scene.liaison)
    text = client.get(reverse("suggestions:detail", args=[row.pk])).content.decode()
    assert opinion.code in text


def test_a_message_that_leaves_the_portal_names_no_matter(scene, sourced):
    row, _ = sourced
    share = share_of(row, scene.police_unit)
    services.sign_for(row, share, actor=scene.police)
    services.send_reply(row, share, letter(), actor=scene.police)
    texts = [f"{one.title}{one.text}" for one in Notice.objects.filter(kind="suggestion")]
    assert len(texts) >= 4
    for text in texts:
        assert all(word not in text for word in (*PERSONAL, "信号灯", "石刚"))
