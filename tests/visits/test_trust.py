"""What a reader may not find out, however they ask."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from common.importing.services import check_sheet, import_sheet
from common.masking import mask_numbers, mask_phone
from common.models import AuditEntry, Draft
from tests.factories import DeputyFactory, StationFactory, make_reception, make_user
from tests.sheets import reception_sheet
from tests.visits.test_views import NEW, typed
from visits.models import Opinion, Reception

pytestmark = pytest.mark.django_db
LISTS = ("visits:reception_list", "visits:opinion_list")
ABOVE = "联络站:石桥镇中心联络站    年度:2026年"


@pytest.fixture
def receiver(station):
    return DeputyFactory(station=station, name="石刚")


@pytest.fixture
def secret(station, liaison, receiver):
    return make_reception(
        station,
        actor=liaison,
        deputies=[receiver],
        confidential=True,
        visitor_name="欧阳秘",
        phone="13800135678",
        opinions=[{"statement": "水库坝子的事"}],
    )


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(
    "query",
    [
        {"q": "水库坝子"},
        {"deputy_name": "石刚"},
        {"from": "2026-3-5", "to": "2026-3-5"},
        {"channel": "visit"},
    ],
)
def test_a_drill_down_is_no_way_to_search_confidential_receptions(
    client, township_officer, secret, name, query
):
    client.force_login(township_officer)
    page = client.get(reverse(name), {"drill": "1", **query}).content.decode()
    assert "保密件" not in page


@pytest.mark.parametrize("name", LISTS)
def test_a_drill_down_of_a_whole_month_counts_them(client, township_officer, secret, name):
    client.force_login(township_officer)
    query = {"drill": "1", "from": "2026-3-1", "to": "2026-3-31"}
    assert "保密件 1" in client.get(reverse(name), query).content.decode()


def change(client, reception, **fields):
    opinion = reception.opinions.get()
    receiver = reception.receivers.get().deputy
    data = typed(
        receiver,
        **{
            "opinions-INITIAL_FORMS": 1,
            "opinions-0-id": opinion.pk,
            "opinions-0-reception": reception.pk,
            **fields,
        },
    )
    return client.post(reverse("visits:reception_change", args=[reception.pk]), data)


def test_the_change_page_shows_no_contact_to_whom_it_is_masked_and_keeps_it(
    client, township_officer, liaison, station, receiver
):
    reception = make_reception(station, actor=liaison, deputies=[receiver], note="另 13912345678")
    address = reverse("visits:reception_change", args=[reception.pk])
    client.force_login(township_officer)
    page = client.get(address).content.decode()
    assert "王建国" not in page
    assert "13800135678" not in page
    assert "13912345678" not in page
    conflict = change(client, reception, version=0)
    assert conflict.status_code == 409
    assert "王建国" not in conflict.content.decode()
    change(client, reception, address="新址", visitor_name="被改", phone="13911112222")
    reception.refresh_from_db()
    assert (reception.address, reception.visitor_name) == ("新址", "王建国")
    assert reception.phone == "13800135678"


def test_a_key_in_a_sheet_does_not_reach_a_row_one_may_not_read(township_officer, secret):
    opinion = secret.opinions.get()
    line = {
        "接待日期": "2026-3-6",
        "接待代表": "石刚",
        "反映内容": "改写",
        "内部标识（勿改）": f"{opinion.pk}:1",
    }
    headers = list(line)
    content = reception_sheet([line], above=ABOVE, headers=headers)
    outcome = import_sheet("receptions", content, "x.xlsx", actor=township_officer)
    assert outcome.updated == 0
    assert Opinion.objects.get(pk=opinion.pk).statement == "水库坝子的事"


def test_a_duplicate_of_an_unseen_row_is_called_by_no_number(township_officer, liaison, secret):
    line = {
        "接待日期": "2026-3-5",
        "接待代表": "石刚",
        "来访人姓名": "欧阳秘",
        "反映内容": "水库坝子的事",
    }
    content = reception_sheet([line], above=ABOVE)
    seen = [
        check_sheet("receptions", content, "x.xlsx", actor=actor).rows[0].same_as
        for actor in (township_officer, liaison)
    ]
    assert seen == ["已有登记", "2026-001"]


def test_a_new_page_begins_with_nothing_of_an_unseen_visit(
    client, township_officer, station, liaison, receiver
):
    make_reception(
        station,
        actor=liaison,
        deputies=[receiver],
        confidential=True,
        received_on=timezone.localdate(),
        place="密室",
    )
    client.force_login(township_officer)
    assert "密室" not in client.get(NEW, {"station": station.pk}).content.decode()


def test_the_key_of_another_stations_form_tells_nothing(client, secret):
    other = StationFactory()
    deputy = DeputyFactory(station=other)
    stranger = make_user(Role.LIAISON, other)
    client.force_login(stranger)
    data = typed(deputy, key=str(secret.submission_key), visitor_name="我填的")
    answer = client.post(NEW, data)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "2026-001" not in page
    assert 'value="我填的"' in page
    assert str(secret.submission_key) not in page
    assert Reception.objects.count() == 1


def test_a_draft_goes_out_of_reach_with_the_station(client, liaison, receiver):
    client.force_login(liaison)
    data = typed(receiver, visitor_name="草稿里的人")
    client.post(reverse("visits:draft_keep", args=[data["key"]]), data)
    liaison.postings.update(station=StationFactory())
    assert "草稿里的人" not in client.get("/").content.decode()
    assert "草稿里的人" not in client.get(f"{NEW}?draft={data['key']}").content.decode()


def test_a_draft_has_a_size_and_a_user_has_only_so_many(client, liaison, receiver):
    client.force_login(liaison)
    large = typed(receiver, note="长" * 300_000)
    address = reverse("visits:draft_keep", args=[large["key"]])
    assert client.post(address, large).status_code == 413
    Draft.objects.bulk_create(
        Draft(user=liaison, form="reception", key=uuid.uuid4()) for _ in range(50)
    )
    data = typed(receiver)
    refused = client.post(reverse("visits:draft_keep", args=[data["key"]]), data)
    assert refused.status_code == 413


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13800135678", "138****5678"),
        ("13800135678、057188886666", "138****5678、**********66"),
        ("0990-3220191", "****-*****91"),
        ("", ""),
    ],
)
def test_every_number_of_a_phone_field_is_masked(phone, shown):
    assert mask_phone(phone) == shown


def test_numbers_in_a_note_are_masked_for_who_need_not_know_them(
    client, district_officer, station, liaison
):
    note = "联系电话：1380013567 房屋 30-54 号"
    assert mask_numbers("身份证 330102199001011234") == "身份证 ****************34"
    reception = make_reception(station, actor=liaison, note=note)
    client.force_login(district_officer)
    page = client.get(reverse("visits:reception_detail", args=[reception.pk])).content.decode()
    assert "1380013567" not in page
    assert "30-54 号" in page


def test_identity_numbers_are_not_collected(station, liaison, receiver):
    line = {
        "接待日期": "2026-3-5",
        "接待代表": "石刚",
        "反映内容": "路灯",
        "身份证号": "330102199001011234",
    }
    content = reception_sheet([line], above=ABOVE, headers=list(line))
    outcome = import_sheet("receptions", content, "x.xlsx", actor=liaison)
    assert outcome.as_json()["warnings"][0]["column"] == "身份证号"
    assert Reception.objects.get().note == ""


@pytest.mark.parametrize(
    "query",
    [{"station": "²"}, {"like": "²"}, {"station": "9" * 40}, {"draft": "x"}, {"like": "9" * 40}],
)
def test_nonsense_in_the_address_is_no_error_of_ours(client, liaison, station, query):
    client.force_login(liaison)
    assert client.get(NEW, query).status_code in {200, 404}


@pytest.mark.parametrize("name", LISTS)
def test_a_number_beyond_all_keys_lists_nothing(client, liaison, station, name):
    client.force_login(liaison)
    assert client.get(reverse(name), {"deputy": "9" * 40}).status_code == 200


def test_posted_nonsense_is_no_error_of_ours(client, liaison, receiver):
    client.force_login(liaison)
    data = typed(receiver, version="²", deputies=["²", "9" * 40])
    data["opinions-TOTAL_FORMS"] = "abc"
    assert client.post(NEW, data).status_code == 422
    assert client.post(NEW, {**data, "add_opinion": "1"}).status_code == 200


def test_a_reason_longer_than_the_register_takes_is_refused(client, liaison, station):
    reception = make_reception(station, actor=liaison)
    client.force_login(liaison)
    client.post(reverse("visits:reception_void", args=[reception.pk]), {"reason": "长" * 201})
    reception.refresh_from_db()
    assert not reception.is_void
    assert not AuditEntry.objects.filter(action="void").exists()


def test_signed_in_pages_are_kept_by_no_browser(client, liaison):
    client.force_login(liaison)
    assert "no-store" in client.get("/").headers["Cache-Control"]
