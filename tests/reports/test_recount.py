"""Every figure of the report equals a slow recount of the rows, and opens what it counts."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest

from accounts.actors import SYSTEM
from reports import services
from reports.figures import build
from reports.figures.frozen import thaw
from reports.periods import Period
from reports.scope import Scope
from reports.tables import Kind, Table
from stations.models import Area
from tests.reports.districts import TODAY, make_district
from tests.reports.per_cent import per_cent
from tests.reports.recount import ALL, Recount
from visits.models import Reception
from visits.services import void_reception

pytestmark = pytest.mark.django_db
YEAR = Period.of_year(2026)
SPRING = Period(date(2026, 2, 1), date(2026, 5, 31))
TABLES = ("T1", "T2", "T3", "T4", "T5", "T7", "T7A", "T8", "T9", "T10", "T11", "T12", "T13")


def compared(report, found) -> Counter:
    """How many figures of each table were equal; the first that differs fails."""
    seen: Counter = Counter()
    for name in TABLES:
        table, plain = report.tables[name], found[name]
        words = [column.kind == Kind.TEXT for column in table.columns]
        labels = 2 if name == "T1" else 1
        rows = [tuple(cell.value for cell in row.cells[:labels]) for row in table.rows]
        assert sorted(rows) == sorted(plain), name
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


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_figure_of_a_district_equals_a_plain_recount(seed, time_machine):
    place = make_district(seed, time_machine)
    whole: Counter = Counter()
    for period in (YEAR, SPRING):
        report = build(Scope(place.officer, period, area=place.area))
        count = Recount(period.first, period.last, TODAY, code=place.area.code)
        seen = compared(report, count.tables())
        assert not report.disagreements
        shares_of_units(report.tables["T7"])
        for column, rough in count.approximate().items():
            assert report.tables["T2"].figure(column).approximate == rough
        _headlines(report, count)
        whole += seen
    assert all(whole[name] > 9 for name in TABLES if name != "T12"), whole


def test_a_township_and_a_station_count_their_own_rows(time_machine):
    place = make_district(4, time_machine)
    town = Area.objects.get(code="990101102")
    for narrower, own in (
        ({"area": town}, {"code": town.code}),
        ({"station": place.stations[0]}, {"station": place.stations[0]}),
    ):
        report = build(Scope(place.officer, YEAR, **narrower))
        compared(report, Recount(YEAR.first, YEAR.last, TODAY, **own).tables())


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

# A list of days stands behind what is said of the deputies who came on them.
BY_DAY = ("应到人次", "请假人次", "出席人次", "出勤率（%）")
DIVIDED_BY = {
    "满意率（%）": "已评价", "含基本满意率（%）": "已评价", "采纳率（%）": "提出",
    "办复率（%）": "应办", "按时办复率（%）": "应办", "面商率（%）": "应办",
    "解决率（%）": "已答复", "解决和计划解决率（%）": "已答复",
    "办理工作反馈率（%）": "已答复", "办理结果反馈率（%）": "已答复",
}  # fmt: skip
OF_UNITS = ("T7", "T8", "T9", "T10", "T11", "T13")


class Lists:
    """The lists as the officer opens them, each once."""

    def __init__(self, client):
        self.client, self.seen = client, {}

    def context(self, url: str):
        if url not in self.seen:
            # The rows without the page around them, where a list can give them alone.
            alone = url.startswith(("/visits/", "/suggestions/", "/duty/"))
            response = self.client.get(url, headers={"HX-Request": "true"} if alone else {})
            assert response.status_code == 200, url
            self.seen[url] = response.context
        return self.seen[url]

    def count(self, url: str) -> int:
        """What the page says there are, 保密件 among them."""
        context = self.context(url)
        assert context["tally"].exact
        return context["tally"].number + sum(line["n"] for line in context.get("hidden") or [])

    def said(self, url: str, column: str):
        """What the page says of the column `column`."""
        context = self.context(url)
        if column == "人次":
            hidden = sum(line["heads"] for line in context.get("hidden") or [])
            return (context["totals"]["heads"] or 0) + hidden
        if column == "资金和物资（元）":
            worth = context["totals"]["money"] + context["totals"]["goods"]
            return int(Decimal(worth).quantize(Decimal(1), ROUND_HALF_UP))
        if column == "受益人数":
            return context["totals"]["people"]
        return self.count(url)

    def shows(self, url: str, words: str) -> bool:
        return words in self.client.get(url).content.decode()

    def keys(self, url: str) -> set[int]:
        return set(self.context(url)["rows"].values_list("pk", flat=True))


def test_every_figure_opens_the_rows_it_counts(client, time_machine):
    place = make_district(5, time_machine)
    client.force_login(place.officer)
    report, lists = build(Scope(place.officer, YEAR, area=place.area)), Lists(client)
    opened: Counter = Counter()
    for name in TABLES:
        table = report.tables[name]
        for row in table.rows:
            for column, cell in zip(table.columns, row.cells, strict=True):
                if cell.url:
                    _opens(lists, table, row, column.name, cell)
                    opened[name] += 1
                else:  # a share of the row, which has no rows of its own
                    assert column.kind in (Kind.TEXT, Kind.RATE), (name, column)
    assert all(opened[name] > 9 for name in TABLES if name not in ("T12", "T13")), opened


def _opens(lists: Lists, table: Table, row, column: str, cell) -> None:
    where = (table.id, row.name.value, column, cell.url)
    if column in BY_DAY:
        assert lists.count(cell.url) == table.figure("开展接待日", row).value, where
    elif table.id in OF_UNITS and row is table.total:
        # Items are added up over units; the list shows each suggestion once.
        at = [one.name for one in table.columns].index(column)
        own = [lists.keys(line.cells[at].url) for line in table.body]
        assert lists.keys(cell.url) == set().union(*own), where
        assert len(own) == 0 or isinstance(cell.value, Decimal | None) or (
            sum(len(keys) for keys in own) == cell.value
        ), where  # fmt: skip
    elif isinstance(cell.value, int):
        assert lists.said(cell.url, column) == cell.value, where
    elif isinstance(cell.value, Decimal | None):
        assert lists.count(cell.url) == _divisor(table, row, column), where
    else:
        assert lists.shows(cell.url, cell.value), where


def _divisor(table: Table, row, column: str) -> int:
    if column in DIVIDED_BY:
        return table.figure(DIVIDED_BY[column], row).count
    side = column[:4]  # the shares of those who rated one side
    return sum(table.figure(f"{side}{word}", row).count for word in ("满意", "基本满意", "不满意"))


def test_a_voided_row_leaves_the_figures_and_not_the_published_report(time_machine):
    place = make_district(6, time_machine)
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
