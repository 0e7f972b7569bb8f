"""T15 and T16, and the check of who was there."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.actors import SYSTEM
from reports.figures import build
from reports.periods import Period
from reports.scope import Scope
from tests.factories import DeputyFactory
from tests.registers import make_activity
from visits.models import Activity

pytestmark = pytest.mark.django_db
YEAR = Period.of_year(2025)


@pytest.fixture
def held(station, other_station):
    shi, liao, duan = (DeputyFactory(station=station) for _ in range(3))

    def meet(at, day, kind, topic, **more):
        return make_activity(at, actor=SYSTEM, held_on=day, kind=kind, topic=topic, **more)

    meet(station, date(2025, 5, 8), "training", "代表法学习", organiser="石桥镇人大",
         place="镇会议室", present=[shi, liao], leave=[duan])  # fmt: skip
    meet(other_station, date(2025, 2, 3), "training", "民法典学习", present=[shi], absent=[liao])
    meet(station, date(2025, 3, 1), "inspection", "视察河堤", present=[shi])
    meet(station, date(2025, 4, 1), "research", "养老调研", present=[shi], absent=[duan])
    meet(station, date(2025, 9, 1), "law", "水法检查", present=[duan])
    meet(station, date(2025, 9, 2), "meeting", "座谈", present=[duan])
    meet(station, date(2024, 9, 2), "training", "上年的学习", present=[duan])


def tables(user=SYSTEM, **place):
    return build(Scope(user, YEAR, **place)).tables


def test_t15_has_a_row_a_training_by_day(held):
    assert [row.values for row in tables()["T15"].rows] == [
        ["民法典学习", "2025-02-03", "柳河镇中心联络站", "—", "—", 2, 0, 1, Decimal("50.00")],
        ["代表法学习", "2025-05-08", "石桥镇中心联络站", "石桥镇人大", "镇会议室", 3, 1, 2,
         Decimal("100.00")],
        ["合计（次）", 2, "", "", "", 5, 1, 3, Decimal("75.00")],
    ]  # fmt: skip


def test_t16_has_inspections_research_and_checks_of_laws(held, station):
    rows = tables(station=station)["T16"].rows
    assert [(row.values[0], row.values[2]) for row in rows[:-1]] == [
        ("视察河堤", "视察"), ("养老调研", "专题调研"), ("水法检查", "执法检查"),
    ]  # fmt: skip
    assert rows[-1].values == ["合计（次）", 3, "", "", "", "", 4, 0, 3, Decimal("75.00")]


@pytest.mark.parametrize(("name", "count"), [("T15", 2), ("T16", 3)])
def test_rows_open_their_activity_and_totals_the_list(held, client, district_officer, name, count):
    client.force_login(district_officer)
    table = tables(district_officer)[name]
    for row in table.body:
        assert client.get(row.name.url).context["object"].topic == row.name.value
    assert client.get(table.total.cells[1].url).context["tally"].number == count


def test_people_who_do_not_add_up_are_shown_with_the_activities_to_mend(
    held, client, district_officer
):
    Activity.objects.filter(topic="视察河堤").update(due_count=4)
    Activity.objects.filter(topic="养老调研").update(absent_count=4)
    report = build(Scope(district_officer, YEAR))
    [check] = report.disagreements
    # 实到 2+1+1+1+1+1, 请假 1, 缺席 1+4; 应到 3+2+4+2+1+1: the sums alone would agree.
    assert check.formula == "7 + 1 + 5 = 13，2 次活动对不上"
    assert (check.label, check.ok) == ("活动实到 + 请假 + 缺席 = 应到", False)
    client.force_login(district_officer)
    topics = [row.topic for row in client.get(check.url).context["page"]]
    assert topics == ["养老调研", "视察河堤"]
    page = client.get("/reports/", {"year": 2025}).content.decode()
    assert "打开对不上的活动" in page or "没有接待登记" in page
