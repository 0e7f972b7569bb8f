"""What the verbs of all three registers share: one number, one submission, one version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import F, Q
from django.utils import timezone

from common import audit
from common.calendar import workdays_when_asked
from common.errors import RuleViolation, StaleVersion
from common.models import ImportBatch
from deputies.models import Deputy
from stations.models import Station
from visits import rules
from visits.models import Activity, Opinion, Reception, RegisterEntry
from visits.models.register import EntryDeputy
from visits.services.facts import complete_opinion, record_corrections, release_followers
from visits.services.numbers import locked_series, take_numbers

# A line of one of the three registers.
Line = TypeVar("Line", bound=RegisterEntry)


class AlreadyLogged(RuleViolation):
    """The same form was saved before, with other content; `entry` is what stands."""

    def __init__(self, entry: RegisterEntry):
        super().__init__(f"这张表刚才已保存为 {entry.code}，请在该条上修改。")
        self.entry = entry


class KeyTaken(RuleViolation):
    """The form's key belongs to a row that its user may not see; the form needs a new one."""

    def __init__(self):
        super().__init__("这张表单已失效，内容还在，请再点一次保存。")


def require_logger(actor, station: Station) -> None:
    if not rules.can_log_at(actor, station):
        raise PermissionDenied


def take_number(entry: Line, *, actor) -> Line | None:
    """Give a new entry the next number of its register, station and year, under its lock.

    Returns the row that the same form made before, if there is one: then no number is taken.
    Raises `KeyTaken` if that row is not one that `actor` could mean.
    """
    entry.year = entry.day.year
    series = locked_series(entry.station_id, entry.register, entry.year)
    before = type(entry).objects.filter(submission_key=entry.submission_key).first()
    if before is not None:
        readable = type(entry).objects.visible_to(actor).filter(pk=before.pk)
        if before.station_id != entry.station_id or not readable.exists():
            raise KeyTaken
        entry.late_entry = before.late_entry  # how late it was when it came first
        return before
    entry.number = take_numbers(series)
    entry.created_by_id = actor.pk
    entry.late_entry = rules.is_late_entry(entry.day)
    return None


def same_or_refuse(before: Line, stored: Mapping[str, str], typed: Mapping[str, str]) -> Line:
    """The first row, if the second post of its form says the same."""
    if stored != typed:
        raise AlreadyLogged(before)
    return before


def locked_entry(entry: Line) -> Line:
    """The row as it stands, under lock until the caller's transaction ends."""
    rows = type(entry).objects.select_for_update(of=("self",)).select_related("station")
    return rows.get(pk=entry.pk)


def locked_for_change(entry: Line, *, actor, version: int) -> Line:
    """The row as it stands, if `actor` may change it to `entry` and has seen its latest version.

    Refuses another year: the number belongs to one.
    """
    stored = locked_entry(entry)
    if not rules.can_change(actor, stored):
        raise PermissionDenied
    if stored.version != version:
        raise StaleVersion(stored)
    if stored.day.year != entry.day.year:
        raise RuleViolation(f"编号属于 {stored.year} 年，日期不能改到别的年份；请作废后重新登记。")
    entry.version = stored.version + 1
    return stored


def void_entry(entry: Line, *, actor, reason: str) -> Line:
    """作废: the row stays and keeps its number, but counts nowhere. Refuses without a reason."""
    stored = locked_entry(entry)
    if not rules.can_void(actor, stored):
        if stored.is_void:
            raise RuleViolation(f"{stored.code} 已经作废。")
        raise PermissionDenied
    if not reason.strip():
        raise RuleViolation("请填写作废原因。")
    mark_void(stored, reason.strip(), actor=actor)
    return stored


def mark_void(stored: RegisterEntry, reason: str, *, actor) -> None:
    stored.voided_at, stored.void_reason = timezone.now(), reason
    stored.version += 1
    stored.save(update_fields=["voided_at", "void_reason", "version"])
    audit.record(audit.Action.VOID, stored, actor=actor, note=reason)
    if isinstance(stored, Reception | Activity):
        release_followers(stored.opinions.all(), actor=actor)


def names_of(deputies: Iterable[Deputy]) -> str:
    """The names as the register prints them; they stay as they were that day."""
    return "、".join(deputy.name for deputy in deputies)


def as_of_the_day(deputy: Deputy, known: EntryDeputy | None = None) -> dict[str, Any]:
    """Name and level of a deputy in an entry: those they had when first entered."""
    if known is not None:
        return {"name": known.name, "level": known.level}
    return {"name": deputy.name, "level": deputy.highest_level()}


def number_opinions(opinions: Sequence[Opinion]) -> None:
    for position, opinion in enumerate(opinions, start=1):
        opinion.position = position


def complete_opinions(
    entry: Reception | Activity,
    opinions: Sequence[Opinion],
    *,
    stored: Mapping[int, Opinion] | None = None,
) -> None:
    """Tie the opinions to their entry, and fill in what follows from its words."""
    calendar = workdays_when_asked()
    for opinion in opinions:
        setattr(opinion, entry.register.value, entry)
        complete_opinion(opinion, entry, calendar, before=(stored or {}).get(opinion.pk))


def write_opinions(entry: Reception | Activity, opinions: Sequence[Opinion], *, actor) -> None:
    """Make these the opinions of the entry; those left out are taken away, unless work on them
    has begun."""
    # Asked for anew: rows read before are those that were changed.
    stored = {opinion.pk: opinion for opinion in entry.opinions.filter()}
    complete_opinions(entry, opinions, stored=stored)
    _take_away(entry, {opinion.pk for opinion in opinions})
    if any(opinion.pk for opinion in opinions):
        # Two may have changed places: the stored ones make room.
        entry.opinions.update(position=F("position") + 1000)
    for opinion in opinions:
        opinion.save()
    record_corrections(stored, opinions, actor=actor)


def _take_away(entry: Reception | Activity, kept: set[int | None]) -> None:
    gone = entry.opinions.exclude(pk__in={pk for pk in kept if pk is not None})
    begun = gone.filter(
        Q(steps__isnull=False) | Q(merged__isnull=False) | Q(assistance__isnull=False)
    ).first()
    if begun is not None:
        raise RuleViolation(
            f"第 {begun.position} 条意见已经开始办理，不能删掉；"
            "不再办理的，请在它的页面登记不予受理。"
        )
    gone.delete()


def complete_imported(entry: Line, *, batch: ImportBatch, actor) -> None:
    """What an entry from a sheet carries beside its cells."""
    entry.year = entry.day.year
    entry.batch = batch
    entry.created_by_id = actor.pk
    entry.late_entry = rules.is_late_entry(entry.day)


def number_all(entries: Sequence[RegisterEntry], station: Station) -> None:
    """Give every year's entries the next numbers of that year, in the order of the sheet."""
    by_year = attrgetter("year")
    for year, group in groupby(sorted(entries, key=by_year), key=by_year):
        rows = list(group)
        series = locked_series(station.pk, rows[0].register, year)
        for number, entry in enumerate(rows, start=take_numbers(series, len(rows))):
            entry.number = number


def record_imported(entries: Iterable[RegisterEntry], batch: ImportBatch, *, actor) -> None:
    audit.record_all(
        audit.entry(audit.Action.IMPORT, entry, actor=actor, note=f"第 {batch.pk} 批")
        for entry in entries
    )


def differing(
    mine: Mapping[str, str], theirs: Mapping[str, str], *, hidden: Iterable[str] = ()
) -> list[tuple]:
    """What two versions of a row say differently: (label, as typed, as it stands).

    Labels `hidden` from the reader are left out: they cannot have been typed.
    """
    changes = audit.changes_between(mine, theirs).items()
    return [(label, *pair) for label, pair in changes if label not in set(hidden)]


def write_deputies(rows, build) -> None:
    """Put the deputies of an entry in their order anew. `build` gets those who stood there, by
    deputy, and returns the rows to keep."""
    known = {row.deputy_id: row for row in rows.all()}
    rows.all().delete()
    rows.model.objects.bulk_create(build(known))
