"""The opinions of the reception page: who is to handle them, and what is said at the table."""

import datetime

import pytest
from django.urls import reverse

from tests.factories import DeputyFactory, make_reception
from tests.visits.test_views import typed
from visits.models import Opinion, Reception

pytestmark = pytest.mark.django_db
NEW = reverse("visits:reception_new")
ASKED = "请填写承办单位；还不知道交给谁的，处理方式先不选。"
DECLINED = {
    "opinions-0-disposal": "declined",
    "opinions-0-decline_reason": "in_court",
    "opinions-0-unit_name": "",
}


@pytest.fixture
def receiver(station):
    return DeputyFactory(station=station, name="石刚")


@pytest.fixture
def staff(client, liaison):
    client.force_login(liaison)
    return client


# 承办单位 ---


@pytest.mark.parametrize("way", ["village", "township", "district"])
def test_what_a_unit_handles_names_the_unit(staff, receiver, way):
    data = typed(receiver, **{"opinions-0-disposal": way, "opinions-0-unit_name": " "})
    answer = staff.post(NEW, data)
    assert answer.status_code == 422
    assert answer.context["entry"].opinions.forms[0].errors == {"unit_name": [ASKED]}
    assert not Reception.objects.exists()


@pytest.mark.parametrize(
    ("way", "state"), [("", "recorded"), ("suggestion", "assigned"), ("higher", "assigned")]
)
def test_what_no_unit_handles_names_none(staff, receiver, way, state):
    data = typed(receiver, **{"opinions-0-disposal": way, "opinions-0-unit_name": ""})
    assert staff.post(NEW, data).status_code == 302
    assert Opinion.objects.get().state == state


def test_what_paper_brought_without_a_unit_can_still_be_mended(staff, liaison, receiver, station):
    row = make_reception(
        station, actor=liaison, deputies=[receiver], opinions=[{"disposal": "village"}]
    )
    opinion = row.opinions.get()
    change = reverse("visits:reception_change", args=[row.pk])
    data = typed(
        receiver,
        key=str(row.submission_key),
        row=row.pk,
        version=row.version,
        received_on=str(row.received_on),
        **{
            "opinions-INITIAL_FORMS": 1,
            "opinions-0-id": opinion.pk,
            "opinions-0-statement": "路灯不亮",
            "opinions-0-unit_name": "",
        },
    )
    assert staff.post(change, {**data, "opinions-0-disposal": "district"}).status_code == 422
    assert staff.post(change, data).status_code == 302
    assert Opinion.objects.get().statement == "路灯不亮"


# 已当场告知来访人 ---


def proposed(answer) -> bool:
    return bool(answer.context["entry"].opinions.forms[0]["told_at_once"].value())


def test_telling_at_the_table_is_proposed_for_a_visit_and_not_for_a_letter(
    staff, liaison, receiver, station
):
    assert proposed(staff.get(NEW))
    letter = make_reception(station, actor=liaison, deputies=[receiver], channel="letter")
    assert not proposed(staff.get(NEW, {"like": letter.pk}))
    assert not proposed(staff.get(reverse("visits:reception_change", args=[letter.pk])))


@pytest.mark.parametrize(
    ("channel", "how"), [("visit", "当面"), ("walk", "当面"), ("call", "电话")]
)
@pytest.mark.parametrize("way", ["declined", "petition"])
def test_who_is_told_at_the_table_waits_for_nothing(staff, receiver, channel, how, way):
    data = typed(receiver, channel=channel, **DECLINED)
    data |= {"opinions-0-disposal": way, "opinions-0-told_at_once": "on"}
    assert staff.post(NEW, data).status_code == 302
    opinion = Opinion.objects.get()
    assert opinion.state == "closed"
    assert (opinion.feedback_on, opinion.feedback_method) == (datetime.date(2026, 3, 5), how)
    assert opinion.due_on is None


@pytest.mark.parametrize(
    "changes",
    [
        {},  # the tick taken away
        {"opinions-0-told_at_once": "on", "channel": "letter"},
        {"opinions-0-told_at_once": "on", "channel": "mailbox"},
    ],
)
def test_who_was_not_at_the_table_is_still_to_be_told(staff, receiver, changes):
    assert staff.post(NEW, typed(receiver, **DECLINED) | changes).status_code == 302
    opinion = Opinion.objects.get()
    assert (opinion.state, opinion.is_fed_back) == ("answered", False)


def test_feedback_that_was_typed_stands(staff, receiver):
    data = typed(receiver, **DECLINED) | {
        "opinions-0-told_at_once": "on",
        "opinions-0-feedback_on": "2026-3-6",
        "opinions-0-feedback_method": "书面",
    }
    staff.post(NEW, data)
    opinion = Opinion.objects.get()
    assert (opinion.feedback_on, opinion.feedback_method) == (datetime.date(2026, 3, 6), "书面")


def test_the_tick_means_nothing_for_what_is_taken_on(staff, receiver):
    staff.post(NEW, typed(receiver, **{"opinions-0-told_at_once": "on"}))
    assert not Opinion.objects.get().is_fed_back


def test_an_empty_opinion_with_the_proposed_tick_is_left_out(staff, receiver):
    blank = {"opinions-1-satisfaction": "unrated", "opinions-1-told_at_once": "on"}
    data = typed(receiver) | {"opinions-TOTAL_FORMS": 2, **blank}
    assert staff.post(NEW, data).status_code == 302
    assert Opinion.objects.count() == 1


def test_an_opinion_added_without_script_has_the_tick_too(staff, receiver):
    answer = staff.post(NEW, typed(receiver, add_opinion="1"))
    assert answer.context["entry"].opinions.forms[1]["told_at_once"].value()


def test_a_unit_typed_before_the_matter_was_declined_is_dropped(staff, receiver):
    staff.post(NEW, typed(receiver, **DECLINED) | {"opinions-0-unit_name": "石桥村"})
    assert Opinion.objects.get().unit is None


def test_the_reason_is_not_called_optional(staff, receiver):
    form = staff.get(NEW).context["entry"].opinions.forms[0]
    assert "可不填" not in str(form["decline_reason"].as_field_group())
