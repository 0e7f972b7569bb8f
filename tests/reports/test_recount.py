"""Every figure of the report equals a slow recount of the rows: three districts of other seeds."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
import time_machine as clocks
from django.db import transaction

from accounts.actors import SYSTEM
from deputies.models import Deputy
from reports import services
from reports.figures import build
from reports.figures.frozen import thaw
from reports.periods import Period
from reports.scope import Scope
from reports.tables import Kind, Table
from stations.models import Area
from tests.reports.districts import TODAY, District, make_district, noon
from tests.reports.opening import Opening
from tests.reports.per_cent import per_cent
from tests.reports.recount import ALL, Recount
from tests.reports.recounted_people import beside, of_deputies
from visits.models import Reception
from visits.services import void_reception

pytestmark = pytest.mark.django_db
YEAR = Period.of_year(2026)
SPRING = Period(date(2026, 2, 1), date(2026, 5, 31))
AUTUMN = Period.of_months(2026, 10, 12)  # still running: compared up to today
TABLES = ("T1", "T2", "T3", "T4", "T5", "T6", "T7", "T7A", "T8", "T9", "T10", "T11", "T12", "T13",
          "T14", "T15", "T16")  # fmt: skip
OF_DEPUTY = ("T3", "T6", "T7A", "T8", "T9", "T10", "T15", "T16")
IN_ORDER = ("T6", "T14", "T15", "T16")
SEEDS = (1, 2, 3)


@pytest.fixture(scope="module", params=SEEDS, ids=[f"seed{seed}" for seed in SEEDS])
def made(request, django_db_setup, django_db_blocker):
    """A district for all tests of its seed; gone after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        with clocks.travel(noon(TODAY), tick=False) as clock:
            place = make_district(request.param, clock)
        yield place
        transaction.set_rollback(True)


@pytest.fixture
def place(made, db, time_machine) -> District:
    """On its day; what a test changes is taken back after it."""
    time_machine.move_to(noon(TODAY), tick=False)
    return made


def compared(report, found, tables=TABLES) -> Counter:
    """How many figures of each table were equal; the first that differs fails."""
    seen: Counter = Counter()
    for name in tables:
        table, plain = report.tables[name], found[name]
        words = [column.kind == Kind.TEXT for column in table.columns]
        labels = 2 if name in ("T1", "T6") else 1
        rows = [tuple(cell.value for cell in row.cells[:labels]) for row in table.rows]
        assert sorted(rows) == sorted(plain), name
        assert name not in IN_ORDER or rows == list(plain), name
        for key, row in zip(rows, table.rows, strict=True):
            for column, cell, is_text in zip(table.columns, row.cells, words, strict=True):
                if column.name in plain[key]:
                    if (name, column.name) == ("T7", "占比（%）"):
                        continue  # see `shares_of_units`
                    assert cell.value == plain[key][column.name], (name, key, column.name)
                    seen[name] += 1
                else:
                    assert is_text, (name, key, column.name)  # no number is passed over
    return seen


def shares_of_units(table: Table) -> None:
    """Units that have the same number of items may differ by the hundredth that is left."""
    rows = [
        dict(zip([c.name for c in table.columns], row.values, strict=True)) for row in table.body
    ]
    whole = sum(row[ALL] for row in rows)
    assert sum(row["占比（%）"] for row in rows) == 100
    for row in rows:
        assert abs(float(row["占比（%）"]) - 100 * row[ALL] / whole) < 0.01


def test_every_figure_of_a_district_equals_a_plain_recount(place):
    whole: Counter = Counter()
    for period in (YEAR, SPRING):
        report = build(Scope(place.officer, period, area=place.area))
        count = Recount(period.first, period.last, TODAY, code=place.area.code)
        whole += compared(report, count.tables())
        assert not report.disagreements
        shares_of_units(report.tables["T7"])
        for column, rough in count.approximate().items():
            assert report.tables["T2"].figure(column).approximate == rough
        _headlines(report, count)
    assert all(whole[name] > 9 for name in TABLES if name != "T12"), whole


def test_other_places_and_periods_count_their_own_rows(place):
    town, station = Area.objects.get(code="990101102"), place.stations[0]
    several = Period(date(2025, 9, 1), date(2026, 8, 31))
    for period, narrower, own in (
        (YEAR, {"area": town}, {"code": town.code}),
        (Period.of_months(2026, 4, 6), {"area": town}, {"code": town.code}),
        (Period.of_months(2026, 9, 9), {"station": station}, {"station": station}),
        (several, {"station": station}, {"station": station}),
    ):
        report = build(Scope(place.officer, period, **narrower))
        compared(report, Recount(period.first, period.last, TODAY, **own).tables())
        assert not report.disagreements


def test_the_year_of_each_deputy_equals_a_plain_recount(place):
    seen: Counter = Counter()
    for deputy in Deputy.objects.filter(name__endswith="代表1").order_by("pk"):
        report = build(Scope(place.officer, YEAR, deputy=deputy))
        count = Recount(YEAR.first, YEAR.last, TODAY, deputy=deputy)
        tables = [name for name in OF_DEPUTY if name in report.tables]
        seen += compared(report, count.tables(), tables)
        assert set(OF_DEPUTY) - set(tables) <= ({"T7A", "T8", "T9", "T10"} if not count.raised
                                                else set())  # fmt: skip
        [*_, total] = of_deputies(count).values()
        assert [line.figure.value for line in report.headlines] == [
            total[name] for name in ("接待批次", "听取意见", "代表出勤率（%）", "办实事件数",
                                     "参加活动", "领衔建议")
        ]  # fmt: skip
    assert all(seen[name] for name in OF_DEPUTY), seen


# The year before ----------------------------------------------------------------------------------

EARLIER = {
    YEAR: (date(2025, 1, 1), date(2025, 11, 2)),
    AUTUMN: (date(2025, 10, 1), date(2025, 11, 2)),
    Period.of_months(2026, 7, 9): (date(2025, 7, 1), date(2025, 9, 30)),
}


@pytest.mark.parametrize("period", EARLIER, ids=str)
def test_the_same_days_of_last_year_equal_a_plain_recount(place, period):
    report = build(Scope(place.officer, period, area=place.area))
    now, then = (
        Recount(*days, TODAY, code=place.area.code)
        for days in ((period.first, period.last), EARLIER[period])
    )
    until = Recount(period.first, min(period.last, TODAY), TODAY, code=place.area.code)
    totals = now.work()[(ALL,)] | {"计划接待日": len(until.days)}
    ever = Recount(date(2000, 1, 1), TODAY, TODAY, code=place.area.code)
    plain = beside(totals, then.work()[(ALL,)], told=_tells_of(EARLIER[period], ever))
    found = {row.name.value: row.values[1:] for row in report.comparison.body}
    assert found == plain
    _bars(report, now, period)


def _tells_of(days: tuple[date, date], ever: Recount) -> bool:
    """Receptions were recorded before the second month of `days`."""
    first = min((row.received_on for row in ever.visits), default=date.max)
    return (first.year, first.month) <= (days[0].year, days[0].month)


def test_a_deputys_last_year_equals_a_plain_recount(place):
    deputy = place.deputies[place.stations[0].pk][0]
    report = build(Scope(place.officer, YEAR, deputy=deputy))
    now, then = (
        list(of_deputies(Recount(*days, TODAY, deputy=deputy)).values())[-1]
        for days in ((YEAR.first, YEAR.last), EARLIER[YEAR])
    )
    ever = Recount(date(2000, 1, 1), TODAY, TODAY, station=deputy.station)
    plain = beside(now, then, told=_tells_of(EARLIER[YEAR], ever))
    assert {row.name.value: row.values[1:] for row in report.comparison.body} == plain


def _bars(report, now: Recount, period: Period) -> None:
    """The chart: each month beside the whole of that month a year ago."""
    before = Recount(period.first.replace(year=2025), period.last.replace(year=2025), TODAY,
                     code=now.code).months()  # fmt: skip
    assert [(bar["label"], bar["value"], bar["before"]) for bar in report.bars] == [
        (month, cells["批次"], before[(month,)]["批次"])
        for (month,), cells in now.months().items()
        if month != ALL
    ]


def _headlines(report, count: Recount) -> None:
    whole, timed = count.work()[(ALL,)], count.of_units("T8")[(ALL,)]
    said = count.of_units("T10")[(ALL,)]
    assert [line.figure.value for line in report.headlines] == [
        whole["批次"], whole["人次"], whole["意见条数"], whole["办结"],
        per_cent(whole["已反馈"], whole["意见条数"]), whole["满意率（%）"],
    ]  # fmt: skip
    assert [line.figure.value for line in report.of_suggestions] == [
        count.adoption()[(ALL,)]["提出"], count.adoption()[(ALL,)]["采纳率（%）"], timed["应办"],
        timed["办复率（%）"], timed["按时办复率（%）"], said["办理结果满意率（%）"],
    ]  # fmt: skip


# What a figure opens ------------------------------------------------------------------------------


def _opened(place) -> Scope:
    """A whole year of the district; of the others a quarter of a township, days of a station."""
    if place.seed == 1:
        return Scope(place.officer, YEAR, area=place.area)
    if place.seed == 2:
        town = Area.objects.get(code="990101102")
        return Scope(place.officer, Period.of_months(2026, 4, 6), area=town)
    return Scope(place.officer, AUTUMN, station=place.stations[0])


def test_every_figure_opens_the_rows_it_counts(client, place):
    client.force_login(place.officer)
    report = build(_opened(place))
    opening = Opening(client, place.officer, report)
    is_year = report.scope.period == YEAR
    # Of every deputy of a district twelve lists: those of a township and of a station are enough.
    tables = [name for name in TABLES if name != "T6" or not is_year]
    opened = {name: opening.table(report.tables[name]) for name in tables}
    if is_year:
        assert all(opened[name] > 9 for name in tables if name not in ("T12", "T13")), opened


def test_every_figure_of_a_deputy_opens_the_rows_it_counts(client, place):
    client.force_login(place.officer)
    deputy = place.deputies[place.stations[0].pk][1]
    report = build(Scope(place.officer, YEAR, deputy=deputy))
    opening = Opening(client, place.officer, report)
    assert sum(opening.table(table) for table in report.tables.values()) > 30
    assert sum(opening.table(report.comparison, column=name) for name in ("本期", "上年同期"))


# What a published report keeps --------------------------------------------------------------------


def test_a_voided_row_leaves_the_figures_and_not_the_published_report(place):
    scope = Scope(place.officer, YEAR, area=place.area)
    draft = services.make_edition(scope, actor=place.officer)
    edition = services.publish_edition(draft, actor=place.officer, version=draft.version)
    row = Reception.objects.valid().between(YEAR.first, YEAR.last).order_by("pk").first()
    month, before = f"{row.received_on.month}月", Recount(YEAR.first, YEAR.last, TODAY).months()

    void_reception(row, actor=SYSTEM, reason="重复登记")

    after = Recount(YEAR.first, YEAR.last, TODAY)
    assert after.months()[(month,)]["批次"] == before[(month,)]["批次"] - 1
    compared(build(scope), after.tables())
    edition.refresh_from_db()
    kept = thaw(edition.figures).tables["T3"]
    for line in kept.rows:
        assert kept.figure("批次", line).value == before[(line.name.value,)]["批次"]
