"""Every way an opinion may go, from the reception to the end, as staff click it."""

import datetime
import uuid

import pytest

from accounts.models import Notice
from tests.factories import DeputyFactory, StationFactory, make_user
from tests.visits.opinions import page_of, post, state_of
from tests.visits.test_views import NEW, typed
from visits.models import Opinion, OpinionStep, Reception
from visits.services.opinion_rows import last_step

pytestmark = pytest.mark.django_db
VISITOR = {
    "feedback_on": "今天", "method": "电话", "by": "余固", "said": "已告知结果",
    "satisfaction": "satisfied",
}  # fmt: skip
DEPUTIES = {"by_message": "on", "how": "", "told_on": "今天"}
BOTH = {**VISITOR, **DEPUTIES, "close": "1"}
RESULT = {"result": "路灯已修好", "resolution": "solved", "on": "今天"}


@pytest.fixture(autouse=True)
def _april(time_machine):
    """Wednesday, 15 April 2026."""
    time_machine.move_to("2026-04-15T10:00:00+08:00", tick=False)


@pytest.fixture
def staff(client, liaison):
    client.force_login(liaison)
    return client


def received(client, deputy, count=1, **opinion) -> list[Opinion]:
    """A visit typed in the browser; `opinion` are the fields of its opinions."""
    form = typed(deputy, opinions=count, received_on="今天", key=str(uuid.uuid4()))
    for number in range(count):
        for name, value in opinion.items():
            form[f"opinions-{number}-{name}"] = value
    answer = client.post(NEW, form)
    assert answer.status_code == 302, answer.context["entry"].opinions.errors
    return list(Reception.objects.latest("pk").opinions.all())


def undecided(client, deputy) -> Opinion:
    """Nothing was decided at the table: it is decided on its page."""
    [opinion] = received(client, deputy, disposal="", unit_name="")
    return opinion


def done(client, opinion, act, **fields):
    answer = post(client, opinion, act, **fields)
    errors = answer.context["page"].typed.errors if answer.context else ""
    assert (answer.status_code, errors) == (302, "")
    assert answer.url == page_of(opinion)
    return Opinion.objects.get(pk=opinion.pk)


def test_answered_at_the_table(staff, deputy):
    [opinion] = received(staff, deputy, disposal="on_site", on_site_reply="按政策可以申请")
    assert state_of(opinion) == "closed"
    assert "不用再做什么" in staff.get(page_of(opinion)).content.decode()


def test_decided_later_and_answered_by_the_deputies(staff, deputy):
    opinion = undecided(staff, deputy)
    done(staff, opinion, "reply", disposal="explained", reply="按政策可以申请")
    assert state_of(opinion) == "closed"


@pytest.mark.parametrize(
    ("way", "unit"),
    [("village", "石桥村"), ("township", "石桥镇政府"), ("district", "区住建局")],
)
def test_handed_over_accepted_answered_told_closed(staff, deputy, way, unit):
    opinion = undecided(staff, deputy)
    row = done(staff, opinion, "assign", disposal=way, unit=unit)
    assert (row.state, row.unit.name) == ("assigned", unit)
    assert done(staff, opinion, "accept", on="今天").state == "handling"
    done(staff, opinion, "track", note="已派人去看")
    assert done(staff, opinion, "answer", **RESULT).state == "answered"
    row = done(staff, opinion, "feedback", **BOTH)
    assert (row.state, row.satisfaction, row.deputies_told_how) == (
        "closed", "satisfied", "站内消息",
    )  # fmt: skip
    assert Notice.objects.get(user=deputy.user).title == "您接待的事有结果了"


@pytest.mark.parametrize("way", ["suggestion", "higher"])
def test_a_suggestion_and_what_goes_higher_need_no_unit(staff, deputy, way):
    opinion = undecided(staff, deputy)
    row = done(staff, opinion, "assign", disposal=way, unit="")
    assert (row.state, row.unit) == ("assigned", None)
    done(staff, opinion, "accept", on="今天")
    done(staff, opinion, "answer", result="列入明年计划", resolution="planned", on="今天")
    assert done(staff, opinion, "feedback", **BOTH).state == "closed"


def test_pointed_to_the_petition_office(staff, deputy):
    opinion = undecided(staff, deputy)
    row = done(staff, opinion, "guide", where_to="区信访局")
    assert (row.state, row.where_to) == ("answered", "区信访局")
    assert done(staff, opinion, "feedback", **BOTH).state == "closed"


def test_declined_with_reason_and_place_to_go(staff, deputy):
    opinion = undecided(staff, deputy)
    row = done(staff, opinion, "decline", reason="in_court", where_to="")
    assert (row.state, row.decline_reason) == ("answered", "in_court")
    assert row.where_to == "受理该案的人民法院、仲裁机构或行政复议机关"
    assert done(staff, opinion, "feedback", **BOTH).state == "closed"


def test_declined_at_the_table_is_still_told(staff, deputy):
    [opinion] = received(
        staff, deputy, disposal="declined", decline_reason="elsewhere", where_to="邻县信访局"
    )
    assert (opinion.state, opinion.where_to) == ("answered", "邻县信访局")


def test_returned_by_the_unit_and_handed_to_another(staff, deputy):
    opinion = undecided(staff, deputy)
    first = done(staff, opinion, "assign", disposal="village", unit="石桥村")
    row = done(staff, opinion, "return", note="不归村里管")
    assert (row.state, row.unit, row.due_on) == ("recorded", None, first.due_on)
    page = staff.get(page_of(opinion))
    assert page.context["page"].box.initial["due_on"] == first.due_on
    row = done(staff, opinion, "assign", disposal="district", unit="区水利局", due_on="2026-5-15")
    assert (row.unit.name, row.due_on) == ("区水利局", datetime.date(2026, 5, 15))


def test_postponed_with_the_first_date_kept_in_sight(staff, deputy):
    opinion = undecided(staff, deputy)
    done(staff, opinion, "assign", disposal="village", unit="石桥村")
    done(staff, opinion, "accept", on="今天")
    done(staff, opinion, "postpone", due_on="2026-6-30", note="等材料")
    assert "原定 5月15日，已延期" in staff.get(page_of(opinion)).content.decode()


def test_merged_matters_are_told_to_each_visitor(staff, deputy):
    lead, other = undecided(staff, deputy), undecided(staff, deputy)
    search = staff.get(page_of(lead), {"merge": "第1件"})
    assert [row.pk for row in search.context["page"].merge.found] == [other.pk]
    done(staff, lead, "merge", merge="第1件", others=[other.pk])
    done(staff, lead, "assign", disposal="village", unit="石桥村")
    done(staff, lead, "accept", on="今天")
    done(staff, lead, "answer", **RESULT)
    assert done(staff, lead, "feedback", **BOTH).state == "closed"
    assert state_of(other) == "answered"
    text = staff.get(page_of(lead)).content.decode()
    assert "并入这一件的意见" in text
    assert done(staff, other, "feedback", **BOTH).state == "closed"


def test_a_merged_matter_can_go_its_own_way_again(staff, deputy):
    lead, other = undecided(staff, deputy), undecided(staff, deputy)
    done(staff, lead, "merge", merge="第1件", others=[other.pk])
    assert done(staff, other, "split").merged_into is None
    assert done(staff, other, "assign", disposal="village", unit="石桥村").state == "assigned"
    assert state_of(lead) == "recorded"


def test_unsatisfied_reopened_second_round_closed(staff, deputy):
    opinion = undecided(staff, deputy)
    for act, fields in (
        ("assign", {"disposal": "village", "unit": "石桥村"}),
        ("accept", {"on": "今天"}),
        ("answer", RESULT),
        ("feedback", {**BOTH, "satisfaction": "unsatisfied"}),
    ):
        done(staff, opinion, act, **fields)
    page = staff.get(page_of(opinion))
    assert page.context["page"].box.name() == "reopen"
    row = done(staff, opinion, "reopen", note="灯又坏了")
    assert (row.state, row.round, row.satisfaction) == ("recorded", 2, "unrated")
    for act, fields in (
        ("assign", {"disposal": "village", "unit": "石桥村"}),
        ("accept", {"on": "今天"}),
        ("answer", RESULT),
        ("feedback", BOTH),
    ):
        done(staff, opinion, act, **fields)
    text = staff.get(page_of(opinion)).content.decode()
    assert text.index("第 2 轮</h3>") < text.index("第 1 轮</h3>")
    assert Notice.objects.filter(user=deputy.user).count() == 2


def test_an_unsatisfied_visitor_can_be_heard_before_the_end(staff, deputy):
    opinion = undecided(staff, deputy)
    done(staff, opinion, "guide", where_to="区信访局")
    done(staff, opinion, "tell_visitor", **{**VISITOR, "satisfaction": "unsatisfied"})
    assert staff.get(page_of(opinion)).context["page"].again is not None
    assert done(staff, opinion, "reopen", note="来访人要求村里办").state == "recorded"


def test_nothing_is_closed_before_the_visitor_is_told(staff, deputy):
    opinion = undecided(staff, deputy)
    done(staff, opinion, "guide", where_to="区信访局")
    answer = post(staff, opinion, "close")
    assert answer.status_code == 422
    assert "还没有向来访人反馈" in answer.content.decode()
    answer = post(staff, opinion, "feedback", **{**BOTH, "method": ""})
    assert answer.status_code == 422
    assert "请选择反馈方式" in answer.content.decode()
    assert state_of(opinion) == "answered"


def test_nothing_is_closed_before_the_deputies_are_told(staff, deputy):
    opinion = undecided(staff, deputy)
    done(staff, opinion, "guide", where_to="区信访局")
    answer = post(staff, opinion, "feedback", **VISITOR, told_on="今天", close="1")
    assert answer.status_code == 422
    assert "办结前要告知代表" in answer.content.decode()
    row = done(staff, opinion, "feedback", **VISITOR, told_on="今天")
    assert (row.state, row.feedback_method) == ("answered", "电话")
    assert "还没有告知接待代表" in post(staff, opinion, "close").content.decode()
    assert done(staff, opinion, "feedback", **DEPUTIES, close="1").state == "closed"


def test_who_cannot_be_reached_is_no_rating(staff, deputy):
    opinion = undecided(staff, deputy)
    done(staff, opinion, "guide", where_to="区信访局")
    lost = {**BOTH, "method": "联系不上", "said": ""}
    page = post(staff, opinion, "feedback", **lost).content.decode()
    assert "请写明什么时候、怎么联系过" in page
    assert "满意度只能是“未评价”" in page
    lost |= {"said": "三次电话无人接", "satisfaction": "unrated"}
    assert done(staff, opinion, "feedback", **lost).satisfaction == "unrated"


def test_a_double_click_is_one_act(staff, deputy):
    opinion = undecided(staff, deputy)
    seen = last_step(opinion)
    for _ in range(2):
        answer = post(staff, opinion, "guide", where_to="区信访局", seen=seen)
        assert (answer.status_code, answer.url) == (302, page_of(opinion))
    assert OpinionStep.objects.filter(act="guide").count() == 1


def test_a_stale_page_is_refused_and_keeps_what_was_typed(staff, deputy, station_head, client):
    opinion = undecided(staff, deputy)
    seen = last_step(opinion)
    client.force_login(station_head)
    done(client, opinion, "assign", disposal="village", unit="石桥村", seen=seen)
    client.force_login(opinion.reception.created_by)
    answer = post(client, opinion, "decline", reason="in_court", where_to="县法院", seen=seen)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "刚刚有人办理过" in text
    assert 'value="县法院"' in text
    assert state_of(opinion) == "assigned"
    answer = post(client, opinion, "reply", disposal="on_site", reply="已当面答复", seen=seen)
    assert "您刚才填写的“当场答复”没有保存" in answer.content.decode()


def test_another_role_and_another_station_get_nothing_done(
    staff, deputy, opinion_of_mine, client, outsider, district_officer, observer
):
    for user, status in (
        (outsider, 404), (district_officer, 403), (deputy.user, 403), (observer, 403),
    ):  # fmt: skip
        client.force_login(user)
        assert post(client, opinion_of_mine, "guide", where_to="区信访局").status_code == status
    assert state_of(opinion_of_mine) == "recorded"


@pytest.fixture
def opinion_of_mine(staff, deputy):
    return undecided(staff, deputy)


def test_a_stranger_station_is_no_candidate_for_merging(staff, deputy, opinion_of_mine, outsider):
    elsewhere = StationFactory()
    theirs = make_user("liaison", elsewhere)
    staff.force_login(theirs)
    stranger = undecided(staff, DeputyFactory(station=elsewhere))
    staff.force_login(opinion_of_mine.reception.created_by)
    answer = post(staff, opinion_of_mine, "merge", merge="第1件", others=[stranger.pk])
    assert answer.status_code == 422
    assert Opinion.objects.get(pk=stranger.pk).merged_into is None
