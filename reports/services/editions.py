"""Reports that are kept: drafted from the figures, mended by people, published, corrected."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction

from common import audit
from common.errors import RuleViolation, StaleVersion
from reports import rules
from reports.choices import EditionState, Part
from reports.figures import Report
from reports.figures.frozen import freeze
from reports.models import Edition
from reports.querysets import EditionQuerySet
from reports.scope import Scope
from reports.services.drafting import Progress, draft_now, quiet, scope_of, whole_place
from stations.models import Area, Station

LONGEST_TEXT = 20_000
LONGEST_CASES = 200_000  # of the chapter that tells every case: some are 3,000 each


def make_edition(scope: Scope, *, actor, progress: Progress = quiet) -> Edition:
    """起草: count the figures of a whole place, draft the text, and keep both as a draft.

    If there is a draft of this place and period already, it is made anew (`refresh_edition`).
    Refuses a place that is not the actor's to publish for, and a period that has a published
    report: that one is corrected.
    """
    scope, place = whole_place(scope)
    if not rules.can_publish(actor, place):
        raise PermissionDenied
    first, last = scope.period.first, scope.period.last
    _draft_among(Edition.objects.of(place, first, last))
    report, drafted = draft_now(scope, progress)
    with transaction.atomic():
        versions = locked_versions(place, first, last)
        draft = _draft_among(versions)
        if draft is not None:
            return _made_anew(draft, report, drafted, actor)
        text = {part: {"text": words, "drafted": words} for part, words in drafted.items()}
        row = Edition(
            **_where(place), first=first, last=last, number=versions.next_number(),
            title=scope.title, figures=freeze(report), text=text, made_at=report.made_at,
            made_by_id=actor.pk,
        )  # fmt: skip
        row.save()
        audit.record(audit.Action.CREATE, row, actor=actor)
    return row


def _draft_among(versions: EditionQuerySet) -> Edition | None:
    """The draft to go on with. Refuses a report that is out, and that nobody is correcting."""
    draft = versions.filter(state=EditionState.DRAFT).first()
    if draft is None and versions.filter(state=EditionState.PUBLISHED).exists():
        raise RuleViolation("这个时段的报告已经发布。要改动请在已发布的报告上点“更正”。")
    return draft


def refresh_edition(edition: Edition, *, actor, progress: Progress = quiet) -> Edition:
    """重新取数: the figures of now. A chapter that nobody has touched is drafted anew; what was
    written by hand stays, with the new draft beside it."""
    require_draft(edition, actor)
    report, drafted = draft_now(scope_of(edition, actor), progress)
    with transaction.atomic():
        return _made_anew(edition, report, drafted, actor)


def _made_anew(edition: Edition, report: Report, drafted: Mapping[str, str], actor) -> Edition:
    stored = locked_draft(edition, actor)
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
    """Mend the draft's title and text, chapter by chapter. A stale `version` writes nothing."""
    stored = locked_draft(edition, actor)
    if stored.version != version:
        raise StaleVersion(stored)
    changes = {}
    new_title = title.strip()[:120] or stored.title
    if new_title != stored.title:
        changes["标题"] = (stored.title, new_title)
        stored.title = new_title
    for part in Part:
        most = longest(stored, part)
        kept = stored.text.setdefault(part.value, {"text": "", "drafted": ""})
        new = as_stored(text.get(part.value, kept["text"]))
        if new != kept["text"]:
            if len(new) > most:
                raise RuleViolation(f"“{part.label}”最多 {most:,} 字，现在有 {len(new):,} 字。")
            changes[part.label] = (kept["text"], new)
            kept["text"] = new
    stored.version += 1
    stored.save()
    audit.record(audit.Action.CHANGE, stored, actor=actor, changes=changes)
    return stored


def as_stored(words: str) -> str:
    """A chapter as it is kept, however the browser ends its lines."""
    return words.replace("\r\n", "\n").strip()


def longest(edition: Edition, part: Part) -> int:
    """How long a chapter may be: what was drafted can always be saved, however long it is."""
    most = LONGEST_CASES if part == Part.CASES else LONGEST_TEXT
    kept = edition.text.get(part.value, {"text": "", "drafted": ""})
    return max(most, len(kept["text"]), len(kept["drafted"]))


def correct_edition(edition: Edition, *, actor, reason: str, progress: Progress = quiet) -> Edition:
    """更正: a new draft with the figures of now and the text as it was; the published one stands
    until this one is published. Refuses without a reason, and a second correction at once."""
    if not reason.strip():
        raise RuleViolation("请写明为什么更正。")
    if not rules.can_publish(actor, edition.place):
        raise PermissionDenied
    _require_correctable(edition, Edition.objects.of(edition.place, edition.first, edition.last))
    report, drafted = draft_now(scope_of(edition, actor), progress)
    text = {
        part: {"text": edition.text.get(part, {}).get("text", ""), "drafted": words}
        for part, words in drafted.items()
    }
    with transaction.atomic():
        versions = locked_versions(edition.place, edition.first, edition.last)
        _require_correctable(edition, versions)
        row = Edition(
            **_where(edition.place), first=edition.first, last=edition.last,
            number=versions.next_number(), title=edition.title, figures=freeze(report),
            text=text, made_at=report.made_at, made_by_id=actor.pk, corrects=edition,
            reason=reason.strip()[:300],
        )  # fmt: skip
        row.save()
        audit.record(audit.Action.CREATE, row, actor=actor)
    return row


def _require_correctable(edition: Edition, versions: EditionQuerySet) -> None:
    if not versions.filter(pk=edition.pk, state=EditionState.PUBLISHED).exists():
        raise RuleViolation("只有现行的已发布报告可以更正。")
    begun = versions.filter(state=EditionState.DRAFT).first()
    if begun is not None:
        raise RuleViolation(
            f"已经有一份更正的草稿（第 {begun.number} 版），请在“版本”里打开，接着改。"
        )


@transaction.atomic
def drop_edition(edition: Edition, *, actor) -> Edition:
    """放弃 a draft; what was published is never dropped."""
    stored = locked_draft(edition, actor)
    stored.state, stored.corrects = EditionState.DROPPED, None
    stored.version += 1
    stored.save()
    audit.record(audit.Action.VOID, stored, actor=actor, note="放弃草稿")
    return stored


def _where(place: Area | Station) -> dict[str, Area | Station]:
    return {"area": place} if isinstance(place, Area) else {"station": place}


def require_draft(edition: Edition, actor) -> None:
    """Refuses who does not sign for the place, and what is out."""
    if not rules.can_publish(actor, edition.place):
        raise PermissionDenied
    if not edition.is_draft:
        raise RuleViolation("已发布的报告不能改动，请用“更正”。")


def locked_versions(place: Area | Station, first: date, last: date) -> EditionQuerySet:
    """All versions of one report; until the transaction ends nobody else adds or publishes one.
    Locked before any of them: always in this order."""
    type(place).objects.select_for_update(of=("self",), no_key=True).get(pk=place.pk)
    return Edition.objects.of(place, first, last)


def locked_draft(edition: Edition, actor) -> Edition:
    """The draft as it stands, under lock, if the actor may write it."""
    rows = Edition.objects.select_for_update(of=("self",)).select_related("area", "station__area")
    stored = rows.get(pk=edition.pk)
    require_draft(stored, actor)
    return stored
