"""Opinions as worklists."""

import datetime

import pytest
from django.urls import reverse

from tests.factories import DeputyFactory, UnitFactory, category
from tests.visits.opinions import answered, assigned, logged, told
from visits.models import Opinion
from visits.services import follow_up
from visits.services.follow_up import VisitorFeedback

pytestmark = pytest.mark.django_db
LIST = reverse("visits:opinion_list")


@pytest.fixture(autouse=True)
def _april(time_machine):
    """Wednesday, 15 April 2026."""
    time_machine.move_to("2026-04-15T10:00:00+08:00", tick=False)


def shown(client, user, **query):
    client.force_login(user)
    return client.get(LIST, query)


def rows(client, user, **query):
    return [row.statement for row in shown(client, user, **query).context["page"]]


@pytest.fixture
def all_steps(station, liaison):
    """One matter at every step."""
    names = ["待处理的", "待接收的", "办理中的", "待反馈的", "待告知的", "待办结的", "办结的"]
    logs = {name: logged(station, liaison, opinion={"statement": name}) for name in names}
    assigned(logs["待接收的"], liaison)
    follow_up.accept_opinion(assigned(logs["办理中的"], liaison), actor=liaison)
    answered(logs["待反馈的"], liaison)
    feedback = VisitorFeedback(datetime.date(2026, 4, 15), "电话", "余固", "已告知")
    follow_up.tell_visitor(answered(logs["待告知的"], liaison), feedback, actor=liaison)
    told(logs["待办结的"], liaison)
    follow_up.close_opinion(told(logs["办结的"], liaison), actor=liaison)
    return logs


def test_every_worklist_holds_its_own_and_says_how_many(client, liaison, all_steps):
    tabs = shown(client, liaison).context["tabs"]
    assert [(tab["label"], str(tab["count"])) for tab in tabs] == [
        ("未办结", "6"), ("待处理", "1"), ("待接收", "1"), ("办理中", "1"), ("待反馈来访人", "1"),
        ("待告知代表", "1"), ("待办结", "1"), ("超期", "0"), ("全部", "7"),
    ]  # fmt: skip
    for step, found in (
        ("route", "待处理的"), ("accept", "待接收的"), ("result", "办理中的"),
        ("tell_visitor", "待反馈的"), ("tell_deputies", "待告知的"), ("close", "待办结的"),
    ):  # fmt: skip
        assert rows(client, liaison, step=step) == [found]


def test_each_row_says_the_next_step_with_a_verb(client, liaison, all_steps):
    page = shown(client, liaison, step="all").context["page"]
    verbs = {row.statement: row.verb for row in page}
    assert verbs == {
        "待处理的": "交办", "待接收的": "登记接收", "办理中的": "登记结果", "待反馈的": "反馈",
        "待告知的": "告知代表", "待办结的": "办结", "办结的": "查看",
    }  # fmt: skip


def test_who_may_only_read_gets_no_verb(client, district_officer, all_steps):
    page = shown(client, district_officer).context["page"]
    assert {row.verb for row in page} == {"查看"}


def test_a_merged_matter_waits_for_its_lead(client, liaison, station):
    lead, other = logged(station, liaison), logged(station, liaison)
    follow_up.merge_opinions(lead, [other], actor=liaison)
    page = shown(client, liaison, step="route").context["page"]
    assert [row.pk for row in page] == [lead.pk]


def test_worklists_stand_by_their_day_across_pages(client, liaison, station):
    for day in range(1, 24):
        due = datetime.date(2026, 6, 1) + datetime.timedelta(days=(day * 7) % 23)
        row = logged(station, liaison)
        follow_up.accept_opinion(assigned(row, liaison, due_on=due), actor=liaison)
    first = shown(client, liaison, step="result").context["page"]
    second = shown(client, liaison, step="result", after=first.next).context["page"]
    dates = [row.due_on for page in (first, second) for row in page]
    assert dates == sorted(dates)
    assert len({row.pk for page in (first, second) for row in page}) == 23


def test_all_stand_from_new_to_old_across_pages(client, liaison, station):
    for day in range(1, 24):
        logged(station, liaison, received_on=datetime.date(2026, 3, day))
    first = shown(client, liaison, step="all").context["page"]
    second = shown(client, liaison, step="all", after=first.next).context["page"]
    days = [row.raised_on.day for page in (first, second) for row in page]
    assert days == list(range(23, 0, -1))


def test_the_list_narrows_by_unit_deadline_and_who_recorded(client, liaison, station_head, station):
    village = UnitFactory(name="石桥村")
    soon = datetime.date(2026, 4, 17)
    assigned(logged(station, liaison, opinion={"statement": "甲"}), liaison, unit=village)
    assigned(logged(station, station_head, opinion={"statement": "乙"}), liaison, due_on=soon)
    logged(station, station_head, opinion={"statement": "丙"})
    assert rows(client, liaison, unit="石桥") == ["甲"]
    assert rows(client, liaison, due="soon") == ["乙"]
    assert rows(client, liaison, due="today") == []
    assert rows(client, liaison, mine="1") == ["甲"]
    tabs = shown(client, liaison, mine="1", step="accept").context["tabs"]
    assert [str(tab["count"]) for tab in tabs][:3] == ["1", "0", "1"]


def test_the_filter_stays_in_the_address_of_every_tab(client, liaison, station):
    logged(station, liaison)
    text = shown(client, liaison, q="路灯", step="route").content.decode()
    assert f'href="{LIST}?q=%E8%B7%AF%E7%81%AF&amp;step=accept"' in text
    assert '<input type="hidden" name="step" value="route">' in text


def test_the_list_opens_on_what_is_open_the_first_due_on_top(client, liaison, station, all_steps):
    row = logged(station, liaison, opinion={"statement": "最急的"})
    row = assigned(row, liaison, due_on=datetime.date(2026, 4, 15))
    follow_up.accept_opinion(row, actor=liaison)
    found = rows(client, liaison)
    assert (found[0], len(found)) == ("最急的", 7)
    assert "办结的" not in found


@pytest.mark.parametrize("query", [{"drill": "1"}, {"progress": "finished"}, {"step": "all"}])
def test_an_address_that_asks_for_more_lists_closed_ones_too(client, liaison, all_steps, query):
    assert "办结的" in rows(client, liaison, **query)


def test_who_waits_too_long_is_late_for_one_reason_on_the_tab_and_at_home(
    client, liaison, station, all_steps, time_machine
):
    logged(station, liaison, received_on=datetime.date(2026, 4, 1), opinion={"statement": "久等"})
    time_machine.move_to("2026-04-23T10:00:00+08:00", tick=False)
    answer = shown(client, liaison, step="overdue")
    assert {row.statement for row in answer.context["page"]} == {"待处理的", "待接收的", "久等"}
    assert answer.context["late_words"] == "接收 1 · 待处理 2"
    home = client.get("/")
    assert home.context["late_opinions"] == 3
    assert "接收 1 · 待处理 2" in home.content.decode()
    time_machine.move_to("2026-06-23T10:00:00+08:00", tick=False)
    counts = Opinion.objects.late_counts()
    assert counts == {"feedback": 3, "accept": 0, "route": 2}
    tabs = {tab["step"]: str(tab["count"]) for tab in shown(client, liaison).context["tabs"]}
    assert tabs["overdue"] == "5"


def test_a_reader_is_told_who_acts(client, district_officer, liaison, station):
    answered(logged(station, liaison), liaison)
    assert "联络站将把结果告诉来访人" in shown(client, district_officer).content.decode()
    assert "联络站将" not in shown(client, liaison).content.decode()


def test_a_deputy_sees_what_was_closed_with_its_result(client, liaison, station, deputy):
    told_all = told(logged(station, liaison, deputies=[deputy]), liaison)
    follow_up.close_opinion(told_all, actor=liaison)
    client.force_login(deputy.user)
    answer = client.get("/")
    assert [row.pk for row in answer.context["ended"]] == [told_all.pk]
    assert answer.context["raised"] == []
    assert "已修好 · 4月15日 办结 · " in answer.content.decode()


def test_behind_a_figure_there_are_no_worklists(client, liaison, all_steps):
    assert shown(client, liaison, drill="1").context["tabs"] == []
    assert shown(client, liaison, drill="1", step="route").status_code == 200


def test_a_condition_that_cannot_be_read_lists_nothing(client, liaison, station):
    logged(station, liaison)
    answer = shown(client, liaison, step="nonsense")
    assert (answer.status_code, list(answer.context["page"])) == (200, [])


def test_a_confidential_matter_is_in_nobody_elses_worklist(
    client, liaison, station, township_officer
):
    logged(station, liaison, confidential=True)
    assert len(shown(client, liaison, step="route").context["page"]) == 1
    answer = shown(client, township_officer, step="route")
    assert list(answer.context["page"]) == []
    assert {str(tab["count"]) for tab in answer.context["tabs"]} == {"0"}


def test_a_deputy_sees_where_their_own_matters_stand(client, liaison, station, deputy):
    logged(station, liaison, deputies=[deputy], opinion={"statement": "我接待的"})
    logged(station, liaison)
    assert rows(client, deputy.user) == ["我接待的"]
    text = client.get("/").content.decode()
    assert "我接待的事" in text
    assert "决定怎么处理" in text


@pytest.mark.parametrize("step", ["", "route"])
@pytest.mark.parametrize("count", [1, 30])
def test_a_worklist_asks_equally_often_for_one_row_and_for_thirty(
    client, liaison, station, count, step, django_assert_num_queries
):
    deputy = DeputyFactory(station=station)
    given = {"category": category("基础设施")}
    for _ in range(count):
        logged(station, liaison, deputies=[deputy], opinion=dict(given))
    shown(client, liaison, step=step)
    with django_assert_num_queries(9):
        page = client.get(LIST, {"step": step}).context["page"]
    assert len(page) == min(count, 20)
