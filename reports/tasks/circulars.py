"""The letters of a year for all deputies of a place, as one Word document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from common.errors import RuleViolation
from common.jobs import kinds
from common.jobs.kinds import Kind, Progress, Result, Work
from reports import rules, services
from reports.circulars import Circular, in_letter_order, write_letters
from reports.documents.records import write_circulars
from reports.forms.scope import ScopeForm

CIRCULARS = "circulars"


def make_circulars(work: Work) -> Result:
    """The letters of the deputies in office of the place in `arguments`, as the owner reads it
    now; logged as any export."""
    if not rules.can_read_reports(work.owner):
        raise PermissionDenied
    form = ScopeForm(dict(work.arguments), user=work.owner)
    if not form.is_valid():
        raise RuleViolation("范围或年度不对，请回到通报页面重新选择。")
    scope, today = form.scope_of_place(), timezone.localdate()
    deputies = in_letter_order(scope.deputies())
    total = deputies.count()
    if not total:
        raise RuleViolation("这里没有在任代表。")
    year = scope.period.first.year
    letters = _told(write_letters(deputies, year, today), total, work.progress)
    name = f"{scope.place_name}{year}年度代表履职情况通报"
    written = write_circulars(letters, work.target, title=name, on=today)
    services.record_export(scope, actor=work.owner, form="Word，年度通报")
    return Result(f"通报 {written} 份，每位代表另起一页。", f"{name}.docx")


def _told(letters: Iterable[Circular], total: int, progress: Progress) -> Iterator[Circular]:
    for done, letter in enumerate(letters):
        progress("写通报", done, total)
        yield letter
    progress("保存文件", total, total)


def _title(arguments: Mapping[str, Any]) -> str:
    return f"{arguments.get('year', '')}年度履职情况通报"


def register() -> None:
    kinds.register(Kind(CIRCULARS, _title, make_circulars, unit="份", nothing_done="没有生成文件"))
