import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common import audit
from common.errors import RuleViolation
from stations.models import Category
from stations.services.categories import (
    add_category,
    move_category,
    remove_category,
    rename_category,
    set_category_active,
)
from tests.factories import category, make_reception

pytestmark = pytest.mark.django_db
PAGE = "/stations/categories/"


def below(top, name):
    return Category.objects.get(name=name, parent__name=top)


def names(parent=None):
    return [row.name for row in Category.objects.filter(parent=parent).order_by("position", "pk")]


def test_new_category_stands_last_in_its_level(district_officer):
    top = add_category("文化 体育", actor=district_officer)
    assert names()[-1] == "文化体育"
    for name in ("图书馆", "健身路径"):
        add_category(name, parent=top, actor=district_officer)
    assert names(top) == ["图书馆", "健身路径"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "请填写名称"),
        ("　", "请填写名称"),
        ("长" * 31, "最多 30 字"),
        ("基础设施", "已有“基础设施”"),
        (" 基础设施 ", "已有“基础设施”"),
    ],
)
def test_name_that_cannot_stand_is_refused_in_words(district_officer, name, words):
    with pytest.raises(RuleViolation, match=words):
        add_category(name, actor=district_officer)


def test_same_name_may_stand_below_two_tops(district_officer):
    add_category("公交客运", parent=category("基础设施"), actor=district_officer)
    with pytest.raises(RuleViolation, match="已有“公交客运”"):
        add_category("公交客运", parent=category("交通出行"), actor=district_officer)


def test_tree_has_two_levels(district_officer):
    with pytest.raises(RuleViolation, match="下面不能再分"):
        add_category("井盖", parent=below("基础设施", "道路桥梁"), actor=district_officer)


def test_name_of_one_out_of_use_is_to_be_taken_up_again(district_officer):
    set_category_active(category("其他"), active=False, actor=district_officer)
    with pytest.raises(RuleViolation, match="停用的“其他”"):
        add_category("其他", actor=district_officer)


def test_renaming_shows_in_rows_that_hold_it(district_officer, station, liaison):
    row = below("基础设施", "道路桥梁")
    reception = make_reception(station, actor=liaison, opinions=[{"category": row}])
    rename_category(row, "道路与桥梁", was="道路桥梁", actor=district_officer)
    assert reception.opinions.get().category.name == "道路与桥梁"
    assert audit.history_of(row)[0].changes == {"名称": ["道路桥梁", "道路与桥梁"]}


def test_renaming_what_somebody_else_renamed_is_refused(district_officer):
    row = category("其他")
    rename_category(row, "其它", was="其他", actor=district_officer)
    with pytest.raises(RuleViolation, match="刚刚被别人改成“其它”"):
        rename_category(row, "别的", was="其他", actor=district_officer)
    with pytest.raises(RuleViolation, match="已有“基础设施”"):
        rename_category(row, "基础设施", was="其它", actor=district_officer)


def test_moving_changes_places_with_the_neighbour(district_officer):
    top = category("交通出行")
    assert names(top) == ["公交客运", "信号灯与标线", "停车"]
    move_category(below("交通出行", "停车"), up=True, actor=district_officer)
    assert names(top) == ["公交客运", "停车", "信号灯与标线"]
    move_category(below("交通出行", "公交客运"), up=True, actor=district_officer)
    move_category(below("交通出行", "公交客运"), up=False, actor=district_officer)
    assert names(top) == ["停车", "公交客运", "信号灯与标线"]


def test_moving_works_where_positions_are_equal(district_officer):
    top = category("交通出行")
    top.children.update(position=0)
    move_category(below("交通出行", "停车"), up=True, actor=district_officer)
    assert names(top) == ["公交客运", "停车", "信号灯与标线"]


def test_used_category_is_never_deleted(district_officer, station, liaison):
    row = below("基础设施", "道路桥梁")
    make_reception(station, actor=liaison, opinions=[{"category": row}])
    with pytest.raises(RuleViolation, match="已有登记使用，不能删除"):
        remove_category(row, actor=district_officer)
    with pytest.raises(RuleViolation, match="下面还有小类"):
        remove_category(category("基础设施"), actor=district_officer)
    assert Category.objects.filter(pk=row.pk).exists()


def test_unused_category_may_be_deleted(district_officer):
    row = category("土地林权")
    remove_category(row, actor=district_officer)
    assert "土地林权" not in names()
    with pytest.raises(RuleViolation, match="已被别人删除"):
        rename_category(row, "土地", was="土地林权", actor=district_officer)


def test_what_is_out_of_use_is_not_offered_with_all_below_it(district_officer):
    set_category_active(category("交通出行"), active=False, actor=district_officer)
    set_category_active(below("基础设施", "供水排水"), active=False, actor=district_officer)
    offered = [row.name for row in Category.objects.offered()]
    assert "交通出行" not in offered
    assert "停车" not in offered
    assert "供水排水" not in offered
    assert "道路桥梁" in offered
    set_category_active(category("交通出行"), active=True, actor=district_officer)
    assert "停车" in [row.name for row in Category.objects.offered()]


def test_only_the_district_edits(liaison, township_officer, administrator):
    row = category("其他")
    for user in (liaison, township_officer, administrator):
        for act in (
            lambda: add_category("新的", actor=user),  # noqa: B023 - called at once
            lambda: rename_category(row, "新的", was="其他", actor=user),  # noqa: B023 - called at once
            lambda: move_category(row, up=True, actor=user),  # noqa: B023 - called at once
            lambda: set_category_active(row, active=False, actor=user),  # noqa: B023 - called at once
            lambda: remove_category(row, actor=user),  # noqa: B023 - called at once
        ):
            with pytest.raises(PermissionDenied):
                act()


# What rows hold they keep ---


@pytest.fixture
def held(district_officer, station, liaison):
    """A reception whose category is no longer offered."""
    row = below("交通出行", "停车")
    reception = make_reception(station, actor=liaison, opinions=[{"category": row}])
    set_category_active(category("交通出行"), active=False, actor=district_officer)
    return reception


def test_form_of_a_reception_still_offers_the_category_it_holds(client, liaison, held):
    client.force_login(liaison)
    address = reverse("visits:reception_change", args=[held.pk])
    html = client.get(address).content.decode()
    assert "停车（已停用）" in html
    assert "公交客运" not in html
    fresh = client.get(reverse("visits:reception_new")).content.decode()
    assert "停车" not in fresh


def test_list_is_still_filtered_by_a_category_out_of_use(client, liaison, held):
    client.force_login(liaison)
    found = client.get(f"/visits/receptions/?category={category('交通出行').pk}").context["page"]
    assert [row.pk for row in found] == [held.pk]


# The page ---


def test_everybody_reads_and_only_the_district_finds_buttons(client, observer, district_officer):
    client.force_login(observer)
    html = client.get(PAGE).content.decode()
    assert "道路桥梁" in html
    assert "<form" not in html[html.index("<main") : html.index("</main")]
    client.force_login(district_officer)
    assert "增加大类" in client.get(PAGE).content.decode()


def test_page_says_what_is_out_of_use(client, liaison, held):
    client.force_login(liaison)
    html = client.get(PAGE).content.decode()
    assert html.count("已停用") == 1
    assert html.count("随大类停用") == 3


def test_refused_name_stays_in_its_field_with_the_reason(client, district_officer):
    client.force_login(district_officer)
    row = category("其他")
    address = reverse("stations:category_rename", args=[row.pk])
    response = client.post(address, {"name": "基础设施", "was": "其他"})
    html = response.content.decode()
    assert response.status_code == 422
    assert f'id="name-{row.pk}-name"' in html
    assert 'value="基础设施"' in html
    assert "已有“基础设施”。" in html
    assert html.count('<details class="confirm confirm-over" open>') == 1


def test_category_is_added_below_another_from_the_page(client, district_officer):
    client.force_login(district_officer)
    top = category("社会治安")
    client.post("/stations/categories/add/", {"name": "电信诈骗", "parent": top.pk})
    assert names(top) == ["电信诈骗"]
    again = client.post("/stations/categories/add/", {"name": "电信诈骗", "parent": top.pk})
    assert again.status_code == 422
    assert (
        client.post("/stations/categories/add/", {"name": "x", "parent": "99999999"}).status_code
        == 404
    )


def test_buttons_move_switch_and_remove(client, district_officer):
    client.force_login(district_officer)
    row = category("社会治安")
    for name, data in (
        ("category_move", {"to": "up"}),
        ("category_switch", {"active": "0"}),
        ("category_switch", {"active": "1"}),
    ):
        client.post(reverse(f"stations:{name}", args=[row.pk]), data)
    assert names()[-3:] == ["社会治安", "惠民政策", "其他"]
    client.post(reverse("stations:category_remove", args=[row.pk]))
    assert "社会治安" not in names()


def test_query_count_does_not_grow_with_the_tree(client, district_officer):
    def queries():
        client.get(PAGE)
        with CaptureQueriesContext(connection) as seen:
            client.get(PAGE)
        return len(seen)

    client.force_login(district_officer)
    before = queries()
    for number in range(10):
        top = add_category(f"大类{number}", actor=district_officer)
        add_category("小类", parent=top, actor=district_officer)
    assert queries() == before
