"""What a figure of the report opens, and whether that counts what the figure says.

Each kind of list is opened once as the officer's browser does; the others of its kind by their
view alone, which is what counts, with one line on the page and nothing around it.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from urllib.parse import parse_qs, urlsplit

from django.test import RequestFactory
from django.urls import resolve
from django_htmx.middleware import HtmxDetails

from reports.tables import Kind, Table

# A list of days stands behind what is said of the deputies who came on them.
BY_DAY = ("应到人次", "请假人次", "出席人次", "出勤率（%）")
OF_ALL_DAYS = ("应到天数", "请假天数", "出席天数", "代表出勤率（%）")
DIVIDED_BY = {
    "满意率（%）": "已评价", "含基本满意率（%）": "已评价", "采纳率（%）": "提出",
    "办复率（%）": "应办", "按时办复率（%）": "应办", "面商率（%）": "应办",
    "解决率（%）": "已答复", "解决和计划解决率（%）": "已答复",
    "办理工作反馈率（%）": "已答复", "办理结果反馈率（%）": "已答复",
    "代表出勤率（%）": "应到天数",
}  # fmt: skip
OF_UNITS = ("T7", "T8", "T9", "T10", "T11", "T13")
# What several deputies do together stands in the total of T6 for each, and opens nothing.
SHARED = ("接待批次", "听取意见", "办实事件数", "参加活动", "参加培训", "参加视察调研", "附议建议")
ROWS_ALONE = ("/visits/", "/suggestions/", "/duty/")
MONEY = {"预算": "budget", "已拨付": "allotted", "未拨付": "unallotted", "已使用": "used"}
PEOPLE = {"应到": "due", "请假": "leave", "实到": "present"}


class Lists:
    """The lists as the officer opens them, each once."""

    def __init__(self, client, user):
        self.client, self.user, self.seen, self.kinds = client, user, {}, set()

    def context(self, url: str):
        if url not in self.seen:
            parts = urlsplit(url)
            kind = (parts.path, frozenset(parse_qs(parts.query)))
            self.seen[url] = self._page(url) if kind not in self.kinds else self._view(url)
            self.kinds.add(kind)
        return self.seen[url]

    def _page(self, url: str):
        # The rows without the page around them, where a list can give them alone.
        alone = url.startswith(ROWS_ALONE)
        response = self.client.get(url, headers={"HX-Request": "true"} if alone else {})
        assert response.status_code == 200, url
        return response.context

    def _view(self, url: str):
        request = RequestFactory().get(url, headers={"HX-Request": "true"})
        request.user, request.htmx = self.user, HtmxDetails(request)
        match = resolve(urlsplit(url).path)
        view = match.func.view_class.as_view(page_size=1)
        response = view(request, *match.args, **match.kwargs)
        assert response.status_code == 200, url
        return response.context_data

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
            return _yuan(context["totals"]["money"] + context["totals"]["goods"])
        if column == "受益人数":
            return context["totals"]["people"]
        return self.count(url)

    def shows(self, url: str, words: str) -> bool:
        return words in self.client.get(url).content.decode()

    def keys(self, url: str) -> set[int]:
        return set(self.context(url)["rows"].values_list("pk", flat=True))


class Opening:
    """Opens the figures of one report."""

    def __init__(self, client, user, report):
        self.lists, self.report = Lists(client, user), report

    def table(self, table: Table, column: str = "") -> int:
        """How many figures were opened; of one column only, if it is named. The first that counts
        something else fails."""
        opened = 0
        for row in table.rows:
            for one, cell in zip(table.columns, row.cells, strict=True):
                if column and one.name != column:
                    continue
                if cell.url:
                    self._opens(table, row, row.name.value if column else one.name, cell)
                    opened += 1
                else:  # a share of the row, which has no rows of its own
                    of_all = table.id == "T6" and row is table.total and one.name in SHARED
                    texts = one.kind in (Kind.TEXT, Kind.RATE)
                    assert texts or of_all or cell.value in (None, ""), (table.id, one)
        return opened

    def _opens(self, table: Table, row, column: str, cell) -> None:
        where = (table.id, row.name.value, column, cell.url)
        is_total = row is table.total
        if table.id == "T14":
            assert self._money(table, row, column, cell), where
        elif table.id in ("T15", "T16"):
            assert self._people(is_total, column, cell), where
        elif table.id == "T6" and cell is row.name:
            assert self._person(cell), where
        elif table.id in OF_UNITS and is_total:
            assert self._of_units(table, column, cell), where
        else:
            assert self._counts(table, row, column, cell), where

    def _counts(self, table: Table, row, column: str, cell) -> bool:
        """A list of rows: as many as the figure says, or as it was divided by."""
        if column in BY_DAY:
            return self.lists.count(cell.url) == table.figure("开展接待日", row).value
        if column in OF_ALL_DAYS and row is table.total and len(table.body) > 1:
            whole = self.report.tables["T2"].figure("开展接待日").value
            return self.lists.count(cell.url) == whole
        if table.id == "T1" and not urlsplit(cell.url).query:  # of one station: its own page
            own = self.lists.context(cell.url)["object"] == self.report.scope.station
            return own and cell.value in (0, 1)
        if isinstance(cell.value, int):
            return self.lists.said(cell.url, column) == cell.value
        if isinstance(cell.value, Decimal | None):
            return self.lists.count(cell.url) == self._divisor(table, row, column, cell)
        return self.lists.shows(cell.url, cell.value)

    def _of_units(self, table: Table, column: str, cell) -> bool:
        """Items are added up over units; the list shows each suggestion once."""
        at = [one.name for one in table.columns].index(column)
        own = [self.lists.keys(line.cells[at].url) for line in table.body]
        summed = isinstance(cell.value, int) and own
        return self.lists.keys(cell.url) == set().union(*own) and (
            not summed or sum(len(keys) for keys in own) == cell.value
        )

    def _divisor(self, table: Table, row, column: str, cell) -> int:
        if table.id == "comparison":
            return self.lists.count(cell.url)
        if column in DIVIDED_BY:
            return table.figure(DIVIDED_BY[column], row).count
        side = column[:4]  # the shares of those who rated one side
        return sum(
            table.figure(f"{side}{word}", row).count for word in ("满意", "基本满意", "不满意")
        )

    def _person(self, cell) -> bool:
        """The report of the deputy; the first is opened, and has the name."""
        path = urlsplit(cell.url)
        kind = (path.path, frozenset(parse_qs(path.query)))
        if kind in self.lists.kinds:
            return True
        self.lists.kinds.add(kind)
        return self.lists.shows(cell.url, cell.value)

    def _money(self, table: Table, row, column: str, cell) -> bool:
        sums = self.lists.context(cell.url)["sums"]
        stations = len(table.body) if row is table.total else 1
        said = _yuan(sums[MONEY[column]]) if column in MONEY else cell.value
        return sums["entered"] == stations and said == cell.value

    def _people(self, is_whole: bool, column: str, cell) -> bool:
        if not is_whole:
            held = self.lists.seen.get(cell.url) or self.lists._page(cell.url)
            self.lists.seen[cell.url] = held
            known = {name: getattr(held["object"], f"{key}_count") for name, key in PEOPLE.items()}
            return cell.value == known.get(column, cell.value) and (
                not isinstance(cell.value, str) or held["object"].topic == cell.value
            )
        context = self.lists.context(cell.url)
        if column in PEOPLE:
            return context["totals"][PEOPLE[column]] == cell.value
        return not isinstance(cell.value, int) or self.lists.count(cell.url) == cell.value


def _yuan(amount) -> int:
    return int(Decimal(amount).quantize(Decimal(1), ROUND_HALF_UP))
