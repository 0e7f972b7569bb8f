"""Tables with a row a unit: columns that count items, and the rates that follow from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from reports.figures.suggested.items import Item
from reports.links import Links
from reports.tables import Column, Figure, Kind, Row, RowKind

UNIT = Column("承办单位", Kind.TEXT)
TOTAL = "合计"
Counts = Mapping[str, int]


@dataclass(frozen=True)
class Counted:
    """A column: which items it counts, and the words by which a list shows them."""

    name: str
    fits: Callable[[Item], bool]
    asked: Mapping[str, str] = field(default_factory=dict)
    group: str = ""
    short: str = ""

    @property
    def columns(self) -> list[Column]:
        return [Column(self.name, group=self.group, short=self.short)]

    def figures(self, counts: Counts, link: Callable[..., str]) -> list[Figure]:
        return [Figure(counts[self.name], link(**self.asked))]


@dataclass(frozen=True)
class Rated:
    """Columns in per cent that follow from the counts of the row. They open what they divide by,
    unless they are shares of the row, which have no rows of their own."""

    columns: Sequence[Column]
    of: Callable[[Counts], Sequence]
    asked: Mapping[str, str] | None = None

    def figures(self, counts: Counts, link: Callable[..., str]) -> list[Figure]:
        url = "" if self.asked is None else link(**self.asked)
        return [Figure(value, url) for value in self.of(counts)]


Part = Counted | Rated


def columns_of(parts: Sequence[Part]) -> list[Column]:
    return [UNIT, *(column for part in parts for column in part.columns)]


def rows_of(items: Iterable[Item], parts: Sequence[Part], links: Links) -> list[Row]:
    """A row a unit in the order of `items`, then the total."""
    items = list(items)
    rows = []
    for (unit, name), own in groupby(items, key=lambda item: (item.unit_id, item.unit_name)):
        rows.append(_row(name, list(own), parts, _link(links, unit=unit)))
    return [*rows, _row(TOTAL, items, parts, links.suggestions, RowKind.TOTAL)]


def rate_column(name: str, *, group: str = "", short: str = "") -> Column:
    return Column(name, Kind.RATE, group=group, short=short)


def _row(name, items, parts, link, kind=RowKind.PLAIN) -> Row:
    counts = {
        part.name: sum(part.fits(item) for item in items)
        for part in parts
        if isinstance(part, Counted)
    }
    cells = [figure for part in parts for figure in part.figures(counts, link)]
    return Row([Figure(name), *cells], kind)


def _link(links: Links, **own) -> Callable[..., str]:
    return lambda **asked: links.suggestions(**own, **asked)
