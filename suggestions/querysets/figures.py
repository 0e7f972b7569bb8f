"""What the reports count of suggestions, and how a list finds the rows behind a figure.

An *item* (承办件) is what one unit answers of one numbered suggestion: its share of its last round.
`SuggestionQuerySet.shares_counted(today)` gives the shares with all that is counted of them;
`SuggestionQuerySet.of_figure(asked, today)` narrows suggestions by the same words. A list takes its
parameters from the address:

    rows = rows.of_figure(request.GET, today)      # reads DRILL_KEYS alone; "from" and "to" are
                                                   # read for promise=due only

    unit             key of a unit
    duty             sole | lead | separate | assist | answering (独办, 主办, 分办; so without it)
                     | any
    replied          1
    timing           on_time | after_extension | late | unknown | open | open_late | kept
                     (kept = on_time or after_extension)
    class            A | B | C | D | none (未定); of the last letter that is out
    attitude,        satisfied | mostly | unsatisfied | unrated | rated; of the last letter that is
    outcome          out
    met              1: 面商
    redone           1: 重办, in a second round or a later one
    redo             open (重办中) | answered
    first_outcome    as outcome, of the first letter of what is 重办
    promise          any | open (overdue ones too) | overdue | answered | due (promised for a day
                     from "from" to "to")
    is_key           1: 重点督办
    kind, occasion   values of `Kind`, `Occasion`
    fate             raised | adopted | rejected | reference | pending | withdrawn | closed

All that is asked of an item must hold for one item. Words that are not known find nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from django.db.models import (
    Case,
    CharField,
    DateField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from accounts.roles import Capability
from stations.models import Station
from suggestions.choices import NUMBERED, Duty, Kind, Occasion, Part, ResultClass, State
from visits.choices import Satisfaction

NONE = "none"
_OUT = (Part.ANSWERED, Part.RATED)  # the letter has reached the deputy

# What became of a suggestion, by where it stands; "raised" are all of them but the withdrawn.
FATE_STATES: dict[str, tuple[State, ...]] = {
    "raised": tuple(
        one for one in State if one not in (State.DRAFT, State.JOINING, State.WITHDRAWN)
    ),
    "adopted": NUMBERED,
    "rejected": (State.REJECTED,),
    "reference": (State.REFERENCE,),
    "pending": (State.SUBMITTED, State.REVISING),
    "withdrawn": (State.WITHDRAWN,),
    "closed": (State.CLOSED, State.ARCHIVED),
}
TIMINGS = ("on_time", "after_extension", "late", "unknown", "open", "open_late")
KEPT = ("on_time", "after_extension")
RATED = (Satisfaction.SATISFIED, Satisfaction.MOSTLY, Satisfaction.UNSATISFIED)

_ITEM_KEYS = (
    "unit", "duty", "replied", "timing", "class", "attitude", "outcome", "met", "redone", "redo",
    "first_outcome", "promise",
)  # fmt: skip
DRILL_KEYS = (*_ITEM_KEYS, "is_key", "kind", "occasion", "fate")

_NOTHING = Q(pk__in=[])

if TYPE_CHECKING:
    _Base = QuerySet
else:
    _Base = object


class FiguresMixin(_Base):
    """The part of `SuggestionQuerySet` that reports and drill-downs share."""

    def reported_to(self, user):
        """What a report of `user` tells of: submitted, also what was withdrawn later."""
        rows = self.filter(submitted_on__isnull=False).exclude(
            state__in=(State.DRAFT, State.JOINING)
        )
        if user.is_system:
            return rows
        return rows.filter(station__in=Station.objects.where_user_can(user, Capability.VIEW_REPORT))

    def shares_counted(self, today: date):
        """The shares of these suggestions that count, each unit's of its last round, with what the
        reports ask of them; whether a day has passed is seen from `today`."""
        return _counted(self._handlings().filter(suggestion__in=self.order_by().values("pk")),
                        self._handlings(), self._deadlines(), today)  # fmt: skip

    def of_figure(self, asked: Mapping[str, str], today: date):
        """The suggestions behind a figure of a report; `asked` holds the words of DRILL_KEYS."""
        words = _words_of(asked)
        rows = self.filter(_of_the_whole(words))
        if not _counts_items(words):
            return rows
        shares = _counted(
            self._handlings().filter(suggestion=OuterRef("pk")),
            self._handlings(), self._deadlines(), today,
        )  # fmt: skip
        return rows.filter(
            Exists(shares.filter(item_asked(words, _days_of(asked)))), state__in=NUMBERED
        )

    def items_of_figure(self, asked: Mapping[str, str], today: date) -> int | None:
        """How many items of these suggestions the figure has counted: one that several units
        answer is several. None where a figure counts suggestions."""
        words = _words_of(asked)
        if not _counts_items(words):
            return None
        return self.shares_counted(today).filter(item_asked(words, _days_of(asked))).count()


def _words_of(asked: Mapping[str, str]) -> dict[str, str]:
    return {key: asked[key] for key in DRILL_KEYS if asked.get(key)}


def _counts_items(words: Mapping[str, str]) -> bool:
    return any(key in words for key in _ITEM_KEYS)


def _days_of(asked: Mapping[str, str]) -> tuple[date | None, date | None]:
    return _day(asked.get("from")), _day(asked.get("to"))


def _of_the_whole(words: Mapping[str, str]) -> Q:
    fits = Q()
    if "fate" in words:
        fits &= Q(state__in=FATE_STATES.get(words["fate"], ()))
    if "is_key" in words:
        fits &= Q(is_key=True)
    for name, choices in (("kind", Kind), ("occasion", Occasion)):
        if name in words:
            fits &= Q(**{name: words[name]}) if words[name] in choices.values else _NOTHING
    return fits


def item_asked(words: Mapping[str, str], days: tuple[date | None, date | None] = (None, None)) -> Q:
    """What one item has to be: a condition on `shares_counted`."""
    fits = _duty_asked(words.get("duty", "")) & _promise_asked(words.get("promise", ""), days)
    for name, asked in _ASKED.items():
        if name in words:
            fits &= asked(words[name])
    return fits


def _duty_asked(duty: str) -> Q:
    if duty in ("", "answering"):
        return Q(duty__in=Duty.answering())
    return Q() if duty == "any" else Q(duty=duty)


def _rating_asked(name: str, word: str) -> Q:
    base = Q(round__gt=1) if name == "first_outcome" else Q(replied=True)
    return base & (Q(**{f"{name}__in": RATED}) if word == "rated" else Q(**{name: word}))


def _class_asked(word: str) -> Q:
    if word == NONE:
        return Q(replied=True, answer_class="")
    return Q(replied=True, answer_class=word) if word in ResultClass.values else _NOTHING


def _unit_asked(word: str) -> Q:
    return Q(unit=int(word)) if word.isdecimal() and len(word) < 10 else _NOTHING


def _timing_asked(word: str) -> Q:
    return Q(timing__in=KEPT) if word == "kept" else Q(timing=word)


_ASKED: dict[str, Callable[[str], Q]] = {
    "unit": _unit_asked,
    "replied": lambda _: Q(replied=True),
    "met": lambda _: Q(met=True),
    "timing": _timing_asked,
    "class": _class_asked,
    "attitude": partial(_rating_asked, "attitude"),
    "outcome": partial(_rating_asked, "outcome"),
    "first_outcome": partial(_rating_asked, "first_outcome"),
    "redone": lambda _: Q(round__gt=1),
    "redo": lambda word: Q(redo=word),
}


def _promise_asked(word: str, days: tuple[date | None, date | None]) -> Q:
    if not word:
        return Q()
    if word == "any":
        return ~Q(promise="")
    if word == "open":
        return Q(promise__in=("open", "overdue"))
    if word == "due":
        first, last = days[0] or date.min, days[1] or date.max
        return ~Q(promise="") & Q(promise_due__range=(first, last))
    return Q(promise=word)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _counted(shares, handlings, deadlines, today: date):
    """`shares` of their last round, with what is counted of each.

    Class and rating are those of the last letter that is out, of whatever round: while a second
    round runs, the first letter counts. Whether it came in time goes by the first round's clock.
    """
    same = (
        handlings.standing().answering()
        .filter(suggestion=OuterRef("suggestion"), unit=OuterRef("unit"))
    )  # fmt: skip
    out = same.filter(state__in=_OUT)
    last, first = out.order_by("-round"), out.order_by("round")
    clock = deadlines.of_answers().filter(
        handling__suggestion=OuterRef("suggestion"), handling__unit=OuterRef("unit"),
        handling__duty__in=Duty.answering(), handling__round=OuterRef("first_round"),
    ).exclude(handling__state=Part.LEFT).order_by("pk")  # fmt: skip
    unrated = Value(Satisfaction.UNRATED)
    return (
        shares.in_last_round()
        .annotate(
            replied=Exists(out),
            answer_class=_text(last, "reply__result_class", Value("")),
            attitude=_text(last, "reply__rating__attitude", unrated),
            outcome=_text(last, "reply__rating__outcome", unrated),
            first_outcome=_text(first, "reply__rating__outcome", unrated),
            met=Exists(same.filter(contacts__isnull=False)),
            promise_due=_one(last, "reply__promise__due_on"),
            promise_answered=_one(last, "reply__promise__answered_on"),
            released=_one(first, "reply__released_on"),
            first_round=Subquery(same.order_by("round").values("round")[:1]),
        )
        .annotate(
            answer_due=_one(clock, "due_on"),
            answer_first_due=_one(clock, "first_due_on"),
            answer_met=_one(clock, "met_on"),
        )
        .annotate(timing=_timing(today), redo=_redo())
        .annotate(promise=_promise(today))
    )


def _one(rows, path: str) -> Subquery:
    return Subquery(rows.values(path)[:1], output_field=DateField(null=True))


def _text(rows, path: str, otherwise: Value) -> Coalesce:
    found = Subquery(rows.values(path)[:1], output_field=CharField())
    return Coalesce(found, otherwise, output_field=CharField())


def _timing(today: date) -> Case:
    """One of TIMINGS. An answer counts from the day the unit sent it; what is sent in time and
    not yet vetted is not late."""
    return Case(
        When(replied=True, answer_due=None, then=Value("unknown")),
        When(replied=True, answer_met=None, released=None, then=Value("unknown")),
        When(Q(replied=True) & _sent_after("answer_due"), then=Value("late")),
        When(
            Q(replied=True, answer_first_due__isnull=False) & _sent_after("answer_first_due"),
            then=Value("after_extension"),
        ),
        When(replied=True, then=Value("on_time")),
        When(answer_met__gt=F("answer_due"), then=Value("open_late")),
        When(answer_met=None, answer_due__lt=today, then=Value("open_late")),
        default=Value("open"),
        output_field=CharField(),
    )


def _sent_after(day: str) -> Q:
    """Sent after the day in the field `day`; a sheet may tell the day of the letter alone."""
    return Q(answer_met__gt=F(day)) | Q(answer_met=None, released__gt=F(day))


def _redo() -> Case:
    return Case(
        When(round=1, then=Value("")),
        When(state__in=_OUT, then=Value("answered")),
        default=Value("open"),
        output_field=CharField(),
    )


def _promise(today: date) -> Case:
    """What came of the promise of the last letter; none while a next round answers instead."""
    return Case(
        When(Q(promise_due=None) | Q(redo="open"), then=Value("")),
        When(promise_answered__isnull=False, then=Value("answered")),
        When(promise_due__lt=today, then=Value("overdue")),
        default=Value("open"),
        output_field=CharField(),
    )
