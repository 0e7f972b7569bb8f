"""承办单位: who keeps them, who their clerks are, and what a misspelt one becomes."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actors import SYSTEM
from accounts.models import User
from accounts.roles import Role
from common import audit
from common.errors import RuleViolation, StaleVersion
from common.models import AuditAction
from stations import services
from stations.models import Posting, Unit
from tests.factories import AreaFactory, UnitFactory, UserFactory, make_reception, make_user

pytestmark = pytest.mark.django_db
UNITS = "/stations/units/"
PERSONAS = ["district_officer", "township_officer", "station_head", "liaison", "administrator"]


@pytest.fixture
def bureau(district):
    return UnitFactory(name="区住建局", area=district)


@pytest.fixture
def office(township):
    return UnitFactory(name="石桥镇水务站", area=township)


@pytest.fixture
def misspelt(db):
    """As a sheet leaves it: without an area, to be confirmed."""
    return UnitFactory(name="区住建据", confirmed=False)


def page(unit, name="unit"):
    return reverse(f"stations:{name}", args=[unit.pk])


def clerk_of(unit, name="钱鸣", **fields):
    return Posting.objects.create(person_name=name, role=Role.UNIT_CLERK, unit=unit, **fields)


def clerk_page(name, posting):
    return reverse(f"stations:{name}", args=[posting.unit_id, posting.pk])


def names(response):
    return [unit.name for unit in response.context["page"]]


# Who sees what


def test_what_waits_to_be_confirmed_comes_first_then_the_districts_own(
    client, district_officer, office, bureau, misspelt
):
    client.force_login(district_officer)
    response = client.get(UNITS)
    assert names(response) == ["区住建据", "区住建局", "石桥镇水务站"]
    assert "1 个待确认" in response.content.decode()


def test_a_township_sees_its_own_units_and_those_of_its_villages(
    client, township, township_officer, office, bureau, misspelt
):
    village = AreaFactory(code="990101103001", name="石桥村", level="village", parent=township)
    UnitFactory(name="石桥村", area=village)
    UnitFactory(name="白塔镇水务站", area=AreaFactory(code="990101104"))
    client.force_login(township_officer)
    response = client.get(UNITS)
    assert names(response) == ["石桥镇水务站", "石桥村"]
    assert "石桥镇 · 石桥村" in response.content.decode()
    assert client.get(page(office)).status_code == 200
    for other in (bureau, misspelt):
        assert client.get(page(other)).status_code == 404


def test_the_first_administrator_sees_all_and_manages_no_unit(
    client, administrator, bureau, misspelt
):
    client.force_login(administrator)
    assert names(client.get(UNITS)) == ["区住建据", "区住建局"]
    assert "merge_form" not in client.get(page(misspelt)).context
    assert client.get(page(misspelt, "unit_change")).status_code == 403


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "水务"}, ["石桥镇水务站"]),
        ({"q": "钱鸣"}, ["区住建局"]),
        ({"state": "new"}, ["区住建据"]),
        ({"state": "active"}, ["区住建据", "区住建局"]),
        ({"state": "stopped"}, ["石桥镇水务站"]),
        ({"area": "990101103"}, ["石桥镇水务站"]),
        ({"clerks": "none"}, ["区住建据"]),
    ],
)
def test_the_list_is_narrowed_by_its_address(
    client, district_officer, station, office, bureau, misspelt, query, found
):
    clerk_of(bureau, user=UserFactory())
    Unit.objects.filter(pk=office.pk).update(active=False)
    client.force_login(district_officer)
    response = client.get(UNITS, query, headers={"HX-Request": "true"})
    assert names(response) == found
    assert "<html" not in response.content.decode()


def test_the_list_counts_clerks_and_those_who_can_log_in(client, district_officer, bureau):
    clerk_of(bureau)
    clerk_of(bureau, "武天厚", user=UserFactory())
    client.force_login(district_officer)
    [unit] = client.get(UNITS).context["page"]
    assert (unit.clerk_count, unit.log_in_count) == (2, 1)


def test_every_row_is_on_exactly_one_of_two_pages(client, district_officer, township):
    for number in range(60):
        UnitFactory(area=township if number % 2 else None, confirmed=number % 3 > 0)
    client.force_login(district_officer)
    first = client.get(UNITS)
    second = client.get(UNITS, {"after": first.context["page"].next})
    seen = names(first) + names(second)
    assert (len(names(first)), len(seen), len(set(seen))) == (50, 60, 60)


def test_query_count_does_not_grow_with_the_rows(client, district_officer, misspelt):
    client.force_login(district_officer)

    def queries(address):
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    def fill(count):
        for _ in range(count):
            clerk_of(UnitFactory(), user=UserFactory())
            clerk_of(misspelt, f"经办{Posting.objects.count()}", user=UserFactory())

    addresses = (UNITS, page(misspelt))
    fill(1)
    client.get(UNITS)
    before = [queries(address) for address in addresses]
    fill(15)
    assert [queries(address) for address in addresses] == before
    assert max(before) <= 16


@pytest.mark.parametrize(
    ("persona", "offered"),
    [("district_officer", True), ("township_officer", True), ("liaison", False)],
)
def test_units_are_linked_from_the_stations_for_who_keeps_them(
    request, client, station, persona, offered
):
    client.force_login(request.getfixturevalue(persona))
    assert (f'href="{UNITS}"' in client.get("/stations/").content.decode()) == offered


def test_units_are_linked_where_administrators_keep_offices(client, administrator):
    client.force_login(administrator)
    assert f'href="{UNITS}"' in client.get("/stations/offices/").content.decode()


# What the district decides


def test_a_unit_is_entered_by_the_district(client, district_officer, township):
    client.force_login(district_officer)
    typed = {"name": " 石桥镇水务站 ", "area": township.pk, "confirmed": "on", "active": "on"}
    response = client.post(reverse("stations:unit_new"), typed)
    unit = Unit.objects.get(name="石桥镇水务站")
    assert response.url == page(unit)
    assert (unit.area, unit.confirmed, unit.active) == (township, True, True)
    assert audit.history_of(unit).get().action == AuditAction.CREATE


def test_a_unit_is_renamed_moved_and_stopped_and_the_log_says_so(
    client, district_officer, township, misspelt
):
    client.force_login(district_officer)
    typed = {"name": "石桥镇住建所", "area": township.pk, "confirmed": "on", "version": 1}
    assert client.post(page(misspelt, "unit_change"), typed).status_code == 302
    misspelt.refresh_from_db()
    assert (misspelt.name, misspelt.active, misspelt.version) == ("石桥镇住建所", False, 2)
    assert audit.history_of(misspelt).get().changes == {
        "名称": ["区住建据", "石桥镇住建所"],
        "所在区划": ["", "石桥镇"],
        "已确认": ["否", "是"],
        "使用中": ["是", "否"],
    }


def test_a_name_that_another_unit_has_is_refused_and_points_to_the_merge(
    client, district_officer, bureau, misspelt
):
    client.force_login(district_officer)
    typed = {"name": "区住建局", "area": "", "active": "on", "version": 1}
    response = client.post(page(misspelt, "unit_change"), typed)
    assert response.status_code == 422
    assert "请用“并入”" in response.content.decode()


def test_an_outdated_version_overwrites_nothing_and_shows_both(
    client, district_officer, bureau, district
):
    client.force_login(district_officer)
    typed = {"name": "区住建局", "area": district.pk, "confirmed": "on", "active": "on"}
    client.post(page(bureau, "unit_change"), {**typed, "name": "区住房局", "version": 1})
    response = client.post(page(bureau, "unit_change"), {**typed, "name": "区建设局", "version": 1})
    assert response.status_code == 409
    assert response.context["form"].conflict == [("名称", "区建设局", "区住房局")]
    bureau.refresh_from_db()
    assert bureau.name == "区住房局"
    with pytest.raises(StaleVersion):
        services.change_unit(Unit(pk=bureau.pk, name="甲"), actor=SYSTEM, version=1)


@pytest.mark.parametrize("name", ["", "  "])
def test_a_unit_without_a_name_is_refused(district_officer, name):
    with pytest.raises(RuleViolation, match="请填写单位名称"):
        services.create_unit(Unit(name=name), actor=district_officer)


def test_a_unit_is_confirmed_by_one_click_and_a_second_changes_nothing(
    client, district_officer, misspelt
):
    client.force_login(district_officer)
    for _ in range(2):
        client.post(page(misspelt, "unit_confirm"))
    misspelt.refresh_from_db()
    assert misspelt.confirmed
    assert audit.history_of(misspelt).get().changes == {"已确认": ["否", "是"]}


@pytest.mark.parametrize("persona", PERSONAS[1:])
def test_only_the_district_decides_what_units_there_are(request, persona, office, bureau, township):
    actor = request.getfixturevalue(persona)
    Unit.objects.filter(pk=office.pk).update(confirmed=False)
    for refused in (
        lambda: services.create_unit(Unit(name="甲", area=township), actor=actor),
        lambda: services.change_unit(office, actor=actor, version=1),
        lambda: services.confirm_unit(office, actor=actor),
        lambda: services.merge_units(office, into=bureau, actor=actor),
    ):
        with pytest.raises(PermissionDenied):
            refused()


def test_a_unit_is_not_moved_to_where_the_actor_has_no_say(township, office, district):
    officer = make_user(Role.DISTRICT_OFFICER, township)
    office.area = district
    with pytest.raises(PermissionDenied):
        services.change_unit(office, actor=officer, version=1)


# Clerks


@pytest.mark.parametrize("unit", ["office", "misspelt"])
def test_a_clerk_is_named_given_a_log_in_and_gets_a_slip(request, client, district_officer, unit):
    unit = request.getfixturevalue(unit)
    client.force_login(district_officer)
    client.post(page(unit, "add_clerk"), {"person_name": " 钱鸣 "})
    posting = unit.postings.get()
    assert (posting.person_name, posting.role, posting.user) == ("钱鸣", "unit_clerk", None)
    response = client.post(clerk_page("clerk_log_in", posting), {"phone": "138 0013 5678"})
    assert response.context["password"] in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    user = User.objects.get(phone="13800135678")
    assert [held.unit for held in user.held_postings] == [unit]


def test_a_phone_opens_the_clerks_log_in_at_once(client, district_officer, bureau):
    client.force_login(district_officer)
    typed = {"person_name": "钱鸣", "phone": "13800135678"}
    response = client.post(page(bureau, "add_clerk"), typed)
    assert response.context["password"] in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    assert bureau.postings.get().user == User.objects.get(phone="13800135678")
    again = client.post(page(bureau, "add_clerk"), typed)
    assert again.status_code == 422
    assert "钱鸣已有登录账号" in again.content.decode()


def test_a_phone_that_a_township_sends_along_opens_nothing(client, township_officer, office):
    client.force_login(township_officer)
    typed = {"person_name": "钱鸣", "phone": "13800135678"}
    assert client.post(page(office, "add_clerk"), typed).status_code == 302
    assert office.postings.get().user is None
    assert not User.objects.filter(phone="13800135678").exists()


def test_a_township_names_the_clerks_of_its_units_and_opens_no_log_in(
    client, township_officer, office
):
    client.force_login(township_officer)
    client.post(page(office, "add_clerk"), {"person_name": "钱鸣"})
    posting = office.postings.get()
    assert "首次密码" not in client.get(page(office)).content.decode()
    assert client.post(clerk_page("clerk_log_in", posting)).status_code == 403
    client.post(clerk_page("end_clerk", posting))
    assert not office.postings.exists()


def test_a_clerk_with_a_log_in_is_ended_by_who_manages_log_ins(
    client, township_officer, district_officer, office
):
    user = UserFactory()
    posting = clerk_of(office, user=user)
    client.force_login(township_officer)
    assert client.post(clerk_page("end_clerk", posting)).status_code == 403
    assert "由区代表工委办理" in client.get(page(office)).content.decode()
    client.force_login(district_officer)
    client.post(clerk_page("end_clerk", posting))
    assert User.objects.filter(pk=user.pk).exists()
    assert not office.postings.exists()


def test_a_township_names_no_clerk_of_a_unit_of_the_district(township_officer, bureau, misspelt):
    for unit in (bureau, misspelt):
        with pytest.raises(PermissionDenied):
            services.post("甲", Role.UNIT_CLERK, unit, actor=township_officer)


@pytest.mark.parametrize("persona", ["station_head", "liaison"])
def test_the_staff_of_a_station_name_no_clerks(request, persona, office):
    with pytest.raises(PermissionDenied):
        services.post("甲", Role.UNIT_CLERK, office, actor=request.getfixturevalue(persona))


def test_the_same_clerk_named_twice_is_one(client, district_officer, bureau):
    client.force_login(district_officer)
    for _ in range(2):
        client.post(page(bureau, "add_clerk"), {"person_name": "钱鸣"})
    assert bureau.postings.count() == 1


def test_a_clerk_without_a_name_is_refused_at_the_field(client, district_officer, bureau):
    client.force_login(district_officer)
    response = client.post(page(bureau, "add_clerk"), {"person_name": ""})
    assert response.status_code == 422
    assert "请填写姓名" in response.content.decode()


def test_a_clerk_of_another_unit_is_not_found(client, district_officer, bureau, office):
    posting = clerk_of(office)
    client.force_login(district_officer)
    for name in ("end_clerk", "clerk_log_in"):
        address = reverse(f"stations:{name}", args=[bureau.pk, posting.pk])
        assert client.post(address).status_code == 404


def test_who_does_not_manage_log_ins_sees_no_phone_in_the_history(
    client, township_officer, district_officer, office
):
    posting = clerk_of(office)
    services.open_log_in(posting, actor=district_officer, phone="13800135678")
    client.force_login(township_officer)
    assert "13800135678" not in client.get(page(office)).content.decode()
    client.force_login(district_officer)
    assert "13800135678" in client.get(page(office)).content.decode()


# A misspelling


def test_a_misspelt_unit_gives_its_opinions_and_clerks_to_the_one_that_was_meant(
    client, district_officer, station, liaison, bureau, misspelt
):
    reception = make_reception(
        station, actor=liaison, opinions=[{"statement": "桥断了", "unit": misspelt}]
    )
    clerk = make_user(Role.UNIT_CLERK, misspelt)
    client.force_login(district_officer)
    shown = client.get(page(misspelt))
    assert "意见 1 条" in shown.content.decode()
    assert shown.context["merge_form"]["into"].value() == "区住建局"
    response = client.post(page(misspelt, "unit_merge"), {"into": "区住建局"}, follow=True)
    assert response.redirect_chain == [(page(bureau), 302)]
    assert "移过来 2 条" in response.content.decode()
    opinion = reception.opinions.get()
    assert opinion.unit == bureau
    assert clerk.postings.get().unit == bureau
    assert not Unit.objects.filter(name="区住建据").exists()
    line = audit.history_of(opinion).get()
    assert (line.changes, line.actor) == ({"承办单位": ["区住建据", "区住建局"]}, district_officer)
    said = audit.history_of(bureau).first().note
    assert said.startswith("“区住建据”并入本单位：")
    assert "意见 1 条" in said
    assert audit.history_of(misspelt).get().note == "并入“区住建局”"


def test_units_with_the_same_clerk_are_not_merged_and_nothing_moves(
    client, district_officer, station, liaison, bureau, misspelt
):
    reception = make_reception(
        station, actor=liaison, opinions=[{"statement": "桥断了", "unit": misspelt}]
    )
    for unit in (bureau, misspelt):
        clerk_of(unit, "钱鸣")
    client.force_login(district_officer)
    response = client.post(page(misspelt, "unit_merge"), {"into": "区住建局"})
    assert response.status_code == 422
    assert "“区住建据”和“区住建局”有相同的任职" in response.content.decode()
    assert reception.opinions.get().unit == misspelt
    assert misspelt.postings.count() == bureau.postings.count() == 1
    assert not audit.history_of(reception.opinions.get()).exists()


def test_a_merge_asked_for_after_somebody_confirmed_the_unit_is_refused_in_words(
    client, district_officer, bureau, misspelt
):
    services.confirm_unit(misspelt, actor=district_officer)
    client.force_login(district_officer)
    response = client.post(page(misspelt, "unit_merge"), {"into": "区住建局"})
    assert response.status_code == 422
    assert "“区住建据”是已确认的单位" in response.content.decode()


@pytest.mark.parametrize(
    ("unit", "into", "words"),
    [
        ({"confirmed": True}, {}, "是已确认的单位"),
        ({}, {"confirmed": False}, "也待确认"),
        ({}, {"active": False}, "已停用"),
    ],
)
def test_only_an_unconfirmed_unit_is_merged_and_only_into_one_in_use(
    district_officer, bureau, misspelt, unit, into, words
):
    Unit.objects.filter(pk=misspelt.pk).update(**unit)
    Unit.objects.filter(pk=bureau.pk).update(**into)
    with pytest.raises(RuleViolation, match=words):
        services.merge_units(misspelt, into=bureau, actor=district_officer)
    assert Unit.objects.count() == 2


def test_a_unit_is_not_merged_into_itself(district_officer, misspelt):
    with pytest.raises(RuleViolation, match="请选择另一个单位"):
        services.merge_units(misspelt, into=misspelt, actor=district_officer)


def test_a_name_that_is_no_unit_is_refused_at_the_field(client, district_officer, misspelt):
    client.force_login(district_officer)
    response = client.post(page(misspelt, "unit_merge"), {"into": "区某某局"})
    assert response.status_code == 422
    assert "没有叫“区某某局”的已确认单位" in response.content.decode()
    assert Unit.objects.filter(pk=misspelt.pk).exists()


def test_a_unit_that_was_merged_meanwhile_takes_no_clerk_and_no_second_merge(
    district_officer, bureau, misspelt
):
    seen = Unit.objects.get(pk=misspelt.pk)
    services.merge_units(misspelt, into=bureau, actor=district_officer)
    for refused in (
        lambda: services.post("甲", Role.UNIT_CLERK, seen, actor=district_officer),
        lambda: services.merge_units(seen, into=bureau, actor=district_officer),
        lambda: services.confirm_unit(seen, actor=district_officer),
    ):
        with pytest.raises(RuleViolation, match="刚刚被并入"):
            refused()
