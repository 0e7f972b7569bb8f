import pytest
from django.contrib import admin
from django.db.models import ProtectedError
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from common import audit
from common.models import AuditAction
from deputies.models import Deputy
from stations.models import Area, Category, Posting, Station, Unit
from tests.factories import make_reception, make_user
from visits.models import Reception

pytestmark = pytest.mark.django_db


def test_no_register_and_no_people_stand_in_the_admin():
    registered = set(admin.site._registry)
    assert not registered & {Station, Deputy, Posting, Reception, User}


def test_a_unit_confirmed_in_the_admin_stands_in_the_log(client, administrator):
    unit = Unit.objects.create(name="区住建局", confirmed=False)
    client.force_login(administrator)
    typed = {"name": "区住建局", "area": "", "confirmed": "on", "active": "on", "seen": "1"}
    response = client.post(reverse("admin:stations_unit_change", args=[unit.pk]), typed)
    assert response.status_code == 302
    line = audit.history_of(unit).get()
    assert (line.actor, line.changes) == (administrator, {"已确认": ["否", "是"]})


def test_a_unit_that_somebody_changed_meanwhile_is_not_written_over(client, administrator):
    unit = Unit.objects.create(name="区住建局")
    client.force_login(administrator)
    address = reverse("admin:stations_unit_change", args=[unit.pk])
    shown = client.get(address).context["adminform"].form.initial["seen"]
    typed = {"name": "区住房局", "area": "", "confirmed": "on", "active": "on", "seen": shown}
    assert client.post(address, typed).status_code == 302
    unit.refresh_from_db()
    assert (unit.name, unit.version) == ("区住房局", 2)
    answer = client.post(address, typed | {"name": "区建设局"})
    assert "刚刚有人改过" in answer.content.decode()
    unit.refresh_from_db()
    assert unit.name == "区住房局"


def test_what_is_deleted_in_the_admin_stands_in_the_log(client, administrator):
    unit = Unit.objects.create(name="区住建局")
    pk = unit.pk
    client.force_login(administrator)
    client.post(reverse("admin:stations_unit_delete", args=[pk]), {"post": "yes"})
    assert not Unit.objects.filter(pk=pk).exists()
    unit.pk = pk
    assert audit.history_of(unit).get().action == AuditAction.VOID


def delete(client, row):
    address = reverse(f"admin:stations_{row._meta.model_name}_delete", args=[row.pk])
    return client.post(address, {"post": "yes"}).content.decode()


def test_a_unit_with_a_clerk_stays_and_so_does_the_clerks_posting(client, administrator):
    unit = Unit.objects.create(name="区住建局")
    clerk = make_user(Role.UNIT_CLERK, unit)
    client.force_login(administrator)
    page = delete(client, unit)
    assert "任职 1 条" in page
    assert clerk.name not in page
    assert clerk.postings.get().unit == unit
    assert not audit.history_of(unit).exists()


def test_a_unit_with_opinions_stays_and_its_page_tells_nothing_of_them(
    client, administrator, station, liaison
):
    unit = Unit.objects.create(name="区住建局")
    make_reception(station, actor=liaison, opinions=[{"statement": "小桥断裂", "unit": unit}])
    client.force_login(administrator)
    page = delete(client, unit)
    assert Unit.objects.filter(pk=unit.pk).exists()
    assert "意见 1 条" in page
    assert "小桥断裂" not in page


def test_units_ticked_in_the_list_stay_too_if_one_has_a_clerk(client, administrator):
    units = [Unit.objects.create(name=name) for name in ("区住建局", "区水利局")]
    make_user(Role.UNIT_CLERK, units[0])
    client.force_login(administrator)
    keys = [unit.pk for unit in units]
    typed = {"action": "delete_selected", "_selected_action": keys, "post": "yes"}
    client.post(reverse("admin:stations_unit_changelist"), typed)
    assert Unit.objects.count() == 2


def test_an_area_with_an_office_stays(client, administrator, township, township_officer):
    client.force_login(administrator)
    assert "任职 1 条" in delete(client, township)
    assert township_officer.postings.get().area == township


@pytest.mark.parametrize("place", [Unit, Area])
def test_a_posting_protects_its_place(place, township):
    place = township if place is Area else Unit.objects.create(name="区住建局")
    make_user(Role.UNIT_CLERK, place)
    with pytest.raises(ProtectedError):
        place.delete()


def test_an_area_is_confirmed_with_its_real_code(client, administrator, district, township):
    village = Area.objects.create(
        code="990101103001", name="石桥村", level="village", parent=township
    )
    client.force_login(administrator)
    typed = {"code": "990101108", "name": "石桥镇", "level": "township", "parent": district.pk}
    url = reverse("admin:stations_area_change", args=[township.pk])
    assert client.post(url, typed).status_code == 302
    village.refresh_from_db()
    assert village.code == "990101108001"
    assert audit.history_of(township).get().changes == {"区划代码": ["990101103", "990101108"]}


def test_a_code_outside_the_tree_is_refused_with_the_reason(
    client, administrator, district, township
):
    client.force_login(administrator)
    typed = {"code": "9901", "name": "石桥镇", "level": "township", "parent": district.pk}
    url = reverse("admin:stations_area_change", args=[township.pk])
    assert "应为 9 位数字" in client.post(url, typed).content.decode()


def test_a_category_added_in_the_admin_stands_in_the_log(client, administrator):
    client.force_login(administrator)
    client.post(
        reverse("admin:stations_category_add"),
        {"name": "文化体育", "parent": "", "position": "20", "active": "on"},
    )
    assert audit.history_of(Category.objects.get(name="文化体育")).get().action == "create"


def test_who_is_no_staff_sees_no_admin(client, district_officer):
    client.force_login(district_officer)
    assert client.get(reverse("admin:stations_unit_changelist")).status_code == 302
