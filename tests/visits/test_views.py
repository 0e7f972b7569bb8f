"""The register in the browser, as its roles see it."""

import datetime
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from common.models import Draft
from tests.factories import DeputyFactory, category, make_reception
from visits.models import Reception

pytestmark = pytest.mark.django_db
LIST = reverse("visits:reception_list")
NEW = reverse("visits:reception_new")


def typed(deputy, opinions=1, **changes):
    """What the reception page posts."""
    data = {
        "key": str(uuid.uuid4()),
        "station": deputy.station_id,
        "version": 1,
        "received_on": "2026年3月5日",
        "channel": "visit",
        "deputies": [deputy.pk],
        "visitor_name": "王建国",
        "headcount": "3户12人",
        "phone": "138-0013-5678",
        "opinions-TOTAL_FORMS": opinions,
        "opinions-INITIAL_FORMS": 0,
        "opinions-MIN_NUM_FORMS": 1,
        "opinions-MAX_NUM_FORMS": 20,
    }
    for number in range(opinions):
        data[f"opinions-{number}-statement"] = f"第{number + 1}件事"
        data[f"opinions-{number}-disposal"] = "village"
        data[f"opinions-{number}-unit_name"] = "石桥村"
        data[f"opinions-{number}-satisfaction"] = "unrated"
    return {**data, **changes}


@pytest.fixture
def receiver(station):
    return DeputyFactory(station=station, name="石刚")


def test_a_visit_with_two_opinions_is_logged_in_one_page(client, liaison, receiver):
    client.force_login(liaison)
    answer = client.post(NEW, typed(receiver, opinions=2))
    reception = Reception.objects.get()
    assert answer.url == reverse("visits:reception_detail", args=[reception.pk])
    assert (reception.headcount, reception.headcount_text) == (12, "3户12人")
    assert reception.phone == "13800135678"
    assert [o.statement for o in reception.opinions.all()] == ["第1件事", "第2件事"]


def test_a_double_click_makes_one_row(client, liaison, receiver):
    client.force_login(liaison)
    data = typed(receiver)
    assert client.post(NEW, data).url == client.post(NEW, data).url
    assert Reception.objects.count() == 1


def test_the_back_button_turns_a_second_save_into_a_change_of_the_same_row(
    client, liaison, receiver
):
    client.force_login(liaison)
    data = typed(receiver)
    client.post(NEW, data)
    again = client.post(NEW, {**data, "visitor_name": "李四"})
    assert again.status_code == 409
    assert 'value="李四"' in again.content.decode()
    assert Reception.objects.get().visitor_name == "王建国"


def test_wrong_input_says_where_and_keeps_what_was_typed(client, liaison, receiver):
    client.force_login(liaison)
    data = typed(receiver, received_on="2月30日", phone="1380013567", visitor_name="<b>王</b>")
    answer = client.post(NEW, data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "应为 11 位，现在是 10 位" in page
    assert "没有30日" in page
    assert 'value="2月30日"' in page
    assert "<b>王</b>" not in page
    assert "&lt;b&gt;王&lt;/b&gt;" in page
    assert not Reception.objects.exists()


def test_a_future_day_is_refused_at_its_field(client, liaison, receiver):
    client.force_login(liaison)
    answer = client.post(NEW, typed(receiver, received_on="2099-1-1"))
    assert answer.context["entry"].visit.errors["received_on"] == ["接待日期不能在今天之后。"]


def test_one_more_opinion_comes_without_script_and_without_complaints(client, liaison, receiver):
    client.force_login(liaison)
    answer = client.post(NEW, typed(receiver, add_opinion="1", visitor_name="张三"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "opinions-1-statement" in page
    assert 'value="张三"' in page
    assert "请选择处理方式" not in page


def test_save_and_next_carries_day_and_deputies_over(client, liaison, receiver):
    client.force_login(liaison)
    answer = client.post(NEW, typed(receiver, save_and_next="1"), follow=True)
    entry = answer.context["entry"]
    assert entry.visit.initial["received_on"] == datetime.date(2026, 3, 5)
    assert entry.visit.initial["deputies"] == [receiver.pk]
    assert not entry.visit.initial.get("visitor_name")


def test_deputies_are_kept_in_the_order_they_were_picked(client, liaison, station, receiver):
    other = DeputyFactory(station=station)
    client.force_login(liaison)
    client.post(NEW, typed(receiver, deputies=[other.pk, receiver.pk]))
    assert Reception.objects.get().deputy_names == f"{other.name}、石刚"


def test_a_deputy_of_another_township_cannot_be_slipped_in(client, liaison, receiver):
    stranger = DeputyFactory()
    client.force_login(liaison)
    answer = client.post(NEW, typed(receiver, deputies=[stranger.pk]))
    assert answer.status_code == 422


def test_the_change_page_keeps_the_order_of_deputies_and_who_has_left_since(
    client, liaison, station, receiver
):
    left = DeputyFactory(station=station, name="安早退")
    reception = make_reception(station, actor=liaison, deputies=[receiver, left])
    left.state = "resigned"
    left.save()
    client.force_login(liaison)
    page = client.get(reverse("visits:reception_change", args=[reception.pk])).context["entry"]
    assert [deputy.pk for deputy in page.deputies][:2] == [receiver.pk, left.pk]
    new = client.get(NEW).context["entry"]
    assert left not in list(new.deputies)


def test_a_station_one_may_not_log_at_is_not_found(client, liaison):
    stranger = DeputyFactory()
    client.force_login(liaison)
    assert client.post(NEW, typed(stranger)).status_code == 404


def test_a_draft_survives_and_is_dropped_by_the_save(client, liaison, receiver):
    client.force_login(liaison)
    data = typed(receiver, visitor_name="没填完")
    saved = client.post(reverse("visits:draft_keep", args=[data["key"]]), data)
    assert saved.json()["saved_at"]
    offered = client.get(NEW).content.decode()
    assert f"draft={data['key']}" in offered
    resumed = client.get(f"{NEW}?draft={data['key']}").content.decode()
    assert 'value="没填完"' in resumed
    client.post(NEW, data)
    assert not Draft.objects.exists()


def test_a_draft_is_nobody_elses(client, liaison, station_head, receiver):
    client.force_login(liaison)
    data = typed(receiver, visitor_name="没填完")
    client.post(reverse("visits:draft_keep", args=[data["key"]]), data)
    client.force_login(station_head)
    assert "没填完" not in client.get(f"{NEW}?draft={data['key']}").content.decode()


def change_page(client, reception, **changes):
    address = reverse("visits:reception_change", args=[reception.pk])
    deputy = reception.receivers.get().deputy
    opinion = reception.opinions.get()
    extra = {
        "opinions-INITIAL_FORMS": 1,
        "opinions-0-id": opinion.pk,
        "opinions-0-reception": reception.pk,
    }
    return client.post(address, typed(deputy, **{**extra, **changes}))


def test_a_lost_update_shows_both_versions_and_writes_nothing(client, liaison, station, receiver):
    reception = make_reception(station, actor=liaison, deputies=[receiver], address="石桥村")
    client.force_login(liaison)
    assert change_page(client, reception, address="甲地").status_code == 302
    answer = change_page(client, reception, address="乙地", version=1)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert ("住址", "乙地", "甲地") in answer.context["conflict"]
    assert 'value="乙地"' in page
    assert Reception.objects.get().address == "甲地"
    assert change_page(client, reception, address="乙地", version=2).status_code == 302


def test_the_list_finds_a_reception_by_two_characters_of_what_was_said(client, liaison, station):
    make_reception(station, actor=liaison, opinions=[{"statement": "家中老人失能，怎样申请补贴"}])
    make_reception(station, actor=liaison, opinions=[{"statement": "村口小桥栏杆断裂"}])
    client.force_login(liaison)
    page = client.get(LIST, {"q": "失能"})
    assert [row.number for row in page.context["page"]] == [1]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"from": "2026-3-1"}, [2]),
        ({"to": "2026.2.28"}, [1]),
        ({"disposal": "village"}, [2]),
        ({"disposal": "none"}, [1]),
        ({"category": "none"}, [1]),
        ({"channel": "call"}, [1]),
        ({"deputy_name": "石刚"}, [2]),
        ({"progress": "satisfied"}, [1]),
        ({"progress": "not_fed_back"}, [2, 1]),
        ({"q": "2026-002"}, [2]),
        ({"q": "王建国 小桥"}, []),
    ],
)
def test_the_list_is_narrowed_by_its_address(client, liaison, station, receiver, query, found):
    make_reception(
        station,
        actor=liaison,
        received_on=datetime.date(2026, 2, 3),
        channel="call",
        visitor_name="王建国",
        opinions=[{"satisfaction": "satisfied"}],
    )
    make_reception(
        station,
        actor=liaison,
        deputies=[receiver],
        visitor_name="李四",
        opinions=[
            {
                "statement": "村口小桥断裂",
                "disposal": "village",
                "category": category("基础设施"),
            }
        ],
    )
    client.force_login(liaison)
    assert [row.number for row in client.get(LIST, query).context["page"]] == found


def test_a_condition_that_cannot_be_read_is_said_and_lists_nothing(client, liaison, station):
    make_reception(station, actor=liaison)
    client.force_login(liaison)
    answer = client.get(LIST, {"from": "2月30日"})
    assert list(answer.context["page"]) == []
    assert "2月没有30日" in answer.content.decode()


@pytest.mark.parametrize(
    ("address", "queries"), [("visits:reception_list", 7), ("visits:opinion_list", 9)]
)
@pytest.mark.parametrize("count", [1, 30])
def test_lists_ask_the_database_equally_often_for_one_row_and_for_thirty(
    client, liaison, station, count, address, queries, django_assert_num_queries
):
    deputy = DeputyFactory(station=station)
    for _ in range(count):
        make_reception(
            station,
            actor=liaison,
            deputies=[deputy],
            opinions=[{"category": category("基础设施")}, {}],
        )
    client.force_login(liaison)
    client.get(reverse(address))
    with django_assert_num_queries(queries):
        page = client.get(reverse(address))
    rows = count if address.endswith("reception_list") else count * 2
    assert len(page.context["page"]) == min(rows, 20)


def test_pages_follow_the_last_row_and_lead_back(client, liaison, station):
    deputy = DeputyFactory(station=station)
    for _ in range(45):
        make_reception(station, actor=liaison, deputies=[deputy])
    client.force_login(liaison)
    first = client.get(LIST).context["page"]
    second = client.get(LIST, {"after": first.next}).context["page"]
    third = client.get(LIST, {"after": second.next}).context["page"]
    numbers = [[row.number for row in page] for page in (first, second, third)]
    assert numbers == [list(range(45, 25, -1)), list(range(25, 5, -1)), list(range(5, 0, -1))]
    assert third.next == ""
    back = client.get(LIST, {"before": third.previous}).context["page"]
    assert [row.number for row in back] == numbers[1]
    assert client.get(LIST, {"after": "nonsense"}).status_code == 200


def test_names_and_phones_are_masked_for_who_need_not_know_them(
    client, liaison, station, district_officer
):
    make_reception(station, actor=liaison, visitor_name="欧阳建国", phone="13800135678")
    client.force_login(district_officer)
    page = client.get(LIST).content.decode()
    assert "欧**" in page
    assert "138****5678" in page
    assert "欧阳建国" not in page
    assert "13800135678" not in page
    assert list(client.get(LIST, {"q": "欧阳建国"}).context["page"]) == []
    assert list(client.get(LIST, {"q": "13800135678"}).context["page"]) == []


def test_a_confidential_reception_is_read_at_its_station_only(
    client, liaison, station, township_officer, district_officer
):
    reception = make_reception(
        station, actor=liaison, confidential=True, opinions=[{"statement": "不能外传的事"}]
    )
    page = reverse("visits:reception_detail", args=[reception.pk])
    client.force_login(liaison)
    assert "不能外传的事" in client.get(LIST).content.decode()
    for officer in (township_officer, district_officer):
        client.force_login(officer)
        assert client.get(page).status_code == 404
        assert list(client.get(LIST, {"q": "外传"}).context["page"]) == []
        drill = client.get(LIST, {"drill": "1"}).content.decode()
        assert "保密件 1 批" in drill
        assert "不能外传的事" not in drill


def test_a_deputy_sees_only_own_receptions(client, liaison, station, deputy):
    own = make_reception(station, actor=liaison, deputies=[deputy])
    make_reception(station, actor=liaison)
    client.force_login(deputy.user)
    assert [row.pk for row in client.get(LIST).context["page"]] == [own.pk]
    assert "王建国" in client.get(LIST).content.decode()


def test_a_masked_reader_sees_no_contact_in_the_history(
    client, liaison, station, receiver, district_officer
):
    reception = make_reception(station, actor=liaison, deputies=[receiver])
    client.force_login(liaison)
    change_page(client, reception, visitor_name="赵六秘密", version=1)
    client.force_login(district_officer)
    page = client.get(reverse("visits:reception_detail", args=[reception.pk])).content.decode()
    assert "赵六秘密" not in page
    assert "已脱敏" in page


def test_the_list_answers_htmx_with_its_rows_only(client, liaison, station):
    make_reception(station, actor=liaison)
    client.force_login(liaison)
    partial = client.get(LIST, headers={"HX-Request": "true"})
    assert "<html" not in partial.content.decode()
    assert "2026-001" in partial.content.decode()
    assert "HX-Request" in partial.headers["Vary"]


def test_forms_need_the_csrf_token(liaison, receiver):

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(liaison)
    answer = strict.post(NEW, typed(receiver))
    assert answer.status_code == 403
    assert not Reception.objects.exists()


def test_pages_carry_a_strict_policy(client, liaison):
    client.force_login(liaison)
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_a_late_autosave_of_a_saved_form_makes_no_draft(client, liaison, receiver):
    client.force_login(liaison)
    data = typed(receiver)
    client.post(NEW, data)
    client.post(reverse("visits:draft_keep", args=[data["key"]]), data)
    assert not Draft.objects.exists()


def test_a_void_reception_says_that_it_is_not_changed_any_more(client, liaison, station):
    reception = make_reception(station, actor=liaison)
    client.force_login(liaison)
    client.post(reverse("visits:reception_void", args=[reception.pk]), {"reason": "重复"})
    answer = client.get(reverse("visits:reception_change", args=[reception.pk]), follow=True)
    assert "已经作废，不能再修改" in answer.content.decode()
