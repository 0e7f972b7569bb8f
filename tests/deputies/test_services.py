import datetime

import pytest
from django.core.exceptions import PermissionDenied

from accounts.actors import SYSTEM
from accounts.models import User
from accounts.roles import Role
from common import audit
from common.errors import RuleViolation, StaleVersion
from deputies import services
from deputies.models import Deputy, Group, Mandate
from stations.models import Posting
from tests.factories import (
    AreaFactory,
    DeputyFactory,
    StationFactory,
    make_reception,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def village_station(station):
    return StationFactory(name="百花村联络站", kind="station", township=station.township)


def last_line(row):
    return audit.history_of(row).first()


def fresh(deputy):
    return Deputy.objects.for_page().get(pk=deputy.pk)


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("石刚", "shi gang", "sg"),
        ("曾言国", "zeng yan guo", "zyg"),
        ("单红", "shan hong", "sh"),
        ("阿依古丽·买买提", "a yi gu li mai mai ti", "ayglmmt"),
    ],
)
def test_names_are_spelled_as_they_sound(station, township_officer, name, pinyin, initials):
    deputy = services.create_deputy(Deputy(name=name, station=station), actor=township_officer)
    assert (deputy.pinyin, deputy.initials) == (pinyin, initials)


def test_a_new_deputy_holds_several_levels_at_once(station, township_officer):
    deputy = services.create_deputy(
        Deputy(name="石　刚", station=station),
        actor=township_officer,
        mandates=[
            Mandate(level="township", term="第三届"),
            Mandate(level="district", term="第五届", constituency="第6选区"),
        ],
    )
    assert deputy.name == "石刚"
    assert fresh(deputy).highest_level() == "district"
    assert last_line(deputy).note == "乡镇第三届、区县第五届"


@pytest.mark.parametrize("persona", ["station_head", "liaison", "observer", "outsider"])
def test_only_offices_keep_the_list_of_deputies(request, station, persona):
    with pytest.raises(PermissionDenied):
        services.create_deputy(
            Deputy(name="石刚", station=station), actor=request.getfixturevalue(persona)
        )


def test_an_officer_of_another_township_keeps_none_here(station):
    officer = make_user(Role.TOWNSHIP_OFFICER, AreaFactory())
    with pytest.raises(PermissionDenied):
        services.create_deputy(Deputy(name="石刚", station=station), actor=officer)


def test_a_namesake_needs_a_word_that_it_is_somebody_else(station, township_officer):
    DeputyFactory(station=station, name="李强")
    with pytest.raises(services.SameName, match="石桥镇中心联络站已有“李强”（区县第五届）"):
        services.create_deputy(Deputy(name="李强", station=station), actor=township_officer)
    services.create_deputy(
        Deputy(name="李强", station=station), actor=township_officer, same_name=True
    )
    assert Deputy.objects.filter(name="李强", station=station).count() == 2


def test_a_namesake_at_another_station_is_no_question(station, village_station, township_officer):
    DeputyFactory(station=station, name="李强")
    services.create_deputy(Deputy(name="李强", station=village_station), actor=township_officer)
    assert Deputy.objects.filter(name="李强").count() == 2


def test_a_change_is_written_with_old_and_new(deputy, township_officer):
    deputy = fresh(deputy)
    deputy.phone, deputy.name = "13800135678", "石钢"
    services.change_deputy(deputy, actor=township_officer, version=1)
    deputy = fresh(deputy)
    assert (deputy.pinyin, deputy.version) == ("shi gang", 2)
    assert last_line(deputy).changes == {
        "姓名": ["石刚", "石钢"],
        "联系电话": ["", "13800135678"],
    }
    assert deputy.user.name == "石钢"


def test_a_save_without_a_change_writes_nothing(deputy, township_officer):
    services.change_deputy(fresh(deputy), actor=township_officer, version=1)
    assert fresh(deputy).version == 1
    assert not audit.history_of(deputy).exists()


def test_an_outdated_version_overwrites_nothing(deputy, township_officer):
    mine, theirs = fresh(deputy), fresh(deputy)
    theirs.phone = "13800135678"
    services.change_deputy(theirs, actor=township_officer, version=1)
    mine.employer = "石桥小学"
    with pytest.raises(StaleVersion) as stale:
        services.change_deputy(mine, actor=township_officer, version=1)
    assert services.compare(mine, stale.value.current) == [
        ("工作单位及职务", "石桥小学", ""),
        ("联系电话", "", "13800135678"),
    ]
    assert fresh(deputy).employer == ""


def test_who_moves_takes_the_log_in_along_and_leaves_the_past_behind(
    deputy, station, village_station, township_officer, liaison
):
    reception = make_reception(station, actor=liaison, deputies=[deputy])
    moved = fresh(deputy)
    moved.station = village_station
    services.change_deputy(moved, actor=township_officer, version=1)
    held = Posting.objects.get(user=deputy.user, role=Role.DEPUTY)
    assert held.station == village_station
    reception.refresh_from_db()
    receiver = reception.receivers.get()
    assert (reception.station, reception.deputy_names) == (station, "石刚")
    assert (receiver.name, receiver.level) == ("石刚", "district")


def test_nobody_is_moved_to_where_the_actor_has_no_say(deputy, township_officer):
    moved = fresh(deputy)
    moved.station = StationFactory()
    with pytest.raises(PermissionDenied):
        services.change_deputy(moved, actor=township_officer, version=1)
    assert Posting.objects.get(user=deputy.user).station == deputy.station


def test_nobody_is_fetched_from_where_the_actor_has_no_say(station, township_officer):
    moved = fresh(DeputyFactory())
    moved.station = station
    with pytest.raises(PermissionDenied):
        services.change_deputy(moved, actor=township_officer, version=1)


def test_who_leaves_office_keeps_the_account_without_rights(deputy, township_officer):
    gone = fresh(deputy)
    gone.state = "resigned"
    services.change_deputy(gone, actor=township_officer, version=1)
    assert not Posting.objects.filter(user=deputy.user).exists()
    back = fresh(deputy)
    back.state = "in_office"
    services.change_deputy(back, actor=township_officer, version=2)
    assert Posting.objects.get(user=deputy.user).station == deputy.station


def test_a_mandate_of_another_level_is_held_beside(deputy, township_officer):
    services.add_mandate(deputy, "city", actor=township_officer, term="第七届")
    assert [str(held) for held in fresh(deputy).mandates.all()] == ["市第七届", "区县第五届"]


def test_a_second_term_of_a_level_waits_for_the_end_of_the_first(deputy, township_officer):
    with pytest.raises(RuleViolation, match="已任区县代表（第五届），请先结束"):
        services.add_mandate(deputy, "district", actor=township_officer, term="第六届")
    services.end_mandate(
        deputy.mandates.get(), actor=township_officer, on=datetime.date(2026, 1, 10)
    )
    services.add_mandate(deputy, "district", actor=township_officer, term="第六届")
    assert [str(held) for held in fresh(deputy).mandates.all()] == ["区县第六届", "区县第五届"]


def test_the_same_term_again_puts_the_constituency_right(deputy, township_officer):
    services.add_mandate(
        deputy, "district", actor=township_officer, term="第五届", constituency="第6选区"
    )
    assert deputy.mandates.get().constituency == "第6选区"
    assert last_line(deputy).changes == {"选区（选举单位）": ["", "第6选区"]}


def test_a_mandate_ends_once_and_not_before_it_began(deputy, township_officer):
    mandate = services.add_mandate(
        deputy,
        "city",
        actor=township_officer,
        term="第七届",
        started_on=datetime.date(2022, 1, 10),
    )
    with pytest.raises(RuleViolation, match="不能早于开始日期"):
        services.end_mandate(mandate, actor=township_officer, on=datetime.date(2022, 1, 9))
    services.end_mandate(mandate, actor=township_officer, on=datetime.date(2026, 1, 10))
    with pytest.raises(RuleViolation, match="已于 2026-01-10 结束"):
        services.end_mandate(mandate, actor=township_officer, on=datetime.date(2026, 1, 11))
    assert fresh(deputy).highest_level() == "district"


@pytest.mark.parametrize("persona", ["liaison", "outsider"])
def test_mandates_are_kept_by_offices(request, deputy, persona):
    actor = request.getfixturevalue(persona)
    with pytest.raises(PermissionDenied):
        services.add_mandate(deputy, "city", actor=actor)
    with pytest.raises(PermissionDenied):
        services.end_mandate(deputy.mandates.get(), actor=actor, on=datetime.date(2026, 1, 1))


def test_a_convener_is_a_member_of_the_group(station, township_officer):
    one, two = DeputyFactory(station=station, name="石刚"), DeputyFactory(station=station)
    group = Group(name="石桥镇第1代表小组", township=station.township, convener=one)
    with pytest.raises(RuleViolation, match="召集人石刚不是本组成员"):
        services.create_group(group, actor=township_officer, members=[two])
    services.create_group(group, actor=township_officer, members=[one, two])
    assert set(group.deputies.all()) == {one, two}
    assert last_line(one).changes == {"代表小组": ["", "石桥镇第1代表小组"]}


def test_members_of_a_group_live_in_its_township(station, district_officer):
    group = Group(name="第1代表小组", township=station.township)
    with pytest.raises(RuleViolation, match="不能编入本组"):
        services.create_group(group, actor=district_officer, members=[DeputyFactory()])


def test_who_moves_to_another_group_convenes_the_old_one_no_longer(station, township_officer):
    one = DeputyFactory(station=station)
    old = Group(name="第1代表小组", township=station.township, convener=one)
    services.create_group(old, actor=township_officer, members=[one])
    new = Group(name="第2代表小组", township=station.township)
    services.create_group(new, actor=township_officer, members=[fresh(one)])
    old.refresh_from_db()
    assert (old.convener, fresh(one).group) == (None, new)
    assert last_line(old).changes == {"召集人": [str(one), ""]}


def test_who_leaves_office_convenes_no_longer(station, township_officer):
    one = DeputyFactory(station=station)
    group = Group(name="第1代表小组", township=station.township, convener=one)
    services.create_group(group, actor=township_officer, members=[one])
    gone = fresh(one)
    gone.state = "moved"
    services.change_deputy(gone, actor=township_officer, version=gone.version)
    group.refresh_from_db()
    assert group.convener is None


def test_a_stale_deputy_form_does_not_undo_a_group(station, township_officer):
    seen = fresh(DeputyFactory(station=station))
    group = Group(name="第1代表小组", township=station.township)
    services.create_group(group, actor=township_officer, members=[fresh(seen)])
    with pytest.raises(StaleVersion):
        services.change_deputy(seen, actor=township_officer, version=1)


def test_groups_are_kept_by_the_office_of_their_township(station, township_officer, liaison):
    group = services.create_group(
        Group(name="第1代表小组", township=station.township), actor=township_officer
    )
    with pytest.raises(PermissionDenied):
        services.change_group(group, actor=liaison, members=[])
    group.township = StationFactory().township
    with pytest.raises(PermissionDenied):
        services.change_group(group, actor=township_officer, members=[])


def test_a_group_is_found_by_name_or_made(station):
    made = services.group_named("第1代表小组", station.township, actor=SYSTEM)
    assert services.group_named("第1代表小组", station.township, actor=SYSTEM) == made


def test_a_log_in_posts_the_deputy_at_the_station(station, district_officer):
    deputy = DeputyFactory(station=station, name="石刚", phone="13800135678、0990-1234567")
    user, password = services.open_log_in(deputy, actor=district_officer)
    held = Posting.objects.get(user=user)
    assert (user.username, held.role, held.station) == ("13800135678", "deputy", station)
    assert user.check_password(password)
    with pytest.raises(RuleViolation, match="已有登录账号"):
        services.open_log_in(deputy, actor=district_officer)


def test_namesakes_of_one_station_both_log_in(station, district_officer):
    pair = [DeputyFactory(station=station, name="李强") for _ in range(2)]
    users = [services.open_log_in(deputy, actor=district_officer)[0] for deputy in pair]
    assert [user.username for user in users] == ["liqiang", "liqiang2"]
    names = Posting.objects.filter(station=station).order_by("pk")
    assert [held.person_name for held in names] == ["李强", "李强(2)"]
    same = fresh(pair[1])
    same.employer = "石桥小学"
    services.change_deputy(same, actor=district_officer, version=same.version)
    assert Posting.objects.filter(station=station).count() == 2


def test_a_liaison_who_becomes_a_deputy_keeps_one_account(station, liaison, district_officer):
    liaison.phone = "13800135678"
    liaison.save()
    deputy = DeputyFactory(station=station, name=liaison.name, phone="13800135678")
    user, password = services.open_log_in(deputy, actor=district_officer)
    assert (user, password) == (liaison, "")
    assert {held.role for held in user.postings.all()} == {"liaison", "deputy"}


def test_an_administrator_of_the_district_opens_log_ins(district, station):
    keeper = make_user(Role.ADMINISTRATOR, district)
    user, _ = services.open_log_in(DeputyFactory(station=station), actor=keeper)
    assert Posting.objects.get(user=user).station == station


@pytest.mark.parametrize("persona", ["township_officer", "station_head", "liaison", "outsider"])
def test_others_open_no_log_in(request, station, persona):
    with pytest.raises(PermissionDenied):
        services.open_log_in(DeputyFactory(station=station), actor=request.getfixturevalue(persona))


def test_who_is_not_in_office_gets_no_log_in(station, district_officer):
    with pytest.raises(RuleViolation, match="现在不在任"):
        services.open_log_in(DeputyFactory(station=station, state="ended"), actor=district_officer)


@pytest.fixture
def with_log_in(station, district_officer):
    deputy = DeputyFactory(station=station, name="石刚", phone="0990-1234567、13800135678")
    services.open_log_in(deputy, actor=district_officer)
    return fresh(deputy)


def change_phone(deputy, phone, actor):
    deputy.phone = phone
    services.change_deputy(deputy, actor=actor, version=deputy.version)
    deputy.user.refresh_from_db()


def test_a_new_phone_is_the_one_to_log_in_with(with_log_in, township_officer):
    change_phone(with_log_in, "13900139000", township_officer)
    user = with_log_in.user
    assert (user.phone, user.username) == ("13900139000", "13900139000")
    assert last_line(user).actor == township_officer


@pytest.mark.parametrize("phone", ["", "0990-7654321", "13800135678、13900139000"])
def test_without_another_mobile_number_the_log_in_stays(with_log_in, township_officer, phone):
    change_phone(with_log_in, phone, township_officer)
    assert with_log_in.user.phone == "13800135678"


def test_a_log_in_by_another_number_stays(with_log_in, township_officer):
    with_log_in.user.phone = "13700137000"
    with_log_in.user.save()
    change_phone(with_log_in, "13900139000", township_officer)
    assert with_log_in.user.phone == "13700137000"


def test_a_phone_that_somebody_else_logs_in_with_changes_nothing(
    with_log_in, township_officer, liaison
):
    liaison.phone = "13900139000"
    liaison.save()
    with_log_in.phone = "13900139000"
    with pytest.raises(RuleViolation, match="已是另一个账号的登录手机号"):
        services.change_deputy(with_log_in, actor=township_officer, version=with_log_in.version)
    stored = fresh(with_log_in)
    assert (stored.phone, stored.user.phone) == ("0990-1234567、13800135678", "13800135678")


def test_nobody_opens_their_own_log_in_as_a_deputy(station, district):
    officer = make_user(Role.DISTRICT_OFFICER, district, name="石刚", phone="13800135678")
    deputy = DeputyFactory(station=station, name="石刚", phone="13800135678")
    with pytest.raises(RuleViolation, match="不能给自己授予任职，请由别的管理人员办理。"):
        services.open_log_in(deputy, actor=officer)
    assert fresh(deputy).user is None
    assert not officer.postings.filter(role=Role.DEPUTY).exists()


@pytest.fixture
def group_elsewhere():
    return Group.objects.create(name="白塔镇第1代表小组", township=AreaFactory(name="白塔镇"))


def test_a_new_deputy_is_in_no_group_of_another_township(
    station, township_officer, group_elsewhere
):
    deputy = Deputy(name="石刚", station=station, group=group_elsewhere)
    with pytest.raises(RuleViolation, match="“白塔镇第1代表小组”不是石桥镇中心联络站所在"):
        services.create_deputy(deputy, actor=township_officer)
    assert not Deputy.objects.filter(name="石刚").exists()


def test_a_deputy_is_put_into_no_group_of_another_township(
    deputy, township_officer, group_elsewhere
):
    deputy = fresh(deputy)
    deputy.group = group_elsewhere
    with pytest.raises(RuleViolation, match="不是石桥镇中心联络站所在乡镇街道的小组"):
        services.change_deputy(deputy, actor=township_officer, version=1)
    assert fresh(deputy).group is None


def test_who_moves_to_another_township_leaves_the_group_first(station, district_officer):
    group = Group.objects.create(name="第1代表小组", township=station.township)
    moved = fresh(DeputyFactory(station=station, group=group))
    moved.station = StationFactory()
    with pytest.raises(RuleViolation, match="“第1代表小组”不是"):
        services.change_deputy(moved, actor=district_officer, version=1)


@pytest.mark.parametrize("more", [Role.DISTRICT_OFFICER, Role.LIAISON])
def test_the_account_of_who_has_another_role_keeps_its_name_and_phone(
    with_log_in, station, township_officer, district, more
):
    place = {"area": district} if more == Role.DISTRICT_OFFICER else {"station": station}
    Posting.objects.create(user=with_log_in.user, person_name="石刚", role=more, **place)
    changed = fresh(with_log_in)
    changed.name, changed.phone = "石钢", "13900139000"
    services.change_deputy(changed, actor=township_officer, version=changed.version)
    stored = fresh(with_log_in)
    assert (stored.name, stored.phone) == ("石钢", "13900139000")
    assert (stored.user.name, stored.user.phone) == ("石刚", "13800135678")


def test_the_account_of_an_administrator_keeps_its_name(deputy, township_officer):
    User.objects.filter(pk=deputy.user.pk).update(is_superuser=True, name="管理员")
    changed = fresh(deputy)
    changed.name = "石钢"
    services.change_deputy(changed, actor=township_officer, version=1)
    assert fresh(deputy).user.name == "管理员"
