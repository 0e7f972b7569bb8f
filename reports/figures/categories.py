"""T4 and T5: what voters raise, by category and where it went, and by category and township."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from django.db.models import Count, F
from django.db.models.functions import Coalesce

from reports.links import NONE, Links
from reports.percentages import shares
from reports.scope import Scope
from reports.tables import Column, Figure, Kind, Row, RowKind, Table, heat
from stations.models import Category
from visits.choices import Disposal

NO_CATEGORY, NO_DISPOSAL = "未分类", "未填"
CATEGORY, SUM, SHARE = "问题类别", "合计", "占比（%）"
_SHARE_NOTE = "占比是该类占全部意见的百分比，按最大余数法保留两位小数，相加正好是 100.00。"
_CATEGORY_NOTE = "问题类别按大类，小类并入所属大类；没有选类别的列为“未分类”。"

_ALL = object()  # in place of a key: a sum over everything asks for no value

Counts = Mapping[tuple, int]


def by_disposal(scope: Scope) -> Table:
    """T4: opinions by top category and 处理方式."""
    links = Links(scope)
    counts = _counts(scope, "disposal")
    keys = [*Disposal.values, ""]
    rows = _rows(
        counts,
        keys,
        link=lambda category, key: links.opinions(
            **_asked("category", category), **_asked("disposal", key)
        ),
        with_heat=False,
    )
    names = [*Disposal.labels, NO_DISPOSAL]
    notes = (
        _CATEGORY_NOTE,
        "处理方式按登记时所选，没有选的列为“未填”；各处理方式相加等于意见条数。",
        _SHARE_NOTE,
    )
    columns = _columns(names, group="处理方式")
    return Table("T4", "问题类别与处理方式", "条", columns, rows, notes)


def by_township(scope: Scope) -> Table:
    """T5: opinions by top category and the township of the station."""
    links = Links(scope)
    townships = _townships(scope)
    rows = _rows(
        _counts(scope, "station__township"),
        list(townships),
        link=lambda category, key: links.opinions(
            place=links.place(townships[key][0]) if key in townships else None,
            **_asked("category", category),
        ),
        with_heat=True,
    )
    names = [name for _, name in townships.values()]
    notes = (_CATEGORY_NOTE, "按接待的联络站所在的乡镇（街道），不按来访人的住址。", _SHARE_NOTE)
    columns = _columns(names, group="乡镇（街道）")
    return Table("T5", "问题类别与乡镇（街道）", "条", columns, rows, notes)


def _counts(scope: Scope, path: str) -> Counts:
    """How many opinions there are, by (top category, what `path` leads to)."""
    top = Coalesce("category__parent", "category")
    found = scope.opinions().annotate(top=top, other=F(path)).values_list("top", "other")
    return Counter({(top, other): n for top, other, n in found.annotate(n=Count("pk"))})


def _townships(scope: Scope) -> dict[int, tuple[str, str]]:
    """Code and name of the townships that have stations, by key, in the order of codes."""
    found = scope.stations().order_by("township__code", "township").distinct()
    lines = found.values_list("township", "township__code", "township__name")
    return {key: (code, name) for key, code, name in lines}


def _columns(names: Sequence[str], *, group: str) -> list[Column]:
    inner = [Column(name, group=group) for name in names]
    return [Column(CATEGORY, Kind.TEXT), *inner, Column(SUM), Column(SHARE, Kind.RATE)]


def _categories(counts: Counts) -> list[tuple[int | None, str]]:
    """The top categories in the district's order, those no longer offered if they count."""
    used = {top for top, _ in counts}
    tops = Category.objects.filter(parent=None).order_by("position", "pk")
    shown = [(top.pk, top.name) for top in tops if top.active or top.pk in used]
    return [*shown, (None, NO_CATEGORY)]


def _rows(
    counts: Counts, keys: Sequence, *, link: Callable[[object, object], str], with_heat: bool
) -> list[Row]:
    """A row a category with its cells in the order of `keys`, its sum and share; then the total."""
    categories = _categories(counts)
    most = max(counts.values(), default=0)
    sums = [sum(counts.get((top, key), 0) for key in keys) for top, _ in categories]
    rows = []
    for (top, name), whole, share in zip(categories, sums, shares(sums), strict=True):
        numbers = [counts.get((top, key), 0) for key in keys]
        cells = [
            Figure(n, link(top, key), heat=heat(n, most) if with_heat else None)
            for n, key in zip(numbers, keys, strict=True)
        ]
        rows.append(Row([Figure(name), *cells, Figure(whole, link(top, _ALL)), Figure(share)]))
    return [*rows, _total(rows, keys, link)]


def _total(rows: Sequence[Row], keys: Sequence, link) -> Row:
    sums = [sum(row.cells[place].count for row in rows) for place in range(1, len(keys) + 2)]
    cells = [Figure(n, link(_ALL, key)) for n, key in zip(sums, [*keys, _ALL], strict=True)]
    return Row([Figure("合计"), *cells, Figure(shares(sums[-1:])[0])], RowKind.TOTAL)


def _asked(name: str, value) -> dict:
    """The condition of a list: none for a sum, "none" for what was not chosen."""
    return {} if value is _ALL else {name: value or NONE}
