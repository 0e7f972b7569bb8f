import pytest
from django.urls import reverse

from deputies.models import Group
from tests.factories import DeputyFactory, StationFactory

pytestmark = pytest.mark.django_db


def page(client, url, status=200):
    response = client.get(url)
    assert response.status_code == status
    return response.content.decode()


def test_a_group_is_made_in_two_steps_by_the_district(client, district_officer, station):
    deputies = [DeputyFactory(station=station, name=name) for name in ("石刚", "蒋平")]
    StationFactory()
    client.force_login(district_officer)
    new = reverse("deputies:group_new")
    assert "下一步" in page(client, new)
    new += f"?township={station.township_id}"
    assert "石刚" in page(client, new)
    typed = {
        "name": "石桥镇第1代表小组",
        "members": [deputy.pk for deputy in deputies],
        "convener": deputies[0].pk,
    }
    assert client.post(new, typed).status_code == 302
    group = Group.objects.get()
    assert (group.township, group.convener) == (station.township, deputies[0])
    html = page(client, reverse("deputies:group_list"))
    assert "的在任成员 2 位" in html


def test_the_township_office_goes_straight_to_its_deputies(client, township_officer, deputy):
    client.force_login(township_officer)
    assert "石刚" in page(client, reverse("deputies:group_new"))


def test_a_convener_outside_the_group_is_refused_on_the_page(client, township_officer, deputy):
    group = Group.objects.create(name="第1代表小组", township=deputy.station.township)
    client.force_login(township_officer)
    url = reverse("deputies:group_change", args=[group.pk])
    response = client.post(url, {"name": group.name, "convener": deputy.pk})
    assert response.status_code == 422
    assert "不是本组成员" in response.content.decode()


def test_a_group_of_another_township_is_not_found(client, township_officer):
    group = Group.objects.create(name="别组", township=StationFactory().township)
    client.force_login(township_officer)
    page(client, reverse("deputies:group_change", args=[group.pk]), 404)
    assert "别组" not in page(client, reverse("deputies:group_list"))


def test_the_station_sees_groups_and_changes_none(client, liaison, station):
    group = Group.objects.create(name="第1代表小组", township=station.township)
    client.force_login(liaison)
    assert "第1代表小组" in page(client, reverse("deputies:group_list"))
    page(client, reverse("deputies:group_change", args=[group.pk]), 403)
    page(client, reverse("deputies:group_new"), 403)
