"""The verbs of 簿一: log, change, void, and show a visitor's contact."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from common import audit
from common.calendar import workdays_when_asked
from common.errors import RuleViolation, StaleVersion
from deputies.models import Deputy
from visits import rules
from visits.choices import Register
from visits.models import Opinion, Reception, ReceptionDeputy
from visits.services.days import follow_days
from visits.services.describe import describe, search_text
from visits.services.facts import complete_opinion, record_corrections
from visits.services.numbers import locked_series, take_numbers


class AlreadyLogged(RuleViolation):
    """The same form was saved before, with other content; `reception` is what stands."""

    def __init__(self, reception: Reception):
        super().__init__(f"这张表刚才已保存为 {reception.code}，请在该条上修改。")
        self.reception = reception


class KeyTaken(RuleViolation):
    """The form's key belongs to a row that its user may not see; the form needs a new one."""

    def __init__(self):
        super().__init__("这张表单已失效，内容还在，请再点一次保存。")


@transaction.atomic
def log_reception(
    reception: Reception,
    *,
    actor,
    deputies: Sequence[Deputy],
    opinions: Sequence[Opinion],
) -> Reception:
    """Enter a visit with its opinions into the register and give it the next number.

    The same submission (its `submission_key`) sent again makes no second row and returns the
    first one; with other content it raises `AlreadyLogged`. A duty day that was closed as 无来访
    counts as held. Refuses who may not log at the station, and what `rules.check_reception`
    refuses.
    """
    if not rules.can_log_at(actor, reception.station):
        raise PermissionDenied
    reception.deputy_names = names_of(deputies)
    rules.check_reception(reception, deputies, opinions)
    reception.year = reception.received_on.year
    series = locked_series(reception.station_id, Register.RECEPTION, reception.year)
    _number_opinions(opinions)
    before = Reception.objects.filter(submission_key=reception.submission_key).first()
    if before is not None:
        _require_same_register(before, reception, actor)
        return _same_or_refuse(before, reception, opinions)
    reception.number = take_numbers(series)
    reception.created_by_id = actor.pk
    reception.late_entry = rules.is_late_entry(reception.received_on)
    _write(reception, deputies, opinions, actor)
    audit.record(audit.Action.CREATE, reception, actor=actor)
    follow_days(reception.station, [reception.received_on], actor=actor)
    return reception


@transaction.atomic
def change_reception(
    reception: Reception,
    *,
    actor,
    version: int,
    deputies: Sequence[Deputy],
    opinions: Sequence[Opinion],
) -> Reception:
    """Change a visit and its opinions to what they should be; opinions left out are taken away.

    `version` is the one the user saw: if somebody changed the row since, nothing is written and
    `StaleVersion` carries the row as it is. Refuses void rows and who may not log at the station.
    """
    stored = Reception.objects.select_for_update(of=("self",)).get(pk=reception.pk)
    if not rules.can_change(actor, stored):
        raise PermissionDenied
    reception.deputy_names = names_of(deputies)
    if stored.version != version:
        raise StaleVersion(stored)
    if stored.received_on.year != reception.received_on.year:
        raise RuleViolation(f"编号属于 {stored.year} 年，日期不能改到别的年份；请作废后重新登记。")
    rules.check_reception(reception, deputies, opinions)
    old = describe(stored, stored.opinions.select_related("category", "unit"))
    reception.version = stored.version + 1
    _number_opinions(opinions)
    _write(reception, deputies, opinions, actor)
    changes = audit.changes_between(old, describe(reception, opinions))
    audit.record(audit.Action.CHANGE, reception, actor=actor, changes=changes)
    if stored.received_on != reception.received_on:
        dates = [stored.received_on, reception.received_on]
        follow_days(reception.station, dates, actor=actor)
    return reception


@transaction.atomic
def void_reception(reception: Reception, *, actor, reason: str) -> Reception:
    """作废: the row stays and keeps its number, but counts nowhere. Refuses without a reason."""
    stored = Reception.objects.select_for_update(of=("self",)).get(pk=reception.pk)
    if not rules.can_void(actor, stored):
        if stored.is_void:
            raise RuleViolation(f"{stored.code} 已经作废。")
        raise PermissionDenied
    if not reason.strip():
        raise RuleViolation("请填写作废原因。")
    stored.voided_at, stored.void_reason = timezone.now(), reason.strip()
    stored.version += 1
    stored.save(update_fields=["voided_at", "void_reason", "version"])
    audit.record(audit.Action.VOID, stored, actor=actor, note=stored.void_reason)
    follow_days(stored.station, [stored.received_on], actor=actor)
    return stored


def reveal_contact(reception: Reception, *, actor) -> Reception:
    """Show name and phone of the visitor to who asks for a reason of work; the log keeps it."""
    if not rules.can_unmask(actor, reception):
        raise PermissionDenied
    audit.record(audit.Action.UNMASK, reception, actor=actor)
    reception.masked = False
    return reception


def names_of(deputies: Sequence[Deputy]) -> str:
    """The names as the register prints them; they stay as they were that day."""
    return "、".join(deputy.name for deputy in deputies)


def _number_opinions(opinions: Sequence[Opinion]) -> None:
    for position, opinion in enumerate(opinions, start=1):
        opinion.position = position


def _write(
    reception: Reception, deputies: Sequence[Deputy], opinions: Sequence[Opinion], actor
) -> None:
    reception.search_text = search_text(reception, opinions)
    reception.opinion_count = len(opinions)
    reception.save()
    _write_receivers(reception, deputies)
    _write_opinions(reception, opinions, actor)


def _write_receivers(reception: Reception, deputies: Sequence[Deputy]) -> None:
    """Keep the deputies of the visit, with the name and level they had when first entered."""
    known = {receiver.deputy_id: receiver for receiver in reception.receivers.all()}
    reception.receivers.all().delete()
    ReceptionDeputy.objects.bulk_create(
        receiver_of(reception, deputy, position, known.get(deputy.pk))
        for position, deputy in enumerate(deputies, start=1)
    )


def receiver_of(
    reception: Reception, deputy: Deputy, position: int, known: ReceptionDeputy | None = None
) -> ReceptionDeputy:
    return ReceptionDeputy(
        reception=reception,
        deputy=deputy,
        position=position,
        name=known.name if known else deputy.name,
        level=known.level if known else deputy.highest_level(),
    )


def _write_opinions(reception: Reception, opinions: Sequence[Opinion], actor) -> None:
    """Opinions left out are taken away, unless work on them has begun."""
    calendar = workdays_when_asked()
    stored = {opinion.pk: opinion for opinion in reception.opinions.all()}
    for opinion in opinions:
        opinion.reception = reception
        complete_opinion(opinion, reception, calendar, before=stored.get(opinion.pk))
    _take_away(reception, {opinion.pk for opinion in opinions})
    _make_room(reception, opinions)
    for opinion in opinions:
        opinion.save()
    record_corrections(stored, opinions, actor=actor)


def _take_away(reception: Reception, kept: set[int | None]) -> None:
    gone = reception.opinions.exclude(pk__in=kept - {None})
    begun = gone.filter(Q(steps__isnull=False) | Q(merged__isnull=False)).first()
    if begun is not None:
        raise RuleViolation(
            f"第 {begun.position} 条意见已经开始办理，不能删掉；"
            "不再办理的，请在它的页面登记不予受理。"
            "不再办理的，请在它的页面登记不予受理。"
        )
    gone.delete()


def _make_room(reception: Reception, opinions: Sequence[Opinion]) -> None:
    """Move stored positions out of the way: two opinions may have changed places."""
    if any(opinion.pk for opinion in opinions):
        reception.opinions.update(position=F("position") + 1000)


def _require_same_register(before: Reception, reception: Reception, actor) -> None:
    readable = Reception.objects.visible_to(actor).filter(pk=before.pk)
    if before.station_id != reception.station_id or not readable.exists():
        raise KeyTaken


def _same_or_refuse(
    before: Reception, reception: Reception, opinions: Sequence[Opinion]
) -> Reception:
    stored = describe(before, before.opinions.select_related("category", "unit"))
    calendar = workdays_when_asked()
    reception.late_entry = before.late_entry
    for opinion in opinions:
        opinion.reception = reception
        complete_opinion(opinion, reception, calendar)
    if describe(reception, opinions) != stored:
        raise AlreadyLogged(before)
    return before
