"""What is said before a clock passes and after it, to whom, and that it is said once."""

import datetime

import pytest
from django.utils import timezone

from accounts.models import Notice
from accounts.services import plan_notices
from suggestions import reminders, services
from suggestions.models import Deadline
from tests.suggestions.making import (
    assigned,
    drafted,
    make_scene,
    replied,
    signed,
    submitted,
)

pytestmark = pytest.mark.django_db
ONE = datetime.timedelta(days=1)


@pytest.fixture
def scene():
    return make_scene()


def due_on(limit):
    return Deadline.objects.get(limit=limit).due_on


def said(lines, user):
    return [words for who, words, _, _ in lines if who == user]


def test_a_clerk_is_told_what_is_to_be_signed(scene):
    assigned(scene)
    today = timezone.localdate()
    assert said(reminders.unit_lines(today), scene.police) == ["签收建议：1 件"]
    late = due_on("sign") + ONE
    assert said(reminders.unit_lines(late), scene.police) == ["签收建议：1 件，其中 1 件已超期"]
    assert said(reminders.unit_lines(late), scene.school) == []


def test_an_answer_is_named_in_its_last_week(scene):
    signed(scene)
    day = due_on("reply")
    assert said(reminders.unit_lines(day - 8 * ONE), scene.police) == []
    assert said(reminders.unit_lines(day - 7 * ONE), scene.police) == ["答复代表：1 件"]


def test_the_office_is_told_what_it_is_to_decide_and_who_is_late(scene):
    submitted(scene)
    assert said(reminders.office_lines(timezone.localdate()), scene.office) == [
        "审核交办建议：1 件"
    ]
    assigned(scene, title="关于另一路口的建议")
    late = due_on("sign") + ONE
    words = said(reminders.office_lines(late), scene.office)
    assert "督促办理：1 个期限单位或代表已超期" in words


def test_deputies_are_asked_to_sign_and_to_rate(scene):
    row = drafted(scene, signers=[scene.second])
    services.invite_signers(row, actor=scene.lead.user)
    replied(scene, title="关于另一路口的建议")
    lines = list(reminders.deputy_lines(timezone.localdate()))
    assert said(lines, scene.second.user) == ["答复是否附议：1 件"]
    assert said(lines, scene.lead.user) == ["评价办理情况：1 件"]


def test_staff_are_told_when_their_deputies_are_late(scene):
    replied(scene)
    assert said(reminders.staff_lines(due_on("rate")), scene.liaison) == []
    words = said(reminders.staff_lines(due_on("rate") + ONE), scene.liaison)
    assert words == ["请代表修改或评价：1 件已超期"]


def test_a_unit_is_reminded_a_week_and_a_day_before_and_each_once(scene):
    signed(scene)
    day = due_on("reply")
    titles = []
    for left in (8, 7, 6, 2, 1, 1, 0):
        titles += [one.title for one in reminders.plan_before_due(day - left * ONE)]
        plan_notices(day - left * ONE)
    keys = Notice.objects.filter(key__contains=":due:")
    assert keys.count() == 2
    assert titles[0] == "代表建议7 天后到期：答复代表"
    assert titles[-1] == "代表建议今天到期：答复代表"


def test_what_passes_is_told_once_to_unit_and_office(scene):
    signed(scene)
    day = due_on("reply")
    assert list(reminders.plan_overdue(day)) == []
    for after in (1, 2, 3):
        plan_notices(day + after * ONE)
    told = Notice.objects.filter(key__contains=":late:")
    assert {(one.user, one.title) for one in told} == {
        (scene.police, "代表建议已超期：答复代表"), (scene.office, "承办单位超期：答复代表"),
    }  # fmt: skip


def test_the_lead_hears_that_the_time_to_sign_is_over_and_may_submit(scene):
    row = drafted(scene, signers=[scene.second])
    services.invite_signers(row, actor=scene.lead.user)
    late = due_on("join") + ONE
    [message] = reminders.plan_join_over(late)
    assert (message.user, message.url) == (scene.lead.user, f"/suggestions/{row.pk}/")
    services.submit_suggestion(row, actor=scene.lead.user)
    assert list(reminders.plan_join_over(late)) == []


def test_no_line_names_a_matter_or_a_person(scene):
    signed(scene)
    replied(scene, title="关于另一路口的建议")
    day = due_on("rate") + 100 * ONE
    plans = (reminders.plan_overdue, reminders.plan_before_due)
    words = [words for lines in reminders_of(day) for _, words, _, _ in lines]
    words += [one.title + one.text for plan in plans for one in plan(day)]
    assert words
    assert not any("石" in one or "路口" in one for one in words)


def reminders_of(day):
    return [
        list(lines(day))
        for lines in (
            reminders.unit_lines, reminders.office_lines, reminders.deputy_lines,
            reminders.staff_lines,
        )
    ]  # fmt: skip


def queries_of(day, django_assert_max_num_queries):
    with django_assert_max_num_queries(100) as seen:
        reminders_of(day)
        list(reminders.plan_overdue(day))
        list(reminders.plan_before_due(day))
        list(reminders.plan_join_over(day))
    return len(seen)


def test_twenty_suggestions_ask_no_more_than_one(scene, django_assert_max_num_queries):
    assigned(scene)
    replied(scene, title="关于评价的建议")
    day = due_on("rate") + ONE
    few = queries_of(day, django_assert_max_num_queries)
    for number in range(10):
        assigned(scene, title=f"关于第{number}路口的建议")
        replied(scene, title=f"关于第{number}座桥的建议")
    assert queries_of(day, django_assert_max_num_queries) == few
