"""Reports that are kept: drafting, publishing, writing the files of a draft."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.urls import reverse

from common.errors import StaleVersion
from common.jobs import kinds
from common.jobs.kinds import Kind, Result, Work
from reports import services
from reports.choices import EditionState
from reports.documents import papers
from reports.models import Edition
from reports.periods import Period
from reports.scope import Scope
from stations.models import Area, Station

DRAFT, REFRESH, CORRECT, PUBLISH, PAPER = (
    "report_edition", "report_refresh", "report_correct", "report_publish", "report_paper",
)  # fmt: skip
# Figures of more stations than this are counted in the worker.
STATIONS_AT_ONCE = 60
_COUNTING, _WRITING = ("统计数字", "起草文字"), ("写 Excel", "写 Word")


def is_long(scope: Scope) -> bool:
    """Whether the report of the scope is made in the worker."""
    return scope.stations()[: STATIONS_AT_ONCE + 1].count() > STATIONS_AT_ONCE


def asked_for(scope: Scope) -> dict[str, Any]:
    """A scope as the arguments of a job."""
    return {
        "first": scope.period.first.isoformat(),
        "last": scope.period.last.isoformat(),
        "area": scope.area.code if scope.area else None,
        "station": scope.station.pk if scope.station else None,
    }


def draft(work: Work) -> Result:
    """起草 the report that `arguments` ask for (`asked_for`)."""
    edition = services.make_edition(_scope(work), actor=work.owner, progress=_told(work, _COUNTING))
    return Result("草稿已起草。", next_url=_page(edition))


def refresh(work: Work) -> Result:
    edition = services.refresh_edition(
        _edition(work), actor=work.owner, progress=_told(work, _COUNTING)
    )
    return Result("数字已重新统计。", next_url=_page(edition))


def correct(work: Work) -> Result:
    """更正: a new draft beside the published report."""
    edition = services.correct_edition(
        _edition(work), actor=work.owner, reason=work.arguments["reason"],
        progress=_told(work, _COUNTING),
    )  # fmt: skip
    return Result("更正的草稿已起草，改好后发布。", next_url=_page(edition))


def publish(work: Work) -> Result:
    """Publish the draft as its reader saw it; again is quiet where it is done."""
    edition, told = _edition(work), _told(work, _WRITING)
    if edition.state == EditionState.DRAFT:
        try:
            edition = services.publish_edition(
                edition,
                actor=work.owner,
                version=work.arguments["version"],
                explained=work.arguments["explained"],
                papers=lambda stored: papers.write_papers(stored, told),
            )
        except StaleVersion as stale:
            raise services.changed_meanwhile() from stale
    return Result("报告已发布。", next_url=_page(edition))


def write_paper(work: Work) -> Result:
    """One file of an edition its owner reads."""
    edition, form = _edition(work), work.arguments["form"]
    papers.write_form(work.target, edition, form)
    services.record_paper(edition, actor=work.owner, form=papers.FORMS[form].name)
    return Result("文件已写好。", papers.name_of(edition, form))


def _told(work: Work, stages: tuple[str, ...]) -> Callable[[str], None]:
    """Puts down which of the stages begins."""
    return lambda stage: work.progress(stage, stages.index(stage) + 1, len(stages))


def _scope(work: Work) -> Scope:
    given = work.arguments
    period = Period(date.fromisoformat(given["first"]), date.fromisoformat(given["last"]))
    area = Area.objects.get(code=given["area"]) if given["area"] else None
    stations = Station.objects.visible_to(work.owner).select_related("area", "township")
    station = stations.get(pk=given["station"]) if given["station"] else None
    return Scope(work.owner, period, area, station)


def _edition(work: Work) -> Edition:
    rows = Edition.objects.visible_to(work.owner).for_page()
    return rows.get(pk=work.arguments["edition"])


def _page(edition: Edition) -> str:
    return reverse("reports:edition", args=[edition.pk])


def register() -> None:
    for name, words, run, nothing in (
        (DRAFT, "起草正式报告", draft, "没有起草"),
        (REFRESH, "报告重新取数", refresh, "草稿没有改动"),
        (CORRECT, "更正报告", correct, "没有起草"),
        (PUBLISH, "发布报告", publish, "没有发布"),
        (PAPER, "下载报告", write_paper, "没有生成文件"),
    ):
        kinds.register(
            Kind(name, words, run, unit="步", next_label="打开报告", nothing_done=nothing)
        )
