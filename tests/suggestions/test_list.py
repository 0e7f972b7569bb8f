"""The list of suggestions: worklists by reader, conditions, figures that open it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from suggestions import services
from suggestions.choices import Duty
from suggestions.filters import _OF_A_FIGURE
from suggestions.models import Deadline, Promise, Suggestion
from suggestions.querysets.figures import DRILL_KEYS
from tests.factories import StationFactory, make_user
from tests.suggestions.making import (
    accepted,
    assigned,
    drafted,
    letter,
    make_scene,
    make_session,
    rated,
    replied,
    share_of,
    signed,
    submitted,
)

pytestmark = pytest.mark.django_db
LIST = reverse("suggestions:list")


@pytest.fixture
def scene():
    return make_scene()


def shown(client, user, **address):
    client.force_login(user)
    return client.get(LIST, address)


def titles(answer) -> list[str]:
    return [row.title for row in answer.context["page"]]


def tabs(answer) -> dict[str, str]:
    return {tab["label"]: str(tab["count"]) for tab in answer.context["tabs"]}


def pass_the_day(suggestion, limit) -> None:
    """The clock ran out yesterday."""
    yesterday = timezone.localdate() - timedelta(days=1)
    Deadline.objects.filter(suggestion=suggestion, limit=limit).update(due_on=yesterday)


def test_the_office_has_a_tab_for_all_that_waits_for_it(client, scene):
    submitted(scene, title="待审核的")
    accepted(scene, title="待交办的")
    signed(scene, title="在单位的")
    row = signed(scene, title="答复待审的")
    services.send_reply(row, share_of(row, scene.police_unit), letter(), actor=scene.police)
    replied(scene, title="待评价的")
    rated(scene, title="办结的")
    answer = shown(client, scene.office)
    assert tabs(answer) == {
        "未办结": "5", "待审核": "1", "待交办": "1", "待审批": "0", "在单位": "1", "答复待审": "1",
        "待评价": "1", "续办": "0", "超期": "0", "全部": "6",
    }  # fmt: skip
    assert titles(shown(client, scene.office, step="review")) == ["待审核的"]
    assert titles(shown(client, scene.office, step="vet")) == ["答复待审的"]


def test_a_request_of_a_unit_stands_in_the_tab_of_what_is_to_be_decided(client, scene):
    row = signed(scene, title="要延期的")
    services.ask_for_extension(
        row, share_of(row, scene.police_unit), actor=scene.police, note="汛期",
        until=timezone.localdate() + timedelta(days=120),
    )  # fmt: skip
    assert titles(shown(client, scene.office, step="decide")) == ["要延期的"]


def test_who_is_waited_for_stands_in_the_line_with_the_day(client, scene):
    signed(scene)
    [row] = shown(client, scene.office).context["page"]
    assert row.waits == "等区公安分局答复"
    assert row.badge.words == "办理中"
    assert row.colour.tone == "ok"


def test_what_is_late_comes_first_and_is_red(client, scene):
    signed(scene, title="还早的")
    late = signed(scene, title="超期的")
    pass_the_day(late, "reply")
    answer = shown(client, scene.office)
    assert titles(answer) == ["超期的", "还早的"]
    assert answer.context["page"].rows[0].colour == ("late", "超期 1 天")
    assert titles(shown(client, scene.office, step="overdue")) == ["超期的"]


def test_a_clerk_sees_what_their_unit_has_and_where_it_stands_with_it(client, scene):
    assigned(
        scene, (scene.police_unit, Duty.LEAD), (scene.school_unit, Duty.ASSIST), title="会办的"
    )
    assigned(scene, title="公安独办的")
    answer = shown(client, scene.school)
    assert titles(answer) == ["会办的"]
    assert tabs(answer) == {"待办": "1", "续办": "0", "全部": "1"}
    [row] = answer.context["page"]
    assert row.own_share.duty == Duty.ASSIST
    assert row.badge.words == "待签收"
    assert row.waits == "等区教育局签收"
    assert titles(shown(client, scene.traffic)) == []


def test_a_deputy_is_led_to_what_asks_for_them(client, scene):
    invited = drafted(
        scene, title="请附议的", lead=scene.second, actor=scene.second.user, signers=[scene.lead]
    )
    services.invite_signers(invited, actor=scene.second.user)
    replied(scene, title="请评价的")
    submitted(scene, title="等机关的")
    answer = shown(client, scene.lead.user)
    assert tabs(answer) == {"等我": "2", "我领衔的": "2", "全部": "3"}
    assert sorted(titles(answer)) == ["请评价的", "请附议的"]
    assert titles(shown(client, scene.second.user, step="own")) == ["请附议的"]


def test_nobody_but_its_people_sees_a_draft(client, scene):
    drafted(scene, title="没写完的")
    assert titles(shown(client, scene.office, step="all")) == []
    assert titles(shown(client, scene.liaison, step="all")) == []
    assert titles(shown(client, scene.lead.user)) == ["没写完的"]


def test_staff_of_another_station_see_nothing_of_it(client, scene):
    submitted(scene)
    other = make_user(Role.LIAISON, StationFactory(name="青山乡联络站"))
    answer = shown(client, other)
    assert answer.status_code == 200
    assert titles(answer) == []


def test_who_has_no_part_in_suggestions_is_refused(client, scene):
    assert shown(client, make_user(Role.OBSERVER, scene.station)).status_code == 403


def test_the_first_tab_with_something_in_it_is_shown(client, scene):
    rated(scene, title="办结的")
    assert titles(shown(client, scene.office)) == ["办结的"]
    assert titles(shown(client, scene.office, step="open")) == []


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ({"q": "路口信号灯"}, ["路口信号灯"]),
        ({"q": "第1号"}, ["校车班次"]),
        ({"unit_name": "教育"}, ["校车班次"]),
        ({"state": "submitted"}, ["路口信号灯"]),
        ({"kind": "criticism"}, ["路口信号灯"]),
        ({"is_key": "1"}, ["校车班次"]),
        ({"from": "2030-1-1"}, []),
        ({"station_name": "石桥"}, ["路口信号灯", "校车班次"]),
        ({"deputy": "0"}, []),
        ({"from": "不是日期"}, []),
    ],
)
def test_conditions_narrow_the_list(client, scene, address, found):
    row = assigned(scene, (scene.school_unit, Duty.SOLE), title="校车班次")
    Suggestion.objects.filter(pk=row.pk).update(is_key=True)
    submitted(scene, title="路口信号灯", kind="criticism")
    assert titles(shown(client, scene.office, step="all", **address)) == found


def test_a_figure_opens_the_rows_it_counts(client, scene):
    rated(scene, outcome="mostly", result_class="B", title="基本满意的")
    rated(scene, title="满意的")
    answer = shown(client, scene.office, drill="1", outcome="mostly")
    assert titles(answer) == ["基本满意的"]
    assert not answer.context["tabs"]
    assert [chip["value"] for chip in answer.context["chosen"]] == ["基本满意"]
    by_unit = {"drill": "1", "class": "B", "unit": scene.police_unit.pk}
    answer = shown(client, scene.office, **by_unit)
    assert titles(answer) == ["基本满意的"]
    assert [chip["value"] for chip in answer.context["chosen"]] == ["B 类", "区公安分局"]
    assert titles(shown(client, scene.office, **{**by_unit, "unit": scene.school_unit.pk})) == []


def test_every_condition_of_a_figure_has_a_name():
    assert set(DRILL_KEYS) <= {*_OF_A_FIGURE, "class", "kind", "occasion", "is_key"}


def test_a_second_round_says_so(client, scene):
    rated(scene, outcome="unsatisfied")
    answer = shown(client, scene.office)
    [row] = answer.context["page"]
    assert row.badge.words == "重办中"
    assert "第 2 轮" in answer.content.decode()


def test_more_than_a_page_is_walked_by_key(client, scene):
    for number in range(23):
        submitted(scene, title=f"第{number}件")
    first = shown(client, scene.office, step="all")
    second = client.get(LIST, {"step": "all", "after": first.context["page"].next})
    assert len(set(titles(first)) | set(titles(second))) == 23


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize("step", ["", "all"])
def test_the_list_asks_equally_often_for_one_row_and_for_thirty(
    client, scene, count, step, django_assert_num_queries
):
    for _ in range(count):
        assigned(scene)
    shown(client, scene.office, step=step)
    # Session, user and postings; sessions and categories of the filter; counts; rows, shares.
    with django_assert_num_queries(8):
        page = client.get(LIST, {"step": step}).context["page"]
    assert len(page) == min(count, 20)


@pytest.mark.parametrize("count", [1, 12])
def test_the_promises_ask_equally_often_however_many(
    client, scene, count, django_assert_num_queries
):
    for _ in range(count):
        rated(scene, outcome="mostly", result_class="B")
    client.force_login(scene.office)
    client.get(reverse("suggestions:promises"))
    with django_assert_num_queries(6):
        page = client.get(reverse("suggestions:promises")).context["page"]
    assert len(page) == count


def test_the_promises_tell_open_ones_from_answered_ones(client, scene):
    open_one = rated(scene, outcome="mostly", result_class="B", title="还没续办的")
    done = rated(scene, outcome="mostly", result_class="B", title="续办过的")
    Promise.objects.filter(reply__handling__suggestion=done).update(
        answered_on=timezone.localdate(), answer="道路已修好"
    )
    pass_the_day(open_one, "promise")
    client.force_login(scene.police)
    text = client.get(reverse("suggestions:promises")).content.decode()
    assert "还没续办的" in text
    assert "续办过的" not in text
    text = client.get(reverse("suggestions:promises"), {"step": "answered"}).content.decode()
    assert "道路已修好" in text


def test_a_clerk_reads_the_promises_of_their_own_unit_alone(client, scene):
    row = assigned(
        scene,
        (scene.police_unit, Duty.SEPARATE),
        (scene.school_unit, Duty.SEPARATE),
        title="分办的",
    )
    share = share_of(row, scene.police_unit)
    services.sign_for(row, share, actor=scene.police)
    services.send_reply(row, share, letter("B"), actor=scene.police)
    services.release_reply(row, share, actor=scene.office)
    client.force_login(scene.school)
    assert len(client.get(reverse("suggestions:promises")).context["page"]) == 0
    client.force_login(scene.police)
    assert len(client.get(reverse("suggestions:promises")).context["page"]) == 1


def test_a_number_of_an_old_session_is_read_with_its_session(client, scene):
    accepted(scene)
    assert "第五届第四次会议</small>" not in shown(client, scene.office).content.decode()
    make_session(number=5, starts_on=None, ends_on=None)
    assert "第五届第四次会议</small>" in shown(client, scene.office).content.decode()


def test_a_figure_of_items_says_how_many_of_how_many_suggestions(client, scene):
    units = (scene.police_unit, scene.school_unit)
    assigned(scene, *((unit, Duty.SEPARATE) for unit in units), title="分办的")
    assigned(scene, title="独办的")
    answer = shown(client, scene.office, drill="1", duty="answering")
    assert "<b>2 件建议，3 项承办</b>" in answer.content.decode()
    answer = shown(client, scene.office, drill="1", unit=scene.school_unit.pk)
    assert "<b>1 件</b>" in answer.content.decode()
    assert "<b>2 件</b>" in shown(client, scene.office, step="all").content.decode()
