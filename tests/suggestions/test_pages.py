"""The page of one suggestion, and what it says to whom."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.files import accept
from suggestions import services
from suggestions.choices import Duty
from suggestions.models import Suggestion
from tests.factories import UnitFactory, make_reception
from tests.hostile import pdf, upload
from tests.suggestions.making import (
    DAY,
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
from visits.models import Opinion

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _april(time_machine):
    """Wednesday, 15 April 2026."""
    time_machine.move_to("2026-04-15T10:00:00+08:00", tick=False)


@pytest.fixture
def scene():
    return make_scene()


def page_of(suggestion):
    return reverse("suggestions:detail", args=[suggestion.pk])


def shown(client, user, suggestion, **query):
    client.force_login(user)
    return client.get(page_of(suggestion), query)


def box(client, user, suggestion):
    found = shown(client, user, suggestion).context["page"].box
    return found.name() if found else ""


def others(client, user, suggestion):
    groups = shown(client, user, suggestion).context["page"].others
    return {group.label: [form.name() for form in group.forms] for group in groups}


def joined(scene, **fields):
    row = assigned(
        scene, (scene.police_unit, Duty.LEAD), (scene.school_unit, Duty.ASSIST), **fields
    )
    for unit, clerk in ((scene.police_unit, scene.police), (scene.school_unit, scene.school)):
        services.sign_for(row, share_of(row, unit), actor=clerk)
    return row


def test_the_box_holds_what_the_reader_is_to_do_next(client, scene):
    row = drafted(scene, signers=[scene.second])
    assert box(client, scene.lead.user, row) == "invite"
    services.invite_signers(row, actor=scene.lead.user)
    assert box(client, scene.second.user, row) == "agree"
    assert box(client, scene.lead.user, row) == "submit"
    services.submit_suggestion(row, actor=scene.lead.user)
    assert box(client, scene.office, row) == "accept"
    assert box(client, scene.lead.user, row) == ""
    services.accept_suggestion(row, actor=scene.office)
    assert box(client, scene.office, row) == "assign"


def test_units_then_office_then_deputy_are_led_through_the_answer(client, scene):
    row = joined(scene)
    assert box(client, scene.police, row) == "circulate"
    assert box(client, scene.school, row) == "opine"
    police, school = share_of(row, scene.police_unit), share_of(row, scene.school_unit)
    services.circulate_letter(row, police, letter(), actor=scene.police)
    assert box(client, scene.school, row) == "countersign"
    assert box(client, scene.police, row) == ""
    assert "区教育局还没有会签" in shown(client, scene.police, row).content.decode()
    services.countersign(row, school, actor=scene.school)
    assert box(client, scene.police, row) == "send"
    services.send_reply(row, police, actor=scene.police)
    assert box(client, scene.office, row) == "release"
    services.release_reply(row, police, actor=scene.office)
    assert box(client, scene.lead.user, row) == "rate"


def test_a_letter_that_came_back_is_sent_round_anew(client, scene):
    row = joined(scene)
    police, school = share_of(row, scene.police_unit), share_of(row, scene.school_unit)
    services.circulate_letter(row, police, letter(), actor=scene.police)
    services.countersign(row, school, actor=scene.school)
    services.send_reply(row, police, actor=scene.police)
    services.send_back_reply(row, police, actor=scene.office, note="写明完工日期")
    assert box(client, scene.police, row) == "circulate"


def test_the_office_keys_in_for_each_unit_behind_its_name(client, scene):
    found = others(client, scene.office, joined(scene))
    assert "circulate" in found["区公安分局"]
    assert "opine" in found["区教育局"]
    assert "send" not in found["区教育局"]
    assert {"urge", "supervise", "recall", "mark"} <= set(found[""])


def test_staff_of_the_station_read_and_do_nothing_with_what_units_have(client, scene):
    page = shown(client, scene.liaison, joined(scene)).context["page"]
    assert page.box is None
    assert [form.name() for group in page.others for form in group.forms] == ["withdraw"]


def test_the_clock_that_runs_is_said_with_its_reason(client, scene):
    text = shown(client, scene.police, signed(scene)).content.decode()
    assert "区公安分局应在 2026年7月15日（星期三）前答复代表" in text
    assert "2026年4月15日交办，当日不计" in text


def test_an_overdue_clock_is_red_and_counts_its_days(client, scene, time_machine):
    row = signed(scene)
    time_machine.move_to("2026-07-19T10:00:00+08:00", tick=False)
    text = shown(client, scene.office, row).content.decode()
    assert 'class="deadline-n due-late"' in text
    assert "超期 <b>4</b> 天" in text


def test_an_extended_day_keeps_the_first_one_in_sight(client, scene):
    row = signed(scene)
    share = share_of(row, scene.police_unit)
    services.ask_for_extension(
        row, share, actor=scene.police, until=DAY(2026, 9, 15), note="等雨季过后"
    )
    asked = shown(client, scene.office, row)
    assert "区公安分局申请延期到 2026年9月15日" in asked.content.decode()
    [request] = asked.context["page"].requests
    assert [form.name() for form in request.forms] == ["grant_extension", "refuse_extension"]
    services.grant_extension(row, share, actor=scene.office)
    assert "原定 7月15日，已延期" in shown(client, scene.police, row).content.decode()


def test_a_unit_that_asks_to_return_it_stands_before_the_office(client, scene):
    row = assigned(scene)
    share = share_of(row, scene.police_unit)
    services.ask_to_return(
        row, share, actor=scene.police, note="归交通部门管", proposed_unit="区交通运输局"
    )
    text = shown(client, scene.office, row).content.decode()
    assert "区公安分局申请退办，建议改由区交通运输局办理" in text
    own = shown(client, scene.police, row).context["page"]
    assert [request.forms for request in own.requests] == [[]]


def test_a_second_round_tells_why_and_keeps_the_first_letter(client, scene):
    row = rated(scene, outcome="unsatisfied")
    text = shown(client, scene.lead.user, row).content.decode()
    assert "第 1 轮：4月15日交办，4月15日答复，4月15日代表对办理结果不满意，因此重办。" in text
    assert "临公函〔2026〕11号" in text
    assert "下半年太晚" in text
    assert "第 2 轮承办单位" in text


def test_the_deputy_does_not_read_the_letter_before_it_is_released(client, scene):
    row = joined(scene)
    school = share_of(row, scene.school_unit)
    services.give_opinion(row, school, actor=scene.school, note="上学时段最挤")
    services.circulate_letter(row, share_of(row, scene.police_unit), letter(), actor=scene.police)
    for user, reads in (
        (scene.office, True), (scene.school, True), (scene.lead.user, False),
        (scene.liaison, False),
    ):  # fmt: skip
        text = shown(client, user, row).content.decode()
        assert ("信号灯已装好" in text) is reads
        assert ("上学时段最挤" in text) is reads


def test_the_file_of_a_letter_is_for_who_reads_the_letter(client, scene):
    row = signed(scene)
    share = share_of(row, scene.police_unit)
    paper = accept(upload("答复函.pdf", pdf()))
    services.send_reply(row, share, letter(file=paper), actor=scene.police)
    share = share_of(row, scene.police_unit)
    address = reverse("suggestions:reply_file", args=[row.pk, share.reply.pk])
    client.force_login(scene.lead.user)
    assert client.get(address).status_code == 404
    services.release_reply(row, share, actor=scene.office)
    answer = client.get(address)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "private" in answer["Cache-Control"]
    client.force_login(scene.stranger)
    assert client.get(address).status_code == 403


def test_a_clerk_reads_neither_source_nor_visitor(client, scene):
    visit = make_reception(
        scene.station, actor=scene.liaison, deputies=[scene.lead], visitor_name="周大妈",
        phone="13800001234", opinions=[{"statement": "路口太危险"}],
    )  # fmt: skip
    opinion = Opinion.objects.get(reception=visit)
    row = signed(scene, opinions=[opinion])
    link = reverse("visits:opinion_detail", args=[opinion.pk])
    assert link in shown(client, scene.liaison, row).content.decode()
    text = shown(client, scene.police, row).content.decode()
    for word in (link, "告诉反映人", "周大妈", "13800001234", opinion.code, "路口太危险"):
        assert word not in text


def test_who_was_asked_to_sign_and_what_they_said(client, scene):
    row = drafted(scene, signers=[scene.second])
    services.invite_signers(row, actor=scene.lead.user)
    assert "待答复" in shown(client, scene.lead.user, row).content.decode()
    services.answer_invitation(row, actor=scene.second.user, agrees=True)
    assert box(client, scene.second.user, row) == ""
    assert "邵腾绍附议" in shown(client, scene.lead.user, row).content.decode()


def test_what_was_merged_is_linked_both_ways(client, scene):
    first, second = accepted(scene), accepted(scene, title="关于石桥中学路口的另一建议")
    services.merge_suggestions(first, [second], actor=scene.office)
    assert page_of(second) in shown(client, scene.office, first).content.decode()
    text = shown(client, scene.office, second).content.decode()
    assert page_of(first) in text
    assert "已并案" in text


def test_like_suggestions_are_offered_for_merging(client, scene):
    first = accepted(scene)
    accepted(scene, title="关于石桥中学路口减速带的建议")
    accepted(scene, title="关于图书馆的建议")
    page = shown(client, scene.office, first, merge="").context["page"]
    assert [row.title for row in page.merge.found] == ["关于石桥中学路口减速带的建议"]
    page = shown(client, scene.office, first, merge="图书馆").context["page"]
    assert [row.title for row in page.merge.found] == ["关于图书馆的建议"]


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (services.reject_suggestion, "不予接收：不属于本级职权"),
        (services.refer_suggestion, "转作参考：不属于本级职权"),
    ],
)
def test_what_goes_no_further_says_why(client, scene, end, words):
    row = submitted(scene)
    end(row, actor=scene.office, note="不属于本级职权")
    assert words in shown(client, scene.lead.user, row).content.decode()


def test_what_people_type_is_never_markup(client, scene):
    bad = "<script>alert(1)</script>"
    row = signed(scene, title=f"关于{bad}的建议", content=f"内容{bad}")
    share = share_of(row, scene.police_unit)
    services.send_reply(row, share, letter(text=f"答复{bad}"), actor=scene.police)
    services.release_reply(row, share, actor=scene.office)
    services.rate_reply(
        row, share, actor=scene.lead.user, attitude="mostly", outcome="mostly",
        comment=f"意见{bad}",
    )  # fmt: skip
    text = shown(client, scene.lead.user, row).content.decode()
    assert bad not in text
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 4


def test_a_draft_is_nobody_elses(client, scene):
    row = drafted(scene)
    for user in (scene.office, scene.liaison, scene.second.user):
        assert shown(client, user, row).status_code == 404


def test_the_page_asks_no_more_for_ten_units_and_many_steps(client, scene):
    few = replied(scene)
    units = [(unit, Duty.SEPARATE) for unit in ten_units(scene)]
    many = assigned(scene, *units)
    for share in many.handlings.all():
        services.sign_for(many, share, actor=scene.office, clerk="潘勇波")
        services.send_reply(many, share, letter(), actor=scene.office)
        services.release_reply(many, share, actor=scene.office)
    counts = [queries_of(client, scene.lead.user, row) for row in (few, many)]
    assert counts[0] == counts[1]
    assert counts[0] <= 22


def ten_units(scene):
    return [UnitFactory(area=scene.area) for _ in range(10)]


def queries_of(client, user, suggestion):
    client.force_login(user)
    client.get(page_of(suggestion))
    with CaptureQueriesContext(connection) as asked:
        assert client.get(page_of(suggestion)).status_code == 200
    return len(asked)


def test_every_state_has_a_page_for_every_reader(client, scene):
    rows = [
        submitted(scene), accepted(scene), assigned(scene), signed(scene), replied(scene),
        rated(scene), rated(scene, outcome="unsatisfied"),
    ]  # fmt: skip
    archived = rated(scene)
    rows.append(services.archive_suggestion(archived, actor=scene.office))
    for row in rows:
        for user in (scene.office, scene.township, scene.liaison, scene.lead.user, scene.police):
            seen = Suggestion.objects.visible_to(user).filter(pk=row.pk).exists()
            assert shown(client, user, row).status_code == (200 if seen else 404)


def test_a_deputy_signs_or_does_not_at_the_same_place(client, scene):
    row = drafted(scene, signers=[scene.second])
    services.invite_signers(row, actor=scene.lead.user)
    page = shown(client, scene.second.user, row).context["page"]
    assert [form.name() for form in page.beside] == ["decline"]
    assert page.reads_content_first


def test_what_the_office_may_do_instead_stands_in_the_order_of_need(client, scene):
    row = submitted(scene)
    page = shown(client, scene.office, row).context["page"]
    assert page.box.name() == "accept"
    assert [form.name() for form in page.beside] == ["turn_back", "refer", "reject"]


def test_what_was_sent_back_is_changed_before_it_is_submitted_anew(client, scene):
    row = submitted(scene)
    services.turn_back_suggestion(row, actor=scene.office, note="写明路段")
    page = shown(client, scene.lead.user, row).context["page"]
    assert page.changes_first
    assert page.box is None
    services.change_suggestion(row, actor=scene.lead.user, version=stored_version(row))
    assert box(client, scene.lead.user, row) == "submit"


def stored_version(row):
    return Suggestion.objects.values_list("version", flat=True).get(pk=row.pk)


def test_more_time_is_not_offered_to_a_clerk_once_the_day_has_passed(client, scene, time_machine):
    row = signed(scene)
    assert "ask_extension" in others(client, scene.police, row)[""]
    time_machine.move_to("2026-07-16T10:00:00+08:00", tick=False)
    answer = shown(client, scene.police, row)
    assert "答复期限 2026年7月15日已经过了，不能再申请延期" in answer.content.decode()
    assert "ask_extension" not in others(client, scene.police, row)[""]


def test_a_rating_on_paper_has_a_place_of_its_own(client, scene):
    row = replied(scene)
    page = shown(client, scene.office, row).context["page"]
    assert page.box is None
    assert [form.name() for form in page.on_paper] == ["rate"]
    assert "据纸质征询意见表录入" in shown(client, scene.office, row).content.decode()
    assert shown(client, scene.lead.user, row).context["page"].on_paper == []


def test_the_letter_stands_before_the_form_about_it_and_nowhere_else(client, scene):
    text = shown(client, scene.lead.user, replied(scene)).content.decode()
    assert text.count("信号灯已装好") == 1
    assert text.index("信号灯已装好") < text.index("对办理结果满意吗")


def test_before_an_answer_is_sent_one_is_asked_whether_the_deputy_was_met(client, scene):
    row = signed(scene)
    assert "还没有登记面商" in shown(client, scene.police, row).content.decode()
    services.record_contact(
        row, share_of(row, scene.police_unit), actor=scene.police, how="phone", on=DAY(2026, 4, 15)
    )
    assert "还没有登记面商" not in shown(client, scene.police, row).content.decode()


def test_who_is_asked_to_sign_is_named_among_the_facts(client, scene):
    row = drafted(scene, signers=[scene.second])
    text = shown(client, scene.lead.user, row).content.decode()
    assert "待答复：邵腾绍" in text


def test_the_reckoning_of_the_day_is_said_once(client, scene):
    text = shown(client, scene.police, signed(scene)).content.decode()
    assert text.count("2026年4月15日交办，当日不计") == 1
