"""What a report would say today: its figures, its cases, its text. Nothing is written here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils import timezone

from common.errors import RuleViolation
from reports import rules
from reports.figures import Report, build
from reports.models import Case, Edition
from reports.narrative.draft import draft_text
from reports.narrative.findings import Finding, find_problems
from reports.narrative.told import with_cases
from reports.periods import Period
from reports.scope import Scope
from reports.sources import withdrawn
from stations.models import Area, Station

Progress = Callable[[str], None]


def quiet(stage: str) -> None:
    """For work whose stages nobody follows."""


def draft_now(scope: Scope, progress: Progress) -> tuple[Report, dict[str, str]]:
    """The figures of now with the cases of the period, and each chapter drafted from them."""
    progress("统计数字")
    report = build(scope)
    progress("起草文字")
    return draft_report(scope, report)


def draft_report(scope: Scope, report: Report) -> tuple[Report, dict[str, str]]:
    """The report with T17, and its text as it would be drafted today."""
    cases, _ = cases_of(scope)
    today = timezone.localdate()
    problems = find_problems(scope, report, today)
    before = _year_before(report)
    return with_cases(report, cases), draft_text(report, problems, cases, before, today)


@dataclass(frozen=True)
class Lost:
    """A chosen case that may not be told any more: its entry is confidential by now, or void."""

    case: Case
    why: str

    @property
    def source(self) -> str:
        entry = f"（{self.case.source}）" if self.case.source else ""
        return f"来源{entry}{self.why}"

    @property
    def finding(self) -> Finding:
        return Finding(
            "案例没有写进报告",
            f"“{self.case.title}”的{self.source}。请撤下这个案例；正文里写到的，也要删去。",
            "",
            f"{reverse('reports:cases')}?year={self.case.on.year}",
        )


def cases_of(scope: Scope) -> tuple[list[Case], list[Lost]]:
    """The cases that the report tells, and those that it may not tell any more."""
    chosen = list(
        Case.objects.standing().between(scope.period.first, scope.period.last)
        .filter(station__in=scope.stations()).select_related("station")
    )  # fmt: skip
    lost = withdrawn(case.source_url for case in chosen)
    told = [case for case in chosen if case.source_url not in lost]
    return told, [Lost(case, lost[case.source_url]) for case in chosen if case.source_url in lost]


def _year_before(report: Report) -> dict[str, int]:
    """The totals of T2 a year earlier, as far as the report claims a change against them."""
    rows = report.comparison.body if report.comparison else []
    pairs = [
        (str(row.name.value), row.cells[2].value) for row in rows if row.cells[3].value is not None
    ]
    return {name: value for name, value in pairs if isinstance(value, int)}


def whole_place(scope: Scope) -> tuple[Scope, Area | Station]:
    """The scope with the place that its report is of, and that place. Refuses one person."""
    if scope.deputy:
        raise RuleViolation("一位代表的情况不起草正式报告，请用履职档案和年终通报。")
    if scope.place is not None:
        return scope, scope.place
    found = rules.place_to_sign_for(scope.user)
    if found is None:
        raise RuleViolation("请先选择报告的范围。")
    return replace(scope, area=found), found


def scope_of(edition: Edition, actor) -> Scope:
    """The same place and days, read by who makes it anew."""
    return Scope(actor, Period(edition.first, edition.last), edition.area, edition.station)
