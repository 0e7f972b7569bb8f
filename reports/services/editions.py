"""Reports that are kept: drafted from the figures, mended by people, published, corrected."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import IO

from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone

from common import audit
from common.errors import RuleViolation, StaleVersion
from reports import rules
from reports.choices import EditionState, Part
from reports.figures import Report, build
from reports.figures.frozen import differences, freeze, thaw
from reports.models import Case, Edition
from reports.narrative.draft import TO_FILL_IN, draft_text
from reports.narrative.findings import find_problems
from reports.narrative.told import text_of, with_cases, with_words
from reports.periods import Period
from reports.scope import Scope
from stations.models import Area, Station

LONGEST_TEXT = 20_000
# Makes the papers of an edition that is about to be out: {"workbook": …, "document": …}.
Papers = Callable[[Edition], Mapping[str, IO[bytes]]]
Progress = Callable[[str], None]


def quiet(stage: str) -> None:
    """For work whose stages nobody follows."""


def make_edition(scope: Scope, *, actor, progress: Progress = quiet) -> Edition:
    """起草: count the figures of a whole place, draft the text, and keep both as a draft.

    If there is a draft of this place and period already, it is made anew (`refresh_edition`).
    Refuses a place that is not the actor's to publish for, and a period that has a published
    report: that one is corrected.
    """
    scope, place = _whole(scope)
    if not rules.can_publish(actor, place):
        raise PermissionDenied
    standing = Edition.objects.of(place, scope.period.first, scope.period.last)
    draft = standing.filter(state=EditionState.DRAFT).first()
    if draft is not None:
        return refresh_edition(draft, actor=actor, progress=progress)
    if standing.filter(state=EditionState.PUBLISHED).exists():
        raise RuleViolation("这个时段的报告已经发布。要改动请在已发布的报告上点“更正”。")
    report, drafted = _drafted(scope, progress)
    row = Edition(
        **_where(place), first=scope.period.first, last=scope.period.last,
        number=standing.next_number(), title=scope.title, figures=freeze(report),
        text={part: {"text": words, "drafted": words} for part, words in drafted.items()},
        made_at=report.made_at, made_by_id=actor.pk,
    )  # fmt: skip
    return _created(row, actor)


@transaction.atomic
def _created(row: Edition, actor) -> Edition:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise RuleViolation("别人刚刚起草了同一份报告，请打开那一份。") from None
    audit.record(audit.Action.CREATE, row, actor=actor)
    return row


def refresh_edition(edition: Edition, *, actor, progress: Progress = quiet) -> Edition:
    """重新取数: the figures of now. A chapter that nobody has touched is drafted anew; what was
    written by hand stays, with the new draft beside it."""
    _require_draft(edition, actor)
    report, drafted = _drafted(scope_of(edition, actor), progress)
    with transaction.atomic():
        stored = _locked(edition, actor)
        for part, words in drafted.items():
            kept = stored.text.get(part, {"text": "", "drafted": ""})
            own = kept["text"] != kept["drafted"]
            stored.text[part] = {"text": kept["text"] if own else words, "drafted": words}
        stored.figures, stored.made_at = freeze(report), report.made_at
        stored.version += 1
        stored.save()
        audit.record(audit.Action.CHANGE, stored, actor=actor, note="重新取数")
    return stored


@transaction.atomic
def change_text(
    edition: Edition, text: Mapping[str, str], *, actor, version: int, title: str = ""
) -> Edition:
    """Mend the draft's text, chapter by chapter. A stale `version` writes nothing."""
    stored = _locked(edition, actor)
    if stored.version != version:
        raise StaleVersion(stored)
    if any(len(words) > LONGEST_TEXT for words in text.values()):
        raise RuleViolation(f"每一部分最多 {LONGEST_TEXT} 字。")
    changes = {}
    for part in Part:
        kept = stored.text.setdefault(part.value, {"text": "", "drafted": ""})
        new = text.get(part.value, kept["text"]).replace("\r\n", "\n").strip()
        if new != kept["text"]:
            changes[part.label] = (kept["text"], new)
            kept["text"] = new
    stored.title = title.strip()[:120] or stored.title
    stored.version += 1
    stored.save()
    audit.record(audit.Action.CHANGE, stored, actor=actor, changes=changes)
    return stored


def publish_edition(
    edition: Edition, *, actor, version: int, explained: str = "", papers: Papers | None = None
) -> Edition:
    """发布: figures and text are frozen as they stand in the draft, and with them the files that
    `papers` makes. A check that does not add up must be explained. A correction takes the place
    of the version it corrects, and keeps what it changes."""
    written: list[File] = []
    try:
        with transaction.atomic():
            return _published(edition, actor, version, explained.strip()[:300], papers, written)
    except BaseException:
        for file in written:
            file.storage.delete(file.name)  # type: ignore[attr-defined]
        raise


def _published(edition, actor, version, explained, papers: Papers | None, written) -> Edition:
    stored = _locked(edition, actor)
    if stored.version != version:
        raise StaleVersion(stored)
    report = with_words(thaw(stored.figures), text_of(stored.text))
    _require_complete(stored, report, explained)
    before = _replaced(stored)
    if before is not None:
        stored.changes = _changes(before, stored, report)
    stored.figures = freeze(report)
    stored.state, stored.explained = EditionState.PUBLISHED, explained
    stored.published_at, stored.published_by_id = timezone.now(), actor.pk
    stored.version += 1
    for name, content in (papers(stored) if papers else {}).items():
        file = getattr(stored, name)
        content.seek(0)
        file.save(f"{name}.{'xlsx' if name == 'workbook' else 'docx'}", File(content), save=False)
        written.append(file)
    stored.save()
    audit.record(audit.Action.CHANGE, stored, actor=actor, note=f"发布 {stored}")
    return stored


def _require_complete(stored: Edition, report: Report, explained: str) -> None:
    if report.disagreements and not explained:
        names = "、".join(check.label for check in report.disagreements)
        raise RuleViolation(f"数字核对不符：{names}。请先核对登记，或者写明原因再发布。")
    text = text_of(stored.text)
    empty = [part.label for part in (Part.STANDING, Part.WORK) if not text[part].strip()]
    if empty:
        raise RuleViolation(f"“{'、'.join(empty)}”还没有内容。")
    waiting = [part.label for part in Part if TO_FILL_IN in text[part]]
    if waiting:
        raise RuleViolation(f"“{'、'.join(waiting)}”里还有“{TO_FILL_IN}”的字样，请写好再发布。")


def changed_meanwhile() -> RuleViolation:
    """What a page says that saw an older state of the draft."""
    return RuleViolation("这份草稿刚刚被别人改过，请看过现在的内容再发布。")


def _replaced(stored: Edition) -> Edition | None:
    """The published version that this one corrects, now marked as corrected."""
    if stored.corrects_id is None:
        return None
    before = Edition.objects.select_for_update().get(pk=stored.corrects_id)
    before.state = EditionState.CORRECTED
    before.save(update_fields=["state"])
    return before


def _changes(before: Edition, after: Edition, report: Report) -> list[dict[str, str]]:
    """What a correction changes: each figure, and each chapter whose text is another."""
    found = [asdict(one) for one in differences(thaw(before.figures), report)]
    for part in Part:
        old, new = (text_of(row.text)[part] for row in (before, after))
        if old != new:
            found.append({"table": "正文", "row": part.label, "column": "", "old": old, "new": new})
    return found


def correct_edition(edition: Edition, *, actor, reason: str, progress: Progress = quiet) -> Edition:
    """更正: a new draft with the figures of now and the text as it was; the published one stands
    until this one is published. Refuses without a reason, and a second correction at once."""
    if not reason.strip():
        raise RuleViolation("请写明为什么更正。")
    if not rules.can_publish(actor, edition.place):
        raise PermissionDenied
    if edition.state != EditionState.PUBLISHED:
        raise RuleViolation("只有现行的已发布报告可以更正。")
    begun = Edition.objects.filter(corrects=edition, state=EditionState.DRAFT).first()
    if begun is not None:
        raise RuleViolation(
            f"已经有一份更正的草稿（第 {begun.number} 版），请在“版本”里打开，接着改。"
        )
    report, drafted = _drafted(scope_of(edition, actor), progress)
    text = {
        part: {"text": edition.text.get(part, {}).get("text", ""), "drafted": words}
        for part, words in drafted.items()
    }
    row = Edition(
        **_where(edition.place), first=edition.first, last=edition.last,
        number=Edition.objects.of(edition.place, edition.first, edition.last).next_number(),
        title=edition.title, figures=freeze(report), text=text, made_at=report.made_at,
        made_by_id=actor.pk, corrects=edition, reason=reason.strip()[:300],
    )  # fmt: skip
    return _created(row, actor)


@transaction.atomic
def drop_edition(edition: Edition, *, actor) -> Edition:
    """放弃 a draft; what was published is never dropped."""
    stored = _locked(edition, actor)
    stored.state, stored.corrects = EditionState.DROPPED, None
    stored.save()
    audit.record(audit.Action.VOID, stored, actor=actor, note="放弃草稿")
    return stored


def _drafted(scope: Scope, progress: Progress) -> tuple[Report, dict[str, str]]:
    """The figures of now with the cases of the period, and each chapter drafted from them."""
    progress("统计数字")
    report = build(scope)
    progress("起草文字")
    return draft_report(scope, report)


def draft_report(scope: Scope, report: Report) -> tuple[Report, dict[str, str]]:
    """The report with T17, and its text as it would be drafted today."""
    cases = list(
        Case.objects.standing().between(scope.period.first, scope.period.last)
        .filter(station__in=scope.stations()).select_related("station")
    )  # fmt: skip
    today = timezone.localdate()
    problems = find_problems(scope, report, today)
    before = _year_before(report)
    return with_cases(report, cases), draft_text(report, problems, cases, before, today)


def _year_before(report: Report) -> dict[str, int]:
    """The totals of T2 a year earlier, as the report compares them."""
    rows = report.comparison.body if report.comparison else []
    pairs = [(str(row.name.value), row.cells[2].value) for row in rows]
    return {name: value for name, value in pairs if isinstance(value, int)}


def _whole(scope: Scope) -> tuple[Scope, Area | Station]:
    """The scope with the place that its report is of, and that place."""
    if scope.deputy:
        raise RuleViolation("一位代表的情况不起草正式报告，请用履职档案和年终通报。")
    if scope.place is not None:
        return scope, scope.place
    found = rules.place_to_sign_for(scope.user)
    if found is None:
        raise RuleViolation("请先选择报告的范围。")
    return replace(scope, area=found), found


def _where(place: Area | Station) -> dict[str, Area | Station]:
    return {"area": place} if isinstance(place, Area) else {"station": place}


def scope_of(edition: Edition, actor) -> Scope:
    """The same place and days, read by who makes it anew."""
    return Scope(actor, Period(edition.first, edition.last), edition.area, edition.station)


def _require_draft(edition: Edition, actor) -> None:
    if not rules.can_publish(actor, edition.place):
        raise PermissionDenied
    if not edition.is_draft:
        raise RuleViolation("已发布的报告不能改动，请用“更正”。")


def _locked(edition: Edition, actor) -> Edition:
    rows = Edition.objects.select_for_update(of=("self",)).select_related("area", "station__area")
    stored = rows.get(pk=edition.pk)
    _require_draft(stored, actor)
    return stored
