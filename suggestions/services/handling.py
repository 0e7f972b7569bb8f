"""办理: what a unit does with its share; the office keys in what a unit does on paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from common.errors import RuleViolation
from common.files import Accepted
from common.sheets.cells import chinese_date
from suggestions import rules
from suggestions.choices import Act, Contact, Part, ResultClass
from suggestions.models import (
    ClassWording,
    Extension,
    FaceToFace,
    Handling,
    Promise,
    Reply,
    Suggestion,
)
from suggestions.services.assigning import check_extension, check_in_time
from suggestions.services.moves import Move, drop_requests, moving


@dataclass(frozen=True)
class Letter:
    """答复函 as the unit has written it; what a B or C promises is answered again."""

    text: str
    result_class: str
    document_no: str = ""
    written_on: date | None = None
    contact: str = ""
    promise: str = ""
    promised_until: date | None = None
    file: Accepted | None = None


@transaction.atomic
def sign_for(
    suggestion: Suggestion, share: Handling, *, actor, clerk: str = "", on: date | None = None,
    seen: int | None = None,
) -> Suggestion:  # fmt: skip
    """签收: the unit has it, and says who sees to it."""
    with moving(suggestion, Act.SIGN, actor=actor, share=share, on=on, seen=seen) as move:
        move.own.signed_on = move.on
        move.own.clerk = clerk.strip() or (str(actor) if rules.is_clerk_of(actor, share) else "")
        move.say(经办人=move.own.clerk)
    return move.suggestion


@transaction.atomic
def ask_to_return(
    suggestion: Suggestion, share: Handling, *, actor, note: str, proposed_unit: str,
    on: date | None = None, seen: int | None = None,
) -> Suggestion:  # fmt: skip
    """申请退办 within its window, with the reason and who should have it: no unit passes an item
    on by itself."""
    if not proposed_unit.strip():
        raise RuleViolation("请填写建议改由哪个单位承办。")
    with moving(
        suggestion, Act.ASK_RETURN, actor=actor, share=share, note=note, on=on, seen=seen
    ) as move:
        move.own.return_reason = move.note
        move.own.proposed_unit = proposed_unit.strip()[:60]
        move.say(建议改由=move.own.proposed_unit)
    return move.suggestion


@transaction.atomic
def ask_for_extension(
    suggestion: Suggestion, share: Handling, *, actor, until: date, note: str,
    on: date | None = None, seen: int | None = None,
) -> Suggestion:  # fmt: skip
    """申请延期, before the day has passed; the office decides."""
    with moving(
        suggestion, Act.ASK_EXTENSION, actor=actor, share=share, note=note, on=on, seen=seen
    ) as move:
        check_in_time(move.own, move.on)
        check_extension(move.own, until)
        Extension.objects.create(handling=move.own, asked_on=move.on, until=until, reason=move.note)
        move.say(申请延至=chinese_date(until))
    return move.suggestion


@transaction.atomic
def record_contact(
    suggestion: Suggestion, share: Handling, *, actor, how: str, on: date, who: str = "",
    said: str = "", seen: int | None = None,
) -> Suggestion:  # fmt: skip
    """面商: the unit met the deputies or spoke with them, before it answers."""
    with moving(suggestion, Act.CONTACT, actor=actor, share=share, seen=seen) as move:
        if on > timezone.localdate():
            raise RuleViolation("面商日期不能在今天之后。")
        begun = max(filter(None, (move.own.assigned_on, move.own.signed_on)), default=on)
        if on < begun:
            raise RuleViolation("面商日期不能早于交办、签收日期。")
        FaceToFace.objects.create(
            handling=move.own, on=on, how=how, who=who.strip()[:200], said=said.strip()
        )
        move.say(日期=chinese_date(on), 方式=Contact(how).label)
        move.say(参加人=who.strip(), 情况=said.strip())
    return move.suggestion


@transaction.atomic
def give_opinion(
    suggestion: Suggestion, share: Handling, *, actor, note: str, on: date | None = None,
    seen: int | None = None,
) -> Suggestion:  # fmt: skip
    """协办意见: to the lead unit, never to the deputy."""
    with moving(
        suggestion, Act.OPINE, actor=actor, share=share, note=note, on=on, seen=seen
    ) as move:
        move.own.opinion, move.own.opined_on = move.note, move.on
    return move.suggestion


@transaction.atomic
def circulate_letter(
    suggestion: Suggestion, share: Handling, letter: Letter, *, actor, on: date | None = None,
    seen: int | None = None,
) -> Suggestion:  # fmt: skip
    """送会签: the letter goes round to the units that assist; sent round again, all sign anew."""
    with moving(suggestion, Act.CIRCULATE, actor=actor, share=share, on=on, seen=seen) as move:
        _write(move, letter)
        move.own.circulated_on = move.on
        for one in rules.assisting(move.own, move.shares):
            if one.state == Part.COUNTERSIGNED and not one.waived:
                one.state = Part.OPINED if one.opined_on else Part.WORKING
                one.countersigned_on = None
                one.save(update_fields=["state", "countersigned_on"])
        move.say(结果类别=letter.result_class)
    return move.suggestion


@transaction.atomic
def countersign(
    suggestion: Suggestion, share: Handling, *, actor, note: str = "", on: date | None = None,
    seen: int | None = None,
) -> Suggestion:  # fmt: skip
    """会签: the assisting unit agrees with the letter of the lead."""
    with moving(
        suggestion, Act.COUNTERSIGN, actor=actor, share=share, note=note, on=on, seen=seen
    ) as move:
        move.own.countersigned_on = move.on
    return move.suggestion


@transaction.atomic
def waive_countersign(
    suggestion: Suggestion, share: Handling, *, actor, note: str, seen: int | None = None
) -> Suggestion:
    """免予会签: the office releases the lead from waiting for this unit."""
    with moving(suggestion, Act.WAIVE, actor=actor, share=share, note=note, seen=seen) as move:
        move.own.countersigned_on, move.own.waived = move.on, True
    return move.suggestion


@transaction.atomic
def send_reply(
    suggestion: Suggestion, share: Handling, letter: Letter | None = None, *, actor,
    on: date | None = None, seen: int | None = None,
) -> Suggestion:  # fmt: skip
    """报送答复 to the office. Where units have signed, what was sent round is what is sent."""
    with moving(suggestion, Act.SEND, actor=actor, share=share, on=on, seen=seen) as move:
        helpers = rules.assisting(move.own, move.shares)
        signed = [one for one in helpers if not one.waived]
        if letter is not None:
            _check_as_signed(move, letter, bool(signed))
            _write(move, letter)
        reply = getattr(move.own, "reply", None)
        if reply is None or (not reply.text and not reply.file):
            raise RuleViolation("请先写好答复。")
        drop_requests(move.own, move.on)
        move.say(答复文号=reply.document_no, 结果类别=reply.result_class)
    return move.suggestion


def _check_as_signed(move: Move, letter: Letter, is_signed: bool) -> None:
    reply = getattr(move.own, "reply", None)
    same = reply is not None and letter.file is None and (
        (reply.text, reply.unit_class, _promised(reply))
        == (letter.text.strip(), letter.result_class, _promises_until(letter))
    )  # fmt: skip
    if is_signed and not same:
        raise RuleViolation("答复的内容、类别或承诺日期与会签时不一样，请重新送会签。")


def _promises_until(letter: Letter) -> date | None:
    return letter.promised_until if letter.result_class in ResultClass.promising() else None


def _promised(reply: Reply) -> date | None:
    promise = Promise.objects.filter(reply=reply).first()
    return promise.due_on if promise else None


def _write(move: Move, letter: Letter) -> None:
    """The letter as it stands now, in the words of today's classes; a file that was handed in
    before stays until another comes."""
    reply = getattr(move.own, "reply", None) or Reply(handling=move.own)
    _check_letter(move.own, letter, move.on, has_file=bool(reply.file))
    words = ClassWording.objects.valid_on(timezone.localdate())
    reply.text, reply.document_no = letter.text.strip(), letter.document_no.strip()[:60]
    reply.result_class = reply.unit_class = letter.result_class
    reply.class_words = words.get(letter.result_class, "")
    reply.contact, reply.written_on = letter.contact.strip()[:80], letter.written_on or move.on
    if letter.file is not None:
        reply.file.save(f"reply{letter.file.ending}", letter.file.content, save=False)
        reply.file_name = letter.file.name
    reply.save()
    move.own.reply = reply
    _put_promise(reply, letter)


def _check_letter(share: Handling, letter: Letter, today: date, *, has_file: bool) -> None:
    if letter.result_class not in ResultClass.values:
        raise RuleViolation("请选择结果类别。")
    if not letter.text.strip() and letter.file is None and not has_file:
        raise RuleViolation("请写答复内容，或上传答复函。")
    _check_written(share, letter.written_on or today, today)
    promises = letter.result_class in ResultClass.promising()
    if letter.result_class == ResultClass.PLANNED and not letter.promised_until:
        raise RuleViolation("B 类答复请写明承诺什么时候办结，到时要再答复代表。")
    if promises and letter.promised_until and letter.promised_until <= today:
        raise RuleViolation("承诺办结的日期应在今天之后。")


def _check_written(share: Handling, on: date, today: date) -> None:
    """A letter is written after the unit has met the deputies, and by the day it is handed in."""
    if on > today:
        raise RuleViolation("答复日期不能晚于报送的日期，也不能在今天之后。")
    met = [one.on for one in share.contacts.all()]
    before = [day for day in (share.assigned_on, share.signed_on, *met) if day]
    if before and on < max(before):
        raise RuleViolation("答复日期不能早于交办、签收和面商的日期。")


def _put_promise(reply: Reply, letter: Letter) -> None:
    """A promise stands with its letter until the letter is released."""
    until = _promises_until(letter)
    if until is None:
        Promise.objects.filter(reply=reply).delete()
        return
    Promise.objects.update_or_create(
        reply=reply,
        defaults={"words": letter.promise.strip(), "due_on": until},
    )
