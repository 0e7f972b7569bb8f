"""Acts typed in on the page of a suggestion: done once, or refused with what was typed."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from stations.models import Category, Unit
from suggestions import services
from suggestions.choices import Duty, Part, State
from suggestions.models import Reply, Suggestion
from tests.factories import DeputyFactory, make_user
from tests.hostile import pdf, upload
from tests.suggestions.making import (
    DAY,
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


@pytest.fixture(autouse=True)
def _april(time_machine):
    """Wednesday, 15 April 2026."""
    time_machine.move_to("2026-04-15T10:00:00+08:00", tick=False)


@pytest.fixture
def scene():
    return make_scene()


def post(client, user, suggestion, act, share=None, seen=None, **typed):
    client.force_login(user)
    address = reverse(f"suggestions:{act}", args=[suggestion.pk])
    known = services.last_step(suggestion) if seen is None else seen
    sent = {"seen": known, **({"share": share.pk} if share else {}), **typed}
    return client.post(address, sent)


def stored(suggestion):
    return Suggestion.objects.get(pk=suggestion.pk)


def test_addresses_are_written_with_hyphens(scene):
    row = drafted(scene)
    assert reverse("suggestions:turn_back", args=[row.pk]).endswith(f"/{row.pk}/turn-back/")


def test_the_office_accepts_and_may_say_what_kind_it_is(client, scene):
    row = submitted(scene)
    answer = post(client, scene.office, row, "accept", kind="criticism")
    assert answer.status_code == 302
    assert (stored(row).code, stored(row).kind) == ("闭会第001号", "criticism")


def test_an_assignment_names_known_units_and_new_ones(client, scene):
    row = accepted(scene)
    post(
        client, scene.office, row, "assign", unit_0="区公安分局", duty_0="lead",
        unit_2="区气象局", duty_2="assist", note="请先到现场看",
    )  # fmt: skip
    found = [(str(one.unit), one.duty) for one in row.handlings.order_by("position")]
    assert found == [("区公安分局", "lead"), ("区气象局", "assist")]
    assert not Unit.objects.get(name="区气象局").confirmed


def test_one_unit_alone_is_sole(client, scene):
    row = accepted(scene)
    post(client, scene.office, row, "assign", unit_0="区公安分局", duty_0="lead")
    assert row.handlings.get().duty == Duty.SOLE


def test_an_assignment_that_is_refused_keeps_what_was_typed_and_no_new_unit(client, scene):
    row = accepted(scene)
    answer = post(
        client, scene.office, row, "assign", unit_0="区气象局", duty_0="assist",
        unit_1="区教育局", duty_1="assist", note="请抓紧",
    )  # fmt: skip
    assert answer.status_code == 422
    text = answer.content.decode()
    assert 'value="区气象局"' in text
    assert "请抓紧" in text
    assert "请填写主办" in text
    assert not Unit.objects.filter(name="区气象局").exists()
    assert stored(row).state == State.ACCEPTED


def test_a_unit_signs_and_names_its_clerk(client, scene):
    row = assigned(scene)
    share = share_of(row, scene.police_unit)
    assert post(client, scene.police, row, "sign", share, clerk="潘勇波").status_code == 302
    share.refresh_from_db()
    assert (share.state, share.clerk) == (Part.WORKING, "潘勇波")


def test_a_unit_cannot_act_for_another(client, scene):
    row = assigned(scene, (scene.police_unit, Duty.SEPARATE), (scene.traffic_unit, Duty.SEPARATE))
    other = share_of(row, scene.traffic_unit)
    assert post(client, scene.police, row, "sign", other).status_code == 403
    other.refresh_from_db()
    assert other.state == Part.WAITING


def test_a_unit_that_is_gone_asks_for_a_fresh_page(client, scene):
    row = assigned(scene)
    client.force_login(scene.police)
    address = reverse("suggestions:sign", args=[row.pk])
    answer = client.post(address, {"seen": services.last_step(row), "share": "999999"})
    assert answer.status_code == 422
    assert "承办单位已有变动，请刷新页面" in answer.content.decode()


def test_a_letter_comes_with_its_file_and_its_promise(client, scene):
    row = signed(scene)
    share = share_of(row, scene.police_unit)
    answer = post(
        client, scene.police, row, "send", share, result_class="B", text="列入计划",
        document_no="临公函〔2026〕12号", contact="潘勇波", promise="装信号灯",
        promised_until="2026年9月30日", file=upload("答复函.pdf", pdf()),
    )  # fmt: skip
    assert answer.status_code == 302
    reply = Reply.objects.get(handling=share)
    assert (reply.file_name, reply.document_no) == ("答复函.pdf", "临公函〔2026〕12号")
    assert reply.class_words == "正在解决或列入规划"
    assert reply.promise.due_on == DAY(2026, 9, 30)


def test_a_file_that_is_not_taken_is_named_and_the_letter_stays(client, scene):
    row = signed(scene)
    answer = post(
        client, scene.police, row, "send", share_of(row, scene.police_unit), result_class="A",
        text="已经装好", file=upload("答复函.exe", b"MZ\x90\x00"),
    )  # fmt: skip
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "“答复函.exe”不是照片" in text
    assert "已经装好</textarea>" in text
    assert not Reply.objects.exists()


def test_class_b_without_a_day_is_asked_for_it_at_the_field(client, scene):
    row = signed(scene)
    answer = post(
        client, scene.police, row, "send", share_of(row, scene.police_unit), result_class="B",
        text="列入计划",
    )  # fmt: skip
    assert "B 类答复请写明承诺什么时候办结" in answer.content.decode()


def test_what_was_countersigned_is_sent_as_it_is(client, scene):
    row = assigned(scene, (scene.police_unit, Duty.LEAD), (scene.school_unit, Duty.ASSIST))
    police, school = share_of(row, scene.police_unit), share_of(row, scene.school_unit)
    for share, user in ((police, scene.police), (school, scene.school)):
        post(client, user, row, "sign", share)
    post(client, scene.police, row, "circulate", police, result_class="A", text="已经装好")
    post(client, scene.school, row, "countersign", school)
    post(client, scene.police, row, "send", police, text="改过的答复", result_class="C")
    reply = Reply.objects.get(handling=police)
    assert (reply.text, reply.result_class) == ("已经装好", "A")
    assert stored(row).state == State.REVIEWING


def test_the_office_corrects_the_class_when_it_releases(client, scene):
    row = signed(scene)
    share = share_of(row, scene.police_unit)
    services.send_reply(row, share, letter("A"), actor=scene.police)
    post(client, scene.office, row, "release", share, result_class="C")
    reply = Reply.objects.get(handling=share)
    assert (reply.unit_class, reply.result_class) == ("A", "C")
    text = client.get(reverse("suggestions:detail", args=[row.pk])).content.decode()
    assert "单位报 A 类" in text


def test_a_deputy_rates_and_has_to_say_what_is_wrong(client, scene):
    row = replied(scene)
    share = share_of(row, scene.police_unit)
    said = {"attitude": "mostly", "outcome": "unsatisfied"}
    answer = post(client, scene.lead.user, row, "rate", share, **said)
    assert answer.status_code == 422
    assert "请写明哪里不满意" in answer.content.decode()
    answer = post(client, scene.lead.user, row, "rate", share, comment="太晚", **said)
    assert answer.status_code == 302
    assert stored(row).round == 2


def test_a_rating_sent_twice_is_one_rating_and_one_answer(client, scene):
    row = replied(scene)
    share = share_of(row, scene.police_unit)
    seen = services.last_step(row)
    said = {"attitude": "mostly", "outcome": "unsatisfied", "comment": "太晚", "seen": seen}
    for _ in range(2):
        answer = post(client, scene.lead.user, row, "rate", share, **said)
        assert answer.status_code == 302
    assert row.steps.filter(act="rate").count() == 1


def test_another_act_from_an_old_page_is_refused(client, scene):
    row = submitted(scene)
    seen = services.last_step(row)
    post(client, scene.office, row, "accept", kind="suggestion", seen=seen)
    answer = post(client, scene.office, row, "reject", note="不属于本级职权", seen=seen)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "刚刚有人办理过" in text
    assert "不属于本级职权" in text
    assert stored(row).state == State.ACCEPTED


def test_the_same_act_by_somebody_else_is_no_double_click(client, scene):
    row = assigned(scene)
    share = share_of(row, scene.police_unit)
    seen = services.last_step(row)
    post(client, scene.police, row, "sign", share, seen=seen)
    assert post(client, scene.office, row, "sign", share, seen=seen).status_code == 422


def test_only_who_keys_in_a_paper_says_on_which_day(client, scene):
    row = assigned(scene)
    share = share_of(row, scene.police_unit)
    assert 'name="on"' not in page(client, scene.police, row)
    assert 'name="on"' in page(client, scene.office, row)
    post(client, scene.office, row, "sign", share, on="4月15日")
    share.refresh_from_db()
    assert share.signed_on == DAY(2026, 4, 15)


def page(client, user, row):
    client.force_login(user)
    return client.get(reverse("suggestions:detail", args=[row.pk])).content.decode()


def test_staff_key_in_whose_signature_it_is(client, scene):
    row = drafted(scene, actor=scene.liaison, signers=[scene.second])
    services.invite_signers(row, actor=scene.liaison)
    assert post(client, scene.liaison, row, "agree").status_code == 422
    answer = post(client, scene.liaison, row, "agree", deputy=scene.second.pk)
    assert answer.status_code == 302
    assert row.signatures.get().on_paper


def test_who_declines_reads_it_no_more_and_is_led_to_the_list(client, scene):
    row = drafted(scene, signers=[scene.second])
    services.invite_signers(row, actor=scene.lead.user)
    answer = post(client, scene.second.user, row, "decline", note="")
    assert answer.url == reverse("suggestions:list")


def test_what_is_none_of_ones_business_is_refused_before_it_is_read(client, scene):
    row = signed(scene)
    for user, act in (
        (scene.liaison, "urge"), (scene.lead.user, "release"), (scene.police, "withdraw"),
        (scene.township, "assign"), (scene.second.user, "rate"),
    ):  # fmt: skip
        expected = 404 if user == scene.second.user else 403
        assert post(client, user, row, act).status_code == expected


def test_two_are_merged_from_the_list_of_like_ones(client, scene):
    first = accepted(scene)
    second = accepted(scene, title="关于石桥中学路口减速带的建议")
    answer = post(client, scene.office, first, "merge", others=[second.pk], merge="")
    assert answer.status_code == 302
    assert stored(second).merged_into == first
    assert post(client, scene.office, second, "split").status_code == 302
    assert stored(second).merged_into is None


def test_marks_are_set_and_taken_away(client, scene):
    row = accepted(scene)
    post(client, scene.office, row, "mark", is_key="on", key_leader="王主任", is_public="on")
    assert (stored(row).is_key, stored(row).key_leader, stored(row).is_public) == (
        True, "王主任", True,
    )  # fmt: skip
    post(client, scene.office, row, "mark")
    assert not stored(row).is_key


def test_contact_extension_and_return_are_written_down(client, scene):
    row = signed(scene)
    share = share_of(row, scene.police_unit)
    done = [
        post(client, scene.police, row, "contact", share, on="今天", how="calling", who="石刚"),
        post(client, scene.police, row, "ask_extension", share, until="2026年9月15日", note="雨季"),
        post(client, scene.office, row, "refuse_extension", share, note="按期办"),
        post(
            client, scene.police, row, "ask_return", share, note="归交通",
            proposed_unit="区交通运输局",
        ),
        post(client, scene.office, row, "agree_return", share),
    ]  # fmt: skip
    assert [answer.status_code for answer in done] == [302] * 5
    assert stored(row).state == State.ACCEPTED
    assert 'value="区交通运输局"' in page(client, scene.office, row)


def test_units_that_answer_apart_do_not_stand_in_each_others_way(client, scene):
    row = assigned(scene, (scene.police_unit, Duty.SEPARATE), (scene.school_unit, Duty.SEPARATE))
    police, school = share_of(row, scene.police_unit), share_of(row, scene.school_unit)
    services.sign_for(row, police, actor=scene.police)
    seen = services.last_step(row)
    services.sign_for(row, school, actor=scene.school)
    answer = post(
        client, scene.police, row, "send", police, seen=seen, result_class="A", text="已经装好"
    )
    assert answer.status_code == 302
    assert Reply.objects.get(handling=police).text == "已经装好"


def test_being_urged_and_having_met_the_deputy_leave_a_letter_in_date(client, scene):
    row = signed(scene)
    share, seen = share_of(row, scene.police_unit), services.last_step(row)
    services.urge_suggestion(row, actor=scene.office)
    services.record_contact(row, share, actor=scene.police, how="phone", on=DAY(2026, 4, 15))
    answer = post(client, scene.police, row, "send", share, seen=seen, result_class="A", text="好")
    assert answer.status_code == 302


def test_a_letter_sent_round_anew_is_not_signed_as_it_was(client, scene):
    row = assigned(scene, (scene.police_unit, Duty.LEAD), (scene.school_unit, Duty.ASSIST))
    police, school = share_of(row, scene.police_unit), share_of(row, scene.school_unit)
    for share, user in ((police, scene.police), (school, scene.school)):
        services.sign_for(row, share, actor=user)
    services.circulate_letter(row, police, letter(), actor=scene.police)
    seen = services.last_step(row)
    services.circulate_letter(row, police, letter(text="改过的答复"), actor=scene.police)
    answer = post(client, scene.school, row, "countersign", school, seen=seen, note="同意")
    assert answer.status_code == 422
    assert "同意</textarea>" in answer.content.decode()
    assert post(client, scene.school, row, "countersign", school, note="同意").status_code == 302


def test_what_was_recalled_meanwhile_takes_no_letter(client, scene):
    row = assigned(scene, (scene.police_unit, Duty.LEAD), (scene.school_unit, Duty.ASSIST))
    police = share_of(row, scene.police_unit)
    services.sign_for(row, police, actor=scene.police)
    seen = services.last_step(row)
    services.recall_suggestion(row, actor=scene.office, note="改派")
    answer = post(client, scene.office, row, "send", police, seen=seen, result_class="A", text="好")
    assert answer.status_code == 422
    assert not Reply.objects.exists()


def test_the_office_recalls_only_what_it_has_seen(client, scene):
    row = signed(scene)
    share, seen = share_of(row, scene.police_unit), services.last_step(row)
    services.send_reply(row, share, letter(), actor=scene.police)
    answer = post(client, scene.office, row, "recall", note="改派", seen=seen)
    assert answer.status_code == 422
    assert "刚刚有人办理过" in answer.content.decode()
    assert stored(row).state == State.REVIEWING


def test_of_two_reviewers_one_decides(client, scene):
    row = signed(scene)
    share = share_of(row, scene.police_unit)
    services.send_reply(row, share, letter(), actor=scene.police)
    seen = services.last_step(row)
    services.release_reply(row, share, actor=scene.office)
    answer = post(client, scene.office, row, "send_back", share, seen=seen, note="写明日期")
    assert answer.status_code == 422
    assert "写明日期" in answer.content.decode()
    assert stored(row).state == State.REPLIED


def test_two_deputies_sign_at_the_same_time(client, scene):
    third = DeputyFactory(station=scene.station, name="廖波英")
    third.user = make_user(Role.DEPUTY, scene.station, name="廖波英")
    third.save()
    row = drafted(scene, signers=[scene.second, third])
    services.invite_signers(row, actor=scene.lead.user)
    seen = services.last_step(row)
    for user in (scene.second.user, third.user):
        assert post(client, user, row, "agree", seen=seen).status_code == 302
    assert {one.consent for one in row.signatures.all()} == {"agreed"}


def said(answer, client):
    return client.get(answer.url).content.decode()


def test_what_was_done_is_said_with_the_title(client, scene):
    answer = post(client, scene.office, submitted(scene), "accept", kind="suggestion")
    assert "《关于石桥中学路口设置信号灯的建议》：已接收，编为闭会第001号" in said(answer, client)


def test_a_category_is_set_at_acceptance(client, scene):
    category = Category.objects.filter(parent=None, active=True).first()
    row = submitted(scene)
    post(client, scene.office, row, "accept", kind="suggestion", category=category.pk)
    assert stored(row).category == category
    assert row.steps.get(act="accept").facts["类别"] == f"未分类 → {category}"


def test_a_deputy_who_is_not_satisfied_reads_what_happens_now(client, scene):
    row = replied(scene)
    answer = post(
        client, scene.lead.user, row, "rate", share_of(row, scene.police_unit),
        attitude="mostly", outcome="unsatisfied", comment="太晚",
    )  # fmt: skip
    text = said(answer, client)
    assert "已交区公安分局重新办理（第 2 轮），应在 2026年5月15日前再次答复您" in text


def test_after_urging_the_slip_is_one_click_away(client, scene):
    row = signed(scene)
    text = said(post(client, scene.office, row, "urge", note="请抓紧"), client)
    slip = reverse("suggestions:paper", args=[row.pk, "urge"])
    assert f'href="{slip}?step={row.steps.get(act="urge").pk}"' in text


def test_urging_twice_a_day_is_asked_about(client, scene):
    row = signed(scene)
    post(client, scene.office, row, "urge")
    answer = post(client, scene.office, row, "urge", note="再催")
    assert answer.status_code == 422
    assert "今天已经催办过一次" in answer.content.decode()
    assert post(client, scene.office, row, "urge", note="再催", again="on").status_code == 302
    assert row.steps.filter(act="urge").count() == 2


def test_a_double_click_urges_once_and_asks_nothing(client, scene):
    row = signed(scene)
    seen = services.last_step(row)
    for _ in range(2):
        assert post(client, scene.office, row, "urge", seen=seen).status_code == 302
    assert row.steps.filter(act="urge").count() == 1
