"""Messages about suggestions: named for who reads them here, and read once their matter is done."""

import datetime

import pytest

from accounts.models import Delivery
from accounts.roles import Role
from accounts.services import plan_notices
from suggestions import services
from suggestions.choices import Duty
from suggestions.models import Deadline
from tests.factories import make_user
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
ONE = datetime.timedelta(days=1)


@pytest.fixture
def scene():
    return make_scene()


def unread(user):
    return set(user.notices.unread().values_list("title", flat=True))


def test_what_one_officer_has_accepted_no_other_is_asked_for(scene):
    other = make_user(Role.DISTRICT_OFFICER, scene.area)
    row = submitted(scene)
    assert unread(scene.office) == unread(other) == {"有一件代表建议等待审核"}
    services.accept_suggestion(row, actor=scene.office)
    assert unread(scene.office) == unread(other) == set()
    assert unread(scene.lead.user) == {"您的建议已接收编号"}  # news stays news


def test_what_one_clerk_has_signed_the_other_unit_has_not(scene):
    row = assigned(scene, (scene.police_unit, Duty.SEPARATE), (scene.school_unit, Duty.SEPARATE))
    colleague = make_user(Role.UNIT_CLERK, scene.police_unit)
    colleague.notices.create(
        key=scene.police.notices.get().key + "0",
        title="代表建议已交办，请签收办理",
        kind="suggestion",
        url=f"/suggestions/{row.pk}/",
        station_key=row.station_id,
        created_at=row.created_at,
    )
    services.sign_for(row, share_of(row, scene.police_unit), actor=scene.police)
    assert unread(scene.police) == unread(colleague) == set()
    assert unread(scene.school) == {"代表建议已交办，请签收办理"}


def test_a_rating_typed_from_paper_answers_what_the_deputy_was_asked(scene):
    row = replied(scene)
    assert "您的建议有答复了，请评价" in unread(scene.lead.user)
    services.rate_reply(
        row, share_of(row, scene.police_unit), actor=scene.office, attitude="satisfied",
        outcome="satisfied",
    )  # fmt: skip
    assert "您的建议有答复了，请评价" not in unread(scene.lead.user)
    assert "已据征询意见表登记您的评价" in unread(scene.lead.user)


def test_who_signs_has_read_what_asked_for_it(scene):
    row = drafted(scene, signers=[scene.second])
    services.invite_signers(row, actor=scene.lead.user)
    assert unread(scene.second.user) == {"请您附议一件建议"}
    services.answer_invitation(row, actor=scene.second.user, agrees=True, deputy=scene.second)
    assert unread(scene.second.user) == set()


def test_reminders_are_read_when_their_clock_stops(scene):
    row = signed(scene)
    late = Deadline.objects.get(limit="reply").due_on + ONE
    plan_notices(late)
    assert "承办单位超期：答复代表" in unread(scene.office)
    services.send_reply(row, share_of(row, scene.police_unit), letter(), actor=scene.police)
    assert "承办单位超期：答复代表" not in unread(scene.office)
    assert "代表建议已超期：答复代表" not in unread(scene.police)


def test_what_was_withdrawn_is_asked_of_nobody(scene):
    row = assigned(scene)
    services.withdraw_suggestion(row, actor=scene.lead.user, note="情况有变化")
    assert unread(scene.police) == {"一件代表建议已撤回，不用再办"}


def test_the_inbox_names_the_title_and_the_message_that_leaves_does_not(client, scene, settings):
    settings.EMAIL_URL = "smtp://localhost"
    row = accepted(scene)
    client.force_login(scene.lead.user)
    text = client.get("/inbox/").content.decode()
    assert f'<p class="about">《{row.title}》</p>' in text
    assert "请登录查看" not in text
    for delivery in Delivery.objects.select_related("notice"):
        assert row.title not in delivery.words


def test_what_one_reads_no_longer_has_no_title_in_the_inbox(client, scene):
    row = assigned(scene)
    services.recall_suggestion(row, actor=scene.office, note="改派")
    client.force_login(scene.police)
    text = client.get("/inbox/").content.decode()
    assert "已收回改派" in text
    assert row.title not in text
