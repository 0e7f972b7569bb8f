"""Who keeps the standards, who assesses and who reviews, and what a standard must satisfy."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from accounts.roles import Capability, roles_with
from common.errors import RuleViolation
from stations.choices import ASSESSMENT_COURSE, AssessmentAct, AssessmentState
from stations.models import Assessment, Criterion, Finding, Standard, Station
from stations.rules.access import can_edit, can_in_area, can_manage

WORDS_CHARACTERS, MOST_POINTS = 200, 1000
TONES = {
    AssessmentState.DRAFT: "wait",
    AssessmentState.SUBMITTED: "go",
    AssessmentState.RETURNED: "late",
    AssessmentState.REVIEWED: "ok",
}


def can_see_standards(user) -> bool:
    """Whether `user` keeps the page of any station: only they are held against a list."""
    return user.is_system or user.holds(roles_with(Capability.EDIT_STATION))


def can_keep_standards(user) -> bool:
    """Whether `user` decides what the lists say: one set for the whole district."""
    return can_in_area(user, Capability.MANAGE_STATIONS, "")


def can_review(user, station: Station) -> bool:
    return can_manage(user, station)


def can_assess(user, station: Station) -> bool:
    """Who keeps the station's page, but not who reviews: nobody signs for both sides."""
    return user.is_system or (can_edit(user, station) and not can_review(user, station))


def may_act(user, act: AssessmentAct, assessment: Assessment) -> bool:
    """Whether the course lets `user` take this act now."""
    assesses = act in (AssessmentAct.SAVE, AssessmentAct.SUBMIT)
    may = can_assess if assesses else can_review
    found = ASSESSMENT_COURSE.find(act, assessment.state)
    return found is not None and may(user, assessment.station)


def assessable_years(today: date) -> tuple[int, ...]:
    """This year, and the last one: its review may drag on."""
    return (today.year, today.year - 1)


def is_assessable(standard: Standard, year: int, today: date) -> bool:
    """Whether a station may begin an assessment by this edition for that year."""
    in_force = standard.valid_from is None or standard.valid_from.year <= year
    return standard.in_use and in_force and year in assessable_years(today)


def check_standard(standard: Standard) -> None:
    """Refuse, with the reason in Chinese, an edition without a name, or stars out of order."""
    if not standard.name:
        raise RuleViolation("请填写名称。")
    if not standard.edition:
        raise RuleViolation("请填写版本。")
    steps = list(standard.thresholds.values())
    if any(higher <= lower for higher, lower in pairwise(steps)):
        raise RuleViolation("星级的分数线应当三星最低、五星最高。")


def check_criterion(criterion: Criterion) -> None:
    """Refuse, with the reason in Chinese, an item without words, or one of a score sheet that
    earns nothing."""
    if not criterion.words:
        raise RuleViolation("请填写内容。")
    if not criterion.standard.is_score:
        return
    if not 1 <= criterion.points <= MOST_POINTS:
        raise RuleViolation(f"满分应为 1 至 {MOST_POINTS} 分。")


def check_points(criterion: Criterion, points: int | None) -> None:
    if points is not None and not 0 <= points <= criterion.points:
        raise RuleViolation(f"“{criterion.words}”最高 {criterion.points} 分。")


def check_complete(findings: Iterable[Finding]) -> None:
    """Refuse to hand in a sheet with items nobody has answered."""
    open_ones = [finding.criterion.words for finding in findings if not finding.is_answered]
    if open_ones:
        named = "、".join(f"“{words}”" for words in open_ones[:3])
        more = f"等 {len(open_ones)} 项" if len(open_ones) > 3 else ""
        raise RuleViolation(f"{named}{more}还没有填，填完才能提交；可以先保存。")


def star_for(standard: Standard, points: int) -> int | None:
    """The star that so many points earn."""
    return next((star for star, least in standard.thresholds.items() if points >= least), None)


class Record(NamedTuple):
    """What the portal's own records say on an item: `met` only where they can tell."""

    words: str
    met: bool | None = None


class Result(NamedTuple):
    """What an assessment comes to: the district's count once reviewed, else the station's own."""

    got: int
    of: int
    unit: str

    @property
    def is_full(self) -> bool:
        return bool(self.of) and self.got >= self.of

    def __str__(self) -> str:
        return f"{self.got}／{self.of} {self.unit}"


def result_of(assessment: Assessment, standard: Standard) -> Result:
    """Of an assessment read `with_results`, and a standard read `with_counts`."""
    prefix = "reviewed_" if assessment.is_reviewed else ""
    if standard.is_score:
        got = getattr(assessment, f"{prefix}points_sum")
        return Result(got, standard.total_points, "分")  # type: ignore[attr-defined]
    got = getattr(assessment, f"{prefix}met_count")
    return Result(got, standard.item_count, "项")  # type: ignore[attr-defined]
