"""工作经费: who enters them, what is kept, and what two people at once see."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from common.errors import RuleViolation
from common.models import AuditEntry
from stations.models import Fund
from stations.services.funds import Entered, StaleFunds, set_funds
from tests.factories import StationFactory

pytestmark = pytest.mark.django_db
PAGE = "/stations/funds/"


def line(station, budget=50000, allotted=40000, used=30000, **more):
    return Entered(station, Decimal(budget), Decimal(allotted), Decimal(used), **more)


def posted(*rows):
    """{field: value} of lines given as (station, budget, allotted, used, version)."""
    data = {"station": [str(row[0].pk) for row in rows]}
    for station, budget, allotted, used, version in rows:
        key = station.pk
        data |= {
            f"budget-{key}": budget, f"allotted-{key}": allotted, f"used-{key}": used,
            f"version-{key}": version,
        }  # fmt: skip
    return data


def test_set_funds_keeps_a_row_a_station_and_year(station, township_officer):
    set_funds([line(station)], 2025, actor=township_officer)
    set_funds([line(station, used=35000, version=1)], 2025, actor=township_officer)
    set_funds([line(station)], 2026, actor=township_officer)
    rows = Fund.objects.order_by("year").values_list("year", "used", "version")
    assert list(rows) == [(2025, Decimal(35000), 2), (2026, Decimal(30000), 1)]
    change = AuditEntry.objects.get(action="change", subject_type="stations.fund")
    assert change.changes == {"已使用": ["30,000", "35,000"]}


def test_lines_that_say_nothing_new_write_nothing(station, district_officer):
    empty = line(station, 0, 0, 0)
    assert set_funds([empty], 2025, actor=district_officer) == []
    assert not Fund.objects.exists()


def test_a_stale_line_writes_nothing_of_the_whole_table(station, district_officer):
    other = StationFactory()
    set_funds([line(station)], 2025, actor=district_officer)
    with pytest.raises(StaleFunds) as stale:
        set_funds([line(station, used=1), line(other)], 2025, actor=district_officer)
    assert stale.value.current[station.pk].used == 30000
    assert Fund.objects.count() == 1


@pytest.mark.parametrize("persona", ["station_head", "liaison", "administrator", "outsider"])
def test_who_spends_the_money_does_not_enter_it(request, station, persona):
    with pytest.raises(PermissionDenied):
        set_funds([line(station)], 2025, actor=request.getfixturevalue(persona))


def test_an_officer_enters_their_own_township_only(township_officer):
    with pytest.raises(PermissionDenied):
        set_funds([line(StationFactory())], 2025, actor=township_officer)


def test_an_odd_year_is_refused(station, district_officer):
    with pytest.raises(RuleViolation, match="年度"):
        set_funds([line(station)], 1925, actor=district_officer)


# The page -----------------------------------------------------------------------------------------


def test_the_table_is_typed_into_and_saved_at_once(client, station, district_officer):
    other = StationFactory()
    client.force_login(district_officer)
    rows = (station, "5万元", "40,000", "3.1万", 0), (other, "20000", "", "", 0)
    response = client.post(f"{PAGE}?year=2025", posted(*rows), follow=True)
    assert response.redirect_chain[-1][0] == f"{PAGE}?year=2025"
    first, second = Fund.objects.order_by("pk")
    assert (first.budget, first.allotted, first.used) == (50000, 40000, 31000)
    assert (second.budget, second.used) == (20000, 0)
    assert response.context["sums"]["unallotted"] == 30000


def test_more_spent_than_given_is_kept_and_said(client, station, district_officer):
    client.force_login(district_officer)
    page = client.post(
        f"{PAGE}?year=2025", posted((station, "100", "90", "95", 0)), follow=True
    ).content.decode()
    assert "已使用多于已拨付" in page
    assert Fund.objects.get().used == 95


@pytest.mark.parametrize("typed", ["很多", "-5", "约3万", "9" * 15])
def test_what_is_no_amount_is_refused_and_stays(client, station, district_officer, typed):
    client.force_login(district_officer)
    response = client.post(f"{PAGE}?year=2025", posted((station, typed, "40000", "", 0)))
    assert response.status_code == 422
    page = response.content.decode()
    assert f'value="{typed}"' in page
    assert 'value="40000"' in page
    assert not Fund.objects.exists()


def test_two_officers_at_once_see_both_versions(client, station, district_officer):
    client.force_login(district_officer)
    set_funds([line(station)], 2025, actor=district_officer)
    response = client.post(f"{PAGE}?year=2025", posted((station, "60000", "40000", "30000", 0)))
    assert response.status_code == 409
    assert response.context["form"].conflict == [(f"{station}：预算", "60,000", "50,000")]
    [shown] = response.context["form"].lines
    again = posted((station, "60000", "40000", "30000", shown.version))
    assert client.post(f"{PAGE}?year=2025", again).status_code == 302
    assert Fund.objects.get().budget == 60000


def test_a_liaison_reads_their_station_and_enters_nothing(client, station, liaison):
    Fund.objects.create(station=station, year=2025, budget=5, allotted=4, used=3)
    StationFactory()
    client.force_login(liaison)
    response = client.get(PAGE, {"year": 2025})
    [shown] = response.context["form"].lines
    assert (shown.station, list(shown.fields)) == (station, [])
    assert not response.context["may_enter"]
    assert client.post(PAGE, posted((station, "1", "1", "1", 1))).status_code == 403


def test_a_station_out_of_reach_is_not_found(client, township_officer):
    client.force_login(township_officer)
    assert client.post(PAGE, posted((StationFactory(), "1", "1", "1", 0))).status_code == 404


def test_the_page_asks_the_same_of_few_and_of_many(
    client, district_officer, django_assert_max_num_queries
):
    client.force_login(district_officer)
    StationFactory.create_batch(2)
    client.get(PAGE)
    with django_assert_max_num_queries(20) as few:
        client.get(PAGE)
    for station in StationFactory.create_batch(10):
        Fund.objects.create(station=station, year=2026, budget=5)
    with django_assert_max_num_queries(len(few)):
        client.get(PAGE)
