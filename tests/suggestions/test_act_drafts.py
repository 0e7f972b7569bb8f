"""What is typed into an act and not sent: kept for who typed it, filled in again, forgotten."""

import pytest
from django.urls import reverse

from common.models import Draft
from suggestions import services
from suggestions.choices import Duty
from tests.suggestions.making import assigned, make_scene, replied, share_of, signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return make_scene()


@pytest.fixture
def row(scene):
    return signed(scene)


def keep(client, user, row, act, share=None, **typed):
    client.force_login(user)
    sent = {"seen": services.last_step(row), **({"share": share.pk} if share else {}), **typed}
    return client.post(reverse("suggestions:act_draft_keep", args=[row.pk, act]), sent)


def send(client, user, row, act, share, **typed):
    client.force_login(user)
    sent = {"seen": services.last_step(row), "share": share.pk, **typed}
    return client.post(reverse(f"suggestions:{act}", args=[row.pk]), sent)


def page(client, user, row):
    client.force_login(user)
    return client.get(reverse("suggestions:detail", args=[row.pk]))


def test_what_is_typed_comes_back_in_its_form(client, scene, row):
    share = share_of(row, scene.police_unit)
    answer = keep(client, scene.police, row, "send", share, text="已到现场", result_class="A")
    assert answer.json()["kept"]
    text = page(client, scene.police, row).content.decode()
    assert "已到现场</textarea>" in text
    assert "没有提交的内容" in text


def test_nobody_else_reads_what_is_not_sent_yet(client, scene, row):
    share = share_of(row, scene.police_unit)
    keep(client, scene.police, row, "send", share, text="还没想好")
    assert "还没想好" not in page(client, scene.office, row).content.decode()


def test_what_two_units_type_stays_apart(client, scene):
    row = assigned(scene, (scene.police_unit, Duty.SEPARATE), (scene.school_unit, Duty.SEPARATE))
    for unit, words in ((scene.police_unit, "归交警管"), (scene.school_unit, "归教育管")):
        keep(client, scene.office, row, "ask_return", share_of(row, unit), note=words)
    groups = page(client, scene.office, row).context["page"].others
    found = {group.label: form["note"].value() for group in groups for form in group.forms
             if form.name() == "ask_return"}  # fmt: skip
    assert found == {"区公安分局": "归交警管", "区教育局": "归教育管"}


def test_a_form_as_it_was_opened_is_no_draft(client, scene, row):
    share = share_of(row, scene.police_unit)
    keep(client, scene.police, row, "send", share, text="写了又删")
    assert Draft.objects.count() == 1
    answer = keep(client, scene.police, row, "send", share, text="")
    assert not answer.json()["kept"]
    assert not Draft.objects.exists()


def test_it_is_forgotten_when_the_act_is_done(client, scene, row):
    share = share_of(row, scene.police_unit)
    keep(client, scene.police, row, "send", share, text="已到现场", result_class="A")
    send(client, scene.police, row, "send", share, text="已到现场", result_class="A")
    assert not Draft.objects.exists()


def test_what_arrives_after_the_act_was_done_is_not_kept(client, scene, row):
    share, seen = share_of(row, scene.police_unit), services.last_step(row)
    send(client, scene.police, row, "contact", share, on="今天", how="phone", said="谈过")
    answer = keep(client, scene.police, row, "contact", share, seen=seen, said="谈过")
    assert answer.json()["kept"] is False
    assert not Draft.objects.exists()


def test_what_was_refused_stays_in_reach(client, scene, row):
    share = share_of(row, scene.police_unit)
    answer = send(client, scene.police, row, "ask_extension", share, until="2020年1月1日",
                  note="要选点")  # fmt: skip
    assert answer.status_code == 422
    assert "要选点" in page(client, scene.police, row).content.decode()


def test_words_for_an_act_that_is_gone_are_shown_until_thrown_away(client, scene, row):
    share = share_of(row, scene.police_unit)
    keep(client, scene.office, row, "send", share, text="代单位录入的答复", result_class="A")
    services.recall_suggestion(row, actor=scene.office, note="改派")
    text = page(client, scene.office, row).content.decode()
    assert "代单位录入的答复" in text
    assert "现在不能再提交" in text
    drop = reverse("suggestions:act_draft_drop", args=[row.pk, "send"])
    client.post(drop, {"share": share.pk})
    assert "代单位录入的答复" not in page(client, scene.office, row).content.decode()


def test_only_who_may_do_it_keeps_words_for_it(client, scene, row):
    assert keep(client, scene.liaison, row, "urge", note="快").status_code == 403
    assert keep(client, scene.office, row, "no-such-act", note="快").status_code == 404
    assert keep(client, scene.traffic, row, "sign", note="快").status_code == 404


def test_coming_back_to_the_address_of_an_act_leads_to_the_page(client, scene):
    row = replied(scene)
    share = share_of(row, scene.police_unit)
    keep(client, scene.lead.user, row, "rate", share, comment="希望开学前装好")
    answer = client.get(reverse("suggestions:rate", args=[row.pk]), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("suggestions:detail", args=[row.pk])
    text = answer.content.decode()
    assert "“评价”还没有提交" in text
    assert "希望开学前装好" in text


def test_after_logging_in_anew_one_stands_on_the_page_again(client, scene, row):
    share = share_of(row, scene.police_unit)
    address = reverse("suggestions:send", args=[row.pk])
    answer = client.post(address, {"share": share.pk, "text": "已到现场"})
    assert answer.url.endswith(f"?next={address}")
    client.force_login(scene.police)
    assert client.get(address).url == reverse("suggestions:detail", args=[row.pk])
