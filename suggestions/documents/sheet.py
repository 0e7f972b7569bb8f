"""What a paper is made of, the same for the printer and for Word, and the words they share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

from common.masking import mask_phone
from common.sheets.cells import chinese_date
from common.word import Field, lines_of
from suggestions import rules
from suggestions.choices import ENDED, Act, Duty, Occasion
from suggestions.models import Handling, Session, Step, Suggestion

# What of the text of a box may run over to the next page.
_LONG = 200


class Form(NamedTuple):
    """A ruled form, with or without a heading of its own."""

    fields: Sequence[Field]
    heading: str = ""

    @property
    def rows(self) -> list[FormRow]:
        return [
            FormRow(line, any(len(box.text) > _LONG for box in line))
            for line in lines_of(self.fields)
        ]


class FormRow(NamedTuple):
    boxes: Sequence[Field]
    is_long: bool


class List(NamedTuple):
    """A ruled table; `name` gives its columns their widths on the page, `widths` (mm) in Word."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]
    heading: str = ""
    left: Sequence[int] = ()  # columns of sentences


class Annex(NamedTuple):
    """附件: a text on a page of its own."""

    label: str
    title: str
    paragraphs: Sequence[str]


@dataclass(frozen=True)
class Sheet:
    """One paper from top to bottom; what is blank is not there."""

    title: str
    name: str  # of its file, with `suggestion` and for whom
    organ: str = ""  # the red head
    number: str = ""  # 发文字号 below it
    corner: str = ""  # top right
    mark: str = ""  # top left: 草稿
    addressed_to: str = ""
    opening: Sequence[str] = ()
    forms: Sequence[Form] = ()
    lists: Sequence[List] = ()
    signed: str = ""
    signed_on: date | None = None
    after: Form | None = None  # a part to be torn off and sent back
    notes: Sequence[str] = ()
    copies: str = ""
    annex: Annex | None = None
    is_paged: bool = False
    of: str = field(default="", kw_only=True)  # for whom, in the name of the file


class Part(NamedTuple):
    """What a paper is about besides the suggestion: a unit's share, a step of the course."""

    share: Handling | None = None
    step: Step | None = None


class Reader:
    """One suggestion as `user` may have it on paper; `shares` as `HandlingQuerySet.for_page`,
    `steps` where they were read before."""

    def __init__(
        self, user, suggestion: Suggestion, shares: Sequence[Handling],
        steps: Sequence[Step] | None = None,
    ):  # fmt: skip
        self.user, self.suggestion, self.shares = user, suggestion, shares
        self._steps = steps

    @property
    def urgings(self) -> list[Step]:
        """Each 催办 and 督办, the first one first."""
        wanted = (Act.URGE, Act.SUPERVISE)
        if self._steps is None:
            return list(self.suggestion.steps.filter(act__in=wanted).order_by("pk"))
        return [one for one in self._steps if one.act in wanted]

    @cached_property
    def is_office(self) -> bool:
        return rules.is_office(self.user, self.suggestion.session)

    @cached_property
    def is_outsider(self) -> bool:
        return rules.is_outsider(self.user, self.suggestion)

    def is_clerk_of(self, share: Handling | None) -> bool:
        return share is not None and rules.is_clerk_of(self.user, share)

    @cached_property
    def phone(self) -> str:
        """Of the lead deputy: whole for the office, the deputy, and a unit that has it in hand."""
        phone = self.suggestion.lead.phone
        in_hand = self.suggestion.state not in ENDED and any(map(self.is_clerk_of, self.shares))
        if self.is_office or in_hand or rules.is_lead(self.user, self.suggestion):
            return phone
        return mask_phone(phone)


def office_of(session: Session) -> str:
    """The office that signs for the congress."""
    if session.area.level == "township":
        return f"{session.area.name}人民代表大会主席团"
    return f"{session.area.name}人大常委会代表工作委员会"


def meeting_of(session: Session) -> str:
    """临溪区第五届人大第四次会议."""
    return session.congress + str(session).partition("届")[2]


def when_raised(suggestion: Suggestion) -> str:
    between = suggestion.occasion == Occasion.BETWEEN
    return f"{meeting_of(suggestion.session)}{'闭会' if between else ''}期间"


def lead_of(suggestion: Suggestion) -> str:
    title = f"（{suggestion.lead_title}）" if suggestion.lead_title else ""
    return suggestion.lead_name + title


def matter(reader: Reader, beside: Field, *, phone: bool = True) -> list[Field]:
    """Which suggestion it is and whose, as the head of a form; `beside` shares the first line."""
    row = reader.suggestion
    signers = "、".join(one.name for one in row.joint)
    return [
        Field("编号", row.code),
        beside,
        Field("届次", when_raised(row), wide=True),
        Field("标题", row.title, wide=True),
        Field("领衔代表", lead_of(row), wide=not phone),
        *([Field("联系电话", reader.phone)] if phone else []),
        *([Field("附议代表", signers, wide=True)] if signers else []),
    ]


def division_of(shares: Iterable[Handling]) -> str:
    """主办：区公安分局；协办：区教育局、区交通运输局."""
    shares = list(shares)
    said = []
    for duty in Duty:
        units = "、".join(str(one.unit) for one in shares if one.duty == duty)
        if units:
            said.append(f"{duty.label}：{units}")
    return "；".join(said)


def in_round(shares: Iterable[Handling], number: int) -> list[Handling]:
    return [one for one in shares if one.round == number and not one.has_left]


def paragraphs_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def boxed(text: str) -> str:
    """Paragraphs in a box of a form, each two characters in."""
    return "\n".join(f"　　{line}" for line in paragraphs_of(text))


def day_or_blank(day: date | None) -> str:
    return chinese_date(day) if day else ""


def file_name(suggestion: Suggestion, sheets: Sequence[Sheet]) -> str:
    """交办单-闭会第001号-区公安分局, without an extension, as every system takes it."""
    first = sheets[0]
    parts = [first.name, suggestion.code, first.of if len(sheets) == 1 else ""]
    return re.sub(r'[\\/:*?"<>|\s]', "", "-".join(filter(None, parts)))
