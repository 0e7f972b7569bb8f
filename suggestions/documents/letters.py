"""答复函 of a unit, and 征询意见表 with which the deputy answers it."""

from __future__ import annotations

import re

from common.word import Field
from suggestions.choices import Duty, Limit, Source
from suggestions.documents.sheet import (
    Form,
    Part,
    Reader,
    Sheet,
    day_or_blank,
    meeting_of,
    office_of,
    paragraphs_of,
)
from suggestions.models import Handling, Reply
from suggestions.rules import clock_of
from visits.choices import Satisfaction

DRAFT = "草　稿"
# A letter that opens like this needs no opening of ours.
_OPENED = ("收悉", "答复如下", "回复如下")
# 石刚代表：, 尊敬的石刚、邵腾绍代表：
_ADDRESS = re.compile(r"(尊敬的)?[^\s：:]{1,40}代表(们|同志)?\s*[：:]")
_SAID = (Satisfaction.SATISFIED, Satisfaction.MOSTLY, Satisfaction.UNSATISFIED)


def text_of(share: Handling) -> str:
    reply = getattr(share, "reply", None)
    return reply.text if reply else ""


def addresses(text: str) -> bool:
    """Whether a letter was written with the line that says to whom: it wants none of ours."""
    lines = text.strip().splitlines()
    return bool(lines) and _ADDRESS.fullmatch(lines[0].strip()) is not None


def is_released(share: Handling) -> bool:
    reply = getattr(share, "reply", None)
    return reply is not None and reply.released_on is not None


def reply_letter(reader: Reader, part: Part) -> Sheet:
    """The letter as the unit wrote it; until it is released it is marked as a draft."""
    share, reply = _answered(part)
    row = reader.suggestion
    again = "再次" if share.round > 1 else ""
    lines, addressed_to = paragraphs_of(reply.text), f"{row.deputies_words}代表："
    if addresses(reply.text):
        addressed_to, *lines = lines
    if not any(words in line for line in lines[:2] for words in _OPENED):
        # 你们 for several
        you = "你们" if row.joint else "您"
        lines.insert(0, f"{you}提出的《{row.title}》（{row.code}）收悉，现{again}答复如下：")
    contact = f"（联系人：{reply.contact}）" if reply.contact else ""
    return Sheet(
        title=f"对{meeting_of(row.session)}{row.code}{row.get_kind_display()}的{again}答复",
        name="答复函" if is_released(share) else "答复函（草稿）",
        of=str(share.unit),
        organ=str(share.unit),
        number=reply.document_no,
        corner=reply.result_class,
        mark="" if is_released(share) else DRAFT,
        addressed_to=addressed_to,
        opening=lines,
        signed=str(share.unit),
        signed_on=reply.written_on,
        notes=[contact] if contact else [],
        copies=f"抄送：{office_of(row.session)}。",
        is_paged=True,
    )


def rating_form(reader: Reader, part: Part) -> Sheet:
    """征询意见表: the facts filled in; after the deputy has rated, what was said as well."""
    share, reply = _answered(part)
    row = reader.suggestion
    rating = getattr(reply, "rating", None)
    clock = clock_of(share, Limit.RATE)
    office = office_of(row.session)
    back = f"请于{day_or_blank(clock.due_on)}前" if clock else "请"
    about = [
        Field("编号", row.code),
        Field("领衔代表", row.lead_name),
        Field("标题", row.title, wide=True),
        Field("承办单位", f"{share.unit}（{Duty(share.duty).label}）", wide=True),
        Field("答复文号", reply.document_no),
        Field("答复日期", day_or_blank(reply.released_on)),
        Field("结果类别", f"{reply.result_class}　{reply.class_words}", wide=True),
    ]
    said = [
        Field("对办理工作", _boxes(rating.attitude if rating else ""), wide=True),
        Field("对办理结果", _boxes(rating.outcome if rating else ""), wide=True),
        Field("意见", rating.comment if rating else "", wide=True, lines=6),
        Field("代表签名", _signed(row.lead_name, rating), lines=2),
        Field("日期", day_or_blank(rating.rated_on) if rating else "", lines=2),
    ]
    return Sheet(
        title="代表建议办理情况征询意见表",
        name="征询意见表",
        of=str(share.unit),
        addressed_to=f"{row.lead_name}代表：",
        opening=[f"{share.unit}对您领衔提出的{row.get_kind_display()}已作答复。请您对办理工作和"
                 f"办理结果分别评价，在方框中打“√”，{back}将本表交{office}。"],
        forms=[Form(about), Form(said, "代表意见")],
        notes=["对办理结果不满意的，请在意见栏写明哪里不满意，由承办单位重新办理。",
               "逾期没有交回的，按“未评价”登记。", *_how_it_came(rating)],
    )  # fmt: skip


def _boxes(given: str) -> str:
    return "　　".join(f"{'☑' if given == one else '□'} {one.label}" for one in _SAID)


def _signed(name: str, rating) -> str:
    """Who rates in the portal has signed by logging in; a paper is signed by hand."""
    return name if rating is not None and rating.source == Source.SELF else ""


def _how_it_came(rating) -> list[str]:
    if rating is None:
        return []
    if rating.source == Source.LAPSED:
        return ["代表逾期没有评价，记为“未评价”。"]
    where = "在系统中" if rating.source == Source.SELF else rating.get_source_display()
    return [f"本表内容为代表{where}所作的评价。" if rating.source == Source.SELF
            else f"本表内容{where}录入。"]  # fmt: skip


def _answered(part: Part) -> tuple[Handling, Reply]:
    if part.share is None:
        raise LookupError("this paper is about one unit's share")
    return part.share, part.share.reply
