"""The page on which a suggestion is written: by a deputy, by staff, from opinions."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from common.models import Draft
from deputies.models import Mandate
from suggestions import services
from suggestions.choices import Consent, State
from suggestions.models import Suggestion
from tests.factories import (
    AreaFactory,
    DeputyFactory,
    StationFactory,
    make_reception,
    make_user,
)
from tests.suggestions.making import drafted, make_scene, make_session, rated, submitted
from visits.models import Opinion

pytestmark = pytest.mark.django_db
NEW = reverse("suggestions:new")


@pytest.fixture
def scene():
    return make_scene()


def typed(scene, **fields) -> dict:
    return {
        "key": str(uuid.uuid4()), "version": "1", "session": scene.session.pk,
        "kind": "suggestion", "title": "关于修复村口小桥栏杆的建议", "content": "栏杆断了三处。",
        **fields,
    }  # fmt: skip


def opinion_of(scene, **fields) -> Opinion:
    visit = make_reception(
        scene.station, actor=scene.liaison, deputies=[scene.lead], visitor_name="王建国",
        opinions=[{"statement": "王建国说村口小桥栏杆断了，电话13800135678", **fields}],
    )  # fmt: skip
    return visit.opinions.get()


def test_a_deputy_keeps_a_draft_of_their_own(client, scene):
    client.force_login(scene.lead.user)
    assert "领衔代表" not in client.get(NEW).content.decode()
    answer = client.post(NEW, typed(scene, keep="1"))
    row = Suggestion.objects.get()
    assert answer.url == reverse("suggestions:detail", args=[row.pk])
    assert (row.state, row.lead, row.lead_name) == (State.DRAFT, scene.lead, "石刚")


def test_one_button_submits_what_was_just_typed(client, scene):
    client.force_login(scene.lead.user)
    client.post(NEW, typed(scene, submit="1"))
    assert Suggestion.objects.get().state == State.SUBMITTED


def test_signers_are_asked_and_not_passed_over(client, scene):
    client.force_login(scene.lead.user)
    form = typed(scene, deputies=[scene.second.pk])
    answer = client.post(NEW, {**form, "submit": "1"})
    assert answer.status_code == 422
    assert "还没有请邵腾绍附议" in answer.content.decode()
    assert not Suggestion.objects.exists()
    client.post(NEW, {**form, "invite": "1"})
    row = Suggestion.objects.get()
    assert row.state == State.JOINING
    assert [one.consent for one in row.signatures.all()] == [Consent.ASKED]


def test_staff_type_from_paper_with_the_signatures_on_it(client, scene):
    client.force_login(scene.liaison)
    form = typed(scene, lead=scene.lead.pk, deputies=[scene.second.pk], signed="on", submit="1")
    client.post(NEW, form)
    row = Suggestion.objects.get()
    assert (row.state, row.lead, row.created_by) == (State.SUBMITTED, scene.lead, scene.liaison)
    signature = row.signatures.get()
    assert (signature.consent, signature.on_paper) == (Consent.AGREED, True)


def test_staff_do_not_write_for_deputies_of_other_stations(client, scene):
    stranger = DeputyFactory(name="外站代表")
    client.force_login(scene.liaison)
    answer = client.post(NEW, typed(scene, lead=stranger.pk, keep="1"))
    assert answer.status_code == 422
    assert not Suggestion.objects.exists()


def test_a_double_click_makes_one_row(client, scene):
    client.force_login(scene.lead.user)
    form = typed(scene, submit="1")
    first, second = client.post(NEW, form), client.post(NEW, form)
    assert first.url == second.url
    assert Suggestion.objects.count() == 1


def test_other_words_under_a_saved_form_are_offered_as_a_change(client, scene):
    client.force_login(scene.lead.user)
    form = typed(scene, keep="1")
    client.post(NEW, form)
    answer = client.post(NEW, {**form, "content": "栏杆断了五处。"})
    assert answer.status_code == 409
    assert "栏杆断了五处" in answer.content.decode()
    assert Suggestion.objects.get().content == "栏杆断了三处。"


def test_what_is_missing_is_said_and_what_was_typed_stays(client, scene):
    client.force_login(scene.lead.user)
    answer = client.post(NEW, typed(scene, title="", keep="1"))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "请填写标题" in text
    assert "栏杆断了三处" in text


def test_a_stale_version_shows_both(client, scene):
    row = drafted(scene)
    client.force_login(scene.lead.user)
    address = reverse("suggestions:change", args=[row.pk])
    row.title = "关于修桥的建议"
    services.change_suggestion(row, actor=scene.lead.user, version=1)
    answer = client.post(address, typed(scene, row=row.pk, keep="1"))
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "关于修桥的建议" in text
    assert "关于修复村口小桥栏杆的建议" in text


def test_what_was_sent_back_is_mended_and_submitted_again(client, scene):
    row = services.turn_back_suggestion(submitted(scene), actor=scene.office, note="请写明地点")
    client.force_login(scene.lead.user)
    address = reverse("suggestions:change", args=[row.pk])
    assert client.get(address).status_code == 200
    form = typed(scene, row=row.pk, version=row.version, content="村口小桥", submit="1")
    client.post(address, form)
    row.refresh_from_db()
    assert (row.state, row.content) == (State.SUBMITTED, "村口小桥")


def test_what_the_office_has_is_not_changed_any_more(client, scene):
    row = submitted(scene)
    client.force_login(scene.lead.user)
    answer = client.get(reverse("suggestions:change", args=[row.pk]))
    assert answer.url == reverse("suggestions:detail", args=[row.pk])


def test_a_motion_is_offered_only_while_the_congress_sits(client, scene):
    client.force_login(scene.lead.user)
    text = client.get(NEW).content.decode()
    assert "现在是闭会期间（第五届第四次会议已于 2026年1月23日 闭幕），不能提议案。" in text
    assert 'value="motion"' not in text
    today = timezone.localdate()
    scene.session.starts_on, scene.session.ends_on = today, today + timedelta(days=2)
    scene.session.save()
    text = client.get(NEW).content.decode()
    assert 'value="motion"' in text
    assert "议案须 10 名以上代表联名" in text


def test_a_deputy_of_both_levels_chooses_the_congress(client, scene):
    own = make_session(scene.station.township)
    Mandate.objects.create(deputy=scene.lead, level="township", term=5, started_on="2026-01-01")
    client.force_login(scene.lead.user)
    offered = client.get(NEW).context["entry"].sessions
    assert list(offered) == [scene.session, own]


def test_a_congress_the_lead_has_no_seat_in_is_refused(client, scene):
    own = make_session(scene.station.township)
    client.force_login(scene.liaison)
    form = typed(scene, lead=scene.lead.pk, session=own.pk, keep="1")
    assert "石刚不是石桥镇第五届人大的代表" in client.post(NEW, form).content.decode()


def test_without_a_session_the_page_says_whom_to_ask(client, scene):
    scene.session.delete()
    client.force_login(scene.lead.user)
    assert "还没有登记您这一级人代会的会次" in client.get(NEW).content.decode()


def test_it_begins_from_an_opinion_without_the_visitor(client, scene):
    opinion = opinion_of(scene)
    client.force_login(scene.lead.user)
    answer = client.get(NEW, {"opinion": opinion.pk})
    form = answer.context["entry"].main
    assert form["title"].value() == "关于来访人说村口小桥栏杆断了的建议"
    assert "王建国" not in form["content"].value()
    assert "13800135678" not in form["content"].value()
    client.post(NEW, typed(scene, opinions=[opinion.pk], submit="1"))
    row = Suggestion.objects.get()
    assert [link.opinion for link in row.links.all()] == [opinion]
    opinion.refresh_from_db()
    assert opinion.disposal == "suggestion"


def test_an_opinion_can_be_left_out(client, scene):
    opinion = opinion_of(scene)
    client.force_login(scene.lead.user)
    client.post(NEW, typed(scene, keep="1"))
    assert not opinion.suggestion_links.exists()


def test_an_opinion_that_one_may_not_read_is_not_taken_along(client, scene):
    elsewhere = StationFactory(township=AreaFactory(code="990101103", name="青山乡"))
    visit = make_reception(
        elsewhere,
        actor=make_user(Role.LIAISON, elsewhere),
        deputies=[DeputyFactory(station=elsewhere)],
        opinions=[{"statement": "别处的秘密"}],
    )
    other = visit.opinions.get()
    client.force_login(scene.liaison)
    assert "别处的秘密" not in client.get(NEW, {"opinion": other.pk}).content.decode()


def test_similar_ones_are_shown_as_far_as_one_may_see_them(client, scene):
    rated(scene, title="关于石桥中学路口设置信号灯的建议")
    address = reverse("suggestions:similar")
    words = {"title": "关于中学路口设置护栏的建议", "session": scene.session.pk}
    client.force_login(scene.liaison)
    text = client.post(address, words).content.decode()
    assert "闭会第001号" in text
    assert "已办结" in text
    client.force_login(scene.second.user)
    assert "第001号" not in client.post(address, words).content.decode()


def test_what_is_typed_is_kept_and_offered_again(client, scene):
    client.force_login(scene.lead.user)
    form = typed(scene)
    client.post(reverse("suggestions:draft_keep", args=[form["key"]]), form)
    text = client.get(NEW).content.decode()
    assert f"draft={form['key']}" in text
    page = client.get(NEW, {"draft": form["key"]})
    assert page.context["entry"].main["content"].value() == "栏杆断了三处。"
    client.post(NEW, {**form, "keep": "1"})
    assert not Draft.objects.exists()


def test_who_only_handles_suggestions_writes_none(client, scene):
    client.force_login(scene.police)
    assert client.get(NEW).status_code == 403


def test_the_page_of_an_opinion_leads_to_it_and_back(client, scene):
    opinion = opinion_of(scene)
    page = reverse("visits:opinion_detail", args=[opinion.pk])
    client.force_login(scene.liaison)
    assert f"{NEW}?opinion={opinion.pk}" in client.get(page).content.decode()
    row = submitted(scene, opinions=[opinion])
    text = client.get(page).content.decode()
    assert f"{NEW}?opinion={opinion.pk}" not in text
    assert reverse("suggestions:detail", args=[row.pk]) in text
    assert row.code in client.get(reverse("visits:opinion_list"), {"step": "all"}).content.decode()


def test_a_deputys_draft_is_named_to_the_station_without_its_words(client, scene):
    opinion = opinion_of(scene)
    drafted(scene, title="还没想好的标题", opinions=[opinion])
    client.force_login(scene.liaison)
    text = client.get(reverse("visits:opinion_detail", args=[opinion.pk])).content.decode()
    assert "代表正在起草" in text
    assert "还没想好的标题" not in text


def test_the_name_of_a_place_alone_makes_no_two_alike(client, scene):
    rated(scene, title="关于在石桥镇增设公交站的建议")
    address = reverse("suggestions:similar")
    client.force_login(scene.liaison)
    words = {"title": "关于在石桥镇增加养老床位的建议", "session": scene.session.pk}
    assert "第001号" not in client.post(address, words).content.decode()
    words["title"] = "关于石桥镇中学门口增设公交站的建议"
    assert "第001号" in client.post(address, words).content.decode()


def test_an_opinion_that_is_a_suggestion_already_leads_to_it(client, scene):
    opinion = opinion_of(scene)
    row = submitted(scene, opinions=[opinion])
    client.force_login(scene.liaison)
    page = client.get(NEW, {"opinion": opinion.pk})
    text = page.content.decode()
    assert "这条群众意见已经形成建议" in text
    assert reverse("suggestions:detail", args=[row.pk]) in text
    assert not page.context["entry"].opinions


def test_a_deputys_draft_of_an_opinion_is_no_more_than_mentioned(client, scene):
    opinion = opinion_of(scene)
    drafted(scene, title="还没想好的标题", opinions=[opinion])
    client.force_login(scene.liaison)
    text = client.get(NEW, {"opinion": opinion.pk}).content.decode()
    assert "已经形成另一件建议" in text
    assert "还没想好的标题" not in text
