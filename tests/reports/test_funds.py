"""T14 and what the checks say of funds."""

from decimal import Decimal

import pytest

from accounts.actors import SYSTEM
from reports.figures import build
from reports.figures.plain import plain
from reports.periods import Period
from reports.scope import Scope
from stations.models import Fund

pytestmark = pytest.mark.django_db
YEAR = Period.of_year(2025)


def fund(station, year, budget, allotted, used):
    return Fund.objects.create(
        station=station, year=year, budget=Decimal(budget), allotted=Decimal(allotted),
        used=Decimal(used),
    )  # fmt: skip


@pytest.fixture
def funded(station, village_station, other_station):
    fund(station, 2025, "50000", "40000.50", "30000.25")
    fund(other_station, 2025, "20000", "20000", "15000.5")
    fund(station, 2024, "1000", "1000", "1000")


def values(**scope):
    period = scope.pop("period", YEAR)
    return [row.values for row in build(Scope(SYSTEM, period, **scope)).tables["T14"].rows]


def test_t14_lists_the_stations_that_funds_were_entered_for(funded):
    assert values() == [
        # 40000.50 goes up to 40001; what was not allotted is 9999.50, and goes up, too.
        ["石桥镇中心联络站", 50000, 40001, 10000, 30000, Decimal("75.00")],
        ["柳河镇中心联络站", 20000, 20000, 0, 15001, Decimal("75.00")],
        ["合计", 70000, 60001, 10000, 45001, Decimal("75.00")],
    ]


def test_t14_takes_whole_years_and_adds_several(funded, station):
    assert values(period=Period.of_months(2025, 1, 3)) == values()
    both = Period(YEAR.first.replace(year=2024), YEAR.last)
    assert values(period=both, station=station)[-1][1:3] == [51000, 41001]


def test_without_funds_there_are_no_figures_and_no_check(station):
    report = build(Scope(SYSTEM, YEAR))
    assert values() == [["合计", None, None, None, None, None]]
    assert not [check for check in report.checks if "预算" in check.label]
    assert plain(report)["tables"]["T14"]["rows"] == [["合计", None, None, None, None, None]]


def test_spending_more_than_was_given_is_said_and_does_not_hold_the_report_back(
    funded, village_station, client, district_officer
):
    fund(village_station, 2025, "1000", "900", "950")
    report = build(Scope(district_officer, YEAR))
    [check] = [check for check in report.checks if "预算" in check.label]
    assert (check.ok, check.warns) == (False, True)
    assert check.formula == "45,951、60,901、71,000，1 个站不符"
    assert report.disagreements == []
    client.force_login(district_officer)
    page = client.get(check.url)
    assert [line.station.name for line in page.context["form"].lines] == ["石桥村联络站"]
    assert "已使用多于已拨付" in page.content.decode()


def test_a_figure_opens_the_funds_of_its_station(funded, client, district_officer, station):
    client.force_login(district_officer)
    table = build(Scope(district_officer, YEAR)).tables["T14"]
    lines = client.get(table.figure("预算", table.body[0]).url).context["form"].lines
    assert [line.station for line in lines] == [station]
    sums = client.get(table.figure("预算").url).context["sums"]
    assert (sums["budget"], sums["entered"]) == (70000, 2)
