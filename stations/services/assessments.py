"""A station assesses itself by a standard; the district reviews what it says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from common import audit
from common.errors import RuleViolation, StaleVersion
from common.files import Accepted, accept
from stations import rules
from stations.choices import ASSESSMENT_COURSE, ASSESSMENT_WORDS, AssessmentAct
from stations.models import Assessment, Criterion, Finding, Standard, Station
from stations.services.stations import change_station

NOTE_CHARACTERS = 300


@dataclass(frozen=True)
class Answer:
    """What the station says on one item; `recorded` is what the portal's records said to it."""

    met: bool | None = None
    points: int | None = None
    evidence: str = ""
    recorded: str = ""
    upload: File | None = None
    drops_file: bool = False


@dataclass(frozen=True)
class Verdict:
    """What the district says on one item."""

    met: bool | None = None
    points: int | None = None
    note: str = ""


def save_assessment(
    station: Station,
    standard: Standard,
    year: int,
    *,
    actor,
    version: int,
    answers: Mapping[int, Answer],
    submit: bool = False,
) -> Assessment:
    """Write the station's answers, by the key of their item, and hand them in if asked to.

    `version` is the one the user saw, 0 if there was none yet: somebody else's change since is
    never overwritten (`StaleVersion`). Refuses who does not assess for the station, an edition
    that is not in use or a year that is over, more points than an item has, a file that
    `common.files.accept` refuses, a sheet that is with the district or reviewed, and to hand in
    one with items left open.
    """
    if not rules.can_assess(actor, station):
        raise PermissionDenied
    uploads = {key: answer.upload for key, answer in answers.items()}
    # Outside of the transaction: pictures take their time.
    taken = {key: accept(upload) for key, upload in uploads.items() if upload}
    written: list[Finding] = []
    try:
        with transaction.atomic():
            assessment = _opened(station, standard, year, actor, version, submit=submit)
            _answer(assessment, answers, taken, written, actor, submit=submit)
    except BaseException:
        for finding in written:
            finding.file.storage.delete(str(finding.file.name))
        raise
    return assessment


def _opened(
    station: Station, standard: Standard, year: int, actor, version: int, *, submit: bool
) -> Assessment:
    """The assessment, locked and found as the user saw it; the first save begins it."""
    # Who changes the items locks the edition too: what a station answers stays as it was asked.
    edition = Standard.objects.select_for_update().get(pk=standard.pk)
    known = _rows().filter(station=station, standard=edition, year=year).first()
    if known is None:
        if not rules.is_assessable(edition, year, timezone.localdate()):
            raise RuleViolation(f"“{edition}”现在不能用来自评{year}年的情况。")
        known = Assessment(station=station, standard=edition, year=year, version=0)
    if known.version != version:
        raise StaleVersion(known)
    act = AssessmentAct.SUBMIT if submit else AssessmentAct.SAVE
    move = ASSESSMENT_COURSE.require(act, known.state, words=ASSESSMENT_WORDS)
    is_new = known.pk is None
    known.state, known.version = move.lands_in(known.state), version + 1
    if submit:
        known.submitted_by_id, known.submitted_at = actor.pk, timezone.now()
    known.save()
    if is_new:
        audit.record(audit.Action.CREATE, known, actor=actor)
    return known


def _answer(
    assessment: Assessment,
    answers: Mapping[int, Answer],
    taken: Mapping[int, Accepted],
    written: list[Finding],
    actor,
    *,
    submit: bool,
) -> None:
    """Write a finding for every item; `written` names those with a new file, also on failure."""
    found = _findings(assessment)
    before = _described(found)
    for finding in found:
        key = finding.criterion_id
        answer = answers.get(key, Answer())
        rules.check_points(finding.criterion, answer.points)
        finding.met, finding.points = answer.met, answer.points
        finding.evidence, finding.recorded = answer.evidence.strip(), answer.recorded
        if key in taken or answer.drops_file:
            _forget_file(finding)
        if key in taken:
            finding.file_name = taken[key].name
            written.append(finding)
            finding.file.save(f"file{taken[key].ending}", taken[key].content, save=False)
        finding.save()
    if submit:
        rules.check_complete(found)
    changes = audit.changes_between(before, _described(found))
    if changes or submit:
        note = "提交" if submit else "保存"
        audit.record(audit.Action.CHANGE, assessment, actor=actor, changes=changes, note=note)


def compare_answers(answers: Mapping[int, Answer], current: Assessment) -> list[tuple]:
    """What was typed and what stands differently: (item, as typed, as it stands)."""
    typed = _findings(current) if current.pk else []
    before = _described(typed)
    for finding in typed:
        answer = answers.get(finding.criterion_id, Answer())
        finding.met, finding.points = answer.met, answer.points
        finding.evidence = answer.evidence.strip()
    changes = audit.changes_between(_described(typed), before)
    return [(label, *pair) for label, pair in changes.items()]


@transaction.atomic
def review_assessment(
    assessment: Assessment,
    *,
    actor,
    version: int,
    verdicts: Mapping[int, Verdict],
    opinion: str = "",
    rate: bool = False,
) -> Assessment:
    """Settle what the station has said; with `rate` the station gets the star that the district's
    points earn it, and none below the lowest.

    Refuses who does not decide of the station, a sheet that changed since (`StaleVersion`) or was
    not handed in, an item without a verdict, more points than an item has, and to rate by
    a standard that does not say what earns a star.
    """
    stored = _reviewed_by(assessment, actor, version)
    if rate and not stored.standard.rates:
        raise RuleViolation("这个标准没有星级的分数线，不能评定星级。")
    found = _judged(stored, verdicts)
    for finding in found:
        value = finding.reviewed_points if stored.standard.is_score else finding.reviewed_met
        if value is None:
            raise RuleViolation(f"“{finding.criterion}”还没有审核结果。")
        finding.save()
    _move(stored, AssessmentAct.REVIEW, opinion, actor)
    if rate:
        points = sum(finding.reviewed_points or 0 for finding in found)
        station = Station.objects.for_page().get(pk=stored.station_id)
        station.star = rules.star_for(stored.standard, points)
        change_station(station, actor=actor, version=station.version)
    return stored


@transaction.atomic
def send_back_assessment(
    assessment: Assessment,
    *,
    actor,
    version: int,
    verdicts: Mapping[int, Verdict],
    opinion: str,
) -> Assessment:
    """Give the sheet back to the station, with what is to be mended: notes stay, verdicts do not.

    Refuses who does not decide of the station, a sheet that changed since (`StaleVersion`) or is
    with the station, and a return that does not say why.
    """
    stored = _reviewed_by(assessment, actor, version)
    if not opinion.strip():
        raise RuleViolation("请写明退回的原因。")
    for finding in _judged(stored, verdicts):
        finding.reviewed_met = finding.reviewed_points = None
        finding.save()
    _move(stored, AssessmentAct.SEND_BACK, opinion, actor)
    return stored


def _reviewed_by(assessment: Assessment, actor, version: int) -> Assessment:
    stored = _rows().get(pk=assessment.pk)
    if not rules.can_review(actor, stored.station):
        raise PermissionDenied
    if stored.version != version:
        raise StaleVersion(stored)
    return stored


def _rows():
    rows = Assessment.objects.select_for_update(of=("self",))
    return rows.select_related("station__area", "standard")


def _judged(assessment: Assessment, verdicts: Mapping[int, Verdict]) -> list[Finding]:
    """The findings with the verdicts on them, not written yet."""
    found = _findings(assessment)
    for finding in found:
        verdict = verdicts.get(finding.criterion_id)
        if verdict is None:
            continue
        rules.check_points(finding.criterion, verdict.points)
        finding.reviewed_met, finding.reviewed_points = verdict.met, verdict.points
        finding.review_note = verdict.note.strip()
    return found


def _move(assessment: Assessment, act: AssessmentAct, opinion: str, actor) -> None:
    """The one place where the district moves the state; a line of the log stands for it."""
    move = ASSESSMENT_COURSE.require(act, assessment.state, words=ASSESSMENT_WORDS)
    old = assessment.get_state_display()
    assessment.state, assessment.opinion = move.lands_in(assessment.state), opinion.strip()
    assessment.reviewed_by_id, assessment.reviewed_at = actor.pk, timezone.now()
    assessment.version += 1
    assessment.save()
    changes = {"状态": (old, assessment.get_state_display())}
    note = f"{act.label}：{assessment.opinion}" if assessment.opinion else str(act.label)
    audit.record(audit.Action.CHANGE, assessment, actor=actor, changes=changes, note=note)


def _findings(assessment: Assessment) -> list[Finding]:
    """One finding for every item in its order, those not answered yet unsaved."""
    known = {row.criterion_id: row for row in assessment.findings.for_page()}
    items: Iterable[Criterion] = Criterion.objects.select_related("standard").filter(
        standard=assessment.standard_id
    )
    return [known.get(item.pk) or Finding(assessment=assessment, criterion=item) for item in items]


def _forget_file(finding: Finding) -> None:
    """The old file goes when the change is settled; a failure keeps it."""
    if finding.file:
        storage, name = finding.file.storage, str(finding.file.name)
        transaction.on_commit(lambda: storage.delete(name))
    finding.file, finding.file_name = "", ""


def _described(findings: Iterable[Finding]) -> dict[str, str]:
    return {_label(finding.criterion): _in_words(finding) for finding in findings}


def _label(criterion: Criterion) -> str:
    return f"{criterion.group}·{criterion.words}" if criterion.group else criterion.words


def _in_words(finding: Finding) -> str:
    if finding.criterion.standard.is_score:
        said = "" if finding.points is None else f"{finding.points} 分"
    else:
        said = {None: "", True: "达到", False: "未达到"}[finding.met]
    return "，".join(part for part in (said, finding.evidence, finding.file_name) if part)
