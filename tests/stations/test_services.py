import pytest
from django.core.exceptions import PermissionDenied

from accounts.actors import SYSTEM
from accounts.roles import Role
from common import audit
from common.errors import RuleViolation, StaleVersion
from stations import services
from stations.models import Area, Posting, Station, Unit
from tests.factories import (
    AreaFactory,
    DeputyFactory,
    StationFactory,
    UserFactory,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def village(township):
    return AreaFactory(code="990101103001", name="石桥村", level="village", parent=township)


def last_line(row):
    return audit.history_of(row).first()


def test_a_new_area_gets_the_next_free_code_below_its_parent(district):
    first = services.area_named("石桥镇", "township", district, actor=SYSTEM)
    second = services.area_named("白塔镇", "township", district, actor=SYSTEM)
    village = services.area_named("大益村", "village", second, actor=SYSTEM)
    assert [first.code, second.code, village.code] == ["990101001", "990101002", "990101002001"]
    assert village.provisional
    assert village.parent == second


def test_an_area_known_by_name_is_found_and_not_made_again(district, township):
    found = services.area_named(" 石桥镇 ", "township", district, actor=SYSTEM)
    assert found == township
    assert Area.objects.filter(level="township").count() == 1


def test_a_code_below_a_full_number_range_falls_into_the_first_gap(district):
    AreaFactory(code="990101001", name="甲镇")
    AreaFactory(code="990101999", name="乙镇")
    assert services.area_named("丙镇", "township", district, actor=SYSTEM).code == "990101002"


def test_villages_of_the_same_name_in_two_townships_are_two_areas(district):
    one = services.area_named("甲镇", "township", district, actor=SYSTEM)
    two = services.area_named("乙镇", "township", district, actor=SYSTEM)
    villages = [services.area_named("新村", "village", place, actor=SYSTEM) for place in (one, two)]
    assert [area.code for area in villages] == ["990101001001", "990101002001"]


def test_who_manages_no_stations_makes_no_area(district, liaison):
    with pytest.raises(PermissionDenied):
        services.area_named("新镇", "township", district, actor=liaison)


def test_a_corrected_code_is_carried_down_the_tree(township, village):
    township.code = "990101999"
    services.save_area(township, actor=SYSTEM)
    village.refresh_from_db()
    assert village.code == "990101999001"
    assert last_line(township).changes == {"区划代码": ["990101103", "990101999"]}


def test_a_code_that_another_area_has_is_refused(district, township):
    AreaFactory(code="990101104", name="白塔镇", parent=district)
    township.code = "990101104"
    with pytest.raises(RuleViolation, match="已是“白塔镇”的"):
        services.save_area(township, actor=SYSTEM)


def test_a_code_that_does_not_begin_with_the_parents_is_refused(district):
    area = Area(code="880101103", name="外镇", level="township", parent=district)
    with pytest.raises(RuleViolation, match="应以上级“临溪区”的代码 990101 开头"):
        services.save_area(area, actor=SYSTEM)


def test_a_unit_first_seen_waits_to_be_confirmed(liaison):
    unit = services.unit_named(" 区住建局 ", actor=liaison)
    assert (unit.name, unit.confirmed) == ("区住建局", False)
    assert services.unit_named("区住建局", actor=liaison) == unit
    assert Unit.objects.count() == 1


def test_who_logs_no_receptions_names_no_unit(observer):
    with pytest.raises(PermissionDenied):
        services.unit_named("区住建局", actor=observer)


def test_a_station_is_seen_by_its_village_or_else_by_its_township(
    township, village, district_officer
):
    centre = Station(name="石桥镇中心联络站", kind="centre", township=township)
    low = Station(name="石桥村联络站", township=township, village=village)
    for station in (centre, low):
        services.create_station(station, actor=district_officer)
    assert (centre.area, low.area) == (township, village)
    assert last_line(low).actor_name == str(district_officer)


@pytest.mark.parametrize("persona", ["township_officer", "station_head", "liaison", "outsider"])
def test_only_the_district_creates_stations(request, township, persona):
    with pytest.raises(PermissionDenied):
        services.create_station(
            Station(name="新站", township=township), actor=request.getfixturevalue(persona)
        )


def test_a_name_that_another_station_has_is_refused(station, township, district_officer):
    with pytest.raises(RuleViolation, match="已有名为“石桥镇中心联络站”的联络站"):
        services.create_station(
            Station(name=station.name, township=township), actor=district_officer
        )


def test_a_township_has_one_centre(station, township, district_officer):
    second = Station(name="第二中心联络站", kind="centre", township=township)
    with pytest.raises(RuleViolation, match="一个乡镇街道只设一个"):
        services.create_station(second, actor=district_officer)


def test_a_station_does_not_stand_below_itself(station, district_officer):
    child = StationFactory(kind="station", township=station.township, parent=station)
    station.parent = child
    with pytest.raises(RuleViolation, match="不能是本站或本站的下级"):
        services.change_station(station, actor=district_officer, version=1)


def test_a_station_stands_below_one_of_its_own_township(station, district_officer):
    station.parent = StationFactory()
    with pytest.raises(RuleViolation, match="不在石桥镇"):
        services.change_station(station, actor=district_officer, version=1)


def test_a_village_of_another_township_is_refused(station, district_officer):
    elsewhere = AreaFactory(code="990101104")
    station.village = AreaFactory(
        code="990101104001", name="别村", level="village", parent=elsewhere
    )
    with pytest.raises(RuleViolation, match="“别村”不在石桥镇"):
        services.change_station(station, actor=district_officer, version=1)


def test_a_change_is_written_with_old_and_new(station, liaison):
    station.phone = "0990-2935729"
    services.change_station(station, actor=liaison, version=1)
    station.refresh_from_db()
    assert (station.phone, station.version) == ("0990-2935729", 2)
    assert last_line(station).changes == {"联系电话": ["", "0990-2935729"]}


def test_a_save_without_a_change_writes_nothing(station, liaison):
    services.change_station(Station.objects.get(pk=station.pk), actor=liaison, version=1)
    station.refresh_from_db()
    assert station.version == 1
    assert not audit.history_of(station).exists()


@pytest.mark.parametrize(("name", "value"), [("name", "别名"), ("star", 5), ("state", "closed")])
def test_what_the_district_decides_is_not_changed_by_the_station(station, liaison, name, value):
    setattr(station, name, value)
    with pytest.raises(PermissionDenied):
        services.change_station(station, actor=liaison, version=1)


def test_a_station_is_not_moved_to_where_the_actor_has_no_say(station):
    officer = make_user(Role.DISTRICT_OFFICER, station.township)
    station.township = AreaFactory(name="白塔镇")
    with pytest.raises(PermissionDenied):
        services.change_station(station, actor=officer, version=1)


def test_an_outdated_version_overwrites_nothing(station, liaison):
    seen = Station.objects.get(pk=station.pk)
    station.phone = "1"
    services.change_station(station, actor=liaison, version=1)
    seen.address = "人民路 5 号"
    with pytest.raises(StaleVersion) as stale:
        services.change_station(seen, actor=liaison, version=1)
    assert stale.value.current.phone == "1"
    station.refresh_from_db()
    assert station.address == ""


def test_a_station_with_deputies_in_office_is_not_closed(station, district_officer):
    DeputyFactory(station=station)
    station.state = "closed"
    with pytest.raises(RuleViolation, match="还有 1 位在任代表"):
        services.change_station(station, actor=district_officer, version=1)


def test_a_station_with_open_stations_below_is_not_closed(station, district_officer):
    StationFactory(kind="station", township=station.township, parent=station)
    station.state = "closed"
    with pytest.raises(RuleViolation, match="还有 1 个下级站点"):
        services.change_station(station, actor=district_officer, version=1)


def test_a_posting_is_made_once_and_stands_in_the_stations_history(station, liaison):
    for name in ("余　固", "余固"):
        services.post(name, Role.LIAISON, station, actor=liaison)
    assert station.postings.filter(person_name="余固").count() == 1
    assert last_line(station).changes == {"联络员": ["", "余固"]}


@pytest.mark.parametrize("role", [Role.DISTRICT_OFFICER, Role.UNIT_CLERK, Role.ADMINISTRATOR])
def test_a_role_of_another_kind_of_place_is_refused(station, role):
    with pytest.raises(RuleViolation, match="没有"):
        services.post("余固", role, station, actor=SYSTEM)


def test_offices_are_posted_by_who_manages_accounts_there(district, township, district_officer):
    posting = services.post("黎坚", Role.TOWNSHIP_OFFICER, township, actor=district_officer)
    assert posting.area == township
    with pytest.raises(PermissionDenied):
        services.post("甲", Role.ADMINISTRATOR, district, actor=district_officer)


def test_the_first_administrator_posts_the_district_officer(district, administrator):
    posting = services.post("黎坚", Role.DISTRICT_OFFICER, district, actor=administrator)
    user, password = services.open_log_in(posting, actor=administrator)
    assert user.username == "lijian"
    assert user.check_password(password)


def test_outsiders_post_nobody(station, outsider):
    with pytest.raises(PermissionDenied):
        services.post("甲", Role.LIAISON, station, actor=outsider)


def test_a_posting_with_a_log_in_is_ended_by_the_district_only(
    station, station_head, liaison, district_officer
):
    held = station.postings.get(user=liaison)
    with pytest.raises(PermissionDenied):
        services.end_posting(held, actor=station_head)
    services.end_posting(held, actor=district_officer)
    assert not Posting.objects.filter(pk=held.pk).exists()
    assert last_line(station).changes == {"联络员": [liaison.name, ""]}


def test_a_posting_without_a_log_in_is_ended_by_the_station(station, liaison):
    posting = services.post("顾富海", Role.DEPUTY_HEAD, station, actor=liaison)
    services.end_posting(posting, actor=liaison)
    assert not station.postings.filter(person_name="顾富海").exists()


def test_a_log_in_is_by_phone_or_by_the_name_in_pinyin(station, district_officer):
    heads = [services.post(name, Role.OBSERVER, station, actor=SYSTEM) for name in ("曾新", "增欣")]
    called = services.post("石刚", Role.LIAISON, station, actor=SYSTEM)
    names = [services.open_log_in(held, actor=district_officer)[0].username for held in heads]
    user, password = services.open_log_in(called, actor=district_officer, phone="13800135678")
    assert names == ["zengxin", "zengxin2"]
    assert (user.username, user.phone) == ("13800135678", "13800135678")
    assert user.must_change_password
    assert user.check_password(password)


def test_one_person_at_two_stations_has_one_account(station, district_officer):
    other = StationFactory(name="百花村联络站", kind="station", township=station.township)
    held = [services.post("余固", Role.LIAISON, place, actor=SYSTEM) for place in (station, other)]
    first, _ = services.open_log_in(held[0], actor=district_officer, phone="13800135678")
    again, password = services.open_log_in(held[1], actor=district_officer, phone="13800135678")
    assert (again, password) == (first, "")
    assert first.postings.count() == 2


def test_a_phone_of_somebody_else_is_not_taken_away(station, district_officer):
    one, two = (services.post(name, Role.OBSERVER, station, actor=SYSTEM) for name in ("甲", "乙"))
    first, _ = services.open_log_in(one, actor=district_officer, phone="13800135678")
    second, password = services.open_log_in(two, actor=district_officer, phone="13800135678")
    assert second != first
    assert (second.username, second.phone) == ("yi", None)
    assert password


def test_a_log_in_is_opened_once_and_by_the_district(station, station_head, district_officer):
    posting = services.post("余固", Role.LIAISON, station, actor=station_head)
    with pytest.raises(PermissionDenied):
        services.open_log_in(posting, actor=station_head)
    services.open_log_in(posting, actor=district_officer)
    with pytest.raises(RuleViolation, match="余固已有登录账号"):
        services.open_log_in(posting, actor=district_officer)


SELF_GRANT = "不能给自己授予任职，请由别的管理人员办理。"


@pytest.fixture
def known_officer(district):
    return make_user(Role.DISTRICT_OFFICER, district, name="黎坚", phone="13800135678")


@pytest.mark.parametrize("role", [Role.STATION_HEAD, Role.LIAISON])
def test_nobody_opens_a_log_in_for_themself(station, known_officer, role):
    posting = services.post("黎坚", role, station, actor=known_officer)
    with pytest.raises(RuleViolation) as refusal:
        services.open_log_in(posting, actor=known_officer, phone="13800135678")
    assert str(refusal.value) == SELF_GRANT
    posting.refresh_from_db()
    assert posting.user is None
    assert not known_officer.postings.filter(station=station).exists()


def test_nobody_grants_themself_an_office(district, township):
    keeper = make_user(Role.ADMINISTRATOR, district, name="黎坚", phone="13800135678")
    posting = services.post("黎坚", Role.DISTRICT_OFFICER, district, actor=keeper)
    with pytest.raises(RuleViolation, match=SELF_GRANT):
        services.open_log_in(posting, actor=keeper, phone="13800135678")
    with pytest.raises(RuleViolation, match=SELF_GRANT):
        services.post("黎坚", Role.TOWNSHIP_OFFICER, township, actor=keeper, user=keeper)


def test_the_first_administrator_takes_no_office_either(district):
    root = UserFactory(name="黎坚", phone="13800135678", is_superuser=True)
    with pytest.raises(RuleViolation, match=SELF_GRANT):
        services.post("黎坚", Role.DISTRICT_OFFICER, district, actor=root, user=root)


def test_another_keeper_grants_what_one_may_not_grant_oneself(station, district, known_officer):
    other = make_user(Role.DISTRICT_OFFICER, district)
    posting = services.post("黎坚", Role.STATION_HEAD, station, actor=other)
    user, _ = services.open_log_in(posting, actor=other, phone="13800135678")
    assert user == known_officer
