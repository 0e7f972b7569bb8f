"""The roster as a sheet: what the register refuses is an error of its cell."""

import pytest

from accounts.actors import SYSTEM
from common.errors import RuleViolation
from common.importing.services import check_sheet, import_sheet
from deputies.models import Deputy, Group
from deputies.services import open_log_in
from tests.factories import AreaFactory, DeputyFactory, StationFactory, UserFactory
from tests.sheets import workbook

pytestmark = pytest.mark.django_db
COLUMNS = ["姓名", "联系电话", "代表层级", "届次", "选区", "代表小组", "所属联络站", "状态"]


def line(name="石刚", phone="", level="区", term="第五届", group="", station=None, state=""):
    place = station or "石桥镇中心联络站"
    return [name, phone, level, term, "第6选区", group, place, state]


def roster(*lines):
    return workbook([["代表名册"], COLUMNS, *lines])


def errors(*lines):
    found = check_sheet("deputies", roster(*lines), "名册.xlsx", actor=SYSTEM)
    return [(p.row, p.column, p.message) for row in found.rows for p in row.problems]


@pytest.fixture
def elsewhere():
    return StationFactory(name="白塔镇中心联络站", township=AreaFactory(name="白塔镇"))


def test_a_group_of_another_township_is_an_error_of_its_cell(station, elsewhere):
    Group.objects.create(name="白塔镇第1代表小组", township=elsewhere.township)
    assert errors(line("甲"), line("乙", group="白塔镇第1代表小组")) == [
        (4, "代表小组", "F4：“白塔镇第1代表小组”不是石桥镇中心联络站所在乡镇街道的小组。")
    ]


def test_a_new_group_is_of_the_township_that_names_it_first(station, elsewhere):
    lines = [line("甲", group="第1组"), line("乙", group="第1组", station="白塔镇中心联络站")]
    assert errors(*lines) == [
        (4, "代表小组", "F4：“第1组”不是白塔镇中心联络站所在乡镇街道的小组。")
    ]
    assert not Group.objects.exists()


def test_a_second_open_term_of_a_level_is_an_error_of_its_cell(station):
    DeputyFactory(station=station, name="石刚")
    assert errors(line(term="第六届")) == [(3, "届次", "D3：已任区县代表（第五届），请先结束。")]


def test_two_lines_of_one_person_give_no_two_terms_of_a_level(station):
    lines = [line(), line(level="市", term="第七届"), line(term="第六届")]
    assert errors(*lines) == [(5, "届次", "D5：已任区县代表（第五届），请先结束。")]


def test_a_line_without_a_term_beside_an_open_one_is_an_error_of_the_level(station):
    DeputyFactory(station=station, name="石刚")
    assert errors(line(term="")) == [(3, "代表层级", "C3：已任区县代表（第五届），请先结束。")]


def test_an_ended_term_leaves_room_for_the_next(station):
    deputy = DeputyFactory(station=station, name="石刚")
    deputy.mandates.update(ended_on="2026-01-10")
    import_sheet("deputies", roster(line(term="第六届")), "名册.xlsx", actor=SYSTEM)
    assert set(deputy.mandates.values_list("term", "ended_on__year")) == {
        ("第五届", 2026), ("第六届", None),
    }  # fmt: skip


def test_of_refused_lines_the_others_are_written(station):
    lines = [line(), line(term="第六届"), line(level="市", term="第七届")]
    found = import_sheet("deputies", roster(*lines), "名册.xlsx", actor=SYSTEM, partial=True)
    assert found.written == 2
    held = Deputy.objects.get().mandates.values_list("level", "term")
    assert set(held) == {("district", "第五届"), ("city", "第七届")}


def test_a_phone_that_another_account_has_is_an_error_of_its_cell(station, district_officer):
    deputy = DeputyFactory(station=station, name="石刚", phone="13800135678", born="1975.12")
    open_log_in(deputy, actor=district_officer)
    UserFactory(phone="13900139000")
    content = workbook(
        [
            ["代表名册"],
            ["姓名", "出生年月", "联系电话", "所属联络站"],
            ["石刚", "1975.12", "13900139000", "石桥镇中心联络站"],
        ]
    )
    found = check_sheet("deputies", content, "名册.xlsx", actor=SYSTEM)
    [problem] = found.rows[0].problems
    assert problem.column == "联系电话"
    assert problem.message.startswith("C3：手机号 13900139000 已是另一个账号的登录手机号")


def test_what_only_the_writing_brings_to_light_names_its_line(station, elsewhere, district_officer):
    wrong = Group.objects.create(name="白塔镇第1代表小组", township=elsewhere.township)
    DeputyFactory(station=station, name="乙", group=wrong)
    with pytest.raises(RuleViolation, match="第 4 行：“白塔镇第1代表小组”不是"):
        import_sheet(
            "deputies", roster(line("甲"), line("乙", level="市")), "名册.xlsx", actor=SYSTEM
        )
    assert not Deputy.objects.filter(name="甲").exists()


def test_a_line_that_repeats_the_register_is_no_line_of_a_namesake(station):
    DeputyFactory(station=station, name="石刚", phone="13800135678", born="1975.12")
    content = workbook(
        [
            ["代表名册"],
            ["姓名", "出生年月", "联系电话", "所属联络站"],
            ["石刚", "1975.12", "", "石桥镇中心联络站"],
            ["石刚", "", "13900139000", "石桥镇中心联络站"],
        ]
    )
    found = import_sheet("deputies", content, "名册.xlsx", actor=SYSTEM)
    assert (found.duplicates, found.written) == (1, 1)
    assert Deputy.objects.filter(name="石刚").count() == 2


def test_a_long_roster_is_told_apart_line_by_line(station):
    lines = [line(f"代表{number}") for number in range(400)]
    found = check_sheet("deputies", roster(*lines, *lines), "名册.xlsx", actor=SYSTEM)
    assert (found.accepted, found.duplicates) == (400, 400)
