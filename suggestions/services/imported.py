"""办理台账: suggestions as an office's ledger tells them, with their history as far as it goes.

What a sheet tells is marked 据台账 wherever it stands: steps, ratings, clocks. Such a row can be
corrected by a sheet until something is done to it here; from then on it lives on its page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from common import audit
from common.calendar import workdays_when_asked
from common.errors import RuleViolation, StaleVersion
from common.models import ImportBatch
from deputies.models import Deputy
from stations.models import Area
from stations.services import unit_named
from suggestions import rules
from suggestions.choices import Act, Consent, Duty, Limit, Occasion, Part, Source, State
from suggestions.models import (
    ClassWording,
    Deadline,
    Extension,
    FaceToFace,
    Handling,
    Promise,
    Rating,
    Reply,
    Session,
    Signature,
    Step,
    Suggestion,
)
from suggestions.rules.clocks import Running
from suggestions.rules.ledger import BY_SHEET, NOTE, TITLE, lives_by_sheet
from suggestions.services.clocks import run_clocks, spans
from suggestions.services.moves import locked
from suggestions.services.reviewing import reserve_number
from visits.choices import Satisfaction

# What a sheet may correct of any suggestion, also of one that has its course here.
ALWAYS_OPEN = (TITLE, NOTE)
AT_THE_PAGE = "已在系统里办理，请在页面上办理或更正"
NO_REDO = "不满意，台账没有重办记录"


@dataclass(frozen=True)
class Answered:
    """What a line tells of one unit that answers the deputy."""

    unit: str
    due_on: date | None = None
    replied_on: date | None = None
    document_no: str = ""
    result_class: str = ""
    met: bool = False
    attitude: str = Satisfaction.UNRATED
    outcome: str = Satisfaction.UNRATED

    @property
    def is_rated(self) -> bool:
        return {self.attitude, self.outcome} != {Satisfaction.UNRATED}


@dataclass(frozen=True)
class LedgerLine:
    """What one line of a ledger tells; without `assigned_on` there are no units."""

    area: Area
    term: int
    meeting: int
    occasion: Occasion
    number: int | None
    kind: str
    title: str
    content: str
    lead: Deputy
    signers: Sequence[Deputy]
    submitted_on: date
    assigned_on: date | None = None
    answers: Sequence[Answered] = ()
    helpers: Sequence[str] = ()
    note: str = ""


@transaction.atomic
def import_suggestion(line: LedgerLine, *, batch: ImportBatch, actor) -> Suggestion:
    """Enter one line with its history: who signed, which units had it, what they answered and how
    the deputy found it. It stands where the line leaves it.

    The office of the congress only. Refuses a number that is taken; the rules of entry are not
    asked of history. A meeting that is not known yet is created without its days, a unit as
    待确认.
    """
    session = _session_of(line, actor)
    if line.number is None:
        raise RuleViolation("没有建议编号。")
    row = Suggestion(session=session, batch=batch, created_by_id=actor.pk)
    row.occasion = line.occasion
    reserve_number(row, line.number)
    row.number = line.number
    _fill(row, line)
    row.save()
    _lay(row, line, actor)
    _tell(row, line, str(batch), actor)
    audit.record(audit.Action.CREATE, row, actor=actor, note=f"{BY_SHEET}录入，{batch}"[:500])
    return row


def lock_for_correction(suggestions: Sequence[Suggestion]) -> None:
    """Lock all that a ledger corrects until the transaction ends, before it takes any number."""
    keys = [one.pk for one in suggestions]
    list(Suggestion.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))


@transaction.atomic
def correct_by_sheet(
    suggestion: Suggestion, line: LedgerLine, *, actor, version: int,
    changes: Mapping[str, tuple[str, str]],
) -> Suggestion:  # fmt: skip
    """Put right what a returned line says otherwise; `changes` are its columns, old and new.

    Title and note of any suggestion; the rest only of one that lives by the sheet, whose shares
    and clocks are laid anew. The number stays. A stale `version` writes nothing.
    """
    stored, _ = locked(suggestion)
    if not rules.is_office(actor, stored.session):
        raise PermissionDenied
    if stored.version != version:
        raise StaleVersion(stored)
    others = [column for column in changes if column not in ALWAYS_OPEN]
    if others and not lives_by_sheet(stored, list(stored.steps.all())):
        raise RuleViolation(f"{stored.code}{AT_THE_PAGE}（{'、'.join(others)}）。")
    stored.title, stored.note = line.title, line.note
    stored.version += 1
    if others:
        _clear(stored)
        _fill(stored, line)
        stored.save()
        _lay(stored, line, actor)
    else:
        stored.save()
    facts = {column: f"{old} → {new}" for column, (old, new) in changes.items()}
    _step(stored, Act.IMPORT, timezone.localdate(), actor, "据导出的台账更正", facts=facts)
    audit.record(audit.Action.CHANGE, stored, actor=actor, changes=changes, note=f"{BY_SHEET}更正")
    return stored


@transaction.atomic
def remove_imported(keys: Sequence[int], *, actor) -> tuple[int, list[str]]:
    """Delete suggestions that a sheet brought in by mistake: how many went, and the codes of those
    that stay because something was done to them since. Their numbers are not given out again."""
    gone, kept = 0, []
    rows = Suggestion.objects.select_for_update(of=("self",)).filter(pk__in=keys)
    for row in rows.select_related("session__area").order_by("pk"):
        if not rules.is_office(actor, row.session):
            raise PermissionDenied
        if _is_untouched(row) and _remove(row, actor):
            gone += 1
        else:
            kept.append(row.code)
    return gone, kept


def _session_of(line: LedgerLine, actor) -> Session:
    wanted = Session(area=line.area, term=line.term, number=line.meeting)
    if not rules.is_office(actor, wanted):
        raise PermissionDenied
    known = Session.objects.filter(area=line.area, term=line.term, number=line.meeting)
    found = known.select_related("area").first()
    if found is not None:
        return found
    rules.check_session(wanted)
    try:
        with transaction.atomic():
            wanted.save()
    except IntegrityError:  # somebody else entered it just now
        return known.select_related("area").get()
    audit.record(audit.Action.CREATE, wanted, actor=actor, note=BY_SHEET)
    return wanted


def _fill(row: Suggestion, line: LedgerLine) -> None:
    row.kind, row.title, row.content, row.note = line.kind, line.title, line.content, line.note
    row.lead, row.lead_name, row.station = line.lead, line.lead.name, line.lead.station
    row.lead_title = rules.title_of(line.lead, row.session)
    row.submitted_on, row.assigned_on = line.submitted_on, line.assigned_on


def _lay(row: Suggestion, line: LedgerLine, actor) -> None:
    """Signatures, shares, answers and clocks of a line; the suggestion stands where they do."""
    Signature.objects.bulk_create(
        Signature(
            suggestion=row, deputy=one, name=one.name, position=position,
            consent=Consent.AGREED, on_paper=True,
        )
        for position, one in enumerate(line.signers)
    )  # fmt: skip
    row.state = State.ACCEPTED
    row.replied_on = row.closed_on = None
    laying = _Laying(row, line, actor)
    if line.assigned_on:
        row.state = rules.state_of_parts(laying.shares())
        replied = [one.replied_on for one in line.answers if one.replied_on]
        row.replied_on = max(replied, default=None)
        row.closed_on = row.replied_on if row.state == State.CLOSED else None
    else:
        laying.clock(None, Limit.ASSIGN, line.submitted_on, "提交")
    row.save()
    getattr(row, "_prefetched_objects_cache", {}).clear()
    run_clocks(row, Act.IMPORT, laying.today)


class _Laying:
    """The shares of one line on their way into the tables."""

    def __init__(self, row: Suggestion, line: LedgerLine, actor):
        self._row, self._line, self._actor = row, line, actor
        self.today = timezone.localdate()
        self._spans, self._calendar = spans(), workdays_when_asked()

    def shares(self) -> list[Handling]:
        line = self._line
        duty = Duty.LEAD if line.helpers else Duty.SOLE
        duty = Duty.SEPARATE if len(line.answers) > 1 else duty
        found = [self._share(told, duty, at) for at, told in enumerate(line.answers)]
        open_ones = [told for told in line.answers if not told.replied_on]
        for at, name in enumerate(line.helpers, start=len(found)):
            share = self._handling(name, Duty.ASSIST, at)
            share.state = Part.WORKING if open_ones else Part.COUNTERSIGNED
            share.save()
            if open_ones:
                self.clock(share, Limit.ASSIST, line.assigned_on, "交办", open_ones[0].due_on)
            found.append(share)
        return found

    def clock(
        self, share: Handling | None, limit: Limit, since: date | None, began: str,
        by_sheet: date | None = None, met_on: date | None = None,
    ) -> None:  # fmt: skip
        """A clock to the day of the sheet, or to the one our own times give."""
        found = self._reckoned(share, limit, since, began)
        Deadline.objects.create(
            suggestion=self._row, handling=share, limit=limit, starts_on=found.start, began=began,
            due_on=by_sheet or found.due, by_sheet=by_sheet is not None, met_on=met_on,
            explanation=BY_SHEET if by_sheet else found.explanation,
        )  # fmt: skip

    def _reckoned(self, share: Handling | None, limit: Limit, since: date | None, began: str):
        run = Running(share, limit, since, began)
        return rules.reckoned(run, self.today, self._spans, self._calendar)

    def _handling(self, unit: str, duty: Duty, position: int) -> Handling:
        return Handling(
            suggestion=self._row, unit=unit_named(unit, actor=self._actor), duty=duty,
            position=position, assigned_on=self._line.assigned_on,
            signed_on=self._line.assigned_on,
        )  # fmt: skip

    def _share(self, told: Answered, duty: Duty, position: int) -> Handling:
        share = self._handling(told.unit, duty, position)
        lapsed = bool(told.replied_on) and not told.is_rated and self._is_lapsed(told)
        share.state = Part.WORKING
        if told.replied_on:
            share.state = Part.RATED if told.is_rated or lapsed else Part.ANSWERED
        share.save()
        if told.met:
            self._meet(share, told)
        began = self._line.assigned_on
        self.clock(share, Limit.REPLY, began, "交办", told.due_on, told.replied_on)
        if told.replied_on:
            self._answer(share, told, lapsed)
        return share

    def _is_lapsed(self, told: Answered) -> bool:
        return self.today > self._reckoned(None, Limit.RATE, told.replied_on, "答复代表").due

    def _meet(self, share: Handling, told: Answered) -> None:
        FaceToFace.objects.create(
            handling=share, on=told.replied_on or self._line.assigned_on or self.today,
            said=f"{BY_SHEET}，台账没有写明日期和方式",
        )  # fmt: skip

    def _answer(self, share: Handling, told: Answered, lapsed: bool) -> None:
        words = ClassWording.objects.valid_on(told.replied_on or self.today)
        reply = Reply.objects.create(
            handling=share, document_no=told.document_no, written_on=told.replied_on,
            released_on=told.replied_on, result_class=told.result_class,
            unit_class=told.result_class, class_words=words.get(told.result_class, ""),
        )  # fmt: skip
        if share.state == Part.ANSWERED:
            self.clock(share, Limit.RATE, told.replied_on, "答复代表")
            return
        Rating.objects.create(
            reply=reply, attitude=told.attitude, outcome=told.outcome,
            source=Source.LAPSED if lapsed else Source.SHEET, keyed_by_id=self._actor.pk,
        )  # fmt: skip


def _tell(row: Suggestion, line: LedgerLine, batch: str, actor) -> None:
    """The history of a line: that it was brought in, and what it tells with its days."""
    _step(row, Act.IMPORT, timezone.localdate(), actor, batch)
    joint = "、".join(one.name for one in line.signers)
    _step(
        row, Act.SUBMIT, line.submitted_on, actor, BY_SHEET, moved=(State.DRAFT, State.SUBMITTED),
        facts={"附议代表": joint},
    )  # fmt: skip
    if not line.assigned_on:
        return
    _step(
        row, Act.ASSIGN, line.assigned_on, actor, BY_SHEET, moved=(State.ACCEPTED, State.HANDLING),
        facts={"承办": "、".join(one.unit for one in line.answers),
               "协办": "、".join(line.helpers)},
    )  # fmt: skip
    for told in line.answers:
        for act, on, note, moved, facts in _told_of(told):
            _step(row, act, on, actor, note, unit=told.unit, moved=moved, facts=facts)


def _told_of(told: Answered) -> Iterator[tuple[Act, date, str, tuple[str, str], dict[str, str]]]:
    if not told.replied_on:
        return
    facts = {"答复文号": told.document_no, "结果类别": told.result_class}
    yield Act.RELEASE, told.replied_on, BY_SHEET, (Part.WORKING, Part.ANSWERED), facts
    if told.is_rated:
        note = f"{BY_SHEET}，台账没有评价日期"
        if told.outcome == Satisfaction.UNSATISFIED:
            note += f"。{NO_REDO}"
        facts = {"对办理工作": Satisfaction(told.attitude).label,
                 "对办理结果": Satisfaction(told.outcome).label}  # fmt: skip
        yield Act.RATE, told.replied_on, note, (Part.ANSWERED, Part.RATED), facts


def _step(
    row: Suggestion, act: Act, on: date, actor, note: str, *, unit: str = "",
    moved: tuple[str, str] | None = None, facts: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    came, went = moved or (row.state, row.state)
    Step.objects.create(
        suggestion=row, act=act, on=on, note=note, unit_name=unit, from_state=came, to_state=went,
        facts={name: value for name, value in (facts or {}).items() if value},
        actor_id=actor.pk, actor_name=str(actor), actor_role=BY_SHEET,
    )  # fmt: skip


def _clear(row: Suggestion) -> None:
    """Take away what the line told before; the history stays."""
    own = {"handling__suggestion": row}
    Deadline.objects.filter(suggestion=row).delete()
    Rating.objects.filter(reply__handling__suggestion=row).delete()
    Promise.objects.filter(reply__handling__suggestion=row).delete()
    for model in (Reply, FaceToFace, Extension):
        model._base_manager.filter(**own).delete()
    Handling.objects.filter(suggestion=row).delete()
    Signature.objects.filter(suggestion=row).delete()


def _is_untouched(row: Suggestion) -> bool:
    """Whether nothing followed what its batch wrote, here or by another sheet."""
    steps = list(row.steps.all())
    brought = [step for step in steps if step.act == Act.IMPORT]
    return len(brought) == 1 and lives_by_sheet(row, steps)


def _remove(row: Suggestion, actor) -> bool:
    label = str(row)
    try:
        with transaction.atomic():
            _clear(row)
            Step._base_manager.filter(
                suggestion=row
            ).delete()  # the row they tell of goes with them
            audit.record(audit.Action.VOID, row, actor=actor, note=f"撤销导入 {label}"[:500])
            row.delete()
    except ProtectedError:
        return False
    return True
