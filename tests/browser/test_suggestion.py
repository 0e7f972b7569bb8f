"""What a visitor said becomes a suggestion, is answered twice, and comes back to the visitor: each
at their own screen, the deputy at a phone."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from common.models import Draft
from suggestions.models import Suggestion
from tests.browser.conftest import PASSWORD
from tests.factories import make_reception
from tests.suggestions.making import make_scene, signed
from visits.models import Opinion

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def scene():
    scene = make_scene()
    people = {
        "lead": scene.lead.user, "office": scene.office, "police": scene.police,
        "school": scene.school, "liaison": scene.liaison,
    }  # fmt: skip
    for name, user in people.items():
        user.username = name
        user.set_password(PASSWORD)
        user.save()
    return scene


@pytest.fixture
def opinion(scene) -> Opinion:
    reception = make_reception(
        scene.station, actor=scene.liaison, received_on=timezone.localdate(),
        deputies=[scene.lead], visitor_name="王建国",
        opinions=[{"statement": "石桥中学路口没有信号灯，孩子过马路危险"}],
    )  # fmt: skip
    return reception.opinions.get()


@pytest.fixture
def desks(open_page, log_in):
    """Everybody's own window, opened once."""
    found = {}

    def desk(name, **size):
        if name not in found:
            found[name] = open_page(**size)
            log_in(found[name], name)
        return found[name]

    return desk


def done(page, words):
    expect(page.get_by_text(words).first).to_be_visible()


def test_from_a_visitor_through_two_rounds_back_to_the_visitor(
    desks, scene, opinion, assert_accessible
):
    deputy = desks("lead", **PHONE)
    _raise(deputy, opinion, assert_accessible)
    row = Suggestion.objects.get()
    office, police, school = desks("office"), desks("police"), desks("school")

    _take_on(office, row)
    _answer(police, school, row, letter={"class": "B", "text": "拟列入明年道路设施项目。"})
    office.goto(_page(row))
    assert_accessible(office)
    office.get_by_role("button", name="审核通过，答复代表").click()
    done(office, "已答复代表，等代表评价。")

    deputy.goto(_page(row))
    assert_accessible(deputy)
    _rate(deputy, outcome="不满意")
    done(deputy, "请写明哪里不满意")  # what was chosen stays chosen
    deputy.get_by_label("您的意见").fill("明年太晚，希望开学前装好。")
    deputy.get_by_role("button", name="提交评价").click()
    done(deputy, "已交区公安分局重新办理（第 2 轮）")
    expect(deputy.get_by_role("heading", name="第 2 轮").first).to_be_visible()

    _answer(police, school, row, letter={"class": "A", "text": "信号灯已装好启用。"})
    office.goto(_page(row))
    office.get_by_role("button", name="审核通过，答复代表").click()
    done(office, "已答复代表，等代表评价。")
    deputy.goto(_page(row))
    _rate(deputy, outcome="满意")
    done(deputy, "评价已记下，谢谢。")
    row.refresh_from_db()
    assert (row.state, row.round) == ("closed", 2)

    _tell_the_visitor(desks("liaison"), opinion)
    opinion.refresh_from_db()
    assert opinion.is_closed
    _stands_in_the_figures(office, row)


def _page(row) -> str:
    return reverse("suggestions:detail", args=[row.pk])


def _raise(page, opinion, assert_accessible) -> None:
    """The deputy writes it on the phone, out of what the visitor said."""
    page.goto(reverse("visits:opinion_detail", args=[opinion.pk]))
    page.get_by_role("link", name="形成代表建议").first.click()
    expect(page.get_by_role("heading", name="提一件建议")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("王建国")
    page.get_by_label("标题").fill("关于石桥中学路口设置信号灯的建议")
    assert_accessible(page)
    page.get_by_role("button", name="提交", exact=True).click()
    done(page, "已提交")


def _take_on(page, row) -> None:
    page.goto(_page(row))
    page.get_by_role("button", name="接收编号").click()
    done(page, "闭会第001号")
    page.get_by_label("单位 1", exact=True).fill("区公安分局")
    page.get_by_label("单位 2", exact=True).fill("区教育局")
    page.get_by_role("button", name="交办", exact=True).click()
    done(page, "已交办，各单位会收到消息")


def _answer(police, school, row, *, letter) -> None:
    """Sign for it, hear the assisting unit, send the letter round, report it."""
    for unit in (police, school):
        unit.goto(_page(row))
        expect(unit.locator("body")).not_to_contain_text("王建国")
        unit.get_by_role("button", name="签收").click()
        done(unit, "已签收，请按期答复。")
    school.get_by_label("协办意见").fill("上学放学时段最挤。")
    school.get_by_role("button", name="提协办意见").click()
    done(school, "协办意见已送主办单位。")

    police.goto(_page(row))
    police.locator(f"input[name=result_class][value={letter['class']}]").first.check()
    police.get_by_label("答复内容").fill(letter["text"])
    if letter["class"] == "B":
        police.get_by_role("button", name="送会签").click()
        done(police, "B 类答复请写明承诺什么时候办结。")
        year = timezone.localdate().year + 1
        police.get_by_label("承诺办结日期").fill(f"{year}年6月30日")
    police.get_by_role("button", name="送会签").click()
    done(police, "答复稿已送协办单位会签。")

    school.goto(_page(row))
    done(school, letter["text"])
    school.get_by_role("button", name="同意并会签").click()
    done(school, "已会签。")
    police.goto(_page(row))
    police.get_by_role("button", name="报送答复").click()
    done(police, "已报送，等人大机关审核后答复代表。")


def _rate(page, *, outcome: str) -> None:
    questions = page.get_by_role("group")
    questions.filter(has_text="对办理工作满意吗").get_by_label("满意", exact=True).check()
    questions.filter(has_text="对办理结果满意吗").get_by_label(outcome, exact=True).check()
    page.get_by_role("button", name="提交评价").click()


def _tell_the_visitor(page, opinion) -> None:
    page.goto(reverse("visits:opinion_detail", args=[opinion.pk]))
    done(page, "把结果告诉来访人")
    page.get_by_label("电话", exact=True).check()
    page.get_by_label("满意", exact=True).check()
    page.get_by_role("button", name="记下反馈并办结").click()
    done(page, "这一件办结")


def _stands_in_the_figures(page, row) -> None:
    """The year's report counts it, and the figure leads back to it."""
    page.goto(reverse("reports:period"))
    lines = page.locator("#t8 tbody tr", has_text="区公安分局")
    lines.get_by_role("link", name="1", exact=True).first.click()
    expect(page.get_by_role("link", name=row.title).first).to_be_visible()


def _type_a_letter(page, row, words):
    page.goto(_page(row))
    page.get_by_label("答复内容").fill(words)
    expect(page.locator("[data-draft-state]").first).to_contain_text("草稿已存")


def test_a_letter_half_written_waits_for_its_unit(desks, scene, assert_accessible):
    row = signed(scene)
    police = desks("police")
    _type_a_letter(police, row, "已到现场勘查，")
    police.goto("/")
    police.goto(_page(row))
    expect(police.get_by_label("答复内容")).to_have_value("已到现场勘查，")
    done(police, "没有提交的内容")
    assert_accessible(police)
    police.locator("input[name=result_class][value=A]").first.check()
    police.get_by_role("button", name="报送答复").click()
    done(police, "已报送，等人大机关审核后答复代表。")
    police.wait_for_load_state("networkidle")
    assert police.evaluate("localStorage.length") == 0
    assert not Draft.objects.exists()


def test_two_forms_of_one_page_keep_their_own_words(desks, scene):
    row = signed(scene)
    police = desks("police")
    _type_a_letter(police, row, "答复的内容")
    police.get_by_text("其他操作").click()
    police.locator("summary", has_text="登记面商").click()
    contact = police.locator("form[action$='/contact/']")
    contact.get_by_label("情况").fill("面商的情况")
    expect(contact.locator("[data-draft-state]")).to_contain_text("草稿已存")
    police.goto(_page(row))
    expect(police.get_by_label("答复内容")).to_have_value("答复的内容")
    expect(contact.get_by_label("情况")).to_have_value("面商的情况")
    police.get_by_role("button", name="丢弃").first.click()
    done(police, "没有提交的内容已丢弃。")
    expect(police.get_by_label("答复内容")).to_have_value("")
    expect(contact.get_by_label("情况")).to_have_value("面商的情况")


def test_an_act_sent_after_the_session_has_ended_waits_behind_the_log_in(desks, scene):
    row = signed(scene)
    police = desks("police")
    police.goto(_page(row))
    police.wait_for_load_state("networkidle")
    police.context.clear_cookies(name="sessionid")
    police.get_by_label("答复内容").fill("登录过期时写的答复")
    police.locator("input[name=result_class][value=A]").first.check()
    police.get_by_role("button", name="报送答复").click()
    police.get_by_label("用户名或手机号").fill("police")
    police.get_by_label("密码", exact=True).fill(PASSWORD)
    police.get_by_role("button", name="登录").click()
    expect(police.get_by_label("答复内容")).to_have_value("登录过期时写的答复")
    police.get_by_role("button", name="报送答复").click()
    done(police, "已报送，等人大机关审核后答复代表。")


def test_what_is_typed_into_an_act_without_network_is_sent_when_it_is_back(desks, scene):
    row = signed(scene)
    police = desks("police")
    police.goto(_page(row))
    police.wait_for_load_state("networkidle")
    police.context.set_offline(True)
    police.get_by_label("答复内容").fill("断网时写的")
    expect(police.locator("[data-draft-state]").first).to_contain_text("网络断开")
    assert police.evaluate("localStorage.length") == 1
    police.context.set_offline(False)
    expect(police.locator("[data-draft-state]").first).to_contain_text("草稿已存")
    assert police.evaluate("localStorage.length") == 0
