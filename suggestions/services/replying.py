"""审核答复, 评价, 重办, 续办: how a letter reaches the deputy, and what the deputy makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.actors import SYSTEM
from common.errors import RuleViolation
from common.sheets.cells import chinese_date
from suggestions import rules
from suggestions.choices import Act, ResultClass, Source
from suggestions.models import ClassWording, Deadline, Handling, Promise, Rating, Suggestion
from suggestions.services.clocks import start_promise
from suggestions.services.moves import Move, locked, moving
from suggestions.services.rounds import after_rating, next_round
from visits.choices import Satisfaction


@transaction.atomic
def send_back_reply(
    suggestion: Suggestion, share: Handling, *, actor, note: str, seen: int | None = None
) -> Suggestion:
    """退回重拟: the unit writes it anew; its clock goes on to the day that stood."""
    with moving(suggestion, Act.SEND_BACK, actor=actor, share=share, note=note, seen=seen) as move:
        pass
    return move.suggestion


@transaction.atomic
def release_reply(
    suggestion: Suggestion, share: Handling, *, actor, result_class: str = "", note: str = "",
    promised_until: date | None = None, on: date | None = None, seen: int | None = None,
) -> Suggestion:  # fmt: skip
    """审核答复代表: the letter goes to the deputies; the office may correct its class. Refuses a
    promise whose day has come by then; one that becomes B here gets its day by `promised_until`."""
    with moving(
        suggestion, Act.RELEASE, actor=actor, share=share, note=note, on=on, seen=seen
    ) as move:
        reply = move.own.reply
        if result_class and result_class != reply.result_class:
            _classify(move, result_class)
        reply.released_on = move.on
        reply.save()
        move.suggestion.replied_on = move.on
        move.say(答复文号=reply.document_no, 结果类别=f"{reply.result_class} {reply.class_words}")
        _promise_anew(move, promised_until)
        promise = Promise.objects.filter(reply=reply, answered_on=None).first()
        if promise is not None:
            _check_still_to_come(promise, move.on)
            start_promise(move.own, promise.due_on, began="答复承诺", on=move.on)
    return move.suggestion


def _check_still_to_come(promise: Promise, on: date) -> None:
    """A letter may lie for weeks before it goes out; what it promises must not be past by then."""
    if promise.due_on <= on:
        raise RuleViolation(
            f"答复承诺 {chinese_date(promise.due_on)}前办结，到答复代表时已经过了，"
            "请退回重拟，由单位改定承诺日期。"
        )


@transaction.atomic
def correct_class(
    suggestion: Suggestion, share: Handling, *, actor, result_class: str, note: str,
    promised_until: date | None = None, seen: int | None = None,
) -> Suggestion:  # fmt: skip
    """更正结果类别 of a letter that is out already, with the reason. One that becomes B without
    having promised anything gets a day until when it is answered again."""
    with moving(
        suggestion, Act.CORRECT_CLASS, actor=actor, share=share, note=note, seen=seen
    ) as move:
        if result_class == move.own.reply.result_class:
            raise RuleViolation("类别没有变化。")
        _classify(move, result_class)
        move.own.reply.save()
        promise = _promise_anew(move, promised_until)
        if promise is not None:
            start_promise(move.own, promise.due_on, began="更正为 B 类", on=move.on)
    return move.suggestion


def _promise_anew(move: Move, until: date | None) -> Promise | None:
    """The promise of a letter that has just become B; None where none had to be made."""
    reply = move.own.reply
    if reply.result_class != ResultClass.PLANNED or Promise.objects.filter(reply=reply).exists():
        return None
    if until is None or until <= move.on:
        raise RuleViolation("更正为 B 类的，请填写承诺办结的日期（今天之后），到时要再答复代表。")
    return Promise.objects.create(reply=reply, words=move.note, due_on=until)


def _classify(move: Move, result_class: str) -> None:
    reply = move.own.reply
    if result_class not in ResultClass.values:
        raise RuleViolation("请选择结果类别。")
    move.say(更正类别=f"{reply.result_class} → {result_class}")
    reply.result_class = result_class
    words = ClassWording.objects.valid_on(timezone.localdate())
    reply.class_words = words.get(result_class, "")
    if result_class not in ResultClass.promising():
        Promise.objects.filter(reply=reply, answered_on=None).delete()
        Deadline.objects.open().filter(handling=move.own, limit="promise").update(ended_on=move.on)


@transaction.atomic
def rate_reply(
    suggestion: Suggestion, share: Handling, *, actor, attitude: str, outcome: str,
    comment: str = "", on: date | None = None, seen: int | None = None,
) -> Suggestion:  # fmt: skip
    """评价 of work and result, by the lead or by the office from the deputy's paper. Not satisfied
    with the result, the next round begins; otherwise, when all are rated, it is closed."""
    with moving(suggestion, Act.RATE, actor=actor, share=share, on=on, seen=seen) as move:
        said = (Satisfaction.SATISFIED, Satisfaction.MOSTLY, Satisfaction.UNSATISFIED)
        if attitude not in said or outcome not in said:
            raise RuleViolation("请对办理工作和办理结果分别作出评价。")
        if outcome == Satisfaction.UNSATISFIED and not comment.strip():
            raise RuleViolation("对结果不满意，请写明哪里不满意，承办单位好重新办理。")
        own = rules.is_lead(actor, move.suggestion)
        _rate(move, attitude, outcome, comment, Source.SELF if own else Source.PAPER)
    return after_rating(move.suggestion)


@transaction.atomic
def lapse_rating(suggestion: Suggestion, share: Handling, *, actor=SYSTEM) -> Suggestion:
    """逾期未评: the deputy's time is over; silence is 未评价 and never 满意."""
    with moving(suggestion, Act.LAPSE, actor=actor, share=share) as move:
        _rate(move, Satisfaction.UNRATED, Satisfaction.UNRATED, "", Source.LAPSED)
    return after_rating(move.suggestion)


def lapse_overdue_ratings(today: date) -> int:
    """Every rating whose time is over, each by itself; what somebody rates meanwhile stays."""
    clocks = Deadline.objects.overdue(today).filter(limit="rate")
    count = 0
    for clock in clocks.select_related("suggestion", "handling"):
        try:
            lapse_rating(clock.suggestion, clock.handling)
            count += 1
        except RuleViolation:  # rated, or withdrawn, while this ran
            continue
    return count


def _rate(move: Move, attitude: str, outcome: str, comment: str, source: Source) -> None:
    lapsed = source == Source.LAPSED
    move.own.reply.rating = Rating.objects.create(
        reply=move.own.reply, attitude=attitude, outcome=outcome, comment=comment.strip(),
        rated_on=None if lapsed else move.on, source=source, keyed_by_id=move.actor.pk,
    )  # fmt: skip
    move.say(
        对办理工作=Satisfaction(attitude).label, 对办理结果=Satisfaction(outcome).label,
        意见=comment.strip(), 来源=source.label if source != Source.SELF else "",
    )  # fmt: skip


@transaction.atomic
def redo_suggestion(
    suggestion: Suggestion, *, actor, note: str, units: Sequence[int] = (), seen: int | None = None
) -> Suggestion:
    """重办 by the office: the units (their keys; all that answered, if none are named) handle it
    once more."""
    stored, shares = locked(suggestion)
    chosen = [one for one in rules.answering(shares) if not units or one.unit_id in units]
    return next_round(stored, chosen, actor=actor, note=note, seen=seen)


@transaction.atomic
def follow_up_promise(
    suggestion: Suggestion, share: Handling, *, actor, note: str, result_class: str,
    promised_until: date | None = None, on: date | None = None, seen: int | None = None,
) -> Suggestion:  # fmt: skip
    """续办答复: what was promised is answered again. An answer that promises once more (B, or C
    with a day) keeps the promise open until its new day; refuses a B without one."""
    with moving(
        suggestion, Act.FOLLOW_UP, actor=actor, share=share, note=note, on=on, seen=seen
    ) as move:
        until = _promises_again(result_class, promised_until, move.on)
        promise = Promise.objects.open().get(reply__handling=move.own)
        promise.answer, promise.result_class = move.note, result_class
        move.say(续办后类别=result_class)
        Deadline.objects.open().filter(handling=move.own, limit="promise").update(met_on=move.on)
        if until is None:
            promise.answered_on = move.on
        else:
            move.say(原承诺=chinese_date(promise.due_on), 再承诺=chinese_date(until))
            promise.due_on = until
            start_promise(move.own, until, began="续办时再承诺", on=move.on)
        promise.save()
    return move.suggestion


def _promises_again(result_class: str, until: date | None, on: date) -> date | None:
    """The day of the next answer; None where nothing is promised any more."""
    if result_class not in ResultClass.values:
        raise RuleViolation("请选择结果类别。")
    if result_class not in ResultClass.promising():
        return None
    if until is None and result_class == ResultClass.PLANNED:
        raise RuleViolation("仍属 B 类的，请填写新的承诺办结日期，到时要再答复代表。")
    if until is not None and until <= on:
        raise RuleViolation("新的承诺办结日期应在续办答复日期之后。")
    return until


@transaction.atomic
def archive_suggestion(
    suggestion: Suggestion, *, actor, note: str = "", seen: int | None = None
) -> Suggestion:
    """归档: nothing is left to be done. Refused while a promise is open."""
    with moving(suggestion, Act.ARCHIVE, actor=actor, note=note, seen=seen) as move:
        pass
    return move.suggestion
