"""办理台账 as an Excel file: what a list shows, in the columns offices print."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max, Min
from django.utils import timezone

from accounts.roles import Capability
from common import audit
from common.errors import RuleViolation
from common.jobs.kinds import Progress, no_progress
from common.sheets.cells import chinese_date
from common.sheets.writing import Column, Line, write_register
from deputies.models import Deputy
from stations.models import Area, Station
from suggestions.models import Session
from suggestions.querysets import SuggestionQuerySet
from suggestions.rules import ledger as printed

TITLE = "代表建议、批评和意见办理台账"
# Widths in millimetres, scaled to A4 lying.
COLUMNS = (
    Column("序号", 8),
    Column(printed.NUMBER, 15),
    Column(printed.SESSION, 16),
    Column(printed.KIND, 9.4),
    Column(printed.TITLE, 32, align="left"),
    Column(printed.CONTENT, 46, align="left"),
    Column(printed.LEAD, 14.5),
    Column(printed.SIGNERS, 18),
    Column(printed.RAISED, 20),
    Column(printed.ASSIGNED, 20),
    Column(printed.UNITS, 20),
    Column(printed.HELPERS, 20),
    Column(printed.DUE, 20),
    Column(printed.REPLIED, 20),
    Column(printed.DOCUMENT, 22),
    Column(printed.RESULT, 9.4),
    Column(printed.MET, 9.4),
    Column(printed.ATTITUDE, 14.5),
    Column(printed.OUTCOME, 14.5),
    Column(printed.NOTE, 18, align="left"),
)
CONGRESS_COLUMN = Column(printed.CONGRESS, 14.5)
# Row and version: who brings the sheet back corrects the row it came from.
KEY_COLUMN = Column("内部标识（勿改）", 20, hidden=True)
MOST_LINES = 100_000
_CHUNK = 500
_ORDER = (
    "session__area__code", "-session__term", "-session__number", "-occasion", "number", "pk"
)  # fmt: skip


@dataclass(frozen=True)
class Exported:
    """A file that went out: what it may be called, and what it holds."""

    filename: str
    lines: int
    summary: str


def exportable(rows: SuggestionQuerySet, *, actor) -> SuggestionQuerySet:
    """Of `rows` what `actor` may take out: what was raised, at stations whose register they may
    export."""
    if actor.is_system:
        return rows.raised()
    stations = Station.objects.where_user_can(actor, Capability.EXPORT_REGISTER)
    return rows.raised().filter(station__in=stations)


def export_ledger(
    rows: SuggestionQuerySet,
    target: IO[bytes],
    *,
    actor,
    chosen_by: str = "",
    progress: Progress = no_progress,
) -> Exported:
    """Write `rows`, such as `actor` may read, to `target`, an open file.

    `chosen_by` says in words by which conditions they were chosen. What was not raised yet, or
    withdrawn, and what the actor may not export is left out and counted below the table; the log
    keeps what went out. Refuses who may export no register, and a list with nothing in it.
    """
    stations = Station.objects.where_user_can(actor, Capability.EXPORT_REGISTER)
    if not (actor.is_system or stations.exists()):
        raise PermissionDenied
    chosen = exportable(rows, actor=actor)
    scope = _scope_of(chosen)
    if scope is None:
        raise RuleViolation("没有符合条件的建议，没有可导出的。请放宽筛选条件。")
    if scope.lines > MOST_LINES:
        raise RuleViolation(f"符合条件的有 {scope.lines:,} 件，一个文件最多 {MOST_LINES:,} 件。")
    stamp = f"导出人 {actor} {timezone.localtime():%Y-%m-%d %H:%M}"
    write_register(
        target,
        title=TITLE,
        subtitle=scope.subtitle,
        columns=scope.columns,
        groups=_lines(chosen, scope, progress),
        notes=lambda: _remarks(scope, rows.count() - scope.lines, chosen_by, stamp),
        page_note=stamp,
        author=settings.DISTRICT_NAME,
    )
    _log(chosen, actor, chosen_by)
    return Exported(scope.filename(bool(chosen_by)), scope.lines, f"{scope.lines} 件建议")


@dataclass(frozen=True)
class _Scope:
    """What the head of the sheet says before the first line is read."""

    lines: int
    years: tuple[int, int]
    days: str
    areas: list[Area]

    @property
    def place(self) -> Area:
        """Of several congresses the district's stands above the table."""
        return min(self.areas, key=lambda area: (area.level != "district", area.code))

    @property
    def columns(self) -> tuple[Column, ...]:
        first, *others = COLUMNS
        congress = [CONGRESS_COLUMN] if self.has_several else []
        return (first, *congress, *others, KEY_COLUMN)

    @property
    def has_several(self) -> bool:
        return len(self.areas) > 1

    @property
    def subtitle(self) -> str:
        """Labels that the reader of sheets knows."""
        of_district = self.place.level == "district"
        office = f"{self.place}人大{'常委会代表工作委员会' if of_district else ''}"
        first, last = self.years
        period = f"年度：{first}年" if first == last else f"期间：{self.days}"
        return f"{office}    {period}"

    def filename(self, is_filtered: bool) -> str:
        first, last = self.years
        years = str(first) if first == last else f"{first}-{last}"
        name = f"代表建议办理台账-{self.place}-{years}{'-筛选' if is_filtered else ''}"
        return re.sub(r'[\\/:*?"<>|\s]', "", name) + ".xlsx"


def _scope_of(rows: SuggestionQuerySet) -> _Scope | None:
    facts = rows.order_by().aggregate(
        lines=Count("pk"), first=Min("submitted_on"), last=Max("submitted_on")
    )
    if not facts["lines"]:
        return None
    sessions = rows.order_by().values("session")
    return _Scope(
        lines=facts["lines"],
        years=(facts["first"].year, facts["last"].year),
        days=f"{chinese_date(facts['first'])}至{chinese_date(facts['last'])}",
        areas=list(Area.objects.filter(sessions__in=sessions).distinct()),
    )


def _lines(rows: SuggestionQuerySet, scope: _Scope, progress: Progress) -> Iterator[list[Line]]:
    namesakes = _namesakes()
    columns = [column.header for column in scope.columns][1:-1]
    found = rows.for_ledger().order_by(*_ORDER).iterator(chunk_size=_CHUNK)
    for order, suggestion in enumerate(found, start=1):
        if order % _CHUNK == 1:
            progress("写入", order - 1, scope.lines)
        line = printed.line_of(suggestion, namesakes)
        cells = [line[column] for column in columns]
        yield [[order, *cells, f"{suggestion.pk}:{suggestion.version}"]]
    progress("保存文件", 0, 0)


def _namesakes() -> set[str]:
    """Names that several deputies of the district bear."""
    counts = Counter(Deputy.objects.values_list("name", flat=True))
    return {name for name, count in counts.items() if count > 1}


def _remarks(scope: _Scope, left_out: int, chosen_by: str, stamp: str) -> Iterator[str]:
    yield f"共 {scope.lines} 件。{stamp}。"
    if chosen_by:
        yield f"筛选条件：{chosen_by}。"
    if left_out:
        yield f"另有 {left_out} 件未列入：还没有提交、已撤回，或属于无权导出的联络站。"
    yield "最右的隐藏列供再次导入时认出原来的建议，请勿修改。"


def _log(rows: SuggestionQuerySet, actor, chosen_by: str) -> None:
    chosen = f"；筛选：{chosen_by}" if chosen_by else ""
    counts = Counter(rows.order_by().values_list("session", flat=True))
    sessions = Session.objects.in_bulk(list(counts))
    audit.record_all(
        audit.entry(
            audit.Action.EXPORT, sessions[pk], actor=actor,
            note=f"办理台账 {count} 件{chosen}"[:500],
        )
        for pk, count in counts.items()
    )  # fmt: skip
