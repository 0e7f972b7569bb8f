"""The clocks of a suggestion: they follow its states, and what they wait for ends them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from common import audit
from common.calendar import workdays, workdays_when_asked
from common.errors import RuleViolation, StaleVersion
from common.reckoning import Reckoned, Span, reckon
from suggestions import rules
from suggestions.choices import Act, Limit
from suggestions.models import Deadline, Handling, Step, Suggestion, TimeLimit
from suggestions.rules.clocks import GOES_ON, Running

# Nobody waits any more: what was waited for was not done.
_GIVEN_UP = (Act.WITHDRAW, Act.RECALL, Act.AGREE_RETURN, Act.WAIVE, Act.LAPSE, Act.MERGE)


def spans() -> dict[str, Span]:
    """How long each limit gives, as the district has set it."""
    return {row.limit: row.span for row in TimeLimit.objects.all()}


def run_clocks(suggestion: Suggestion, act: Act, on: date) -> None:
    """Start the clocks of where the suggestion stands now, and stop the others.

    Reads the rows anew: signatures, shares and requests have just been written.
    """
    rows = Suggestion.objects.select_related("session").prefetch_related("signatures")
    stored = rows.get(pk=suggestion.pk)
    shares = list(Handling.objects.filter(suggestion=stored).prefetch_related("extensions"))
    wanted = {_key(run): run for run in rules.running(stored, shares, on)}
    clocks = list(Deadline.objects.filter(suggestion=stored).order_by("pk"))
    standing = {(one.handling_id, one.limit): one for one in clocks if one.is_open}
    for key, clock in standing.items():
        if key not in wanted and clock.limit != Limit.PROMISE:
            _stop(clock, act, on)
    new = [run for key, run in wanted.items() if key not in standing]
    if new:
        _start(stored, new, clocks, on)


def _key(run: Running) -> tuple[int | None, str]:
    return (run.handling.pk if run.handling else None, run.limit)


def _stop(clock: Deadline, act: Act, on: date) -> None:
    given_up = act in _GIVEN_UP and not (clock.limit == Limit.DECIDE and act == Act.AGREE_RETURN)
    not_done = clock.limit == Limit.HAND_IN and act != Act.SUBMIT
    if given_up or not_done or clock.limit == Limit.RETURN:
        clock.ended_on = on
    else:
        clock.met_on = on
    clock.save(update_fields=["met_on", "ended_on"])


def _start(stored: Suggestion, runs: list[Running], clocks: list[Deadline], on: date) -> None:
    known, calendar = spans(), workdays_when_asked()
    before = {(one.handling_id, one.limit): one for one in clocks}
    for run in runs:
        last = before.get(_key(run))
        if last is not None and run.limit in GOES_ON:
            last.met_on = last.ended_on = None
            last.save(update_fields=["met_on", "ended_on"])
        elif last is None or run.limit != Limit.RETURN:  # the window is opened once
            found = rules.reckoned(run, on, known, calendar)
            _clock(stored, run, found).save()


def _clock(stored: Suggestion, run: Running, found: Reckoned) -> Deadline:
    return Deadline(
        suggestion=stored, handling=run.handling, limit=run.limit,
        round=run.handling.round if run.handling else stored.round,
        starts_on=found.start, began=run.began, due_on=found.due, explanation=found.explanation,
    )  # fmt: skip


def start_promise(share: Handling, due_on: date, *, began: str, on: date) -> None:
    """续办: the day that the unit has promised itself."""
    Deadline.objects.create(
        suggestion=share.suggestion, handling=share, limit=Limit.PROMISE, round=share.round,
        starts_on=on, began=began, due_on=due_on, explanation="承办单位答复时承诺的日期。",
    )  # fmt: skip


@dataclass(frozen=True)
class Shift:
    """A clock that would fall on another day by the calendar and the settings of today."""

    clock: Deadline
    found: Reckoned

    @property
    def moves(self) -> bool:
        """Whether the day is another one, and not its explanation alone."""
        return self.found.due != self.clock.due_on

    @property
    def is_earlier(self) -> bool:
        return self.found.due < self.clock.due_on


def shifts(changed: Iterable[TimeLimit] = ()) -> list[Shift]:
    """What a reckoning of now would change of the open clocks; with `changed` settings instead
    of the stored ones. Writes nothing."""
    known, calendar = spans() | {row.limit: row.span for row in changed}, workdays()
    found = []
    for clock in Deadline.objects.reckoned().select_related(
        "suggestion__session", "handling__unit"
    ):
        new = reckon(clock.starts_on, known[clock.limit], calendar, began=clock.began)
        if (new.due, new.explanation) != (clock.due_on, clock.explanation):
            found.append(Shift(clock, new))
    return found


@transaction.atomic
def reckon_anew(*, actor) -> int:
    """Put every open clock where calendar and settings of today put it; each moved suggestion
    gets a step. Returns how many days have moved."""
    if not rules.keeps_settings(actor):
        raise PermissionDenied
    moved = 0
    keys = {shift.clock.suggestion_id for shift in shifts()}
    list(Suggestion.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    for shift in shifts():
        moved += _shift(shift, actor)
    return moved


def _shift(shift: Shift, actor) -> bool:
    clock, before = shift.clock, shift.clock.due_on
    clock.due_on, clock.explanation = shift.found.due, shift.found.explanation
    clock.save(update_fields=["due_on", "explanation"])
    if before == clock.due_on:
        return False
    stored = clock.suggestion
    note = f"{clock.get_limit_display()}期限由 {before:%Y-%m-%d} 改为 {clock.due_on:%Y-%m-%d}"
    Step.objects.create(
        suggestion=stored, unit_name=str(clock.handling.unit) if clock.handling else "",
        act=Act.RECKON, from_state=stored.state, to_state=stored.state, round=clock.round,
        on=timezone.localdate(), note=note, actor_id=actor.pk, actor_name=str(actor),
    )  # fmt: skip
    audit.record(audit.Action.CHANGE, stored, actor=actor, note=f"重算期限 {note}")
    return True


@transaction.atomic
def set_time_limit(row: TimeLimit, *, actor, count: int, unit: str, rolls: bool, version: int):
    """Change how long a limit gives; clocks that run already move by `reckon_anew` alone."""
    if not rules.keeps_settings(actor):
        raise PermissionDenied
    stored = TimeLimit.objects.select_for_update().get(pk=row.pk)
    if stored.version != version:
        raise StaleVersion(stored)
    if not 1 <= count <= 400:
        raise RuleViolation("期限应在 1 到 400 之间。")
    before = stored.span.words
    stored.count, stored.unit, stored.rolls = count, unit, rolls
    stored.version += 1
    stored.save()
    changes = {stored.get_limit_display(): (before, stored.span.words)}
    audit.record(audit.Action.CHANGE, stored, actor=actor, changes=changes)
    return stored


@dataclass(frozen=True)
class NewLimit:
    """What a limit is to give: as typed, for the version that was shown."""

    row: TimeLimit
    count: int
    unit: str
    rolls: bool
    version: int

    @property
    def changes(self) -> bool:
        """Whether this is another span than the one that was shown."""
        shown = (self.row.count, self.row.unit, self.row.rolls)
        return (self.count, self.unit, self.rolls) != shown

    def as_row(self) -> TimeLimit:
        """The limit as it would be; not saved."""
        return TimeLimit(
            limit=self.row.limit, count=self.count, unit=self.unit, rolls=self.rolls
        )  # fmt: skip


@transaction.atomic
def set_time_limits(changes: Iterable[NewLimit], *, actor, reckon_running: bool) -> int:
    """Set several limits at once, all or none. Clocks that begin from now on follow them; those
    that run follow only with `reckon_running`. Returns how many days have moved."""
    if not rules.keeps_settings(actor):
        raise PermissionDenied
    for one in sorted(changes, key=lambda new: new.row.pk):
        if one.changes:
            set_time_limit(
                one.row, actor=actor, count=one.count, unit=one.unit, rolls=one.rolls,
                version=one.version,
            )  # fmt: skip
    return reckon_anew(actor=actor) if reckon_running else 0


def days_out_of_step() -> int:
    """How many running days are not where calendar and settings of today put them."""
    return sum(one.moves for one in shifts())
