"""The page of one opinion, and what it says to whom."""

import datetime

import pytest
from django.urls import reverse

from common.models import AuditEntry
from stations.models import Unit
from tests.factories import StationFactory, UnitFactory, category, make_reception, make_user
from tests.visits.opinions import (
    answered,
    assigned,
    logged,
    page_of,
    post,
    state_of,
    told,
)
from visits.services import follow_up, void_reception

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _april(time_machine):
    """Wednesday, 15 April 2026."""
    time_machine.move_to("2026-04-15T10:00:00+08:00", tick=False)


@pytest.fixture
def opinion(station, liaison):
    return logged(station, liaison)


def shown(client, user, opinion, **query):
    client.force_login(user)
    return client.get(page_of(opinion), query)


def names(forms):
    return [form.name() for form in forms]


def test_the_page_shows_the_next_step_with_its_form_and_the_rest_behind(client, liaison, opinion):
    page = shown(client, liaison, opinion).context["page"]
    assert page.next_step.words == "决定怎么处理"
    assert page.box.name() == "assign"
    assert names(page.others) == ["reply", "guide", "decline"]


@pytest.mark.parametrize(
    ("bring", "box", "others"),
    [
        (assigned, "accept",
         ["guide", "decline", "track", "urge", "answer", "postpone", "return"]),
        (answered, "feedback", ["reopen"]),
        (told, "close", ["tell_visitor", "tell_deputies", "reopen"]),
    ],
)  # fmt: skip
def test_every_act_is_offered_somewhere(client, liaison, opinion, bring, box, others):
    page = shown(client, liaison, bring(opinion, liaison)).context["page"]
    assert (page.box.name(), names(page.others)) == (box, others)


def test_the_line_of_steps_says_where_it_stands(client, liaison, opinion):
    page = shown(client, liaison, assigned(opinion, liaison)).context["page"]
    assert [(stage.name, stage.note, stage.state) for stage in page.stages] == [
        ("登记", "4月13日", "done"),
        ("交办", "4月15日", "done"),
        ("接收", "4月20日前", "here"),
        ("办理", "", ""),
        ("反馈", "5月15日前", ""),
        ("办结", "", ""),
    ]


def test_the_date_says_where_it_comes_from(client, liaison, opinion):
    row = assigned(opinion, liaison)
    assert "4月15日交办，3 个工作日内接收" in shown(client, liaison, row).content.decode()
    follow_up.accept_opinion(row, actor=liaison)
    text = shown(client, liaison, row).content.decode()
    assert "30" in text
    assert "4月15日交办，30 天内告诉来访人" in text


def test_a_deadline_moved_off_a_holiday_says_so(client, liaison, station, time_machine):
    time_machine.move_to("2026-04-02T10:00:00+08:00", tick=False)
    opinion = logged(station, liaison, received_on=datetime.date(2026, 4, 1))
    row = follow_up.accept_opinion(assigned(opinion, liaison), actor=liaison)
    # thirty days end on Saturday, 2 May, in 劳动节; Wednesday the 6th is the next workday
    assert row.due_on == datetime.date(2026, 5, 6)
    text = shown(client, liaison, row).content.decode()
    assert "第 30 天 5月2日（星期六）是休息日，顺延" in text


def test_who_may_only_read_is_offered_nothing(client, district_officer, deputy, liaison, station):
    opinion = logged(station, liaison, deputies=[deputy])
    for user in (district_officer, deputy.user):
        answer = shown(client, user, opinion)
        page = answer.context["page"]
        assert (page.box, page.others, page.may_merge) == (None, [], False)
        assert 'method="post" action="/visits/opinions' not in answer.content.decode().replace(
            reverse("visits:opinion_contact", args=[opinion.pk]), ""
        )


def test_contacts_are_masked_until_asked_for(client, district_officer, opinion):
    text = shown(client, district_officer, opinion).content.decode()
    assert "王**" in text
    assert "13800135678" not in text
    answer = client.post(reverse("visits:opinion_contact", args=[opinion.pk]))
    assert "13800135678" in answer.content.decode()
    assert AuditEntry.objects.get(action="unmask").actor == district_officer


def test_a_confidential_opinion_is_read_at_its_station_only(
    client, liaison, station, township_officer, district_officer
):
    secret = logged(station, liaison, confidential=True)
    assert "保密，只限本站" in shown(client, liaison, secret).content.decode()
    for officer in (township_officer, district_officer):
        assert shown(client, officer, secret).status_code == 404
        assert post(client, secret, "guide", where_to="区信访局").status_code == 404


def test_the_history_shows_who_did_what_and_what_changed(client, liaison, opinion):
    unit = UnitFactory(name="石桥村")
    assigned(opinion, liaison, unit=unit, note="请尽快")
    text = shown(client, liaison, opinion).content.decode()
    assert "<b>交办</b>：请尽快" in text
    assert "承办单位：石桥村" in text
    assert str(liaison) in text


def test_a_refusal_keeps_what_was_typed_on_the_same_page(client, liaison, opinion):
    client.force_login(liaison)
    answer = post(client, opinion, "assign", disposal="village", unit="", note="请尽快修")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "请填写承办单位" in text
    assert "请尽快修</textarea>" in text
    assert state_of(opinion) == "recorded"
    answer = post(client, opinion, "assign", disposal="village", unit="石桥村", due_on="2月30日")
    assert 'value="2月30日"' in answer.content.decode()


def test_a_unit_named_in_a_refused_form_is_not_made(client, liaison, opinion):
    client.force_login(liaison)
    post(client, opinion, "assign", disposal="village", unit="没有的村", due_on="2026-4-1")
    assert not Unit.objects.filter(name="没有的村").exists()


def test_a_form_that_says_not_what_it_saw_is_refused(client, liaison, opinion):
    client.force_login(liaison)
    answer = post(client, opinion, "guide", where_to="区信访局", seen="")
    assert answer.status_code == 422
    assert state_of(opinion) == "recorded"


def test_a_void_visit_offers_nothing(client, liaison, opinion):
    void_reception(opinion.reception, actor=liaison, reason="重复")
    page = shown(client, liaison, opinion).context["page"]
    assert (page.box, page.others) == (None, [])
    assert post(client, opinion, "guide", where_to="区信访局").status_code == 422


class TestMerging:
    def candidates(self, client, user, opinion, words=""):
        found = shown(client, user, opinion, merge=words).context["page"].merge.found
        return [row.statement for row in found]

    def test_what_sounds_alike_is_offered_without_a_word_typed(self, client, liaison, station):
        lead = logged(station, liaison, opinion={"statement": "村口小桥栏杆断裂，孩子上学危险"})
        for said in ("小桥的栏杆断裂了没人管", "家中老人失能怎样申请补贴"):
            logged(station, liaison, visitor_name="李四", phone="", opinion={"statement": said})
        assert self.candidates(client, liaison, lead) == ["小桥的栏杆断裂了没人管"]
        assert self.candidates(client, liaison, lead, "老人") == ["家中老人失能怎样申请补贴"]

    def test_the_same_visitor_is_offered_and_a_number_or_category_finds(
        self, client, liaison, station
    ):
        given = {"statement": "完全不同的事情", "category": category("基础设施")}
        lead = logged(station, liaison, visitor_name="李四")
        same = logged(station, liaison, visitor_name="李四", opinion=dict(given))
        logged(station, liaison, visitor_name="王五", phone="", opinion={"statement": "路太窄"})
        assert self.candidates(client, liaison, lead) == ["完全不同的事情"]
        for words in (same.code, same.reception.code, "基础设施", "基础设施 不同"):
            assert self.candidates(client, liaison, lead, words) == ["完全不同的事情"]
        assert self.candidates(client, liaison, lead, f"{same.code}1") == []

    def test_a_merged_matter_has_no_slip_and_no_acceptance_of_its_own(
        self, client, liaison, station
    ):
        lead, other = assigned(logged(station, liaison), liaison), logged(station, liaison)
        follow_up.merge_opinions(lead, [other], actor=liaison)
        answer = shown(client, liaison, other)
        page = answer.context["page"]
        assert not page.has_slip
        assert page.step_words == f"随 {lead.code} 办理"
        assert [stage.name for stage in page.stages] == ["登记", "并案办理", "反馈", "办结"]
        assert "内接收" not in answer.content.decode()

    def test_only_what_the_user_may_follow_and_what_is_open_is_offered(
        self, client, liaison, station, township
    ):
        lead = logged(station, liaison)
        village = StationFactory(kind="station", township=township)
        logged(village, make_user("liaison", village))
        answered(logged(station, liaison), liaison)
        assert self.candidates(client, liaison, lead) == []
        own = make_user("liaison", village)
        own.postings.create(person_name=own.name, role="liaison", station=station)
        assert len(self.candidates(client, own, lead)) == 1

    def test_a_confidential_matter_of_another_station_is_not_offered(
        self, client, station, township
    ):
        village = StationFactory(kind="station", township=township)
        both = make_user("liaison", station)
        both.postings.create(person_name=both.name, role="liaison", station=village)
        lead = logged(station, both)
        secret = logged(village, both, confidential=True)
        assert self.candidates(client, both, lead) == []
        assert self.candidates(client, both, secret) == []

    def test_each_merged_matter_says_how_far_its_visitor_has_been_told(
        self, client, liaison, station
    ):
        lead, other = logged(station, liaison), logged(station, liaison, visitor_name="李四")
        follow_up.merge_opinions(lead, [other], actor=liaison)
        told(lead, liaison)
        text = shown(client, liaison, lead).content.decode()
        assert "李四" in text
        assert "待反馈</span></li>" in text
        assert f'href="{page_of(lead)}"' in shown(client, liaison, other).content.decode()
        assert shown(client, liaison, other).context["page"].box.name() == "feedback"


@pytest.mark.parametrize("count", [1, 15])
def test_the_page_asks_equally_often_however_much_happened(
    client, liaison, station, count, django_assert_num_queries
):
    lead = logged(station, liaison)
    for _ in range(count):
        follow_up.merge_opinions(lead, [logged(station, liaison)], actor=liaison)
    row = assigned(lead, liaison)
    for _ in range(count):
        follow_up.track_opinion(row, actor=liaison, note="看过了")
    client.force_login(liaison)
    client.get(page_of(lead))
    with django_assert_num_queries(11):
        client.get(page_of(lead))


def test_what_was_reopened_begins_with_its_former_unit(client, liaison, opinion):
    row = assigned(opinion, liaison, unit=UnitFactory(name="镇供水站"), disposal="township")
    row = follow_up.answer_opinion(row, actor=liaison, result="已修好", resolution="solved")
    follow_up.reopen_opinion(row, actor=liaison, note="又漏水了")
    answer = shown(client, liaison, opinion)
    box = answer.context["page"].box
    assert (box["unit"].value(), box["disposal"].value()) == ("镇供水站", "township")
    assert "重开后 3 个工作日内" in answer.content.decode()


def test_a_day_to_come_is_refused_at_its_field(client, liaison, opinion):
    row = assigned(opinion, liaison)
    client.force_login(liaison)
    for act, typed in (("accept", {}), ("track", {"note": "去看了"})):
        answer = post(client, row, act, on="2026.4.20", **typed)
        assert answer.status_code == 422
        assert answer.context["page"].typed.errors == {"on": ["日期不能在今天之后。"]}
    post(client, row, "urge", on="4.15")
    assert row.steps.last().on == datetime.date(2026, 4, 15)


def test_opinions_of_one_visit_lead_to_each_other(client, liaison, station):
    day = datetime.date(2026, 4, 13)
    visit = make_reception(station, actor=liaison, received_on=day, opinions=[{}, {}, {}])
    first, second, third = visit.opinions.all()
    page = shown(client, liaison, second).context["page"]
    assert page.neighbours == (first, third)
    assert shown(client, liaison, third).context["page"].neighbours == (second, None)


def test_the_red_button_of_a_visit_is_its_next_step(client, liaison, station):
    row = logged(station, liaison)
    client.force_login(liaison)
    address = reverse("visits:reception_detail", args=[row.reception_id])
    text = client.get(address).content.decode()
    change = reverse("visits:reception_change", args=[row.reception_id])
    assert f'<a class="btn" href="{change}"' in text
    assert f'btn-main btn-s" href="{page_of(row)}#next"' in text


def test_the_reception_leads_to_its_opinions(client, liaison, station):
    reception = make_reception(
        station, actor=liaison, received_on=datetime.date(2026, 4, 13), opinions=[{}, {}]
    )
    client.force_login(liaison)
    text = client.get(reverse("visits:reception_detail", args=[reception.pk])).content.decode()
    for opinion in reception.opinions.all():
        assert f'href="{page_of(opinion)}#next"' in text
    assert text.count("下一步：决定怎么处理") == 2
