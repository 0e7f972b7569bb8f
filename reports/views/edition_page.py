"""What the page of a kept report shows: its text set as a paper, its charts, what to mend."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from reports import rules, services
from reports.documents import papers
from reports.figures import Report
from reports.figures.charts import charts_of
from reports.links import Links, report_address
from reports.models import Edition
from reports.narrative.findings import Finding, find_problems
from reports.narrative.told import chapters_of, heading_of, text_of
from reports.narrative.words import in_chinese
from reports.scope import Scope


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, with the heading that it begins with if it has one."""

    head: str
    words: str


@dataclass(frozen=True)
class Chapter:
    number: str
    title: str
    paragraphs: list[Paragraph]


def shown_chapters(text: dict[str, str]) -> list[Chapter]:
    """The chapters that say something, numbered as they stand."""
    return [
        Chapter(
            in_chinese(at), told.part.label, [Paragraph(*heading_of(line)) for line in told.lines]
        )
        for at, told in enumerate(chapters_of(text), start=1)
    ]


@dataclass(frozen=True)
class Changed:
    """What a correction changed in one table."""

    table: str
    rows: list[dict[str, str]]


def changes_of(changes: Iterable[dict[str, str]]) -> list[Changed]:
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for one in changes:
        found[one["table"]].append(one)
    return [Changed(table, rows) for table, rows in found.items()]


def page_of(edition: Edition, user, today: date) -> dict[str, Any]:
    report = papers.report_of(edition)
    may_publish = rules.can_publish(user, edition.place)
    scope = services.scope_of(edition, user)
    place = Links(scope).place()
    versions = Edition.objects.visible_to(user).of(edition.place, edition.first, edition.last)
    mending = edition.is_draft and may_publish
    return {
        "edition": edition,
        "report": report,
        "organ": papers.organ_of(edition),
        "chapters": shown_chapters(text_of(edition.text)),
        "charts": charts_of(report),
        "cases": report.tables.get("T17"),
        "changes": changes_of(edition.changes),
        "versions": versions.for_list().order_by("-number"),
        "forms": papers.FORMS.items(),
        "can_publish": may_publish,
        "findings": _findings(scope, report, today) if mending else [],
        "live_url": report_address("reports:period", scope.period, place),
    }


def _findings(scope: Scope, report: Report, today: date) -> list[Finding]:
    """What the records show, and which cases are left out: that is for the office alone."""
    _, lost = services.cases_of(scope)
    return [*(one.finding for one in lost), *find_problems(scope, report, today)]
