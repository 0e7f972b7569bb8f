"""交办单, and 催办单 or 督办单 with its receipt: what the office sends to one unit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from common.sheets.cells import chinese_date
from common.word import Field
from suggestions import rules
from suggestions.choices import Act, Duty, Limit
from suggestions.documents.sheet import (
    Annex,
    Form,
    Part,
    Reader,
    Sheet,
    boxed,
    day_or_blank,
    division_of,
    in_round,
    lead_of,
    matter,
    office_of,
    paragraphs_of,
    when_raised,
)
from suggestions.models import ClassWording, Deadline, Handling, Step

# How a unit is told its part.
_AS = {
    Duty.SOLE: "单独承办", Duty.LEAD: "主办", Duty.SEPARATE: "分别办理并答复", Duty.ASSIST: "协办",
}  # fmt: skip
# The times of a unit, as they stand on its slip.
_TIMES = (
    (Limit.SIGN, "签收"), (Limit.RETURN, "申请退办"), (Limit.ASSIST, "提出协办意见"),
    (Limit.REPLY, "答复"), (Limit.REDO, "重新答复"),
)  # fmt: skip
SHORT = 240  # of the content: so much stands on the slip itself, more is a paper of its own
_NUMBERS = "一二三四五六七八九"


def assign_slip(reader: Reader, part: Part) -> Sheet:
    """交办单 to one unit: the matter, who does what until when, and room to sign for it."""
    share = _share(part)
    row = reader.suggestion
    is_short = len(row.content) <= SHORT
    fields = [
        *matter(reader, Field("交办日期", day_or_blank(share.assigned_on))),
        Field("内容", boxed(row.content) if is_short else "见附件。", wide=True),
        Field("分工", division_of(in_round(reader.shares, share.round)), wide=True),
        *_words_of_the_office(reader, share),
        *_before(reader, share),
        Field("办理期限", "\n".join(_times(share)), wide=True),
        Field("办理要求", "\n".join(_demands(reader, share)), wide=True),
    ]
    signing = [
        Field("签收人盖章", share.clerk if share.signed_on else "", lines=2),
        Field("签收日期", day_or_blank(share.signed_on), lines=2),
    ]
    again = "重新" if share.round > 1 else ""
    return Sheet(
        title=f"代表建议{again}交办单",
        name="交办单",
        of=str(share.unit),
        addressed_to=f"{share.unit}：",
        opening=[f"{when_raised(row)}，{row.deputies_words}代表提出的下列{row.get_kind_display()}，"
                 f"现{again}交你单位{_AS[Duty(share.duty)]}。请按要求办理。"],
        forms=[Form(fields)],
        signed=office_of(row.session),
        signed_on=share.assigned_on,
        after=Form(signing, "签收栏"),
        annex=None if is_short else Annex("附件", row.title, paragraphs_of(row.content)),
    )  # fmt: skip


def _times(share: Handling) -> list[str]:
    """Until when what is to be done, and how that day was found."""
    found = []
    for limit, words in _TIMES:
        clock = rules.clock_of(share, limit)
        if clock is None:
            continue
        first = clock.first_due_on
        before = f"（原定 {chinese_date(first)}）" if first else ""
        how = clock.explanation.removesuffix("。")
        how = f"（{how}）" if how and limit in (Limit.ASSIST, *Limit.answers()) else ""
        found.append(f"{words}：{chinese_date(clock.due_on)}前{before if not how else ''}{how}")
    return found


def _demands(reader: Reader, share: Handling) -> list[str]:
    said = []
    if rules.clock_of(share, Limit.RETURN):
        said.append(
            "不属于你单位职责的，在退办期限内书面申请退办，写明理由和建议改由哪个单位承办；"
            "逾期不再受理，不得自行转办。"
        )
    said += _demands_on_answers(reader, share) if share.answers else _demands_on_help(reader, share)
    return [f"{_NUMBERS[at]}、{words}" for at, words in enumerate(said)]


def _demands_on_answers(reader: Reader, share: Handling) -> list[str]:
    helpers = "、".join(str(one.unit) for one in rules.assisting(share, reader.shares))
    words = ClassWording.objects.valid_on(share.assigned_on or date.max)
    classes = "，".join(f"{code} {said}" for code, said in words.items())
    said = ["办理中与领衔代表面商（走访、座谈、电话、信函），听取意见，并登记面商情况。"]
    if helpers:
        said.append(f"与协办单位{helpers}协商，答复稿经其会签后再报送。")
    said.append(
        "以单位公函答复代表，领衔和附议代表都要答复；答复函右上角标明办理结果类别"
        + (f"（{classes}）" if classes else "")
        + "，经我机关审核后送代表，并征询代表意见。"
    )
    return said


def _demands_on_help(reader: Reader, share: Handling) -> list[str]:
    leads = [one for one in in_round(reader.shares, share.round) if one.duty == Duty.LEAD]
    lead = str(leads[0].unit) if leads else "主办单位"
    return [
        f"在期限内向{lead}提出书面协办意见，不直接答复代表。",
        f"{lead}送来答复稿后，及时会签。",
    ]


def _words_of_the_office(reader: Reader, share: Handling) -> list[Field]:
    """What the office wrote when it handed the matter over."""
    act = Act.ASSIGN if share.round == 1 else Act.REDO
    steps = reader.suggestion.steps.filter(act=act, round=share.round).order_by("-pk")
    note = steps.values_list("note", flat=True).first()
    return [Field("交办意见", note, wide=True)] if note else []


def _before(reader: Reader, share: Handling) -> list[Field]:
    """重办: how the deputy rated the answer of the round before."""
    earlier = [
        one for one in reader.shares
        if one.unit_id == share.unit_id and one.round < share.round and not one.has_left
    ]  # fmt: skip
    reply = getattr(max(earlier, key=lambda one: one.round, default=None), "reply", None)
    rating = getattr(reply, "rating", None)
    if rating is None:
        return []
    said = (
        f"对办理工作：{rating.get_attitude_display()}；"
        f"对办理结果：{rating.get_outcome_display()}。{rating.comment}"
    )
    return [Field("代表评价", said, wide=True)]


def urge_slip(reader: Reader, part: Part) -> Sheet:
    """催办单 or 督办单 of one step to one unit: how late it was that day, and what is demanded."""
    share, step = _share(part), part.step
    if step is None:
        raise LookupError("this paper is about one step")
    row = reader.suggestion
    act = step.get_act_display()
    times = row.steps.filter(act=step.act, round=step.round, pk__lte=step.pk).count()
    often = f"第 {times} 次" if times > 1 else ""
    fields = [
        Field("编号", row.code),
        Field("领衔代表", lead_of(row)),
        Field("标题", row.title, wide=True),
        Field("分工", division_of(in_round(reader.shares, share.round)), wide=True),
        Field("交办日期", day_or_blank(share.assigned_on)),
        Field(f"{act}日期", chinese_date(step.on)),
        Field("期限", "\n".join(_how_late(share, step.on)), wide=True),
        Field(f"{act}要求", _demand(step, share), wide=True, lines=2),
        *([Field("督办领导", row.key_leader, wide=True)] if _is_led(step, row) else []),
    ]
    return Sheet(
        title=f"代表建议{act}单",
        name=f"{act}单",
        of=str(share.unit),
        addressed_to=f"{share.unit}：",
        opening=[f"{row.deputies_words}代表提出、交你单位{_AS[Duty(share.duty)]}的{row.code}"
                 f"{row.get_kind_display()}，{_standing(share, step.on)}现予{often}{act}。"],
        forms=[Form(fields)],
        signed=office_of(row.session),
        signed_on=step.on,
        after=Form(_receipt(), f"{row.code}{act}单回执"),
    )  # fmt: skip


def urged_by(step: Step, shares: Sequence[Handling]) -> list[Handling]:
    """The units to which a slip of this step goes: those that something was due from that day, or
    all of its round when nothing was."""
    had = [
        one for one in shares
        if not one.has_left and one.assigned_on and one.assigned_on <= step.on
        and one.round <= step.round
    ]  # fmt: skip
    latest = {one.unit_id: one for one in sorted(had, key=lambda one: one.round)}
    found = sorted(latest.values(), key=lambda one: (one.position, one.pk))
    return [one for one in found if _running(one, step.on)] or found


def _running(share: Handling, day: date) -> list[Deadline]:
    """The clocks of the unit that ran on a day and had not been met."""
    wanted = [limit for limit, _ in _TIMES if limit != Limit.RETURN]
    return [
        one for one in share.deadlines.all()
        if one.limit in wanted and one.starts_on <= day
        and (one.met_on is None or one.met_on > day)
        and (one.ended_on is None or one.ended_on > day)
    ]  # fmt: skip


def _how_late(share: Handling, day: date) -> list[str]:
    words = dict(_TIMES)
    return [
        f"{words[Limit(one.limit)]}：{chinese_date(one.due_on)}前，{_days_from(one.due_on, day)}"
        for one in _running(share, day)
    ] or ["办理期限见交办单。"]


def _standing(share: Handling, day: date) -> str:
    """What the unit owes: the answer or opinion before the signature."""
    late = {Limit(one.limit): (day - one.due_on).days for one in _running(share, day)}
    for limit, words in _TIMES:
        if limit != Limit.SIGN and late.get(limit, 0) > 0:
            return f"已超过{words}期限 {late[limit]} 天，"
    if late.get(Limit.SIGN, 0) > 0:
        return "至今没有签收，"
    return "至今没有办结，" if late else ""


def _days_from(due_on: date, day: date) -> str:
    days = (due_on - day).days
    if days < 0:
        return f"已超期 {-days} 天。"
    return "当天到期。" if days == 0 else f"还有 {days} 天到期。"


def _demand(step: Step, share: Handling) -> str:
    if step.note:
        return step.note
    what = "答复代表" if share.answers else "向主办单位提出协办意见"
    return f"请抓紧办理，尽快{what}，并将办理进展填入回执报我机关。"


def _is_led(step: Step, suggestion) -> bool:
    return step.act == Act.SUPERVISE and suggestion.is_key and bool(suggestion.key_leader)


def _receipt() -> list[Field]:
    return [
        Field("经办人"),
        Field("联系电话"),
        Field("办理进展", wide=True, lines=3),
        Field("答复时间", lines=2),
        Field("单位盖章", lines=2),
    ]


def _share(part: Part) -> Handling:
    if part.share is None:
        raise LookupError("this paper is about one unit's share")
    return part.share
