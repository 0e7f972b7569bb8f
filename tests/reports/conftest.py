"""One year of receptions, small enough to count by hand; the tests say what they come to."""

from datetime import date

import pytest

from accounts.actors import SYSTEM
from stations.models import Category
from tests.factories import (
    AreaFactory,
    DeputyFactory,
    StationFactory,
    category,
    make_reception,
)
from visits.services import void_reception


@pytest.fixture
def village_station(township, station):
    village = AreaFactory(code="990101103201", name="石桥村", level="village", parent=township)
    return StationFactory(
        name="石桥村联络站",
        kind="station",
        township=township,
        area=village,
        village=village,
        parent=station,
        star=4,
    )


@pytest.fixture
def other_township(district):
    return AreaFactory(code="990101104", name="柳河镇", parent=district)


@pytest.fixture
def other_station(other_township):
    return StationFactory(name="柳河镇中心联络站", township=other_township, star=5)


@pytest.fixture
def year(station, village_station, other_station):
    """2025: five receptions that count, with six opinions; others around them that do not."""
    receivers = {
        place.pk: [DeputyFactory(station=place)]
        for place in (station, village_station, other_station)
    }

    def log(place, day, heads, *opinions, **fields):
        return make_reception(
            place,
            actor=SYSTEM,
            deputies=receivers[place.pk],
            received_on=day,
            headcount=heads,
            opinions=list(opinions),
            **fields,
        )

    roads = Category.objects.get(name="道路桥梁")
    log(
        station,
        date(2025, 1, 15),
        1,
        {
            "category": category("基础设施"),
            "disposal": "on_site",
            "satisfaction": "satisfied",
            "feedback_on": date(2025, 1, 15),
        },
        {
            "category": roads,
            "disposal": "township",
            "resolution": "solved",
            "satisfaction": "mostly",
            "feedback_on": date(2025, 2, 1),
        },
    )
    log(station, date(2025, 3, 5), 12, {}, headcount_approximate=True)
    log(
        station,
        date(2025, 3, 31),
        2,
        {
            "category": category("交通出行"),
            "disposal": "district",
            "resolution": "pending",
            "satisfaction": "unsatisfied",
            "feedback_method": "电话",
        },
        confidential=True,
    )
    log(
        village_station,
        date(2025, 6, 30),
        3,
        {
            "category": category("环境卫生"),
            "disposal": "declined",
            "decline_reason": "elsewhere",
        },
    )
    log(
        other_station,
        date(2025, 1, 1),
        4,
        {
            "category": category("环境卫生"),
            "disposal": "explained",
            "satisfaction": "satisfied",
            "feedback_on": date(2025, 1, 1),
        },
    )
    void = log(
        station,
        date(2025, 12, 31),
        50,
        {"category": category("其他"), "disposal": "on_site", "satisfaction": "satisfied"},
    )
    void_reception(void, actor=SYSTEM, reason="重复登记")
    log(other_station, date(2024, 12, 31), 7, {"disposal": "on_site"})
    log(other_station, date(2026, 1, 1), 8, {"disposal": "on_site"})
