"""交办单, 督办单, 答复函, 征询意见表, 建议用纸 and 办理情况: who may have them, what they say."""

from io import BytesIO

import pytest
from django.urls import reverse
from docx import Document

from suggestions import services
from suggestions.choices import Duty
from suggestions.documents import offered_papers
from suggestions.models import Handling, Suggestion
from tests.factories import DeputyFactory, make_reception
from tests.suggestions.making import (
    DAY,
    assigned,
    drafted,
    letter,
    make_scene,
    rated,
    replied,
    share_of,
    signed,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _march(time_machine):
    time_machine.move_to("2026-03-02T10:00:00+08:00", tick=False)


@pytest.fixture
def scene():
    made = make_scene()
    made.lead.phone = "13800135678"
    made.lead.save()
    return made


@pytest.fixture
def shared(scene):
    """The police lead, the school assists."""
    return assigned(scene, (scene.police_unit, Duty.LEAD), (scene.school_unit, Duty.ASSIST))


def get(client, user, row, kind, name="paper", **query):
    client.force_login(user)
    return client.get(reverse(f"suggestions:{name}", args=[row.pk, kind]), query)


def text_of(client, user, row, kind, **query):
    answer = get(client, user, row, kind, **query)
    assert answer.status_code == 200
    return answer.content.decode()


def word_of(client, user, row, kind, **query):
    """The Word document as text, line by line, boxes included."""
    answer = get(client, user, row, kind, "paper_word", **query)
    assert answer.status_code == 200
    paper = Document(BytesIO(b"".join(answer.streaming_content)))
    lines = [one.text for one in paper.paragraphs]
    lines += [cell.text for table in paper.tables for line in table.rows for cell in line.cells]
    return "\n".join(lines)


def labels(user, row):
    row = Suggestion.objects.for_page().get(pk=row.pk)
    shares = list(Handling.objects.filter(suggestion=row).for_page())
    return [one.label for one in offered_papers(user, row, shares)]


def test_the_slip_tells_a_lead_unit_what_until_when_and_with_whom(client, scene, shared):
    text = text_of(client, scene.police, shared, "assign")
    for words in (
        "区公安分局：", "闭会第001号", "临溪区第五届人大第四次会议闭会期间",
        "石桥中学门前没有信号灯，学生横穿马路十分危险。", "13800135678",
        "主办：区公安分局；协办：区教育局", "签收：2026年3月5日前", "申请退办：2026年3月11日前",
        "答复：2026年6月2日前（2026年3月2日交办，当日不计", "面商", "与协办单位区教育局协商",
        "A 已解决或基本解决", "签收栏", "临溪区人大常委会代表工作委员会",
    ):  # fmt: skip
        assert words in text


def test_the_slip_of_an_assisting_unit_asks_for_an_opinion_and_not_for_an_answer(
    client, scene, shared
):
    text = text_of(client, scene.school, shared, "assign")
    assert "提出协办意见：2026年4月2日前" in text
    assert "不直接答复代表" in text
    assert "区公安分局：</p>" not in text


def test_the_word_document_says_what_the_page_says(client, scene, shared):
    text = word_of(client, scene.police, shared, "assign")
    for words in (
        "代表建议交办单",
        "区公安分局：",
        "13800135678",
        "答复：2026年6月2日前",
        "签收栏",
    ):
        assert words in text


def test_a_file_is_named_by_paper_number_and_unit(client, scene, shared):
    answer = get(client, scene.police, shared, "assign", "paper_word")
    named = answer.headers["Content-Disposition"]
    # 交办单-闭会第001号-区公安分局.docx
    assert "%E4%BA%A4%E5%8A%9E%E5%8D%95-%E9%97%AD%E4%BC%9A%E7%AC%AC001%E5%8F%B7-" in named
    assert named.endswith(".docx")


def test_a_long_text_is_an_annex_of_the_slip(client, scene):
    row = assigned(scene, content="路口没有信号灯。\n" * 60)
    text = text_of(client, scene.police, row, "assign")
    assert "见附件。" in text
    assert text.count("<p>路口没有信号灯。</p>") == 60


def test_the_office_prints_one_slip_for_each_unit_or_that_of_one(client, scene, shared):
    text = text_of(client, scene.office, shared, "assign")
    assert "区公安分局：</p>" in text
    assert "区教育局：</p>" in text
    own = share_of(shared, scene.school_unit).pk
    text = text_of(client, scene.office, shared, "assign", share=own)
    assert "区公安分局：</p>" not in text


def test_a_unit_does_not_print_the_slip_of_another(client, scene, shared):
    other = share_of(shared, scene.police_unit).pk
    assert get(client, scene.school, shared, "assign", share=other).status_code == 403
    assert get(client, scene.traffic, shared, "assign").status_code == 404


def test_only_office_unit_and_deputy_read_the_phone_whole(client, scene, shared):
    for user in (scene.office, scene.police, scene.lead.user):
        assert "13800135678" in text_of(client, user, shared, "assign")
    for user in (scene.liaison, scene.township):
        text = text_of(client, user, shared, "assign")
        assert "138****5678" in text
        assert "13800135678" not in text


def test_a_unit_that_is_through_reads_the_phone_masked(client, scene):
    row = rated(scene)
    text = text_of(client, scene.police, row, "assign")
    assert "138****5678" in text
    assert "13800135678" not in text


def test_a_second_round_says_what_did_not_satisfy(client, scene):
    row = rated(scene, outcome="unsatisfied")
    text = text_of(client, scene.police, row, "assign")
    assert "代表建议重新交办单" in text
    assert "对办理结果：不满意。下半年太晚" in text
    assert "重新答复：2026年4月2日前" in text


def test_the_slip_of_a_supervision_counts_how_late_it_was_that_day(
    client, scene, shared, time_machine
):
    time_machine.move_to("2026-06-20T10:00:00+08:00", tick=False)
    services.supervise_suggestion(shared, actor=scene.office, note="请于7月10日前书面答复。")
    step = shared.steps.get(act="supervise")
    time_machine.move_to("2026-07-20T10:00:00+08:00", tick=False)
    text = text_of(client, scene.police, shared, "urge", step=step.pk)
    assert "代表建议督办单" in text
    assert "已超过答复期限 18 天，现予督办" in text
    assert "答复：2026年6月2日前，已超期 18 天。" in text
    assert "请于7月10日前书面答复。" in text
    assert "闭会第001号督办单回执" in text
    assert "提出协办意见" not in text
    assert "已超过提出协办意见期限 79 天" in text_of(
        client, scene.school, shared, "urge", step=step.pk
    )


def test_only_units_that_owe_something_are_urged_on_paper(client, scene, shared):
    school = share_of(shared, scene.school_unit)
    services.sign_for(shared, school, actor=scene.school)
    services.give_opinion(shared, school, actor=scene.school, note="上学时段最挤")
    services.urge_suggestion(shared, actor=scene.office)
    text = text_of(client, scene.office, shared, "urge")
    assert "代表建议催办单" in text
    assert "区公安分局：</p>" in text
    assert "区教育局：</p>" not in text


def test_a_letter_stands_under_the_red_head_of_the_unit(client, scene):
    row = replied(scene, signers=[scene.second])
    services_letter = text_of(client, scene.lead.user, row, "letter")
    for words in (
        '<p class="paper-organ">区公安分局</p>', "临公函〔2026〕11号",
        "对临溪区第五届人大第四次会议闭会第001号建议的答复", "石刚代表：",
        "（闭会第001号）收悉，现答复如下：", "<p>已到现场勘查，信号灯已装好。</p>",
        "抄送：临溪区人大常委会代表工作委员会。",
    ):  # fmt: skip
        assert words in services_letter
    assert "草　稿" not in services_letter
    text = word_of(client, scene.lead.user, row, "letter")
    assert "临公函〔2026〕11号" in text
    assert "A\n区公安分局" in text


def test_a_letter_that_opens_by_itself_gets_no_second_opening(client, scene):
    row = signed(scene)
    own = "您提出的建议收悉。现答复如下：\n一、已装好。"
    services.send_reply(row, share_of(row, scene.police_unit), letter(text=own), actor=scene.police)
    assert text_of(client, scene.office, row, "letter").count("收悉") == 1


def test_co_signers_are_addressed_too(client, scene):
    signers = [scene.second, DeputyFactory(station=scene.station, name="王建军")]
    row = drafted(scene, signers=signers)
    row.signatures.update(consent="agreed", on_paper=True, answered_on=DAY(2026, 3, 1))
    row = services.submit_suggestion(row, actor=scene.lead.user)
    form = text_of(client, scene.lead.user, row, "form")
    assert "2026年3月1日书面附议" in form
    assert "王建军" in form
    services.accept_suggestion(row, actor=scene.office)
    services.assign_suggestion(
        row, [services.Share(scene.police_unit, Duty.SOLE)], actor=scene.office
    )
    share = share_of(row, scene.police_unit)
    services.sign_for(row, share, actor=scene.police)
    services.send_reply(row, share, letter(), actor=scene.police)
    assert "石刚等代表：" in text_of(client, scene.police, row, "letter")


def test_a_letter_not_released_is_a_draft_of_its_unit_and_the_office(client, scene, shared):
    police = share_of(shared, scene.police_unit)
    services.sign_for(shared, police, actor=scene.police)
    services.circulate_letter(shared, police, letter(), actor=scene.police)
    # The unit that is to countersign it reads it too.
    for user in (scene.police, scene.office, scene.school):
        assert "草　稿" in text_of(client, user, shared, "letter")
        assert "草　稿" in word_of(client, user, shared, "letter")
    for user in (scene.lead.user, scene.liaison, scene.township):
        assert get(client, user, shared, "letter").status_code == 403
        assert "答复函" not in labels(user, shared)


def test_there_is_no_letter_before_one_is_written(client, scene, shared):
    assert get(client, scene.office, shared, "letter").status_code == 404
    assert get(client, scene.office, shared, "rating").status_code == 404
    assert get(client, scene.office, shared, "nonsense").status_code == 404
    assert get(client, scene.office, shared, "assign", share="x").status_code == 404


def test_the_rating_form_is_blank_until_the_deputy_has_rated(client, scene):
    row = replied(scene)
    text = text_of(client, scene.lead.user, row, "rating")
    assert "□ 满意　　□ 基本满意　　□ 不满意" in text
    assert "☑" not in text
    assert "请于2026年3月30日前将本表交临溪区人大常委会代表工作委员会" in text
    services.rate_reply(
        row, share_of(row, scene.police_unit), actor=scene.lead.user, attitude="satisfied",
        outcome="mostly", comment="再快一点",
    )  # fmt: skip
    text = word_of(client, scene.lead.user, row, "rating")
    assert "☑ 满意　　□ 基本满意　　□ 不满意" in text
    assert "□ 满意　　☑ 基本满意　　□ 不满意" in text
    assert "再快一点" in text


def test_units_get_neither_rating_form_nor_course_nor_the_form_itself(client, scene):
    row = replied(scene)
    for kind in ("rating", "course", "form"):
        assert get(client, scene.police, row, kind).status_code == 403
    assert labels(scene.police, row) == ["交办单", "答复函"]
    assert labels(scene.lead.user, row) == [
        "建议用纸", "交办单", "答复函", "征询意见表", "办理情况",
    ]  # fmt: skip


def test_a_draft_is_printed_by_its_deputies_alone_with_room_to_sign(client, scene):
    row = drafted(scene, signers=[scene.second])
    text = text_of(client, scene.lead.user, row, "form")
    assert "代表建议、批评和意见" in text
    assert "邵腾绍" in text
    assert get(client, scene.office, row, "form").status_code == 404
    assert labels(scene.lead.user, row) == ["建议用纸"]


def test_the_course_tells_others_that_and_not_what_was_written_between_offices(
    client, scene, shared
):
    school = share_of(shared, scene.school_unit)
    services.sign_for(shared, school, actor=scene.school)
    services.give_opinion(shared, school, actor=scene.school, note="上学时段最挤")
    assert "上学时段最挤" in text_of(client, scene.office, shared, "course")
    text = text_of(client, scene.lead.user, shared, "course")
    assert "提协办意见" in text
    assert "上学时段最挤" not in text


def test_no_paper_names_the_visitor(client, scene):
    reception = make_reception(scene.station, actor=scene.liaison, received_on=DAY(2026, 3, 1))
    opinion = reception.opinions.get()
    row = drafted(scene, opinions=[opinion], actor=scene.liaison)
    row = services.submit_suggestion(row, actor=scene.liaison)
    services.accept_suggestion(row, actor=scene.office)
    services.assign_suggestion(
        row, [services.Share(scene.police_unit, Duty.SOLE)], actor=scene.office
    )
    assert reception.visitor_name
    for kind in ("form", "assign", "course"):
        for user in (scene.office, scene.liaison):
            assert reception.visitor_name not in text_of(client, user, row, kind)


def test_several_units_and_rounds_are_told_apart_in_the_links(scene, shared):
    assert labels(scene.office, shared) == [
        "建议用纸", "交办单（区公安分局）", "交办单（区教育局）", "办理情况",
    ]  # fmt: skip
    services.urge_suggestion(shared, actor=scene.office)
    assert "催办单 3月2日（区公安分局）" in labels(scene.office, shared)
    assert labels(scene.school, shared) == ["交办单", "催办单 3月2日"]


@pytest.mark.parametrize("text", ["石刚代表：\n您提出的建议收悉。", "尊敬的石刚代表：\n已经装好。"])
def test_a_letter_says_to_whom_it_goes_once(client, scene, text):
    row = signed(scene)
    share = share_of(row, scene.police_unit)
    services.send_reply(row, share, letter(text=text), actor=scene.police)
    client.force_login(scene.office)
    paper = client.get(reverse("suggestions:paper", args=[row.pk, "letter"])).content.decode()
    page = client.get(reverse("suggestions:detail", args=[row.pk])).content.decode()
    for shown in (paper, page):
        assert shown.count("石刚代表：") == 1
